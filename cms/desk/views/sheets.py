"""Back-entry (补录): a register filled in a grid, from pasted lines or from a file.

Nothing is kept before a person has seen what would come of it and confirmed it.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, FileField, MultipleFileField, StringField, TextAreaField

from cms.accounts.policy import can, require
from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.desk.sheet_grid import MORE, Grid, Offered, lay_out, numbered, rest_rows, settled, typed_rows
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line, printable
from cms.personal.files import FileLine, extensions, stage, staged, unstage
from cms.sheets.files import MAX_ROWS, ListRow, read_list, read_pasted
from cms.sheets.spec import SheetSpec
from cms.sheets.taking import BatchInput, ListResult, check_headings, digest_of, repeated, take_rows
from cms.sheets.template import template_xlsx
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

#: Mistakes that the summary lists; the cells name all.
LISTED = 50


class SheetForm(DeskForm):
    """What is said of the list as a whole, and the ways to put many rows into the grid at once."""

    evidence = StringField(
        _("依据"), description=_("整批的台账名称和页码，例如：来访登记簿第3–9页。各行自己写了依据的，以该行为准。")
    )
    scans = MultipleFileField(
        _("台账扫描件"), description=_("可不传。加密保存，不公开；每次打开都会留下记录。每个不超过 10 MB，最多 6 个。")
    )
    paste = TextAreaField(
        _("粘贴表格"), description=_("从 Excel 或 WPS 复制后粘贴；可以带列名，不带则按表中列的次序。")
    )
    file = FileField(
        _("选择文件"), description=_("CSV 或 .xlsx，第一行是列名，最多 {n} 行。").format(n=MAX_ROWS)
    )  # fmt: skip
    again = BooleanField(_("再次录入"), description=_("同样的内容已经录入过；确实要再录一遍才勾选。"))


@dataclass(frozen=True, kw_only=True)
class SheetsPage(DeskPage):
    """``/desk/sheets``."""

    template: ClassVar[str] = "desk/sheets/list.html"
    sheets: Sequence[SheetSpec]


class Kept(NamedTuple):
    """The batch that was just kept, while other rows are still on the page."""

    batch: int
    new: int


@dataclass(frozen=True, kw_only=True)
class SheetPage(DeskPage):
    """``/desk/sheets/<code>``."""

    template: ClassVar[str] = "desk/sheets/sheet.html"
    sheet: SheetSpec
    form: SheetForm
    problems: Sequence[Problem]
    grid: Grid
    mistakes: Sequence[Problem]
    unlisted: int
    result: ListResult | None
    checked: str
    is_changed: bool
    kept: Kept | None
    follows: str
    origin: str
    form_id: str
    scans: Sequence[FileLine]
    accept: str


@dataclass
class Entry:
    """What is being entered: rows, and how far the person has come."""

    spec: SheetSpec
    form: SheetForm
    form_id: str
    rows: list[ListRow] = field(default_factory=list)
    result: ListResult | None = None
    problems: Sequence[Problem] = ()
    checked: str = ""
    is_changed: bool = False
    kept: Kept | None = None
    follows: str = ""
    origin: str = ""
    size: int = 0

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what is wrong with the list as a whole."""
        self.problems = [*self.problems, *show_errors(fields_by_name(self.form), errors)]


@blueprint.get("/sheets")
@permission("desk.open")
def sheets() -> ResponseReturnValue:
    """List the registers that the person may fill."""
    actor = current_actor()
    offered = [one for one in get_cms().contributions.sheets.values() if can(actor, one.permission)]
    return render(SheetsPage(
        **desk_values(), title=_("补录"), sheets=offered,
        lead=_("把纸质台账或其他系统里的记录补录进来：逐行填写、粘贴表格，或导入文件。"),
    ))  # fmt: skip


@blueprint.route("/sheets/<code>", methods=["GET", "POST"])
@permission("desk.open")
def sheet(code: str) -> ResponseReturnValue:
    """Check what is entered, or keep what was checked; whatever is not kept stays on the page."""
    entry = Entry(find_sheet(code), SheetForm(request.form), _form_id())
    if request.method == "GET":
        return render(_page(entry))
    follows = request.form.get("follows", "")
    entry.follows = follows if re.fullmatch(r"\d{1,9}", follows) else ""
    _keep_scans(entry)
    try:
        _collect(entry)
        if request.form.get("step") != "more" and not entry.problems:
            _check(entry)
    except Invalid as refused:
        entry.refuse(refused.errors)
    result = entry.result
    if result is not None and result.batch is not None and not result.problems:
        flash(_("已录入 {new} 行；另有 {known} 行早已登记。").format(new=result.new, known=result.known), "success")
        return redirect(url_for("desk.sheet_batch", batch_id=result.batch))
    is_wrong = entry.problems or (result is not None and result.problems and entry.kept is None)
    return render(_page(entry)), 422 if is_wrong else 200


