"""The model: what documents may be made of, and what it works out by itself."""

from datetime import date
from decimal import Decimal

import pytest

from cms.api import Align, Cell, Heading, PageSetup, Paper, Paragraph, Run, Scope, Signature, Table
from cms.documents.blocks import plain, runs_of, shown


def head(text, **spans):
    return Cell(text, is_header=True, **spans)


def test_headers_at_the_top_speak_for_columns_and_those_beside_for_rows():
    table = Table([
        [head("项目", rowspan=2), head("数量", colspan=2)],
        [head("上年"), head("本年")],
        [head("低保"), Cell(1), Cell(2)],
        [head("特困", rowspan=2), Cell(3), Cell(4)],
        [Cell(5), Cell(6)],
    ])  # fmt: skip

    scopes = {placed.cell.content: table.scope_of(placed) for placed in table.placed if placed.cell.is_header}

    assert table.header_rows == 2
    assert scopes == {
        "项目": Scope.COLUMN, "数量": Scope.COLUMN_GROUP, "上年": Scope.COLUMN, "本年": Scope.COLUMN,
        "低保": Scope.ROW, "特困": Scope.ROW_GROUP,
    }  # fmt: skip


def test_scope_can_be_given():
    table = Table([[head("低保", scope=Scope.ROW), Cell(1)]])

    assert table.header_rows == 0
    assert table.scope_of(table.placed[0]) is Scope.ROW


def test_sub_heading_across_the_table_speaks_for_the_columns_below_it():
    table = Table(
        [[head("表头"), head("数")], [Cell("甲"), Cell(1)], [head("第（五）项", colspan=2)], [Cell("乙"), Cell(2)]]
    )

    assert table.scope_of(table.lines[2][0]) is Scope.COLUMN_GROUP


def test_head_that_reaches_into_the_body_is_not_repeated():
    table = Table([[head("甲", rowspan=2), head("乙")], [Cell(1)]])

    assert table.header_rows == 0


@pytest.mark.parametrize(
    ("rows", "widths"),
    [
        ([[Cell("甲"), Cell("乙", rowspan=2)], [Cell("丙", colspan=2)]], ()),  # overlap
        ([[Cell("甲"), Cell("乙")]], (1,)),
        ([[Cell("甲", colspan=1001)]], ()),
    ],
)
def test_impossible_table_is_an_error_of_the_program(rows, widths):
    with pytest.raises(ValueError, match=r"overlaps|widths|columns"):
        Table(rows, widths=widths)


def test_rowspan_ends_with_the_table():
    table = Table([[Cell("甲", rowspan=9), Cell("乙")], [Cell("丙")]])

    assert [(placed.row, placed.column, placed.rowspan) for placed in table.placed] == [(0, 0, 2), (0, 1, 1), (1, 1, 1)]


@pytest.mark.parametrize(
    ("cell", "align"),
    [
        (Cell("字"), Align.LEFT), (Cell(3), Align.CENTER), (Cell(Decimal("0.5")), Align.CENTER), (head("头"), Align.CENTER),
        (Cell(3, align=Align.RIGHT), Align.RIGHT), (Cell([Paragraph("段")]), Align.LEFT),
    ],
)  # fmt: skip
def test_numbers_and_headers_stand_in_the_middle(cell, align):
    assert cell.alignment is align


@pytest.mark.parametrize("link", ["https://example.gov.cn/a?b=1", "/mzj/1.html", "#top", "mailto:a@b.cn", "tel:0734"])
def test_link_is_followed(link):
    assert Run("字", link=link).href == link


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd", "x y"]
)
def test_link_of_another_kind_is_plain_text(link):
    assert Run("字", link=link).href == ""


def test_text_is_runs_and_strings_in_any_mixture():
    assert plain(["甲", Run("乙", bold=True), ""]) == "甲乙"
    assert runs_of("甲") == runs_of(Run("甲")) == (Run("甲"),)
    assert runs_of("") == ()


def test_indent_is_for_running_text_only():
    assert Paragraph("字").is_indented
    assert not Paragraph("字", align=Align.CENTER).is_indented
    assert not Paragraph("字", indent=False).is_indented


def test_date_of_a_signature_has_no_zeros():
    assert Signature("衡山县民政局", date(2025, 1, 5)).day == "2025年1月5日"


def test_decimals_are_shown_without_exponent():
    assert shown(Decimal("1E+3")) == "1000"
    assert shown(Decimal("72701.2578")) == "72701.2578"
    assert shown(None) == ""


def test_page_leaves_what_an_official_document_needs():
    assert (PageSetup().size, PageSetup().text_width) == ((210, 297), 156)
    assert PageSetup(paper=Paper.A3, landscape=True).size == (420, 297)


def test_headings_have_four_levels():
    with pytest.raises(ValueError, match="level 5"):
        Heading("五", 5)
