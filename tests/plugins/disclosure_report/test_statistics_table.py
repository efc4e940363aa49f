"""The statistics table: sums, parts of nothing, and what contradicts itself."""

from decimal import Decimal

from cms_plugins.disclosure_report.cells import Known, table_of
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.measuring import Measures
from cms_plugins.disclosure_report.models import ManualValue
from cms_plugins.disclosure_report.report import Number, Origin
from hypothesis import given
from hypothesis import strategies as st

from cms.figures.figure import Period
from cms.figures.registry import FigureRegistry

FORM = formats().for_year(2016)
SPEC = FORM.tables_of(2016)[0]
MANUAL = [row.code for row in SPEC.rows if row.is_entered]
SUMS = {row.code: row.sum for row in SPEC.rows if row.sum}


def numbers(**values):
    return {
        spec.code: Number(
            code=spec.code, label=spec.label, unit=spec.unit, origin=Origin.COMPUTED,
            value=Decimal(values.get(spec.code.replace(".", "_"), 1)),
        ) for spec in FORM.figures
    }  # fmt: skip


def entered(values):
    return {
        code: ManualValue(year=2016, code=code, value=str(value), unit="件", source="登记簿", reason="")
        for code, value in values.items()
    }


def table(figures, values):
    known = Known(entered=entered(values), measures=Measures(None, FigureRegistry(), Period.year(2016)), previous={})
    return table_of(SPEC, figures, known)


@given(st.dictionaries(st.sampled_from(MANUAL), st.integers(0, 10_000)))
def test_sums_are_the_sum_of_their_parts_and_unknown_if_one_part_is(values):
    cells = table(numbers(), values).cells

    assert len(SUMS) == 7
    for code, parts in SUMS.items():
        known = [cells[part].value for part in parts]
        assert cells[code].value == (None if None in known else sum(known)), code
    for code in MANUAL:
        assert cells[code].value == values.get(code), code


@given(st.dictionaries(st.sampled_from(MANUAL), st.integers(0, 10_000), min_size=len(MANUAL)))
def test_complete_table_has_no_unknown_cell(values):
    assert all(cell.value is not None for cell in table(numbers(), values).cells.values())


def test_parts_of_nothing_need_no_entry():
    cells = table(numbers(applications_received=0, reviews_received=0, litigations_received=0), {}).cells

    assert {cells[code].value for code in ("S3.1", "S3.1.1", "S3.1.4", "S4", "S4.2", "S5", "S5.3")} == {0}
    assert cells["S3.1.1"].origin is Origin.IMPLIED
    assert cells["S3.2"].value is None
    assert cells["S6"].value is None


def test_contradictions_are_errors(app, complete, enter, report_of):
    assert report_of().errors == []

    enter("S1.1.1", 2)
    enter("S1.1.2", 1)
    enter("S3.1.3", 1)
    enter("S2.2.1a", 1)
    errors = report_of().errors
    messages = sorted((finding.rule, finding.message) for finding in errors if finding.rule in ("R03", "R04"))
    # The prose says 0 applications, too.
    assert [finding.rule for finding in errors].count("X12") == 1

    assert messages == [
        ("R03", "合计不符：S3.1 （一）收到申请数 为 1，applications.received 收到依申请公开 为 0。"),
        (
            "R04",
            (
                "大小关系不符：S1.1.1 其中：主动公开规范性文件数 为 2，大于 S1.1 "
                "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条） 的 0。"
            ),
        ),
        ("R04", "大小关系不符：S1.1.1 其中：主动公开规范性文件数 为 2，大于 S1.1.2 制发规范性文件总数 的 1。"),
        (
            "R04",
            (
                "大小关系不符：S2.2.1a 其中：主要负责同志参加新闻发布会次数 为 1，"
                "大于 S2.2.1 1.参加或举办新闻发布会总次数 的 0。"
            ),
        ),
    ]


def test_consultations_must_add_up(app, complete, enter, tally, report_of):
    tally("consultations", 3, channel="phone")
    assert report_of().errors == []

    enter("consultations.phone", 4, reason="电话登记本另有1人次")

    # In the figures and in the prose, which shows the same numbers.
    assert [finding.rule for finding in report_of().errors] == ["L04", "R03"]


def test_missing_values_are_told_once_each(app, report_of):
    report = report_of()
    missing = [finding.message for finding in report.findings if finding.rule in ("R01", "R02")]

    unknown = [number for number in report.numbers() if number.value is None and not number.figure and not number.parts]
    assert len(missing) == len(set(missing)) == len(unknown)
    assert (
        "缺少数据：S2.1 （一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）（次）尚未填报。"
        in missing
    )
    assert not any("S7" in message or "S3.1" in message for message in missing)
