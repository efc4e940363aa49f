"""January: the officer enters the paper year, freezes, submits, publishes; pages have no barriers, in both themes."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from cms.accounts.policy import Role
from cms.settings.services import SiteSettings, load, save
from cms.testing.factories import PASSWORD, make_section, make_user

pytestmark = pytest.mark.browser

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
DATA = Path(__file__).parents[1] / "data" / "annual_report"
TABLES = json.loads((DATA / "suqian_2024.json").read_text("utf-8"))
DESK = "/desk/report/2024/"
TEXTS = {
    "C1": "{year}年，{organ}新收政府信息公开申请{figure:T3.A1.T}件。",
    "C5": "一是公开渠道不多；二是答复不够规范。下一步，由办公室在六月底前增设查阅点、组织培训。",
    "C6": "逾期未缴费不再处理的有{figure:T3.A3.6.2.T}件，收取信息处理费0.223万元。",
}


@pytest.fixture
def clock(clock):
    clock.at = datetime(2025, 1, 13, 2, 0, tzinfo=UTC)
    return clock


@pytest.fixture
def officer(app, cms, live_server, page):
    """Sign in as the officer of a site with a section for annual reports."""
    with app.app_context():
        make_user(cms, "officer", Role.OFFICER)
        make_section(cms, "nb", "信息公开年报", default_type="page", review_steps=0)
    page.goto(f"{live_server}/desk/login")
    page.fill("[name=username]", "officer")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    return page


class January:
    """What an officer does on the pages; each page that is opened is looked at for barriers."""

    def __init__(self, page, server):
        self.page, self.server, self.found = page, server, {}

    def visit(self, path):
        self.page.goto(self.server + path)
        self.found[path] = barriers(self.page)

    def press(self, name, *, role="button", exact=True):
        self.page.get_by_role(role, name=name, exact=exact).first.click()

    def confirm(self, name):
        self.press(name)
        self.page.get_by_role("dialog").get_by_role("button", name=name).click()

    def paste(self, text, source):
        """Fill the form of a table from a pasted block, and save it."""
        self.page.get_by_text("从电子表格或网页粘贴").click()
        self.page.fill("#pasted", text)
        self.press("填入表格")
        self.page.fill("#source", source)
        if self.page.locator("#reason").count():
            self.page.fill("#reason", "按纸质台账和业务系统")
        self.press("保存")


def barriers(page, width=390):
    """Return what axe finds on the page, and whether it is wider than a phone."""
    violations = Axe().run(page, options=RULES).response["violations"]
    found = [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in violations]
    page.set_viewport_size({"width": width, "height": 900})
    found += [("width", page.url)] if page.evaluate("document.documentElement.scrollWidth") > width else []
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


def block(table, rows=None):
    lines = TABLES[table].items() if rows is None else rows
    return "\n".join("\t".join(map(str, columns.values())) for _row, columns in lines)


def enter(january):
    """Enter table 3 by keyboard and as a block, the others as blocks, and the texts."""
    page = january.page
    january.visit(f"{DESK}grid/T3")
    page.locator("[name='v-T3.A1.NP']").focus()
    for value in list(TABLES["T3"]["A1"].values())[:6]:
        page.keyboard.type(str(value))
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "v-T3.A2.NP"
    january.paste(block("T3"), "2024年依申请公开纸质台账")
    page.wait_for_url(f"**{DESK}?tab=tables#T3")
    # A county bureau makes no 规章.
    rows = [("REG", {"made": 0, "repealed": 0, "valid": 0}), *list(TABLES["T2"].items())[1:]]
    for table, text in (("T2", block("T2", rows)), ("T4", block("T4"))):
        january.visit(f"{DESK}grid/{table}")
        january.paste(text, "台账")
        page.wait_for_url(f"**{DESK}?tab=tables#{table}")
    january.visit(f"{DESK}?tab=tables")
    for code, text in TEXTS.items():
        page.goto(f"{january.server}{DESK}chapters/{code}")
        page.fill("[name=text]", text)
        january.press("保存")
        page.wait_for_url(f"**{DESK}?tab=texts#{code}")


def freeze_and_publish(january):
    """Approve, freeze, submit, and publish the report as an item."""
    page = january.page
    january.visit(DESK)
    january.press("审定")
    january.confirm("固化")
    page.get_by_text("报告已固化，数字和正文不再变动").wait_for()
    january.visit(f"{DESK}submit")
    page.fill("[name=to]", "衡山县人民政府办公室")
    page.fill("[name=on]", "2025-01-13")
    january.press("保存")
    january.press("公布", role="link")
    january.found["publish"] = barriers(page)
    january.press("生成内容")
    january.press("政府信息公开工作年度报告", role="link", exact=False)
    january.press("发布", role="link")
    january.press("发布", exact=False)
    january.visit(f"{DESK}publish")
    assert page.get_by_text("已于 2025-01-13 公布").count() == 1


def correct(january):
    """Publish an erratum."""
    january.visit(f"{DESK}errata")
    january.page.fill("[name=text]", "第三方合法权益一栏漏计1件。")
    january.page.fill("[name=changes]", "T3.A3.3.4.NP = 17")
    january.confirm("公布更正")
    january.page.get_by_text("更正已公布。").wait_for()


def test_from_the_paper_year_to_the_published_report(officer, live_server, cms, app, make_app, serve):
    january = January(officer, live_server)
    january.visit("/desk/report/")
    officer.select_option("[name=year]", "2024")
    january.press("建立报告")
    for path in (DESK, f"{DESK}?tab=readiness", "/desk/report/past/2023", f"{DESK}subordinates"):
        january.visit(path)

    enter(january)
    freeze_and_publish(january)
    with officer.expect_download() as download:
        officer.goto(live_server + DESK)
        january.press("JSON", role="link")
    shown = json.loads(Path(download.value.path()).read_text("utf-8"))
    correct(january)

    assert (shown["tables"]["T3"], shown["tables"]["T4"]) == (TABLES["T3"], TABLES["T4"])
    assert {path: problems for path, problems in january.found.items() if problems} == {}
    for theme in ("default", "plain"):
        with app.app_context(), cms.unit_of_work() as uow:
            save(uow, replace(load(uow.session, SiteSettings), theme=theme))
        dressed = serve(make_app())
        for path in ("/reports/", "/reports/2024/", "/nb/"):
            officer.goto(dressed + path)
            assert barriers(officer) == [], (theme, path)
    officer.goto(f"{live_server}/reports/2024/")
    assert officer.get_by_text("原为 16，更正为 17件。").count() == 1
    assert officer.locator("th[scope=rowgroup][rowspan='22']").inner_text() == "三、本年度办理结果"
