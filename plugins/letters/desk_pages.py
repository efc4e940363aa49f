"""Typed contexts of the plugin's pages in the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypedDict

from flask import url_for

from cms.api import Page, Paging, Problem, StripDay
from cms.api import gettext as _

from .clocks import LimitSpec
from .desk_forms import ActionForm, LimitForm, RegisterForm
from .models import Draft
from .shown import Countdown, Event, LetterLine
from .statistics import Line, Statistics

NAME = "letters_desk"


class Crumb(TypedDict):
    """A link above the title of a page of the desk."""

    label: str
    url: str


class Tab(TypedDict):
    """A view of a list with its own address."""

    label: str
    url: str
    active: bool
    count: int | None


def crumbs(*labels: str) -> list[Crumb]:
    """Return the way from the list of letters to a page."""
    found: list[Crumb] = [{"label": _("信件办理"), "url": url_for(f"{NAME}.index")}]
    return found + [{"label": label, "url": ""} for label in labels]


@dataclass(frozen=True, kw_only=True)
class ListPage(Page):
    """``/desk/letters``: the register with filters."""

    template: ClassVar[str] = "desk/letters/list.html"
    lead: str
    lines: Sequence[LetterLine]
    paging: Paging
    tabs: Sequence[Tab]
    filters: Mapping[str, str]
    is_filtered: bool
    states: Sequence[tuple[str, str]]
    channels: Sequence[tuple[str, str]]
    categories: Sequence[tuple[str, str]]
    topics: Sequence[str]
    offices: Sequence[tuple[str, str]]
    may_register: bool
    import_url: str


@dataclass(frozen=True)
class ActionView:
    """An action that can be taken now: its form, the words on its button, and whether it is the usual next step."""

    name: str
    label: str
    form: ActionForm
    is_next: bool
    is_open: bool
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterPage(Page):
    """``/desk/letters/<id>``. ``writer`` are pairs of label and masked value; ``revealed`` the same in clear."""

    template: ClassVar[str] = "desk/letters/letter.html"
    crumbs: Sequence[Crumb]
    lead: str
    id: int
    version: int
    state: str
    tag_kind: str
    countdown: Countdown
    text: str
    page_url: str
    facts: Sequence[tuple[str, str]]
    writer: Sequence[tuple[str, str]]
    revealed: Mapping[str, str]
    may_reveal: bool
    why: str
    answer: str
    answered: str
    draft: Draft | None
    draft_author: str
    public_url: str
    events: Sequence[Event]
    strip: Sequence[StripDay]
    limit: str
    actions: Sequence[ActionView]
    others: Sequence[LetterLine]
    files: Sequence[tuple[int, str, int]]
    seen_by: Sequence[str]
    hand_over: str
    topics: Sequence[str]
    problems: Sequence[Problem] = ()


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Page):
    """``/desk/letters/new``."""

    template: ClassVar[str] = "desk/letters/register.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: RegisterForm
    problems: Sequence[Problem]
    topics: Sequence[str]
    tallied: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class LimitsPage(Page):
    """``/desk/letters/limits``: the limits in force, those to come, and those that were."""

    template: ClassVar[str] = "desk/letters/limits.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: LimitForm
    problems: Sequence[Problem]
    rows: Sequence["LimitRow"]


@dataclass(frozen=True, kw_only=True)
class LimitRow:
    """A limit as the table shows it; ``state`` is "now", "later" or "past"."""

    channel: str
    category: str
    limit: str
    warn: str
    basis: str
    valid_from: date | None
    state: str


@dataclass(frozen=True)
class SplitRow:
    """A row of the statistics with its label and the address of the list behind it."""

    label: str
    url: str
    numbers: Line


@dataclass(frozen=True, kw_only=True)
class StatisticsPage(Page):
    """``/desk/letter-statistics``."""

    template: ClassVar[str] = "desk/letters/statistics.html"
    lead: str
    first: date
    last: date
    by: str
    across: str
    chosen: Mapping[str, str]
    numbers: Statistics
    satisfied: Sequence[tuple[str, int]]
    rows: Sequence[SplitRow]
    columns: Sequence[tuple[str, str]]
    cells: Mapping[tuple[str, str], int]
    dimensions: Sequence[tuple[str, str]]
    channels: Sequence[tuple[str, str]]
    categories: Sequence[tuple[str, str]]
    topics: Sequence[str]
    links: Mapping[str, str]
    csv_url: str
    problems: Sequence[str]


def limit_words(limit: LimitSpec) -> str:
    """Return a limit in words, for instance 5 个工作日."""
    if limit.n is None:
        return _("不设期限")
    if limit.n == 0:
        return _("当日")
    units = {"WD": _("{n} 个工作日"), "day": _("{n} 日"), "hour": _("{n} 小时")}
    return units[limit.unit.value].format(n=limit.n)
