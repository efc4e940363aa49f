"""Erasing: personal data go when their time is over, what figures need stays."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cms.accounts.policy import MACHINE, Role
from cms.api import Invalid, NotAllowed, Subject, accesses_of, erase, hold, keep_file, seal_into
from cms.audit.models import AuditEntry
from cms.personal.models import SealedFile
from cms.personal.retention import years_before
from cms.testing.factories import make_user

PERSON = {"name": "王小明", "id_number": "11010519491231002X"}


@pytest.fixture
def rule(cms):
    return cms.contributions.retentions["visits.visitor"]


@pytest.fixture
def add(cms, visits):
    def make(closed_on, *, held=False):
        with cms.unit_of_work() as uow:
            visit = visits.Visit(outcome="予以公开", closed_on=closed_on, remark="王小明来过", legal_hold=held)
            seal_into(cms.keyring, visit, visits.Visit.personal, PERSON)
            uow.session.add(visit)
            uow.session.flush()
            keep_file(
                uow, cms.sealed_files, subject=Subject("visit", visit.id), purpose="identity",
                filename="身份证.txt", content="王小明".encode(),
            )  # fmt: skip
            return visit.id

    return make


def state(cms, visits, key):
    with cms.reading() as session:
        visit = session.get_one(visits.Visit, key)
        files = session.query(SealedFile).filter_by(subject_id=str(key)).count()
        return visit.personal != "", visit.id_print != "", visit.remark, files


HELD, GONE = (True, True, "王小明来过", 1), (False, False, "", 0)


def test_what_is_due_is_erased_and_the_rest_stays(cms, site, visits, add, drain):
    due, today, later, open_, held = (
        add(date(2011, 5, 31)), add(date(2011, 6, 1)), add(date(2011, 6, 2)), add(None), add(date(2001, 1, 1), held=True)
    )  # fmt: skip

    drain()

    assert state(cms, visits, due) == state(cms, visits, today) == GONE
    assert state(cms, visits, later) == state(cms, visits, open_) == state(cms, visits, held) == HELD
    assert len([file for file in (site / "sealed").rglob("*") if file.is_file()]) == 3
    with cms.reading() as session:
        visit = session.get_one(visits.Visit, due)
        assert (visit.outcome, visit.closed_on, visit.erased_at) == ("予以公开", date(2011, 5, 31), cms.clock.now())


def test_erasing_is_recorded_without_personal_values(cms, visits, add, drain):
    key = add(date(2011, 5, 31))
    drain()
    cms.clock.advance(hours=2)
    drain()

    with cms.reading() as session:
        entry = session.query(AuditEntry).filter_by(action="personal.erase").one()
        assert (entry.actor_id, entry.subject_type, entry.subject_id) == (None, "visit", str(key))
        assert entry.details == {"rule": "visits.visitor", "reason": "due", "files": 1}
        assert "王小明" not in str(session.execute(text("SELECT * FROM audit_entry")).all())


def test_record_that_fails_does_not_keep_the_others(cms, visits, add, drain, site):
    first, second = add(date(2001, 1, 1)), add(date(2001, 1, 1))
    with cms.engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER broken BEFORE UPDATE ON visits__visit WHEN old.id = {first} "
            "BEGIN SELECT RAISE(ABORT, 'broken'); END"
        )

    drain()

    assert state(cms, visits, first) == HELD
    assert state(cms, visits, second) == GONE


def test_held_record_is_erased_after_its_release(cms, visits, rule, add, drain):
    key, officer = add(date(2001, 1, 1)), make_user(cms, "zhuanyuan", Role.OFFICER)

    def set_hold(*, held, why, actor=officer):
        with cms.unit_of_work() as uow:
            hold(uow, rule, uow.session.get_one(visits.Visit, key), actor=actor, held=held, why=why)

    with pytest.raises(Invalid):
        set_hold(held=True, why=" ")
    with pytest.raises(NotAllowed):
        set_hold(held=True, why="诉讼", actor=make_user(cms, "bianji", Role.EDITOR))
    set_hold(held=True, why="诉讼")
    drain()
    assert state(cms, visits, key) == HELD

    set_hold(held=False, why="诉讼终结")
    cms.clock.advance(hours=2)
    drain()
    assert state(cms, visits, key) == GONE
    with cms.reading() as session:
        actions = [entry.action for entry in session.query(AuditEntry).filter_by(subject_type="visit")]
    assert actions == ["personal.hold", "personal.release", "personal.erase"]


def test_officer_erases_on_request_but_not_what_is_held(cms, visits, rule, add):
    free, held, officer = add(None), add(None, held=True), make_user(cms, "zhuanyuan", Role.OFFICER)

    def now(key, actor=officer):
        with cms.unit_of_work() as uow:
            erase(uow, cms.sealed_files, rule, uow.session.get_one(visits.Visit, key), actor=actor, reason="request")

    now(free)
    now(free)
    with pytest.raises(NotAllowed, match="设为保留"):
        now(held)
    with pytest.raises(NotAllowed):
        now(held, make_user(cms, "bianji", Role.EDITOR))

    assert state(cms, visits, free) == GONE
    assert state(cms, visits, held) == HELD
    with cms.reading() as session:
        assert session.query(AuditEntry).filter_by(action="personal.erase").count() == 1


def test_who_saw_an_erased_record_is_still_known(cms, visits, rule, add, sign_in, drain):
    key = add(date(2011, 5, 31))
    sign_in(Role.OFFICER).get(f"/desk/visits/{key}?why=办理")
    drain()

    with cms.reading() as session:
        assert [line.access.fields for line in accesses_of(session, Subject("visit", key))] == [["name"]]


def test_overview_counts_what_each_rule_concerns(visits, add, sign_in):
    for day in (date(2011, 5, 31), date(2016, 5, 31), None):
        add(day)
    add(date(2001, 1, 1), held=True)

    page = sign_in(Role.OFFICER).get("/desk/access/retention").text

    assert [f">{number}<" in page for number in ("5 年", 4, 1)] == [True, True, True]
    cells = page.split("来访人信息")[1].split("</tr>")[0]
    assert cells.index("5 年") < cells.index(">4<") < cells.index(">1<")
    assert "访问记录" not in page


def test_auditor_sees_the_overview_and_editors_do_not(visits, sign_in):
    assert "访问记录" in sign_in(Role.AUDIT_ADMIN).get("/desk/access/retention").text
    assert sign_in(Role.EDITOR).get("/desk/access/retention").status_code == 403


def test_file_of_an_unknown_kind_is_not_kept(cms, visits, site):
    with pytest.raises(Invalid) as refused, cms.unit_of_work() as uow:
        keep_file(
            uow, cms.sealed_files, subject=Subject("visit", 1), purpose="identity", filename="a.txt",
            content=b"x" * 1_000_001, max_mb=1,
        )  # fmt: skip
    assert refused.value.errors == {"file": ["文件超过 1 MB 的上限。"]}
    assert not (site / "sealed").exists()


def test_files_of_a_form_that_was_rolled_back_are_found_as_strays(cms, visits, site, drain):
    import os

    with pytest.raises(RuntimeError), cms.unit_of_work() as uow:
        keep_file(
            uow, cms.sealed_files, subject=Subject("visit", 1), purpose="identity", filename="a.txt", content=b"abc"
        )
        raise RuntimeError("the form was wrong")
    (stray,) = [file for file in (site / "sealed").rglob("*") if file.is_file()]
    long_ago = cms.clock.now().timestamp() - 10**6
    os.utime(stray, (long_ago, long_ago))

    drain()

    assert not stray.exists()


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 100))
def test_years_before_is_the_same_day_or_the_last_of_february(day, years):
    before = years_before(day, years)

    assert before.year == day.year - years
    assert (before.month, before.day) in {(day.month, day.day), (2, 28)}
    assert before.month == day.month


def test_retention_without_years_keeps_for_ever(cms, visits, rule, add):
    from dataclasses import replace

    from cms.personal.retention import due_ids

    add(date(1990, 1, 1))
    with cms.reading() as session:
        assert len(due_ids(session, rule, date(2016, 6, 1))) == 1
        assert due_ids(session, replace(rule, years=0), date(2016, 6, 1)) == []
        assert due_ids(session, replace(rule, years=lambda _session: 30), date(2016, 6, 1)) == []


def test_machine_may_erase(cms, visits, rule, add):
    key = add(None)
    with cms.unit_of_work() as uow:
        erase(uow, cms.sealed_files, rule, uow.session.get_one(visits.Visit, key), actor=MACHINE, reason="request")

    assert state(cms, visits, key) == GONE
