"""Folding, words, synonyms, parsed queries, snippets and suggestions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.kernel.doc_no import find_doc_nos, normalise_doc_no
from cms.search.folding import bare, fold
from cms.search.query import parse
from cms.search.segment import Segmenter, pairs
from cms.search.snippets import highlight, snippet
from cms.search.suggest import Suggestions
from cms.search.synonyms import Synonyms


@pytest.mark.parametrize(
    "typed",
    [
        "衡民发〔2016〕12号",
        "衡民发[2016]12号",
        "衡民发 (２０１６) 第 0012 号",
        "衡民发【2016】12号",
        " 衡民发｛2016｝12号 ",
    ],
)
def test_document_numbers_have_one_form(typed):
    assert normalise_doc_no(typed) == "衡民发〔2016〕12号"


@pytest.mark.parametrize(
    "typed", ["", "12号", "〔2016〕12号", "衡民发〔1816〕12号", "见衡民发〔2016〕12号文", "衡民发〔2016〕0号"]
)
def test_what_is_no_document_number(typed):
    assert normalise_doc_no(typed) is None


def test_document_numbers_in_running_text():
    text = "根据（2016年）国办公开办函〔2021〕30号和〔2019〕7号"
    assert [(number, text[start:end]) for number, start, end in find_doc_nos(text)] == [
        ("国办公开办函〔2021〕30号", "国办公开办函〔2021〕30号"),
        ("和〔2019〕7号", "和〔2019〕7号"),
    ]


def test_folding():
    assert fold("ＡＢＣ１２３　身份證於臺灣後") == "abc123 身份证于台湾后"
    assert bare("《殡葬 管理办法》（试行）") == "殡葬管理办法试行"
    assert fold("著作权乾坤") == "著作权乾坤"


@given(st.text())
def test_folding_keeps_positions(text):
    assert len(fold(text)) == len(text)


def test_pairs_do_not_cross_punctuation():
    assert pairs("身份证、户口a簿子") == ["身份", "份证", "户口", "簿子"]


def test_words_can_be_added():
    segmenter = Segmenter()
    assert "阳光三农通" not in segmenter.query_words("阳光三农通平台")
    segmenter.add_words(["阳光三农通"])
    assert segmenter.query_words("阳光三农通平台")[0] == "阳光三农通"
    assert "阳光三农通" not in Segmenter().query_words("阳光三农通平台")


def test_compounds_are_indexed_with_their_parts(segmenter):
    assert {"最低生活保障", "生活", "保障"} <= set(segmenter.index_words("最低生活保障"))


def test_synonyms_are_read_from_lines():
    text = "# comment\n低保 = 最低生活保障\n孤立\n五保=特困供养 ＝ 特困人员供养\n"
    synonyms = Synonyms.load(text)
    assert synonyms.of("低保") == ("最低生活保障",)
    assert synonyms.of("特困供养") == ("五保", "特困人员供养")
    assert synonyms.of("孤立") == ()
    assert Synonyms.problems(text) == [(3, "孤立")]


def test_question_words_are_dropped_when_others_remain(segmenter):
    parsed = parse("请问怎么申请低保？", segmenter, Synonyms())
    assert [concept.word for concept in parsed.concepts] == ["申请", "低保"]
    assert parsed.question
    assert [concept.word for concept in parse("怎么办", segmenter, Synonyms()).concepts] == ["怎么办"]


def test_chinese_quotes_within_a_question_demand_nothing(segmenter):
    assert parse("“一房多租”有效吗？", segmenter, Synonyms()).phrases == ()
    assert parse("“一房多租”", segmenter, Synonyms()).phrases == ("一房多租",)
    assert parse('"一房多租" 有效', segmenter, Synonyms()).phrases == ("一房多租",)


def test_the_work_of_a_query_is_bounded(segmenter):
    text = "".join(chr(code) for code in range(0x4E00, 0x9000))
    parsed = parse(text, segmenter, Synonyms.built_in())
    assert len(parsed.concepts) <= 32
    assert len(parsed.pairs) <= 64


def test_highlighting_keeps_the_text_as_written():
    assert highlight("办理身份證，ＡＢＣ", ("身份证", "abc")) == [
        ("办理", False),
        ("身份證", True),
        ("，", False),
        ("ＡＢＣ", True),
    ]
    assert highlight("", ("a",)) == []
    assert highlight("文", ()) == [("文", False)]


@given(st.text(), st.lists(st.text(max_size=4), max_size=5))
def test_highlighted_fragments_join_to_the_text(text, terms):
    assert "".join(piece for piece, _ in highlight(text, terms)) == text


def test_snippets_show_where_most_words_stand_together():
    text = "低保工作简述。" + "其他内容。" * 200 + "申请低保的材料是身份证。" + "结尾。" * 200
    found = snippet(text, ("低保", "材料", "身份证"), width=40)
    assert [piece for piece, marked in found if marked] == ["低保", "材料", "身份证"]
    assert found[0] == ("…", False)
    assert found[1] == ("申请", False)
    assert found[-1] == ("…", False)


def test_a_snippet_without_matches_is_the_beginning():
    assert snippet("甲" * 300, ("乙",), width=10) == [("甲" * 10, False), ("…", False)]
    assert snippet("短文", ("乙",)) == [("短文", False)]


@given(st.text(max_size=500), st.lists(st.text(max_size=3), max_size=4), st.integers(1, 60))
def test_snippets_are_not_longer_than_asked(text, terms, width):
    assert sum(len(piece) for piece, _ in snippet(text, terms, width)) <= width + 2


@pytest.fixture(scope="module")
def suggestions():
    return Suggestions.build(["衡山县殡葬管理办法", "殡葬服务收费公示", "2016年度报告"])


def test_completion_by_characters_pinyin_and_initials(suggestions):
    assert suggestions.complete("殡葬", 10)[:4] == ["殡葬", "殡葬改革", "殡葬管理", "殡葬服务收费公示"]
    assert suggestions.complete("dibao")[0] == "低保"
    assert suggestions.complete("hsxbz") == ["衡山县殡葬管理办法"]
    assert suggestions.complete("殡zang", 1) == ["殡葬"]
    assert suggestions.complete("") == []
    assert suggestions.complete("无此词") == []


def test_corrections_go_by_sound(suggestions):
    assert suggestions.correct("地保") == "低保"
    assert suggestions.correct("shehuijiuzhu") == "社会救助"
    assert suggestions.correct("宾葬管理") == "殡葬管理"
    assert suggestions.correct("身份正办理") == "身份证办理"
    assert suggestions.correct("低保") is None
    assert suggestions.correct("今天天气") is None
    assert suggestions.correct("") is None


@given(st.text(max_size=100))
def test_no_text_breaks_the_suggestions(suggestions, text):
    assert len(suggestions.complete(text, 3)) <= 3
    suggestions.correct(text)
