"""The report as files: every kind of output with its name, media type, and what makes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from flask import Response

from cms.api import as_docx, as_pdf, render
from cms.api import gettext as _

from .export_document import document_of
from .outputs import as_json, as_text
from .pages import standalone
from .reports import Current
from .workbook import as_workbook

_OFFICE = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its extension, its media type, and the function that makes it; the same report, the same bytes.

    :param make: raises :class:`Unavailable` if the server lacks what it needs, as for PDF.
    """

    extension: str
    media_type: str
    make: Callable[[Current], bytes]

    @property
    def label(self) -> str:
        """Return what people call it."""
        labels = {"docx": _("Word 文档"), "pdf": "PDF", "xlsx": _("电子表格（含校核公式）"), "html": _("网页"),
                  "txt": _("文本"), "json": "JSON"}  # fmt: skip
        return labels[self.extension]


#: Name on the command line → kind of file, in the order in which pages offer them.
OUTPUTS: Mapping[str, FileKind] = {
    "docx": FileKind("docx", f"{_OFFICE}.wordprocessingml.document", lambda found: as_docx(document_of(found))),
    "pdf": FileKind("pdf", "application/pdf", lambda found: as_pdf(document_of(found))),
    "xlsx": FileKind("xlsx", f"{_OFFICE}.spreadsheetml.sheet", as_workbook),
    "html": FileKind("html", "text/html", lambda found: render(standalone(found.report)).encode()),
    "text": FileKind("txt", "text/plain", lambda found: as_text(found.report).encode()),
    "json": FileKind("json", "application/json", lambda found: as_json(found.report).encode()),
}


def as_download(content: bytes, kind: FileKind, title: str) -> Response:
    """Return a file as a download that is called ``title``."""
    # Values of headers are ASCII: a Chinese name needs the form of RFC 6266.
    name = quote(f"{title}.{kind.extension}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, mimetype=kind.media_type, headers=headers)


def kind_of(extension: str) -> FileKind | None:
    """Return the kind of file with this extension, if there is one."""
    return next((kind for kind in OUTPUTS.values() if kind.extension == extension), None)
