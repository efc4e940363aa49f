"""The report as Word document, PDF and spreadsheet: official layout, the same numbers, sums that check themselves."""

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from cms_plugins.disclosure_report.export_document import document_of
from cms_plugins.disclosure_report.files import OUTPUTS
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.lint.organs import Level
from cms_plugins.disclosure_report.linting import Wanted, check, source_of_file
from cms_plugins.disclosure_report.past import tables_from
from cms_plugins.disclosure_report.report import Change, Chapter, Correction, Number, Origin, Previous, Report
from cms_plugins.disclosure_report.reports import Current
from cms_plugins.disclosure_report.tokens import Fragment
from cms_plugins.disclosure_report.workbook import as_workbook

from cms.api import Heading, Signature, Table, as_docx, read_document

DATA = Path(__file__).parents[2] / "data" / "annual_report"
PUBLISHED = json.loads((DATA / "prefecture_2025.json").read_text("utf-8"))
TEXTS = {
    "C1": "全年围绕社会救助和养老服务，主动公开政府信息，办理依申请公开，加强平台建设和监督保障。",
    "C5": "一是政策解读不够及时，二是个别答复被行政复议机关纠正。下一步由办公室在六月底前组织培训。",
    "C6": "全年按规定收取信息处理费2230元。",
}
T3, CHECKS = "收到和处理政府信息公开申请情况", "校核"


def typed(tables):
    """Return what people would type: every cell that is not a sum."""
    return {
        f"{table}.{row}.{column}": str(value)
        for table, rows in tables.items() for row, columns in rows.items() for column, value in columns.items()
        if row != "A3.7" and column not in ("T", "total")
    }  # fmt: skip


def report_of(year=2025, cells=None, **more):
    form = formats().for_year(year)
    cells = typed(PUBLISHED) if cells is None else cells
    chapters = tuple(
        Chapter(
            code=spec.code, title=spec.title, text="", table=spec.table,
            paragraphs=((Fragment(TEXTS[spec.code]),),) if spec.code in TEXTS else (),
        ) for spec in form.chapters
    )  # fmt: skip
    report = Report(
        year=year, format=form.id, organ="宿迁市民政局", title=f"宿迁市民政局{year}年政府信息公开工作年度报告",
        opening=f"本报告的统计期限为{year}年1月1日至{year}年12月31日。", figures={}, chapters=chapters,
        tables={table.code: table for table in tables_from(None, form, year, cells)},
    )  # fmt: skip
    return Current(report=replace(report, **more), form=form, state=None, frozen_on=date(year + 1, 1, 20))


@pytest.fixture(scope="module")
def book():
    """Return the sheets of the published report as a spreadsheet."""
    return openpyxl.load_workbook(io.BytesIO(as_workbook(report_of())))


