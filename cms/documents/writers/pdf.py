"""Blocks as PDF: the page of :mod:`cms.documents.writers.html`, set by WeasyPrint in a child process."""

import json

from cms.documents.blocks import Document
from cms.documents.child import ChildError, Limits, Task, WarmChild, run
from cms.documents.writers.html import as_html_page
from cms.documents.writers.pdf_child import NO_FONT, NO_PANGO, NO_WEASYPRINT
from cms.kernel.errors import Unavailable
from cms.kernel.i18n import gettext as _

#: A report of 13 pages takes about a second and 300 MB; these allow some hundred pages.
_LIMITS = Limits(wall=60, cpu=60, megabytes=1500)
_child = WarmChild(Task.WRITE_PDF, _LIMITS)


def as_pdf(document: Document) -> bytes:
    """Return the document as PDF on the paper it asks for, with its typefaces embedded; equal documents, equal bytes.

    It is made in a child process of limited time and memory that fetches nothing, so the caller does not grow.

    :raises Unavailable: if the server lacks a library or a Chinese typeface, or the document is far too long; the
        message says what to do.
    """
    page = as_html_page(document)
    try:
        return _child.run(page.encode())
    except ChildError as error:
        other = _("可先下载 Word（docx）版，用 Word 或 WPS 另存为 PDF。")
        raise Unavailable(_said(error.reason) + other) from error


def pdf_problem() -> str:
    """Return why no PDF can be made on this server and what to do about it; empty if all is well."""
    try:
        run(Task.EXAMINE_PDF, b"", _LIMITS)
    except ChildError as error:
        return _said(error.reason)
    return ""


def pdf_families() -> list[str]:
    """Return the Chinese typefaces that PDFs can be set in; none if no PDF can be made."""
    try:
        families: list[str] = json.loads(run(Task.EXAMINE_PDF, b"", _LIMITS))
    except ChildError:
        return []
    return families


def _said(reason: str) -> str:
    said = {
        NO_WEASYPRINT: _("服务器没有安装 WeasyPrint，不能生成 PDF。请管理员重新安装本系统。"),
        NO_PANGO: _(
            "服务器缺少生成 PDF 所需的 Pango，请管理员执行 "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0。"
        ),
        NO_FONT: _("服务器没有中文字体，不能生成 PDF，请管理员执行 apt-get install fonts-noto-cjk。"),
    }
    return said.get(reason, _("生成 PDF 失败：文件过大或用时过长。"))
