"""What is removed is not in the output: not as text, not in other parts, not in pixels, not in metadata."""

import io
import re
import zipfile

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader

from cms.api import Invalid

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NAME, NUMBER, PHONE = "王小明", "430423198503121234", "13812345678"


def redact(content, media_type, **order):
    from cms_plugins.applications.redaction.files import redact
    from cms_plugins.applications.redaction.order import Order

    return redact(content, media_type, Order(**order))


def box(*values):
    from cms_plugins.applications.redaction.order import Box

    return Box(*values)


def word(build):
    document = Document()
    build(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def everything(content):
    """Return all bytes of a package, unpacked, as one text, with and without tags."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        raw = "\n".join(archive.read(name).decode("utf-8", "ignore") + name for name in archive.namelist())
    return raw + re.sub(r"<[^>]*>", "", raw)


@pytest.mark.parametrize(
    "text", ["王小明", "王 小 明", "王\n小明", "王\u200b小明", "王\u3000小明", "申请人王小明，男", "王小明王小明"]
)
def test_phrase_is_found_however_it_is_broken(text):
    made = redact(text.encode(), "text/plain", phrases=(NAME,))

    assert not re.search("[王小明]", made.content.decode())
    assert made.removed == (2 if text == "王小明王小明" else 1)


def test_kinds_of_numbers_are_found_in_both_widths():
    text = (
        f"身份证{NUMBER}，手机{PHONE}或138-1234-5678，卡号6222 0212 3456 7894，邮箱a.b@example.com，文号〔2016〕12号。"
    )

    made = redact(text.encode("gb18030"), "text/plain", kinds=frozenset({"identity", "phone", "card", "email"}))

    assert made.content.decode() == "身份证■■■，手机■■■或■■■，卡号■■■，邮箱■■■，文号〔2016〕12号。"


@given(st.text("王小明李 a1\n", max_size=40), st.text("王小明李", min_size=2, max_size=4))
@settings(max_examples=200, deadline=None)
def test_nothing_is_left_of_any_phrase_in_any_text(text, phrase):
    made = redact(text.encode(), "text/plain", phrases=(phrase,)).content.decode()

    assert phrase not in re.sub(r"\s", "", made)


def test_word_text_is_cut_out_of_the_runs_that_hold_it():
    def build(document):
        paragraph = document.add_paragraph("申请人：")
        for part in ("王", "小", "明"):
            paragraph.add_run(part).bold = True
        paragraph.add_run("，住西街。")
        table = document.add_table(1, 2)
        table.cell(0, 0).text = "姓名：王小明"
        table.cell(0, 1).text = "金额：300元"
        document.sections[0].header.paragraphs[0].text = "王小明的档案"
        document.core_properties.author = NAME
        document.core_properties.comments = NAME
        document.add_paragraph("公开内容。")

    made = redact(word(build), WORD, phrases=(NAME,))

    assert NAME not in everything(made.content)
    document = Document(io.BytesIO(made.content))
    assert [one.text for one in document.paragraphs] == ["申请人：■■■，住西街。", "公开内容。"]
    assert document.tables[0].cell(0, 0).text == "姓名：■■■"
    assert document.tables[0].cell(0, 1).text == "金额：300元"
    assert document.sections[0].header.paragraphs[0].text == "■■■的档案"
    assert made.removed == 3


HIDING = {
    "deleted": '<w:p><w:del w:id="1" w:author="王小明"><w:r><w:delText>王小明</w:delText></w:r></w:del></w:p>',
    "inserted": '<w:p><w:ins w:id="1" w:author="王小明"><w:r><w:t>王小</w:t></w:r></w:ins><w:r><w:t>明</w:t></w:r></w:p>',
    "moved": '<w:p><w:moveFrom w:id="1"><w:r><w:t>王小明</w:t></w:r></w:moveFrom></w:p>',
    "hidden": "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>王小明</w:t></w:r></w:p>",
    "field": '<w:p><w:fldSimple w:instr="AUTHOR 王小明"><w:r><w:t>王小明</w:t></w:r></w:fldSimple></w:p>',
    "instruction": (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>QUOTE 王小明</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    ),
    "bookmark": '<w:p><w:bookmarkStart w:id="1" w:name="王小明"/><w:bookmarkEnd w:id="1"/></w:p>',
    "control": (
        '<w:sdt><w:sdtPr><w:alias w:val="王小明"/><w:tag w:val="王小明"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>王小明</w:t>'
        "</w:r></w:p></w:sdtContent></w:sdt>"
    ),
    "two paragraphs": "<w:p><w:r><w:t>王小</w:t></w:r></w:p><w:p><w:r><w:t>明</w:t></w:r></w:p>",
    "tab": "<w:p><w:r><w:t>王</w:t><w:tab/><w:t>小</w:t><w:br/><w:t>明</w:t></w:r></w:p>",
    "alternative": (
        '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape alt="王小明"><v:textbox><w:txbxContent><w:p><w:r>'
        "<w:t>王小明</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    ),
    "word art": '<w:p><w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textpath string="王小明"/></v:shape></w:pict></w:r></w:p>',
}


def inserted(content, xml="", **parts):
    """Return the Word file with ``xml`` before its last element, and further parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = data.replace(b"<w:sectPr", f"{xml}<w:sectPr".encode(), 1)
            new.writestr(name, data)
        for name, data in parts.items():
            new.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize("place", HIDING)
def test_word_hides_nothing(place):
    content = inserted(word(lambda document: document.add_paragraph("公开内容。")), HIDING[place])
    assert NAME in everything(content) or place in {"inserted", "two paragraphs", "tab"}

    made = redact(content, WORD, phrases=(NAME,))

    left = everything(made.content)
    assert not re.search(r"王\s*小\s*明", left)
    assert "公开内容" in left
    Document(io.BytesIO(made.content))


def test_other_parts_of_a_word_file_stay_behind():
    parts = {
        "word/comments.xml": f"<w:comments>{NAME}</w:comments>", "customXml/item9.xml": f"<a>{NAME}</a>",
        "docProps/custom.xml": NAME, "word/embeddings/oleObject1.bin": NAME, "docProps/thumbnail.emf": NAME,
        f"word/media/{NAME}.png": "x", "word/vbaProject.bin": NAME, "word/people.xml": f"<p>{NAME}</p>",
    }  # fmt: skip
    content = inserted(word(lambda document: document.add_paragraph(f"{NAME}。公开内容。")), **parts)

    made = redact(content, WORD, phrases=(NAME,), keep_pictures=True)

    assert NAME not in everything(made.content)
    assert "公开内容" in everything(made.content)


def test_pictures_of_a_word_file_go_unless_they_are_wanted():
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "navy").save(picture, "PNG")
    content = word(lambda document: (document.add_picture(picture), document.add_paragraph(NAME)))

    without, kept = (redact(content, WORD, phrases=(NAME,), keep_pictures=keep) for keep in (False, True))

    assert "word/media/" not in everything(without.content)
    assert "word/media/image1.png" in everything(kept.content)
    assert any("1 张图片" in note for note in kept.notes)
    assert len(Document(io.BytesIO(kept.content)).inline_shapes) == 1
    assert len(Document(io.BytesIO(without.content)).inline_shapes) == 0


