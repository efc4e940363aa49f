"""The editor in a real browser under the desk's policy: typing, tables, pictures, drafts, keyboard."""

import json
import re

import pytest
from editor_page import FORM, open_editor, paste, press, saved

pytestmark = pytest.mark.browser


def test_typing_reaches_the_textarea_and_the_form(tab, desk):
    region = open_editor(tab, desk)
    region.click()
    press(tab, "二级标题")
    tab.keyboard.type("通知")
    tab.keyboard.press("Enter")
    press(tab, "加粗")
    tab.keyboard.type("重要")
    tab.keyboard.press("Enter")
    press(tab, "有序列表")
    tab.keyboard.type("甲")
    assert saved(tab) == "<h2>通知</h2><p><strong>重要</strong></p><ol><li>甲</li></ol>"
    tab.click("#save")
    tab.wait_for_selector("text=已收到")
    assert desk.forms == [{"body": ["<h2>通知</h2><p><strong>重要</strong></p><ol><li>甲</li></ol>"]}]


def test_alignment_and_indent_are_classes(tab, desk):
    region = open_editor(tab, desk, "<p>甲</p>")
    region.click()
    press(tab, "居中")
    press(tab, "首行缩进两字")
    assert saved(tab) == '<p class="align-center indent">甲</p>'
    assert tab.get_by_role("button", name="居中", exact=True).get_attribute("aria-pressed") == "true"
    press(tab, "清除格式")
    assert saved(tab) == "<p>甲</p>"


def test_an_old_article_survives_a_round_trip(tab, desk):
    article = (
        '<p>见<a href="/zcfg/1.html">文件</a><img src="/media/icon.gif" alt="附件"></p>'
        '<figure><img src="/media/a.png" alt="现场" width="600"><figcaption>图一</figcaption></figure>'
        '<table><caption>标准</caption><thead><tr><th scope="col">项目</th>'
        '<th scope="col">金额</th></tr></thead>'
        '<tbody><tr><th scope="row">低保</th><td>300</td></tr></tbody></table>'
        "<ul><li>甲<ul><li>乙</li></ul></li></ul><p>x<sup>2</sup><s>删</s><br>换行</p>"
    )
    region = open_editor(tab, desk, article)
    region.click()
    tab.keyboard.press("Control+End")
    tab.keyboard.type("。")
    assert saved(tab) == article.removesuffix("</p>") + "。</p>"


def test_styles_and_unknown_markup_of_imported_text_are_dropped(tab, desk):
    region = open_editor(
        tab,
        desk,
        '<div style="text-align:center"><font color="red">甲</font></div>'
        '<p style="text-indent:2em" class="x indent y" onclick="x()">乙'
        '<span style="font-weight:700">丙</span></p>'
        '<script>1</script><a href="javascript:x()">丁</a>',
    )
    region.click()
    tab.keyboard.press("Control+End")
    tab.keyboard.type("戊")
    assert saved(tab) == '<p class="align-center">甲</p><p class="indent">乙<strong>丙</strong></p><p>丁戊</p>'


def test_tables_are_built_merged_and_captioned(tab, desk):
    region = open_editor(tab, desk)
    region.click()
    press(tab, "表格")
    tab.get_by_label("行数").fill("2")
    tab.get_by_label("列数").fill("2")
    tab.keyboard.press("Enter")
    tab.keyboard.type("甲")
    press(tab, "下方插行")
    press(tab, "右侧插列")
    press(tab, "表格标题")
    tab.get_by_label("表格标题（显示在表格上方）").fill("补助标准")
    press(tab, "确定")
    cells = region.locator("td")
    first, second = cells.nth(0).bounding_box(), cells.nth(1).bounding_box()
    tab.mouse.move(first["x"] + 10, first["y"] + 10)
    tab.mouse.down()
    tab.mouse.move(second["x"] + 20, second["y"] + 10, steps=4)
    tab.mouse.up()
    press(tab, "合并单元格")
    head = '<th scope="col">甲</th><th scope="col"></th><th scope="col"></th>'
    assert saved(tab) == (
        f"<table><caption>补助标准</caption><thead><tr>{head}</tr></thead>"
        '<tbody><tr><td colspan="2"></td><td></td></tr><tr><td></td><td></td><td></td></tr></tbody></table>'
    )
    press(tab, "删除表格")
    assert saved(tab) == ""


