"""In a real browser: a letter from a telephone without scripts to its rated public answer; pages without barriers."""

import re
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select
from werkzeug.serving import make_server

from cms.testing.factories import PASSWORD

pytestmark = pytest.mark.browser
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@pytest.fixture
def address(app):
    """Serve the site on a port; give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def desk(chromium, address, people):
    """Return a function that opens the desk as somebody; a script that fails or breaks the policy fails the test."""
    contexts, problems = [], []

    def enter(username):
        context = chromium.new_context(locale="zh-CN", viewport=DESK)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: "Content Security Policy" in line.text and problems.append(line.text))
        page.goto(f"{address}/desk/login")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        return page

    yield enter
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def phone(chromium):
    """Return a page of a telephone without JavaScript."""
    context = chromium.new_context(locale="zh-CN", viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def barriers(page):
    answer = Axe().run(page, options=RULES).response
    return [(one["id"], [node["target"] for node in one["nodes"]]) for one in answer["violations"]]


def write_letter(phone, address):
    """Write a letter, with a mistake first; return number and code."""
    phone.goto(f"{address}/letters/")
    phone.get_by_role("link", name="我要写信").click()
    phone.get_by_label("诉求类型").select_option("咨询")
    phone.get_by_label("主题").select_option("城乡低保")
    phone.get_by_label("标题").fill("低保怎样申请")
    phone.get_by_role("button", name="提交").click()
    assert phone.get_by_text("处需要修改，您填写的内容都还在").is_visible()
    assert phone.get_by_label("标题").input_value() == "低保怎样申请"
    phone.get_by_role("textbox", name="内容必填").fill("我父亲七十岁，怎样申请低保？")
    phone.get_by_label("姓名或称呼").fill("王小明")
    phone.get_by_label("联系电话").fill("13800138000")
    phone.get_by_label("同意公开（公开时隐去个人信息）").check()
    phone.get_by_role("button", name="提交").click()
    return phone.locator(".code").all_inner_texts()


def test_a_letter_from_a_phone_without_scripts_to_its_rated_answer(app, address, phone, desk, offices):
    app.config["WTF_CSRF_ENABLED"] = True
    number, code = write_letter(phone, address)
    assert re.fullmatch(r"XJ2016-\d{5}", number)

    officer = desk("zhuanyuan")
    officer.goto(f"{address}/desk/letters")
    officer.get_by_role("link", name="低保怎样申请").click()
    officer.get_by_label("同时分办给").select_option("社会救助股")
    officer.get_by_role("button", name="甄别为有效").click()
    assert officer.get_by_text("已完成：甄别为有效。").is_visible()

    editor = desk("bianji")
    editor.goto(f"{address}/desk/letters")
    editor.get_by_role("link", name="低保怎样申请").click()
    editor.get_by_role("button", name="受理", exact=True).click()
    editor.get_by_label("答复内容").fill("请到社会救助股办理，电话0734-5800120。")
    editor.get_by_role("button", name="拟答复").click()

    reviewer = desk("shenhe")
    reviewer.goto(f"{address}/desk/letters?state=drafted")
    reviewer.get_by_role("link", name="低保怎样申请").click()
    assert reviewer.get_by_text("答复草稿（第 1 稿）").is_visible()
    reviewer.get_by_role("button", name="审核通过").click()

    editor.reload()
    editor.get_by_role("button", name="答复", exact=True).click()

    publisher = desk("fabu")
    publisher.goto(f"{address}/desk/letters")
    publisher.get_by_role("link", name="低保怎样申请").click()
    publisher.get_by_label("我已通读全文").check()
    publisher.get_by_role("button", name="公开", exact=True).click()
    publisher.get_by_role("link", name="在网站上查看").wait_for()

    phone.goto(f"{address}/letters/")
    phone.get_by_role("link", name="低保怎样申请").click()
    assert phone.get_by_text("请到社会救助股办理，电话0734-5800120。").is_visible()
    assert "13800138000" not in phone.content()
    phone.goto(f"{address}/letters/status")
    phone.get_by_label("信件编号").fill(number)
    phone.get_by_label("查询码").fill(code)
    phone.get_by_role("button", name="查询", exact=True).click()
    phone.get_by_label("基本满意").check()
    phone.get_by_role("button", name="提交评价").click()
    assert phone.get_by_text("您的评价：基本满意").is_visible()


@pytest.fixture
def pages(answered, act, write, enter, stored):
    """Fill the register; give the paths of public pages and of pages of the desk."""
    from datetime import date

    number, _code = answered()
    act("publisher", number, "publish", title="低保怎样申请", text="怎样申请？", answer="请到窗口。", is_checked="1")
    waiting, _code = write(title="等待甄别")
    late = enter("post", "complaint", on=date(2016, 3, 1), title="早已超期")
    public = [
        "/letters/",
        f"/letters/{stored(number).id}.html",
        "/letters/new",
        "/letters/site-error",
        "/letters/status",
    ]
    return public, [
        "letters", f"letters/{stored(number).id}", f"letters/{stored(waiting).id}", f"letters/{late.id}", "letters/new",
        "letters/import", "letter-limits", "letter-statistics", "letter-tally", "letter-tally/sheet", "settings/letters",
    ]  # fmt: skip


def test_no_page_has_a_barrier_or_is_wider_than_a_phone(chromium, address, desk, pages):
    public, inside = pages
    found = {}
    citizen = chromium.new_context(locale="zh-CN").new_page()
    officer = desk("zhuanyuan")
    for page, paths in ((citizen, public), (officer, [f"/desk/{path}" for path in inside])):
        for path in paths:
            page.goto(address + path)
            for size in (DESK, PHONE):
                page.set_viewport_size(size)
                if problems := barriers(page):
                    found[path, size["width"]] = problems
                if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
                    found[path, size["width"], "wide"] = True
    citizen.context.close()

    assert found == {}


def test_counting_works_by_keyboard_alone(cms, desk, address):
    from cms.registers.models import Tally

    page = desk("bianji")
    page.goto(f"{address}/desk/letter-tally")
    page.get_by_role("button", name=re.compile("^电话，婚姻登记")).focus()
    for _press in range(3):
        page.keyboard.press("Enter")
        page.wait_for_load_state()

    page.get_by_role("button", name="撤销最近一次").press("Enter")
    page.wait_for_load_state()
    with cms.reading() as session:
        lines = session.scalars(select(Tally).order_by(Tally.id)).all()
    assert [(line.channel, line.topic, line.quantity) for line in lines] == [
        *[("phone", "婚姻登记", 1)] * 3, ("phone", "婚姻登记", -1),
    ]  # fmt: skip
