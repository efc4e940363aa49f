"""Blocks as PDF: the page of :mod:`cms.documents.writers.html`, set by WeasyPrint in a child process."""

import json
from dataclasses import dataclass

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
        message tells a reader what to do, ``cms doctor`` an administrator.
    """
    page = as_html_page(document)
    try:
        return _child.run(page.encode())
    except ChildError as error:
        raise Unavailable(_cause(error.reason) + _("可先下载 Word（docx）版，用 Word 或 WPS 另存为 PDF。")) from error


@dataclass(frozen=True)
class PdfState:
    """Whether this server can make PDFs: what is missing and what to do about it, or the Chinese typefaces it has."""

    problem: str
    families: tuple[str, ...] = ()


def pdf_state() -> PdfState:
    """Try what :func:`as_pdf` needs, in a child process; this takes about a second."""
    try:
        return PdfState("", tuple(json.loads(run(Task.EXAMINE_PDF, b"", _LIMITS))))
    except ChildError as error:
        return PdfState(_cause(error.reason) + _remedy(error.reason))


def _cause(reason: str) -> str:
    """Return what a reader may know of a failure."""
    causes = {
        NO_WEASYPRINT: _("服务器没有安装 WeasyPrint，不能生成 PDF。"),
        NO_PANGO: _("服务器缺少 Pango 组件，不能生成 PDF。"),
        NO_FONT: _("服务器没有中文字体，不能生成 PDF。"),
    }
    return causes.get(reason, _("生成 PDF 失败：文件过大或用时过长。"))


def _remedy(reason: str) -> str:
    """Return what an administrator can do."""
    remedies = {
        NO_WEASYPRINT: _("请重新安装本系统。"),
        NO_PANGO: _("请执行 apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0。"),
        NO_FONT: _("请执行 apt-get install fonts-noto-cjk。"),
    }
    return remedies.get(reason, "")
