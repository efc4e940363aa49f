"""Findings in the desk: checking a file, setting aside with a reason, mending a chapter, and what forbids approval."""

import html
import io
import re

import pytest
from cms_plugins.disclosure_report.models import Dismissal, StoredCheck
from sqlalchemy import select

from cms.accounts.policy import Role
from cms.audit.models import AuditEntry

YEAR = "/desk/report/2016/"
CHECK = "/desk/report/check/"


@pytest.fixture
def officer(sign_in):
    return sign_in(Role.OFFICER)


@pytest.fixture
def checked(officer, given):
    """Check the founding report; return the address of the result."""
    answer = officer.post(CHECK, data={"text": given.FOUNDING, "year": "", "level": ""})
    assert answer.status_code == 302, answer.text
    return answer.location


def actions(page, name):
    return re.findall(rf'action="([^"]+/findings/[0-9a-f]+/{name})"', page)


def words(page):
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("path", [CHECK, f"{CHECK}1/"])
def test_only_officers_check(app, client, sign_in, path):
    assert client.get(path).status_code == 302
    assert sign_in(Role.EDITOR).get(path).status_code == 403


def test_pasted_report_is_checked_and_kept(officer, checked, given):
    page = officer.get(checked).text

    assert "错误 8 条" in page
    assert words(page).count("衡山县民政局2016年信息公开年度报告") >= 2
    assert re.search(r'<mark class="lint-mark lint-mark--E">我办</mark><a class="lint-ref" href="#finding-\d+"', page)
    assert "校核：衡山县民政局2016年信息公开年度报告" in page
    assert "衡山县民政局2016年信息公开年度报告" in officer.get(CHECK).text
    # The whole text is there, marks or not.
    text = words(re.search(r'<div class="lint-text">(.*?)</div></section>', page, re.DOTALL)[1])
    assert re.sub(r"\s|\d", "", given.FOUNDING) == re.sub(r"\s|\d", "", text)


@pytest.mark.parametrize(
    ("data", "field", "problem"),
    [
        ({"text": ""}, "text", "请粘贴报告的文字"),
        ({"text": "没有年份的文字", "year": ""}, "year", "没有找到报告年度"),
        ({"text": "报告", "year": "16"}, "year", "四位数的年度"),
        ({"text": "报告", "year": "1999"}, "year", "没有适用于 1999 年度的报告格式"),
        ({"text": "2016年" * 100_000}, "text", "过长"),
        ({"text": "2016年报告", "level": "planet"}, "level", "从列表中选择"),
    ],
)
def test_what_cannot_be_checked_is_told_at_its_field(officer, data, field, problem):
    answer = officer.post(CHECK, data=data)

    assert answer.status_code == 422
    assert problem in answer.text
    assert re.search(
        rf'name="{field}"[^>]*aria-describedby="[^"]*{field}-error|aria-describedby="[^"]*{field}-error[^>]*name="{field}"',
        answer.text,
    )
    if len(data["text"]) < 100:
        assert data["text"] in answer.text


def test_files_are_read_by_their_content(officer, given):
    def upload(content, name):
        return officer.post(CHECK, data={"file": (io.BytesIO(content), name), "text": ""})

    assert officer.get(upload(given.CORRECTED.encode("gb18030"), "报告.txt").location).status_code == 200
    broken = upload(b"PK\x03\x04 no zip at all", "报告.docx")
    assert broken.status_code == 422
    assert "报告.docx" in broken.text


def test_finding_is_set_aside_with_a_reason_and_shown_again(officer, checked, cms):
    action = actions(officer.get(checked).text, "dismiss")[0]

    refused = officer.post(action, data={"reason": " "})
    assert refused.status_code == 422
    assert "请写明忽略的理由" in refused.text
    assert officer.post(action, data={"reason": "章节另有规定"}).status_code == 302

    page = officer.get(checked).text
    assert ("错误 7 条" in page, "已忽略的 1 条" in page, "理由：章节另有规定" in page) == (True, True, True)
    with cms.reading() as session:
        assert [entry.action for entry in session.scalars(select(AuditEntry))][-1] == "report.finding.dismiss"

    officer.post(actions(page, "restore")[0])
    assert "错误 8 条" in officer.get(checked).text


def test_removed_check_takes_its_decisions_along(officer, checked, cms):
    officer.post(actions(officer.get(checked).text, "dismiss")[0], data={"reason": "另有规定"})
    officer.post(f"{checked}remove")

    assert officer.get(checked).status_code == 404
    with cms.reading() as session:
        assert (session.scalars(select(StoredCheck)).all(), session.scalars(select(Dismissal)).all()) == ([], [])


