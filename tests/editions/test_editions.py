"""The editions of the regulation as data: complete against the code lists, and picked by the day."""

from datetime import date

import pytest

from cms.editions.edition import RemedyKind
from cms.editions.loading import bundled_editions
from cms.kernel.errors import NotFound

OLD, NEW = bundled_editions()
#: Table 3 as printed, 国办公开办函〔2021〕30号.
TABLE_3 = """
A3.1 （一）予以公开
A3.2 （二）部分公开（区分处理的，只计这一情形，不计其他情形）
A3.3.1 1.属于国家秘密
A3.3.2 2.其他法律行政法规禁止公开
A3.3.3 3.危及“三安全一稳定”
A3.3.4 4.保护第三方合法权益
A3.3.5 5.属于三类内部事务信息
A3.3.6 6.属于四类过程性信息
A3.3.7 7.属于行政执法案卷
A3.3.8 8.属于行政查询事项
A3.4.1 1.本机关不掌握相关政府信息
A3.4.2 2.没有现成信息需要另行制作
A3.4.3 3.补正后申请内容仍不明确
A3.5.1 1.信访举报投诉类申请
A3.5.2 2.重复申请
A3.5.3 3.要求提供公开出版物
A3.5.4 4.无正当理由大量反复申请
A3.5.5 5.要求行政机关确认或重新出具已获取信息
A3.6.1 1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请
A3.6.2 2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请
A3.6.3 3.其他
"""
#: （三）申请答复数 of 《政府信息公开情况统计表》, 国办发〔2014〕32号.
ANSWERS_2014 = """
S3.3.1 1.属于已主动公开范围数
S3.3.2 2.同意公开答复数
S3.3.3 3.同意部分公开答复数
S3.3.4.a 其中：涉及国家秘密
S3.3.4.b 涉及商业秘密
S3.3.4.c 涉及个人隐私
S3.3.4.d 危及国家安全、公共安全、经济安全和社会稳定
S3.3.4.e 不是《条例》所指政府信息
S3.3.4.f 法律法规规定的其他情形
S3.3.5 5.不属于本行政机关公开数
S3.3.6 6.申请信息不存在数
S3.3.7 7.告知作出更改补充数
S3.3.8 8.告知通过其他途径办理数
"""


@pytest.mark.parametrize(("edition", "printed"), [(OLD, ANSWERS_2014), (NEW, TABLE_3)], ids=["2007", "2019"])
def test_results_are_the_leaves_of_the_statistics_as_printed(edition, printed):
    assert [f"{one.code} {one.label}" for one in edition.results] == printed.strip().splitlines()


@pytest.mark.parametrize("edition", [OLD, NEW], ids=["2007", "2019"])
def test_every_answer_has_a_result_and_every_result_an_answer(edition):
    codes = {one.code for one in edition.results}

    assert all(answer.results and codes.issuperset(answer.results) for answer in edition.answers)
    assert all(result.answer_kinds for result in edition.results)
    assert edition.result("A3.4.1" if edition is NEW else "S3.3.6").answer_kinds[0] == "not_exist"


def test_day_of_receipt_picks_the_edition():
    editions = bundled_editions()

    assert editions.on(date(2008, 5, 1)) is editions.on(date(2019, 5, 14)) is OLD
    assert editions.on(date(2019, 5, 15)) is editions.named("2019") is NEW
    with pytest.raises(NotFound, match="2008-05-01"):
        editions.on(date(2008, 4, 30))


def test_limits_belong_to_the_edition():
    assert {code: clock.n for code, clock in OLD.clocks.items()} == {"publish": 20, "answer": 15, "extend": 15}
    assert {code: clock.n for code, clock in NEW.clocks.items()} == {
        "publish": 20, "correct_notice": 7, "correct_reply": 15, "answer": 20, "extend": 20, "third_party": 15,
        "co_agency": 15, "bulk_reason": 15, "fee": 20,
    }  # fmt: skip
    assert OLD.clock("fee") is None
    assert (OLD.report_due.of_department(2016), NEW.report_due.of_department(2020)) == (
        date(2017, 3, 31), date(2021, 1, 31),
    )  # fmt: skip
    assert NEW.report_due.of_government(2020) == date(2021, 3, 31)


@pytest.mark.parametrize(
    ("day", "refused", "given"),
    [("2010-01-01", "choice_2008", "choice_2008"), ("2023-12-31", "choice_2015", "choice_2015"),
     ("2024-01-01", "review_first_2024", "choice_2015")],
)  # fmt: skip
@pytest.mark.parametrize("edition", [OLD, NEW], ids=["2007", "2019"])
def test_remedies_go_by_the_day_of_the_answer(edition, day, refused, given):
    day = date.fromisoformat(day)

    assert edition.remedy(edition.answer("withhold"), day).code == refused
    assert edition.remedy(edition.answer("partial"), day).code == refused
    assert edition.remedy(edition.answer("disclose"), day).code == given


def test_review_comes_first_since_2024_within_60_days():
    paragraph = NEW.remedy(NEW.answer("withhold"), date(2026, 1, 5))

    assert (paragraph.kind, paragraph.review_days) == (RemedyKind.REVIEW_FIRST, 60)
    assert "应当先自收到本答复之日起60日内向{review_organ}申请行政复议" in paragraph.text
    assert NEW.remedy(NEW.answer("lapsed_fee"), date(2026, 1, 5)) is None


def test_fees_are_progressive_by_bracket():
    per_case, per_page = NEW.fees.basis("per_case"), NEW.fees.basis("per_page")

    assert [per_case.total(n) for n in (0, 10, 11, 30, 31, 40, 41, 51)] == [0, 0, 100, 2000, 2200, 4000, 4300, 7400]
    assert [per_page.total(n) for n in (30, 31, 100, 101, 200, 201)] == [0, 10, 700, 720, 2700, 2740]
    assert OLD.fees is None


def test_crosswalk_takes_every_result_of_2007_to_a_leaf_of_table_3():
    leaves = {one.code for one in NEW.results}

    assert all(OLD.crosswalk(one.code) in leaves for one in OLD.results)
    assert (OLD.crosswalk("S3.3.4.b"), OLD.crosswalk("S3.3.4.c")) == ("A3.3.4", "A3.3.4")
    assert (NEW.crosswalk("A3.3.4"), NEW.move("A3.3.4").note[:4]) == (None, "旧表分为")
    assert (OLD.crosswalk("S4.2"), NEW.crosswalk("R.fix"), OLD.crosswalk("S9.1")) == ("R.fix", "S4.2", None)
    with pytest.raises(NotFound):
        OLD.crosswalk("A3.1")


def test_grounds_name_their_article():
    cited = [NEW.result(code) for code in NEW.answer("withhold").grounds]

    assert [one.code for one in cited] == [f"A3.3.{n}" for n in range(1, 8)]
    assert all(f"第{one.article.removeprefix('第')}的规定，不予公开。" in one.ground for one in cited)


def test_applicant_classes_are_the_columns_of_table_3():
    assert [(one.code, one.label) for one in NEW.applicant_classes] == [
        ("NP", "自然人"), ("CE", "商业企业"), ("RI", "科研机构"), ("PW", "社会公益组织"), ("LS", "法律服务机构"),
        ("OT", "其他"),
    ]  # fmt: skip
