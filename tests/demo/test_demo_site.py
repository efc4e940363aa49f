"""`cms demo` through the command line: the numbers of the 2016 report, its accounts, its marks, its search."""

import json
import re
import sqlite3
import stat
from contextlib import closing

import pytest
from lxml import html
from sqlalchemy import select

from cms.accounts.policy import MACHINE
from cms.content import services
from cms.content.enums import Exclusion
from cms.content.models import Content
from cms.figures.figure import Period
from cms.testing.factories import make_draft

YEAR = Period.year(2016)
#: What the published report of 2016 says, by figure: the lowest and the highest value its words allow (cms/demo/data).
REPORTED = {
    "site.items": (71, 71),
    "news.items": (68, 68),
    "notice.items": (3, 3),
    "letters.leader_mailbox": (8, 8),
    "applications.received": (0, 0),
    "letters.hotline_12345": (11, 19),
    "letters.web_replies": (16, 16),
    "consultations.onsite": (1201, 1299),
    "consultations.phone": (801, 899),
    "consultations.web": (11, 19),
    "consultations.total": (2001, 2999),
    "portal.items": (71, 79),
    "push.portal": (41, 49),
    "push.upper": (51, 59),
}
GUIDE = "demo-guide-001"
QUESTIONS = ("低保怎么申请", "办低保要什么材料")


def values(cms):
    """Every figure of 2016 by its code."""
    with cms.reading() as session:
        return {figure.code: figure.value(session, YEAR) for figure in cms.contributions.figures}


def sign_in(app, username, password):
    """Sign in as a browser does, with the token of the form; return the status of the desk's first page."""
    client = app.test_client()
    form = html.fromstring(client.get("/desk/login").text).forms[0]
    client.post("/desk/login", data={**dict(form.fields), "username": username, "password": password})
    return client.get("/desk/").status_code


def table_sizes(folder):
    with closing(sqlite3.connect(folder / "cms.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def test_figures_are_those_of_the_report(demo_app):
    with demo_app.app_context():
        found = values(demo_app.extensions["cms"])

    wrong = {code: found[code] for code, (least, most) in REPORTED.items() if not least <= found[code] <= most}
    assert wrong == {}
    assert found["news.items"] + found["notice.items"] == found["site.items"]
    parts = ("consultations.onsite", "consultations.phone", "consultations.web")
    assert sum(found[code] for code in parts) == found["consultations.total"]


def test_letters_are_shown_and_counted_once(demo_app):
    client = demo_app.test_client()

    assert len(re.findall(r'href="/letters/\d+\.html"', client.get("/letters/").text)) == 16
    with demo_app.app_context():
        assert values(demo_app.extensions["cms"])["letters.leader_mailbox"] == 8


def test_every_figure_is_what_its_records_add_up_to(demo_app):
    cms = demo_app.extensions["cms"]
    wrong = []
    with demo_app.app_context(), cms.reading() as session:
        for figure in cms.contributions.figures:
            rows = figure.rows(session, YEAR)
            counted = sum(row["quantity"] for row in rows) if figure.is_sum else len(rows)
            if counted != figure.value(session, YEAR):
                wrong.append(figure.code)
            assert len(rows) == figure.size(session, YEAR), figure.code
    assert wrong == []


def test_repeating_changes_nothing(demo_copy, command):
    before, accounts = table_sizes(demo_copy), (demo_copy / "demo-accounts.txt").read_text("utf-8")

    said = command(demo_copy, "demo")

    assert table_sizes(demo_copy) == before
    assert before["content"] == 119
    assert (demo_copy / "demo-accounts.txt").read_text("utf-8") == accounts
    assert "accounts" not in said


def test_every_account_can_sign_in_and_only_the_owner_reads_the_passwords(demo_app, demo_template):
    path = demo_template / "demo-accounts.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    accounts = dict(line.split("\t") for line in path.read_text("utf-8").splitlines())
    assert set(accounts) == {"tongxun", "bianji", "shenhe", "fabu", "zhuanyuan", "xitong", "anquan", "shenji"}

    assert {name: sign_in(demo_app, name, password) for name, password in accounts.items()} == dict.fromkeys(
        accounts, 200
    )
    assert sign_in(demo_app, "bianji", accounts["shenhe"]) == 302


def test_pages_say_that_they_are_a_demo(demo_app):
    client = demo_app.test_client()
    first = client.get("/api/v1/search", query_string={"q": "低保"}).json["items"][0]["url"]
    for path in ("/", "/xwzx/", "/xwzx/gzdt/", "/bsfz/", "/search?q=低保", "/zwgk/nb/", first):
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, path
        page = html.fromstring(answer.text)
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"], path
        assert "演示网站" in page.text_content(), path


@pytest.mark.parametrize("question", QUESTIONS)
def test_questions_find_the_guide_first(demo_app, question):
    client = demo_app.test_client()

    first = client.get("/api/v1/search", query_string={"q": question}).json["items"][0]
    page = html.fromstring(client.get("/search", query_string={"q": question}).text)

    assert (first["external_id"], first["type"]) == (GUIDE, "guide")
    links = [link for link in page.xpath("//main//a/@href") if re.search(r"/\d+\.html$", link)]
    assert links[0] == first["url"]


def test_past_years_stand_when_items_go(changeable):
    before = values(changeable)
    draft = make_draft(changeable, "notice", "一份没有发布的通知")
    with changeable.unit_of_work() as uow:
        notice = uow.session.scalars(
            select(Content).where(Content.type == "notice", Content.live_revision_id.is_not(None))
        ).first()
        services.withdraw(uow, notice, actor=MACHINE, reason="已过办理期限", exclusion=Exclusion.NONE)
        services.delete(uow, notice, actor=MACHINE)
        services.delete(uow, uow.session.get_one(Content, draft), actor=MACHINE)

    assert values(changeable) == before


def test_what_was_published_by_mistake_does_not_count(changeable):
    before = values(changeable)
    with changeable.unit_of_work() as uow:
        notice = uow.session.scalars(select(Content).where(Content.type == "notice")).first()
        services.withdraw(uow, notice, actor=MACHINE, reason="发错栏目", exclusion=Exclusion.MISTAKE)

    after = values(changeable)

    assert {code: (before[code], after[code]) for code in before if before[code] != after[code]} == {
        "site.items": (71, 70),
        "notice.items": (3, 2),
    }


@pytest.mark.parametrize(("issuer", "more"), [("湖南省民政厅", 0), ("衡山县民政局", 1)])
def test_documents_of_other_organs_do_not_count(changeable, demo_copy, command, tmp_path, issuer, more):
    before = values(changeable)["site.items"]

    record = {
        "type": "notice", "title": "关于做好汛期救灾工作的通知", "body": "<p>各县市区民政局：</p>", "issuer": issuer,
        "published_on": "2016-06-15 09:00", "section": "xwzx/tzgg", "external_id": "other-1",
    }  # fmt: skip
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(record, ensure_ascii=False), "utf-8")

    command(demo_copy, "import", str(file))

    assert values(changeable)["site.items"] == before + more
