"""What citizens get from every public address: structure, labels, escaping, base path, redirects."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from lxml import html

from cms.content.models import Redirect
from cms.settings.services import SiteSettings, load, save
from cms.testing.factories import make_draft, make_published, section_of

KINDS = [
    "home", "list", "list-2", "branch", "leaf", "empty", "news", "notice", "regulation", "guide", "page", "notices",
    "laws", "guides", "search", "search-none", "search-blank", "missing", "gone",
]  # fmt: skip
STATUS = {"missing": 404, "gone": 410}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SITE = {"SiteName", "SiteDomain", "SiteIDCode"}
COLUMN = {"ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"}
ARTICLE = {"ArticleTitle", "PubDate", "ContentSource", "Url"}
HOSTILE = "\"><script>alert(1)</script>'<img src=x onerror=alert(2)>"


@pytest.fixture
def get(client):
    """Fetch a path and return the parsed page."""

    def fetch(path, status=200):
        answer = client.get(path)
        assert answer.status_code == status, answer.text
        return html.document_fromstring(answer.text)

    return fetch


def change_settings(app, cms, **changes):
    with app.app_context(), cms.unit_of_work() as uow:
        save(uow, replace(load(uow.session, SiteSettings), **changes))


def labels(tree):
    return {one.get("name"): one.get("content") for one in tree.iterfind(".//meta[@name]")}


class Balance(HTMLParser):
    """Finds tags that are not closed, closed twice or closed across each other, and attributes given twice."""

    def __init__(self):
        super().__init__()
        self.open, self.problems = [], []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _value in attrs]
        if len(names) != len(set(names)):
            self.problems.append(f"attribute twice in {tag} at {self.getpos()}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        # Only inside SVG, of which pages hold <use></use> alone.
        self.problems.append(f"self-closing {tag} at {self.getpos()}")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"stray </{tag}> at {self.getpos()}")


def faults(answer):
    """Name what is wrong with the structure of a page."""
    balance = Balance()
    balance.feed(answer.text)
    yield from balance.problems + [f"<{tag}> is not closed" for tag in balance.open]
    tree = html.document_fromstring(answer.text)
    ids = tree.xpath("//@id")
    yield from (f"id {one} twice" for one in set(ids) if ids.count(one) > 1)
    counts = {name: len(tree.findall(f".//{name}")) for name in ("h1", "main", "footer", "title")}
    yield from (f"{count} times <{name}>" for name, count in counts.items() if count != 1)
    levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4")]
    yield from (f"h{below} after h{above}" for above, below in pairwise(levels) if below - above > 1)
    yield from (f"no alt: {image.get('src')}" for image in tree.iter("img") if image.get("alt") is None)


def test_every_page_is_sound(client, public_pages):
    answers = {kind: client.get(public_pages[kind]) for kind in KINDS}

    assert {kind: answer.status_code for kind, answer in answers.items()} == {
        kind: STATUS.get(kind, 200) for kind in KINDS
    }
    assert [(kind, fault) for kind, answer in answers.items() for fault in faults(answer)] == []
    assert all(answer.text.startswith('<!doctype html>\n<html lang="zh-CN">') for answer in answers.values())


def test_pages_run_under_the_content_policy(client, public_pages):
    for kind in KINDS:
        tree = html.document_fromstring(client.get(public_pages[kind]).text)
        inline = tree.xpath("//style | //script[not(@src)] | //@style | //@*[starts-with(name(), 'on')]")
        assert inline == [], kind
        addresses = tree.xpath("//@src | //@href | //@action | //@srcset | //@poster")
        absolute = {one for one in addresses if re.match(r"(?:[a-z]+:)?//", one)}
        assert {one for one in absolute if not one.startswith("http://localhost/")} == set(), kind


def test_everything_that_pages_refer_to_exists(client, public_pages):
    paths = set()
    for kind in KINDS:
        tree = html.document_fromstring(client.get(public_pages[kind]).text)
        paths |= {one.split("#")[0].removeprefix("http://localhost") for one in tree.xpath("//@src | //@href")}

    status = {}
    for path in paths:
        if path.startswith("/"):
            with client.get(path) as answer:
                status[path] = answer.status_code
    assert {path for path, code in status.items() if code != 200} == set()
    assert len(status) > 60


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("home", SITE), ("list", SITE | COLUMN), ("empty", SITE | COLUMN), ("news", SITE | COLUMN | ARTICLE),
     ("regulation", SITE | COLUMN | ARTICLE), ("search", SITE), ("missing", SITE)],
)  # fmt: skip
def test_statutory_labels_are_there_and_say_something(get, public_pages, kind, expected):
    found = labels(get(public_pages[kind], STATUS.get(kind, 200)))

    assert expected <= {name for name, content in found.items() if content}
    assert not (found.keys() & (SITE | COLUMN | ARTICLE)) - expected
    assert all(found.values())


def test_labels_of_an_article_say_what_is_on_the_page(get, public_pages):
    tree = get(public_pages["news"])

    found = labels(tree)
    assert found["SiteName"] == "衡山县民政局网站"
    assert found["SiteDomain"] == "localhost"
    assert found["ArticleTitle"] == "图片新闻2" == tree.findtext(".//h1")
    assert found["PubDate"] == "2016-06-01 10:00"
    assert found["Keywords"] == "走访,慰问"
    assert found["Url"] == tree.find(".//link[@rel='canonical']").get("href")


@pytest.mark.parametrize(
    ("kind", "address"), [("home", "/"), ("list", "/news/"), ("list-2", "/news/?page=2"), ("leaf", "/zwgk/zn/")]
)
def test_canonical_address(get, public_pages, kind, address):
    tree = get(public_pages[kind])

    assert tree.find(".//link[@rel='canonical']").get("href") == f"http://localhost{address}"


def test_only_demo_pages_and_errors_and_results_are_kept_from_search_engines(app, cms, get, public_pages):
    def closed():
        return {
            kind for kind in KINDS if labels(get(public_pages[kind], STATUS.get(kind, 200))).get("robots") == "noindex"
        }

    assert closed() == {"search", "search-none", "search-blank", "missing", "gone"}
    change_settings(app, cms, is_demo=True)
    assert closed() == set(KINDS)
    assert "演示网站：内容为虚构示例" in get("/").text_content()


def test_hostile_words_stay_words_everywhere(client, app, cms, drain):
    with app.app_context():
        section = section_of(cms, "news")
        for number in range(2):
            content_id = make_published(
                cms, "news", f"{HOSTILE}{number}", summary=HOSTILE, source=HOSTILE, keywords=(HOSTILE,),
                body=f"<p>{HOSTILE}</p>", section_id=section, meta={"author": HOSTILE},
            )  # fmt: skip
        drain()
    change_settings(app, cms, site_name=f"站{HOSTILE}", address=HOSTILE, icp_no=HOSTILE)

    for path in ["/", "/news/", f"/news/{content_id}.html", "/search?q=alert", f"/search?q={HOSTILE}&from={HOSTILE}"]:
        tree = html.document_fromstring(client.get(path).text)
        assert tree.xpath("//script[not(@src)]") == [], path
        assert tree.xpath("//@*[starts-with(name(), 'on')]") == [], path
        assert tree.xpath("//img[@src='x']") == [] or path.endswith(".html"), path
    assert html.document_fromstring(client.get(f"/news/{content_id}.html").text).findtext(".//h1") == f"{HOSTILE}1"


def test_base_path_is_part_of_every_address(make_app, public_pages):
    app = make_app(public_url="http://localhost/mzj")
    client = app.test_client()

    for kind in KINDS:
        answer = client.get(f"/mzj{public_pages[kind]}")
        assert answer.status_code == STATUS.get(kind, 200), kind
        tree = html.document_fromstring(answer.text)
        paths = {one.removeprefix("http://localhost") for one in tree.xpath("//@src | //@href | //@action")}
        stray = {path for path in paths if not path.startswith(("/mzj/", "#", "tel:"))}
        assert stray == set(), kind
    assert client.get("/").status_code == 404


def test_moved_items_and_old_addresses_redirect(client, app, cms, public_pages):
    content_id = int(re.search(r"(\d+)\.html", public_pages["news"])[1])
    with cms.unit_of_work() as uow:
        uow.session.add(Redirect(path="/old/show.asp?id=7", content_id=content_id))

    for path in [f"/zwgk/{content_id}.html", "/old/show.asp?id=7"]:
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (301, public_pages["news"])
    assert client.get("/news").location == "/news/"


def test_drafts_and_unknown_pages_are_not_found(client, app, cms, public_pages):
    with app.app_context():
        draft = make_draft(cms, "news", "未发布的稿件")

    for path in [f"/news/{draft}.html", "/news/999999.html", "/news/?page=99", "/nothing/here/"]:
        answer = client.get(path)
        assert answer.status_code == 404
        assert "未发布的稿件" not in answer.text
        assert "页面不存在" in answer.text


def test_withdrawn_page_says_so_and_offers_the_search(get, public_pages):
    tree = get(public_pages["gone"], 410)

    assert tree.findtext(".//h1") == "内容已撤回"
    assert tree.find(".//form[@role='search']") is not None


def test_unexpected_error_is_shown_in_the_frame_of_the_site(make_app, public_pages):
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail():
        raise RuntimeError("密")

    app.view_functions["site.home"] = fail
    answer = app.test_client().get("/")

    assert answer.status_code == 500
    tree = html.document_fromstring(answer.text)
    assert tree.findtext(".//h1") == "系统出错"
    assert tree.xpath("//nav[@aria-label='主导航']//a[text()='政府信息公开']")
    assert "密" not in answer.text


def test_error_page_is_plain_when_the_frame_is_broken(make_app, public_pages, caplog):
    app = make_app()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.jinja_env.globals.pop("theme_static")

    answer = app.test_client().get("/")

    assert answer.status_code == 500
    assert html.document_fromstring(answer.text).findtext(".//h1") == "系统出错"
    assert "the error page of the theme failed" in caplog.text


def test_home_shows_filled_sections_by_their_type(get, public_pages):
    tree = get("/")

    shown = tree.xpath("//main//section/@aria-label")
    assert "图片新闻" in shown
    assert "空栏目" not in shown
    assert len(tree.xpath("//*[contains(@class, 'lead-more')]/li")) == 2
    assert tree.xpath("//*[@class='entrance-tiles']//a/@href") == ["/zwgk/zn/"]
    assert tree.xpath("//*[@class='services']//li/a/@href") == [public_pages["guide"]]


def test_home_of_an_empty_site_says_so(client):
    assert "网站内容正在准备中。" in client.get("/").text


def test_footer_shows_what_is_known_and_nothing_empty(app, cms, get, public_pages):
    shown = get("/").find(".//footer").text_content()

    assert "主办单位：衡山县民政局" in shown
    assert "政府网站标识码：4304230012" in shown
    assert "湘ICP备05001234号-1" in shown
    assert "承办单位" not in shown
    assert "我为政府网站找错" not in shown
    change_settings(app, cms, error_report_url="https://example.gov.cn/report?site=1")
    assert get("/").xpath("//footer//a[text()='我为政府网站找错']/@href") == ["https://example.gov.cn/report?site=1"]


def test_menu_and_breadcrumbs_say_where_the_reader_is(get, public_pages):
    tree = get(public_pages["leaf"])

    assert tree.xpath("//nav[@aria-label='当前位置']//li//text()[normalize-space()]") == [
        "首页", "政府信息公开", "信息公开指南"
    ]  # fmt: skip
    assert tree.xpath("//nav[@aria-label='主导航']/ul/li/a[@aria-current]/text()") == ["政府信息公开"]
    assert tree.xpath("//nav[@class='side']//a[@aria-current='page']/text()") == ["信息公开指南"]


def test_list_has_twenty_lines_and_a_way_on(get, public_pages):
    first, second = get("/news/"), get("/news/?page=2")

    assert [len(page.xpath("//*[@class='items']/li")) for page in (first, second)] == [20, 8]
    assert first.xpath("//a[@rel='next']/@href") == ["/news/?page=2"]
    assert second.xpath("//*[@class='pager']//a[@aria-current='page']/text()") == ["2"]


def test_article_shows_time_source_number_pictures_and_files(get, public_pages):
    tree = get(public_pages["news"])

    shown = re.sub(r"\s+", "", tree.xpath("//*[@class='article-meta']")[0].text_content())
    assert shown.startswith("发布时间：2016-06-0110:00来源：衡山县民政局索引号：")
    assert tree.xpath("//figure/img/@alt") == ["慰问现场"]
    assert tree.xpath("//*[@class='files']//a")[0].text_content() == "申请表.txt（TXT，3 B）"
    assert tree.xpath("//*[@class='neighbours']//a[@rel='next']/text()") == ["图片新闻1"]


def test_wide_tables_scroll_in_a_box_that_the_keyboard_reaches(get, public_pages):
    boxes = get(public_pages["page"]).xpath("//*[@class='prose']//table/..")

    assert [dict(box.attrib) for box in boxes] == [
        {"class": "table-scroll", "tabindex": "0", "role": "group", "aria-label": "表格"}
    ]


def test_found_words_are_marked_and_sections_counted_once(get, public_pages):
    tree = get(public_pages["search"])

    assert set(tree.xpath("//ol[@class='hits']//h2//mark/text()")) == {"走访"}
    total = int(re.search(r"找到 (\d+) 条", tree.text_content())[1])
    counts = tree.xpath("//*[contains(@class, 'facets')]//li[1]//*[@class='count']/text()")
    assert counts == [str(total), str(total)]


def test_search_keeps_what_was_chosen(get, public_pages):
    tree = get("/search?q=走访&type=news&from=2016-01-03&to=2016-01-04&sort=date")

    form = tree.xpath("//form[@class='finder']")[0]
    assert dict(form.form_values()) == {
        "q": "走访", "type": "news", "from": "2016-01-03", "to": "2016-01-04", "sort": "date"
    }  # fmt: skip
    titles = [title.text_content() for title in tree.xpath("//ol[@class='hits']//h2/a")]
    assert titles == ["走访慰问困难群众第4次", "走访慰问困难群众第3次"]


def test_page_without_a_query_stays_within_eight_queries(app, client, public_pages):
    from sqlalchemy import event

    for kind in ("home", "list", "news", "notice", "regulation", "guide", "page", "missing"):
        statements = []

        def note(_connection, _cursor, statement, *_rest, seen=statements):
            seen.append(statement)

        with app.app_context():
            engine = app.extensions["cms"].engine
        event.listen(engine, "before_cursor_execute", note)
        client.get(public_pages[kind])
        event.remove(engine, "before_cursor_execute", note)
        asked = [one for one in statements if one.lstrip().upper().startswith("SELECT")]
        assert len(asked) <= 8, (kind, asked)


def test_page_tells_when_its_public_version_began_not_when_a_draft_was_saved(app, cms, client, clock):
    from cms.accounts.policy import MACHINE
    from cms.content.models import Content, Revision
    from cms.content.services import save_draft
    from cms.content.snapshot import Snapshot
    from cms.testing.factories import make_published

    guide = make_published(cms, "guide", "临时救助")
    clock.advance(days=30)
    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, guide)
        snapshot = Snapshot.from_json(uow.session.get_one(Revision, content.latest_revision_id).snapshot)
        save_draft(uow, cms.types.require("guide"), content, snapshot, actor=MACHINE)

    page = html.fromstring(client.get(f"/guides/{guide}.html").text)

    assert page.xpath("//th[.='更新时间']/following-sibling::td//text()") == ["2016-06-01"]
