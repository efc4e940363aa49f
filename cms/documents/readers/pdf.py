"""PDF files: read in a child process, because every month brings another file that makes readers run for ever."""

import json

from cms.documents.child import ChildError, Limits, Task, run
from cms.documents.readers.pdf_reasons import ENCRYPTED, MAX_PAGES, NO_TEXT, TOO_LONG, UNKNOWN_TEXT
from cms.documents.reading import Composer, ReadDocument, ReadKind, Span
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

_LIMITS = Limits(wall=60, cpu=50, megabytes=1000)


def read_pdf(data: bytes) -> ReadDocument:
    """Return the text of a PDF: paragraphs, and the tables whose cells are drawn with lines.

    Lines become paragraphs where their length and indent say so; tables without lines are lines with tabs. Numbers of
    pages, slanted text and pictures are left out.

    :raises Invalid: field ``file``, if it is damaged, encrypted, scanned, too long, or takes too much to read.
    """
    try:
        answer = run(Task.READ_PDF, data, _LIMITS)
    except ChildError as error:
        raise Invalid({"file": [_said(error.reason)]}) from error
    composer = Composer()
    for kind, content in json.loads(answer):
        if kind == "t":
            composer.table(Span(*cell) for cell in content)
        else:
            composer.paragraph(content)
    return composer.finish(ReadKind.PDF)


def _said(reason: str) -> str:
    said = {
        ENCRYPTED: _("PDF 设有密码，请去掉密码后再上传。"),
        NO_TEXT: _("PDF 没有文字，可能是扫描件，请上传文字版（.docx 或由 Word、WPS 导出的 PDF）。"),
        UNKNOWN_TEXT: _("PDF 中的文字无法识别，请上传 .docx 或由 Word、WPS 重新导出的 PDF。"),
        TOO_LONG: _("PDF 超过 {n} 页，请拆分后再试。").format(n=MAX_PAGES),
    }
    return said.get(reason, _("PDF 已损坏或过于复杂，无法读取，请上传 .docx 或重新导出的 PDF。"))
