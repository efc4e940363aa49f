"""Published tables are read in every layout in which people copy them, from text, HTML, DOCX and PDF."""

import re

import pytest
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.lint.organs import Level
from cms_plugins.disclosure_report.linting import Wanted, check, source_of_file

from cms.api import Cell, Document, Heading, Paragraph, Table, as_docx, as_html_page, as_pdf

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
ZERO = re.compile(r"(?<=\t)0(?=\t|\n)")


def as_browsers_copy(text):
    """Merge the group cells of table 3 and put the groups of table 4 side by side."""
    lines, group, begun = [], "", False
    for line in text.split("\n"):
        found = re.match(r"三、（(.)）(.*?)\t(.*)", line)
        if not found:
            lines.append(line)
            continue
        name, _space, leaf = found[2].partition(" ")
        cells = [] if begun else ["三、本年度办理结果"]
        begun = True
        head = f"（{found[1]}）{name}"
        cells += ([head] if head != group else []) + ([leaf] if leaf else [])
        group = head if leaf else ""
        lines.append("\t".join([*cells, found[3]]))
    text = "\n".join(lines)
    head = text.index("（本列数据")
    text = (
        text[:head]
        + (
            "（本列数据的勾稽关系为：第一项加第二项之和，\n等于第三项加第四项之和）\t申请人情况\n自然人\t法人或其他组织\t总计\n"
            "商业\n企业\t科研\n机构\t社会公益组织\t法律服务机构\t其他\n"
        )
        + text[text.index("一、本年新收") :]
    )
    values = re.findall(r"(?:行政复议|直接起诉）|复议后起诉）)\t(.*)", text)
    start = text.index("类别\t")
    end = text.index(values[-1]) + len(values[-1])
    outcomes = "结果维持\t结果\n纠正\t其他结果\t尚未审结\t总计"
    side = f"行政复议\t行政诉讼\n{outcomes}\t未经复议直接起诉\t复议后起诉\n{outcomes}\t{outcomes}\n" + "\t".join(values)
    return text[:start] + side + text[end:]


def wrapped(text, width):
    """Break labels over lines, the numbers behind the last piece, as PDF readers give them."""
    lines = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) < 6 or not re.fullmatch(r"[\d.]+", cells[-1]):
            lines.append(line.replace("\t", " "))
            continue
        label = "".join(cell for cell in cells if not re.fullmatch(r"[\d.]+", cell))
        values = " ".join(cell for cell in cells if re.fullmatch(r"[\d.]+", cell))
        while len(label) > width:
            lines.append(label[:width])
            label = label[width:]
        lines.append(f"{label} {values}")
    return "\n".join(lines)


def thousands(text):
    return re.sub(r"(?<=\t)\d{4,}(?=\t|\n)", lambda found: f"{int(found[0]):,}", text)


