"""open → approved → frozen: who, when, and that a frozen report never changes."""

import hashlib
import json

import pytest
from cms_plugins.disclosure_report import lifecycle, reports
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.models import State
from cms_plugins.disclosure_report.snapshot import BrokenSnapshotError
from sqlalchemy import select

from cms.accounts.policy import MACHINE, Role
from cms.audit.models import AuditEntry
from cms.kernel.errors import Conflict, NotAllowed
from cms.registers.models import Tally
from cms.registers.services import counter_entry
from cms.settings.services import SiteSettings, save
from cms.testing.factories import make_user


@pytest.fixture
def step(cms):
    def step(name, actor=MACHINE):
        with cms.unit_of_work() as uow:
            if name == "reopen":
                lifecycle.reopen(uow, lifecycle.get(uow.session, 2016), actor=actor)
            else:
                getattr(reports, name)(uow, cms.contributions.figures, formats(), 2016, actor=actor)
            return lifecycle.get(uow.session, 2016)

    return step


@pytest.fixture
def now(cms):
    def now():
        with cms.reading() as session:
            return reports.current(session, cms.contributions.figures, formats(), 2016)

    return now


def test_year_is_opened_once_and_not_before_it_begins(cms, form, opened):
    with pytest.raises(Conflict, match="2016 年度报告已建立"), cms.unit_of_work() as uow:
        lifecycle.open_report(uow, 2016, form, actor=MACHINE)
    with pytest.raises(NotAllowed, match="2017 年还没有开始"), cms.unit_of_work() as uow:
        lifecycle.open_report(uow, 2017, form, actor=MACHINE)


def test_contradiction_forbids_approval(complete, enter, step):
    enter("S2.2.1a", 1)

    with pytest.raises(NotAllowed, match=r"S2\.2\.1a .*大于 S2\.2\.1 "):
        step("approve")


def test_missing_values_do_not_forbid_approval(opened, step):
    assert step("approve").state is State.APPROVED


def test_approval_can_be_taken_back(complete, enter, step):
    step("approve")
    with pytest.raises(NotAllowed, match="不能再修改"):
        enter("S9.1", 3)

    step("reopen")
    enter("S9.1", 3)


def test_freezing_comes_after_approval_and_after_the_year(complete, step, clock):
    with pytest.raises(NotAllowed, match="状态不允许"):
        step("freeze")
    step("approve")
    with pytest.raises(NotAllowed, match="统计期限尚未结束"):
        step("freeze")
    clock.advance(days=213)
    with pytest.raises(NotAllowed, match="统计期限尚未结束"):
        step("freeze")
    clock.advance(days=1)
    assert step("freeze").state is State.FROZEN


@pytest.mark.parametrize("name", ["approve", "reopen", "freeze"])
def test_steps_need_the_permission(cms, complete, step, name):
    with pytest.raises(NotAllowed, match="没有这项操作的权限"):
        step(name, actor=make_user(cms, "editor", Role.EDITOR))


def test_frozen_report_is_stable(app, cms, frozen, now, tally, step, clock):
    before = now()
    assert (before.state, before.report.figures["letters.leader_mailbox"].value) == (State.FROZEN, 5)

    tally("letters.leader_mailbox", 9)
    with cms.unit_of_work() as uow:
        counter_entry(uow, uow.session.scalars(select(Tally)).first(), actor=MACHINE, reason="误登")
        save(uow, SiteSettings(site_name="改名网站", organ_name="改名局"))
    for name in ("approve", "reopen", "freeze"):
        with pytest.raises(NotAllowed):
            step(name)

    assert now() == before
    assert before.records["letters.leader_mailbox"] == ((1, 5),)


def test_snapshot_is_sealed_by_its_sha256(cms, frozen, now):
    with cms.reading() as session:
        row = lifecycle.get(session, 2016)
        assert row.digest == hashlib.sha256(row.snapshot.encode()).hexdigest() == now().digest
        kept = json.loads(row.snapshot)
        audited = session.scalars(select(AuditEntry).where(AuditEntry.action == "report.freeze")).one()
    assert kept["report"]["figures"]["letters.leader_mailbox"]["value"] == "5"
    assert kept["records"]["consultations.onsite"] == kept["records"]["consultations.total"] == "2:3"
    assert audited.details["sha256"] == row.digest


def test_tampered_snapshot_is_refused(cms, frozen, now):
    with cms.unit_of_work() as uow:
        row = lifecycle.get(uow.session, 2016)
        row.snapshot = row.snapshot.replace('"value":"5"', '"value":"6"')

    with pytest.raises(BrokenSnapshotError, match="2016 年度报告的固化内容校验不符"):
        now()
