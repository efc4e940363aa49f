"""The disclosure entrance: its blocks, the generated guide, the clauses, the catalogue and its files."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html
from sqlalchemy import event, insert, select

from cms.accounts.policy import MACHINE, Role
from cms.audit.models import AuditEntry
from cms.catalogue.disclosure import TAB, DisclosureSettings
from cms.catalogue.models import CatalogueEntry
from cms.content.enums import Origin, State
from cms.content.models import Content
from cms.kernel.errors import Invalid
from cms.settings.services import SiteSettings, change, load, save
from cms.testing.factories import make_published, make_section, section_of
from cms.web.doctor import examine

FULL = DisclosureSettings(
    office="局办公室",
    address="开云镇",
    hours="工作日",
    phone="0734-5812345",
    fax="0734-5812346",
    email="a@example.gov.cn",
)


@pytest.fixture
def get(client):
    def read(path, code=200):
        answer = client.get(path)
        assert answer.status_code == code, path
        return html.document_fromstring(answer.text)

    return read


def store(cms, settings):
    with cms.unit_of_work() as uow:
        save(uow, settings)


def texts(tree, path):
    return [" ".join(one.text_content().split()) for one in tree.xpath(path)]


def publish(cms, title, **catalogue):
    return make_published(cms, "notice", title, summary=f"{title}概述", catalogue=catalogue)


def test_blocks_follow_the_order_of_the_office_and_what_is_enabled(cms, get):
    make_section(cms, "zd", "管理制度", default_type="page")
    with cms.unit_of_work() as uow:
        from cms.sections.queries import tree

        tree(uow.session).by_path["zd"].column_type = "信息公开制度"
    store(cms, replace(FULL, order=("依申请公开", "法定主动公开内容")))

    blocks = {one.get("aria-label"): one for one in get("/zwgk/").xpath("//section[contains(@class, 'zwgk-block')]")}

    offered = {one.block for one in cms.contributions.entrances}
    wanted = ["依申请公开", "法定主动公开内容", "政府信息公开指南", "政府信息公开制度", "政府信息公开年报"]
    missing = {"依申请公开"} - ({"依申请公开"} if "apply" in offered else set())
    missing |= set() if "reports" in offered else {"政府信息公开年报"}
    assert list(blocks) == [one for one in wanted if one not in missing]
    assert "/zd/" in blocks["政府信息公开制度"].xpath(".//a/@href")
    assert texts(blocks["政府信息公开指南"], ".//dd")[:3] == ["局办公室", "开云镇", "工作日"]


def test_a_block_that_does_not_exist_is_refused(cms):
    with cms.unit_of_work() as uow, pytest.raises(Invalid) as refused:
        change(uow, TAB, DisclosureSettings(order=("新闻",)), actor=MACHINE)

    assert list(refused.value.errors) == ["order"]


def test_menu_has_the_entrance_once_whether_or_not_a_section_has_its_address(cms, get):
    links = "//nav[@aria-label='主导航']/ul/li/a[@href='/zwgk/']"
    assert texts(get("/"), links) == ["政府信息公开"]

    make_section(cms, "zwgk", "信息公开专栏", default_type="page")

    assert texts(get("/"), links) == ["信息公开专栏"]
    assert texts(get("/zwgk/"), "//h1") == ["信息公开专栏"]


def test_pages_of_the_entrance_cannot_be_taken_by_sections(cms):
    make_section(cms, "zwgk", "信息公开专栏")

    with pytest.raises(Invalid):
        make_section(cms, "zwgk/guide", "指南")


@pytest.mark.parametrize(
    ("day", "limit"), [(datetime(2016, 6, 1, tzinfo=UTC), 15), (datetime(2026, 6, 1, tzinfo=UTC), 20)]
)
def test_guide_tells_the_limits_of_the_edition_in_force(cms, clock, get, day, limit):
    clock.at = day
    store(cms, replace(FULL, channels=("县图书馆查阅点",), supervisor="县政府办公室"))

    said = get("/zwgk/guide/").xpath("//article")[0].text_content()

    assert f"自收到申请之日起 {limit} 个工作日内答复" in said
    for fact in ("局办公室", "0734-5812346", "a@example.gov.cn", "县图书馆查阅点", "县政府办公室"):
        assert fact in said
    assert ("信息处理费" in said) == (day.year > 2020)


def guide_check(cms):
    return next((one.level.value, one.message) for one in examine(cms) if one.id == "guide")


def test_guide_is_confirmed_by_the_officer_and_goes_stale_with_the_settings(cms, app, sign_in, get):
    assert guide_check(cms)[0] == "warn"
    store(cms, FULL)
    officer = sign_in(Role.OFFICER)
    app.config["WTF_CSRF_ENABLED"] = False
    assert guide_check(cms) == ("warn", "还没有人核对过")

    def confirm():
        page = html.document_fromstring(officer.get("/desk/guide").text)
        return officer.post("/desk/guide/confirm", data={"digest": page.xpath("//input[@name='digest']/@value")[0]})

    confirm()
    assert guide_check(cms)[0] == "ok"
    assert "最近核对" in get("/zwgk/guide/").text_content()
    store(cms, replace(FULL, fax="0734-5810000"))
    assert guide_check(cms)[0] == "warn"
    changes = html.document_fromstring(officer.get("/desk/guide").text)
    assert any("0734-5810000" in one for one in texts(changes, "//ins"))
    assert any("0734-5812346" in one for one in texts(changes, "//del"))
    officer.post("/desk/guide/confirm", data={"digest": "another"})
    assert guide_check(cms)[0] == "warn"
    confirm()
    assert guide_check(cms)[0] == "ok"
    with cms.reading() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "guide.confirm")).all()) == 2


def test_clauses_list_their_public_items_only(cms, get):
    shown = publish(cms, "低保标准", catalog_node="20.11")
    publish(cms, "内部事项", catalog_node="20.11", openness="on_request")
    publish(cms, "预算", catalog_node="20.07")

    counts = texts(get("/zwgk/content/"), "//ol[contains(@class, 'zwgk-clauses')]/li/span")
    assert len(counts) == 16
    assert (counts[10], counts[6], counts[0]) == ("1 条", "1 条", "0 条")
    tree = get("/zwgk/content/20.11/")
    assert [one.rpartition("/")[2] for one in tree.xpath("//a[@class='items-title']/@href")] == [f"{shown}.html"]
    get("/zwgk/content/20.99/", 404)
    get("/zwgk/content/20.11/?page=2", 404)


def test_catalogue_shows_the_columns_of_the_law_and_narrows_by_links(cms, get):
    publish(cms, "低保标准", catalog_node="20.11", doc_kind="通知", formed_on="2015-03-02", doc_no="衡民发〔2015〕2号")
    publish(cms, "预算", catalog_node="20.07", doc_kind="公告", formed_on="2016-01-02", subject="财政")

    tree = get("/zwgk/catalogue/")
    heads = texts(tree, "//th")
    assert heads == ["索引号", "名称", "内容概述", "生成日期", "文号", "公开日期", "发布机构"]
    row = dict(zip(heads, texts(tree, "//tbody/tr[td/a='低保标准']/td"), strict=True))
    assert (row["内容概述"], row["生成日期"], row["文号"]) == ("低保标准概述", "2015-03-02", "衡民发〔2015〕2号")
    assert row["索引号"]
    (path,) = tree.xpath("//nav[contains(@class, 'facets')]//a[starts-with(normalize-space(), '2015 年')]/@href")
    narrowed = get(path)
    assert texts(narrowed, "//tbody/tr/td[2]") == ["低保标准"]
    assert narrowed.xpath("//ul[contains(@class, 'zwgk-chosen')]//a/@href") == ["/zwgk/catalogue/"]
    assert texts(get("/zwgk/catalogue/?clause=20.07&kind=通知"), "//tbody/tr") == []
    assert len(get("/zwgk/catalogue/?year=²&subject=").xpath("//tbody/tr")) == 2
    get("/zwgk/catalogue/?page=2", 404)


def test_files_hold_what_was_asked_for_and_no_formula(cms, client):
    from openpyxl import load_workbook

    publish(cms, "=1+1", catalog_node="20.11", formed_on="2015-03-02")
    publish(cms, "预算", catalog_node="20.07", formed_on="2016-03-02")

    rows = list(csv.reader(io.StringIO(client.get("/zwgk/catalogue/catalogue.csv?year=2015").text.lstrip("\ufeff"))))
    assert [row[1] for row in rows] == ["名称", "'=1+1"]
    sheet = load_workbook(io.BytesIO(client.get("/zwgk/catalogue/catalogue.xlsx").data)).active
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert (cells["=1+1"], cells["预算"]) == ("s", "s")


def fill(cms, number):
    """Publish notices below the services, because thousands through them take minutes."""
    begin, section_id = datetime(2016, 1, 1, tzinfo=UTC), section_of(cms, "notice")
    with cms.unit_of_work() as uow:
        uow.session.execute(insert(Content), [
            {
                "id": n, "type": "notice", "section_id": section_id, "title": f"通知 {n}", "summary": "", "body": "",
                "keywords": [], "source": "", "issuer": "", "state": State.PUBLISHED, "origin": Origin.IMPORT,
                "review_step": 0, "live_revision_id": n, "latest_revision_id": n, "attention": [], "lock_version": 1,
                "created_at": begin, "updated_at": begin, "first_published_at": begin, "published_at": begin,
            }
            for n in range(1, number + 1)
        ])  # fmt: skip
        uow.session.execute(insert(CatalogueEntry), [
            {
                "content_id": n, "index_no": f"X/{n}", "doc_no": "", "doc_kind": "通知", "subject": f"主题{n % 90}",
                "catalog_node": "20.11", "formed_on": begin.date(), "openness": "public", "denial_ground": "",
                "channels": [],
            }
            for n in range(1, number + 1)
        ])  # fmt: skip


@pytest.mark.parametrize("number", [100, 2000])
def test_pages_cost_at_most_eight_queries(cms, client, number):
    fill(cms, number)
    paths = [
        "/zwgk/", "/zwgk/guide/", "/zwgk/content/", "/zwgk/content/20.11/?page=5", "/zwgk/catalogue/?page=3",
        "/zwgk/catalogue/?clause=20.11&year=2016", "/zwgk/catalogue/catalogue.csv", "/zwgk/catalogue/catalogue.xlsx",
    ]  # fmt: skip
    costs = {}
    for path in paths:
        statements = []

        def note(_connection, _cursor, statement, *_rest, seen=statements):
            seen.append(statement)

        event.listen(cms.engine, "before_cursor_execute", note)
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert len(answer.data) > 0
        event.remove(cms.engine, "before_cursor_execute", note)
        costs[path] = sum(one.lstrip().upper().startswith("SELECT") for one in statements)

    assert {path: cost for path, cost in costs.items() if cost > 8} == {}
    assert client.get("/zwgk/catalogue/catalogue.csv").text.count("\n") == number + 1


def test_coverage_tells_clauses_without_anything_this_year(cms, sign_in):
    make_published(
        cms, "notice", "旧", at=datetime(2015, 12, 31, 15, 59, tzinfo=UTC), catalogue={"catalog_node": "20.07"}
    )
    make_published(
        cms, "notice", "新", at=datetime(2015, 12, 31, 16, 0, tzinfo=UTC), catalogue={"catalog_node": "20.11"}
    )
    officer = sign_in(Role.OFFICER)

    rows = html.document_fromstring(officer.get("/desk/coverage?year=2016").text).xpath("//tbody/tr")

    shown = {
        one.xpath("./th/span")[0].text: [" ".join(td.text_content().split()) for td in one.xpath("./td")]
        for one in rows
    }
    assert shown["20.07"][:3] == ["无", "1", "2015-12-31"]
    assert shown["20.11"][:3] == ["1", "1", "2016-01-01"]
    assert shown["20.01"][:3] == ["无", "0", "—"]


def test_office_of_the_guide_falls_back_to_the_site(cms, get):
    with cms.unit_of_work() as uow:
        save(uow, replace(load(uow.session, SiteSettings), organ_name="衡山县民政局", phone="0734-5800110"))

    said = get("/zwgk/guide/").xpath("//article")[0].text_content()
    assert "衡山县民政局" in said
    assert "0734-5800110" in said
