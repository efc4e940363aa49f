"""Prose and its live numbers."""

import pytest
from cms_plugins.disclosure_report.texts import save_text
from cms_plugins.disclosure_report.tokens import Fragment, fill
from hypothesis import given
from hypothesis import strategies as st

from cms.accounts.policy import MACHINE, Role
from cms.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from cms.testing.factories import make_user


@pytest.fixture
def write(cms, form, opened):
    def write(text, code="L6", actor=MACHINE, **more):
        with cms.unit_of_work() as uow:
            return save_text(uow, form, 2016, code, text, actor=actor, **more).version

    return write


def chapter(report, code="L6"):
    return next(one for one in report.chapters if one.code == code)


def test_tokens_become_numbers_of_figures_and_cells(write, enter, tally, report_of):
    tally("push.upper", 54)
    enter("S9.1", 3)
    write("{year}年，{organ}推送{figure:push.upper}条。\n\n  会议{figure:S9.1}次。")

    found = chapter(report_of())

    assert found.lines == ["2016年，衡山县民政局推送54条。", "会议3次。"]
    assert [piece.code for paragraph in found.paragraphs for piece in paragraph if piece.code] == ["push.upper", "S9.1"]


def test_unknown_token_is_a_finding_with_its_place_and_stays_as_written(write, report_of):
    write("第一段。\n推送{figure:push.nowhere}条，{what}。")

    report = report_of()
    found = [finding for finding in report.findings if finding.rule == "R05"]
    text = chapter(report).plain

    assert text == "第一段。\n推送{figure:push.nowhere}条，{what}。"
    assert {finding.excerpt for finding in found} == {"推送{figure:push.nowhere}条，{what}。"}
    assert [text[finding.start : finding.end] for finding in found] == ["{figure:push.nowhere}", "{what}"]
    assert {finding.severity for finding in found} == {"E"}


def test_missing_number_is_said_not_hidden(write, report_of):
    write("发布会{figure:S2.2.1}次。")

    assert chapter(report_of()).plain == "发布会（尚未填报）次。"


@given(st.text(alphabet="{}figure:year.aS1，。 \n"))
def test_no_text_breaks_the_tokens(text):
    pieces = fill(text, {"a": "7"}, {"year": "2016"})
    unchanged = fill(text, {"a": "{figure:a}"}, {"year": "{year}"})

    assert all(isinstance(piece, Fragment) for piece in pieces)
    assert "".join(piece.text for piece in unchanged) == text


def test_two_editors_do_not_overwrite_each_other(write):
    assert write("第一稿。", version=0) == 1
    with pytest.raises(Conflict, match="已被他人保存"):
        write("另一稿。", version=0)
    assert write("第二稿。", version=1) == 2


def test_who_may_write_and_what(cms, write, opened):
    editor = make_user(cms, "editor", Role.EDITOR)

    with pytest.raises(NotAllowed):
        write("文字。", actor=editor)
    with pytest.raises(NotFound, match="没有“L9”这一章"):
        write("文字。", code="L9")
    with pytest.raises(Invalid, match="最多 20000 个字"):
        write("字" * 20_001)


def test_chapter_nobody_edited_has_the_text_of_the_format(app, tally, report_of):
    tally("letters.web_replies", 16)

    assert "网上回复16条" in chapter(report_of(), "LOPT").plain
    assert [finding.message for finding in report_of().findings if finding.rule == "R07"] == [
        "“政府信息公开工作存在的主要问题及改进情况”一章没有内容。"
    ]
