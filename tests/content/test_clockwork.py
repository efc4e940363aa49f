"""One bad item holds up neither the others nor expiry."""

from datetime import timedelta

import pytest

from cms.content.enums import State
from cms.content.events import PublishCheck
from cms.content.worklists import last_remarks
from cms.testing.factories import make_draft, make_published
from cms.web import background


@pytest.fixture
def scheduled(cms, desk, clock):
    """Three items that are due in an hour, the first of them a bad one."""
    numbers = []
    for title in ("坏的", "好的", "也好"):
        number = make_draft(cms, "news", title)
        desk.sign(number)
        desk.schedule(number, clock.now() + timedelta(hours=1))
        numbers.append(number)
    return numbers


def remark(cms, number):
    with cms.reading() as session:
        return last_remarks(session, [number])[number].comment


def states(desk, numbers):
    return [desk.item(one).state for one in numbers]


def test_an_error_in_one_item_stops_nothing_else(cms, desk, drain, clock, scheduled, caplog):
    def fail(check):
        if check.snapshot.title == "坏的":
            raise ZeroDivisionError

    ends = make_published(cms, "news", "会过期", expires_at=clock.now() + timedelta(hours=1))
    cms.bus.subscribe(PublishCheck, fail, owner="test")
    clock.advance(hours=2)
    drain()

    assert states(desk, [*scheduled, ends]) == [State.RETURNED, State.PUBLISHED, State.PUBLISHED, State.EXPIRED]
    assert remark(cms, scheduled[0]) == "定时发布没有完成：系统出错，请联系管理员"
    assert f"item {scheduled[0]} could not be published on schedule" in caplog.text


def test_a_refusal_is_told_in_its_own_words(cms, desk, drain, clock, scheduled):
    def refuse(check):
        if check.snapshot.title == "坏的":
            check.refuse("附件还没有脱敏。")

    cms.bus.subscribe(PublishCheck, refuse, owner="test")
    clock.advance(hours=2)
    drain()

    assert states(desk, scheduled) == [State.RETURNED, State.PUBLISHED, State.PUBLISHED]
    assert remark(cms, scheduled[0]) == "定时发布没有完成：附件还没有脱敏。"


def test_expiry_looks_again_in_its_own_unit_of_work(cms, desk, clock):
    withdrawn, prolonged = (
        make_published(cms, "news", expires_at=clock.now() + timedelta(hours=1)) for _one in range(2)
    )
    desk.withdraw(withdrawn)
    desk.edit(prolonged, expires_at=None)
    desk.sign(prolonged)
    desk.publish(prolonged)
    clock.advance(hours=2)

    # What a search for expired items may have found a moment before.
    for number in (withdrawn, prolonged):
        background._expire(cms, number)

    assert states(desk, [withdrawn, prolonged]) == [State.WITHDRAWN, State.PUBLISHED]
