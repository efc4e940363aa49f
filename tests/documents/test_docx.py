"""Documents as Word files, looked at with python-docx, as XML, and by LibreOffice."""

import io
import zipfile
from datetime import UTC, date, datetime

import docx
import pytest
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree
from PIL import Image as Picture

from cms.api import (
    BulletedList,
    Cell,
    Document,
    Heading,
    Image,
    Invalid,
    Letterhead,
    NumberedList,
    PageBreak,
    PageNumbers,
    PageSetup,
    Paper,
    Paragraph,
    Run,
    Signature,
    Table,
    Title,
    as_docx,
    read_document,
)

W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


def opened(content):
    return docx.Document(io.BytesIO(content))


def of(*blocks, **more):
    return as_docx(Document(title="题", blocks=blocks, show_title=False, **more))


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(name))


def test_headings_are_headings_and_the_title_is_the_title(report):
    styles = [(one.style.name, one.text) for one in opened(as_docx(report)).paragraphs if "Head" in one.style.name or (
        one.style.name == "Title")]  # fmt: skip

    assert styles == [
        ("Title", report.title), ("Heading 1", "一、总体情况"), ("Heading 2", "（一）主动公开"),
        ("Heading 1", "二、主动公开政府信息情况"), ("Heading 1", "三、收到和处理政府信息公开申请情况"),
        ("Heading 1", "四、政府信息公开行政复议、行政诉讼情况"), ("Heading 1", "五、存在的主要问题及改进情况"),
        ("Heading 1", "六、其他需要报告的事项"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("style", "face", "points"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Heading 1", "黑体", 16),
        ("Heading 2", "楷体_GB2312", 16),
        ("Normal", "仿宋_GB2312", 16),
    ],
)
def test_styles_name_chinese_typefaces_and_their_sizes(report, style, face, points):
    found = opened(as_docx(report)).styles[style]

    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == face
    assert found.font.size == Pt(points)


def test_file_names_the_stand_ins_of_its_typefaces(report):
    fonts = part(as_docx(report), "word/fontTable.xml")

    stand_ins = fonts.xpath("//w:font[@w:name='仿宋_GB2312']/w:altName/@w:val", namespaces=W)
    assert stand_ins[0].split(",")[:3] == ["FangSong_GB2312", "仿宋", "FangSong"]


def test_merged_cells_of_the_largest_table_are_merged(report):
    table = opened(as_docx(report)).tables[1]

    assert (len(table.rows), len(table.columns)) == (28, 10)
    assert table.cell(0, 0)._tc is table.cell(2, 2)._tc
    assert {table.cell(row, 0).text for row in range(5, 27)} == {"三、本年度办理结果"}
    assert [table.cell(9, column).text for column in (1, 2, 3, 9)] == [
        "（三）不予公开",
        "3.危及“三安全一稳定”",
        "1042",
        "1048",
    ]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows[:4]] == [True, True, True, False]
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert sum(widths) == pytest.approx(Mm(156).twips, abs=10)
    assert widths[2] > 3 * widths[3]


def test_page_is_a4_with_a_number_at_the_bottom():
    section = opened(of(Paragraph("文"))).sections[0]

    assert (section.page_width, section.page_height) == pytest.approx((Mm(210), Mm(297)), abs=400)
    assert (section.top_margin, section.left_margin) == pytest.approx((Mm(37), Mm(28)), abs=400)
    assert section.footer.paragraphs[0].text == "—  —"
    assert section.footer._element.xpath("//w:instrText")[0].text == "PAGE"


def test_page_can_lie_and_be_printed_on_both_sides():
    page = PageSetup(paper=Paper.A3, landscape=True)
    word = opened(of(Paragraph("文"), page=page, page_numbers=PageNumbers.OUTER, footer="衡山县民政局"))

    section = word.sections[0]
    assert (section.page_width, section.page_height) == pytest.approx((Mm(420), Mm(297)), abs=400)
    assert section.orientation == WD_ORIENTATION.LANDSCAPE
    assert word.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].text == section.even_page_footer.paragraphs[0].text == "衡山县民政局  —  —"


def test_page_without_number_has_no_footer():
    section = opened(of(Paragraph("文"), page_numbers=PageNumbers.NONE)).sections[0]

    assert section.footer.is_linked_to_previous


def test_runs_keep_their_look_and_links_lead_somewhere():
    content = of(
        Paragraph([Run("粗", bold=True), Run("线", underline=True), Run("网", link="https://a.cn/?x=1&y=2"), "一\n二"])
    )

    paragraph = opened(content).paragraphs[0]
    assert [(run.text, run.bold, run.underline) for run in paragraph.runs] == [
        ("粗", True, None), ("线", None, True), ("一\n二", None, None),
    ]  # fmt: skip
    assert [(link.text, link.address) for link in paragraph.hyperlinks] == [("网", "https://a.cn/?x=1&y=2")]


