"""Typed contexts of the plugin's pages in the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypedDict

from flask import flash, url_for
from wtforms import FileField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from cms.api import Invalid, Page, get_cms, read_session
from cms.api import gettext as _

from .charts import Chart
from .findings_view import FindingsPanel, Segment
from .format_file import formats
from .grid import Grid
from .manual import Enterable
from .models import AnnualReport, ManualValue, State
from .readiness import Countdown, Group, Item, Standing
from .report import Number, Origin, Report
from .reports import Current, current
from .tokens import Fragment

NAME = "disclosure_report_desk"


def state_label(state: State | None) -> str:
    """Return the Chinese name of a state; nothing means that the report has not been opened."""
    labels = {
        State.OPEN: _("编制中"), State.APPROVED: _("已审定"), State.FROZEN: _("已固化"),
        State.SUBMITTED: _("已报送"), State.PUBLISHED: _("已公布"),
    }  # fmt: skip
    return labels[state] if state is not None else _("未建立")


class Crumb(TypedDict):
    """A link above the title of a page of the desk."""

    label: str
    url: str


class Tab(TypedDict):
    """A part of the report of a year, with its own address."""

    label: str
    url: str
    active: bool


class OpenForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """Choosing the year of a new report."""

    year = SelectField(_("年度"), coerce=int)


class ManualForm(Form):  # type: ignore[misc]  # as above
    """Entering a value by hand. The service checks it."""

    value = StringField(_("数值"))
    source = StringField(_("依据"), [InputRequired()], description=_("登记簿名称和页码、文件名称和文号等。"))
    reason = StringField(_("理由"), description=_("填报数与系统计算数不同时必填；两个数都会在报告中显示。"))
    file = FileField(_("依据附件"), description=_("扫描件或照片，可不传。只有登录工作台的人员能查看。"))


class ChapterForm(Form):  # type: ignore[misc]  # as above
    """Editing the text of a chapter."""

    text = TextAreaField(_("正文"), description=_("每行一段。数字请用下面列出的引用代码，不要直接写数。"))
    version = HiddenField()


@dataclass(frozen=True)
class YearLine:
    """A report in the list of years."""

    year: int
    state: str
    format: str
    url: str


@dataclass(frozen=True, kw_only=True)
class YearsPage(Page):
    """The list of reports; ``past`` are years whose published report can be entered, with the address of the form."""

    template: ClassVar[str] = "desk/disclosure_report/years.html"
    lead: str
    years: Sequence[YearLine]
    past: Sequence[tuple[int, str]]
    form: OpenForm


@dataclass(frozen=True)
class StandingFilter:
    """A state by which the numbers of a report can be chosen, with its count."""

    label: str
    count: int
    url: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class DeskReportPage(Page):
    """The report of a year.

    :param enter: addresses of the forms of values that may be entered, by code. :param links: of the lists behind.
    :param counts: of the numbers by their state. :param items: the numbers that the page of readiness shows.
    :param doubts: by table, what nobody could check against the official form.
    :param past_url: where last year's published report is entered, as long as it is not known.
    :param files: label and address of each kind of file.
    :param cell_links: what cells of tables lead to: the form while the report is open, else the list.
    """

    template: ClassVar[str] = "desk/disclosure_report/report.html"
    crumbs: Sequence[Crumb]
    report: Report
    row: AnnualReport | None
    state: str
    state_kind: str
    counts: Mapping[str, int]
    countdown: Countdown
    filters: Sequence[StandingFilter]
    items: Sequence[Item | Group]
    standings: Mapping[Standing, str]
    charts: Sequence[Chart]
    past_url: str
    doubts: Mapping[str, Sequence[str]]
    links: Mapping[str, str]
    enter: Mapping[str, str]
    cell_links: Mapping[str, str]
    grids: Mapping[str, Grid]
    marks: Mapping[Origin, str]
    table_urls: Mapping[str, str]
    origins: Mapping[Origin, str]
    numerals: Sequence[str]
    tab: str
    tabs: Sequence[Tab]
    panel: FindingsPanel
    files: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ManualPage(Page):
    """The form of one value, with everything that was entered before."""

    template: ClassVar[str] = "desk/disclosure_report/manual.html"
    crumbs: Sequence[Crumb]
    lead: str
    year: int
    about: Enterable
    number: Number
    form: ManualForm
    history: Sequence[ManualValue]
    can_withdraw: bool


@dataclass(frozen=True, kw_only=True)
class ChapterPage(Page):
    """The form of one chapter, with its preview and the codes that can be used.

    :param is_edited: somebody has edited it; else its text follows the records. :param draft: shown for comparison.
    """

    template: ClassVar[str] = "desk/disclosure_report/chapter.html"
    crumbs: Sequence[Crumb]
    year: int
    code: str
    form: ChapterForm
    is_edited: bool
    preview: Sequence[Sequence[Fragment]]
    draft: Sequence[Sequence[Fragment]] | None
    numbers: Sequence[Number]
    panel: FindingsPanel
    marks: Sequence[Segment]


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """A line of the page on which all values are entered."""

    code: str
    label: str
    unit: str
    value: str
    source: str
    problems: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class ValuesPage(Page):
    """All values that only people know. ``source`` is the one for lines without their own."""

    template: ClassVar[str] = "desk/disclosure_report/values.html"
    crumbs: Sequence[Crumb]
    lead: str
    year: int
    rows: Sequence[EntryRow]
    source: str


def tab_labels() -> dict[str, str]:
    """Return the parts of the report of a year, in order."""
    return {
        "overview": _("概览"),
        "readiness": _("完备情况"),
        "figures": _("指标"),
        "tables": _("统计表"),
        "texts": _("正文"),
    }


def tabs_of(year: int, chosen: str) -> list[Tab]:
    """Return the links to the parts of the report of ``year``."""
    return [
        {"label": label, "url": report_url(year, name), "active": name == chosen}
        for name, label in tab_labels().items()
    ]


def tab_of(report: Report, code: str) -> str:
    """Return the part of the report in which the number ``code`` stands."""
    return "figures" if code in report.figures else "tables"


def report_url(year: int, tab: str = "overview", anchor: str = "", *, standing: str = "") -> str:
    """Return the address of a part of the report of ``year`` in the desk; ``standing`` chooses numbers by state."""
    # A parameter that is None is left out.
    return url_for(
        f"{NAME}.overview", year=year, tab=tab if tab != "overview" else None, standing=standing or None,
        _anchor=anchor or None,
    )  # fmt: skip


def current_of(year: int) -> Current:
    """Return the report of ``year`` as the present app sees it."""
    return current(read_session(), get_cms().contributions.figures, formats(), year)


def show_errors(form: Form, error: Invalid) -> None:
    """Put the problems at their fields; those of no field become a message above the form."""
    for name, lines in error.errors.items():
        if name in form:
            form[name].errors = [*form[name].errors, *lines]
        else:
            for line in lines:
                flash(line, "error")


def crumbs(year: int | None = None) -> list[Crumb]:
    """Return the links above a page: the list of reports and, given one, the report of ``year``."""
    found: list[Crumb] = [{"label": _("年度报告"), "url": url_for(f"{NAME}.years")}]
    if year is not None:
        found.append({"label": _("{year}年度").format(year=year), "url": report_url(year)})
    return found


def origin_labels() -> dict[Origin, str]:
    """Return the Chinese names of where numbers come from."""
    return {
        Origin.COMPUTED: _("系统计算"), Origin.MANUAL: _("人工填报"), Origin.SUM: _("分项合计"),
        Origin.IMPLIED: _("总数为零"), Origin.CARRIED: _("上年结转"), Origin.COLLECTED: _("下级汇总"),
    }  # fmt: skip


def origin_marks() -> dict[Origin, str]:
    """Return the one-character marks of numbers in tables that did not come from our own records."""
    return {Origin.MANUAL: _("填"), Origin.CARRIED: _("转"), Origin.COLLECTED: _("汇")}
