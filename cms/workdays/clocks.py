"""Legal clocks: from start, pauses, resets, extension and stop to the day that is due, and why. Pure, no database.

Rules (disclosure-rules g.1): the first day does not count (民法典 art. 201); a limit in working days ends on a working
day; one in natural days that ends on a holiday ends on the day after it (民法典 art. 203). All days are of
Asia/Shanghai.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, NamedTuple

from cms.workdays.calendar import ONE_DAY, Day, DayKind, Days, WorkCalendar


class Unit(StrEnum):
    """What is counted."""

    WORKDAY = "workday"
    """工作日."""
    DAY = "day"
    """自然日."""


@dataclass(frozen=True, kw_only=True)
class ClockSpec:
    """A limit as a rule sets it.

    :param n: how many units. :param starts: what the clock starts with, in words. :param on_lapse: code of what the
        rule attaches to the end of the limit, for instance ``deemed_consent``; empty if nothing.
    :param weekends_move: whether a limit in natural days that ends on a weekend moves too; working days never do.
    :param unverified: whether nobody has found the number in a stored copy of the rule yet.
    """

    #: Unknown keys in the files of the editions are errors.
    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}

    code: str
    label: str
    n: int
    unit: Unit = Unit.WORKDAY
    article: str = ""
    starts: str = ""
    on_lapse: str = ""
    note: str = ""
    weekends_move: bool = False
    unverified: bool = False

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"clock {self.code}: n is {self.n}; it must be at least 1")


class Pause(NamedTuple):
    """The days after ``start`` until ``end``, that one included, are not counted; without ``end`` it still lasts."""

    start: date
    end: date | None = None
    reason: str = ""

    def covers(self, day: date) -> bool:
        """Tell whether ``day`` is not counted."""
        return self.start < day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Clock:
    """A clock as it ran in one case.

    :param pauses: in any order, overlapping or not; plain tuples ``(start, end)`` and ``(start, end, reason)`` will
        do. :param resets: days from which the limit was counted anew; only the last one matters, and pauses that were
        over by then have no effect. :param extension: units added to the limit as it runs now. :param stopped_on: the
        day on which what was due was done; a pause still open then ends with it.
    :raises ValueError: if a pause ends before it starts, a reset or the stop is earlier than what it acts on, or the
        extension is negative.
    """

    spec: ClockSpec
    started_on: date
    pauses: tuple[Pause, ...] = ()
    resets: tuple[date, ...] = ()
    extension: int = 0
    stopped_on: date | None = None

    def __post_init__(self) -> None:
        # Lists and plain tuples are welcome; what is kept is uniform and hashable.
        object.__setattr__(self, "pauses", tuple(Pause(*one) for one in self.pauses))
        object.__setattr__(self, "resets", tuple(sorted(self.resets)))
        if any(pause.end is not None and pause.end < pause.start for pause in self.pauses):
            raise ValueError("a pause ends before it starts")
        if any(day < self.started_on for day in self.resets):
            raise ValueError("a reset is earlier than the start")
        if self.stopped_on is not None and self.stopped_on < self.counts_from:
            raise ValueError("the clock is stopped before it starts")
        if self.extension < 0:
            raise ValueError("an extension cannot be negative")

    @property
    def counts_from(self) -> date:
        """Return the day after which counting begins: the last reset, else the start."""
        return self.resets[-1] if self.resets else self.started_on

    @property
    def total(self) -> int:
        """Return how many units the limit has, with its extension."""
        return self.spec.n + self.extension

    def pause_on(self, day: date) -> Pause | None:
        """Return the pause because of which ``day`` is not counted; an open one before others."""
        return next((pause for pause in self._in_effect if pause.covers(day)), None)

    @cached_property
    def _in_effect(self) -> tuple[Pause, ...]:
        """The pauses that may still matter, an open one first; one that is open when the clock stops ends with it."""
        stop = self.stopped_on
        ended = (
            pause._replace(end=max(pause.start, stop)) if pause.end is None and stop is not None else pause
            for pause in self.pauses
        )  # fmt: skip
        return tuple(sorted(ended, key=lambda pause: (pause.end is not None, pause.start)))


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """When a clock is due.

    :param due_on: the last day of the limit, until 24:00; nothing while an open pause holds the clock.
    :param counted: units counted until then, or until the open pause. :param total: units of the limit.
    :param is_estimated: whether a day of an unknown year was guessed on the way.
    """

    counts_from: date
    due_on: date | None
    counted: int
    total: int
    is_estimated: bool
    stopped_on: date | None = None

    @property
    def is_paused(self) -> bool:
        """Tell whether the clock stands still."""
        return self.due_on is None

    def is_late(self, today: date) -> bool:
        """Tell whether what was due was done late, or is not done and late ``today``."""
        return self.due_on is not None and (self.stopped_on or today) > self.due_on


class StripKind(StrEnum):
    """What a day between start and due is to the clock."""

    START = "start"
    COUNTED = "counted"
    MAKEUP = "makeup"
    """Counted although a Saturday or Sunday."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSED = "paused"
    DUE = "due"


