"""Typed contexts of the plugin's pages in the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypedDict

from flask import url_for
from wtforms import FileField, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from cms.api import Page
from cms.api import gettext as _

from .manual import Enterable
from .models import AnnualReport, ManualValue, State
from .report import Number, Origin, Report
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

    text = TextAreaField(_("正文"), description=_("每行一段。数字请用右侧的引用代码，不要直接写数。"))
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
    """The list of reports."""

    template: ClassVar[str] = "desk/disclosure_report/years.html"
    lead: str
    years: Sequence[YearLine]
    form: OpenForm


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """How far a report is: numbers that are there, and three kinds of those that need attention."""

    computed: int
    missing: int
    without_evidence: int
    contradictory: int


def readiness(report: Report) -> Readiness:
    """Count what is there and what needs attention."""
    rules = [finding.rule for finding in report.findings]
    by_hand = {number.code: number for number in report.numbers() if number.origin is Origin.MANUAL and number.source}
    return Readiness(
        computed=sum(number.value is not None and number.origin is not Origin.MANUAL for number in report.numbers()),
        missing=rules.count("R01") + rules.count("R02"),
        without_evidence=sum(not number.has_evidence for number in by_hand.values()),
        contradictory=rules.count("R03") + rules.count("R04"),
    )


@dataclass(frozen=True, kw_only=True)
class DeskReportPage(Page):
    """The report of a year. ``enter`` holds the addresses of the forms of values that may be entered, by code."""

    template: ClassVar[str] = "desk/disclosure_report/report.html"
    crumbs: Sequence[Crumb]
    report: Report
    row: AnnualReport | None
    state: str
    state_kind: str
    readiness: Readiness
    links: Mapping[str, str]
    enter: Mapping[str, str]
    origins: Mapping[Origin, str]
    numerals: Sequence[str]


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
    """The form of one chapter, with its preview and the codes that can be used."""

    template: ClassVar[str] = "desk/disclosure_report/chapter.html"
    crumbs: Sequence[Crumb]
    year: int
    code: str
    form: ChapterForm
    preview: Sequence[Sequence[Fragment]]
    numbers: Sequence[Number]


def crumbs(year: int | None = None) -> list[Crumb]:
    """Return the links above a page: the list of reports and, given one, the report of ``year``."""
    found: list[Crumb] = [{"label": _("年度报告"), "url": url_for(f"{NAME}.years")}]
    if year is not None:
        label = _("{year}年度").format(year=year)
        found.append({"label": label, "url": url_for(f"{NAME}.overview", year=year)})
    return found


def origin_labels() -> dict[Origin, str]:
    """Return the Chinese names of where numbers come from."""
    return {
        Origin.COMPUTED: _("系统计算"), Origin.MANUAL: _("人工填报"), Origin.SUM: _("分项合计"),
        Origin.IMPLIED: _("总数为零"),
    }  # fmt: skip
