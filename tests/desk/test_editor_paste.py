"""What comes from the clipboard: Word, WPS, web pages, pictures, the editor itself."""

from pathlib import Path

import pytest
from editor_page import open_editor, paste, press, saved

pytestmark = pytest.mark.browser

# Written for this test after the form in which Word 2016 fills the clipboard; no real document.
WORD = (Path(__file__).parent / "word_clipboard.html").read_text("utf-8")

CLEAN_WORD = (
    '<h2 class="align-center">低保申请须知</h2>'
    '<p class="indent">凡<strong>共同生活</strong>的家庭成员<u>人均收入</u>低于标准的</p>'
    '<ol><li>户口簿</li><li>身份证<ol type="a"><li>原件</li></ol></li></ol>'
    "<p>中间一段</p>"
    '<ol start="3"><li>收入证明</li></ol>'
    "<p>一、总体要求</p>"
    '<table><tbody><tr><td colspan="2"><p class="align-center">合计</p></td><td rowspan="2">备注</td></tr>'
    "<tr><td>甲</td><td>乙</td></tr></tbody></table>"
    '<p class="align-right">2016年3月8日</p>'
)


def test_word_clipboard_becomes_clean_html(tab, desk):
    region = open_editor(tab, desk)
    region.click()
    paste(region, WORD)
    assert saved(tab) == CLEAN_WORD
    assert tab.get_by_text("有 1 张图片未能粘贴，请用“图片”按钮上传").is_visible()


def test_wps_style_sheet_gives_alignment(tab, desk):
    region = open_editor(tab, desk)
    region.click()
    paste(
        region,
        "<html><head><style>@list l0:level1{mso-level-number-format:bullet;} p.p15{text-align:center;}"
        "p.p16{text-indent:21.0000pt;}</style></head><body><p class=p15><b>公告</b></p><p class=p16>正文</p>"
        '<p class=p17 style="mso-list:l0 level1 lfo1;">要点</p><p>　　缩进</p></body></html>',
    )
    assert saved(tab) == (
        '<p class="align-center"><strong>公告</strong></p><p class="indent">正文</p>'
        '<ul><li>要点</li></ul><p class="indent">缩进</p>'
    )


def test_a_pasted_picture_is_uploaded(tab, desk):
    region = open_editor(tab, desk)
    region.click()
    paste(region, files=["截图.png"])
    tab.get_by_label("替代文字", exact=True).wait_for()
    assert saved(tab) == '<figure><img src="/media/1.png" alt=""></figure>'


def test_line_breaks_of_the_source_are_no_spaces(tab, desk):
    region = open_editor(tab, desk)
    region.click()
    paste(region, "<p>全县\r\n城乡<b>低保\n </b>\n对象 3 人\nWord 文件</p><p>第二段</p>")
    assert saved(tab) == "<p>全县城乡<strong>低保</strong>对象 3 人 Word 文件</p><p>第二段</p>"


def test_a_picture_inside_pasted_html_is_uploaded_in_its_place(tab, desk):
    region = open_editor(tab, desk)
    region.click()
    paste(
        region,
        '<p>前<img src="data:image/png;base64,eA==">后</p>'
        '<p><img src="https://elsewhere.example/a.png"><img src="/media/own.png" alt="本站"></p>',
    )
    press(tab, "确定")
    assert desk.uploads == [("粘贴图片1.png", "token-1")]
    assert saved(tab) == ('<p>前<img src="/media/1.png" alt="">后</p><p><img src="/media/own.png" alt="本站"></p>')
    assert tab.get_by_text("有 1 张图片未能粘贴，请用“图片”按钮上传").is_visible()


def test_text_copied_inside_the_editor_is_pasted_unchanged(tab, desk):
    table = "<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>"
    text = f'<p class="align-right indent">丙<strong>丁</strong></p>{table}<p>戊</p>'
    region = open_editor(tab, desk, text)
    region.click()
    tab.keyboard.press("Control+a")
    # The editor fills the event's own clipboard; the one of the machine is shared with everything else on it.
    copied = region.evaluate(
        """(node) => {
            const event = new ClipboardEvent("copy", { clipboardData: new DataTransfer(), bubbles: true });
            node.dispatchEvent(event);
            return event.clipboardData.getData("text/html");
        }"""
    )
    tab.keyboard.press("Backspace")
    assert saved(tab) == ""
    paste(region, copied)
    assert saved(tab) == text
