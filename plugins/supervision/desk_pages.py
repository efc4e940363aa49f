"""Forms and typed contexts of the plugin's pages in the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypedDict

from flask import url_for
from wtforms import Field, FileField, StringField

from cms.api import ChoiceField, DayField, DeskForm, NumberField, Page, Paging, Problem
from cms.api import gettext as _

from .kinds import REGISTERS, Kind, Register

NAME = "supervision_desk"


class EntryForm(DeskForm):
    """A line; :meth:`fields` says which of the fields a register has."""

    occurred_on = DayField()
    subject = StringField()
    category = ChoiceField("", [])
    quantity = NumberField()
    people = NumberField()
    amount = StringField(_("金额（万元）"), description=_("没有支出填 0。"))
    until = DayField()
    outcome = StringField()
    source = StringField(_("依据"), description=_("台账名称和页码，例如：培训签到册第3页。"))
    note = StringField(_("备注"))
    file = FileField(_("依据附件"))

    def of(self, register: Register) -> "EntryForm":
        """Take the words of ``register``."""
        named = {
            "occurred_on": register.day, "subject": register.subject, "category": register.category,
            "quantity": register.number, "people": register.people, "until": register.until,
            "outcome": register.outcome,
        }  # fmt: skip
        for name, label in named.items():
            self[name].label.text = _(label)
        self.subject.description = _(register.subject_help)
        self.quantity.description = _("没有发生填 0。") if register.number else ""
        self.until.description = _("最后一天；仍在的留空。")
        self.category.choices = (("", _("（请选择）")), *((code, _(label)) for code, label in register.categories))
        return self

    def fields(self, register: Register) -> list[Field]:
        """Return the fields that lines of ``register`` have, in order."""
        has = {
            "category": bool(register.categories), "quantity": bool(register.number), "people": bool(register.people),
            "amount": register.has_amount, "until": register.is_state, "outcome": bool(register.outcome),
        }  # fmt: skip
        return [field for field in self if has.get(field.name, True) and field.name != "csrf_token"]


class EndForm(DeskForm):
    """The last day on which a line was in force."""

    until = DayField(_("最后一天"))
    source = StringField(_("依据"), description=_("例如：人事调动通知。"))


class CounterForm(DeskForm):
    """Why a line is taken back."""

    reason = StringField(_("冲销原因"))


class Crumb(TypedDict):
    """A link above the title of a page of the desk."""

    label: str
    url: str


class Tab(TypedDict):
    """A register with its own address."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class Sum:
    """What a figure of the annual report says for the year, with the address of the records behind it."""

    label: str
    total: str
    unit: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of a register. ``state``: "valid", "countered", "counter" (takes ``other`` back), "end" (ends it)."""

    id: int
    occurred_on: date
    subject: str
    category: str
    numbers: Sequence[tuple[str, str]]
    outcome: str
    source: str
    evidence: str
    note: str
    recorded_by: str
    recorded_on: date
    state: str
    other: int | None
    ended_on: date | None
    end_url: str
    counter_url: str


@dataclass(frozen=True, kw_only=True)
class RegisterPage(Page):
    """``/desk/supervision/<kind>``: a register of a year, and the form of a new line."""

    template: ClassVar[str] = "desk/supervision/register.html"
    lead: str
    register: Register
    tabs: Sequence[Tab]
    fields: Sequence[Field]
    problems: Sequence[Problem]
    headings: Sequence[Mapping[str, object]]
    lines: Sequence[Line]
    sums: Sequence[Sum]
    paging: Paging
    year: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class StepPage(Page):
    """``/desk/supervision/lines/<id>/end`` and ``…/counter``: a line, and what to do with it."""

    template: ClassVar[str] = "desk/supervision/step.html"
    crumbs: Sequence[Crumb]
    line: Line
    fields: Sequence[Field]
    problems: Sequence[Problem]
    explanation: str
    button: str
    is_grave: bool
    back: str


def crumbs(kind: Kind, last: str) -> list[Crumb]:
    """Return the way from a register to a page about one of its lines."""
    register = url_for(f"{NAME}.register", kind=kind.value)
    return [{"label": _(REGISTERS[kind].label), "url": register}, {"label": last, "url": ""}]
