"""Blocks of numbers pasted into a table, as spreadsheets and published pages give them."""

import json
from pathlib import Path

import pytest
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.pasting import read_pasted

from cms.kernel.errors import Invalid

SUQIAN = json.loads((Path(__file__).parents[2] / "data" / "annual_report" / "suqian_2024.json").read_text("utf-8"))
T2, T3, T4 = formats().for_year(2024).tables_of(2024)
PRIMARY = {
    f"T3.{row}.{column}": str(value)
    for row, columns in SUQIAN["T3"].items() for column, value in columns.items() if row != "A3.7" and column != "T"
}  # fmt: skip


def rows(table, *, sums=True, columns=True):
    return [
        [str(value) for column, value in cells.items() if columns or column not in ("T", "total")]
        for row, cells in SUQIAN[table].items() if sums or row != "A3.7"
    ]  # fmt: skip


def block(lines):
    return "\n".join("\t".join(line) for line in lines)


@pytest.mark.parametrize("sums", [True, False])
@pytest.mark.parametrize("columns", [True, False])
def test_bare_numbers_are_taken_in_order(sums, columns):
    assert read_pasted(block(rows("T3", sums=sums, columns=columns)), T3).values == PRIMARY


def test_lines_with_labels_find_their_rows_in_any_order():
    labels = [row.label for row in T3.rows]
    lines = [["三、本年度办理结果", label, *line] for label, line in zip(labels, rows("T3"), strict=True)]
    head = [["", "", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]]

    assert read_pasted(block(head + lines[::-1]), T3).values == PRIMARY
    short = [[label.split("（区分")[0], *line] for (_group, label, *line) in lines]
    assert read_pasted(block(short), T3).values == PRIMARY


def test_nothing_and_empty_cells_are_zero_and_told():
    lines = [["" if cell == "0" else cell for cell in line] for line in rows("T3")]
    lines[5][2] = "/"

    pasted = read_pasted(block(lines), T3)

    assert pasted.values == PRIMARY
    assert pasted.blank == sum(cell == "0" for line in rows("T3") for cell in line)


def test_table_4_side_by_side_or_row_by_row():
    expected = {
        f"T4.{row}.{column}": str(value)
        for row, columns in SUQIAN["T4"].items() for column, value in columns.items() if column != "total"
    }  # fmt: skip
    one_line = [cell for line in rows("T4") for cell in line]

    assert read_pasted(block([one_line]), T4).values == expected
    assert read_pasted(block(rows("T4")), T4).values == expected
    named = ["行政复议", "行政诉讼（未经复议直接起诉）", "行政诉讼（复议后起诉）"]
    assert read_pasted(block([[n, *line] for n, line in zip(named, rows("T4"), strict=True)]), T4).values == expected


def test_table_2_with_its_labels():
    text = "规章\t2\t1\t12\n规范性文件\t50\t227\t420\n行政许可\t1,573,179\n行政处罚\t2676474\n行政强制\t29351\n行政事业性收费\t72701.2578"

    assert read_pasted(text, T2).values == {
        "T2.REG.made": "2", "T2.REG.repealed": "1", "T2.REG.valid": "12", "T2.NORM.made": "50",
        "T2.NORM.repealed": "227", "T2.NORM.valid": "420", "T2.LIC.decisions": "1573179",
        "T2.PUN.decisions": "2676474", "T2.COE.decisions": "29351", "T2.FEE.amount": "72701.2578",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda lines: lines[:-1], "自然人列 A1 + A2 之和为 3558，A3.7 + A4 之和为 6880，请核对行的次序"),
        (lambda lines: lines[:20], "粘贴了 20 行数字"),
        (lambda lines: [lines[0][:4], *lines[1:]], "一行有 4 个数，应为 7 个"),
        (lambda lines: [["1", *lines[0][1:]], *lines[1:]], "总计为 3525，各列相加为 86"),
        (lambda lines: [*lines[:23], ["3441", *lines[23][1:6], "3522"], lines[24]], "自然人列为 3441，各行相加为 3440"),
        (lambda _lines: [["没有", "数字"]], "没有找到数字"),
        (lambda _lines: [], "没有找到数字"),
    ],
)
def test_what_does_not_fit_is_told(change, problem):
    with pytest.raises(Invalid) as raised:
        read_pasted(block(change(rows("T3"))), T3)
    assert any(problem in line for line in raised.value.errors["pasted"])
