"""PDF files that others made: pages are written by hand here, as old and odd programs write them."""

import io
import zlib

import pypdf
import pytest

from cms.api import Invalid, ReadKind, read_document

GBK = (
    b"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
    b"/BaseFont/SimSun/DW 1000/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>]>>"
)
LATIN = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
NAMED = b"<</Type/Font/Subtype/Type1/BaseFont/X/Encoding<</Differences[65/one/two/uni4E00]>>/FirstChar 65/Widths[500 500 1000]>>"
SECRET = (
    b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
    b"/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
)
A4 = "/MediaBox[0 0 595 842]"


def stream(content, more=b"", *, packed=False):
    body = zlib.compress(content) if packed else content
    return b"<<%s/Length %d%s>>\nstream\n%s\nendstream" % (more, len(body), b"/Filter/FlateDecode" * packed, body)


def pdf(*pages, fonts=(GBK,), page_more=A4, objects=(), packed=False):
    """Return a PDF with these page contents; fonts are /F0, /F1 …; ``objects`` follow from number 100 on."""
    font_names = b"".join(b"/F%d %d 0 R" % (n, 10 + n) for n in range(len(fonts)))
    shown = {1: b"<</Type/Catalog/Pages 2 0 R>>"}
    numbers = [200 + 2 * n for n in range(len(pages))]
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    shown[2] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids)
    shown |= {10 + n: font for n, font in enumerate(fonts)} | {100 + n: one for n, one in enumerate(objects)}
    forms = b"".join(b"/X%d %d 0 R" % (n, 100 + n) for n in range(len(objects)))
    for number, content in zip(numbers, pages, strict=True):
        shown[number] = b"<</Type/Page/Parent 2 0 R%s/Contents %d 0 R/Resources<</Font<<%s>>/XObject<<%s>>>>>>" % (
            page_more.encode(), number + 1, font_names, forms,
        )  # fmt: skip
        shown[number + 1] = stream(content if isinstance(content, bytes) else content.encode("gbk"), packed=packed)
    file, places = io.BytesIO(b"%PDF-1.4\n"), {}
    file.seek(0, 2)
    for number, body in shown.items():
        places[number] = file.tell()
        file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = file.tell()
    file.write(b"xref\n")
    for number, place in places.items():
        file.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    file.write(b"trailer<</Root 1 0 R/Size 999>>\nstartxref\n%d\n%%%%EOF" % table)
    return file.getvalue()


def line(text, x=80, y=700, size=16, font=0):
    return f"BT /F{font} {size} Tf {x} {y} Td ({text}) Tj ET\n"


def read(*pages, **more):
    return read_document(pdf(*pages, **more), "report.pdf")


def said(document):
    return [one.text for one in document.paragraphs]


def test_text_in_the_old_chinese_encodings_is_read():
    assert read(line("衡山县民政局2016年")).text == "衡山县民政局2016年"


def test_text_of_simple_fonts_is_read():
    page = line("Annual report", font=0) + line("ABC", y=600, font=1)

    assert said(read(page, fonts=(LATIN, NAMED))) == ["Annual report", "12一"]


def test_lines_become_paragraphs_where_length_and_indent_say_so():
    full = "一二三四五六七八九十一二三四五六七八九十一二三四五六七"
    page = (
        line("二〇一六年度报告", x=180, size=22, y=780) + line("（续）", x=250, size=22, y=745)
        + line("开头" + full[:-4], x=112) + line(full, y=671) + line("结尾。", y=642) + line("另段。", x=112, y=613)
        + line("一、标题", x=112, y=584)
    )  # fmt: skip

    assert said(read(page)) == ["二〇一六年度报告（续）", "开头" + full[:-4] + full + "结尾。", "另段。", "一、标题"]


def test_paragraph_goes_on_over_the_page_and_page_numbers_go_away():
    full = "一二三四五六七八九十一二三四五六七八九十一二三四五六七"
    first = "".join(line(full, y=700 - 29 * n) for n in range(5)) + line("— 1 —", x=280, y=60, size=14)
    second = line("尾。", y=780) + line("第 2 页 共 2 页", x=260, y=60, size=14)

    assert said(read(first, second)) == [full * 5 + "尾。"]


def test_columns_without_lines_are_set_apart_by_tabs():
    page = line("指标", x=80) + line("数量", x=300) + line("公开条数", x=80, y=671) + line("71", x=300, y=671)

    assert said(read(page)) == ["指标\t数量", "公开条数\t71"]


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [
        (90, "0 1 -1 0 595 0 cm"),
        (180, "-1 0 0 -1 595 842 cm"),
        (270, "0 -1 1 0 0 842 cm"),
    ],
)
def test_turned_pages_are_read_as_they_are_seen(turn, matrix):
    assert read(f"{matrix}\n" + line("横排", x=80, y=400), page_more=f"{A4}/Rotate {turn}").text == "横排"


