"""Values entered by hand: sources, reasons, history, rights."""

from decimal import Decimal

import pytest
from cms_plugins.disclosure_report.manual import history, valid_values

from cms.accounts.policy import MACHINE, Role
from cms.kernel.errors import Invalid, NotAllowed
from cms.testing.factories import make_user


def errors_of(raised):
    return {name: lines[0] for name, lines in raised.value.errors.items()}


def test_value_without_source_is_refused(enter):
    with pytest.raises(Invalid) as raised:
        enter("reviews.received", 1, source=" ")

    assert errors_of(raised) == {"source": "请写明依据，例如：行政复议案件登记簿第3页。"}


@pytest.mark.parametrize(
    ("code", "value", "problem"),
    [
        ("S9.1", "三", "请填写数字，例如 12。"),
        ("S9.1", "1.5", "以“次”为单位的数值应为整数。"),
        ("S9.1", "-1", "数值应在 0 到 1000000000 之间。"),
        ("S9.1", "NaN", "数值应在 0 到 1000000000 之间。"),
        ("fees.collected", "0.0000001", "最多保留 6 位小数。"),
        ("S9.1", "", "请填写数值。"),
    ],
)
def test_what_is_no_sensible_number_is_refused(enter, code, value, problem):
    with pytest.raises(Invalid) as raised:
        enter(code, value, reason="台账")

    assert errors_of(raised) == {"value": problem}


def test_money_may_have_decimals(enter, report_of):
    enter("fees.collected", "1,000.25", reason="财政票据")

    report = report_of()
    assert report.figures["fees.collected"].value == Decimal("1000.25")
    assert report.tables["T14"].cells["S7"].shown == "1000.25"


@pytest.mark.parametrize("code", ["S1.1", "S3.1", "S1", "nothing"])
def test_bound_cells_sums_and_headings_cannot_be_entered(enter, code):
    with pytest.raises(Invalid) as raised:
        enter(code, 1)

    assert errors_of(raised) == {"code": f"“{code}”不是可以填报的项目。"}


def test_value_that_replaces_a_computed_one_needs_a_reason_and_both_are_shown(enter, tally, report_of):
    tally("push.portal", 46)
    with pytest.raises(Invalid) as raised:
        enter("push.portal", 48)
    assert errors_of(raised) == {"reason": "该项由系统计算。填报不同的数值，请写明理由。"}

    enter("push.portal", 48, reason="县门户统计为48条")
    number = report_of().figures["push.portal"]

    assert (number.value, number.computed, number.reason) == (48, 46, "县门户统计为48条")
    assert [finding.message for finding in report_of().findings if finding.rule == "R06"] == [
        "填报数与计算数不同：push.portal 向县政府门户网站推送信息 填报 48，计算 46；理由：县门户统计为48条"
    ]


def test_new_value_supersedes_and_nothing_is_lost(cms, enter, report_of):
    enter("S9.1", 3)
    enter("S9.1", 4, source="会议登记簿第2页")
    enter("S9.1", "", source="会议取消")

    with cms.reading() as session:
        past = history(session, 2016, "S9.1")
        assert [(row.value, row.source) for row in past] == [
            (None, "会议取消"), ("4", "会议登记簿第2页"), ("3", "登记簿第1页")
        ]  # fmt: skip
        assert valid_values(session, 2016) == {}
    assert report_of().tables["T14"].cells["S9.1"].value is None


def test_only_officers_enter_values(app, cms, enter):
    editor = make_user(cms, "editor", Role.EDITOR)
    with app.app_context(), pytest.raises(NotAllowed, match="信息公开专员"):
        enter("S9.1", 3, actor=editor)
    officer = make_user(cms, "officer", Role.OFFICER)

    assert enter("S9.1", 3, actor=officer).recorded_by_id == officer.id


def test_values_of_an_approved_report_stay(cms, frozen, enter):
    with pytest.raises(NotAllowed, match="不能再修改"):
        enter("S9.1", 3)


def test_machine_values_have_no_person(enter):
    assert enter("S9.1", 3, actor=MACHINE).recorded_by_id is None