LAYOUTS = {
    "tabs": lambda text: text,
    "spaces": lambda text: text.replace("\t", "   "),
    "one space": lambda text: text.replace("\t", " "),
    "one cell in each line": lambda text: text.replace("\t", "\n"),
    "blank lines between cells": lambda text: text.replace("\t", "\n\n"),
    "bars": lambda text: re.sub(r"(.*)\t(.*)", lambda m: m[0].replace("\t", " | ") + " |", text),
    "full-width digits": lambda text: text.translate(FULL_WIDTH),
    "English brackets": lambda text: text.replace("（", "(").replace("）", ")").replace("，", ","),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "indented": lambda text: re.sub("^", "　　", text, flags=re.MULTILINE),
    "as browsers copy": as_browsers_copy,
    "as browsers copy, a cell in each line": lambda text: as_browsers_copy(text).replace("\t", "\n"),
    "as browsers copy, spaces": lambda text: as_browsers_copy(text).replace("\t", " "),
    "empty margin": lambda text: re.sub(r"(\d)\n", r"\1\t\n", as_browsers_copy(text)),
    "thousands separators": thousands,
    "thousands separators, spaces": lambda text: thousands(text).replace("\t", " "),
    "labels broken at 18": lambda text: wrapped(as_browsers_copy(text), 18),
    "labels broken at 8": lambda text: wrapped(as_browsers_copy(text), 8),
    "page numbers in between": lambda text: wrapped(text, 20).replace("三、（四）", "- 5 -\n三、（四）", 1),
    "heads of pages in between": lambda text: wrapped(text, 20).replace(
        "三、（四）", "宿迁市2024年政府信息公开工作年度报告\n三、（四）", 1
    ),
    "规范性文件": lambda text: text.replace("行政规范性文件\t", "规范性文件\t"),
    "altered label": lambda text: text.replace("规章\t", "规章（县级无此项）\t"),
    "shortened labels": lambda text: text.replace("政府信息公开申请数量\t", "申请数量\t").replace("、行政机关不再处理其政府信息公开申请", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", LAYOUTS)
def test_all_cells_in_every_layout(given, name):
    plain = given.lint(given.SUQIAN, level=Level.PREFECTURE)
    outcome = given.lint(LAYOUTS[name](given.SUQIAN), level=Level.PREFECTURE)

    assert given.tables_json(outcome) == given.tables_json(plain)
    assert [one.rule for one in outcome.findings] == [one.rule for one in plain.findings]


@pytest.mark.parametrize("mark", ["", "/", "-", "—", "－"])
@pytest.mark.parametrize("layout", ["tabs", "as browsers copy"])
def test_cells_without_number_are_read_as_zero_with_a_warning(given, layout, mark):
    text = ZERO.sub(mark, ZERO.sub(mark, LAYOUTS[layout](given.SUQIAN)))
    outcome = given.lint(text, level=Level.PREFECTURE)

    assert given.tables_json(outcome) == given.tables_json(given.lint(given.SUQIAN))
    assert [one.severity.value for one in given.of(outcome, "X06")] == ["W", "W"]


def test_figures_are_those_that_were_published(given):
    import json

    expected = json.loads((given.TABLES / "suqian_2024.json").read_text("utf-8"))

    assert given.tables_json(given.lint(given.SUQIAN)) == expected


def official(given):
    """Return the report with its tables laid out as in the official form: heads of three rows, cells that span."""
    tables = given.golden()
    number = {code: [Cell(value) for value in cells.values()] for code, cells in tables["T3"].items()}
    shape = next(one for one in formats().for_year(2025).tables_of(2025) if one.code == "T3").all_blocks()[0]
    labels = {row.code: row.label for row in shape.rows}
    rows = [
        [
            Cell("（本列数据的勾稽关系为：第一项加第二项之和，\n等于第三项加第四项之和）", rowspan=3, colspan=3),
            Cell("申请人情况", colspan=7),
        ],
        [Cell("自然人", rowspan=2), Cell("法人或其他组织", colspan=5), Cell("总计", rowspan=2)],
        [Cell(name) for name in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    sizes = {"A3.3": 8, "A3.4": 3, "A3.5": 5, "A3.6": 3}
    heads = {"A3.3": "（三）不予公开", "A3.4": "（四）无法提供", "A3.5": "（五）不予处理", "A3.6": "（六）其他处理"}
    for code, values in number.items():
        group = code.rsplit(".", 1)[0]
        row = [Cell("三、本年度办理结果", rowspan=22)] if code == "A3.1" else []
        if group in sizes:
            row += [Cell(heads[group], rowspan=sizes[group])] if code.endswith(".1") else []
            row.append(Cell(labels[code]))
        else:
            row.append(Cell(labels[code], colspan=2 if code.startswith("A3") else 3))
        rows.append([*row, *values])
    outcomes = [Cell(name) for name in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]
    t4 = [
        [Cell("行政复议", rowspan=2, colspan=5), Cell("行政诉讼", colspan=10)],
        [Cell("未经复议直接起诉", colspan=5), Cell("复议后起诉", colspan=5)],
        outcomes * 3,
        [Cell(value) for cells in tables["T4"].values() for value in cells.values()],
    ]
    t2 = [
        [Cell("第二十条第（一）项", colspan=4)],
        [Cell(name) for name in ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")],
    ]
    for code, label in given.T2_LABELS.items():
        cells = list(tables["T2"][code].values())
        t2.append([Cell(label), *[Cell(one, colspan=3 if len(cells) == 1 else 1) for one in cells]])
    return Document(
        title="海州市2025年政府信息公开工作年度报告",
        blocks=[
            Heading("一、总体情况"), Paragraph("2025年，我市政府信息公开工作按照《条例》的要求开展。"),
            Heading("二、主动公开政府信息情况"), Table(t2),
            Heading("三、收到和处理政府信息公开申请情况"), Table(rows),
            Heading("四、政府信息公开行政复议、行政诉讼情况"), Table(t4),
            Heading("五、存在的主要问题及改进情况"), Paragraph("一是政策解读不够及时，二是个别答复被行政复议机关纠正。"),
            Heading("六、其他需要报告的事项"), Paragraph("2025年，全市收取信息处理费2230元。"),
        ],
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "write"), [("html", as_html_page), ("docx", as_docx), ("pdf", as_pdf)])
def test_official_layout_from_files(given, kind, write):
    content = write(official(given))
    content = content if isinstance(content, bytes) else content.encode()
    outcome = check(source_of_file(content, f"report.{kind}"), formats(), Wanted(level=Level.PREFECTURE))

    assert given.tables_json(outcome) == given.golden()
    assert given.rules(outcome, "E") == []
    assert [chapter.title for chapter in outcome.context.document.chapters] == [
        chapter.title for chapter in formats().for_year(2025).chapters
    ]


def test_report_inside_one_wide_layout_table(given):
    body = given.SUQIAN.split("二、主动公开", 1)[0].strip().replace("\n", "<br>")
    page = f"<html><body><table><tr><td colspan='200'>{body}</td></tr></table></body></html>"
    outcome = check(source_of_file(page.encode(), "report.html"), formats(), Wanted(level=Level.PREFECTURE))

    assert outcome.context.document.title_text == "宿迁市2024年政府信息公开工作年度报告"
    assert [chapter.title for chapter in outcome.context.document.chapters] == ["总体情况"]
    assert [one.rule for one in outcome.findings].count("X21") == 3


def test_table_of_the_trial_format(given):
    rows = [
        "本年新收政府信息公开申请数量 2",
        "上年结转政府信息公开申请数量 1",
        "予以公开 2",
        "其他处理 1",
        "总计 3",
        "结转下年度继续办理 0",
    ]
    lines = []
    for row in rows:
        label, number = row.split()
        lines.append(f"{label}\t{number}\t0\t0\t0\t0\t0\t{number}")
    text = "横山县民政局2020年政府信息公开工作年度报告\n三、收到和处理政府信息公开申请情况\n" + "\n".join(lines)
    found = given.tables_json(given.lint(text, year=2020)).get("T3")

    # Six of twenty-three rows are too few for a table.
    assert found is None


def test_trial_table_with_words_and_units_in_its_cells(given):
    text = (
        "横山县民政局2020年政府信息公开工作年度报告\n二、主动公开政府信息情况\n第二十条第（一）项\n信息内容 | 本年新 制作数量 | 本年新 公开数量 | 对外公开总数量 |\n"
        "规章 | 0 | 0 | 0 |\n规范性文件 | 8 | 8 | 12 |\n第二十条第（五）项\n信息内容 | 上一年项目数量 | 本年增/减 | 处理决定数量 |\n"
        "行政许可 | 92 | 增98 | 7 |\n其他对外管理服务事项 | 24 | 减少5 | 0 |\n第二十条第（六）项\n行政处罚 | 21 | 增 | 25 |\n行政强制 | 0 | 0 | 0 |\n"
        "第二十条第（八）项\n行政事业性收费 | 4 | -1 ||\n第二十条第（九）项\n政府集中采购 | 9 | 3405820元 ||\n"
    )
    outcome = given.lint(text)

    assert given.tables_json(outcome)["T2"] == {
        "REG": {"made": 0, "disclosed": 0, "total": 0}, "NORM": {"made": 8, "disclosed": 8, "total": 12},
        "LIC": {"items": 92, "change": 98, "decisions": 7}, "OTH": {"items": 24, "change": -5, "decisions": 0},
        "PUN": {"items": 21, "change": 0, "decisions": 25}, "COE": {"items": 0, "change": 0, "decisions": 0},
        "FEE": {"items": 4, "change": -1}, "BUY": {"projects": 9, "amount": 340.582},
    }  # fmt: skip
    assert sorted("3405820元" in one.message for one in given.of(outcome, "X06")) == [False, True]


def test_bar_after_each_cell_on_its_own_line(given):
    text = given.SUQIAN.replace("\t", " |\n")

    assert given.tables_json(given.lint(text)) == given.tables_json(given.lint(given.SUQIAN))


def test_statistics_table_of_the_old_format_with_broken_labels(given):
    broken = given.CORRECTED.replace("\t", "\n").replace("（不同渠道和方式", "（不同渠道\n和方式")

    assert given.tables_json(given.lint(broken)) == given.tables_json(given.lint(given.CORRECTED))
