"""The calendar knows what was arranged, and never guesses unless it is asked to."""

from datetime import date, timedelta

import pytest

from cms.workdays.bundled import as_json, bundled_calendar, bundled_notices
from cms.workdays.calendar import CalendarUnknownError, DayKind, Notice, WorkCalendar, fixed_holidays

CALENDAR = bundled_calendar()
#: 2027 as if it had been arranged: a make-up Sunday in the December before.
NEXT = Notice(
    year=2027, source="通知", holidays={date(2026, 12, 31): "元旦", date(2027, 1, 1): "元旦"},
    workdays={date(2026, 12, 27): "元旦"},
)  # fmt: skip


def days(first, last):
    return [first + timedelta(days=step) for step in range((last - first).days + 1)]


def test_bundled_notices_agree_with_the_library_on_every_day_of_2008_to_2026():
    import chinese_calendar

    every = days(date(2008, 1, 1), date(2026, 12, 31))

    assert CALENDAR.years == tuple(range(2008, 2027))
    assert [day for day in every if CALENDAR.is_workday(day) is not chinese_calendar.is_workday(day)] == []


def test_bundled_files_are_what_the_command_writes():
    from cms.cli.dev_calendar import library_notices

    assert [as_json(notice) for notice in bundled_notices()] == [as_json(notice) for notice in library_notices()]


@pytest.mark.parametrize("day", [date(2007, 12, 31), date(2027, 1, 1), date(2100, 6, 1)])
def test_a_year_without_notice_is_unknown(day):
    with pytest.raises(CalendarUnknownError, match=str(day.year)) as unknown:
        CALENDAR.is_workday(day)
    assert unknown.value.year == day.year
    with pytest.raises(CalendarUnknownError):
        CALENDAR.count_between(day - timedelta(days=1), day)


def test_days_are_what_the_notice_of_2026_says():
    looked = {text: CALENDAR.look(date.fromisoformat(text)) for text in
              ("2026-02-14", "2026-02-15", "2026-02-24", "2026-03-01")}  # fmt: skip

    assert [(one.kind, one.name) for one in looked.values()] == [
        (DayKind.MAKEUP, "春节"), (DayKind.HOLIDAY, "春节"), (DayKind.WORKDAY, ""), (DayKind.WEEKEND, ""),
    ]  # fmt: skip
    assert [one.is_worked for one in looked.values()] == [True, False, True, False]


def test_counting_leaves_out_the_first_day_and_counts_the_last():
    assert CALENDAR.count_between(date(2026, 10, 9), date(2026, 10, 12)) == 2
    assert CALENDAR.count_between(date(2026, 10, 12), date(2026, 10, 12)) == 0
    assert CALENDAR.count_between(date(2026, 10, 12), date(2026, 10, 1)) == 0
    with pytest.raises(ValueError, match="the 0-th working day"):
        CALENDAR.nth(date(2026, 10, 12), 0)


def test_a_notice_reaches_into_the_december_before():
    assert CALENDAR.look(date(2018, 12, 29)).kind is DayKind.MAKEUP
    without_2019 = WorkCalendar([notice for notice in bundled_notices() if notice.year != 2019])
    assert without_2019.look(date(2018, 12, 29)).kind is DayKind.WEEKEND
    assert without_2019.differs_in(CALENDAR) == (2018, 2019)

    later = CALENDAR.with_notice(NEXT)
    assert later.is_workday(date(2026, 12, 27))
    assert not later.is_workday(date(2026, 12, 31))
    assert CALENDAR.differs_in(later) == (2026, 2027)


def test_estimates_are_marked_and_leave_known_years_alone():
    guess = CALENDAR.estimating()

    assert [guess.look(day) for day in days(date(2026, 1, 1), date(2026, 12, 31))] == [
        CALENDAR.look(day) for day in days(date(2026, 1, 1), date(2026, 12, 31))
    ]
    assert not any(guess.look(day).is_estimated for day in days(date(2008, 1, 1), date(2026, 12, 31)))
    year = [guess.look(day) for day in days(date(2027, 1, 1), date(2027, 12, 31))]
    assert all(one.is_estimated for one in year)
    assert [one.day.isoformat()[5:] for one in year if one.kind is DayKind.HOLIDAY] == [
        "01-01", "05-01", "05-02", "10-01", "10-02", "10-03",
    ]  # fmt: skip
    assert not any(one.is_worked for one in year if one.day.weekday() >= 5)


def test_second_of_may_is_a_statutory_holiday_since_2025_only():
    assert [(5, 2) in fixed_holidays(year) for year in (2008, 2024, 2025, 2027)] == [False, False, True, True]


def test_local_holidays_are_no_working_days_in_known_and_unknown_years():
    local = bundled_calendar({date(2026, 4, 20): "壮族三月三", date(2027, 4, 9): "壮族三月三"})

    assert CALENDAR.is_workday(date(2026, 4, 20))
    assert (local.is_workday(date(2026, 4, 20)), local.look(date(2026, 4, 20)).is_local) == (False, True)
    assert local.estimating().look(date(2027, 4, 9)).name == "壮族三月三"
    assert local.differs_in(CALENDAR) == (2026, 2027)
    with pytest.raises(CalendarUnknownError):
        local.is_workday(date(2027, 4, 9))
