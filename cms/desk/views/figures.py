"""The figures of the site, and the records behind each."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import quote

from flask import Response, request, url_for
from sqlalchemy.orm import Session

from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.figures.crosstab import Crosstab
from cms.figures.figure import Figure, ListColumn, Period
from cms.kernel.clock import local_date
from cms.kernel.i18n import gettext as _
from cms.kernel.text import inert
from cms.registers.metrics import CHANNELS
from cms.web.lists import Paging, paging
from cms.web.login import permission
from cms.web.render import day, moment, render
from cms.web.state import get_cms, read_session

PER_PAGE = 50
_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class FigureRow:
    """A figure with its value for the year."""

    label: str
    code: str
    value: int
    unit: str
    url: str
    help: str


@dataclass(frozen=True)
class CellLink:
    """A number of a cross table with the address of the list behind it."""

    value: int
    url: str


@dataclass(frozen=True)
class CrosstabView:
    """A cross table with its numbers for the year: headings, and the label of each row with its cells."""

    label: str
    code: str
    unit: str
    url: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[CellLink]]]


@dataclass(frozen=True, kw_only=True)
class FiguresPage(DeskPage):
    """``/desk/figures``."""

    template: ClassVar[str] = "desk/figures/list.html"
    figures: Sequence[FigureRow]
    crosstabs: Sequence[CrosstabView]
    year: int


@dataclass(frozen=True)
class Record:
    """A record behind a figure: its cells, and the address of its page if it has one."""

    cells: Sequence[str]
    url: str


@dataclass(frozen=True, kw_only=True)
class FigurePage(DeskPage):
    """``/desk/figures/<code>``. ``total`` repeats the value under the column that is added up."""

    template: ClassVar[str] = "desk/figures/show.html"
    code: str
    value: int
    unit: str
    help: str
    year: int
    columns: Sequence[ListColumn]
    records: Sequence[Record]
    sum_column: int | None
    paging: Paging


@blueprint.get("/figures")
@permission("figures.view")
def figures() -> str:
    """List all figures with their values for a year."""
    session, year = read_session(), _year()
    rows = [
        FigureRow(
            one.label, one.code, one.value(session, Period.year(year)), one.unit,
            url_for("desk.figure_show", code=one.code, year=year), one.help,
        )
        for one in get_cms().contributions.figures
    ]  # fmt: skip
    crosstabs = [_crosstab(one, session, year) for one in get_cms().contributions.figures.crosstabs()]
    page = FiguresPage(
        **desk_values(), title=_("统计指标"), figures=rows, crosstabs=crosstabs, year=year,
        lead=_("每个数字都能点开，看到它由哪些记录得出。"),
    )  # fmt: skip
    return render(page)


def _crosstab(crosstab: Crosstab, session: Session, year: int) -> CrosstabView:
    def url(*parts: str) -> str:
        return url_for("desk.figure_show", code=".".join((crosstab.code, *parts)), year=year)

    values = crosstab.values(session, Period.year(year))
    rows = [
        (label, [CellLink(values[row, column], url(row, column)) for column, _label in crosstab.columns])
        for row, label in crosstab.rows
    ]
    return CrosstabView(
        crosstab.label, crosstab.code, crosstab.unit, url(), [label for _code, label in crosstab.columns], rows
    )  # fmt: skip


@blueprint.get("/figures/<code>")
@permission("figures.view")
def figure_show(code: str) -> str:
    """Show a figure with the records behind it."""
    session, year = read_session(), _year()
    figure, period = get_cms().contributions.figures.require(code), Period.year(year)
    here = paging(figure.size(session, period), PER_PAGE)
    rows = figure.rows(session, period, limit=here.per_page, offset=here.offset)
    names = [column.name for column in figure.columns]
    page = FigurePage(
        **desk_values(), title=figure.label, crumbs=[Crumb(_("统计指标"), _url("desk.figures", year)), Crumb(code)],
        code=code, value=figure.value(session, period), unit=figure.unit, help=figure.help, year=year, paging=here,
        columns=figure.columns, records=[_record(figure, row) for row in rows],
        sum_column=names.index("quantity") if figure.is_sum and "quantity" in names else None,
    )  # fmt: skip
    return render(page)


@blueprint.get("/figures/<code>/rows.csv")
@permission("figures.view")
def figure_rows(code: str) -> Response:
    """Give the records behind a figure as a table that spreadsheets open."""
    figure, year = get_cms().contributions.figures.require(code), _year()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_(column.label) for column in figure.columns])
    for row in figure.rows(read_session(), Period.year(year)):
        writer.writerow([_safe(figure, row.get(column.name), column.name) for column in figure.columns])
    # The mark lets Excel read it as UTF-8.
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    name = quote(f"{figure.label}-{year}.csv")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _url(endpoint: str, year: int) -> str:
    return url_for(endpoint, year=year)


def _year() -> int:
    """Return the year that is asked for, else the present one."""
    year = request.args.get("year", 0, type=int)
    return year if _FIRST_YEAR <= year <= _LAST_YEAR else local_date(get_cms().clock.now()).year


def _record(figure: Figure, row: Mapping[str, object]) -> Record:
    number = row.get("content_id")
    url = url_for("desk.content_show", content_id=number) if isinstance(number, int) else ""
    return Record([_cell(figure, row.get(column.name), column.name) for column in figure.columns], url)


def _cell(figure: Figure, value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if name == "type":
        return get_cms().types.label(str(value))
    labels = {"channel": dict(CHANNELS), **figure.value_labels}.get(name, {})
    return _(labels[str(value)]) if str(value) in labels else str(value)


def _safe(figure: Figure, value: object, name: str) -> str | int:
    if isinstance(value, int):
        return value
    return inert(_cell(figure, value, name))
