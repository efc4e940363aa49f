"""Word files that others made: parts are written by hand here, as Word, WPS and converters write them."""

import io
import zipfile

import pytest

from cms.api import Invalid, ReadKind, read_document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    '<w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="a2"><w:name w:val="标题 2"/></w:style>'
    '<w:style w:styleId="a3"><w:basedOn w:val="a1"/></w:style><w:style w:styleId="t"><w:name w:val="Title"/></w:style>'
    '<w:style w:styleId="o"><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>'
    '<w:style w:styleId="n"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/>'
    '<w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1.%2"/></w:lvl><w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:numFmt w:val="decimalEnclosedCircle"/><w:lvlText w:val="%4"/></w:lvl>'
    '<w:lvl w:ilvl="4"><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%5)"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
)


def package(body, parts=(), head=""):
    parts = {
        "word/document.xml": f'{head}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}<w:sectPr/></w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{STYLES}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}">{NUMBERING}</w:numbering>',
        **dict(parts),
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def read(body, parts=(), head=""):
    return read_document(package(body, parts, head), "report.docx")


def p(text, inside=""):
    return f"<w:p><w:pPr>{inside}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text, inside="", body=None):
    return f"<w:tc><w:tcPr>{inside}</w:tcPr>{p(text) if body is None else body}</w:tc>"


def numbered(level, number=1):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def said(document):
    return [one.text for one in document.paragraphs]


def test_headings_are_known_by_style_outline_or_base():
    styles = ["a1", "a2", "a3", "t", "o", "unknown"]
    body = "".join(p("字", f'<w:pStyle w:val="{style}"/>') for style in styles)

    document = read(body + p("字", '<w:outlineLvl w:val="3"/>') + p("字", '<w:outlineLvl w:val="9"/>'))

    assert document.kind is ReadKind.DOCX
    assert [one.level for one in document.paragraphs] == [1, 2, 1, 1, 3, 0, 4, 0]


def test_automatic_numbers_are_part_of_the_text():
    """Chapters that Word counts by itself have no number in the file."""
    body = (
        p("总体情况", numbered(0)) + p("公开", numbered(1)) + p("申请", numbered(1)) + p("点", numbered(2))
        + p("圈", numbered(3)) + p("字母", numbered(4)) + p("", numbered(0)) + p("其他", '<w:pStyle w:val="n"/>')
        + p("公开", numbered(1)) + p("另一份", numbered(0, 2)) + p("没有这份", numbered(0, 7))
    )  # fmt: skip

    assert said(read(body)) == [
        "一、总体情况", "一.1 公开", "一.2 申请", "点", "① 圈", "A) 字母", "二、其他", "二.1 公开", "五、另一份", "没有这份",
    ]  # fmt: skip


def test_text_is_what_word_shows():
    body = (
        "<w:p><w:r><w:t>全年</w:t></w:r><w:ins><w:r><w:t>公开</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r>"
        "</w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:hyperlink><w:r><w:t>71</w:t></w:r></w:hyperlink>"
        '<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>PAGE</w:instrText><w:t>条</w:t><w:noBreakHyphen/></w:r></w:p>'
        "<w:p><w:r><w:t>上行</w:t><w:br/><w:t>下行</w:t><w:tab/><w:t>后</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )

    assert said(read(body)) == ["全年公开71条-", "上行", "下行\t后", "控件"]


def test_text_boxes_are_read_once():
    box = "<w:txbxContent>" + p("框内") + "</w:txbxContent>"
    body = (
        f'<w:p><w:r><w:t>框外</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="mc"><mc:Choice>{box}</mc:Choice>'
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )

    assert said(read(body)) == ["框外", "框内"]


def test_merged_cells_stand_in_every_place_they_cover():
    span, begin, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    body = (
        f"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{tc('项目', begin)}{tc('件数', span)}</w:tr>"
        f"<w:tr>{tc('', goes_on)}{tc('上年')}{tc('本年')}</w:tr>"
        f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{tc("8")}{tc("9")}</w:tr>'
        f"<w:tr><w:trPr><w:del/></w:trPr>{tc('删')}{tc('去')}</w:tr></w:tbl>"
    )

    table = read(body).tables[0]

    assert table.rows == (("项目", "件数", "件数"), ("项目", "上年", "本年"), ("", "8", "9"))
    assert [cell.is_header for cell in table.spans] == [True, True, False, False, False, False]


def test_cells_hold_paragraphs_lists_and_tables():
    inner = f"<w:tbl><w:tr>{tc('内一')}{tc('内二')}</w:tr></w:tbl>"
    body = f"<w:tbl><w:tr>{tc('', body=p('甲') + p('乙', numbered(0)) + inner)}{tc('丙')}</w:tr></w:tbl>"

    assert read(body).tables[0].rows == (("甲\n一、乙\n内一 内二", "丙"),)


def test_frame_around_text_is_text():
    assert said(read(f"<w:tbl><w:tr>{tc('框内')}</w:tr></w:tbl>")) == ["框内"]


ARCHIVE = (
    b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html; charset=utf-8\n"
    b"Content-Transfer-Encoding: quoted-printable\n\n<p>=E6=AD=A3=E6=96=87</p>\n--x--"
)


@pytest.mark.parametrize(
    ("name", "chunk"),
    [("afchunk.mht", ARCHIVE), ("a.html", "<p>正文</p>".encode("gbk")), ("a.docx", package(p("正文")))],
    ids=["archive", "page", "document"],
)
def test_embedded_page_or_document_is_read(name, chunk):
    """Programs that turn web pages into Word documents leave the page in the file for Word to convert."""
    relations = f'<Relationships><Relationship Id="r1" Target="/word/{name}" Type="aFChunk"/></Relationships>'

    document = read('<w:altChunk r:id="r1"/>', {"word/_rels/document.xml.rels": relations, f"word/{name}": chunk})

    assert said(document) == ["正文"]


def test_nothing_outside_of_the_file_is_read():
    relations = (
        '<Relationships><Relationship Id="r1" Target="file:///etc/hostname" TargetMode="External"/></Relationships>'
    )

    document = read(p("正文") + '<w:altChunk r:id="r1"/>', {"word/_rels/document.xml.rels": relations})

    assert document.text == "正文"


def test_file_that_holds_itself_over_and_over_is_read_to_a_depth():
    relations = '<Relationships><Relationship Id="r1" Target="a.docx"/></Relationships>'
    inner = package(p("底"))
    for depth in range(5):
        inner = package(
            p(f"层{depth}") + '<w:altChunk r:id="r1"/>',
            {"word/_rels/document.xml.rels": relations, "word/a.docx": inner},
        )

    assert said(read_document(inner, "a.docx")) == ["层4", "层3", "层2"]


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (package(p("字"), head='<!DOCTYPE w [<!ENTITY x "y">]>'), "不安全的引用"),
        (package(p("字"))[:-30], "已损坏"),
        (package("<w:p>"), "已损坏"),
        (package(p("&none;")), "已损坏"),
        (package("<w:sdt>" * 300 + p("深") + "</w:sdt>" * 300), "已损坏"),
        (package(""), "没有可以读取的文字"),
        (package(p("字" * 5_000_000)), "过大"),
        (package("<w:tbl><w:tr>" + tc("x", '<w:gridSpan w:val="999"/>') * 2 + "</w:tr></w:tbl>"), "表格过大"),
        (package(p("字"), {f"x/{n}": b"" for n in range(5001)}), "结构异常"),
    ],
    ids=["doctype", "cut", "xml", "entity", "deep", "empty", "large", "wide", "parts"],
)  # fmt: skip
def test_file_that_cannot_be_read_says_what_to_do(content, advice):
    with pytest.raises(Invalid, match=advice):
        read_document(content, "a.docx")
