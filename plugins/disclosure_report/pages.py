"""Typed contexts of the plugin's pages, and the addresses in them."""

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from flask import current_app, url_for

from cms.api import Page, Pager, SitePage, render

from .outputs import as_json, as_text, chinese_number
from .report import Report

_STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, kw_only=True)
class StandalonePage(Page):
    """The report as one HTML file that needs nothing else."""

    template: ClassVar[str] = "desk/disclosure_report/standalone.html"
    report: Report
    numerals: Sequence[str]
    links: Mapping[str, str]
    style_sheet: str


def standalone(report: Report) -> StandalonePage:
    """Return the report as a file: without links, because it may be read anywhere, and with its style sheet inside."""
    style = base64.b64encode((_STATIC / "standalone.css").read_bytes()).decode("ascii")
    return StandalonePage(
        title=report.title, report=report, numerals=numerals(report), links={},
        style_sheet=f"data:text/css;charset=utf-8;base64,{style}",
    )  # fmt: skip


#: Output → what makes it.
OUTPUTS: Mapping[str, Callable[[Report], str]] = {
    "json": as_json,
    "text": as_text,
    "html": lambda report: render(standalone(report)),
}


def numerals(report: Report) -> list[str]:
    """Return the Chinese numerals of the chapters."""
    return [chinese_number(number) for number in range(1, len(report.chapters) + 1)]


def desk_figure_links(report: Report) -> dict[str, str]:
    """Return the address in the desk of the list behind each computed figure, by code.

    A cell that shows a figure has the figure's own link. Without the desk's view there are none.
    """
    if "desk.figure" not in current_app.view_functions:
        return {}
    return {
        code: url_for("desk.figure", code=code, year=report.year)
        for code, number in report.figures.items()
        if number.has_list
    }


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


@dataclass(frozen=True, kw_only=True)
class ReportPage(SitePage):
    """``/reports/<year>/``. ``links`` are the public lists behind figures, by code."""

    template: ClassVar[str] = "disclosure_report/report.html"
    report: Report
    numerals: Sequence[str]
    links: Mapping[str, str]
    digest: str
    files: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a list of records; ``path`` is set where the record has a public page."""

    text: str
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class FigurePage(SitePage):
    """``/reports/<year>/figures/<code>``: the records behind a figure. Their sum or number is ``value``."""

    template: ClassVar[str] = "disclosure_report/figure.html"
    year: int
    label: str
    value: str
    unit: str
    is_sum: bool
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    missing: int
    pager: Pager
    back: str
