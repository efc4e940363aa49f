"""A year of the calendar as tables: months, weeks, days with their marks, and what the marks mean."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from cms.kernel.i18n import gettext as _
from cms.workdays.calendar import ONE_DAY, Day, DayKind, WorkCalendar

_WEEK = 7
MONTHS = 12


@dataclass(frozen=True)
class DayCell:
    """A day of a month table; ``mark`` is one character, ``text`` says the same for screen readers."""

    day: date
    look: str
    mark: str
    text: str
    is_today: bool


@dataclass(frozen=True)
class MonthTable:
    """A month: weeks from Monday to Sunday, with nothing for days of other months, and notes on its marked days."""

    label: str
    weeks: Sequence[Sequence[DayCell | None]]
    notes: Sequence[str]


@dataclass(frozen=True)
class YearTables:
    """A year: its months, and how many days are worked; ``is_estimated`` if nobody has arranged it yet."""

    year: int
    months: Sequence[MonthTable]
    worked: int
    is_estimated: bool


def year_tables(calendar: WorkCalendar, year: int, today: date) -> YearTables:
    """Return ``year`` as tables; a year without a notice is estimated and says so."""
    days = calendar.estimating()
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    looked = [days.look(first + ONE_DAY * step) for step in range((after - first).days)]
    months = [_month([one for one in looked if one.day.month == month], today) for month in range(1, MONTHS + 1)]
    return YearTables(year, months, sum(one.is_worked for one in looked), not calendar.knows(year))


def _month(days: Sequence[Day], today: date) -> MonthTable:
    cells: list[DayCell | None] = [None] * days[0].day.weekday()
    cells += [_cell(one, today) for one in days]
    cells += [None] * (-len(cells) % _WEEK)
    weeks = [cells[start : start + _WEEK] for start in range(0, len(cells), _WEEK)]
    return MonthTable(_("{n}月").format(n=days[0].day.month), weeks, list(notes_on(days)))


def _cell(one: Day, today: date) -> DayCell:
    look = "local" if one.is_local else one.kind.value
    mark = {"holiday": _("休"), "makeup": _("班"), "local": _("地")}.get(look, "")
    return DayCell(one.day, look, mark, _said(one), one.day == today)


def _said(one: Day) -> str:
    """Return what a marked day is, for instance 国庆节调休上班; nothing for plain days."""
    if one.kind is DayKind.MAKEUP:
        return _("{name}调休上班").format(name=one.name)
    if one.kind is DayKind.HOLIDAY:
        return (_("{name}（地方假日）") if one.is_local else _("{name}放假")).format(name=one.name)
    return ""


def notes_on(days: Iterable[Day]) -> Iterator[str]:
    """Yield what stands out, days in a row together: 1日至3日 元旦放假."""
    for said, run in groupby(days, key=_said):
        if said:
            row = list(run)
            first, last = row[0].day, row[-1].day
            text = _("{first}日 {said}") if first == last else _("{first}日至{last}日 {said}")
            yield text.format(first=first.day, last=last.day, said=said)


def spans(days: Mapping[date, str]) -> Iterator[str]:
    """Yield named days, those in a row together: 2026-01-01 至 2026-01-03 元旦."""
    ordered = sorted(days.items())
    # Days in a row have the same difference to their place in the list.
    for (name, _offset), run in groupby(
        enumerate(ordered), key=lambda one: (one[1][1], one[1][0].toordinal() - one[0])
    ):
        row = [day for _place, (day, _name) in run]
        if len(row) == 1:
            yield f"{row[0]} {name}"
        else:
            yield _("{first} 至 {last} {name}（{n} 天）").format(first=row[0], last=row[-1], name=name, n=len(row))
