"""Documents as plain text."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cms.api import (
    Align,
    BulletedList,
    Cell,
    Document,
    Heading,
    Image,
    Letterhead,
    NumberedList,
    Paragraph,
    Signature,
    Table,
    as_text,
)
from cms.documents.writers.text import TABLE_WIDTH
from cms.documents.writers.text_tables import width


def head(text, **spans):
    return Cell(text, is_header=True, **spans)


def text_of(*blocks):
    return as_text(Document(title="题", blocks=blocks, show_title=False))


def test_paragraphs_are_lines_that_begin_with_two_characters():
    document = Document(title="关于年检的通知", blocks=[
        Letterhead("衡山县民政局", "衡民发〔2025〕1号"), Heading("一、对象"), Paragraph("各社会组织。"),
        NumberedList(["报告", "证书"], start=2), BulletedList(["其他"]), Image(b"", "样表"), Paragraph("无缩进", indent=False),
        Signature("衡山县民政局", date(2025, 1, 5)),
    ])  # fmt: skip

    assert as_text(document) == (
        "关于年检的通知\n\n衡山县民政局\n衡民发〔2025〕1号\n\n\n一、对象\n　　各社会组织。\n　　2. 报告\n　　3. 证书\n　　· 其他\n"
        "[样表]\n无缩进\n\n　　衡山县民政局\n　　2025年1月5日\n"
    )


def test_table_is_drawn_with_its_merged_cells():
    table = Table([
        [head("项目", rowspan=2), head("件数", colspan=2)],
        [head("上年"), head("本年")],
        [Cell("低保"), Cell(8), Cell(1200)],
    ], caption="附表")  # fmt: skip

    assert (
        text_of(table)
        == """\
附表
+------+-------------+
|      |    件数     |
| 项目 +------+------+
|      | 上年 | 本年 |
+------+------+------+
| 低保 |  8   | 1200 |
+------+------+------+
"""
    )


def test_long_labels_are_broken_so_that_the_table_fits(report):
    lines = as_text(report).splitlines()

    assert {width(line) for line in lines if line.startswith(("+", "|"))} == {114, 63}
    assert any("| 1.申请人无  |" in line for line in lines)


def test_cells_are_aligned_as_they_ask():
    table = Table([[Cell("甲乙丙丁"), Cell("x", align=Align.RIGHT)], [Cell("左"), Cell("yyyyyy")]])

    assert "| 甲乙丙丁 |      x |" in text_of(table)


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8"), max_size=40), min_size=3, max_size=3), min_size=1, max_size=4
    )
)
def test_drawn_lines_are_equally_wide_whatever_the_cells_hold(rows):
    lines = text_of(Table([[Cell(text) for text in row] for row in rows])).strip("\n").split("\n")

    assert len({width(line) for line in lines}) == 1
    assert width(lines[0]) <= TABLE_WIDTH + 4
