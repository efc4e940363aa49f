"""Matters that one register hands to another, without knowing it."""

from datetime import date

import pytest
from sqlalchemy import select

from cms.accounts.policy import MACHINE
from cms.kernel.errors import Conflict
from cms.personal.handovers import (
    HandOver,
    HandOverInput,
    hand_over,
    hand_over_of,
    take_up,
    waiting_hand_overs,
    withdraw_hand_over,
)

WRITER = {"name": "王小明", "phone": "13800138000"}


@pytest.fixture
def give(cms):
    def give(**changes):
        values = {
            "target": "application", "origin": "letter", "origin_id": 7, "number": "XJ2016-00007",
            "title": "请公开低保名单", "received_on": date(2016, 5, 30), "occurred_on": date(2016, 6, 1),
            "personal": WRITER,
        }  # fmt: skip
        with cms.unit_of_work() as uow:
            return hand_over(uow, cms.keyring, HandOverInput(**values | changes), actor=MACHINE).id

    return give


def test_what_is_handed_over_waits_for_its_target_alone(cms, give):
    later, earlier = give(), give(number="XJ2016-00003", occurred_on=date(2016, 5, 31))
    give(target="petition")

    with cms.reading() as session:
        assert [row.id for row in waiting_hand_overs(session, "application")] == [earlier, later]


def test_the_writer_is_sealed_and_can_be_opened_by_whoever_takes_it_up(cms, give):
    give()

    with cms.reading() as session:
        row = session.scalars(select(HandOver)).one()
        assert "王小明" not in row.personal
        assert cms.keyring.open(row.personal, HandOver.personal) == WRITER


def test_a_matter_is_taken_up_once_and_its_register_can_tell_as_what(cms, give):
    number = give()
    with cms.unit_of_work() as uow:
        take_up(uow, uow.session.get_one(HandOver, number), "依申请2016-0004", actor=MACHINE)

    with cms.reading() as session:
        assert waiting_hand_overs(session, "application") == []
        assert session.get_one(HandOver, number).personal == ""
        assert hand_over_of(session, "letter", 7).taken_as == "依申请2016-0004"
    with pytest.raises(Conflict), cms.unit_of_work() as uow:
        take_up(uow, uow.session.get_one(HandOver, number), "依申请2016-0005", actor=MACHINE)


def test_a_matter_that_was_taken_back_holds_nothing_personal(cms, give):
    number = give()
    with cms.unit_of_work() as uow:
        withdraw_hand_over(uow, uow.session.get_one(HandOver, number), actor=MACHINE)

    with cms.reading() as session:
        assert session.get_one(HandOver, number).personal == ""
        assert waiting_hand_overs(session, "application") == []
