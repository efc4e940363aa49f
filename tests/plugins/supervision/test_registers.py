"""What the registers count: sums of a year, states on its last day; nothing is changed, everything is taken back."""

from datetime import date
from decimal import Decimal

import pytest
from cms_plugins.supervision.entries import counter_entry, end_entry
from cms_plugins.supervision.models import Entry
from sqlalchemy import func, select

from cms.accounts.policy import Actor, Role
from cms.audit.models import AuditEntry
from cms.kernel.errors import Invalid, NotAllowed


def test_trainings_of_a_year_are_added_up(add, figure):
    add("training", "2016-03-08", people=20)
    add("training", "2016-12-31", people=16, quantity=2)
    add("training", "2017-01-01", people=9)

    assert figure("trainings.sessions") == (3, 2)
    assert figure("trainings.people") == (36, 2)


def test_a_line_taken_back_counts_no_more_and_stays(cms, add, change, figure):
    wrong = add("training", people=360)
    add("training", people=36)
    counter = change(counter_entry, wrong, reason="多写了一个 0")

    assert figure("trainings.people") == (36, 1)
    with cms.reading() as session:
        assert session.scalar(select(func.sum(Entry.people))) == 36
        assert session.get_one(Entry, counter).note == "多写了一个 0"
    for again in (wrong, counter):
        with pytest.raises(NotAllowed):
            change(counter_entry, again, reason="再来一次")


def test_staff_are_those_in_office_on_the_last_day_of_the_year(add, change, figure):
    add("staff", "2014-02-01", "信息中心干事", category="part_time")
    left = add("staff", "2015-01-01", "办公室科员", category="part_time")
    add("staff", "2016-05-01", "信息公开专员", category="full_time", until=date(2016, 12, 31))
    change(end_entry, left, date(2016, 12, 30), source="调动通知")

    assert [figure("staff.part_time", year)[0] for year in (2013, 2014, 2015, 2016)] == [0, 1, 2, 1]
    assert [figure("staff.full_time", year)[0] for year in (2015, 2016, 2017)] == [0, 1, 0]


def test_an_ending_that_is_taken_back_puts_the_line_in_force_again(add, change, figure):
    place = add("point", "2010-01-01", "局档案室")
    ending = change(end_entry, place, date(2015, 6, 30), source="撤并通知")
    assert figure("points.reading", 2016) == (0, 0)
    with pytest.raises(NotAllowed):
        change(end_entry, place, date(2015, 7, 1), source="撤并通知")

    change(counter_entry, ending, reason="没有撤并")
    assert figure("points.reading", 2016) == (1, 1)
    change(end_entry, place, date(2016, 7, 1), source="撤并通知")
    assert figure("points.reading", 2016) == (0, 0)


def test_money_is_kept_to_the_fen(add, figure):
    add("funds", amount=Decimal("1.234567"))
    add("funds", amount=Decimal("0.1"))

    assert figure("funds.special") == (1_334_567, 2)


def test_a_line_of_zero_says_that_there_was_nothing(add, figure):
    add("meeting", subject="本年没有召开", quantity=0, category="work")

    assert figure("meetings.held") == (0, 1)
    assert figure("trainings.sessions") == (0, 0)


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("training", {}, "people"),
        ("training", {"people": -1}, "people"),
        ("training", {"people": 3, "quantity": 0}, "people"),
        ("training", {"people": 3, "quantity": 10_001}, "quantity"),
        ("training", {"people": 3, "day": "2999-01-01"}, "occurred_on"),
        ("training", {"people": 3, "subject": " "}, "subject"),
        ("training", {"people": 3, "source": ""}, "source"),
        ("meeting", {}, "category"),
        ("staff", {"category": "full_time", "until": date(2016, 3, 7)}, "until"),
        ("funds", {}, "amount"),
        ("funds", {"amount": Decimal("0.0000001")}, "amount"),
        ("funds", {"amount": Decimal(-1)}, "amount"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(add, figure, kind, more, field):
    with pytest.raises(Invalid) as refused:
        add(kind, **more)

    assert list(refused.value.errors) == [field]


def test_only_those_who_may_record_do(add, change):
    entry = add("training", people=1)
    editor = Actor(id=None, name="编辑", roles=frozenset({Role.EDITOR}))

    with pytest.raises(NotAllowed):
        add("training", people=1, actor=editor)
    with pytest.raises(NotAllowed):
        change(counter_entry, entry, reason="试试", actor=editor)
    with pytest.raises(NotAllowed):
        change(end_entry, entry, date(2016, 4, 1), source="试试", actor=editor)


def test_every_step_is_in_the_audit_log_without_what_was_written(cms, add, change):
    entry = add("accountability", subject="逾期不答复")
    change(counter_entry, entry, reason="登记错")

    with cms.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "supervision")).all()
    assert [row.action for row in rows] == ["supervision.add", "supervision.counter"]
    assert "逾期" not in str([row.details for row in rows])
