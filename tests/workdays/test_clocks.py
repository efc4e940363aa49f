"""Clocks: pauses, resets, extension, stop, natural days, and the strip that explains each of them."""

from datetime import date

import pytest

from cms.workdays.bundled import bundled_calendar
from cms.workdays.calendar import CalendarUnknownError
from cms.workdays.clocks import Clock, ClockSpec, Pause, Standing, StripKind, Unit, day_strip, deadline, standing

CALENDAR = bundled_calendar()
ANSWER = ClockSpec(code="answer", label="答复", n=20)
WEEK = ClockSpec(code="week", label="五日", n=5)
DAYS = ClockSpec(code="petition", label="信访", n=30, unit=Unit.DAY)


def d(text):
    return date.fromisoformat(f"2026-{text}")


def due(clock):
    return deadline(clock, CALENDAR).due_on


def said(clock, calendar=CALENDAR, **options):
    return [
        f"{one.day:%m-%d} {one.kind}" + (f" {one.number}" if one.number else "") + (f" {one.name}" if one.name else "")
        for one in day_strip(clock, calendar, **options)
    ]


def test_overlapping_pauses_count_once():
    apart = Clock(ANSWER, d("03-02"), [(d("03-09"), d("03-18")), (d("03-18"), d("03-27"))])
    overlapping = Clock(ANSWER, d("03-02"), [(d("03-12"), d("03-27")), (d("03-09"), d("03-20"))])

    assert due(apart) == due(overlapping) == d("04-20")


def test_a_pause_before_the_start_or_after_the_end_changes_nothing():
    assert due(Clock(ANSWER, d("03-02"), [(d("02-01"), d("03-02")), (d("03-30"), d("04-30"))])) == d("03-30")
    assert due(Clock(ANSWER, d("03-02"), [(d("03-09"), d("03-09"))])) == d("03-30")


def test_an_open_pause_holds_the_clock():
    held = deadline(Clock(ANSWER, d("03-02"), [(d("03-09"), None, "征求意见")]), CALENDAR)

    assert (held.due_on, held.is_paused, held.counted, held.total) == (None, True, 5, 20)
    assert not held.is_late(d("12-31"))
    # It begins when nothing is left to hold.
    assert due(Clock(ANSWER, d("03-02"), [(d("03-30"), None)])) == d("03-30")


def test_stopping_the_clock_ends_an_open_pause():
    answered = deadline(Clock(ANSWER, d("03-02"), [(d("03-09"), None)], stopped_on=d("03-27")), CALENDAR)

    assert answered.due_on == d("04-20")
    assert not answered.is_late(d("12-31"))
    assert deadline(Clock(ANSWER, d("03-02"), stopped_on=d("03-31")), CALENDAR).is_late(d("03-31"))
    assert not deadline(Clock(ANSWER, d("03-02"), stopped_on=d("03-30")), CALENDAR).is_late(d("12-31"))


def test_a_reset_counts_anew_and_earlier_pauses_fall_away():
    span = (d("03-04"), d("03-06"))

    assert due(Clock(ANSWER, d("03-02"), [span], resets=[d("03-16")])) == due(Clock(ANSWER, d("03-16")))
    assert due(Clock(ANSWER, d("03-02"), resets=[d("03-20"), d("03-16")])) == due(Clock(ANSWER, d("03-20")))
    # A consultation that lasts beyond the reset still is not counted.
    assert due(Clock(WEEK, d("03-02"), [(d("03-04"), d("03-18"))], resets=[d("03-16")])) == d("03-25")


def test_an_extension_is_added_behind_the_limit():
    assert due(Clock(ANSWER, d("03-02"), extension=10)) == CALENDAR.nth(d("03-30"), 10)


def test_natural_days_move_off_holidays_only():
    # 30 days after 2 September end on 2 October, in 国庆节; the first day after it is the 8th.
    assert due(Clock(DAYS, d("09-02"))) == d("10-08")
    # A Saturday that is no holiday stays, unless the rule says otherwise.
    assert due(Clock(DAYS, d("07-02"))) == d("08-01")
    moving = ClockSpec(code="x", label="x", n=30, unit=Unit.DAY, weekends_move=True)
    assert due(Clock(moving, d("07-02"))) == d("08-03")
    # The 30th day falls on a make-up Sunday: people work, so it stays.
    assert due(Clock(moving, d("08-21"))) == d("09-20")


def test_natural_days_are_paused_too():
    assert due(Clock(DAYS, d("06-01"), [(d("06-10"), d("06-20"))])) == d("07-11")
    held = Clock(DAYS, d("09-02"), [(d("10-03"), None)])
    assert due(held) is None
    assert due(Clock(DAYS, d("09-02"), [(d("10-03"), d("10-20"))])) == d("10-21")