@dataclass(frozen=True, kw_only=True)
class StripDay:
    """A day of the strip that explains a deadline.

    :param number: its running number among the counted days, if it is one. :param name: of the holiday (on make-up
        days too), or the reason of the pause. :param is_makeup: for the day that is due, if people work on a weekend.
    :param is_stop: whether the clock was stopped on this day.
    """

    day: date
    kind: StripKind
    number: int | None = None
    name: str = ""
    is_makeup: bool = False
    is_estimated: bool = False
    is_stop: bool = False


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a clock stands on a day, in its own unit: used up, left, and how late; late days are counted from due on."""

    used: int
    left: int
    late: int
    is_paused: bool
    is_estimated: bool


class _Step(NamedTuple):
    """A day that the count went over: its facts where they were asked for, its pause, its number if it counted."""

    day: date
    fact: Day | None
    pause: Pause | None
    number: int | None


def deadline(clock: Clock, calendar: WorkCalendar, *, estimate: bool = False) -> Deadline:
    """Return when ``clock`` is due.

    :param estimate: guess in years without a notice, and mark the result.
    :raises CalendarUnknownError: without ``estimate``, if the count runs into such a year.
    """
    return _deadline(clock, list(_steps(clock, _days(calendar, estimate=estimate))))


def _deadline(clock: Clock, steps: Sequence[_Step]) -> Deadline:
    counted = max((step.number for step in steps if step.number is not None), default=0)
    last = steps[-1].day
    return Deadline(
        counts_from=clock.counts_from, due_on=None if _stands(clock, last, counted) else last, counted=counted,
        total=clock.total, is_estimated=any(step.fact is not None and step.fact.is_estimated for step in steps),
        stopped_on=clock.stopped_on,
    )  # fmt: skip


def day_strip(clock: Clock, calendar: WorkCalendar, *, estimate: bool = False) -> tuple[StripDay, ...]:
    """Return every day from the start to the day that is due, with what it is to the clock.

    While an open pause holds the clock, the strip ends with the first day of the pause.
    :raises CalendarUnknownError: without ``estimate``, if the count runs into a year without a notice.
    """
    strip = [StripDay(day=clock.counts_from, kind=StripKind.START, is_stop=clock.counts_from == clock.stopped_on)]
    steps = list(_steps(clock, _days(calendar, estimate=estimate)))
    for place, step in enumerate(steps, 1):
        is_due = place == len(steps) and step.pause is None
        strip.append(_strip_day(step, is_due=is_due, is_stop=step.day == clock.stopped_on))
    return tuple(strip)


def standing(clock: Clock, calendar: WorkCalendar, today: date, *, estimate: bool = False) -> Standing:
    """Return how ``clock`` stands at the end of ``today``, or of the day on which it was stopped.

    :raises CalendarUnknownError: without ``estimate``, if the count runs into a year without a notice.
    """
    days = _days(calendar, estimate=estimate)
    end = min(today, clock.stopped_on) if clock.stopped_on else today
    steps = list(_steps(clock, days))
    due = _deadline(clock, steps)
    used = max((step.number for step in steps if step.number is not None and step.day <= end), default=0)
    late = 0
    if due.due_on is not None and end > due.due_on:
        after = (due.due_on + ONE_DAY * step for step in range(1, (end - due.due_on).days + 1))
        late = sum(clock.spec.unit is Unit.DAY or days.look(day).is_worked for day in after)
    is_running = clock.stopped_on is None and (due.due_on is None or today <= due.due_on)
    is_paused = is_running and clock.pause_on(today) is not None
    return Standing(
        used=used, left=clock.total - used, late=late, is_paused=is_paused, is_estimated=due.is_estimated
    )  # fmt: skip


def _days(calendar: WorkCalendar, *, estimate: bool) -> Days:
    return calendar.estimating() if estimate else calendar


def _stands(clock: Clock, last: date, counted: int) -> bool:
    if counted < clock.total:
        return True
    # A limit in natural days may be full on a holiday and be held by an open pause before it can move off it.
    pause = clock.pause_on(last)
    return pause is not None and pause.end is None


def _steps(clock: Clock, days: Days) -> Iterator[_Step]:
    """Go from the day after the start to the day that is due, or to the first day of an open pause."""
    day, number = clock.counts_from, 0
    rests = False
    while number < clock.total or rests:
        day += ONE_DAY
        pause = clock.pause_on(day)
        if pause is not None:
            yield _Step(day, None, pause, None)
            if pause.end is None:
                return
            continue
        fact = days.look(day) if _matters(clock, number) else None
        counts = number < clock.total and (clock.spec.unit is Unit.DAY or (fact is not None and fact.is_worked))
        number += counts
        yield _Step(day, fact, None, number if counts else None)
        rests = number == clock.total and clock.spec.unit is Unit.DAY and _moves(clock.spec, fact)


def _matters(clock: Clock, number: int) -> bool:
    """Tell whether the calendar has a say on the next day: for natural days only where the limit may end."""
    return clock.spec.unit is Unit.WORKDAY or number + 1 >= clock.total


def _moves(spec: ClockSpec, fact: Day | None) -> bool:
    if fact is None:
        return False
    return fact.kind is DayKind.HOLIDAY or (spec.weekends_move and fact.kind is DayKind.WEEKEND)


def _strip_day(step: _Step, *, is_due: bool, is_stop: bool) -> StripDay:
    fact, kind = step.fact, StripKind.COUNTED
    is_makeup = fact is not None and fact.kind is DayKind.MAKEUP
    if step.pause is not None:
        return StripDay(day=step.day, kind=StripKind.PAUSED, name=step.pause.reason, is_stop=is_stop)
    if is_due:
        kind = StripKind.DUE
    elif fact is not None and fact.kind is not DayKind.WORKDAY:
        kind = StripKind(fact.kind.value)
    return StripDay(
        day=step.day, kind=kind, number=step.number, name=fact.name if fact else "", is_makeup=is_makeup,
        is_estimated=fact is not None and fact.is_estimated, is_stop=is_stop,
    )  # fmt: skip
