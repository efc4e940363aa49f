"""Back-entry (补录): registers filled from pasted lines or a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, FileField, TextAreaField

from cms.accounts.policy import can, require
from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.sheets.files import MAX_ROWS, ListRow, as_pasted, read_list, read_pasted
from cms.sheets.spec import SheetColumn, SheetSpec
from cms.sheets.taking import BatchInput, ListResult, RowProblem, take_rows
from cms.sheets.template import template_xlsx
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

SHOWN = 50


class SheetForm(DeskForm):
    """A file, or lines copied from a spreadsheet program."""

    file = FileField(_("文件"), description=_("CSV 或 .xlsx，第一行是列名，最多 {n} 行。").format(n=MAX_ROWS))
    lines = TextAreaField(
        _("或粘贴表格"), description=_("从 Excel 或 WPS 复制后粘贴；可以带列名，不带则按下面的列次序。")
    )
    again = BooleanField(_("再次录入"), description=_("同样的内容已经录入过时才需要勾选。"))


@dataclass(frozen=True, kw_only=True)
class SheetsPage(DeskPage):
    """``/desk/sheets``."""

    template: ClassVar[str] = "desk/sheets/list.html"
    sheets: Sequence[SheetSpec]


@dataclass(frozen=True, kw_only=True)
class SheetPage(DeskPage):
    """``/desk/sheets/<code>``."""

    template: ClassVar[str] = "desk/sheets/sheet.html"
    sheet: SheetSpec
    columns: Sequence[SheetColumn]
    form: SheetForm
    problems: Sequence[Problem]
    result: ListResult | None
    wrong: Sequence[RowProblem]
    more: int


@blueprint.get("/sheets")
@permission("desk.open")
def sheets() -> ResponseReturnValue:
    """List the registers that the person may fill."""
    actor = current_actor()
    offered = [one for one in get_cms().contributions.sheets.values() if can(actor, one.permission)]
    return render(SheetsPage(**desk_values(), title=_("补录"), sheets=offered))


@blueprint.route("/sheets/<code>", methods=["GET", "POST"])
@permission("desk.open")
def sheet(code: str) -> ResponseReturnValue:
    """Check or take in a list; with a mistake nothing is kept, and all lines stay on the page."""
    spec, form = _find(code), SheetForm(request.form)
    if request.method == "GET":
        return render(_page(spec, form, [], None))
    checking = "check" in request.form
    try:
        rows = _rows(spec, form)
        with get_cms().unit_of_work() as uow:
            result = take_rows(
                uow, spec, rows, actor=current_actor(), dry=checking, given=BatchInput(is_again=form.again.data)
            )
    except Invalid as refused:
        at = "file" if _upload() else "lines"
        errors = {at if name == "file" else name: lines for name, lines in refused.errors.items()}
        return render(_page(spec, form, show_errors(fields_by_name(form), errors), None)), 422
    if checking or result.problems:
        return render(_page(spec, form, [], result)), 422 if result.problems else 200
    flash(_("已录入 {new} 行；另有 {known} 行早已登记。").format(new=result.new, known=result.known), "success")
    return redirect(url_for("desk.sheet", code=code))


@blueprint.get("/sheets/<code>.xlsx")
@permission("desk.open")
def sheet_template(code: str) -> Response:
    """Give the empty table."""
    content = template_xlsx(read_session(), _find(code))
    response = Response(content, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}.xlsx"'
    return response


def _find(code: str) -> SheetSpec:
    spec = get_cms().contributions.sheets.get(code)
    if spec is None:
        raise NotFound(f"sheet {code}")
    require(current_actor(), spec.permission)
    return spec


def _upload() -> bool:
    upload = request.files.get("file")
    return upload is not None and bool(upload.filename)


def _rows(spec: SheetSpec, form: SheetForm) -> list[ListRow]:
    """Return the rows that were sent; those of a file go into the box, where they can be corrected."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        if not (form.lines.data or "").strip():
            raise Invalid({"lines": [_("请选择文件，或粘贴表格。")]})
        return read_pasted(form.lines.data or "", spec.headings)
    # The numbers of lines are those of the box from now on.
    form.lines.data = as_pasted(read_list(upload.read(), upload.filename))
    return read_pasted(form.lines.data, spec.headings)


def _page(
    spec: SheetSpec, form: SheetForm, problems: Sequence[Problem], result: ListResult | None
) -> SheetPage:  # fmt: skip
    wrong = result.problems if result else []
    return SheetPage(
        **desk_values(), title=_("补录：{label}").format(label=spec.label), lead=spec.lead, sheet=spec, form=form,
        crumbs=[Crumb(_("补录"), url_for("desk.sheets")), Crumb(spec.label)], columns=spec.columns, problems=problems,
        result=result, wrong=wrong[:SHOWN], more=max(0, len(wrong) - SHOWN),
    )  # fmt: skip
