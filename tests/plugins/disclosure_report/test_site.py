"""What citizens see: frozen reports, and the records behind their numbers."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cms_plugins.disclosure_report.reports import public_codes
from sqlalchemy import select

from cms.accounts.policy import MACHINE
from cms.content import services
from cms.content.models import Content
from cms.registers.models import Tally
from cms.registers.services import counter_entry
from cms.testing.factories import make_published

ORGAN = "衡山县民政局"


@pytest.fixture
def item(app, cms):
    with app.app_context():
        return make_published(cms, "news", "敬老院活动", at=datetime(2016, 4, 5, tzinfo=UTC), issuer=ORGAN)


@pytest.fixture
def published(item, frozen):
    """Freeze the report of 2016 with one news item."""


def test_nothing_is_public_before_it_is_frozen(client, complete):
    assert "还没有公布的年度报告" in client.get("/reports/").text
    for path in ("/reports/2016/", "/reports/2016/report.txt", "/reports/2016/figures/site.items"):
        assert client.get(path).status_code == 404


def test_report_and_its_files(client, published):
    listed = client.get("/reports/").text
    page = client.get("/reports/2016/")

    assert '<a href="/reports/2016/">衡山县民政局2016年政府信息公开工作年度报告</a>' in listed
    assert '主动公开政府信息<a class="report-figure" href="/reports/2016/figures/site.items">1</a>条' in page.text
    assert "八、需要说明的事项与附表" in page.text
    assert "政府信息公开情况统计表（2016年度）" in page.text
    assert re.search(r"<code>[0-9a-f]{64}</code>", page.text)
    assert client.get("/reports/2016/report.txt").text.startswith("衡山县民政局2016年政府信息公开工作年度报告\n")
    assert client.get("/reports/2016/report.json").json["figures"]["site.items"]["value"] == 1


def test_every_link_of_the_report_leads_to_as_many_records_as_it_says(client, published):
    page = client.get("/reports/2016/").text
    links = dict(re.findall(r'href="(/reports/2016/figures/[^"]+)">(\d+)</a>', page))

    assert {f"/reports/2016/figures/{code}" for code in ("site.items", "push.upper", "consultations.total")} <= {*links}
    for path, number in links.items():
        behind = client.get(path)
        assert behind.status_code == 200, path
        assert f"<strong>{number}</strong>" in behind.text, path


def test_list_links_items_that_are_still_there(cms, client, published, item):
    page = client.get("/reports/2016/figures/news.items").text
    assert re.search(rf'<a href="/[a-z/]+/{item}\.html">敬老院活动</a>', page)

    with cms.unit_of_work() as uow:
        services.withdraw(uow, uow.session.get_one(Content, item), actor=MACHINE, reason="内容更新")

    page = client.get("/reports/2016/figures/news.items").text
    assert "<td>敬老院活动</td>" in page


def test_list_of_tallies_shows_no_sources(client, published):
    page = client.get("/reports/2016/figures/consultations.onsite").text

    assert "<td>现场</td>" in page
    assert "登记簿第1页" not in page


def test_record_corrected_after_freezing_keeps_its_place(cms, client, published):
    with cms.unit_of_work() as uow:
        line = uow.session.scalars(select(Tally).where(Tally.metric == "letters.leader_mailbox")).one()
        counter_entry(uow, line, actor=MACHINE, reason="误登")
        uow.session.flush()
        uow.session.delete(uow.session.scalars(select(Tally).where(Tally.corrects_id == line.id)).one())
        uow.session.flush()
        uow.session.delete(line)

    page = client.get("/reports/2016/figures/letters.leader_mailbox").text
    assert "<strong>5</strong>" in page
    assert "（该记录已撤回或更正）" in page
    assert "其中 1 条在报告固化后被撤回或更正" in page


def test_figures_that_are_not_public_or_not_there(client, published):
    for code in ("S2.1", "S1.1", "nothing"):
        assert client.get(f"/reports/2016/figures/{code}").status_code == 404
    assert client.get("/reports/2016/figures/news.items?page=2").status_code == 404


def test_list_that_is_for_the_desk_only_is_not_linked(app, cms, report_of):
    report = report_of()
    number = report.figures["site.items"]
    hidden = replace(report, figures={**report.figures, "site.items": replace(number, is_public=False)})

    assert "site.items" in public_codes(report, cms.contributions.figures)
    assert "site.items" not in public_codes(hidden, cms.contributions.figures)
