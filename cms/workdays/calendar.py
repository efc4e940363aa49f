"""The calendar: which days are worked, by the yearly notices of the State Council (国务院办公厅节假日安排通知).

Pure values, no database. A year without a notice is *unknown*: the core raises instead of guessing, and whoever wants
a guess asks for the :class:`EstimatingCalendar`, whose every answer for such a year is marked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from cms.kernel.errors import CmsError
from cms.kernel.i18n import gettext as _

ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_NOTHING: Mapping[date, str] = MappingProxyType({})


class CalendarUnknownError(CmsError):
    """There is no notice for ``year``, so nobody can say which of its days are worked."""

    def __init__(self, year: int) -> None:
        super().__init__(_("还没有 {year} 年的节假日安排，不能计算工作日；请先导入。").format(year=year))
        self.year = year


class DayKind(StrEnum):
    """What a day is."""

    WORKDAY = "workday"
    MAKEUP = "makeup"
    """A Saturday or Sunday on which people work (调休上班)."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """A day off by a notice or by local rule (放假)."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what is known of it; ``name`` is that of its holiday, also on make-up days."""

    day: date
    kind: DayKind
    name: str = ""
    is_local: bool = False
    is_estimated: bool = False

    @property
    def is_worked(self) -> bool:
        """Tell whether the day is a working day (工作日)."""
        return self.kind in {DayKind.WORKDAY, DayKind.MAKEUP}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The holidays and make-up days that the notice for ``year`` arranges, each with the name of its holiday.

    A notice may reach back into the December before, when 元旦 is joined to a weekend.
    """

    year: int
    source: str
    holidays: Mapping[date, str] = field(default_factory=dict)
    workdays: Mapping[date, str] = field(default_factory=dict)

    @cached_property
    def days(self) -> Mapping[date, Day]:
        """Return what the notice says of each day it names; a make-up day wins over a holiday."""
        off = {day: Day(day, DayKind.HOLIDAY, name) for day, name in self.holidays.items()}
        return off | {day: Day(day, DayKind.MAKEUP, name) for day, name in self.workdays.items()}


class Days(Protocol):
    """What clocks count by."""

    def look(self, day: date) -> Day:
        """Return what ``day`` is."""


class WorkCalendar:
    """The calendar of a site. It never guesses: see :class:`CalendarUnknownError`.

    :param local: further days off of the place, for instance of a minority area (放假办法 art. 4).
    """

    def __init__(self, notices: Iterable[Notice], local: Mapping[date, str] = _NOTHING) -> None:
        self._arranged: dict[date, Day] = {}
        self._notices: dict[int, Notice] = {}
        for notice in sorted(notices, key=lambda one: one.year):
            self._notices[notice.year] = notice
            self._arranged |= notice.days
        # What a notice says of a December whose own year is unknown helps nobody.
        self._arranged = {day: one for day, one in self._arranged.items() if day.year in self._notices}
        self._local = {day: Day(day, DayKind.HOLIDAY, name, is_local=True) for day, name in local.items()}
        self._arranged |= self._local

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years whose notice is known, in order."""
        return tuple(self._notices)

    def knows(self, year: int) -> bool:
        """Tell whether there is a notice for ``year``."""
        return year in self._notices

    def notice(self, year: int) -> Notice:
        """Return the notice that stands for ``year``.

        :raises CalendarUnknownError: if there is none.
        """
        if year not in self._notices:
            raise CalendarUnknownError(year)
        return self._notices[year]

    def look(self, day: date) -> Day:
        """Return what ``day`` is.

        :raises CalendarUnknownError: if the notice for its year is missing.
        """
        if day.year not in self._notices:
            raise CalendarUnknownError(day.year)
        return self._arranged.get(day) or plain(day)

    @property
    def arranged(self) -> Mapping[date, Day]:
        """Return the days that are not what their weekday says, or are named, in known and unknown years."""
        return MappingProxyType(self._arranged)

    def local(self, day: date) -> Day | None:
        """Return ``day`` if it is a day off of the place; for unknown years too."""
        return self._local.get(day)

    @property
    def local_days(self) -> Mapping[date, str]:
        """Return the days off of the place with their names."""
        return {day: one.name for day, one in self._local.items()}

    def with_notice(self, notice: Notice) -> "WorkCalendar":
        """Return the calendar in which ``notice`` stands for its year."""
        others = (one for one in self._notices.values() if one.year != notice.year)
        return WorkCalendar([*others, notice], self.local_days)

    def is_workday(self, day: date) -> bool:
        """Tell whether ``day`` is a working day.

        :raises CalendarUnknownError: if the notice for its year is missing.
        """
        return self.look(day).is_worked

    def nth(self, start: date, n: int, excluded: Iterable[tuple[date, date]] = ()) -> date:
        """Return the ``n``-th working day after ``start``, which itself does not count (民法典 art. 201).

        :param excluded: spans ``(from, to]`` that are not counted. :raises ValueError: if ``n`` is below 1.
        :raises CalendarUnknownError: if the count runs into a year without a notice.
        """
        if n < 1:
            raise ValueError(f"the {n}-th working day does not exist; n begins with 1")
        spans, day, count = tuple(excluded), start, 0
        while count < n:
            day += ONE_DAY
            if not any(first < day <= last for first, last in spans) and self.is_workday(day):
                count += 1
        return day

    def count_between(self, after: date, until: date) -> int:
        """Return the number of working days in ``(after, until]``; 0 if ``until`` is not later.

        :raises CalendarUnknownError: if the span touches a year without a notice.
        """
        days = (after + timedelta(days=step) for step in range(1, (until - after).days + 1))
        return sum(self.is_workday(day) for day in days)

    def estimating(self) -> "EstimatingCalendar":
        """Return the calendar that answers for unknown years too, and marks what it guesses."""
        return EstimatingCalendar(self)

    def differs_in(self, other: "WorkCalendar") -> tuple[int, ...]:
        """Return the years in which a count by ``other`` may give another result, or is possible at last."""
        years = {year for year in {*self.years, *other.years} if self.knows(year) != other.knows(year)}
        ours, theirs = self.arranged, other.arranged
        changed = {day for day in ours.keys() | theirs.keys() if _kind(ours, day) is not _kind(theirs, day)}
        return tuple(sorted(years | {day.year for day in changed}))


