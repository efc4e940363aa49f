"""Public pages of frozen reports: the list of years, the report, and the records behind each public figure."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil

from flask import Blueprint, Response, url_for
from flask import request as http
from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    QUANTITY,
    Content,
    Figure,
    Link,
    NotFound,
    Pager,
    absolute,
    frame,
    get_cms,
    item_path,
    local_date,
    path_of,
    read_session,
    render,
)  # fmt: skip
from cms.api import gettext as _

from .format_file import formats
from .outputs import as_json, as_text
from .pages import Cell, FigurePage, ReportPage, ReportsPage, YearLink, numerals
from .reports import Current, Line, final, final_years, lines_behind, public_codes

PER_PAGE = 100
NAME = "disclosure_report"
_CHANNELS = {"onsite": "现场", "phone": "电话", "web": "网上"}
_GONE = "—"


def make_blueprint() -> Blueprint:
    """Return the routes below ``/reports/``."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/reports")
    blueprint.add_url_rule("/", view_func=reports)
    blueprint.add_url_rule("/<int:year>/", view_func=report)
    blueprint.add_url_rule("/<int:year>/report.txt", view_func=report_text)
    blueprint.add_url_rule("/<int:year>/report.json", view_func=report_json)
    blueprint.add_url_rule("/<int:year>/figures/<code>", view_func=figure)
    return blueprint


def reports() -> str:
    """List the years whose report has been published."""
    here, session = frame(), read_session()
    years = [
        YearLink(year, final(session, formats(), year).report.title, url_for(f"{NAME}.report", year=year))
        for year in final_years(session)
    ]
    title = _("政府信息公开年度报告")
    return render(
        ReportsPage(
            **here.values(), title=title, breadcrumbs=here.breadcrumbs(),
            labels=here.labels(), canonical=absolute("/reports/"), years=years,
        )
    )  # fmt: skip


def report(year: int) -> str:
    """Show the report of a year; its numbers link to the records they count."""
    found, here = _final(year), frame()
    shown = found.report
    codes = public_codes(shown, get_cms().contributions.figures)
    files = [
        (_("文本"), url_for(f"{NAME}.report_text", year=year)),
        ("JSON", url_for(f"{NAME}.report_json", year=year)),
    ]
    return render(
        ReportPage(
            **here.values(), title=shown.title, breadcrumbs=_breadcrumbs(), labels=here.labels(),
            canonical=absolute(f"/reports/{year}/"), report=shown, numerals=numerals(shown), digest=found.digest,
            links={code: url_for(f"{NAME}.figure", year=year, code=code) for code in codes}, files=files,
        )
    )  # fmt: skip


def report_text(year: int) -> Response:
    """Give the report of a year as plain text."""
    return Response(as_text(_final(year).report), mimetype="text/plain")


def report_json(year: int) -> Response:
    """Give the report of a year as JSON."""
    return Response(as_json(_final(year).report), mimetype="application/json")


def figure(year: int, code: str) -> str:
    """List the records behind a figure of a published report.

    :raises NotFound: if the figure is not public.
    """
    found, here, cms = _final(year), frame(), get_cms()
    if code not in public_codes(found.report, cms.contributions.figures):
        raise NotFound(code)
    behind = cms.contributions.figures.require(code)
    number = found.report.figures[code]
    lines = lines_behind(read_session(), behind, year, (found.records or {})[code])
    page, pages = http.args.get("page", 1, type=int), max(1, ceil(len(lines) / PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFound(code)
    part = lines[(page - 1) * PER_PAGE : page * PER_PAGE]
    path = url_for(f"{NAME}.figure", year=year, code=code)
    title = _("{year}年{label}").format(year=year, label=number.label)
    back = Link(found.report.title, url_for(f"{NAME}.report", year=year))
    return render(
        FigurePage(
            **here.values(), title=title, breadcrumbs=[*_breadcrumbs(), back],
            labels=here.labels(), canonical=absolute(f"/reports/{year}/figures/{code}"), year=year,
            label=number.label, value=number.shown, unit=number.unit, is_sum=behind.is_sum,
            headings=[column.label for column in behind.columns if column.public], rows=_rows(behind, part),
            missing=sum(line.row is None for line in lines), back=back.path,
            pager=Pager(page=page, pages=pages, total=len(lines), path=path + "?page={page}"),
        )
    )  # fmt: skip


def _final(year: int) -> Current:
    return final(read_session(), formats(), year)


def _breadcrumbs() -> list[Link]:
    return [*frame().breadcrumbs(), Link(_("政府信息公开年度报告"), path_of("/reports/"))]


def _rows(behind: Figure, lines: list[Line]) -> list[list[Cell]]:
    paths = _item_paths(read_session(), [line.record_id for line in lines]) if not behind.is_sum else {}
    columns = [column.name for column in behind.columns if column.public]
    return [[_cell(name, line, behind, paths) for name in columns] for line in lines]


def _cell(name: str, line: Line, behind: Figure, paths: Mapping[int, str]) -> Cell:
    if name == behind.columns[0].name:
        return Cell(text=str(line.record_id))
    if name == QUANTITY:
        return Cell(text=str(line.quantity))
    if line.row is None:
        return Cell(text=_("（该记录已撤回或更正）") if name == behind.columns[1].name else _GONE)
    return Cell(text=_shown(name, line.row.get(name)), path=paths.get(line.record_id, "") if name == "title" else "")


def _shown(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return local_date(value).isoformat()
    if name == "channel":
        return _(_CHANNELS.get(str(value), str(value)))
    if name == "type":
        kind = get_cms().types.get(str(value))
        return _(kind.label) if kind else str(value)
    return str(value if value is not None else "")


def _item_paths(session: Session, ids: list[int]) -> dict[int, str]:
    here = frame()
    query = select(Content.id, Content.section_id).where(Content.id.in_(ids), here.condition)
    sections = here.sections.by_id
    return {number: path_of(item_path(sections[section].path, number)) for number, section in session.execute(query)}
