"""The founding case: every mistake of the real report of 2016 is found, none of its sound facts is doubted."""

import re

import pytest
from cms_plugins.disclosure_report.lint.organs import Level


@pytest.fixture(scope="module")
def founding(given):
    return given.lint(given.FOUNDING)


#: The findings that domain experts listed, with the words at the place and the grade.
EXPECTED = [
    ("X19", "E", "2014"), ("L01", "E", "包括概述"), ("L02", "W", "包括概述"), ("L03", "W", "复议、诉讼和申诉情况"),
    ("L04", "W", "2000余人次"), ("L05", "E", "16余条"), ("L06", "E", "16余条"), ("L06", "E", "70余条"),
    ("L07", "W", "68条,通知公告类信息3条等"), ("L08", "E", "政策法规"), ("L09", "W", "100%"), ("L10", "W", "40余条"),
    ("L11", "W", "2000余人次"), ("L12", "E", "我办"), ("L13", "W", "党政门户"), ("L13", "W", "公众查阅点"), ("L13", "W", "政务公开栏"),
    ("L14", "W", "政府信息公开的收费及减免情况"), ("L15", "W", "受理一起"), ("L16", "W", "2016年以来"), ("L16", "W", "截至2016年年底"),
    ("L16", "W", "今年"), ("L17", "E", ""), ("L18", "W", "相关阅读"), ("L18", "W", " "), ("L19", "I", "七、"), ("L20", "W", "衡山县民政局2016年信息公开年度报告"),
    ("L21", "W", "一、概述"), ("L21", "W", "七、"), ("L22", "I", "门户网书记"), ("L22", "I", "信息公开咨询的要求"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "severity", "words"), EXPECTED)
def test_each_known_mistake_is_found_at_its_place(given, founding, rule, severity, words):
    places = [
        (one.severity.value, given.FOUNDING[one.start : one.end])
        for one in given.of(founding, rule)
        if one.start is not None
    ]

    assert any(
        (grade == severity and words in place) or (words and place in words and place.strip())
        for grade, place in places
    )


def test_all_nine_vague_numbers_are_found(given, founding):
    assert [given.FOUNDING[one.start : one.end] for one in given.of(founding, "X21")] == [
        "40余条", "50余条", "10余条", "70余条", "16余条", "2000余人次", "1200余人次", "800余人次", "10余人次",
    ]  # fmt: skip


def test_nothing_else_is_an_error(given, founding):
    assert given.rules(founding, "E") == ["L01", "L05", "L06", "L08", "L12", "L17", "X19"]
    assert [one.rule for one in founding.findings if one.severity.value == "E"].count("L06") == 2


def test_sound_facts_are_not_doubted(given, founding):
    """68 + 3 = 71; 0 applications twice; no reconsideration, lawsuit or cost; the whole calendar year."""
    quoted = [given.FOUNDING[one.start : one.end] for one in founding.findings]

    assert "0件" not in quoted
    assert [one for one in given.of(founding, "L04") if "71条" in one.message] == []
    assert [one for one in given.of(founding, "X19") if "1月1日" in one.excerpt] == []


def test_quick_fixes_of_the_founding_report(given, founding):
    fixes = {(given.FOUNDING[one.fix.start : one.fix.end], one.fix.text) for one in founding.findings if one.fix}

    assert {("2014", "2016"), ("我办", "我局"), ("16余条", "16条"), (" ", ""), ("相关阅读：\n", "")} <= fixes


def test_every_finding_quotes_its_sentence_and_can_be_recognised(given, founding):
    prints = [one.fingerprint for one in founding.findings]

    assert len(set(prints)) == len(prints)
    assert prints == [one.fingerprint for one in given.lint(given.FOUNDING).findings]
    for one in founding.findings:
        place = re.sub(r"\s", "", given.FOUNDING[one.start : one.end])
        assert place[:390] in re.sub(r"\s", "", one.excerpt) or not place


def test_corrected_report_has_no_error_and_its_table_is_read(given):
    outcome = given.lint(given.CORRECTED)

    assert [one.message for one in outcome.findings] == []
    assert given.tables_json(outcome)["T14"]["S1.1"] == 71
    assert len(given.tables_json(outcome)["T14"]) == 58


def test_published_report_of_a_prefecture_has_only_its_known_oddities(given):
    outcome = given.lint(given.SUQIAN, level=Level.PREFECTURE)

    assert given.rules(outcome, "E") == []
    assert [given.SUQIAN[one.start : one.end] for one in given.of(outcome, "X12")] == ["134件", "57件"]
    assert ["170" in one.message for one in given.of(outcome, "X12")] == [True, False]
    assert "77" in given.of(outcome, "X12")[1].message
    assert [given.SUQIAN[one.start : one.end] for one in given.of(outcome, "X21")] == [
        "14万余条",
        "2100余条",
        "300余场次",
    ]
    assert given.rules(outcome, "W") == ["L09", "X11", "X12", "X21"]
