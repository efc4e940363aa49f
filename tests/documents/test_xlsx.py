"""Tables as spreadsheets, looked at as XML: what a spreadsheet program would be told."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from lxml import etree

from cms.api import Cell, Formula, Paragraph, Sheet, Table, as_xlsx

S = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def head(text, **spans):
    return Cell(text, is_header=True, **spans)


class Book:
    """A spreadsheet file as a program sees it."""

    def __init__(self, content):
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        strings = self.xml("xl/sharedStrings.xml")
        self.strings = ["".join(item.itertext()) for item in strings] if strings is not None else []

    def xml(self, name):
        return etree.fromstring(self.archive.read(name)) if name in self.archive.namelist() else None

    @property
    def names(self):
        return self.xml("xl/workbook.xml").xpath("//s:sheet/@name", namespaces=S)

    def cell(self, sheet, address):
        """Return kind and content of a cell: text, number, or formula with its result."""
        cell = self.xml(f"xl/worksheets/sheet{sheet}.xml").xpath(f"//s:c[@r='{address}']", namespaces=S)[0]
        formula, value = cell.find("s:f", S), cell.findtext("s:v", None, S)
        if formula is not None:
            return "formula", formula.text, value
        return ("text", self.strings[int(value)]) if cell.get("t") == "s" else ("number", value)

    def all(self, sheet, path):
        return self.xml(f"xl/worksheets/sheet{sheet}.xml").xpath(path, namespaces=S)


def test_numbers_are_numbers_and_text_is_text():
    table = Table([[head("项目"), head("数")], [Cell("低保"), Cell(1200)], [Cell("收费"), Cell(Decimal("72701.2578"))]])

    book = Book(as_xlsx([Sheet("表", table)]))

    assert [book.cell(1, address) for address in ("A1", "A2", "B2", "B3")] == [
        ("text", "项目"), ("text", "低保"), ("number", "1200"), ("number", "72701.2578"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "{=1}", "https://a.cn", "007", "\t=1"]
)
def test_no_text_becomes_a_formula_a_link_or_a_number(text):
    book = Book(as_xlsx([Sheet("表", Table([[Cell(text)]]), title=text, notes=[text])]))

    assert [book.cell(1, address) for address in ("A1", "A2", "A3")] == [("text", text)] * 3
    assert book.all(1, "//s:f | //s:hyperlink") == []


def test_formulas_find_their_cells_wherever_the_table_stands():
    first = Table([[Cell(1), Cell(2), Cell(Formula("SUM({0}:{1})", [(0, 0), (0, 1)], 3))]])
    second = Table([[Cell(Formula('IF({0}={1},"一致","不一致")', [("表 三", 0, 2), (0, 0)], "一致"))]])

    book = Book(as_xlsx([Sheet("表 三", first, title="标题"), Sheet("校核", second)]))

    assert book.cell(1, "C2") == ("formula", "SUM(A2:B2)", "3")
    assert book.cell(2, "A1") == ("formula", 'IF(\'表 三\'!C2=A1,"一致","不一致")', "一致")


def test_formula_about_a_missing_sheet_is_an_error_of_the_program():
    with pytest.raises(ValueError, match="'无'"):
        as_xlsx([Sheet("表", Table([[Cell(Formula("{0}", [("无", 0, 0)], 0))]]))])
    with pytest.raises(ValueError, match="one sheet"):
        as_xlsx([])


def test_merged_cells_are_merged_and_headers_stay_in_view(report):
    table = list(report.tables())[1]

    book = Book(as_xlsx([Sheet("表三", table, title="收到和处理政府信息公开申请情况")]))

    merged = set(book.all(1, "//s:mergeCell/@ref"))
    assert {"A1:J1", "A2:C4", "D2:J2", "E3:I3", "A7:A28", "B9:B16"} <= merged
    assert book.cell(1, "D5") == ("number", "1000")
    assert book.all(1, "//s:pane/@topLeftCell") == ["A5"]
    assert book.all(1, "//s:pageSetup/@orientation") == ["landscape"]


def test_names_of_sheets_lose_what_is_forbidden():
    table = Table([[Cell(1)]])

    names = Book(as_xlsx([Sheet(name, table) for name in ("表[三]/x", "表三", "表三", "", "长" * 40)])).names

    assert names == ["表三x", "表三", "表三(3)", "Sheet4", "长" * 31]


def test_values_beyond_a_spreadsheet_stay_readable():
    table = Table([[Cell(10**15), Cell("字" * 40_000), Cell([Paragraph("甲"), Paragraph("乙")]), Cell("\x00\x1f控")]])

    book = Book(as_xlsx([Sheet("表", table)]))

    assert book.cell(1, "A1") == ("text", "1" + "0" * 15)
    assert len(book.cell(1, "B1")[1]) == 32_767
    assert book.cell(1, "C1") == ("text", "　　甲\n　　乙")
    assert book.cell(1, "D1") == ("text", "控")


def test_equal_sheets_are_equal_bytes_and_carry_the_given_time():
    sheets = [Sheet("表", Table([[Cell(1)]]))]

    once, again = (as_xlsx(sheets, title="题", made_at=datetime(2025, 1, 20, tzinfo=UTC)) for _time in range(2))

    assert once == again
    assert b"2025-01-20T00:00:00Z" in Book(once).archive.read("docProps/core.xml")
