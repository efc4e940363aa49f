"""Limits worked out by hand and by another library: disclosure-rules g.3."""

from datetime import date

import pytest

from cms.workdays.bundled import bundled_calendar
from cms.workdays.calendar import CalendarUnknownError
from cms.workdays.clocks import Clock, ClockSpec, Pause, deadline

CALENDAR = bundled_calendar()
ANSWER = ClockSpec(code="answer", label="答复", n=20)
VECTORS = """
2016-09-28 2016-10-12 2016-10-24 2016-10-31 2016-11-28
2016-12-20 2016-12-29 2017-01-11 2017-01-18 2017-02-20
2025-01-20 2025-02-05 2025-02-14 2025-02-21 2025-03-21
2025-09-25 2025-10-11 2025-10-22 2025-10-29 2025-11-26
2026-01-26 2026-02-04 2026-02-14 2026-02-28 2026-03-27
2026-02-13 2026-03-02 2026-03-12 2026-03-19 2026-04-17
2026-02-14 2026-03-03 2026-03-13 2026-03-20 2026-04-20
2026-02-17 2026-03-03 2026-03-13 2026-03-20 2026-04-20
2026-04-27 2026-05-09 2026-05-20 2026-05-27 2026-06-25
2026-09-18 2026-09-29 2026-10-15 2026-10-22 2026-11-19
2026-09-28 2026-10-13 2026-10-23 2026-10-30 2026-11-27
"""


@pytest.mark.parametrize("line", VECTORS.split("\n")[1:-1])
def test_limits_of_7_15_20_and_extended_20_working_days(line):
    received, seven, fifteen, twenty, extended = map(date.fromisoformat, line.split())

    assert [CALENDAR.nth(received, n) for n in (7, 15, 20)] == [seven, fifteen, twenty]
    assert deadline(Clock(ANSWER, received), CALENDAR).due_on == twenty
    assert deadline(Clock(ANSWER, received, extension=20), CALENDAR).due_on == extended


def test_a_limit_that_runs_into_a_year_without_notice_is_unknown():
    received = date(2026, 11, 23)

    assert [CALENDAR.nth(received, n).isoformat() for n in (7, 15, 20)] == ["2026-12-02", "2026-12-14", "2026-12-21"]
    with pytest.raises(CalendarUnknownError) as unknown:
        deadline(Clock(ANSWER, received, extension=20), CALENDAR)
    assert unknown.value.year == 2027


def test_consultation_of_a_third_party_is_not_counted():
    received, span = date(2026, 3, 2), Pause(date(2026, 3, 9), date(2026, 3, 27), "征求第三方意见")

    assert deadline(Clock(ANSWER, received), CALENDAR).due_on == date(2026, 3, 30)
    assert CALENDAR.count_between(span.start, span.end) == 14
    assert deadline(Clock(ANSWER, received, (span,)), CALENDAR).due_on == date(2026, 4, 20)
    assert CALENDAR.nth(received, 20, [(span.start, span.end)]) == date(2026, 4, 20)


def test_publication_limit_of_a_document_of_2016():
    publish = ClockSpec(code="publish", label="主动公开", n=20)

    assert deadline(Clock(publish, date(2016, 3, 10)), CALENDAR).due_on == date(2016, 4, 8)
