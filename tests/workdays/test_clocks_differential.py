"""Clocks against an independent calculation: other data, and another way to count.

``holidays`` knows the working days of 2008 to 2026 from its own sources. The count below makes the list of countable
days and takes one, where ours goes from day to day.
"""

from datetime import date, timedelta
from functools import cache

import chinese_calendar
import holidays
from hypothesis import event, given, settings
from hypothesis import strategies as st

from cms.editions.loading import bundled_editions
from cms.workdays.bundled import bundled_calendar
from cms.workdays.calendar import CalendarUnknownError
from cms.workdays.clocks import Clock, ClockSpec, StripKind, Unit, day_strip, deadline, standing

CALENDAR = bundled_calendar()
FIRST, LAST = date(2008, 1, 1), date(2026, 12, 31)
EDITIONS = bundled_editions()
#: No history that is drawn below lasts longer, in days.
HORIZON = 700
#: The day the editions change, and days on which notices, feasts and years meet.
TURNS = st.sampled_from(
    [date(2019, 5, 14), date(2019, 5, 15), date(2018, 12, 28), date(2016, 9, 28), date(2026, 11, 20)]
)


@cache
def oracle():
    return holidays.country_holidays("CN", years=range(2008, 2027))


@cache
def works(day):
    return oracle().is_working_day(day)


def near(day, before, after):
    return st.integers(-before, after).map(lambda step: day + timedelta(days=step))


@st.composite
def histories(draw, unit=Unit.WORKDAY):
    """Draw an application as it went: received under either edition, paused, corrected, extended, answered."""
    day = draw(st.dates(date(2008, 5, 1), date(2026, 12, 20)) | TURNS.flatmap(lambda turn: near(turn, 40, 10)))
    day = min(max(day, date(2008, 5, 1)), date(2026, 12, 20))
    edition = EDITIONS.on(day)
    spec = edition.clocks[draw(st.sampled_from(sorted(edition.clocks)))]
    if unit is Unit.DAY:
        spec = ClockSpec(code="x", label="x", n=draw(st.integers(1, 90)), unit=unit)
    limit = edition.clocks["extend"].n
    resets = draw(st.lists(near(day, 0, 60), max_size=2))
    begins = st.integers(-10, 90).map(lambda step: day + timedelta(days=step))
    pauses = []
    for start in draw(st.lists(begins, max_size=4)):
        length = draw(st.integers(0, 50) | st.none())
        pauses.append((start, None if length is None else start + timedelta(days=length)))
    stopped = draw(st.none() | st.integers(0, 200).map(lambda step: max([day, *resets]) + timedelta(days=step)))
    return Clock(spec, day, pauses, resets, draw(st.just(0) | st.integers(1, limit)), stopped)


def countable(clock, is_counted):
    """Return the days that count, in order, as far as the other sources know; and whether a pause is open."""
    start = max([clock.started_on, *clock.resets])
    spans = [
        (begin, end if end is not None else max(begin, clock.stopped_on) if clock.stopped_on else date.max)
        for begin, end, _reason in clock.pauses
    ]
    days = (start + timedelta(days=step) for step in range(1, min((LAST - start).days, HORIZON) + 1))
    counted = [day for day in days if is_counted(day) and not any(begin < day <= end for begin, end in spans)]
    return counted, any(end == date.max for _begin, end in spans)


@settings(max_examples=500, deadline=None)
@given(histories())
def test_working_days_agree_with_an_independent_count(clock):
    days, is_open = countable(clock, works)

    try:
        found = deadline(clock, CALENDAR)
    except CalendarUnknownError:
        event("runs into 2027")
        assert len(days) < clock.total
        return
    event("stands" if found.due_on is None else "due")
    if found.due_on is None:
        assert is_open
        assert len(days) == found.counted < clock.total
    else:
        assert found.due_on == days[clock.total - 1]
        assert found.counted == clock.total
    assert not found.is_estimated


@settings(max_examples=200, deadline=None)
@given(histories(unit=Unit.DAY))
def test_natural_days_agree_with_an_independent_count(clock):
    days, is_open = countable(clock, lambda _day: True)

    try:
        found = deadline(clock, CALENDAR)
    except CalendarUnknownError:
        # The limit ends in 2027, or moves there from the last holidays of 2026.
        assert len(days) < clock.total or days[clock.total - 1] > date(2026, 12, 24)
        return
    if len(days) < clock.total:
        assert found.due_on is None
        assert is_open
        return
    is_feast = {day: chinese_calendar.get_holiday_detail(day) for day in days[clock.total - 1 :]}
    after = [day for day, (is_off, name) in is_feast.items() if not (is_off and name)]
    assert found.due_on == (after[0] if after else None)


@settings(max_examples=150, deadline=None)
@given(histories())
def test_strip_and_standing_say_what_the_deadline_says(clock):
    found = deadline(clock, CALENDAR, estimate=True)
    strip = day_strip(clock, CALENDAR, estimate=True)

    assert [one.day for one in strip] == [strip[0].day + timedelta(days=step) for step in range(len(strip))]
    assert strip[0].kind is StripKind.START
    numbers = [one.number for one in strip if one.number is not None]
    assert numbers == list(range(1, found.counted + 1))
    if found.due_on is None:
        assert strip[-1].kind is StripKind.PAUSED
    else:
        assert (strip[-1].kind, strip[-1].day, numbers[-1]) == (StripKind.DUE, found.due_on, found.total)
    assert any(one.is_estimated for one in strip) == found.is_estimated
    for one in strip[:: max(1, len(strip) // 4)]:
        here = standing(clock, CALENDAR, one.day, estimate=True)
        until = one.day if clock.stopped_on is None else min(one.day, clock.stopped_on)
        assert here.used == max((x.number for x in strip if x.number and x.day <= until), default=0)
        assert here.used + here.left == clock.total
        assert here.late == 0