def test_unknown_finding_is_not_found(officer, checked, opened):
    assert officer.post(f"{checked}findings/{'0' * 32}/dismiss", data={"reason": "x"}).status_code == 404
    assert officer.post(f"{YEAR}findings/{'0' * 32}/fix").status_code == 404


@pytest.fixture
def chapter(officer, opened):
    """Write the first chapter of our report with mistakes in it."""

    def chapter(text="2014年，我办收到来信16余条，其中有{figure:site.items}条的的答复。"):
        answer = officer.post(f"{YEAR}chapters/L1", data={"text": text, "version": "0"})
        assert answer.status_code == 302
        return officer.get(f"{YEAR}chapters/L1").text

    return chapter


def test_findings_stand_beside_the_chapter(officer, chapter):
    page = chapter()

    assert '<mark class="lint-mark lint-mark--E">2014</mark>' in page
    assert [rule in page for rule in ("<code>X19</code>", "<code>L12</code>", "<code>L05</code>")] == [True] * 3
    texts = officer.get(f"{YEAR}?tab=texts").text
    assert "这一章的校核意见" in texts
    assert "自称前后不一" in officer.get(YEAR).text


def test_preview_checks_what_is_not_saved_yet(officer, chapter):
    chapter("2016年，我局公开信息。")
    page = officer.post(f"{YEAR}chapters/L1", data={"text": "2014年，我局公开信息。", "action": "preview"}).text

    assert '<mark class="lint-mark lint-mark--E">2014</mark>' in page
    # A fix would go into the saved text, so none is offered here.
    assert actions(page, "fix") == []


def test_quick_fixes_mend_the_chapter_and_keep_live_numbers(officer, chapter, cms):
    page = chapter()
    for _round in range(6):
        found = actions(page, "fix")
        if not found:
            break
        assert officer.post(found[0], data={"tab": "texts", "anchor": "L1"}).location.endswith("?tab=texts#L1")
        page = officer.get(f"{YEAR}chapters/L1").text
    text = html.unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]).strip()

    assert text == "2016年，我局收到来信16条，其中有{figure:site.items}条的答复。"


def test_fix_that_would_change_a_live_number_is_refused(officer, opened, tally, cms):
    from cms_plugins.disclosure_report.fixing import fixed
    from cms_plugins.disclosure_report.lint.registry import Fix
    from cms_plugins.disclosure_report.report import Chapter
    from cms_plugins.disclosure_report.tokens import fill

    text = "  收到{figure:a}件，\n\n　　公开16余条。"
    lines = tuple(fill(line.strip(), {"a": "12"}, {}) for line in text.splitlines() if line.strip())
    chapter = Chapter(code="L1", title="概述", text=text, paragraphs=lines)

    assert chapter.plain == "收到12件，\n公开16余条。"
    assert fixed(chapter, Fix(start=9, end=13, text="16条")) == "  收到{figure:a}件，\n\n　　公开16条。"
    assert fixed(chapter, Fix(start=2, end=4, text="13")) is None
    assert fixed(chapter, Fix(start=1, end=5, text="")) is None


def test_error_forbids_approval_until_it_is_mended_or_set_aside(officer, chapter):
    chapter("2014年，我局公开信息。")
    assert "沿用旧稿" in officer.post(f"{YEAR}state/approve", follow_redirects=True).text

    for action in actions(officer.get(YEAR).text, "dismiss"):
        officer.post(action, data={"reason": "引用的是历史情况"})

    assert "已审定" in officer.post(f"{YEAR}state/approve", follow_redirects=True).text
    # What was decided stays while the sentence does; an approved report cannot be changed.
    assert actions(officer.get(YEAR).text, "restore") == []


def test_number_typed_beside_a_register_that_is_not_empty(officer, chapter, tally):
    tally("consultations", 3, channel="phone")
    page = chapter("2016年，我局接受电话咨询0人次。")

    assert "登记簿中电话咨询为 3人次" in page
    assert "X15" not in chapter_again(officer, "2016年，我局接受电话咨询{figure:consultations.phone}人次。")


def chapter_again(officer, text):
    officer.post(f"{YEAR}chapters/L1", data={"text": text, "version": "1"})
    return officer.get(f"{YEAR}chapters/L1").text
