"""JSON as the contract has it, the official layout as text, HTML as a file of its own, and the command."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from click.testing import CliRunner
from cms_plugins.disclosure_report.commands import report_group
from cms_plugins.disclosure_report.outputs import as_text, chinese_number, contract, width
from cms_plugins.disclosure_report.report import Chapter, Number, Origin, Report, Row, Table
from cms_plugins.disclosure_report.tokens import Fragment

from cms.kernel.errors import NotFound


def number(code, label, unit, value):
    return Number(code=code, label=label, unit=unit, origin=Origin.COMPUTED, value=value)


@pytest.fixture
def small():
    cells = [number("S1.1", "（一）主动公开数", "条", Decimal(71)), number("S7", "七、费用", "万元", Decimal("0.50"))]
    missing = Number(code="S6", label="六、举报投诉", unit="件", origin=Origin.MANUAL, value=None, problem="尚未填报")
    return Report(
        year=2016, format="legacy2008", organ="某局", title="某局2016年政府信息公开工作年度报告",
        opening="现公布年度报告。", figures={"site.items": number("site.items", "信息", "条", Decimal(71))},
        tables={
            "T14": Table(
                code="T14", title="政府信息公开情况统计表", basis="", rows=(
                    Row(code="S1", label="一、主动公开情况", depth=0, number=None),
                    Row(code="S1.1", label="（一）主动公开数", depth=1, number=cells[0]),
                    Row(code="S6", label="六、举报投诉", depth=0, number=missing),
                    Row(code="S7", label="七、费用", depth=0, number=cells[1]),
                ),
            )
        },
        chapters=(
            Chapter(
                code="L1", title="概述", text="", paragraphs=(
                    (Fragment("公开"), Fragment("71", "site.items"), Fragment("条。")), (Fragment("第二段。"),)
                ),
            ),
            Chapter(code="L2", title="主动公开政府信息的情况", text="", paragraphs=((Fragment("正文。"),),)),
        ),
    )  # fmt: skip


GOLDEN = """\
某局2016年政府信息公开工作年度报告

　　现公布年度报告。

一、概述

　　公开71条。
　　第二段。

二、主动公开政府信息的情况

　　正文。

附：政府信息公开情况统计表（2016年度）

统计指标            单位  统计数
一、主动公开情况
　（一）主动公开数  条    71
六、举报投诉        件    （尚未填报）
七、费用            万元  0.5
"""


def test_text_has_the_official_layout(small):
    assert as_text(small) == GOLDEN


def test_report_without_table_ends_with_its_last_chapter(small):
    assert as_text(replace(small, tables={})).endswith("　　正文。\n")


def test_json_has_exactly_the_contract_s_shape(small):
    assert contract(small) == {
        "year": 2016,
        "format": "legacy2008",
        "organ": "某局",
        "figures": {"site.items": {"value": 71, "unit": "条", "source": "computed", "label": "信息"}},
        "tables": {"T14": {"S1.1": 71, "S6": None, "S7": 0.5}},
        "chapters": [
            {"code": "L1", "title": "概述", "text": "公开71条。\n第二段。"},
            {"code": "L2", "title": "主动公开政府信息的情况", "text": "正文。"},
        ],
        "findings": [],
    }


def test_findings_and_replaced_values_in_json(app, enter, report_of):
    enter("push.portal", 48, reason="县门户统计为48条")

    shown = contract(report_of())

    assert shown["figures"]["push.portal"] == {
        "value": 48, "unit": "条", "source": "manual", "label": "向县政府门户网站推送信息", "reported_value": 48,
        "computed_value": 0, "reason": "县门户统计为48条",
    }  # fmt: skip
    assert shown["tables"]["T14"]["S2.1"] is None
    assert {tuple(finding)[:6] for finding in shown["findings"]} == {
        ("rule", "severity", "message", "excerpt", "start", "end")
    }
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九")]
)
def test_chapters_are_numbered_in_chinese(number, shown):
    assert chinese_number(number) == shown


def test_chinese_characters_take_two_columns():
    assert width("a统计，1") == 8


@pytest.fixture
def run(app):
    def run(*arguments):
        with app.app_context():
            return CliRunner().invoke(report_group(), ["build", *arguments])

    return run


def test_command_prints_and_writes(run, tally, tmp_path):
    tally("consultations", 12, channel="web")
    target = tmp_path / "r.txt"

    shown = json.loads(run("2016", "--as", "json").output)
    answer = run("2016", "--format", "2008", "-o", str(target))

    assert shown["figures"]["consultations.total"]["value"] == 12
    assert (answer.exit_code, answer.output) == (0, f"{target}\n")
    assert target.read_text("utf-8").startswith(
        "衡山县民政局2016年政府信息公开工作年度报告\n\n　　根据《中华人民共和国"
    )


def test_html_is_one_file_that_loads_nothing(run, tally):
    tally("consultations", 12, channel="web")

    page = run("2016", "--as", "html").output

    assert page.startswith("<!doctype html>\n")
    assert "<h2>四、咨询处理情况</h2>" in page
    assert "咨询12人次" in page
    assert page.count("href=") == page.count('href="data:text/css') == 1
    assert "src=" not in page


def test_year_without_format_says_so(run):
    assert isinstance(run("2007").exception, NotFound)
    assert str(run("2007").exception).startswith("没有适用于 2007 年度的报告格式")


def test_report_before_the_national_form_has_no_table(run):
    assert json.loads(run("2012", "--as", "json").output)["tables"] == {}


def test_frozen_report_is_built_from_its_snapshot(run, frozen, tally):
    tally("consultations", 12, channel="web")

    assert json.loads(run("2016", "--as", "json").output)["figures"]["consultations.total"]["value"] == 3