def test_the_strip_names_every_day():
    clock = Clock(WEEK, d("09-22"), [(d("09-23"), d("09-24"), "征求第三方意见")])

    assert said(clock) == [
        "09-22 start", "09-23 counted 1", "09-24 paused 征求第三方意见", "09-25 holiday 中秋节", "09-26 holiday 中秋节",
        "09-27 holiday 中秋节", "09-28 counted 2", "09-29 counted 3", "09-30 counted 4", "10-01 holiday 国庆节",
        "10-02 holiday 国庆节", "10-03 holiday 国庆节", "10-04 holiday 国庆节", "10-05 holiday 国庆节",
        "10-06 holiday 国庆节", "10-07 holiday 国庆节", "10-08 due 5",
    ]  # fmt: skip
    assert said(Clock(WEEK, d("10-08")))[1:5] == [
        "10-09 counted 1", "10-10 makeup 2 国庆节", "10-11 weekend", "10-12 counted 3",
    ]  # fmt: skip


def test_the_strip_shows_the_day_on_which_the_clock_was_stopped():
    strip = day_strip(Clock(WEEK, d("03-02"), stopped_on=d("03-04")), CALENDAR)

    assert [one.day for one in strip if one.is_stop] == [d("03-04")]
    assert day_strip(Clock(WEEK, d("03-02"), stopped_on=d("03-02")), CALENDAR)[0].is_stop


def test_a_due_day_on_a_make_up_weekend_says_so():
    last = day_strip(Clock(ClockSpec(code="x", label="x", n=2), d("10-08")), CALENDAR)[-1]

    assert (last.day, last.kind, last.number, last.is_makeup) == (d("10-10"), StripKind.DUE, 2, True)


def test_the_strip_of_natural_days_shows_how_the_end_moves():
    assert said(Clock(DAYS, d("09-02")))[-7:] == [
        "10-02 holiday 30 国庆节", "10-03 holiday 国庆节", "10-04 holiday 国庆节", "10-05 holiday 国庆节",
        "10-06 holiday 国庆节", "10-07 holiday 国庆节", "10-08 due",
    ]  # fmt: skip


def test_the_strip_of_a_held_clock_ends_with_the_pause():
    assert said(Clock(WEEK, d("03-02"), [(d("03-04"), None, "征求意见")])) == [
        "03-02 start", "03-03 counted 1", "03-04 counted 2", "03-05 paused 征求意见",
    ]  # fmt: skip


def test_standing_tells_what_is_used_left_and_late():
    clock = Clock(ANSWER, d("03-02"))

    def on(text, of=clock):
        one = standing(of, CALENDAR, d(text))
        return one.used, one.left, one.late

    assert on("03-02") == (0, 20, 0)
    assert on("03-09") == (5, 15, 0)
    assert on("03-30") == (20, 0, 0)
    assert on("04-07") == (20, 0, 5)
    assert on("06-01", Clock(ANSWER, d("03-02"), stopped_on=d("03-31"))) == (20, 0, 1)
    held = Clock(ANSWER, d("03-02"), [(d("03-09"), None)])
    assert standing(held, CALENDAR, d("06-01")) == Standing(
        used=5, left=15, late=0, is_paused=True, is_estimated=False
    )  # fmt: skip
    assert not standing(held, CALENDAR, d("03-09")).is_paused
    # Nothing pauses a limit that is over.
    assert not standing(Clock(ANSWER, d("03-02"), [(d("03-30"), None)]), CALENDAR, d("05-06")).is_paused


def test_estimates_are_marked_wherever_a_guess_was_used():
    near, far = Clock(ANSWER, d("11-23")), Clock(ANSWER, d("11-23"), extension=20)

    assert not deadline(near, CALENDAR, estimate=True).is_estimated
    guessed = deadline(far, CALENDAR, estimate=True)
    assert (guessed.is_estimated, guessed.due_on) == (True, date(2027, 1, 19))
    assert standing(far, CALENDAR, d("12-01"), estimate=True).is_estimated
    strip = day_strip(far, CALENDAR, estimate=True)
    assert [one.is_estimated for one in strip] == [one.day.year == 2027 for one in strip]
    for ask in (deadline, day_strip):
        with pytest.raises(CalendarUnknownError):
            ask(far, CALENDAR)
    # Days that are not counted need no notice.
    assert deadline(Clock(WEEK, d("12-01"), [(d("12-02"), None)]), CALENDAR).is_paused


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"pauses": [(date(2026, 3, 9), date(2026, 3, 8))]}, "a pause ends before it starts"),
        ({"resets": [date(2026, 3, 1)]}, "a reset is earlier than the start"),
        ({"stopped_on": date(2026, 3, 1)}, "stopped before it starts"),
        ({"extension": -1}, "cannot be negative"),
    ],
)
def test_impossible_clocks_are_refused(wrong, problem):
    with pytest.raises(ValueError, match=problem):
        Clock(ANSWER, date(2026, 3, 2), **wrong)


def test_a_limit_has_at_least_one_unit():
    with pytest.raises(ValueError, match="clock x: n is 0"):
        ClockSpec(code="x", label="x", n=0)


def test_clocks_are_plain_values():
    assert Clock(ANSWER, d("03-02"), [(d("03-09"), None)]) == Clock(ANSWER, d("03-02"), (Pause(d("03-09")),))
    assert len({Clock(ANSWER, d("03-02")), Clock(ANSWER, d("03-02"))}) == 1