class EstimatingCalendar:
    """A calendar with guesses for the years that nobody has arranged yet: Monday to Friday without fixed holidays.

    Moving feasts (春节, 清明节, 端午节, 中秋节) and make-up days cannot be guessed, so most estimates are early, which
    is the safe side. It has no other method than :meth:`look`, whose results carry ``is_estimated``: a guess cannot
    get lost on its way.
    """

    def __init__(self, known: WorkCalendar) -> None:
        self._known = known

    def look(self, day: date) -> Day:
        """Return what ``day`` is, or most likely will be."""
        if self._known.knows(day.year):
            return self._known.look(day)
        local = self._known.local(day)
        if local is not None:
            return Day(day, DayKind.HOLIDAY, local.name, is_local=True, is_estimated=True)
        fixed = fixed_holidays(day.year).get((day.month, day.day))
        if fixed:
            return Day(day, DayKind.HOLIDAY, fixed, is_estimated=True)
        return Day(day, plain(day).kind, is_estimated=True)


#: 《全国年节及纪念日放假办法》: the day from which a version is in force → days off with a fixed date, and their names.
_FIXED: tuple[tuple[int, Mapping[tuple[int, int], str]], ...] = (
    (2008, {(1, 1): "元旦", (5, 1): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}),
    (
        2025,  # revised on 2024-11-10: 劳动节 has two days
        {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"},
    ),
)
#: The holidays that every notice arranges.
FESTIVALS = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")


def fixed_holidays(year: int) -> Mapping[tuple[int, int], str]:
    """Return month and day → name of the statutory holidays of ``year`` that fall on the same date each year."""
    return next((days for since, days in reversed(_FIXED) if year >= since), _FIXED[0][1])


def plain(day: date) -> Day:
    """Return what ``day`` is by its weekday alone."""
    return Day(day, DayKind.WEEKEND if day.weekday() >= _SATURDAY else DayKind.WORKDAY)


def _kind(arranged: Mapping[date, Day], day: date) -> DayKind:
    return (arranged.get(day) or plain(day)).kind
