"""Entering a whole table in the desk: a form with a field for each cell, or a block of numbers pasted into one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from cms.api import Invalid, NotFound, Page, current_actor, get_cms, read_session, render_in_desk
from cms.api import gettext as _

from . import manual
from .desk_pages import Crumb, crumbs, current_of, report_url
from .grid import Grid, grid_of
from .pasting import read_pasted
from .report import Layout, Number, Origin, Table
from .table_file import TableSpec

#: Fields of cells are called ``v-CODE``.
PREFIX = "v-"


@dataclass(frozen=True, kw_only=True)
class TableForm:
    """A table as a form.

    :param typed: what stands in the fields, by code; cells without one are sums or not to be entered here.
    :param hints: what the records say, by code. :param problems: by code, and at ``pasted``, ``source``, ``reason``.
    """

    code: str
    title: str
    grid: Grid
    typed: Mapping[str, str]
    hints: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class GridPage(Page):
    """``/desk/report/<year>/grid/<code>``."""

    template: ClassVar[str] = "desk/disclosure_report/grid.html"
    crumbs: Sequence[Crumb]
    lead: str
    year: int
    form: TableForm
    pasted: str
    source: str
    reason: str
    is_contradicted: bool


def enter(year: int, code: str) -> ResponseReturnValue:
    """Enter a table of the report; all of it is saved, or nothing.

    ``action=paste`` fills the fields from the pasted block, for checking; nothing is saved then.
    """
    found = current_of(year)
    spec = spec_of(found.form.tables_of(year), code)
    table = found.report.tables[code]
    known = manual.valid_values(read_session(), year)
    codes = [cell.code for cell in spec.cells() if not cell.parts]
    typed = {one: (known[one].value or "") if one in known else "" for one in codes}
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        typed = typed_values(codes)
        if request.form.get("action") == "paste":
            typed, errors = fill(spec, typed)
        else:
            try:
                count = _save(year, typed)
            except Invalid as error:
                errors = error.errors
            else:
                flash(_("已保存 {n} 项。").format(n=count), "success")
                return redirect(report_url(year, "tables", code))
    numbers = table.cells
    form = TableForm(
        code=code, title=table.title, grid=entry_grid(table), typed=typed, problems=errors,
        hints={one: _hint(numbers[one]) for one in codes if _hint(numbers[one])},
    )  # fmt: skip
    page = GridPage(
        title=_("填报：{label}").format(label=table.title), crumbs=crumbs(year), year=year, form=form,
        lead=_("按行填写，用 Tab 键移到下一格；没有发生的填 0。合计自动得出。"),
        pasted=request.form.get("pasted", "") if errors else "", source=request.form.get("source", ""),
        reason=request.form.get("reason", ""),
        is_contradicted=any(numbers[one].computed is not None for one in codes),
    )  # fmt: skip
    return render_in_desk(page), 422 if errors else 200


def _hint(number: Number) -> str:
    """Return what is reported while nothing is entered: what the records say, or what last year left over."""
    if number.computed is not None:
        return number.computed_shown
    return number.shown if number.value is not None and number.origin is Origin.CARRIED else ""


def _save(year: int, typed: Mapping[str, str]) -> int:
    cms = get_cms()
    found = current_of(year)
    with cms.unit_of_work() as uow:
        return manual.record_grid(
            uow, cms.contributions.figures, found.form, year, typed, source=request.form.get("source", ""),
            reason=request.form.get("reason", ""), actor=current_actor(),
        )  # fmt: skip


def spec_of(specs: Sequence[TableSpec], code: str) -> TableSpec:
    """Return the table of blocks that ``code`` names.

    :raises NotFound: if there is none.
    """
    found = next((spec for spec in specs if spec.code == code and not spec.is_list), None)
    if found is None:
        raise NotFound(code)
    return found


def typed_values(codes: Sequence[str]) -> dict[str, str]:
    """Return what was typed into the fields of ``codes``."""
    return {code: request.form.get(f"{PREFIX}{code}", "").strip() for code in codes}


def fill(
    spec: TableSpec, typed: Mapping[str, str], *, name: str = "pasted"
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the fields with the block pasted into the field ``name``, or as they were with what is wrong with it."""
    try:
        pasted = read_pasted(request.form.get(name, ""), spec)
    except Invalid as error:
        return dict(typed), error.errors
    message = _("已填入 {n} 格，请核对后保存。").format(n=len(pasted.values))
    if pasted.blank:
        message += _("其中 {n} 个空格按 0 填入。").format(n=pasted.blank)
    flash(message, "info")
    return {**typed, **pasted.values}, {}


def entry_grid(table: Table) -> Grid:
    """Return the layout for entering: row by row, also where the table is printed side by side."""
    return grid_of(
        replace(table, layout=Layout.ROWS, corner=table.corner if table.layout is Layout.ROWS else _("类别"))
    )