def drawn(text, size=(600, 200)):
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((20, 60), text, fill="black", font=ImageFont.load_default(40))
    return picture


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")])
def test_pixels_of_a_picture_are_painted_and_its_metadata_is_gone(kind, media_type):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "SECRET-PLACE"
    drawn("SECRET").save(file, kind, exif=exif, comment=b"SECRET-PLACE" if kind == "JPEG" else None)
    assert b"SECRET-PLACE" in file.getvalue()

    made = redact(file.getvalue(), media_type, boxes=(box(1, 0, 0.2, 0.6, 0.5),))

    assert b"SECRET" not in made.content
    picture = Image.open(io.BytesIO(made.content))
    assert (picture.size, dict(picture.getexif())) == ((600, 200), {})
    inside = picture.convert("L").crop((0, 40, 360, 140))
    assert inside.getextrema()[1] <= 8
    assert picture.convert("L").getpixel((500, 20)) > 240


def test_what_is_transparent_in_a_picture_does_not_come_to_light():
    file = io.BytesIO()
    hidden = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    hidden.save(file, "PNG")

    made = redact(file.getvalue(), "image/png", boxes=(box(1, 0.9, 0.9, 0.1, 0.1),))

    assert Image.open(io.BytesIO(made.content)).getpixel((10, 10)) == (255, 255, 255)