def test_slanted_watermark_is_left_out():
    assert read(line("正文") + "BT /F0 60 Tf 0.7 0.7 -0.7 0.7 200 200 Tm (内部资料) Tj ET").text == "正文"


def test_text_in_forms_is_read_and_forms_in_themselves_end():
    form = stream(line("内").encode("gbk") + b"/X0 Do", b"/Type/XObject/Subtype/Form/Matrix[1 0 0 1 0 -100]")

    assert said(read(line("外") + "/X0 Do", objects=[form])) == ["外", *["内"] * 8]


def test_bold_text_that_is_printed_twice_is_read_once():
    assert read(line("要闻") + line("要闻", x=80.4)).text == "要闻"


def test_words_are_set_apart_by_spacing_operators():
    page = "BT /F0 16 Tf 80 700 Td [(公开) -200 (条数) -1200 (共)] TJ 0 -29 TD (下) Tj T* (再) ' ET"

    assert said(read(page)) == ["公开条数 共", "下", "再"]


def ruled(rows, columns, omit=()):
    """Draw a grid of 100 × 30 points; ``omit`` names walls that are missing: ('right'|'below', row, column)."""
    parts = []
    for row in range(rows + 1):
        parts += [f"{80 + 100 * c} {600 - 30 * row} m {180 + 100 * c} {600 - 30 * row} l S" for c in range(columns)
                  if ("below", row - 1, c) not in omit]  # fmt: skip
    for column in range(columns + 1):
        parts += [f"{80 + 100 * column} {600 - 30 * r} 0.5 -30 re f" for r in range(rows)
                  if ("right", r, column - 1) not in omit]  # fmt: skip
    return "\n".join(parts) + "\n"


def inside(row, column, text):
    return line(text, x=90 + 100 * column, y=580 - 30 * row, size=10)


def test_cells_are_found_by_the_lines_around_them():
    page = (
        line("前文", y=650) + ruled(3, 3, {("right", 0, 1), ("below", 0, 0), ("right", 2, 0), ("right", 2, 1)})
        + inside(0, 0, "项目") + inside(0, 1, "件数") + inside(1, 1, "上年") + inside(1, 2, "本年") + inside(2, 0, "合计")
        + line("后文", y=400)
    )  # fmt: skip

    document = read(page)

    assert document.kind is ReadKind.PDF
    assert document.tables[0].rows == (("项目", "件数", "件数"), ("项目", "上年", "本年"), ("合计", "合计", "合计"))
    assert [type(block).__name__ for block in document.blocks] == ["ReadParagraph", "ReadTable", "ReadParagraph"]


def test_white_lines_and_frames_are_no_tables():
    page = (
        "1 1 1 RG 1 1 1 rg\n" + ruled(2, 2) + "0 G 0 g 50 50 495 742 re S\n" + inside(0, 0, "甲") + inside(0, 1, "乙")
    )

    document = read(page)

    assert document.tables == ()
    assert document.text == "甲\t乙"


def test_lines_broken_inside_a_cell_are_joined():
    page = (
        ruled(2, 2)
        + line("34", x=90, y=587, size=8)
        + line("40", x=90, y=576, size=8)
        + inside(0, 1, "甲")
        + inside(1, 0, "乙")
    )

    assert read(page).tables[0].rows == (("3440", "甲"), ("乙", ""))


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"%PDF-1.4\n%%EOF", "已损坏"),
        (pdf(""), "扫描件"),
        (pdf(line("字"), page_more=""), "已损坏|没有文字"),
        (pdf(b"BT /F0 16 Tf 80 700 Td <00410042> Tj ET", fonts=(SECRET,)), "无法识别"),
        (pdf(*["q Q"] * 301), "超过 300 页"),
    ],
    ids=["cut", "empty", "no-paper", "unknown", "long"],
)
def test_file_that_cannot_be_read_says_what_to_do(content, advice):
    with pytest.raises(Invalid, match=advice):
        read_document(content, "a.pdf")


def test_file_with_a_password_says_so():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(line("密"))))
    writer.encrypt("secret", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)

    with pytest.raises(Invalid, match="设有密码"):
        read_document(file.getvalue(), "a.pdf")


def test_file_that_only_forbids_printing_is_read():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf(line("公开"))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)

    assert read_document(file.getvalue(), "a.pdf").text == "公开"


def test_page_that_unpacks_to_half_a_gigabyte_ends_in_an_error():
    with pytest.raises(Invalid, match="过于复杂"):
        read_document(pdf(b"q " * 250_000_000, packed=True), "a.pdf")


def test_page_of_lines_only_ends_soon():
    grid = "".join(f"{n} 0 m {n} 800 l S 0 {n} m 800 {n} l S\n" for n in range(0, 30_000, 4))

    assert "字" in read(grid + line("字")).text
