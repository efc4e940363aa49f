"""Importing notices and local holidays: versions, audit, and whoever keeps due dates is told until it worked."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event, select

from cms.accounts.policy import MACHINE, Role
from cms.audit.models import AuditEntry
from cms.kernel.errors import Invalid, NotAllowed
from cms.testing.factories import make_user
from cms.workdays import services
from cms.workdays.bundled import bundled_notices
from cms.workdays.calendar import CalendarUnknownError
from cms.workdays.events import CalendarChanged
from cms.workdays.models import CalendarNotice, CalendarSettled, LocalHoliday
from cms.workdays.queries import all_notices, load_calendar

pytestmark = pytest.mark.usefixtures("inside")


def calendar_of(cms):
    with cms.reading() as session:
        return load_calendar(session)


def bring(cms, notice, actor=MACHINE):
    with cms.unit_of_work() as uow:
        return services.import_notice(uow, notice, actor=actor).id


@pytest.fixture
def told(cms):
    """Return the years of every CalendarChanged so far."""
    years = []
    cms.bus.subscribe(CalendarChanged, lambda change: years.append(change.years), owner="test")
    return years


def test_an_imported_notice_makes_its_year_known(cms, notice_2027, told):
    with pytest.raises(CalendarUnknownError):
        calendar_of(cms).is_workday(date(2027, 2, 20))

    bring(cms, notice_2027)

    calendar = calendar_of(cms)
    assert calendar.is_workday(date(2027, 2, 20))
    assert not calendar.is_workday(date(2027, 2, 5))
    assert calendar.notice(2027).source == "国办发明电〔2026〕9号"
    assert calendar.is_workday(date(2026, 2, 14)), "the bundled years stay"
    assert told == [(2027,)]


def test_a_newer_notice_supersedes_and_the_older_stays_on_record(cms, notice_2027, told):
    officer = make_user(cms, "li", Role.OFFICER)
    bring(cms, notice_2027, officer)
    longer = replace(notice_2027, source="更正", holidays=notice_2027.holidays | {date(2027, 9, 16): "中秋节"})
    bring(cms, longer, officer)

    assert not calendar_of(cms).is_workday(date(2027, 9, 16))
    with cms.reading() as session:
        rows = all_notices(session)
        assert [(row.version, row.source, row.is_current, row.imported_by_id) for row in rows] == [
            (1, "国办发明电〔2026〕9号", False, officer.id), (2, "更正", True, officer.id),
        ]  # fmt: skip
        assert len(rows[0].days) == len(notice_2027.days)
    assert told == [(2027,), (2027,)]


def test_an_imported_notice_overrides_the_bundled_one(cms, told):
    bundled = next(one for one in bundled_notices() if one.year == 2016)
    changed = replace(bundled, source="本地更正", holidays=bundled.holidays | {date(2016, 3, 8): "妇女节"})
    bring(cms, changed)

    assert not calendar_of(cms).is_workday(date(2016, 3, 8))
    assert told == [(2016,)]


def test_withdrawing_brings_back_what_stood_before(cms, notice_2027, told):
    first = bring(cms, notice_2027)
    second = bring(cms, replace(notice_2027, holidays=notice_2027.holidays | {date(2027, 9, 16): "中秋节"}))

    def withdraw(notice_id, reason="年份有误"):
        with cms.unit_of_work() as uow:
            services.withdraw_notice(uow, uow.session.get_one(CalendarNotice, notice_id), actor=MACHINE, reason=reason)

    with pytest.raises(Invalid):
        withdraw(second, " ")
    with pytest.raises(NotAllowed):
        withdraw(first)
    withdraw(second)
    assert calendar_of(cms).is_workday(date(2027, 9, 16))
    withdraw(first)
    assert not calendar_of(cms).knows(2027)
    assert told == [(2027,)] * 4


@pytest.mark.parametrize(
    ("change", "field", "problem"),
    [
        ({"year": 2007}, "year", "年份应在 2008 到 2100 之间。"),
        ({"source": ""}, "source", "请写明通知的名称和文号。"),
        ({"source": "长" * 201}, "source", "最多 200 个字。"),
        ({"workdays": {date(2027, 3, 3): "春节"}}, "text", "2027-03-03 不是星期六或星期日，不会是调休上班日。"),
        ({"workdays": {date(2027, 10, 2): "国庆节"}}, "text", "2027-10-02 既写了放假又写了上班。"),
        ({"workdays": {date(2026, 11, 28): "元旦"}}, "text", "2026-11-28 不在 2027 年，也不在上年 12 月。"),
        ({"holidays": {date(2027, 1, 1): "元旦"}}, "text", "没有“春节”的安排。"),
        ({"holidays": {date(2027, 1, 1): "元旦"}}, "text", "5月2日（劳动节）没有放假，请核对。"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(cms, notice_2027, told, change, field, problem):
    with pytest.raises(Invalid) as refused:
        bring(cms, replace(notice_2027, **change))
    assert problem in refused.value.errors[field]
    assert told == []


def test_half_a_notice_and_the_same_notice_are_refused(cms, notice_2027):
    bring(cms, notice_2027)

    with pytest.raises(Invalid, match="完全相同"):
        bring(cms, replace(notice_2027, source="又一次"))


def test_every_bundled_notice_would_pass_the_check():
    for notice in bundled_notices():
        services.check_notice(notice)


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OFFICER, Role.SYSTEM_ADMIN}])
def test_others_may_not_change_the_calendar(cms, notice_2027, role):
    person = make_user(cms, "someone", role)

    with pytest.raises(NotAllowed):
        bring(cms, notice_2027, person)
    with pytest.raises(NotAllowed), cms.unit_of_work() as uow:
        services.add_local_holiday(uow, date(2026, 4, 20), name="三月三", source="文件", actor=person)


def add_local(cms, day, name="壮族三月三", source="自治区人民政府令"):
    with cms.unit_of_work() as uow:
        return services.add_local_holiday(uow, day, name=name, source=source, actor=MACHINE).id


def test_local_holidays_come_and_go(cms, told):
    number = add_local(cms, date(2026, 4, 20))
    add_local(cms, date(2026, 4, 19))
    assert not calendar_of(cms).is_workday(date(2026, 4, 20))

    with cms.unit_of_work() as uow:
        services.remove_local_holiday(uow, uow.session.get_one(LocalHoliday, number), actor=MACHINE)

    assert calendar_of(cms).is_workday(date(2026, 4, 20))
    assert told == [(2026,), (2026,), (2026,)], "a Sunday counts too: natural days move off it"


@pytest.mark.parametrize(
    ("given", "field"),
    [({"day": date(2026, 4, 20)}, "day"), ({"day": date(1999, 1, 1)}, "day"),
     ({"name": " "}, "name"), ({"name": "长" * 41}, "name"), ({"source": ""}, "source")],
)  # fmt: skip
def test_local_holidays_are_checked(cms, given, field):
    add_local(cms, date(2026, 4, 20))

    with pytest.raises(Invalid) as refused:
        add_local(cms, **{"day": date(2026, 4, 21), **given})
    assert list(refused.value.errors) == [field]


def test_every_change_is_in_the_audit_log(cms, notice_2027):
    bring(cms, notice_2027)
    number = add_local(cms, date(2027, 4, 9))
    with cms.unit_of_work() as uow:
        services.remove_local_holiday(uow, uow.session.get_one(LocalHoliday, number), actor=MACHINE)
        row = uow.session.scalars(select(CalendarNotice)).one()
        services.withdraw_notice(uow, row, actor=MACHINE, reason="有误")

    with cms.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "workdays")).all()
    assert [entry.action for entry in entries] == [
        "workdays.import", "workdays.add", "workdays.delete", "workdays.withdraw",
    ]  # fmt: skip
    assert entries[0].details == {"years": [2027], "year": 2027, "version": 1, "source": "国办发明电〔2026〕9号"}
    assert entries[2].details["day"] == "2027-04-09"


def test_nobody_is_told_of_what_is_rolled_back(cms, notice_2027, told):
    with pytest.raises(RuntimeError), cms.unit_of_work() as uow:
        services.import_notice(uow, notice_2027, actor=MACHINE)
        assert load_calendar(uow.session).knows(2027)
        raise RuntimeError

    assert told == []
    assert not calendar_of(cms).knows(2027)


def test_calendar_is_loaded_by_two_queries(cms, notice_2027):
    bring(cms, notice_2027)
    add_local(cms, date(2027, 4, 9))
    statements = []
    with cms.reading() as session:
        event.listen(cms.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        load_calendar(session)
    assert sum(statement.startswith("SELECT") for statement in statements) == 2


def test_two_sites_in_one_process_have_calendars_of_their_own(cms, make_app, site, tmp_path, notice_2027):
    import shutil

    other_folder = shutil.copytree(site, tmp_path / "other")
    other = make_app(site=other_folder).extensions["cms"]
    bring(cms, notice_2027)

    assert (calendar_of(cms).knows(2027), calendar_of(other).knows(2027)) == (True, False)


def test_the_leader_tells_until_every_handler_has_succeeded(app, cms, clock, drain, notice_2027, told):
    drain()
    assert told == [tuple(range(2008, 2027))], "a new site settles every year once"
    is_broken = True

    def recompute(_change):
        if is_broken:
            raise ValueError("not now")

    cms.bus._reraise = False
    cms.bus.subscribe(CalendarChanged, recompute, owner="test")
    bring(cms, notice_2027)
    for _minute in range(2):
        clock.advance(minutes=1)
        drain()
    assert told[1:] == [(2027,)] * 3, "after the import, and twice by the leader"

    is_broken = False
    for _minute in range(3):
        clock.advance(minutes=1)
        drain()
    assert told[1:] == [(2027,)] * 4
    with cms.reading() as session:
        assert session.get(CalendarSettled, 2027) is not None


def test_the_leader_notices_a_calendar_that_came_with_a_new_version(cms, clock, drain, told):
    drain()
    with cms.unit_of_work() as uow:
        uow.session.get_one(CalendarSettled, 2026).digest = "as it was before the upgrade"
        uow.session.add(CalendarSettled(year=2030, digest="of a year that is gone"))
    clock.advance(minutes=1)
    drain()

    assert told[1:] == [(2026, 2030)]
    clock.advance(minutes=1)
    drain()
    assert told[2:] == []