def test_paragraphs_begin_two_characters_later():
    first, second = opened(of(Paragraph("进"), Paragraph("不进", indent=False, keep_with_next=True))).paragraphs

    assert first._p.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert second._p.pPr.ind is None
    assert second.paragraph_format.keep_with_next


def test_each_numbered_list_counts_from_its_start():
    content = of(NumberedList(["甲", "乙"], start=3), NumberedList(["丙"]), BulletedList(["丁"]))

    assert [one.text for one in read_document(content, "a.docx").paragraphs] == ["3. 甲", "4. 乙", "1. 丙", "丁"]


def test_page_break_begins_the_next_block_on_a_new_page():
    content = of(Paragraph("一"), PageBreak(), Heading("二"), PageBreak(), Table([[Cell("三")]]))

    breaks = part(content, "word/document.xml").xpath("//w:p[w:pPr/w:pageBreakBefore]", namespaces=W)
    assert ["".join(one.itertext()) for one in breaks] == ["二", ""]


def test_letter_has_its_red_head_and_signature():
    content = of(Letterhead("衡山县民政局", "衡民发〔2025〕1号"), Signature("衡山县民政局", date(2025, 1, 5)))

    word = opened(content)
    assert [(one.style.name, one.text) for one in word.paragraphs] == [
        ("Letter Mark", "衡山县民政局"), ("Letter Number", "衡民发〔2025〕1号"),
        ("Signature Line", "衡山县民政局"), ("Signature Line", "2025年1月5日"),
    ]  # fmt: skip
    assert str(word.styles["Letter Mark"].font.color.rgb) == "FF0000"
    assert word.paragraphs[0].runs[0].font.size == Pt(48)


def test_picture_has_its_alternative_text_and_fits_the_page():
    file = io.BytesIO()
    Picture.new("RGB", (40, 20), "navy").save(file, "PNG")

    word = opened(of(Image(file.getvalue(), "慰问现场", width=500)))

    assert word.inline_shapes[0].width == pytest.approx(Mm(156), abs=2)
    assert word.inline_shapes[0]._inline.docPr.get("descr") == "慰问现场"


def test_damaged_picture_is_a_clear_error():
    with pytest.raises(Invalid, match="慰问现场"):
        of(Image(b"GIF", "慰问现场"))


def test_blocks_inside_cells_are_kept():
    inner = Table([[Cell("内")]])
    content = of(Table([[Cell([Paragraph("甲", indent=False), NumberedList(["乙"]), inner]), Cell("丙")]]))

    cell = opened(content).tables[0].cell(0, 0)
    assert [one.text for one in cell.paragraphs] == ["甲", "乙", ""]
    assert cell.tables[0].cell(0, 0).text == "内"


@pytest.mark.parametrize(
    "text", ["\x00\x0b\ud800\uffff甲", "𠮷😀", "a\tb\nc", "\u202e反", "<w:t>&amp;</w:t>", "]]>", " 前后 "]
)
def test_any_text_can_be_written(text):
    content = as_docx(Document(title=text, author=text, footer=text, blocks=[
        Heading(text), Paragraph(text), Letterhead(text, text), Signature(text, date(2025, 1, 1)), NumberedList([text]),
        Table([[Cell(text), Cell("末")]], caption=text),
    ]))  # fmt: skip

    assert opened(content).tables[0].cell(0, 1).text == "末"


def test_equal_documents_are_equal_bytes(report):
    assert as_docx(report) == as_docx(report)


def test_the_only_time_in_the_file_is_the_given_one():
    at = datetime(2025, 1, 20, 8, 30, tzinfo=UTC)
    content = of(Paragraph("文"), made_at=at, author="衡山县民政局")

    properties = opened(content).core_properties
    assert (properties.created, properties.modified, properties.author) == (at, at, "衡山县民政局")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_libreoffice_opens_it_and_every_word_is_on_paper(report, grids, office):
    read = read_document(office(as_docx(report)), "report.pdf")

    assert [table.rows for table in read.tables] == grids
    said = [paragraph.text for paragraph in read.paragraphs]
    assert said[:4] == [report.title, "衡山县民政局", "衡民发〔2025〕1号", "一、总体情况"]
    assert "3.第一项任务" in [text.replace(" ", "") for text in said]
    assert said[-2:] == ["衡山县民政局", "2025年1月20日"]


def test_title_can_stand_below_the_letterhead():
    content = of(Letterhead("衡山县民政局"), Title("答复书"), Heading("一、情况"))

    assert [(one.style.name, one.text) for one in opened(content).paragraphs] == [
        ("Letter Mark", "衡山县民政局"), ("Letter Number", ""), ("Title", "答复书"), ("Heading 1", "一、情况"),
    ]  # fmt: skip