@blueprint.get("/sheets/<code>.xlsx")
@permission("desk.open")
def sheet_template(code: str) -> Response:
    """Give the empty table."""
    content = template_xlsx(read_session(), find_sheet(code))
    response = Response(content, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.xlsx"'
    return response


def find_sheet(code: str) -> SheetSpec:
    """Return the sheet that the person may use.

    :raises NotFound: if there is none. :raises NotAllowed: without its permission.
    """
    spec = get_cms().contributions.sheets.get(code)
    if spec is None:
        raise NotFound(f"sheet {code}")
    require(current_actor(), spec.permission)
    return spec


def _form_id() -> str:
    """Return the secret under which the scans of this form wait; one of somebody else is not taken."""
    own = f"sheet-{current_actor().id}-"
    given = request.form.get("form_id", "")
    return given if re.fullmatch(rf"{own}[\w-]{{20,40}}", given) else f"{own}{secrets.token_urlsafe(18)}"


def _keep_scans(entry: Entry) -> None:
    """Stage the scans that came, and let go of those that were taken back."""
    uploads = [upload for upload in request.files.getlist("scans") if upload.filename]
    gone = [int(text) for text in request.form.getlist("unscan") if re.fullmatch(r"\d{1,9}", text)]
    if not uploads and not gone:
        return
    cms = get_cms()
    with cms.unit_of_work() as uow:
        unstage(uow, cms.sealed_files, entry.form_id, gone)
        for upload in uploads:
            try:
                stage(
                    uow, cms.sealed_files, entry.form_id, purpose="evidence", filename=upload.filename or "",
                    content=upload.read(),
                )  # fmt: skip
            except Invalid as refused:
                lines = [f"{upload.filename}：{line}" for line in refused.errors.get("file", ())]
                entry.refuse({"scans": lines})


def _collect(entry: Entry) -> None:
    """Gather the rows of the grid, those that travelled along, and those of a file or of pasted lines."""
    spec, form = entry.spec, entry.form
    form.evidence.data = one_line(form.evidence.data or "")
    typed, entry.origin = typed_rows(spec, request.form), request.form.get("origin", "")[:200]
    entry.size = len({name.split("-")[1] for name in request.form if name.startswith("rows-")})
    entry.size += MORE if request.form.get("step") == "more" else 0
    # Whatever is wrong with the rest, what was typed stays.
    entry.rows = numbered(typed)
    entry.rows = numbered([*typed, *rest_rows(spec, request.form.get("rest", ""))])
    upload, pasted = request.files.get("file"), printable(form.paste.data or "")
    form.paste.data = pasted
    if pasted.strip():
        try:
            added = read_pasted(pasted, spec.headings)
            check_headings(spec, added, form.evidence.data or "")
        except Invalid as refused:
            # The lines stay in their box.
            raise Invalid({"paste": refused.errors.get("file", [str(refused)])}) from refused
        entry.rows = numbered([*entry.rows, *added])
        form.paste.data = ""
    if upload is not None and upload.filename:
        added = read_list(upload.read(), upload.filename)
        check_headings(spec, added, form.evidence.data or "")
        entry.rows, entry.origin = numbered([*entry.rows, *added]), upload.filename[:200]


def _check(entry: Entry) -> None:
    """Say what would come of the rows; keep them if just that was confirmed."""
    if not entry.rows:
        raise Invalid({"": [_("表中还没有内容：请填写、粘贴，或选择文件。")]})
    entry.rows = settled(entry.spec, _offered(entry.spec), entry.rows)
    entry.checked = digest_of([row.cells for row in entry.rows])
    wants = request.form.get("step") == "take"
    is_confirmed = wants and request.form.get("checked") == entry.checked
    entry.is_changed = wants and not is_confirmed
    given = BatchInput(
        evidence=entry.form.evidence.data or "", origin=entry.origin, scans=entry.form_id,
        follows=int(entry.follows) if entry.follows else None, is_partial=True, is_again=bool(entry.form.again.data),
    )  # fmt: skip
    with get_cms().unit_of_work() as uow:
        result = take_rows(uow, entry.spec, entry.rows, actor=current_actor(), given=given, dry=not is_confirmed)
    entry.result = result
    if result.repeats is not None:
        entry.refuse({"again": [repeated()]})
    if result.batch is not None and result.problems:
        entry.kept, entry.follows, entry.checked = Kept(result.batch, result.new), str(result.batch), ""
        entry.rows = [row for row in entry.rows if row.number not in result.taken]


def _offered(spec: SheetSpec) -> Offered:
    return {one.name: one.choices(read_session()) for one in spec.columns if one.choices}


def _page(entry: Entry) -> SheetPage:
    spec, offered = entry.spec, _offered(entry.spec)
    try:
        grid = lay_out(spec, offered, entry.rows, entry.result, size=entry.size)
    except Invalid as refused:
        entry.refuse(refused.errors)
        grid = lay_out(spec, offered, [], None)
    mistakes = [
        Problem(_("第 {n} 行 {label}：{text}").format(n=row.line, label=column.label, text=text), target=cell.name)
        for row in grid.rows for column, cell in zip(grid.columns, row.cells, strict=True) for text in cell.errors
    ] + [
        Problem(_("第 {n} 行：{text}").format(n=row.line, text=text), target=f"{row.name}-head")
        for row in grid.rows for text in row.errors
    ]  # fmt: skip
    # The session of the request may have begun before the scans came.
    with get_cms().reading() as fresh:
        scans = staged(fresh, get_cms().sealed_files, entry.form_id)
    return SheetPage(
        **desk_values(), title=_("补录：{label}").format(label=spec.label), lead=spec.lead, sheet=spec, form=entry.form,
        crumbs=[Crumb(_("补录"), url_for("desk.sheets")), Crumb(spec.label)], problems=entry.problems, grid=grid,
        mistakes=mistakes[:LISTED], unlisted=max(0, len(mistakes) - LISTED), result=entry.result,
        checked=entry.checked, is_changed=entry.is_changed, kept=entry.kept, follows=entry.follows,
        origin=entry.origin, form_id=entry.form_id, scans=scans,
        accept=",".join(extensions()),
    )  # fmt: skip
