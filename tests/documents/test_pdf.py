"""Documents as PDF: what is on the pages, and what happens when it cannot be made."""

import io
import os
import re
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import psutil
import pypdf
import pytest

from cms.api import (
    Cell,
    Document,
    Heading,
    Image,
    PageNumbers,
    PageSetup,
    Paragraph,
    Table,
    Unavailable,
    as_pdf,
    read_document,
)
from cms.documents.child import Limits, Task, WarmChild, run
from cms.documents.writers.pdf import pdf_state

PLENTY = Limits(wall=60, cpu=60, megabytes=1500)


@pytest.fixture(scope="module")
def made(report, pdf):
    return as_pdf(report)


@pytest.fixture
def fresh_child(monkeypatch):
    """Return a function after which the next PDF is made by a new child, which sees the environment of the test."""
    children = []

    def renew(limits=PLENTY):
        children.append(WarmChild(Task.WRITE_PDF, limits))
        monkeypatch.setattr("cms.documents.writers.pdf._child", children[-1])

    yield renew
    for child in children:
        child.close()


def fonts_of(page):
    for font in page["/Resources"]["/Font"].values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        yield str(inner["/BaseFont"]), inner["/FontDescriptor"].get_object()


def test_pages_are_a4_and_numbered(made):
    reader = pypdf.PdfReader(io.BytesIO(made))

    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages}
    assert sizes == {(595, 842)}
    for number, page in enumerate(reader.pages, 1):
        assert f"— {number} —" in page.extract_text()


def test_file_knows_its_title_language_and_structure(made, report):
    reader = pypdf.PdfReader(io.BytesIO(made))

    assert reader.metadata.title == report.title
    assert reader.metadata.author == "衡山县民政局"
    assert reader.root_object["/Lang"] == "zh-CN"
    assert reader.root_object["/MarkInfo"]["/Marked"].value
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == [report.title]


def test_typefaces_are_embedded_in_parts(made):
    found = dict(entry for page in pypdf.PdfReader(io.BytesIO(made)).pages for entry in fonts_of(page))

    assert found
    assert all(re.match(r"/[A-Z]{6}\+", name) for name in found), found
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor) for descriptor in found.values())
    assert len(made) < 1_000_000


def test_every_word_and_every_cell_can_be_read_again(made, report, grids):
    read = read_document(made, "report.pdf")

    assert [table.rows for table in read.tables] == grids
    said = [paragraph.text for paragraph in read.paragraphs]
    assert said[:4] == [report.title, "衡山县民政局", "衡民发〔2025〕1号", "一、总体情况"]
    assert "".join(said).count("全年没有发生泄密事件。") == 5
    assert [text for text in said if text[0].isdigit() and "任务" in text] == ["3. 第一项任务", "4. 第二项任务"] or (
        [text for text in said if text[0].isdigit() and "任务" in text] == ["3.第一项任务", "4.第二项任务"]
    )
    assert said[-2:] == ["衡山县民政局", "2025年1月20日"]


def test_equal_documents_are_equal_bytes(made, report):
    assert as_pdf(report) == made


def test_page_can_lie_and_be_printed_on_both_sides(pdf):
    document = Document(
        title="题", blocks=[Paragraph("一"), Heading("二")], page=PageSetup(landscape=True), page_numbers=PageNumbers.OUTER,
        made_at=datetime(2025, 1, 20, tzinfo=UTC),
    )  # fmt: skip

    reader = pypdf.PdfReader(io.BytesIO(as_pdf(document)))

    assert [round(float(edge)) for edge in reader.pages[0].mediabox[2:]] == [842, 595]
    assert reader.metadata.creation_date == datetime(2025, 1, 20, tzinfo=UTC)


def test_worker_does_not_grow(report, pdf):
    process = psutil.Process()
    as_pdf(report)
    before = process.memory_info().rss

    for _time in range(3):
        as_pdf(report)

    assert process.memory_info().rss - before < 20_000_000


def test_nothing_is_fetched(pdf):
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    page = (
        f'<link rel="stylesheet" href="{address}/a.css"><style>@import "{address}/b.css"; p {{ background: '
        f'url({address}/c.png) }} @font-face {{ font-family: x; src: url({address}/d.woff) }}</style>'
        f'<p style="font-family: x">文<img src="{address}/e.png"><img src="file:///etc/hostname"></p>'
    )  # fmt: skip
    try:
        assert run(Task.WRITE_PDF, page.encode(), PLENTY).startswith(b"%PDF")
    finally:
        server.shutdown()
        server.server_close()

    assert asked == []


def test_picture_that_is_none_leaves_its_text(pdf):
    document = Document(title="题", blocks=[Image(b"GIF89a broken", "慰问现场"), Paragraph("文")])

    assert "慰问现场" in read_document(as_pdf(document), "a.pdf").text


def test_server_without_chinese_typeface_says_so(tmp_path, monkeypatch, fresh_child, pdf):
    (tmp_path / "fonts.conf").write_text(
        f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))
    fresh_child()

    with pytest.raises(Unavailable, match=r"没有中文字体.*docx"):
        as_pdf(Document(title="题", blocks=[Paragraph("文")]))
    assert "fonts-noto-cjk" in pdf_state().problem
    assert pdf_state().families == ()


@pytest.mark.parametrize(
    ("error", "advice"), [("OSError('no pango')", "libpango-1.0-0"), ("ImportError('none')", "WeasyPrint")]
)
def test_server_without_a_library_says_so(tmp_path, monkeypatch, fresh_child, error, advice):
    (tmp_path / "weasyprint.py").write_text(f"raise {error}")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    fresh_child()

    with pytest.raises(Unavailable, match=r"不能生成 PDF.*docx"):
        as_pdf(Document(title="题", blocks=[Paragraph("文")]))
    assert advice in pdf_state().problem


def test_document_that_takes_too_much_is_refused(fresh_child, pdf):
    fresh_child(Limits(wall=0, cpu=60, megabytes=1500))

    with pytest.raises(Unavailable, match=r"用时过长.*docx"):
        as_pdf(Document(title="题", blocks=[Table([[Cell("字")]])]))
