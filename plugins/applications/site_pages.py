"""Typed contexts of the plugin's public pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from cms.api import Edition, Gate, Link, Problem, SitePage

from .forms import ApplicationForm, ReplyForm, StatusForm
from .office import Office


@dataclass(frozen=True, kw_only=True)
class EntrancePage(SitePage):
    """``/applications/``: how to apply, where, and what happens then."""

    template: ClassVar[str] = "applications/entrance.html"
    office: Office
    edition: Edition
    notice: Sequence[str]
    is_open: bool
    new_path: str
    status_path: str
    form_path: str


@dataclass(frozen=True, kw_only=True)
class ChoicePage(SitePage):
    """``/applications/new``: who applies."""

    template: ClassVar[str] = "applications/choice.html"
    choices: Sequence[Link]


@dataclass(frozen=True, kw_only=True)
class NewPage(SitePage):
    """``/applications/new?kind=…``: the form."""

    template: ClassVar[str] = "applications/new.html"
    form: ApplicationForm
    gate: Gate
    problems: Sequence[Problem]
    is_person: bool
    other: Link
    office: Office
    confirms_at_once: bool
    has_agent: bool
    has_others: bool


@dataclass(frozen=True, kw_only=True)
class ReceiptPage(SitePage):
    """``/applications/receipt``: number and query code, shown for an hour."""

    template: ClassVar[str] = "applications/receipt.html"
    number: str
    code: str
    submitted_on: date
    confirms_at_once: bool
    status_path: str
    files: Sequence[Link]
    office: Office


@dataclass(frozen=True)
class Fact:
    """A line of the state of an application."""

    label: str
    value: str


@dataclass(frozen=True)
class Action:
    """Something that the applicant can do now. ``notice`` is what the organ asked; ``form`` what can be typed."""

    name: str
    label: str
    lead: str
    notice: str = ""
    form: ReplyForm | None = None
    is_grave: bool = False


@dataclass(frozen=True, kw_only=True)
class StatusPage(SitePage):
    """``/applications/status``: the form, or the state of an application; never personal data."""

    template: ClassVar[str] = "applications/status.html"
    form: StatusForm
    problems: Sequence[Problem]
    state: str = ""
    facts: Sequence[Fact] = ()
    actions: Sequence[Action] = ()
    done: str = ""
    office: Office
