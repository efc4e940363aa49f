"""Site settings, themes and search words: forms that keep input, and apps that follow."""

from dataclasses import replace

import pytest
from werkzeug.test import Client

from cms.accounts.policy import MACHINE, Role
from cms.audit.models import AuditEntry
from cms.jobs.models import Job
from cms.live import LiveSite
from cms.search.index import SearchDocument, SearchQuery
from cms.search.words import SearchWords, change_words
from cms.settings.declaration import declared
from cms.settings.services import SiteSettings, load, missing_labels, stamp
from cms.testing.factories import PASSWORD, make_user

FORM = {
    "site_name": "衡山县民政局网站", "organ_name": "衡山县民政局", "organ_aliases": "县民政局\n\n衡山民政",
    "region": "430423", "uscc": "", "sponsor": "", "undertaker": "", "site_id_code": "4304230012",
    "icp_no": "湘ICP备05001234号-1", "psb_no": "湘公网安备43042302000123号", "address": "开云镇",
    "phone": "0734-5812345",
    "office_hours": "", "index_template": "{region}/{yyyy}-{seq:05d}", "theme": "default",
}  # fmt: skip


@pytest.fixture
def client(sign_in):
    return sign_in(Role.SYSTEM_ADMIN)


def stored(cms, kind=SiteSettings):
    with cms.reading() as session:
        return load(session, kind)


def write_theme(site, key="snow", template="{% extends 'site/section.html' %}"):
    folder = site / "themes" / key
    (folder / "templates" / "site").mkdir(parents=True)
    text = f'key = "{key}"\nname = "雪"\nversion = "1.0"\nparent = "default"\ndescription = "白色主题"\n'
    (folder / "theme.toml").write_text(text, "utf-8")
    (folder / "templates" / "site" / "home.html").write_text(template, "utf-8")
    return folder


def test_every_setting_has_a_control_with_its_label(client):
    page = client.get("/desk/settings").text

    for said in declared(SiteSettings):
        assert f'name="{said.name}"' in page, said.name
        assert said.label in page, said.name


def test_settings_are_stored_and_shown_again(client, cms):
    answer = client.post("/desk/settings", data={**FORM, "portal_footer": "y"})

    assert answer.status_code == 302
    site = stored(cms)
    assert site.organ_aliases == ("县民政局", "衡山民政")
    assert (site.site_id_code, site.portal_footer, site.is_demo) == ("4304230012", True, False)
    page = client.get("/desk/settings").text
    assert "县民政局\n衡山民政" in page
    assert "法定标识不完整" not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"site_name": " "}, "请填写“网站名称”。"),
        ({"site_id_code": "12345"}, "“网站标识码”的格式不正确"),
        ({"icp_no": "湘备123"}, "“ICP备案编号”的格式不正确"),
        ({"psb_no": "湘公网安备12号"}, "“公安备案号”的格式不正确"),
        ({"uscc": "123"}, "“统一社会信用代码”的格式不正确"),
        ({"region": "43"}, "“行政区划代码”的格式不正确"),
        ({"phone": "请致电"}, "“联系电话”的格式不正确"),
        ({"index_template": "{yyyy}"}, "索引号规则须包含年份"),
        ({"index_template": "{year}-{yyyy}-{seq}"}, "未知的标记：year。"),
        ({"theme": "nothing"}, "没有可用的主题“nothing”。"),
    ],
)
def test_wrong_settings_keep_what_was_typed_and_change_nothing(client, cms, changed, sentence):
    before = stored(cms)

    answer = client.post("/desk/settings", data={**FORM, "address": "新地址<1>号", **changed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "新地址&lt;1&gt;号" in answer.text
    assert stored(cms) == before


def test_missing_statutory_items_are_named_unless_the_portal_gives_them():
    bare = SiteSettings()

    assert missing_labels(bare) == ["主办单位", "网站标识码", "ICP备案编号", "公安机关备案标识", "联系方式"]
    assert missing_labels(replace(bare, portal_footer=True, sponsor="县政府")) == ["联系方式"]


def test_changed_names_go_to_the_log_and_values_do_not(client, cms):
    client.post("/desk/settings", data=FORM)

    with cms.reading() as session:
        entry = session.query(AuditEntry).filter_by(action="settings.change").one()
    assert "icp_no" in entry.details["names"]
    assert "site_name" not in entry.details["names"]
    assert "湘ICP" not in str(entry.details)


def test_saving_without_a_change_rebuilds_nothing(client, cms):
    client.post("/desk/settings", data=FORM)
    with cms.reading() as session:
        before = stamp(session, "plugins")

    client.post("/desk/settings", data={**FORM, "address": "别处"})

    with cms.reading() as session:
        assert stamp(session, "plugins") == before


def test_a_new_theme_is_served_after_the_swap(settings, site):
    write_theme(site, template="雪景首页")
    live = LiveSite(settings, poll=None)
    try:
        make_user(live.app.extensions["cms"], "xitong", Role.SYSTEM_ADMIN)
        live.app.config["WTF_CSRF_ENABLED"] = False
        browser = Client(live)
        browser.post("/desk/login", data={"username": "xitong", "password": PASSWORD})
        assert "白色主题" in browser.get("/desk/settings").text
        assert "雪景首页" not in browser.get("/").text

        answer = browser.post("/desk/settings", data={**FORM, "theme": "snow"})

        assert answer.status_code == 302
        assert live.refresh() is True
        assert "雪景首页" in browser.get("/").text
    finally:
        live.close()


def test_search_words_keep_input_with_wrong_lines(client, cms):
    answer = client.post(
        "/desk/search-words", data={"synonyms": "低保 = 最低生活保障\n孤零零", "dictionary": "开云镇 镇"}
    )

    assert answer.status_code == 422
    assert "第 2 行“孤零零”不能用" in answer.text
    assert "第 1 行“镇”不能用" in answer.text
    assert "低保 = 最低生活保障\n孤零零" in answer.text
    assert stored(cms, SearchWords) == SearchWords()


def test_synonyms_of_the_site_find_more_after_the_swap(settings):
    live = LiveSite(settings, poll=None)
    try:
        cms = live.app.extensions["cms"]
        document = SearchDocument(id=1, type="note", title="铁蛋补贴发放", body="本县铁蛋补贴。")
        cms.index.apply([document], [])
        assert cms.index.find(SearchQuery(text="小金库")).total == 0
        with cms.unit_of_work() as uow:
            change_words(uow, SearchWords(synonyms="小金库 = 铁蛋补贴"), actor=MACHINE)

        assert live.refresh() is True
        fresh = live.app.extensions["cms"].index
        fresh.apply([document], [])
        assert [hit.id for hit in fresh.find(SearchQuery(text="小金库")).hits] == [1]
    finally:
        live.close()


def test_rebuild_is_asked_for_once_and_done_by_the_leader(client, cms, drain):
    client.post("/desk/search-words/rebuild")
    client.post("/desk/search-words/rebuild")
    with cms.reading() as session:
        assert session.query(Job).filter_by(name="search.rebuild").count() == 1
    assert "重建已安排" in client.get("/desk/search-words").text

    drain()

    assert "重建已安排" not in client.get("/desk/search-words").text
