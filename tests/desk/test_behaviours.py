"""The behaviours of the desk in a real browser, by keyboard where people use the keyboard."""

import pytest
from render_styleguide import render

pytestmark = pytest.mark.browser


def open_page(tab, desk, name: str) -> None:
    desk.pages["/page"] = render(name)
    tab.goto(f"{desk.url}/page")
    tab.wait_for_load_state("networkidle")


def names(tab) -> list[tuple[str, str]]:
    return tab.evaluate(
        "[...document.querySelectorAll('tbody [name^=materials-][name$=-name]')].map(f => [f.name, f.value])"
    )


def test_rows_are_added_moved_and_removed(tab, desk):
    open_page(tab, desk, "edit")
    assert names(tab) == [["materials-0-name", "户口簿"], ["materials-1-name", "身份证"]]
    tab.get_by_role("button", name="添加一行").click()
    tab.keyboard.type("收入证明")
    tab.keyboard.press("Alt+ArrowUp")
    assert [value for _, value in names(tab)] == ["户口簿", "收入证明", "身份证"]
    assert tab.evaluate("document.activeElement.value") == "收入证明"
    tab.get_by_role("button", name="删除这一行").first.click()
    assert names(tab) == [["materials-0-name", "收入证明"], ["materials-1-name", "身份证"]]
    assert tab.get_by_text("已删除第 1 行").count() == 1
    assert tab.evaluate("document.activeElement.getAttribute('aria-label')") == "删除这一行"
    tab.get_by_role("button", name="下移").first.click()
    assert [value for _, value in names(tab)] == ["身份证", "收入证明"]


def test_uploads_are_listed_sent_and_ordered(tab, desk):
    open_page(tab, desk, "edit")
    tab.set_input_files(
        "#assets-files",
        [
            {"name": "走访.png", "mimeType": "image/png", "buffer": b"x"},
            {"name": "名单.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": b"y"},
        ],
    )
    tab.get_by_text("“名单.xlsx”已上传").wait_for(state="attached")
    assert desk.uploads == [("走访.png", "token-1"), ("名单.xlsx", "token-1")]
    assert tab.locator("[name='assets-2-alt']").count() == 0
    tab.locator("[name='assets-1-alt']").fill("走访老人")
    new = tab.locator("[data-upload]").nth(2)
    new.get_by_role("button", name="上移").click()
    new = tab.locator("[data-upload]").nth(1)
    assert new.locator("[data-upload-name]").inner_text() == "走访.png"
    tab.locator("[data-upload]").nth(0).get_by_role("button", name="移除").click()
    order = tab.evaluate("[...document.querySelectorAll('[name=assets]')].map((field) => field.value)")
    assert order == ["1", "13", "2"]


def test_a_refused_upload_says_why_and_can_be_tried_again(tab, desk):
    desk.refuse = "文件类型不允许"
    open_page(tab, desk, "edit")
    tab.set_input_files("#assets-files", [{"name": "a.exe", "mimeType": "application/x", "buffer": b"x"}])
    tab.get_by_text("上传失败：文件类型不允许").first.wait_for()
    desk.refuse = None
    tab.get_by_role("button", name="重试").click()
    tab.get_by_text("“a.exe”已上传").wait_for(state="attached")
    assert tab.locator("[name=assets]").last.input_value() == "2"


def test_dangerous_buttons_ask_first(tab, desk):
    open_page(tab, desk, "edit")
    delete = tab.get_by_role("button", name="删除", exact=True)
    delete.click()
    tab.get_by_role("dialog", name="删除这条内容？").wait_for()
    tab.keyboard.press("Enter")
    tab.get_by_role("dialog").wait_for(state="detached")
    assert desk.forms == []
    assert tab.evaluate("document.activeElement.value") == "delete"
    tab.fill("#title", "标题")
    delete.click()
    tab.get_by_role("dialog").get_by_role("button", name="删除").click()
    tab.wait_for_selector("text=已收到")
    assert desk.forms[0]["do"] == ["delete"]


def test_the_counter_counts_characters_not_units(tab, desk):
    open_page(tab, desk, "edit")
    tab.fill("#summary", "𠮷" * 121)
    assert tab.locator(".field-count").inner_text() == "超出 1 字"
    tab.fill("#summary", "民政")
    assert tab.locator(".field-count").inner_text() == "已输入 2 / 120 字"


def test_the_drawer_opens_closes_and_gives_the_focus_back(tab, desk):
    tab.set_viewport_size({"width": 390, "height": 844})
    open_page(tab, desk, "dashboard")
    button = tab.get_by_role("button", name="菜单", exact=True)
    assert button.get_attribute("aria-expanded") == "false"
    assert not tab.get_by_role("link", name="操作日志").is_visible()
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    assert tab.evaluate("document.activeElement.getAttribute('aria-current')") == "page"
    tab.keyboard.press("Escape")
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("node => node === document.activeElement")


def test_copy_puts_the_text_into_the_clipboard(tab, desk):
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(tab, desk, "record")
    tab.get_by_role("button", name="复制网址").click()
    tab.get_by_text("已复制").first.wait_for()
    assert tab.evaluate("navigator.clipboard.readText()") == "http://mzj.example/zwgk/7.html"


def test_filters_are_sent_when_a_choice_changes(tab, desk):
    choice = '<select name="s"><option>甲</option><option>乙</option></select>'
    tab.goto(desk.show(f'<form data-behaviour="autosubmit" action="/page">{choice}</form>'))
    tab.wait_for_load_state("networkidle")
    tab.locator("select").dispatch_event("pointerdown")
    tab.select_option("select", "乙")
    tab.wait_for_url("**/page?s=*")
    tab.wait_for_load_state("networkidle")


def test_later_elements_and_plugin_modules_are_connected(tab, desk):
    body = '<link rel="behaviour" title="count-again" href="/static/js/behaviours/counter.js?again">'
    tab.goto(desk.show(body))
    tab.wait_for_load_state("networkidle")
    tab.evaluate(
        """() => { const field = document.createElement("textarea");
        field.dataset.behaviour = "count-again counter"; document.body.append(field); }"""
    )
    tab.locator(".field-count").nth(1).wait_for()
    assert tab.locator(".field-count").count() == 2


def test_a_confirmed_save_forgets_the_sent_draft(tab, desk):
    tab.goto(desk.show('<div data-behaviour="saved">已保存</div>'))
    tab.evaluate(
        """() => { localStorage.setItem("cms-editor:/a:body", '{"html":"x","at":1,"submitted":true}');
        localStorage.setItem("cms-editor:/b:body", '{"html":"y","at":1,"submitted":false}'); }"""
    )
    tab.reload()
    tab.wait_for_function("localStorage.length === 1")
    assert tab.evaluate("localStorage.key(0)") == "cms-editor:/b:body"
