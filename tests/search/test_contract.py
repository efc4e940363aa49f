"""What every search index promises, over small texts written for these tests."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.search.index import SearchDocument, SearchQuery

DIBAO = SearchDocument(
    id=1,
    type="regulations",
    title="衡山县最低生活保障审核确认办法",
    body="为规范最低生活保障工作，根据《社会救助暂行办法》，制定本办法。申请人应当提交居民身份证、户口簿和收入证明。",
    doc_no="衡民发〔2016〕12号",
    index_no="430423/2016-00012",
    section_path="zwgk/zcfg",
    section_paths=("zwgk/zcfg", "zwgk"),
    issuer="衡山县民政局",
    published_on=dt.date(2016, 5, 4),
    validity="valid",
)
MARRIAGE = SearchDocument(
    id=2,
    type="guides",
    title="结婚登记办事指南",
    body="办理结婚登记需要双方的居民身份证、户口簿。办理地点为县民政局婚姻登记处，不收费。",
    keywords=("婚姻登记", "结婚证"),
    section_path="bszn",
    section_paths=("bszn",),
    published_on=dt.date(2019, 3, 1),
)
FUNERAL = SearchDocument(
    id=3,
    type="news",
    title="我县召开殡葬改革工作会议",
    body="会议传达了衡民发〔2016〕12号文件精神，部署清明节文明祭扫工作。",
    section_path="xwzx",
    section_paths=("xwzx",),
    published_on=dt.date(2019, 3, 20),
)
REPORT = SearchDocument(
    id=4,
    type="regulations",
    title="关于进一步做好特困人员供养工作的通知",
    body="各乡镇人民政府要认真做好特困人员认定，落实供养标准，加强敬老院管理。",
    doc_no="衡民发〔2018〕3号",
    section_path="zwgk/tz",
    section_paths=("zwgk/tz", "zwgk"),
    attachments="特困人员认定审批表",
    extra="社会救助股",
)
ALL = (DIBAO, MARRIAGE, FUNERAL, REPORT)


@pytest.fixture
def filled(index):
    index.apply(ALL, ())
    return index


def ids(index, text, **options):
    return [hit.id for hit in index.find(SearchQuery(text=text, **options)).hits]


def test_a_new_index_is_empty(index):
    page = index.find(SearchQuery(text="低保"))
    assert (page.total, page.hits, index.count(), list(index.ids())) == (0, (), 0, [])


def test_words_are_found_in_every_field(filled):
    assert ids(filled, "收入证明") == [1]
    assert ids(filled, "文明祭扫") == [3]
    assert ids(filled, "认定审批表") == [4]
    assert ids(filled, "社会救助股")[0] == 4
    assert ids(filled, "婚姻登记处") == [2]
    assert ids(filled, "衡山县民政局")[0] == 1


def test_documents_are_updated_in_place(filled):
    filled.apply([replace(FUNERAL, title="我县召开安全生产会议", body="部署安全生产。")], ())
    assert filled.count() == 4
    assert ids(filled, "殡葬") == []
    assert ids(filled, "安全生产") == [3]


def test_writing_the_same_again_changes_no_answer(filled):
    before = filled.find(SearchQuery(text="民政局"))
    for _ in range(12):
        filled.apply(ALL, ())
    assert filled.find(SearchQuery(text="民政局")) == before
    assert sorted(filled.ids()) == [1, 2, 3, 4]


def test_the_last_of_a_batch_counts(index):
    index.apply([DIBAO, replace(DIBAO, title="旧稿", body="防汛"), replace(DIBAO, title="定稿", body="抗旱")], ())
    assert (index.count(), ids(index, "抗旱"), ids(index, "防汛"), ids(index, "低保")) == (1, [1], [], [])


def test_deleted_documents_are_gone(filled):
    filled.apply((), [2, 99])
    filled.apply((), [2])
    assert (filled.count(), sorted(filled.ids()), ids(filled, "结婚登记")) == (3, [1, 3, 4], [])


def test_an_id_both_written_and_deleted_is_written(filled):
    filled.apply([MARRIAGE], [2, 3])
    assert sorted(filled.ids()) == [1, 2, 4]


def test_the_generation_changes_with_a_commit_only(filled):
    first = filled.generation()
    filled.find(SearchQuery(text="低保"))
    assert filled.generation() == first
    filled.apply([DIBAO], ())
    assert filled.generation() != first


@pytest.mark.parametrize(
    "typed",
    [
        "衡民发〔2016〕12号", "衡民发[2016]12号", "衡民发(2016)12号", "衡民发（2016）12号",
        "衡民发［2016］12号", "衡民发【2016】12号", "衡民发{2016}12号", "衡民发 〔 2016 〕 第 012 号",
        "衡民发〔２０１６〕１２号", "〔2016〕12号", "衡民发[2016]12", "衡民發〔2016〕12號",
    ],
)  # fmt: skip
def test_document_numbers_are_found_however_typed_with_citing_documents_after(filled, typed):
    assert ids(filled, typed) == [1, 3]


def test_a_document_number_within_a_question(filled):
    assert ids(filled, "请问根据衡民发〔2016〕12号怎么办理")[0] == 1


def test_the_index_number_is_found(filled):
    assert ids(filled, "430423/2016-00012")[0] == 1


def test_orders_are_found_with_and_without_the_state(index):
    order = SearchDocument(id=9, type="regulations", title="存款保险条例", doc_no="中华人民共和国国务院令第660号")
    index.apply([order, DIBAO], ())
    assert ids(index, "国务院令第660号") == [9]
    assert ids(index, "中华人民共和国国务院令 第660号") == [9]


def test_an_exact_title_comes_first(index):
    longer = [
        SearchDocument(id=n, type="news", title=f"殡葬管理办法解读之{n}", body="殡葬管理办法 " * 20)
        for n in range(10, 25)
    ]
    index.apply([*longer, SearchDocument(id=1, type="regulations", title="殡葬管理办法", body="总则。")], ())
    assert ids(index, "殡葬管理办法")[0] == 1
    assert ids(index, "《殡葬 管理办法》")[0] == 1
    assert ids(index, "殯葬管理辦法")[0] == 1


def test_synonyms_are_found(filled):
    assert ids(filled, "低保")[0] == 1
    assert ids(filled, "五保") == [4]
    assert ids(filled, "结婚证")[0] == 2


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("请问申请低保需要什么材料？", 1),
        ("结婚登记怎么办理，要带身份证和户口簿吗", 2),
        ("敬老院里的特困人员供养标准是多少", 4),
        (
            "我父亲是农村户口，今年七十岁，没有收入，儿女都不在身边，请问像他这样的情况能不能申请最低生活保障，需要准备哪些材料？",
            1,
        ),
    ],
)
def test_questions_find_their_answer(filled, question, first):
    assert ids(filled, question)[0] == first


def test_a_question_of_stop_words_only_does_not_fail(filled):
    assert filled.find(SearchQuery(text="怎么办")).total == 0


def test_straight_quotes_demand_the_exact_words(filled):
    assert set(ids(filled, "登记处 身份证 户口簿")) >= {1, 2}
    assert ids(filled, '"收入证明" 身份证') == [1]
    assert filled.find(SearchQuery(text='"收入证明"')).terms[0] == "收入证明"


def test_filters(filled):
    assert ids(filled, "特困 殡葬 结婚 低保", type="news") == [3]
    assert sorted(ids(filled, "特困 殡葬 结婚 低保", section="zwgk")) == [1, 4]
    assert ids(filled, "特困 殡葬 结婚 低保", section="zwgk/tz") == [4]
    assert sorted(ids(filled, "特困 殡葬 结婚 低保", since=dt.date(2019, 3, 1))) == [2, 3]
    assert ids(filled, "特困 殡葬 结婚 低保", until=dt.date(2019, 2, 28)) == [1]
    assert ids(filled, "特困 殡葬 结婚 低保", types=frozenset({"guides"})) == [2]


def test_facets_ignore_their_own_filter_only(filled):
    text = "特困 殡葬 结婚 低保"
    everything = filled.find(SearchQuery(text=text)).facets
    assert everything == {
        "type": {"regulations": 2, "guides": 1, "news": 1},
        "section": {"zwgk": 2, "zwgk/zcfg": 1, "zwgk/tz": 1, "bszn": 1, "xwzx": 1},
        "year": {"2019": 2, "2016": 1},
    }
    news = filled.find(SearchQuery(text=text, type="news")).facets
    assert news["type"] == everything["type"]
    assert news["section"] == {"xwzx": 1}
    assert news["year"] == {"2019": 1}
    old = filled.find(SearchQuery(text=text, until=dt.date(2016, 12, 31))).facets
    assert (old["year"], old["type"]) == ({"2019": 2, "2016": 1}, {"regulations": 1})
    active = filled.find(SearchQuery(text=text, types=frozenset({"news", "guides"}))).facets
    assert active["type"] == {"guides": 1, "news": 1}


def test_the_year_of_a_document_wins_over_its_date(index):
    index.apply([replace(DIBAO, year=2015)], ())
    assert index.find(SearchQuery(text="低保")).facets["year"] == {"2015": 1}


def test_sorting_by_date_puts_undated_last(filled):
    assert ids(filled, "特困 殡葬 结婚 低保", sort="date") == [3, 2, 1, 4]


def test_paging_is_complete_and_without_repeats(index):
    index.apply(
        [SearchDocument(id=n, type="news", title=f"工作动态第{n}期", body="民政工作") for n in range(1, 48)],
        (),
    )
    pages = [index.find(SearchQuery(text="民政工作", page=page, per_page=20)) for page in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [20, 20, 7, 0]
    assert {page.total for page in pages} == {47}
    assert {hit.id for page in pages for hit in page.hits} == set(range(1, 48))


def test_outdated_documents_rank_after_equal_valid_ones(index):
    new = replace(DIBAO, id=5, doc_no="", index_no="", published_on=dt.date(2022, 1, 1))
    index.apply([new, replace(new, id=6, validity="repealed")], ())
    assert ids(index, "最低生活保障") == [5, 6]
    first, second = index.find(SearchQuery(text="收入证明")).hits
    assert 0.85 <= second.score / first.score < 1


def test_newer_documents_rank_before_equal_older_ones(index):
    today = dt.datetime.now(tz=dt.UTC).date()
    old = replace(DIBAO, id=5, published_on=today - dt.timedelta(days=9000))
    index.apply([old, replace(old, id=6, published_on=today)], ())
    first, second = index.find(SearchQuery(text="收入证明")).hits
    assert (first.id, second.id) == (6, 5)
    assert 0.85 <= second.score / first.score < 1


def test_boost_is_an_editorial_factor(index):
    index.apply([DIBAO, replace(DIBAO, id=5, boost=1.5)], ())
    assert ids(index, "收入证明") == [5, 1]


def test_short_queries_need_all_words_when_many_documents_have_them(index):
    both = [SearchDocument(id=n, type="news", title=f"殡葬{n}", body="惠民殡葬补贴发放") for n in range(30)]
    one = [SearchDocument(id=n, type="news", title=f"高龄{n}", body="高龄补贴发放") for n in range(30, 60)]
    index.apply([*both, *one], ())
    assert index.find(SearchQuery(text="殡葬 发放")).total == 30


def test_terms_to_highlight_are_words_and_synonyms(filled):
    assert set(filled.find(SearchQuery(text="怎么申请低保")).terms) >= {
        "低保",
        "最低生活保障",
        "申请",
        "办理",
    }


@pytest.mark.parametrize(
    "hostile",
    ["", " ", "\x00", "？！。，", "*", "a AND", "title:", "(((", "[* TO", '"', '""', "~~~", "\ud800",
     "a" * 10_000, "低保" * 5_000, "〔2016〕" * 2_000, "\n\t\r", "％＿", "'; DROP TABLE", "../../etc/passwd", "🙂",
     "NOT NOT", "^^5", "\u202e低保", "《》“”", "0" * 5000, "令第1号" * 900],
)  # fmt: skip
def test_hostile_queries_have_an_answer(filled, hostile):
    page = filled.find(SearchQuery(text=hostile, page=10**9, per_page=10**9))
    assert page.total >= 0
    assert len(page.terms) <= 24


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=400), page=st.integers(-5, 5), per_page=st.integers(-5, 50))
def test_no_text_raises(filled, text, page, per_page):
    answer = filled.find(SearchQuery(text=text, page=page, per_page=per_page))
    assert {hit.id for hit in answer.hits} <= {1, 2, 3, 4}
    assert answer.total <= 4


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(min_size=1, max_size=80), body=st.text(max_size=300), number=st.text(max_size=40))
def test_any_document_can_be_indexed(index, title, body, number):
    index.apply([SearchDocument(id=7, type="news", title=title, body=body, doc_no=number, index_no=number)], ())
    assert 7 in list(index.ids())


def test_closing_twice_does_nothing(filled):
    filled.close()
    filled.close()
