"""Reply limits: which one a letter has, when it ends, who is warned, and what raises no alarm."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.accounts.policy import MACHINE
from cms.kernel.clock import local
from cms.kernel.errors import Invalid


def due(letter):
    return f"{local(letter.due_at):%Y-%m-%d %H:%M}" if letter.due_at else None


@pytest.mark.parametrize(
    ("channel", "category", "on", "expected"),
    [
        # 5 working days for 咨询, over the first days of May.
        ("phone", "consult", date(2016, 4, 27), "2016-05-05 23:59"),
        # 15 working days for everything else.
        ("post", "complaint", date(2016, 5, 3), "2016-05-24 23:59"),
        ("hotline_12345", "consult", date(2016, 5, 30), "2016-06-02 23:59"),
        ("hotline_12345", "complaint", date(2016, 5, 3), "2016-05-20 23:59"),
        ("petition", "help", date(2016, 5, 3), "2016-05-18 23:59"),
    ],
)
def test_default_limits(enter, channel, category, on, expected):
    assert due(enter(channel, category, on=on)) == expected


def test_a_report_of_a_mistake_on_the_site_has_three_working_days(write, stored):
    number, _code = write("/letters/site-error", page_url="/news/1.html", text="错字")

    letter = stored(number)
    assert (letter.channel, due(letter), letter.page_url) == ("site_error", "2016-06-06 23:59", "/news/1.html")


def test_an_urgent_work_order_is_due_the_same_day(enter):
    letter = enter("hotline_12345", "help", is_urgent=True)

    assert due(letter) == "2016-06-01 23:59"


@pytest.fixture
def set_limit(cms):
    def set_limit(**values):
        from cms_plugins.letters.clocks import LimitSpec, Unit
        from cms_plugins.letters.limits import set_limit as service

        values = {"basis": "内部规定", "warn_before": 1, "valid_from": date(2016, 6, 1), **values}
        values["unit"] = Unit(values.get("unit", "WD"))
        with cms.unit_of_work() as uow:
            service(uow, LimitSpec(**values), actor=MACHINE)

    return set_limit


def test_a_new_limit_counts_for_letters_that_come_from_its_day_on(enter, set_limit):
    set_limit(channel="phone", category="consult", n=2)

    assert due(enter("phone", "consult", on=date(2016, 5, 31))) == "2016-06-07 23:59"
    assert due(enter("phone", "consult", on=date(2016, 6, 1))) == "2016-06-03 23:59"
    assert due(enter("onsite", "consult", on=date(2016, 6, 1))) == "2016-06-08 23:59"


def test_hours_run_from_the_minute_of_arrival(enter, set_limit):
    set_limit(channel="hotline_12345", n=4, unit="hour", category="help")

    letter = enter("hotline_12345", "help", time=(9, 30))

    assert due(letter) == "2016-06-01 13:30"
    assert letter.warn_at == letter.due_at - timedelta(hours=1)


def test_a_kind_of_letter_may_have_no_limit(enter, set_limit):
    set_limit(category="praise", n=None, warn_before=0)

    assert due(enter("post", "praise")) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"n": 401}, "n"), ({"n": 0, "warn_before": 0}, "n"), ({"n": 3, "warn_before": 4}, "warn_before"), ({"n": 3, "basis": " "}, "basis"),
        ({"n": 3, "channel": "pigeon"}, "channel"), ({"n": 3, "category": "praises"}, "category"),
        ({"n": 3, "valid_from": date(2016, 5, 31)}, "valid_from"),
    ],
)  # fmt: skip
def test_a_limit_that_makes_no_sense_is_refused(set_limit, values, field):
    with pytest.raises(Invalid) as refused:
        set_limit(**values)

    assert list(refused.value.errors) == [field]


CHANNELS, CATEGORIES = ["", "web", "phone"], ["", "consult", "help", "urgent"]


@given(
    st.lists(st.tuples(st.sampled_from(CHANNELS), st.sampled_from(CATEGORIES), st.integers(1, 9)), max_size=8),
    st.booleans(),
)
def test_the_most_special_limit_counts_and_of_equals_the_newest(given_limits, is_urgent):
    from cms_plugins.letters.clocks import LimitSpec, limit_for

    day = date(2016, 6, 1)
    limits = [
        LimitSpec(channel=channel, category=category, n=n, valid_from=day + timedelta(days=n - 5))
        for channel, category, n in given_limits
    ]
    found = limit_for(limits, channel="web", category="consult", is_urgent=is_urgent, day=day)

    order = [("web", "urgent"), ("", "urgent")] if is_urgent else []
    order += [("web", "consult"), ("web", ""), ("", "consult"), ("", "")]
    in_force = [one for one in limits if one.valid_from <= day]
    best = next((key for key in order if any(one.key == key for one in in_force)), None)
    if best is None:
        assert found is None
    else:
        assert found.key == best
        assert found.valid_from == max(one.valid_from for one in in_force if one.key == best)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2016, 3, 1), date(2016, 6, 1)), (date(2015, 11, 30), date(2016, 2, 29)),
        (date(2016, 11, 30), date(2017, 2, 28)), (date(2016, 10, 31), date(2017, 1, 31)),
        (date(2016, 12, 31), date(2017, 3, 31)), (date(2016, 9, 15), date(2016, 12, 15)),
    ],
)  # fmt: skip
def test_the_red_line_lies_three_months_on(day, last):
    from cms_plugins.letters.clocks import red_line

    assert red_line(day) == last


def test_alarms_are_raised_once_each_and_stay_in_the_history(enter, drain, clock, happened):
    letter = enter("phone", "consult")
    drain()
    assert happened(letter.number) == ["receive"]

    clock.at = datetime(2016, 6, 6, 2, tzinfo=UTC)
    drain()
    clock.advance(minutes=6)
    drain()
    assert happened(letter.number) == ["receive", "alert"]

    clock.at = datetime(2016, 6, 10, 2, tzinfo=UTC)
    drain()
    clock.at = datetime(2016, 9, 2, 2, tzinfo=UTC)
    drain()
    clock.advance(days=1)
    drain()
    assert happened(letter.number) == ["receive", "alert", "alert", "alert"]


def test_a_letter_from_last_year_raises_no_alarm_but_is_listed_as_late(enter, drain, people, happened):
    letter = enter("post", "complaint", on=date(2015, 3, 2), title="去年的来信")
    drain()

    assert happened(letter.number) == ["receive"]
    assert "去年的来信" in people["officer"].get("/desk/letters?level=late").text
    assert "去年的来信" in people["officer"].get("/desk/letters?level=red").text


def test_a_letter_entered_as_answered_last_year_is_in_time_by_its_own_dates(enter):
    on_time = enter("phone", "consult", on=date(2015, 3, 2), answered_on=date(2015, 3, 9), answer="已答复")
    late = enter("phone", "consult", on=date(2015, 3, 2), answered_on=date(2015, 3, 10))

    assert (on_time.was_late, late.was_late) == (False, True)
    assert (on_time.state, on_time.alarm) == ("answered", "")


def test_extending_adds_working_days_and_says_so(act, write, stored, people, happened):
    number, _code = write()
    act("officer", number, "screen")
    act("officer", number, "extend", units="3", note="需要核实，分管局长同意")

    letter = stored(number)
    assert due(letter) == "2016-06-14 23:59"
    page = people["officer"].get(f"/desk/letters/{letter.id}").text
    assert "期限由 2016-06-08 改为 2016-06-14" in page
    assert "第 8 日" in page
    assert happened(number) == ["receive", "screen", "extend"]


def test_a_notice_of_holidays_moves_open_limits_and_each_move_is_written_down(cms, app, enter, clock, happened, drain):
    from cms.workdays.calendar import Notice
    from cms.workdays.services import import_notice

    clock.at = datetime(2027, 1, 4, 2, tzinfo=UTC)
    letter = enter("phone", "consult", on=date(2027, 1, 4))
    assert (due(letter), letter.is_estimated) == ("2027-01-11 23:59", True)
    days = {
        "元旦": [(1, 1)], "春节": [(1, 6), (1, 7)], "清明节": [(4, 5)], "劳动节": [(5, 1), (5, 2)], "端午节": [(6, 9)],
        "中秋节": [(9, 15)], "国庆节": [(10, 1), (10, 2), (10, 3)],
    }  # fmt: skip
    holidays = {date(2027, *day): name for name, found in days.items() for day in found}
    notice = Notice(year=2027, source="测试用的通知", holidays=holidays, workdays={})

    with app.app_context():
        with cms.unit_of_work() as uow:
            import_notice(uow, notice, actor=MACHINE)
        drain()

    from cms_plugins.letters.steps import get_letter

    with cms.reading() as session:
        moved = get_letter(session, letter.id)
        assert (due(moved), moved.is_estimated) == ("2027-01-13 23:59", False)
    assert happened(letter.number) == ["receive", "reckon"]
