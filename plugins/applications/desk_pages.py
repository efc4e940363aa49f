"""Typed contexts of the plugin's pages in the desk, and what they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, TypedDict

from flask import url_for
from wtforms import Field

from cms.api import FileLine, Page, Paging, Problem, StripDay, get_cms, local_date
from cms.api import gettext as _

from .models import Application
from .states import DONE, State, state_label
from .watching import Alarm, alarm_label

NAME = "applications_desk"
#: State → look of its tag.
_LOOKS = {
    State.SUBMITTED: "draft", State.REGISTERED: "review", State.PROCESSING: "review", State.REVIEW: "approved",
    State.SIGNED: "scheduled", State.ANSWERED: "published", State.CLOSED: "expired", State.ARCHIVED: "expired",
    State.WITHDRAWN: "withdrawn", State.AWAIT_CORRECTION: "scheduled", State.AWAIT_REASON: "scheduled",
    State.AWAIT_FEE: "scheduled", State.CONSULTING: "scheduled",
}  # fmt: skip


class Crumb(TypedDict):
    """A link above the title of a page of the desk."""

    label: str
    url: str


@dataclass(frozen=True)
class Tag:
    """A small label with its look."""

    text: str
    kind: str


def state_tag(application: Application) -> Tag:
    """Return the state as a tag."""
    if application.voided_at is not None:
        return Tag(_("已作废"), "withdrawn")
    return Tag(state_label(application.state), _LOOKS.get(application.state, "returned"))


def alarm_tag(alarm: Alarm | None) -> Tag | None:
    """Return the alarm as a tag, if there is one."""
    if alarm is None:
        return None
    return Tag(alarm_label(alarm), "scheduled" if alarm is Alarm.SOON else "failed")


def today() -> date:
    """Return the present day."""
    return local_date(get_cms().clock.now())


def crumbs(application: Application | None = None) -> list[Crumb]:
    """Return the links above a page: the register and, given one, the application."""
    found: list[Crumb] = [{"label": _("依申请公开"), "url": url_for(f"{NAME}.index")}]
    if application is not None:
        found.append({"label": application.number, "url": show_url(application.id)})
    return found


def show_url(application_id: int) -> str:
    """Return the address of the page of an application."""
    return url_for(f"{NAME}.show", application_id=application_id)


def countdown(application: Application, day: date) -> str:
    """Return in words how long it is until somebody has to act."""
    if application.state in DONE and application.redo_due_on is None:
        return ""
    if application.next_on is None:
        return _("暂停计算") if application.received_on is not None and application.closed_on is None else ""
    left = (application.next_on - day).days
    if left < 0:
        return _("已过 {n} 天").format(n=-left)
    return _("今天到期") if left == 0 else _("还有 {n} 天").format(n=left)


@dataclass(frozen=True)
class Row:
    """An application in the register. The name is masked."""

    number: str
    title: str
    url: str
    name: str
    kind: str
    channel: str
    received_on: date | None
    due_on: date | None
    is_estimated: bool
    countdown: str
    state: Tag
    alarm: Tag | None
    result: str
    is_late_entry: bool


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is limited to; empty does not limit."""

    q: str = ""
    state: str = ""
    year: str = ""
    kind: str = ""
    channel: str = ""
    alarm: bool = False

    @property
    def is_used(self) -> bool:
        """Tell whether anything limits the list."""
        return any((self.q, self.state, self.year, self.kind, self.channel, self.alarm))


@dataclass(frozen=True, kw_only=True)
class IndexPage(Page):
    """``/desk/applications/``: the register."""

    template: ClassVar[str] = "desk/applications/index.html"
    lead: str
    rows: Sequence[Row]
    filters: Filters
    paging: Paging
    tabs: Sequence[Mapping[str, Any]]
    states: Sequence[tuple[str, str]]
    years: Sequence[str]
    kinds: Sequence[tuple[str, str]]
    channels: Sequence[tuple[str, str]]
    may_handle: bool
    waiting: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class StepLink:
    """A step that can be taken."""

    label: str
    url: str
    is_main: bool
    is_grave: bool


@dataclass(frozen=True)
class TimelineStep:
    """A line of the history, as ``ui/timeline.html`` wants it."""

    title: str
    who: str
    at: str
    shown_at: str
    comment: str
    kind: str


@dataclass(frozen=True)
class Fact:
    """A label with its value."""

    label: str
    value: str


@dataclass(frozen=True)
class Part:
    """An inquiry, consultation, fee notice, case: a heading, facts, what can be done with it."""

    title: str
    facts: Sequence[Fact]
    text: str
    links: Sequence[StepLink]
    tag: Tag | None = None


@dataclass(frozen=True)
class FileLink:
    """A file with the address that asks for the reason to open it."""

    line: FileLine
    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ShowPage(Page):
    """``/desk/applications/<id>``: everything about one application, without personal data."""

    template: ClassVar[str] = "desk/applications/show.html"
    crumbs: Sequence[Crumb]
    lead: str
    application: Application
    state: Tag
    alarm: Tag | None
    subject: Sequence[Fact]
    text: str
    people: Sequence[Fact]
    hints: Sequence[Fact]
    earlier: Sequence[tuple[str, str]]
    steps: Sequence[StepLink]
    parts: Sequence[Part]
    answers: Sequence[Part]
    cases: Sequence[Part]
    files: Sequence[FileLink]
    notices: Sequence[StepLink]
    timeline: Sequence[TimelineStep]
    clock: Sequence[Fact]
    strip: Sequence[StripDay]
    links: Mapping[str, str]
    accesses: Sequence[Fact]


@dataclass(frozen=True, kw_only=True)
class StepPage(Page):
    """``/desk/applications/<id>/do/<step>``: the form of a step."""

    template: ClassVar[str] = "desk/applications/step.html"
    crumbs: Sequence[Crumb]
    lead: str
    fields: Sequence[Field]
    hidden: Sequence[Field]
    problems: Sequence[Problem]
    back: str
    is_grave: bool
    facts: Sequence[Fact]
    preview: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class NewPage(Page):
    """``/desk/applications/new``: an application that came on paper or was spoken."""

    template: ClassVar[str] = "desk/applications/new.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: Any
    problems: Sequence[Problem]
    has_agent: bool
    has_others: bool


@dataclass(frozen=True, kw_only=True)
class RevealPage(Page):
    """``/desk/applications/<id>/personal``: asks for the reason, then shows personal data once."""

    template: ClassVar[str] = "desk/applications/reveal.html"
    crumbs: Sequence[Crumb]
    lead: str
    problems: Sequence[Problem]
    groups: Sequence[tuple[str, Sequence[Fact]]]
    what: str
    back: str