def told(content):
    """Return what each check says, by its label, as the file says it without being worked out again."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[CHECKS]
    return {row[1] or row[0]: row[4] for row in sheet.iter_rows(min_row=3, values_only=True) if row[4]}


def with_cell(current, code, **change):
    """Return the report with another number in one cell, and nothing else."""
    tables = dict(current.report.tables)
    table = code.split(".")[0]
    blocks = tuple(
        replace(block, rows=tuple(
            replace(row, cells=tuple(replace(one, **change) if one.code == code else one for one in row.cells))
            for row in block.rows
        )) for block in tables[table].blocks
    )  # fmt: skip
    tables[table] = replace(tables[table], blocks=blocks)
    return replace(current, report=replace(current.report, tables=tables))


@pytest.mark.parametrize("kind", ["docx", "pdf", "html"])
def test_a_file_read_again_has_every_cell_and_chapter(app, kind, request):
    if kind == "pdf":
        request.getfixturevalue("pdf_state")
    found = report_of()
    with app.app_context():
        content = OUTPUTS[kind].make(found)
        outcome = check(source_of_file(content, f"r.{kind}"), formats(), Wanted(level=Level.PREFECTURE))

    assert {code: table.as_json() for code, table in outcome.context.tables.items()} == PUBLISHED
    titles = [chapter.title for chapter in outcome.context.document.chapters]
    assert titles == [spec.title for spec in found.form.chapters]


@pytest.fixture
def pdf_state(need):
    from cms.documents.writers.pdf import pdf_state

    if pdf_state().problem:
        need("pdf", pdf_state().problem)


def test_official_layout_of_a_document():
    document = document_of(report_of())
    tables = [block for block in document.blocks if isinstance(block, Table)]
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]

    assert headings[:3] == ["一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况"]
    assert len(headings) == 6
    assert document.blocks[-1] == Signature("宿迁市民政局", date(2026, 1, 20))
    spans = {
        placed.cell.value: (placed.rowspan, placed.colspan) for placed in tables[1].placed if placed.cell.is_header
    }
    assert spans["三、本年度办理结果"] == (22, 1)
    assert spans["（三）不予公开"] == (8, 1)
    assert spans["法人或其他组织"] == (1, 5)
    assert spans["申请人情况"] == (1, 7)
    assert spans["四、结转下年度继续办理"] == (1, 3)
    assert tables[1].header_rows == 3
    assert [table.columns for table in tables] == [4, 10, 15]


def test_document_of_a_live_report_says_so_and_is_not_signed():
    document = document_of(replace(report_of(), frozen_on=None))

    assert document.footer == "未固化的稿件，数字仍随记录变化"
    assert not any(isinstance(block, Signature) for block in document.blocks)


@pytest.mark.parametrize("year", [2016, 2019, 2025])
def test_every_format_has_every_number_in_word_and_spreadsheet(app, year):
    specs = [table.as_entered() for table in formats().for_year(year).tables_of(year)]
    codes = [cell.code for spec in specs for cell in spec.cells() if not cell.parts]
    found = report_of(year, {code: str(1000 + n) for n, code in enumerate(codes)})
    numbers = sorted(str(one.value) for one in found.report.numbers())

    read = read_document(as_docx(document_of(found)), "r.docx")
    placed = sorted(span.text for table in read.tables for span in table.spans if span.text.isdigit())
    sheets = openpyxl.load_workbook(io.BytesIO(as_workbook(found)))
    written = [
        str(cell.value) for table in found.report.tables.values() for line in sheets[table.title].iter_rows()
        for cell in line if isinstance(cell.value, int)
    ]  # fmt: skip

    assert placed == numbers
    assert sorted(written) == numbers


def test_errata_charts_and_replaced_values_are_printed():
    change = Change(code="T3.A1.NP", label="新收 自然人", unit="件", old="5", new=Decimal(6))
    number = Number(
        code="push.portal", label="推送", unit="条", origin=Origin.MANUAL, value=Decimal(48), computed=Decimal(40),
        reason="县门户统计为48条",
    )  # fmt: skip
    found = report_of(
        errata=(Correction(corrected_on=date(2026, 2, 1), text="漏计一件。", changes=(change,)),),
        figures={"push.portal": number}, history={2024: {"T3.A1.T": Decimal(14000)}},
    )  # fmt: skip

    text = read_document(as_docx(document_of(found)), "r.docx").text

    assert text.index("更正（2026-02-01）") < text.index("一、总体情况")
    assert "原为 5，更正为 6件" in text
    assert "推送：报告数 48条，系统记录 40条；县门户统计为48条" in text
    assert "附：年度对比——政府信息公开申请" in text
    assert "14000" in text


def test_spreadsheet_keeps_reported_numbers_and_checks_them_by_formulas(book):
    assert book.sheetnames == ["主动公开政府信息情况", T3, "政府信息公开行政复议、行政诉讼情况", CHECKS, "指标"]
    sheet = book[T3]
    formulas = [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert {cell.column for cell in formulas} == {sheet.max_column}
    assert len(formulas) == 25
    # 25 rows and 7 columns of sums, 7 balances, 3 totals of table 4.
    results = told(as_workbook(report_of()))
    assert len(results) == 25 + 7 + 7 + 3 + 1
    assert {value for label, value in results.items() if label != "结论"} == {"✓"}
    assert results["结论"] == "✓ 全部一致"


@pytest.mark.parametrize(
    ("code", "labels"),
    [
        ("T3.A3.1.NP", ["（一）予以公开：总计 = 本行各列之和", "（七）总计：自然人 = 本列各项之和"]),
        ("T3.A4.T", ["四、结转下年度继续办理：总计 = 本行各列之和"]),
        ("T4.L0.fix", ["未经复议直接起诉：总计 = 本行各列之和"]),
    ],
)
def test_a_changed_figure_is_marked(code, labels):
    before = report_of()
    value = next(one.value for one in before.report.numbers() if one.code == code)

    results = told(as_workbook(with_cell(before, code, value=value + 1)))

    wrong = [label for label, result in results.items() if result == "✗"]
    assert set(labels) <= {*wrong}
    assert results["结论"] == f"✗ {len(wrong)}项不一致"


def test_balance_of_a_column_is_checked():
    current = with_cell(report_of(), "T3.A2.OT", value=Decimal(9))

    wrong = [label for label, result in told(as_workbook(current)).items() if result == "✗"]

    assert (
        "其他：一、本年新收政府信息公开申请数量 + 二、上年结转政府信息公开申请数量 = （七）总计 + 四、结转下年度继续办理"
        in wrong
    )


def test_carry_over_is_checked_against_last_year():
    cells = {"T3.A4.NP": Decimal(535), "T3.A4.CE": Decimal(7)}
    found = report_of(previous=Previous(year=2024, source="", figures={}, cells=cells, chapters={}))

    results = told(as_workbook(found))

    carried = {label: result for label, result in results.items() if "2024年度报告" in label}
    assert sorted(carried.values()) == ["✓", "✗"]


def test_missing_numbers_are_neither_right_nor_wrong():
    found = with_cell(report_of(), "T3.A3.1.NP", value=None)

    results = told(as_workbook(found))

    assert results["（一）予以公开：总计 = 本行各列之和"] == "缺数"
    assert results["结论"] == "2项缺数"


def test_nothing_typed_becomes_a_formula():
    number = Number(
        code="x", label="=1+1", unit="件", origin=Origin.MANUAL, value=Decimal(1), source='=HYPERLINK("http://a")',
    )  # fmt: skip
    sheets = openpyxl.load_workbook(
        io.BytesIO(as_workbook(report_of(figures={"x": number}, organ="=cmd|' /C calc'!A0")))
    )

    assert [cell.data_type for line in sheets["指标"].iter_rows() for cell in line if cell.data_type == "f"] == []


@pytest.fixture
def recalculated(need, tmp_path):
    """Return a function that lets LibreOffice work a spreadsheet out and gives its sheets."""
    program = shutil.which("soffice")
    if program is None or not any(Path("/usr/lib/libreoffice/program").glob("libsclo.so")):
        need("office", "no LibreOffice Calc: apt-get install libreoffice-calc-nogui")

    def recalculated(book):
        book.save(tmp_path / "r.xlsx")
        subprocess.run(
            [program, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
             "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "made"), str(tmp_path / "r.xlsx")],
            capture_output=True, check=True, timeout=180,
        )  # fmt: skip
        return openpyxl.load_workbook(tmp_path / "made" / "r.xlsx", data_only=True)

    return recalculated


def test_a_spreadsheet_program_works_the_checks_out(recalculated, book):
    """Saved without results, so that the program has to calculate: right first, then with one figure changed."""
    right = recalculated(book)
    results = [row[4] for row in right[CHECKS].iter_rows(min_row=3, values_only=True) if row[4]]
    assert (results.count("✓"), results[-1]) == (42, "✓ 全部一致")

    sheet = book[T3]
    line = next(row for row in sheet.iter_rows() if any(cell.value == "1.属于国家秘密" for cell in row))
    number = next(cell for cell in line if cell.value == 13)
    number.value = 14
    changed = recalculated(book)
    number.value = 13

    results = [row[4] for row in changed[CHECKS].iter_rows(min_row=3, values_only=True) if row[4]]
    assert results[-1] == "✗ 2项不一致"
    assert changed[T3].cell(number.row, sheet.max_column).value == "✗"


def test_files_of_a_frozen_report_are_made_once_and_offered_with_type_and_size(client, frozen, drain, settings):
    page = client.get("/reports/2016/").text
    assert (
        '<a href="/reports/2016/report.xlsx">电子表格（含校核公式）</a> <span class="report-file-kind">XLSX</span>'
        in page
    )

    drain()
    page = client.get("/reports/2016/").text
    kept = {path.suffix: path for path in (settings.site / "report-files").iterdir()}

    assert {".docx", ".xlsx", ".html", ".txt", ".json"} <= {*kept}
    assert "DOCX，" in page
    answer = client.get("/reports/2016/report.docx")
    assert answer.data == kept[".docx"].read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert client.get("/reports/2016/report.exe").status_code == 404
