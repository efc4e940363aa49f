"""Public pages behind the numbers of frozen reports: the records that were counted, or the parts that were added up."""

from collections.abc import Mapping
from datetime import date, datetime
from math import ceil

from flask import request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    QUANTITY,
    CellEntry,
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
from .pages import Cell, FigurePage, Part, PartsPage
from .report import Number
from .reports import Current, Line, final, lines_behind, public_codes

PER_PAGE = 100
NAME = "disclosure_report"
_CHANNELS = {"onsite": "现场", "phone": "电话", "web": "网上"}
_GONE = "—"


def figure(year: int, code: str) -> str:
    """Show what stands behind a number of a published report: ``code`` is that of a figure, of a cell, or of a list.

    :raises NotFound: if it is not public.
    """
    found = final(read_session(), formats(), year)
    shown = public_codes(found.report, get_cms().contributions.figures)
    numbers = {number.code: number for number in found.report.numbers() if number.code in shown}
    number = numbers.get(code)
    if number is not None and (number.parts or len(number.lists) > 1):
        return _parts(found, number, shown)
    lists = {name: one for one in numbers.values() for name in one.lists}
    if number is None and code not in lists:
        raise NotFound(code)
    return _list(found, number, number.lists[0] if number else code, code)


def _parts(found: Current, number: Number, shown: frozenset[str]) -> str:
    year, here = found.report.year, frame()
    every = {one.code: one for one in found.report.numbers()}
    if number.parts:
        parts = [
            Part(one.label, one.shown, one.unit, url_for(f"{NAME}.figure", year=year, code=one.code)
                 if one.code in shown else "") for one in (every[code] for code in number.parts)
        ]  # fmt: skip
    else:
        parts = [_part_of_list(found, code) for code in number.lists]
    back = Link(found.report.title, url_for(f"{NAME}.report", year=year))
    return render(
        PartsPage(
            **here.values(), title=_("{year}年{label}").format(year=year, label=number.label),
            breadcrumbs=[*breadcrumbs(), back], labels=here.labels(),
            canonical=absolute(f"/reports/{year}/figures/{number.code}"), value=number.shown, unit=number.unit,
            parts=parts, back=back.path,
        )
    )  # fmt: skip


def _part_of_list(found: Current, code: str) -> Part:
    behind = get_cms().contributions.figures.require(code)
    entries = (found.records or {}).get(code, ())
    path = url_for(f"{NAME}.figure", year=found.report.year, code=code)
    return Part(behind.label, str(_total(entries)), behind.unit, path)


def _total(entries: tuple[CellEntry, ...]) -> int:
    return sum(entry.quantity for entry in entries)


def _list(found: Current, number: Number | None, source: str, code: str) -> str:
    year, here = found.report.year, frame()
    behind = get_cms().contributions.figures.require(source)
    entries = (found.records or {})[source]
    lines = lines_behind(read_session(), behind, year, entries)
    page, pages = request.args.get("page", 1, type=int), max(1, ceil(len(lines) / PER_PAGE))
    if not 1 <= page <= pages:
        raise NotFound(code)
    path, label = url_for(f"{NAME}.figure", year=year, code=code), number.label if number else behind.label
    back = Link(found.report.title, url_for(f"{NAME}.report", year=year))
    return render(
        FigurePage(
            **here.values(), title=_("{year}年{label}").format(year=year, label=label),
            breadcrumbs=[*breadcrumbs(), back], labels=here.labels(),
            canonical=absolute(f"/reports/{year}/figures/{code}"), year=year, label=label,
            value=number.shown if number else str(_total(entries)), unit=number.unit if number else behind.unit,
            list_unit=behind.unit, is_sum=behind.is_sum,
            headings=[column.label for column in behind.columns if column.public],
            rows=_rows(behind, lines[(page - 1) * PER_PAGE : page * PER_PAGE]),
            missing=sum(line.row is None for line in lines), back=back.path,
            pager=Pager(page=page, pages=pages, total=len(lines), path=path + "?page={page}"),
        )
    )  # fmt: skip


def breadcrumbs() -> list[Link]:
    """Return the links above every page of a report."""
    return [*frame().breadcrumbs(), Link(_("政府信息公开年度报告"), path_of("/reports/"))]


def _rows(behind: Figure, lines: list[Line]) -> list[list[Cell]]:
    paths = _item_paths(read_session(), [line.record_id for line in lines]) if _lists_items(behind) else {}
    columns = [column.name for column in behind.columns if column.public]
    return [[_cell(name, line, behind, paths) for name in columns] for line in lines]


def _lists_items(behind: Figure) -> bool:
    """Tell whether the records are items of the site, by the name of their id."""
    return behind.columns[0].name == "content_id"


def _cell(name: str, line: Line, behind: Figure, paths: Mapping[int, str]) -> Cell:
    if name == behind.columns[0].name:
        return Cell(text=str(line.record_id))
    if name == QUANTITY:
        return Cell(text=str(line.quantity))
    if line.row is None:
        return Cell(text=_("（该记录已撤回或更正）") if name == behind.columns[1].name else _GONE)
    text = _shown(name, line.row.get(name), behind)
    return Cell(text=text, path=paths.get(line.record_id, "") if name == "title" else "")


def _shown(name: str, value: object, behind: Figure) -> str:
    if isinstance(value, datetime):
        return local_date(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if name == "type":
        kind = get_cms().types.get(str(value))
        return _(kind.label) if kind else str(value)
    labels = {"channel": _CHANNELS, **behind.value_labels}.get(name, {})
    text = str(value if value is not None else "")
    return _(labels[text]) if text in labels else text


def _item_paths(session: Session, ids: list[int]) -> dict[int, str]:
    here = frame()
    query = select(Content.id, Content.section_id).where(Content.id.in_(ids), here.condition)
    sections = here.sections.by_id
    return {number: path_of(item_path(sections[section].path, number)) for number, section in session.execute(query)}