def pdf(*texts):
    """Return a PDF with a text layer, a page for each text."""
    pages = "".join(f"<p>{text}</p>" for text in texts)
    from weasyprint import HTML

    style = '<style>p{page-break-after:always;font:20px "Noto Sans CJK SC"}</style>'
    return HTML(string=f"<meta name=author content={NAME}>{style}{pages}").write_pdf()


def pixels(content, page):
    from pypdfium2 import PdfDocument

    return PdfDocument(content)[page].render(scale=1).to_pil().convert("L")


def test_pdf_has_no_text_left_and_the_place_is_painted():
    content = pdf(f"申请人{NAME}的材料，金额300元", "第二页")
    assert NAME in PdfReader(io.BytesIO(content)).pages[0].extract_text()

    made = redact(content, "application/pdf", phrases=(NAME,))

    reader = PdfReader(io.BytesIO(made.content))
    assert [page.extract_text() for page in reader.pages] == ["", ""]
    assert NAME.encode() not in made.content
    assert NAME not in str(reader.metadata)
    before, after = pixels(content, 0), pixels(made.content, 0)
    dark = sum(count for level, count in enumerate(after.histogram()) if level < 10)
    assert dark > 3 * sum(count for level, count in enumerate(before.histogram()) if level < 10)
    assert made.removed == 1


def test_pdf_can_be_made_anew_from_its_text():
    content = pdf(f"申请人{NAME}的材料，金额300元", "公开内容")

    made = redact(content, "application/pdf", phrases=(NAME,), as_text=True)

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages)
    assert "■■■" in text
    assert "公开内容" in text
    assert NAME not in text
    assert NAME.encode() not in made.content


def test_pages_of_a_pdf_can_be_left_out():
    content = pdf("第一页", f"{NAME}", "第三页")

    made = redact(content, "application/pdf", drop_pages=frozenset({2}))

    assert len(PdfReader(io.BytesIO(made.content)).pages) == 2
    with pytest.raises(Invalid) as refused:
        redact(content, "application/pdf", drop_pages=frozenset({1, 2, 3, 4}))
    assert "drop_pages" in refused.value.errors


def test_scanned_pages_are_named_because_nothing_can_be_searched_in_them():
    file = io.BytesIO()
    drawn("SECRET").save(file, "PDF")

    made = redact(file.getvalue(), "application/pdf", phrases=(NAME,))

    assert any("第 1 页是扫描图像" in note for note in made.notes)


@pytest.mark.parametrize(
    ("content", "media_type", "order", "field"),
    [
        (b"%PDF-1.4 broken", "application/pdf", {}, "file"),
        (b"PK\x03\x04 broken", WORD, {"phrases": (NAME,)}, "file"),
        (b"\x89PNG broken", "image/png", {"boxes": None}, "file"),
        (b"\xff\xfe\xff", "text/plain", {"phrases": (NAME,)}, "file"),
        (b"x", "application/zip", {"phrases": (NAME,)}, "file"),
        (b"x", "text/plain", {"phrases": ("王",)}, "phrases"),
        (b"x", "text/plain", {"phrases": ("王" * 201,)}, "phrases"),
        (b"x", "text/plain", {"phrases": ("\u200b\u200b\u200b",)}, "phrases"),
        (b"x", "text/plain", {}, "phrases"),
        (b"x", "text/plain", {"kinds": frozenset({"x"})}, "kinds"),
        (b"x", "image/png", {}, "boxes"),
    ],
)
def test_what_cannot_be_done_is_said_at_its_field(content, media_type, order, field):
    if order.get("boxes", 1) is None:
        order = {"boxes": (box(1, 0, 0, 0.5, 0.5),)}
    with pytest.raises(Invalid) as refused:
        redact(content, media_type, **order)

    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize(
    "wrong", [(0, 0, 0, 1, 1), (1, -1, 0, 1, 1), (1, 0, 0, 0, 1), (1, 0, 2, 1, 1), (1, float("nan"), 0, 1, 1)]
)
def test_rectangles_outside_the_page_are_refused(wrong):
    with pytest.raises(Invalid):
        redact(b"x", "image/png", boxes=(box(*wrong),))
