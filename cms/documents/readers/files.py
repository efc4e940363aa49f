"""Reading files that people upload or pass to a command, whatever their name says."""

import re
from collections.abc import Callable

from cms.documents.kinds import DOCX, OFD, OLE, PDF, XLSX, media_type_of
from cms.documents.readers.docx import read_docx
from cms.documents.readers.html import read_html
from cms.documents.readers.pdf import read_pdf
from cms.documents.readers.text import decoded, has_mark, read_text
from cms.documents.reading import ReadDocument
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

#: Larger files are refused unread.
MAX_BYTES = 30_000_000
#: Longer texts and pages are refused as well; a report has some ten thousand characters.
MAX_TEXT = 5_000_000
#: What Word and WPS can save as .docx.
_OFFICE = (OLE, "application/rtf", "application/vnd.oasis.opendocument.text")
_READERS: dict[str, Callable[[bytes], ReadDocument]] = {DOCX: read_docx, PDF: read_pdf}
#: A page shows in its beginning that it is one.
_PAGE = re.compile(
    r"<!doctype\s+html|<html[\s>]|<(?:head|body|table|div|p|h[1-6]|article|section)(?:\s[^<>]{0,500})?>", re.IGNORECASE
)
_BEGINNING = 4000
#: Markup of other kinds, for instance SVG, whose text nobody means.
_OTHER_MARKUP = re.compile(r"\s*<(?:\?xml|!doctype|[a-z][\w:.-]*[\s>])", re.IGNORECASE)


def read_document(data: bytes, filename: str) -> ReadDocument:
    """Return the text and tables of a .txt, .html, .docx or .pdf file, told apart by content; the name is for messages.

    Whatever the file holds, time and memory are bounded, nothing is fetched and nothing is run.

    :raises Invalid: field ``file``, if it cannot be read, with what to do about it.
    """
    if len(data) > MAX_BYTES:
        raise Invalid({"file": [_("文件超过 {n} MB，请缩小后再试。").format(n=MAX_BYTES // 1_000_000)]})
    try:
        return _read(data)
    except Invalid as error:
        named = [f"{filename}：{line}" if filename else line for lines in error.errors.values() for line in lines]
        raise Invalid({"file": named}) from error


def _read(data: bytes) -> ReadDocument:
    media_type = "" if has_mark(data) else media_type_of(data)
    if media_type in _READERS:
        return _READERS[media_type](data)
    if media_type and not media_type.startswith("text/"):
        raise Invalid({"file": [_advice(media_type)]})
    text = decoded(data)
    if len(text) > MAX_TEXT:
        raise Invalid({"file": [_("文件的文字过多，请拆分后再试。")]})
    if _PAGE.search(text[:_BEGINNING]):
        return read_html(text)
    if _OTHER_MARKUP.match(text):
        raise Invalid({"file": [_advice("")]})
    return read_text(text)


def _advice(media_type: str) -> str:
    if media_type in _OFFICE:
        return _("不能读取这种格式（doc、wps、rtf、odt 等），请用 Word 或 WPS 打开，另存为 .docx 后再上传。")
    if media_type == OFD:
        return _("不能读取 OFD 文件，请另存为 PDF 或 .docx 后再上传。")
    if media_type == XLSX:
        return _("这是电子表格，请把文字复制到 .docx 后再上传。")
    if media_type.startswith("image/"):
        return _("这是图片，不含文字，请上传文字版的 .docx、.pdf、.html 或 .txt 文件。")
    return _("不能读取这种文件，请上传 .docx、.pdf、.html 或 .txt 文件。")
