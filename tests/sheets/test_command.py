"""``cms sheets``: a register filled from a list, by the command line."""

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from cms.cli import cli
from cms.registers.models import Tally

METRIC = "letters.web_replies"
HEAD = ["日期", "统计事项", "数量", "渠道", "依据", "编号"]
ROWS = [
    HEAD, ["2016年3月5日", METRIC, "３", "现场", "来访登记簿第3页", "A1"],
    ["2016.3.6", METRIC, "0", "phone", "来电登记簿第1页", ""],
]  # fmt: skip
HOSTILE = Path(__file__).parents[1] / "data" / "hostile" / "files"


@pytest.fixture
def run(site, monkeypatch):
    monkeypatch.setenv("CMS_SITE", str(site))
    monkeypatch.setenv("CMS_SEARCH_URL", "memory:")
    return lambda *words: CliRunner().invoke(cli, ["sheets", *map(str, words)])


@pytest.fixture
def tallies(cms):
    def tallies():
        with cms.reading() as session:
            return list(session.scalars(select(Tally).order_by(Tally.id)))

    return tallies


@pytest.fixture
def file(tmp_path):
    def file(rows, name="a.csv", encoding="utf-8"):
        path = tmp_path / name
        if name.endswith(".xlsx"):
            book = Workbook()
            for row in rows:
                book.active.append(row)
            book.save(path)
        else:
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            path.write_bytes(text.getvalue().encode(encoding))
        return path

    return file


@pytest.mark.parametrize(
    ("name", "encoding"), [("a.csv", "utf-8"), ("a.csv", "utf-8-sig"), ("a.csv", "gb18030"), ("a.xlsx", "")]
)
def test_every_row_is_kept_with_the_day_it_happened_and_the_time_it_was_recorded(run, tallies, file, name, encoding):
    result = run("import", "tallies", file(ROWS, name, encoding))

    assert result.output == "imported: 2 new, 0 known\n"
    first, second = tallies()
    assert (first.occurred_on, first.quantity, first.channel) == (date(2016, 3, 5), 3, "onsite")
    assert (first.source, first.external_id) == ("来访登记簿第3页", "A1")
    assert (second.occurred_on, second.quantity, second.channel) == (date(2016, 3, 6), 0, "phone")
    assert first.recorded_at.year > 2016


def test_days_and_numbers_of_spreadsheet_programs_are_understood(run, tallies, file):
    rows = [HEAD, [datetime(2016, 3, 5), METRIC, 3.0, "现场", "簿", 7], [42434, METRIC, 2, "现场", "簿", 8]]  # noqa: DTZ001 — spreadsheets know no zones

    assert run("import", "tallies", file(rows, "a.xlsx")).exit_code == 0
    assert [(one.occurred_on, one.quantity) for one in tallies()] == [(date(2016, 3, 5), 3), (date(2016, 3, 5), 2)]


def test_one_mistake_keeps_all_rows_out_and_each_is_named_by_line_and_column(run, tallies, file):
    rows = [*ROWS, [], ["明天", METRIC, "三", "船上", "", ""], ["2099-01-01", METRIC, "1", "现场", "簿", ""]]
    result = run("import", "tallies", file(rows))

    assert result.exit_code == 1
    for place, words in (
        ("5: 日期", "“明天”不是日期"), ("5: 数量", "“三”不是整数"), ("5: 渠道", "没有“船上”"), ("5: 依据", "不能为空"),
        ("6: 日期", "日期不能晚于今天"), ("nothing was kept", "5 errors"),
    ):  # fmt: skip
        assert any(place in line and words in line for line in result.output.splitlines()), place
    assert tallies() == []


def test_a_dry_run_says_what_would_come_of_it_and_keeps_nothing(run, tallies, file):
    path = file(ROWS)

    assert run("import", "tallies", path, "--dry-run").output == "checked: 2 new, 0 known\n"
    assert tallies() == []
    assert run("import", "tallies", path).exit_code == 0


def test_the_same_list_is_not_taken_in_twice_by_mistake(run, tallies, file):
    path = file(ROWS)
    run("import", "tallies", path)
    refused = run("import", "tallies", path)

    assert (refused.exit_code, "已经录入过" in refused.output) == (1, True)
    # The row with an external key is known, the other is one more.
    assert run("import", "tallies", path, "--again").output == "imported: 1 new, 1 known\n"
    assert len(tallies()) == 3


def zipped(**parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"xl/workbook.xml": b"<workbook/>", **parts}.items():
            archive.writestr(name, content)
    return file.getvalue()


REFUSED = {
    "bomb": (lambda: zipped(bomb=b"0" * 70_000_000), "a.xlsx", "过大"),
    "no workbook": (zipped, "a.xlsx", "表格无法读取"),
    "damaged": (lambda: b"PK\x03\x04" + b"0" * 60, "a.xlsx", "已损坏"),
    "document": ((HOSTILE / "docx_external_entity.docx").read_bytes, "a.xlsx", "不支持这种文件"),
    "page": ((HOSTILE / "svg_xxe.svg").read_bytes, "a.csv", "不支持这种文件"),
    "archive": ((HOSTILE / "traversal_dotdot.zip").read_bytes, "a.xlsx", "不支持这种文件"),
    "formulas": ((HOSTILE / "csv_formula.csv").read_bytes, "a.csv", "不认识的列"),
    "tall": (("日期\n" + "\n" * 20_001).encode, "a.csv", "删除末尾的空行"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_will_not_do_is_refused_with_a_sentence(run, tallies, tmp_path, kind):
    content, name, sentence = REFUSED[kind]
    (tmp_path / name).write_bytes(content())
    result = run("import", "tallies", tmp_path / name)

    assert result.exit_code == 1
    assert sentence in result.output
    assert tallies() == []


def test_entities_in_a_workbook_are_not_expanded(run, tallies, tmp_path, file):
    path = file(ROWS, "a.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = f'<!DOCTYPE x [<!ENTITY e "2016">]>{sheet}'.encode()
    path.write_bytes(zipped(**parts))

    assert "表格无法读取" in run("import", "tallies", path).output
    assert tallies() == []


def test_what_looks_like_a_formula_stays_text(run, tallies, file):
    run("import", "tallies", file([HEAD, ["2016-03-05", METRIC, "1", "现场", "=HYPERLINK(1)", ""]]))

    assert tallies()[0].source == "=HYPERLINK(1)"


def test_the_empty_table_has_the_columns_their_choices_and_an_explanation(run, tmp_path):
    path = tmp_path / "empty.xlsx"
    assert run("template", "tallies", "-o", path).exit_code == 0

    book = load_workbook(path)
    sheet, guide, offered = book.worksheets
    assert [cell.value for cell in sheet[1]][:4] == ["统计事项", "日期", "数量", "依据"]
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list"}
    assert guide["B2"].value == "必填"
    assert [cell.value for cell in offered["E"][:4]] == ["渠道", "现场", "电话", "网上"]
    assert "表中没有内容" in run("import", "tallies", path).output


def test_registers_are_listed_and_an_unknown_one_is_named(run, file):
    listed = run("list").output
    codes = sorted(line.split()[0] for line in listed.splitlines())

    assert "计数登记: 统计事项*、日期*、数量*、依据*、渠道" in listed
    assert "tallies" in codes
    error = str(run("import", "nothing", file(ROWS)).exception)
    assert error == f"there is no sheet 'nothing'; there are: {', '.join(codes)}"
