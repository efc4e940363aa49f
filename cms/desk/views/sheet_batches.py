"""Batches of back-entry: what was taken in by whom, what proves it, and taking a whole batch back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from wtforms import StringField

from cms.accounts.policy import can
from cms.accounts.queries import names_of
from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.desk.views.sheets import find_sheet
from cms.kernel.errors import Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.personal.files import FileLine, files_of, open_file
from cms.personal.models import Subject
from cms.sheets.batches import Refusal, batches, get_batch, rows_of, undo_batch
from cms.sheets.models import SheetBatch
from cms.sheets.spec import SheetSpec
from cms.sheets.taking import BATCH
from cms.web.files import sealed_response
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.lists import Paging, paging
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

PER_PAGE = 50


class UndoForm(DeskForm):
    """Why a batch is taken back."""

    reason = StringField(_("撤销原因"), description=_("会写进每一条冲销记录，例如：年份填错，整批重录。"))


@dataclass(frozen=True)
class BatchLine:
    """A batch as lists show it."""

    batch: SheetBatch
    label: str
    recorded_by: str
    undone_by: str


@dataclass(frozen=True)
class EntryLine:
    """An entry of a batch: its line in the list, its number in the register, what the register says of it."""

    line: int
    entry_id: int
    text: str


@dataclass(frozen=True, kw_only=True)
class BatchesPage(DeskPage):
    """``/desk/sheets/batches``."""

    template: ClassVar[str] = "desk/sheets/batches.html"
    lines: Sequence[BatchLine]
    paging: Paging
    sheets: Sequence[SheetSpec]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class BatchPage(DeskPage):
    """``/desk/sheets/batches/<id>``."""

    template: ClassVar[str] = "desk/sheets/batch.html"
    line: BatchLine
    sheet: SheetSpec
    scans: Sequence[FileLine]
    entries: Sequence[EntryLine]
    paging: Paging
    form: UndoForm
    problems: Sequence[Problem]
    refusals: Sequence[Refusal]


def _sheets() -> Mapping[str, SheetSpec]:
    """Return the sheets that the person may use, by code."""
    actor = current_actor()
    return {code: one for code, one in get_cms().contributions.sheets.items() if can(actor, one.permission)}


@blueprint.get("/sheets/batches")
@permission("desk.open")
def sheet_batches() -> ResponseReturnValue:
    """List the batches of the registers that the person may fill, the newest first."""
    session, sheets = read_session(), _sheets()
    chosen = request.args.get("sheet", "")
    query = batches([chosen] if chosen in sheets else list(sheets))
    here = paging(session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0, PER_PAGE)
    found = session.scalars(query.limit(here.per_page).offset(here.offset)).all()
    return render(BatchesPage(
        **desk_values(), title=_("补录批次"), lines=_lines(found), paging=here, sheets=list(sheets.values()),
        chosen=chosen, crumbs=[Crumb(_("补录"), url_for("desk.sheets")), Crumb(_("补录批次"))],
    ))  # fmt: skip


@blueprint.route("/sheets/batches/<int:batch_id>", methods=["GET", "POST"])
@permission("desk.open")
def sheet_batch(batch_id: int) -> ResponseReturnValue:
    """Show a batch with its entries; take it back as a whole."""
    spec = find_sheet(get_batch(read_session(), batch_id).sheet)
    form, problems = UndoForm(request.form), list[Problem]()
    refusals: Sequence[Refusal] = ()
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                batch = get_batch(uow.session, batch_id)
                result = undo_batch(uow, spec, batch, actor=current_actor(), reason=form.reason.data or "")
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except NotAllowed as refused:
            problems = [Problem(line) for line in refused.problems]
        else:
            refusals = result.refusals
        if not problems and not refusals:
            flash(
                _("已撤销整批：冲销 {n} 条，另有 {gone} 条此前已撤销。").format(n=result.undone, gone=result.gone),
                "success",
            )
            return redirect(url_for("desk.sheet_batch", batch_id=batch_id))
    return render(_page(batch_id, spec, form, problems, refusals)), 422 if problems or refusals else 200


@blueprint.post("/sheets/batches/<int:batch_id>/scans/<int:file_id>")
@permission("desk.open")
def sheet_scan(batch_id: int, file_id: int) -> Response:
    """Send a scan of the pages; that it was opened is noted."""
    spec, cms = find_sheet(get_batch(read_session(), batch_id).sheet), get_cms()
    with cms.unit_of_work() as uow:
        opened = open_file(
            uow, cms.sealed_files, file_id, subject=Subject(BATCH, batch_id), actor=current_actor(),
            why=_("核对补录依据"), permission=spec.permission,
        )  # fmt: skip
    return sealed_response(opened)


def _page(
    batch_id: int, spec: SheetSpec, form: UndoForm, problems: Sequence[Problem], refusals: Sequence[Refusal]
) -> BatchPage:  # fmt: skip
    session = read_session()
    batch = get_batch(session, batch_id)
    here = paging(batch.new, PER_PAGE)
    rows = session.scalars(rows_of(batch).limit(here.per_page).offset(here.offset)).all()
    texts = spec.describe(session, [row.entry_id for row in rows]) if spec.describe else {}
    return BatchPage(
        **desk_values(), title=_("第 {n} 批").format(n=batch.id), line=_lines([batch])[0], sheet=spec,
        scans=files_of(session, get_cms().sealed_files, Subject(BATCH, batch.id)), paging=here, form=form,
        entries=[EntryLine(row.line, row.entry_id, texts.get(row.entry_id, "")) for row in rows],
        problems=problems, refusals=refusals,
        crumbs=[
            Crumb(_("补录"), url_for("desk.sheets")), Crumb(_("补录批次"), url_for("desk.sheet_batches")),
            Crumb(_("第 {n} 批").format(n=batch.id)),
        ],
    )  # fmt: skip


def _lines(found: Sequence[SheetBatch]) -> list[BatchLine]:
    names = names_of(read_session(), {one.recorded_by_id for one in found} | {one.undone_by_id for one in found})
    sheets = get_cms().contributions.sheets
    return [
        BatchLine(
            one, sheets[one.sheet].label if one.sheet in sheets else one.sheet,
            names.get(one.recorded_by_id or 0, _("系统")),
            names.get(one.undone_by_id or 0, _("系统")) if one.undone_at else "",
        ) for one in found
    ]  # fmt: skip
