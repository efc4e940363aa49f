"""Every component of the desk: accessible, free of inline code, usable on a phone and without scripts."""

import re
from types import SimpleNamespace

import pytest
from render_styleguide import PAGES, environment, render

INLINE = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=|<style|<script(?![^>]*\ssrc=)|javascript:""", re.IGNORECASE)


def macro(name: str, template: str | None = None):
    return getattr(environment().get_template(f"ui/{template or name}.html").module, name)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_needs_inline_code_or_another_site(name):
    html = re.sub(r"<textarea.*?</textarea>|<button[^>]*data-copy=[^>]*>", "", render(name), flags=re.DOTALL)
    assert INLINE.findall(html) == []
    assert re.findall(r"""(?:src|href|action)="(?:https?:)?//""", html) == []


def test_every_icon_that_is_used_exists():
    sprite = (environment().loader.searchpath[0] + "/../static/desk/icons.svg").replace("templates/../", "")
    with open(sprite, encoding="utf-8") as file:  # noqa: PTH123 — one line for one file
        drawn = set(re.findall(r'<symbol id="([^"]+)"', file.read()))
    used = {icon for name in PAGES for icon in re.findall(r"icons\.svg#([\w-]+)", render(name))}
    assert used - drawn == set()
    assert len(drawn) >= 25


def test_a_field_links_its_hint_and_its_errors():
    html = render("edit")
    title = re.search(r'<input[^>]*id="title"[^>]*>', html).group()
    assert 'aria-describedby="title-hint title-error"' in title
    assert 'aria-invalid="true"' in title
    assert '<p class="field-hint" id="title-hint">不超过 60 字，不加书名号</p>' in html
    assert re.search(r'id="title-error">.*?<span>请填写标题</span>', html)


def test_a_button_escapes_and_asks():
    html = str(macro("button")("删除<b>", "danger", confirm='真的"删除"？', name="do", value="x"))
    assert html == (
        '<button type="submit" class="button button--danger" data-behaviour="confirm" '
        'data-confirm="真的&#34;删除&#34;？" data-confirm-ok="删除&lt;b&gt;" data-confirm-cancel="取消" '
        'name="do" value="x"><span>删除&lt;b&gt;</span></button>'
    )


def test_the_pager_shows_its_neighbours_and_both_ends():
    html = str(macro("pager")(6, 20, 400, lambda number: f"?page={number}"))
    assert re.findall(r">(\d+|…)<", html) == ["1", "…", "4", "5", "6", "7", "8", "…", "20"]
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="page"', html) == ["?page=6"]
    assert "共 400 条" in html
    assert "pager-link" not in str(macro("pager")(1, 1, 3, lambda number: f"?page={number}"))


def test_states_are_told_in_words():
    tag = macro("state_tag", "tag")
    states = ("draft", "review", "returned", "scheduled", "published", "withdrawn", "expired")
    assert [re.sub("<[^>]+>", "", str(tag(state))) for state in states] == [
        "草稿", "待审", "退回", "定时", "已发布", "已撤回", "已过期",
    ]  # fmt: skip


def test_the_menu_leaves_out_empty_groups_and_marks_the_page():
    groups = [
        {"label": "空", "items": []},
        {
            "label": "内容",
            "items": [{"label": "全部", "url": "/a", "icon": "files", "active": True, "badge": 3}],
        },
    ]
    html = str(macro("navigation", "menu")(groups))
    assert "空" not in html
    assert '<a class="nav-link" href="/a" aria-current="page">' in html
    assert '<span class="badge">3<span class="visually-hidden"> 项待办</span></span>' in html


def test_rows_without_scripts_have_three_numbered_rows():
    html = render("edit").split("<template>")[0]
    assert re.findall(r'name="(materials-\d+-name)"', html) == [f"materials-{index}-name" for index in range(3)]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_and_fit(tab, desk, name, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    desk.pages["/page"] = render(name)
    tab.set_viewport_size({"width": width, "height": 844})
    tab.goto(f"{desk.url}/page")
    tab.wait_for_load_state("networkidle")
    found = axe.run(tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_the_navigation_is_there_without_scripts(chromium, desk):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    desk.pages["/page"] = render("dashboard")
    page.goto(f"{desk.url}/page")
    assert page.get_by_role("link", name="操作日志").is_visible()
    assert not page.get_by_role("button", name="菜单", exact=True).is_visible()
    context.close()


def test_flashed_messages_are_announced():
    html = str(macro("flashed", "alert")([("message", "甲"), ("error", "乙")]))
    assert 'class="alert alert--info" role="status"' in html
    assert 'class="alert alert--error" role="alert"' in html
    assert SimpleNamespace(empty=str(macro("flashed", "alert")([])).strip()).empty == ""
