"""Importing a list of letters in the desk: check first or take in; every mistake by line and column."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, StringField

from cms.api import (
    Cell,
    ChoiceField,
    Invalid,
    Page,
    Problem,
    Sheet,
    Table,
    as_xlsx,
    current_actor,
    get_cms,
    render_in_desk,
    show_errors,
)  # fmt: skip
from cms.api import gettext as _

from .desk_forms import CATEGORIES, CHANNELS, ActionForm
from .desk_pages import NAME, Crumb, crumbs
from .list_files import MAX_ROWS, read_list
from .lists import COLUMNS, REQUIRED, Defaults, ListResult, RowProblem, take_list
from .terms import Category, Channel

SHOWN = 50


class ListForm(ActionForm):
    """A file, and what counts where it says nothing."""

    channel = ChoiceField(_("渠道"), CHANNELS, description=_("表中没有“渠道”列或为空时用这个。"))
    category = ChoiceField(_("诉求类型"), CATEGORIES, description=_("表中没有“诉求类型”列或为空时用这个。"))
    source = StringField(_("依据"), description=_("表中没有“依据”列或为空时用这个，例如：12345平台导出，2016年5月。"))
    file = FileField(_("文件"), description=_("CSV 或 .xlsx，第一行是列名，最多 {n} 行。").format(n=MAX_ROWS))


@dataclass(frozen=True, kw_only=True)
class ImportPage(Page):
    """``/desk/letters/import``."""

    template: ClassVar[str] = "desk/letters/import.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: ListForm
    problems: Sequence[Problem]
    result: ListResult | None
    rows: Sequence[RowProblem]
    more: int
    columns: Sequence[tuple[str, bool]]
    template_url: str


class _TakenBackError(Exception):
    """Ends a unit of work whose rows shall not be kept."""


def take_list_page() -> ResponseReturnValue:
    """Show the form; check or take in what was sent."""
    form = ListForm(request.form) if request.method == "POST" else ListForm(data={"channel": "hotline_12345"})
    problems: Sequence[Problem] = ()
    result: ListResult | None = None
    if request.method == "POST":
        try:
            result = _take(form)
        except Invalid as refused:
            problems = show_errors({field.name: field for field in form}, refused.errors)
        if result is not None and not result.problems and "check" not in request.form:
            flash(_("已导入 {new} 件；另有 {known} 件早已登记。").format(new=result.new, known=result.known), "success")
            return redirect(url_for(f"{NAME}.index"))
    found = result.problems if result else []
    page = ImportPage(
        title=_("导入工单"), crumbs=crumbs(_("导入工单")), form=form, problems=problems, result=result,
        lead=_("12345 工单、上级信箱的信件等，由对方系统导出后整表导入；有一处错误则整表不导入。"), rows=found[:SHOWN],
        more=max(0, len(found) - SHOWN), columns=[(_(label), name in REQUIRED) for name, label in COLUMNS.items()],
        template_url=url_for(f"{NAME}.import_template"),
    )  # fmt: skip
    return render_in_desk(page), 422 if problems or found else 200


def _take(form: ListForm) -> ListResult:
    cms, upload = get_cms(), request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid({"file": [_("请选择文件。")]})
    rows = read_list(upload.read(), upload.filename)
    defaults = Defaults(
        channel=Channel(form.channel.value) if form.channel.value in set(Channel) else Channel.HOTLINE_12345,
        category=Category(form.category.value) if form.category.value in set(Category) else Category.OTHER,
        source=form.source.data or "",
    )  # fmt: skip
    result = ListResult()
    with suppress(_TakenBackError), cms.unit_of_work() as uow:
        result = take_list(uow, cms.keyring, rows, defaults, actor=current_actor())
        _keep_only_if(not result.problems and "check" not in request.form)
    return result


def _keep_only_if(is_wanted: bool) -> None:  # noqa: FBT001 — reads as the sentence it is
    if not is_wanted:
        raise _TakenBackError


def import_template() -> Response:
    """Give an empty list with all headings."""
    head = [Cell(_(label), is_header=True) for label in COLUMNS.values()]
    response = Response(
        as_xlsx([Sheet(_("信件"), Table([head, [Cell("")] * len(head)]))]),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="letters.xlsx"'
    return response
