"""Public pages in a real browser: WCAG 2.1 AA by axe-core, narrow screens, keyboard, life without JavaScript."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from cms.settings.services import SiteSettings, load, save

pytestmark = pytest.mark.browser

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}}
BEYOND = """
  [...document.querySelectorAll("a, button, input, summary")]
    .filter(one => one.offsetParent && !one.closest(".table-scroll, .lead-more, .skip"))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.outerHTML.slice(0, 80))
"""
DESK_WIDTH, PHONE_WIDTH, NARROWEST = 1280, 390, 320


@pytest.fixture(params=["default", "plain"])
def themed(request, app, cms, make_app, serve, public_pages):
    """Serve the filled site in a theme; give its address."""
    with app.app_context(), cms.unit_of_work() as uow:
        save(uow, replace(load(uow.session, SiteSettings), theme=request.param, is_demo=True))
    dressed = make_app()
    with dressed.app_context():
        # The index of tests lies in memory, each app fills its own.
        from cms.web.background import work

        work(dressed.extensions["cms"])
    assert dressed.extensions["cms"].themes[0].key == request.param
    return serve(dressed)


def test_no_page_has_a_barrier(themed, page, public_pages):
    found = {}
    for kind, path in public_pages.items():
        page.goto(themed + path)
        for width in (DESK_WIDTH, PHONE_WIDTH):
            page.set_viewport_size({"width": width, "height": 900})
            answer = Axe().run(page, options=RULES).response
            problems = [(one["id"], [node["target"] for node in one["nodes"]]) for one in answer["violations"]]
            if problems:
                found[kind, width] = problems

    assert found == {}


def test_pages_fit_the_narrowest_screen(themed, page, public_pages):
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    beyond = {}
    for kind, path in public_pages.items():
        page.goto(themed + path)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST, kind
        # What the frame cuts off does not make the page wider, but nobody can reach it.
        if hidden := page.evaluate(BEYOND):
            beyond[kind] = hidden

    assert beyond == {}


def test_menu_of_a_phone_opens_by_keyboard_without_scripts(live_server, browser, public_pages):
    context = browser.new_context(java_script_enabled=False, viewport={"width": PHONE_WIDTH, "height": 844})
    page = context.new_page()
    page.goto(live_server)
    entry = page.get_by_role("navigation", name="主导航").get_by_role("link", name="政府信息公开")
    assert not entry.is_visible()

    page.locator(".menu-switch summary").focus()
    page.keyboard.press("Enter")

    assert entry.is_visible()
    entry.click()
    assert page.url == f"{live_server}/zwgk/"
    context.close()


def test_without_scripts_nothing_is_offered_that_needs_them(live_server, browser, public_pages):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server + public_pages["news"])

    assert page.get_by_role("button", name="打印").count() == 0
    assert page.get_by_role("button", name="搜索").is_visible()
    context.close()


def test_text_size_is_remembered(live_server, page, public_pages):
    page.goto(live_server + public_pages["news"])
    before = page.locator(".prose").evaluate("body => parseFloat(getComputedStyle(body).fontSize)")

    page.get_by_role("button", name="特大").click()
    page.goto(live_server + public_pages["page"])

    after = page.locator(".prose").evaluate("body => parseFloat(getComputedStyle(body).fontSize)")
    assert after / before == pytest.approx(1.3125)
    assert page.get_by_role("button", name="特大").get_attribute("aria-pressed") == "true"


def test_skip_link_is_the_first_stop_and_leads_to_the_content(live_server, page, public_pages):
    page.goto(live_server + public_pages["news"])

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到主要内容"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_home_page_is_light(live_server, page, public_pages):
    weights = {}
    page.on("response", lambda answer: weights.update({answer.url.removeprefix(live_server): len(answer.body())}))
    page.goto(live_server, wait_until="networkidle")

    own = sum(weight for path, weight in weights.items() if not path.startswith("/media/"))
    styles = sum(weight for path, weight in weights.items() if ".css" in path)
    assert own <= 150_000
    assert styles <= 40_000
