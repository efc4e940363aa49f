"""Typed contexts of the plugin's pages, and the addresses in them."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from flask import url_for

from cms.api import Page, Pager, SitePage, render

from .charts import Chart
from .grid import Grid, grid_of
from .outputs import chinese_number
from .report import Report

_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, kw_only=True)
class StandalonePage(Page):
    """The report as one HTML file that needs nothing else."""

    template: ClassVar[str] = "desk/disclosure_report/standalone.html"
    report: Report
    numerals: Sequence[str]
    links: Mapping[str, str]
    grids: Mapping[str, Grid]
    style_sheet: str


def standalone(report: Report) -> StandalonePage:
    """Return the report as a file: without links, because it may be read anywhere, and with its style sheet inside."""
    style = base64.b64encode((_STATIC / "standalone.css").read_bytes()).decode("ascii")
    return StandalonePage(
        title=report.title, report=report, numerals=numerals(report), links={}, grids=grids_of(report),
        style_sheet=f"data:text/css;charset=utf-8;base64,{style}",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ItemBody(Page):
    """The report as the text of an item of the site; drill-down and files are on the report's own pages."""

    template: ClassVar[str] = "desk/disclosure_report/item_body.html"
    report: Report
    numerals: Sequence[str]
    links: Mapping[str, str]
    grids: Mapping[str, Grid]
    path: str


def item_body(report: Report) -> str:
    """Return the report as the text of an item."""
    page = ItemBody(
        title=report.title, report=report, numerals=numerals(report), links={}, grids=grids_of(report),
        path=f"/reports/{report.year}/",
    )  # fmt: skip
    return render(page)


def grids_of(report: Report) -> dict[str, Grid]:
    """Return the layout of each table of blocks, by its code."""
    return {code: grid_of(table) for code, table in report.tables.items() if table.blocks}


def numerals(report: Report) -> list[str]:
    """Return the Chinese numerals of the chapters."""
    return [chinese_number(number) for number in range(1, len(report.chapters) + 1)]


def desk_figure_links(report: Report) -> dict[str, str]:
    """Return the address in the desk of the list behind each counted number, by code.

    A cell that shows a figure has the figure's own link; a sum links to its parts.
    """
    return {
        number.code: url_for("desk.figure_show", code=number.lists[0], year=report.year)
        for number in report.numbers()
        if len(number.lists) == 1
    }  # fmt: skip


@dataclass(frozen=True)
class YearLink:
    """A year with the address and the title of its report."""

    year: int
    title: str
    path: str


@dataclass(frozen=True, kw_only=True)
class ReportsPage(SitePage):
    """``/reports/``."""

    template: ClassVar[str] = "disclosure_report/reports.html"
    years: Sequence[YearLink]


@dataclass(frozen=True)
class FileLink:
    """The report as a file: what people call its kind, its address, and its size in bytes if it has been made."""

    label: str
    path: str
    extension: str
    size: int | None


@dataclass(frozen=True, kw_only=True)
class ReportPage(SitePage):
    """``/reports/<year>/``. ``links`` are the public lists behind figures, by code."""

    template: ClassVar[str] = "disclosure_report/report.html"
    report: Report
    numerals: Sequence[str]
    links: Mapping[str, str]
    grids: Mapping[str, Grid]
    digest: str
    charts: Sequence[Chart]
    files: Sequence[FileLink]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a list of records; ``path`` is set where the record has a public page."""

    text: str
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class FigurePage(SitePage):
    """``/reports/<year>/figures/<code>``: the records behind a number; their sum or number, in ``list_unit``, is it."""

    template: ClassVar[str] = "disclosure_report/figure.html"
    year: int
    label: str
    value: str
    unit: str
    list_unit: str
    is_sum: bool
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    missing: int
    pager: Pager
    back: str


@dataclass(frozen=True)
class Part:
    """A number that another one adds up; ``path`` leads to the records behind it, if citizens may see them."""

    label: str
    value: str
    unit: str
    path: str


@dataclass(frozen=True, kw_only=True)
class PartsPage(SitePage):
    """``/reports/<year>/figures/<code>`` of a sum: what it adds up."""

    template: ClassVar[str] = "disclosure_report/parts_of_sum.html"
    value: str
    unit: str
    parts: Sequence[Part]
    back: str
