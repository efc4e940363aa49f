"""Drafts: sentences that the numbers bear out, last year's problems quoted, nothing overwritten without asking."""

from datetime import UTC, datetime

import pytest
from cms_plugins.disclosure_report.building import build
from cms_plugins.disclosure_report.drafting import draft_of, problems_of
from cms_plugins.disclosure_report.format_file import ChapterSpec, formats
from cms_plugins.disclosure_report.report import Previous

from cms.accounts.policy import Role

PROBLEMS = (
    "2024年，我市政府信息公开工作取得了一定成绩，但还存在一定差距和不足。一是政策解读精准性、实效性需进一步加强；"
    "二是少数单位依申请公开办理规范性需进一步提升；三是公开平台协同联动建设需进一步完善。针对上述问题，我市及时进行了改进。"
    "一是关注民生热点，聚焦急难愁盼。"
)
YEAR = "/desk/report/2024/"


@pytest.fixture
def clock(clock):
    clock.at = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)
    return clock


def test_problems_are_what_the_chapter_lists_before_it_turns():
    assert problems_of(PROBLEMS) == [
        "政策解读精准性、实效性需进一步加强", "少数单位依申请公开办理规范性需进一步提升",
        "公开平台协同联动建设需进一步完善",
    ]  # fmt: skip
    assert problems_of("（一）公开不及时；\n（二）解读形式单一。\n下一步，（一）加强培训。") == [
        "公开不及时",
        "解读形式单一",
    ]
    assert problems_of("主动公开的深度和广度不够。将继续努力。") == ["主动公开的深度和广度不够"]
    assert problems_of("") == problems_of("无。") == []


def chapter(*sentences):
    return ChapterSpec.model_validate({"code": "C", "title": "章", "follows": ["C5"], "sentences": sentences})


def last_year(text):
    return Previous(year=2023, source="网站", figures={}, cells={}, chapters={"C5": text})


def test_sentences_follow_the_numbers():
    spec = chapter(
        {"text": "收到{figure:a}件。", "when": "a"},
        {"text": "没有收到。", "zero": ["a", "b"]},
        {"text": "另有{figure:c}件。"},
        {"text": "第二段。", "begins_paragraph": True},
    )

    assert draft_of(spec, {"a": 3, "b": 0, "c": 1}, None) == "收到{figure:a}件。另有{figure:c}件。\n第二段。"
    assert draft_of(spec, {"a": 0, "b": 0, "c": None}, None) == "没有收到。\n第二段。"
    assert draft_of(spec, {"a": None, "b": 0}, None) == "第二段。"


def test_problems_of_last_year_are_quoted_for_follow_up():
    spec = chapter(
        {"text": "整改情况：", "after_problems": True}, {"text": "“{problem}”，已改。", "begins_paragraph": True}
    )

    draft = draft_of(spec, {}, last_year("一是公开不够及时；二是解读形式单一。"))

    assert draft == "整改情况：\n“公开不够及时”，已改。\n“解读形式单一”，已改。"
    assert draft_of(spec, {}, last_year("")) == draft_of(spec, {}, None) == ""


def test_unedited_chapters_follow_the_records_and_ask_for_what_only_people_know(cms, tally):
    form = formats().for_year(2024)
    with cms.reading() as session:
        report = build(session, cms.contributions.figures, year=2024, form=form)
    found = {one.code: one.plain for one in report.chapters}

    assert "本网站主动公开政府信息0条。" in found["C1"]
    assert "其中工作动态" not in found["C1"]
    assert "【请填写：" in found["C5"]
    places = [finding for finding in report.findings if finding.rule == "R08"]
    assert {finding.severity for finding in places} == {"E"}
    for finding in places:
        chapter_ = next(one for one in report.chapters if one.title in finding.message)
        assert chapter_.plain[finding.start : finding.end].startswith("【请填写：")
        assert chapter_.plain[finding.start : finding.end] in finding.excerpt


def test_regenerating_asks_before_it_replaces(sign_in):
    officer = sign_in(Role.OFFICER)
    officer.post("/desk/report/open", data={"year": "2024"})
    path = f"{YEAR}chapters/C6"
    assert "正文按现有数据自动生成" in officer.get(path).text
    assert "重新生成草稿" not in officer.get(path).text
    officer.post(path, data={"text": "我写的。", "version": "0"})
    assert "重新生成草稿" in officer.get(path).text

    asked = officer.post(path, data={"action": "regenerate", "text": "我又改了。", "version": "1"}).text
    assert "没有其他需要报告的事项。" in asked
    assert "我又改了。</textarea>" in asked
    assert "我写的。" in officer.get(f"{YEAR}?tab=texts").text
    stale = officer.post(path, data={"action": "replace", "text": "我又改了。", "version": "7"})
    assert stale.status_code == 409
    assert "我写的。" in officer.get(f"{YEAR}?tab=texts").text

    officer.post(path, data={"action": "replace", "version": "1"})
    assert "我写的。" not in officer.get(f"{YEAR}?tab=texts").text


def test_chapter_that_is_a_table_has_no_text_to_edit(sign_in):
    officer = sign_in(Role.OFFICER)
    officer.post("/desk/report/open", data={"year": "2024"})

    assert officer.get(f"{YEAR}chapters/C3").status_code == 404
