"""The publication clock (条例 art. 26): what is due when, what was late, and what waits beyond its limit."""

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from cms.accounts.policy import MACHINE, Role
from cms.audit.models import AuditEntry
from cms.catalogue.clock import PublicationClock
from cms.catalogue.standard import RowInput, save_row
from cms.catalogue.standard_rows import row_numbered
from cms.content import publishing
from cms.content.enums import Exclusion
from cms.content.models import Content
from cms.content.services import withdraw
from cms.figures.figure import Period
from cms.testing.factories import make_draft, make_published
from cms.web.background import recount_clocks
from cms.workdays.services import add_local_holiday

YEAR = Period.year(2016)


def figure(cms, code, period=YEAR):
    with cms.reading() as session:
        found = cms.contributions.figures.require(code)
        assert found.value(session, period) == found.size(session, period)
        return [row["title"] for row in found.rows(session, period)]


def due(cms, number):
    with cms.reading() as session:
        return session.get_one(PublicationClock, number).due_on


@pytest.fixture
def short_row(cms):
    """A row of the standard catalogue whose limit is 10 working days; its code."""
    given = RowInput(domain="社会救助领域", serial=1, first="临时救助", elements="名单", limit_days=10)
    with cms.unit_of_work() as uow:
        return save_row(uow, None, given, actor=MACHINE).code


def test_an_item_is_due_twenty_working_days_after_it_was_formed_or_sooner_by_its_row(cms, publish, settle, short_row):
    days = {
        "2016-03-10": date(2016, 4, 8), "2016-09-28": date(2016, 10, 31), "2015-12-31": date(2016, 1, 29),
        # Before the regulation was in force there was no limit.
        "2008-04-30": None,
    }  # fmt: skip
    numbers = {day: publish(f"成文于 {day}", formed=day, at=(2016, 12, 1)) for day in days}
    short = publish("名单", formed="2016-03-10", at=(2016, 3, 28), catalogue={"standard_code": short_row})
    # Without a day it was formed when it became public.
    undated = make_published(cms, "news", "没有成文日期", at=datetime(2016, 3, 10, 4, tzinfo=UTC))
    settle()

    assert {day: due(cms, number) for day, number in numbers.items()} == days
    assert due(cms, short) == date(2016, 3, 24)
    assert due(cms, undated) == date(2016, 4, 8)


def test_the_last_day_is_in_time_and_the_next_one_is_late(cms, publish, settle, short_row):
    publish("到期日公开", formed="2016-03-10", at=(2016, 4, 8))
    publish("次日公开", formed="2016-03-10", at=(2016, 4, 9))
    publish("名单", formed="2016-03-10", at=(2016, 3, 28), catalogue={"standard_code": short_row})
    settle()

    assert figure(cms, "catalogue.published") == ["名单", "到期日公开", "次日公开"]
    assert figure(cms, "catalogue.late") == ["名单", "次日公开"]
    assert figure(cms, "catalogue.late", Period.year(2015)) == []


def test_changing_the_limit_of_a_row_reckons_its_items_anew(cms, publish, settle, short_row):
    number = publish("名单", formed="2016-03-10", at=(2016, 3, 28), catalogue={"standard_code": short_row})
    settle()
    with cms.unit_of_work() as uow:
        row = row_numbered(uow.session, "社会救助领域", 1)
        given = RowInput(domain="社会救助领域", serial=1, first="临时救助", elements="名单", limit_days=15)
        save_row(uow, row, given, actor=MACHINE)
    settle()

    assert due(cms, number) == date(2016, 3, 31)
    assert figure(cms, "catalogue.late") == []


def test_documents_of_other_organs_and_mistakes_do_not_count(cms, publish, settle):
    publish("转载", formed="2016-01-04", at=(2016, 5, 1), source="县政府")
    mistaken = publish("误发的", formed="2016-01-04", at=(2016, 5, 2))
    make_published(
        cms, "news", "上级文件", at=datetime(2016, 5, 1, tzinfo=UTC), issuer="民政部",
        catalogue={"formed_on": "2016-01-04"},
    )  # fmt: skip
    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, mistaken)
        withdraw(uow, content, actor=MACHINE, reason="误发", exclusion=Exclusion.MISTAKE)
    settle()

    assert figure(cms, "catalogue.late") == ["转载"]


def test_a_new_holiday_moves_what_is_due_and_says_so(cms, publish, settle):
    number = publish("公告", formed="2016-03-10", at=(2016, 4, 9))
    settle()
    with cms.unit_of_work() as uow:
        add_local_holiday(uow, date(2016, 3, 21), name="地方节日", source="县政府通知", actor=MACHINE)
    recount_clocks(cms)

    assert due(cms, number) == date(2016, 4, 11)
    assert figure(cms, "catalogue.late") == []
    with cms.reading() as session:
        entry = session.query(AuditEntry).filter_by(action="catalogue.due").one()
        assert (entry.details["old"], entry.details["new"]) == ("2016-04-08", "2016-04-11")


def test_drafts_wait_visibly_once_their_limit_has_passed(cms, settle, sign_in, clock):
    make_draft(cms, "news", "尚在期限内", issuer="衡山县民政局", catalogue={"formed_on": "2016-05-20"})
    late = make_draft(cms, "news", "已经过期", issuer="衡山县民政局", catalogue={"formed_on": "2016-04-25"})
    make_draft(cms, "news", "别人的", issuer="民政部", catalogue={"formed_on": "2016-04-25"})
    settle()
    officer = sign_in(Role.OFFICER)

    page = officer.get("/desk/catalogue").text
    assert re.findall(r'class="table-title" href="[^"]*">([^<]*)<', page) == ["已经过期"]
    assert "2016-05-24" in page
    assert "6 个工作日" in page
    assert page.count("第 20 日") == 1
    assert "1 条信息超过期限还没有公开" in officer.get("/desk/").text

    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, late)
        revision = publishing.get_revision(uow, content.latest_revision_id)
        publishing.apply_revision(
            uow, cms.types.require("news"), content, revision, actor=MACHINE, is_own=True, effective_at=uow.clock.now()
        )
    settle()
    assert "没有逾期的信息" in officer.get("/desk/catalogue").text
    assert "已经过期" in officer.get("/desk/catalogue?view=late&year=2016").text
    assert figure(cms, "catalogue.late") == ["已经过期"]


def test_the_late_list_can_be_narrowed_and_costs_a_bounded_number_of_queries(cms, publish, settle, sign_in):
    for n in range(25):
        publish(f"逾期 {n}", formed="2016-01-04", at=(2016, 5, 1))
    publish("上年逾期", formed="2015-01-05", at=(2015, 5, 4))
    settle()
    officer = sign_in(Role.OFFICER)

    statements = []
    event.listen(cms.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    page = officer.get("/desk/catalogue?view=late&year=2016&page=2").text

    assert page.count('class="table-title"') == 5
    assert len([one for one in statements if one.startswith("SELECT")]) <= 25
    assert "上年逾期" in officer.get("/desk/catalogue?view=late&year=2015").text
    assert "没有逾期的信息" in officer.get("/desk/catalogue?view=late&year=2016&department=999").text
