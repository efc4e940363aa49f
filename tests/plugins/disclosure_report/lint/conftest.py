"""Reports for the tests of the linter: those in tests/data, and made ones in any layout."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.linting import Wanted, check, source_of_text

LINT = Path(__file__).parents[3] / "data" / "lint"
TABLES = LINT.parent / "annual_report"
FOUNDING = (LINT / "hengshan_2016.txt").read_text("utf-8")
CORRECTED = (LINT / "hengshan_2016_corrected.txt").read_text("utf-8")
SUQIAN = (LINT / "suqian_2024.txt").read_text("utf-8")


def lint(text, **wanted):
    """Check a text."""
    return check(source_of_text(text), formats(), Wanted(**wanted))


def rules(outcome, severity=None):
    """Return the ids of the rules that found something, each once, in order."""
    return sorted({one.rule for one in outcome.findings if severity is None or one.severity.value == severity})


def of(outcome, rule):
    """Return the findings of a rule."""
    return [one for one in outcome.findings if one.rule == rule]


def tables_json(outcome):
    """Return the tables that were read, in the shape of the contract."""
    return {code: table.as_json() for code, table in outcome.context.tables.items()}


def golden():
    """Return the tables of a prefecture's report for 2025 that add up in every way."""
    return json.loads((TABLES / "prefecture_2025.json").read_text("utf-8"))


T2_LABELS = {
    "REG": "规章",
    "NORM": "行政规范性文件",
    "LIC": "行政许可",
    "PUN": "行政处罚",
    "COE": "行政强制",
    "FEE": "行政事业性收费",
}
_SECTIONS = {"LIC": "第二十条第（五）项", "PUN": "第二十条第（六）项", "FEE": "第二十条第（八）项"}


def _t2(table):
    lines = ["第二十条第（一）项", "信息内容\t本年制发件数\t本年废止件数\t现行有效件数"]
    for code, cells in table.items():
        if code in _SECTIONS:
            head = "本年收费金额（单位：万元）" if code == "FEE" else "本年处理决定数量"
            lines += [_SECTIONS[code], f"信息内容\t{head}"]
        lines.append("\t".join([T2_LABELS[code], *map(str, cells.values())]))
    return lines


def _t3(table, year):
    shape = next(one for one in formats().for_year(year).tables_of(year) if one.code == "T3")
    labels = {row.code: row.label for row in shape.all_blocks()[0].rows}
    columns = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]
    lines = ["（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）\t" + "\t".join(columns)]
    return lines + ["\t".join([labels[code], *map(str, cells.values())]) for code, cells in table.items()]


def _t4(table):
    labels = {"R": "行政复议", "L0": "行政诉讼（未经复议直接起诉）", "L1": "行政诉讼（复议后起诉）"}
    lines = ["类别\t结果维持\t结果纠正\t其他结果\t尚未审结\t总计"]
    return lines + ["\t".join([labels[code], *map(str, cells.values())]) for code, cells in table.items()]


PROSE = """{year}年，我市政府信息公开工作按照《条例》的要求开展。
（一）主动公开。全年举办政策问答98期，其中，市级48期、县级50期。
（二）依申请公开。全年新收政府信息公开申请{A1}件，上年结转{A2}件，办结{A37}件，结转下年度{A4}件。其中予以公开{A31}件、部分公开{A32}件、不予公开{A33}件、无法提供{A34}件、不予处理{A35}件、其他处理{A36}件。
（三）监督保障。因政府信息公开引起的行政复议{R}件、行政诉讼{L}件。"""
PROBLEMS = "一是政策解读不够及时，二是个别答复不规范，被行政复议机关纠正。{year}年已完成整改，由市政府办公室负责在每季度末抽查。"
OTHER = "{year}年，全市收取信息处理费2230元。"


def report(tables=None, year=2025, organ="海州市", prose=PROSE, problems=PROBLEMS, other=OTHER):
    """Return the text of a report with these tables; the numbers of the prose are those of the tables."""
    tables = tables or golden()
    t3, t4 = tables["T3"], tables["T4"]
    group = {n: sum(row["T"] for code, row in t3.items() if code.startswith(f"A3.{n}")) for n in range(1, 7)}
    values = {
        "year": year, "A1": t3["A1"]["T"], "A2": t3["A2"]["T"], "A37": t3["A3.7"]["T"], "A4": t3["A4"]["T"],
        "R": t4["R"]["total"], "L": t4["L0"]["total"] + t4["L1"]["total"], **{f"A3{n}": group[n] for n in group},
    }  # fmt: skip
    lines = [
        f"{organ}{year}年政府信息公开工作年度报告", "", "一、总体情况", prose.format(**values), "",
        "二、主动公开政府信息情况", *_t2(tables["T2"]), "", "三、收到和处理政府信息公开申请情况", *_t3(t3, year), "",
        "四、政府信息公开行政复议、行政诉讼情况", *_t4(t4), "", "五、存在的主要问题及改进情况", problems.format(**values), "",
        "六、其他需要报告的事项", other.format(**values),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def given():
    """Return the reports and the functions of this file."""
    return SimpleNamespace(
        FOUNDING=FOUNDING, CORRECTED=CORRECTED, SUQIAN=SUQIAN, lint=lint, rules=rules, of=of, tables_json=tables_json,
        golden=golden, report=report, PROSE=PROSE, TABLES=TABLES, T2_LABELS=T2_LABELS,
    )  # fmt: skip
