"""Files made to do harm: each is read without harm or refused with advice, in bounded memory."""

import contextlib
import io
import resource
import zipfile
from pathlib import Path

import pytest

from cms.api import Invalid, read_document

FOLDER = Path(__file__).parents[1] / "data/hostile/files"
REFUSED = {
    "absolute_path.zip": "不能读取", "docx_bomb_80MiB.docx": "解开后过大", "docx_external_entity.docx": "不安全的引用",
    "duplicate_names.zip": "不能读取", "gif_js_polyglot.gif": "图片", "html_named.jpg": "没有可以读取的文字",
    "pdf_javascript.pdf": "已损坏", "png_huge_dimensions.png": "图片", "svg_script.svg": "不能读取",
    "svg_xxe.svg": "不能读取", "symlink.zip": "不能读取", "traversal_dotdot.zip": "不能读取", "truncated.png": "图片",
    "wxr_xxe.xml": "不能读取",
}  # fmt: skip
READ = {
    "csv_formula.csv": "姓名,备注",
    "docx_remote_template.docx": "正常正文",
    "html_gbk_declared_utf8.html": "通知公告",
}


@pytest.fixture(autouse=True)
def little_memory():
    """Forbid the process more than 300 MB beyond what it has."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + 300_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def test_every_file_of_the_folder_is_tried():
    assert {path.name for path in FOLDER.iterdir()} - {"README.md"} == set(REFUSED) | set(READ)


@pytest.mark.parametrize("name", REFUSED)
def test_file_is_refused_with_advice(name):
    with pytest.raises(Invalid, match=REFUSED[name]) as caught:
        read_document((FOLDER / name).read_bytes(), name)

    assert list(caught.value.errors) == ["file"]
    assert caught.value.errors["file"][0].startswith(f"{name}：")


@pytest.mark.parametrize("name", READ)
def test_file_is_read_without_harm(name):
    assert READ[name] in read_document((FOLDER / name).read_bytes(), name).text


def test_archive_of_very_many_parts_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
        for number in range(20_000):
            archive.writestr(f"{number}", "")

    with pytest.raises(Invalid, match="结构异常"):
        read_document(file.getvalue(), "a.docx")


def test_size_that_an_archive_only_claims_is_not_believed():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b"x" * 30_000_000 + b"</a>")
    content = file.getvalue().replace((30_000_007).to_bytes(4, "little"), (7).to_bytes(4, "little"))

    with pytest.raises(Invalid, match=r"过大|已损坏"):
        read_document(content, "a.docx")


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"x" * 30_000_001, "超过 30 MB"),
        (("字" * 5_000_001).encode(), "文字过多"),
        (b"<p>" + b"x" * 5_000_001, "文字过多"),
    ],
    ids=["file", "text", "page"],
)
def test_files_beyond_all_measure_are_refused(data, advice):
    with pytest.raises(Invalid, match=advice):
        read_document(data, "a.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"+-+-+\n" * 200_000, b"+\n" * 500_000, b"|" * 4_000_000, b"a\t" * 700_000 + b"\n" + b"a\t" * 700_000,
        b"<p>" + b"<" * 4_000_000, b"<table>" * 200_000, b"<p>" + b"<b>" * 250 + b"x<br>" * 500_000,
        b"<table><tr>" + b"<td>" * 1_000_000, b"<ol>" + b"<li>x" * 300_000,
    ],
)  # fmt: skip
def test_repetition_ends(data):
    """Whatever comes of it, an answer or an error of ours, comes."""
    with contextlib.suppress(Invalid):
        assert read_document(data, "a.txt").text
