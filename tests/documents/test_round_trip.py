"""What one module writes the other reads: any table, in any format, comes back as the same grid."""

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from cms.api import Cell, Document, Paragraph, Table, as_docx, as_html, as_html_page, as_pdf, as_text, read_document
from cms.documents.blocks import shown

#: Text as tables hold it: no blanks at the ends, nothing that draws lines in plain text.
WORDS = st.text(st.characters(codec="gb18030", categories=["L", "N", "Po"], exclude_characters="|+-"), max_size=12)


@st.composite
def tables(draw, content=WORDS):
    """Cut a rectangle into cells at random; each row and column has a cell that begins in it."""
    rows, columns = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    free = {(row, column) for row in range(rows) for column in range(columns)}
    lines = [[] for _row in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if (row, column) not in free:
                continue
            wide = draw(st.integers(1, max(n for n in range(1, columns - column + 1) if all(
                (row, column + k) in free for k in range(n)))))  # fmt: skip
            high = draw(st.integers(1, rows - row))
            free -= {(row + down, column + right) for down in range(high) for right in range(wide)}
            lines[row].append(Cell(
                draw(content), colspan=wide, rowspan=high, is_header=draw(st.booleans())
            ))  # fmt: skip
    table = Table(lines)
    return (
        table
        if any(shown(cell.value).strip() for line in lines for cell in line)
        else Table([[Cell("甲"), Cell("乙")]])
    )


def grid_of(table):
    """Return the rectangle of texts, without the rows and columns in which no cell begins."""
    rows = sorted({placed.row for placed in table.placed})
    columns = sorted({placed.column for placed in table.placed})
    texts = {place: shown(placed.cell.value).strip() for placed in table.placed for place in placed.area}
    return tuple(tuple(texts.get((row, column), "") for column in columns) for row in rows)


def is_frame(table):
    """Tell whether readers take the table for a frame around text: it has one cell."""
    return len(table.placed) == 1


WRITERS = {
    "docx": as_docx,
    "page": lambda document: as_html_page(document).encode(),
    "fragment": lambda document: as_html(document).encode(),
    "text": lambda document: as_text(document).encode(),
}


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(table=tables())
@example(Table([[Cell("甲", rowspan=2), Cell("乙", colspan=2)], [Cell("丙"), Cell("丁")]]))
@example(Table([[Cell("甲", rowspan=2)], []]))
@example(Table([[Cell("甲", colspan=2)], [Cell("乙", colspan=2)]]))
@example(Table([[Cell(""), Cell("甲")], [Cell("乙"), Cell("")]]))
def test_any_table_comes_back_as_the_same_grid(form, table):
    document = Document(title="题", blocks=[Paragraph("前文。"), table, Paragraph("后文。")])

    read = read_document(WRITERS[form](document), "")

    assert [table.rows for table in read.tables] == ([] if is_frame(table) else [grid_of(table)])
    assert [one.text for one in read.paragraphs if "文。" in one.text] == ["前文。", "后文。"]
    assert all(read.text[one.start : one.end] == one.text for one in read.paragraphs)


def on_paper(table):
    """Return the table with a cell of its own in each row: a row that is only part of others has no height on paper."""
    return Table([[Cell("行"), *line] for line in table.rows], widths=[1] * (table.columns + 1))


PDF_WORDS = st.text(st.sampled_from("公开申请办理结果数量0123456789一二三（）、"), min_size=1, max_size=8)


@settings(
    max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(drawn=st.lists(tables(PDF_WORDS).map(on_paper), min_size=12, max_size=12))
def test_tables_of_a_pdf_come_back_as_the_same_grids(drawn, pdf):
    blocks = [block for number, table in enumerate(drawn) for block in (Paragraph(f"第{number}张表"), table)]

    read = read_document(as_pdf(Document(title="题", blocks=blocks)), "")

    assert [table.rows for table in read.tables] == [grid_of(table) for table in drawn if not is_frame(table)]


def test_the_three_tables_of_the_report_come_back_from_every_format(report, grids):
    for write in WRITERS.values():
        read = read_document(write(report), "")
        assert [table.rows for table in read.tables] == grids


def test_printed_by_a_browser_they_come_back_too(report, grids, chromium):
    page = chromium.new_page()
    page.set_content(as_html_page(report))
    printed = page.pdf(prefer_css_page_size=True)
    page.close()

    read = read_document(printed, "report.pdf")

    assert [table.rows for table in read.tables] == grids
    assert read.paragraphs[0].text == report.title
    # Browsers write radicals in the place of some characters: ⺠ for 民.
    assert "衡山县民政局" in read.text
