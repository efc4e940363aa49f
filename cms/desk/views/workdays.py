"""工作日历: a year at a glance, and a calculator that explains its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, TypedDict

from flask import request, url_for
from wtforms import Form

from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.desk.year_view import YearTables, year_tables
from cms.kernel.clock import local_date
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.web.editions import edition_on
from cms.web.forms.controls import ChoiceField, DayField, NumberField
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.login import permission
from cms.web.render import render
from cms.web.state import get_cms, read_session
from cms.workdays.calendar import WorkCalendar
from cms.workdays.clocks import Clock, ClockSpec, Deadline, StripDay, Unit, day_strip, deadline
from cms.workdays.notice_text import FIRST_YEAR, LAST_YEAR
from cms.workdays.queries import load_calendar
from cms.workdays.services import MANAGE

_MOST = 400


class Tab(TypedDict):
    """A part of 工作日历, with its own address."""

    label: str
    url: str
    active: bool


class ClockForm(DeskForm):
    """What the calculator is asked."""

    start = DayField(_("起算日期"), description=_("这一天不计入，从下一天起算。"))
    n = NumberField(_("期限"))
    unit = ChoiceField(_("单位"), [(Unit.WORKDAY, _("工作日")), (Unit.DAY, _("自然日"))])


@dataclass(frozen=True, kw_only=True)
class WorkdaysPage(DeskPage):
    """``/desk/workdays``. ``source`` is nothing for a year that nobody has arranged yet."""

    template: ClassVar[str] = "desk/workdays/year.html"
    tabs: Sequence[Tab]
    tables: YearTables
    source: str | None
    earlier: int | None
    later: int | None


@dataclass(frozen=True)
class StatutoryLimit:
    """A limit of the edition in force on the chosen day, counted from it."""

    spec: ClockSpec
    due: Deadline
    url: str


@dataclass(frozen=True, kw_only=True)
class ClockPage(DeskPage):
    """``/desk/workdays/clock``. ``due`` is nothing until something was asked."""

    template: ClassVar[str] = "desk/workdays/clock.html"
    tabs: Sequence[Tab]
    form: Form
    problems: Sequence[Problem]
    due: Deadline | None
    strip: Sequence[StripDay]
    unit: str
    edition: str
    limits: Sequence[StatutoryLimit]


def workdays_tabs(here: str) -> list[Tab]:
    """Return the parts of the page; ``here`` is the endpoint of the present one."""
    parts = (
        ("desk.workdays", _("年历")), ("desk.workdays_clock", _("期限计算")),
        ("desk.workdays_notices", _("放假安排")), ("desk.workdays_local", _("地方假日")),
    )  # fmt: skip
    return [Tab(label=label, url=url_for(endpoint), active=endpoint == here) for endpoint, label in parts]


@blueprint.get("/workdays")
@permission(MANAGE)
def workdays() -> str:
    """Show a year."""
    calendar, today = load_calendar(read_session()), local_date(get_cms().clock.now())
    year = request.args.get("year", today.year, type=int)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        year = today.year
    page = WorkdaysPage(
        **desk_values(), title=_("工作日历"), lead=_("答复、公开等期限按这里的工作日计算。"),
        tabs=workdays_tabs("desk.workdays"), tables=year_tables(calendar, year, today),
        source=calendar.notice(year).source if calendar.knows(year) else None,
        earlier=year - 1 if year > FIRST_YEAR else None, later=year + 1 if year < LAST_YEAR else None,
    )  # fmt: skip
    return render(page)


@blueprint.get("/workdays/clock")
@permission(MANAGE)
def workdays_clock() -> tuple[str, int]:
    """Count a limit and show every day of it."""
    calendar, today = load_calendar(read_session()), local_date(get_cms().clock.now())
    is_asked = "start" in request.args
    form = (
        ClockForm(request.args)
        if is_asked
        else ClockForm(data={"start": today.isoformat(), "n": "20", "unit": Unit.WORKDAY})
    )
    problems: Sequence[Problem] = ()
    clock: Clock | None = None
    try:
        clock = _asked(form)
    except Invalid as refused:
        problems = show_errors(fields_by_name(form), refused.errors)
    limits = _limits(clock.started_on, calendar) if clock else ("", [])
    page = ClockPage(
        **desk_values(), title=_("工作日历"), tabs=workdays_tabs("desk.workdays_clock"), form=form,
        problems=problems, due=deadline(clock, calendar, estimate=True) if clock and is_asked else None,
        strip=day_strip(clock, calendar, estimate=True) if clock and is_asked else (),
        unit=dict(form.unit.choices).get(form.unit.value, ""), edition=limits[0], limits=limits[1],
    )  # fmt: skip
    return render(page), 422 if problems else 200


def _asked(form: ClockForm) -> Clock:
    errors: dict[str, list[str]] = {}
    start, n = date.min, 0
    try:
        start = date.fromisoformat((form.start.data or "").strip())
    except ValueError:
        errors["start"] = [_("请填写日期，例如 2016-03-08。")]
    else:
        if not FIRST_YEAR <= start.year < LAST_YEAR:
            errors["start"] = [_("年份应在 {first} 到 {last} 之间。").format(first=FIRST_YEAR, last=LAST_YEAR - 1)]
    text = (form.n.data or "").strip()
    if text.isdecimal() and len(text) <= len(str(_MOST)):
        n = int(text)
    if not 1 <= n <= _MOST:
        errors["n"] = [_("期限应为 1 到 {n} 的整数。").format(n=_MOST)]
    if form.unit.value not in {*Unit}:
        errors["unit"] = [_("请选择单位。")]
    if errors:
        raise Invalid(errors)
    return Clock(ClockSpec(code="asked", label="", n=n, unit=Unit(form.unit.value)), start)


def _limits(start: date, calendar: WorkCalendar) -> tuple[str, list[StatutoryLimit]]:
    """Return the edition in force on ``start`` and its limits counted from then; nothing before the first edition."""
    try:
        edition = edition_on(start)
    except NotFound:
        return "", []
    limits = [
        StatutoryLimit(
            spec, deadline(Clock(spec, start), calendar, estimate=True),
            url_for("desk.workdays_clock", start=start.isoformat(), n=spec.n, unit=spec.unit.value),
        )
        for spec in edition.clocks.values() if spec.code != "extend"
    ]  # fmt: skip
    return f"{edition.title}（{edition.number}）", limits
