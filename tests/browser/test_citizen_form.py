"""A public form in a browser: no barriers, at any width, by keyboard and without scripts."""

from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from cms.accounts.policy import MACHINE
from cms.intake.question import read
from cms.intake.settings import TAB, IntakeSettings
from cms.settings.services import SiteSettings, change, load, save

pytestmark = pytest.mark.browser

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}


@pytest.fixture
def plugin_folder():
    return Path(__file__).parents[1] / "personal" / "visits"


@pytest.fixture
def asking(cms):
    with cms.unit_of_work() as uow:
        change(uow, TAB, IntakeSettings(question="always", contact="也可致电 0734-5812345。"), actor=MACHINE)
        site = load(uow.session, SiteSettings)
        save(uow, replace(site, phone="0734-5812345", address="开云镇"))


@pytest.fixture(params=["default", "plain"])
def themed(request, app, cms, make_app, serve, asking):
    with app.app_context(), cms.unit_of_work() as uow:
        save(uow, replace(load(uow.session, SiteSettings), theme=request.param))
    return serve(make_app())


def barriers(page):
    found = {}
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        answer = Axe().run(page, options=RULES).response
        found[width] = [(one["id"], [node["target"] for node in one["nodes"]]) for one in answer["violations"]]
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    return found


def test_form_has_no_barriers_fresh_or_with_errors_and_files(themed, page, tmp_path):
    (tmp_path / "身份证.txt").write_text("正面", "utf-8")
    page.goto(f"{themed}/visits/")
    assert barriers(page) == {1280: [], 390: []}

    page.get_by_label("姓名").fill("王小明")
    page.get_by_label("选择文件").set_input_files(tmp_path / "身份证.txt")
    page.get_by_label("等于多少？").fill("999")
    page.get_by_role("button", name="提交").click()

    assert page.get_by_role("alert").inner_text().startswith("有 2 处需要修改")
    assert barriers(page) == {1280: [], 390: []}


def test_form_is_sent_and_corrected_without_scripts(app, cms, serve, browser, asking, tmp_path):
    (tmp_path / "身份证.txt").write_text("正面", "utf-8")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.goto(f"{serve(app)}/visits/")

    token = page.locator("input[name=question_token]").get_attribute("value")
    page.get_by_label("姓名").fill("王小明")
    page.get_by_label("选择文件").set_input_files(tmp_path / "身份证.txt")
    page.get_by_label("等于多少？").fill(str(read(cms.settings.secret_key, token).answer))
    page.get_by_role("button", name="提交").click()

    page.get_by_role("link", name="请填写事由。").click()
    assert page.url.endswith("#text")
    assert page.get_by_text("身份证.txt（6 B）").is_visible()
    page.get_by_label("事由").fill("想了解低保政策")
    page.get_by_role("button", name="提交").click()

    assert page.get_by_text("V0001").is_visible()
    page.reload()
    assert page.get_by_text("V0001").is_visible()
    context.close()


def test_question_can_be_played(app, serve, page, asking):
    page.goto(f"{serve(app)}/visits/")

    seconds = page.evaluate(
        """() => new Promise((done, fail) => {
            const sound = document.querySelector("audio");
            sound.addEventListener("loadedmetadata", () => done(sound.duration));
            sound.addEventListener("error", () => fail("cannot be played"));
            sound.load(); sound.preload = "metadata";
        })"""
    )

    assert 2 < seconds < 8