def test_pictures_are_uploaded_and_ask_for_their_texts(tab, desk):
    region = open_editor(tab, desk)
    region.click()
    with tab.expect_file_chooser() as chooser:
        press(tab, "图片")
    chooser.value.set_files(
        [{"name": name, "mimeType": "image/png", "buffer": b"x"} for name in ("会场.png", "走访.png")]
    )
    tab.get_by_label("第 1 张图片的替代文字").fill("会场全景")
    tab.get_by_label("第 2 张图片的替代文字").fill("走访老人")
    tab.get_by_label("第 2 张图片的说明（可不填）").fill("图二")
    tab.keyboard.press("Enter")
    assert desk.uploads == [("会场.png", "token-1"), ("走访.png", "token-1")]
    assert saved(tab) == (
        '<figure><img src="/media/1.png" alt="会场全景"></figure>'
        '<figure><img src="/media/2.png" alt="走访老人"><figcaption>图二</figcaption></figure>'
    )


def test_a_picture_does_not_cut_the_paragraph_of_the_cursor(tab, desk):
    region = open_editor(tab, desk, "<p>合计</p><p>乙</p>")
    region.locator("p").first.click()
    tab.keyboard.press("Home")
    tab.keyboard.press("ArrowRight")
    paste(region, files=["截图.png"])
    press(tab, "确定")
    assert saved(tab) == '<p>合计</p><figure><img src="/media/1.png" alt=""></figure><p>乙</p>'


def test_a_refused_picture_leaves_the_text_with_its_reason(tab, desk):
    desk.refuse = "文件超过 10 MB"
    region = open_editor(tab, desk, "<p>甲</p>")
    region.click()
    paste(region, files=["大图.png"])
    tab.get_by_text("“大图.png”上传失败：文件超过 10 MB").wait_for()
    assert saved(tab) == "<p>甲</p>"


def test_links_are_checked_in_the_panel(tab, desk):
    region = open_editor(tab, desk, "<p>省民政厅</p>")
    region.click()
    tab.keyboard.press("Control+a")
    tab.keyboard.press("Control+k")
    tab.get_by_label("链接地址").fill("javascript:alert(1)")
    tab.keyboard.press("Enter")
    assert tab.get_by_label("链接地址").get_attribute("aria-invalid") == "true"
    tab.get_by_label("链接地址").fill("https://mzt.hunan.gov.cn/")
    tab.keyboard.press("Enter")
    assert saved(tab) == '<p><a href="https://mzt.hunan.gov.cn/">省民政厅</a></p>'


def test_the_toolbar_is_one_tab_stop_with_arrow_keys(tab, desk):
    region = open_editor(tab, desk, "<p>甲</p>")
    toolbar = tab.get_by_role("toolbar", name="正文格式工具栏")
    assert toolbar.locator("button[tabindex='0']").count() == 1
    region.click()
    tab.keyboard.press("Alt+F10")
    tab.keyboard.press("End")
    assert tab.evaluate("document.activeElement.dataset.action") == "full"
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    assert saved(tab) == "<h2>甲</h2>"
    tab.keyboard.press("Alt+F10")
    tab.keyboard.press("Escape")
    assert region.evaluate("node => node === document.activeElement")


def test_an_unsaved_text_is_offered_again(tab, desk):
    region = open_editor(tab, desk, "<p>旧</p>")
    region.click()
    tab.keyboard.press("Control+End")
    tab.keyboard.type("新")
    key = "cms-editor:/desk/content/7/edit:body"
    tab.wait_for_function("key => localStorage.getItem(key) !== null", arg=key)
    assert json.loads(tab.evaluate("key => localStorage.getItem(key)", key))["html"] == "<p>旧新</p>"
    warnings: list[str] = []
    tab.once("dialog", lambda dialog: (warnings.append(dialog.type), dialog.accept()))
    tab.reload()
    assert warnings == ["beforeunload"]
    press(tab, "恢复这份正文")
    assert saved(tab) == "<p>旧新</p>"
    assert re.fullmatch(r"共 \d+ 字", tab.locator(".editor-count").inner_text())


def test_without_scripts_the_textarea_is_the_field(chromium, desk):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.show(FORM % "原文"))
    page.get_by_label("正文").fill("<p>手写</p>")
    page.click("#save")
    page.wait_for_selector("text=已收到")
    context.close()
    assert desk.forms == [{"body": ["<p>手写</p>"]}]
