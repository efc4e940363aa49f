"""The figures of the site, and the records behind each."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from urllib.parse import quote

from flask import Response, request, url_for

from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.desk.lists import Paging, paging
from cms.figures.figure import Figure, ListColumn, Period
from cms.kernel.clock import local_date
from cms.kernel.i18n import gettext as _
from cms.registers.metrics import CHANNELS
from cms.web.login import permission
from cms.web.render import day, moment, render
from cms.web.state import get_cms, read_session

PER_PAGE = 50
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
#: Spreadsheets run what begins like this; an apostrophe makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class FigureRow:
    """A figure with its value for the year."""

    label: str
    code: str
    value: int
    unit: str
    url: str
    help: str


@dataclass(frozen=True, kw_only=True)
class FiguresPage(DeskPage):
    """``/desk/figures``."""

    template: ClassVar[str] = "desk/figures/list.html"
    figures: Sequence[FigureRow]
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
    lead = _("每个数字都能点开，看到它由哪些记录得出。")
    return render(FiguresPage(**desk_values(), title=_("统计指标"), lead=lead, figures=rows, year=year))


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
        writer.writerow([_safe(row.get(column.name), column.name) for column in figure.columns])
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
    return Record([_cell(row.get(column.name), column.name) for column in figure.columns], url)


def _cell(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if name == "type":
        return get_cms().types.label(str(value))
    if name == "channel":
        return dict(CHANNELS).get(str(value), str(value))
    return str(value)


def _safe(value: object, name: str) -> str | int:
    if isinstance(value, int):
        return value
    text = _cell(value, name)
    return f"'{text}" if text.startswith(_FORMULA) else text
