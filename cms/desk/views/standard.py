"""标准目录: the rows of 基层政务公开标准目录 with what covers them, their form, and lists of them in and out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.catalogue import standard as services
from cms.catalogue import standard_rows
from cms.catalogue.standard_rows import LEVELS, StandardRow
from cms.catalogue.waiting import covered
from cms.content.models import Content
from cms.desk.blueprint import blueprint
from cms.desk.catalogue_tabs import Tab, catalogue_tabs
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.desk.forms.standard import StandardListForm, StandardRowForm, stored
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.sheets.standard import as_standard_csv, as_standard_json, as_standard_xlsx, take_file
from cms.sheets.taking import RowProblem
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class CoverageLine:
    """A row with its public items: how many, the newest one, and how many are late."""

    row: StandardRow
    url: str
    items: int
    late: int
    last_title: str
    last_url: str
    last_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class StandardPage(DeskPage):
    """``/desk/catalogue/standard``. ``bundled`` are catalogues of the product that could be added."""

    template: ClassVar[str] = "desk/catalogue/standard.html"
    tabs: Sequence[Tab]
    lines: Sequence[CoverageLine]
    uncovered: int
    bundled: Sequence[tuple[str, str]]
    form: StandardListForm
    problems: Sequence[Problem]
    row_problems: Sequence[RowProblem]
    public_url: str


@dataclass(frozen=True, kw_only=True)
class StandardRowPage(DeskPage):
    """The form of one row."""

    template: ClassVar[str] = "desk/catalogue/standard_row.html"
    form: StandardRowForm
    problems: Sequence[Problem]


@blueprint.get("/catalogue/standard")
@permission("catalogue.manage")
def standard() -> str:
    """Show the rows and what covers them."""
    return render(_page(StandardListForm(), [], []))


def _page(form: StandardListForm, problems: Sequence[Problem], row_problems: Sequence[RowProblem]) -> StandardPage:
    session = read_session()
    lines = _lines(session)
    present = {line.row.domain for line in lines}
    return StandardPage(
        **desk_values(), title=_("标准目录"), tabs=catalogue_tabs("desk.standard"), lines=lines, form=form,
        problems=problems, row_problems=row_problems,
        uncovered=sum(not line.items and not line.row.is_retired for line in lines),
        bundled=[(key, label) for key, label in services.BUNDLED.items() if label not in present],
        public_url=url_for("standard.standard") if lines else "",
        lead=_("基层政务公开标准目录：哪些事项要公开，各自已公开到什么程度。"),
    )  # fmt: skip


def _lines(session: Session) -> list[CoverageLine]:
    """Return the rows with what covers them, in three queries."""
    rows = session.scalars(standard_rows.rows(with_retired=True)).all()
    cover = {code: numbers for code, *numbers in session.execute(covered(get_cms().clock.now()))}
    newest = [last for _items, last, _late in cover.values() if last is not None]
    shown = select(Content.id, Content.title, Content.published_at).where(Content.id.in_(newest))
    items = {row.id: row for row in session.execute(shown)} if newest else {}
    lines = []
    for row in rows:
        count, last, late = cover.get(row.code, (0, None, 0))
        item = items.get(last)
        lines.append(
            CoverageLine(
                row=row, url=url_for("desk.standard_edit", row_id=row.id), items=int(count or 0), late=int(late or 0),
                last_title=item.title if item else "", last_at=item.published_at if item else None,
                last_url=url_for("desk.content_show", content_id=item.id) if item else "",
            )
        )  # fmt: skip
    return lines


@blueprint.post("/catalogue/standard/import")
@permission("catalogue.manage")
def standard_import() -> ResponseReturnValue:
    """Take in a list of rows: all of them, or none and what is wrong with each line."""
    form, file = StandardListForm(request.form), request.files.get("file")
    name, content = (file.filename or "", file.read()) if file else ("", b"")
    try:
        with get_cms().unit_of_work() as uow:
            result = take_file(uow, content, name, actor=current_actor())
    except Invalid as refused:
        return render(_page(form, show_errors(fields_by_name(form), refused.errors), [])), 422
    if result.problems:
        return render(_page(form, [], result.problems)), 422
    flash(_("已导入：新增或更新 {n} 项，{m} 项没有变化。").format(n=result.new, m=result.known), "success")
    return redirect(url_for("desk.standard"))


@blueprint.post("/catalogue/standard/bundled")
@permission("catalogue.manage")
def standard_bundled() -> ResponseReturnValue:
    """Add the rows of a catalogue that comes with the product."""
    try:
        with get_cms().unit_of_work() as uow:
            added = services.add_bundled(uow, request.form.get("key", ""), actor=current_actor())
    except Invalid as refused:
        return render(_page(StandardListForm(), show_errors({}, refused.errors), [])), 422
    flash(_("已载入 {n} 个事项，请按本地公布的目录核对公开主体、依据、渠道和层级。").format(n=added), "success")
    return redirect(url_for("desk.standard"))


@blueprint.get("/catalogue/standard/export.<kind>")
@permission("catalogue.manage")
def standard_export(kind: str) -> Response:
    """Give the rows as ``xlsx``, ``csv`` or ``json``; an import reads each of them."""
    rows = read_session().scalars(standard_rows.rows()).all()
    if kind == "xlsx":
        content, media_type = as_standard_xlsx(rows), _XLSX
    elif kind == "csv":
        # The mark lets Excel read it as UTF-8.
        content, media_type = as_standard_csv(rows).encode("utf-8-sig"), "text/csv"
    elif kind == "json":
        content, media_type = as_standard_json(rows).encode(), "application/json"
    else:
        raise NotFound(kind)
    response = Response(content, mimetype=media_type)
    name = quote(_("基层政务公开标准目录") + f".{kind}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@blueprint.route("/catalogue/standard/new", methods=["GET", "POST"])
@permission("catalogue.manage")
def standard_new() -> ResponseReturnValue:
    """Add a row."""
    last = read_session().scalars(standard_rows.rows(with_retired=True)).all()
    domain = last[-1].domain if last else ""
    serial = max((row.serial for row in last if row.domain == domain), default=0) + 1
    form = StandardRowForm.from_request(
        domain=domain, serial=str(serial), is_for_all=True, is_active=True, levels=[LEVELS[0]], channels=["政府网站"]
    )
    return _edit(form, None)


@blueprint.route("/catalogue/standard/<int:row_id>", methods=["GET", "POST"])
@permission("catalogue.manage")
def standard_edit(row_id: int) -> ResponseReturnValue:
    """Change a row."""
    row = read_session().get(StandardRow, row_id)
    if row is None:
        raise NotFound(f"standard row {row_id}")
    return _edit(StandardRowForm.from_request(**stored(row)), row)


def _edit(form: StandardRowForm, row: StandardRow | None) -> ResponseReturnValue:
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                own = uow.session.get_one(StandardRow, row.id) if row else None
                services.save_row(uow, own, form.given, actor=current_actor())
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(_("事项已保存。"), "success")
            return redirect(url_for("desk.standard"))
    title = _("事项：{label}").format(label=row.label) if row else _("新建事项")
    page = StandardRowPage(
        **desk_values(), title=title, crumbs=[Crumb(_("标准目录"), url_for("desk.standard")), Crumb(title)],
        form=form, problems=problems,
    )  # fmt: skip
    return render(page), 422 if problems else 200
