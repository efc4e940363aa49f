"""What the child process does to read a PDF; it answers with blocks as JSON."""

import io
import json

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from cms.documents.child import ChildError
from cms.documents.readers.pdf_flow import Block, Grid, blocks_of
from cms.documents.readers.pdf_page import content_of
from cms.documents.readers.pdf_reasons import ENCRYPTED, MAX_PAGES, NO_TEXT, TOO_LONG, UNKNOWN_TEXT

#: Characters whose text the file does not tell, as a part of all, that make it unreadable.
_TOO_MANY_UNKNOWN = 0.2


def read(data: bytes) -> bytes:
    """Return ``[["p", text], ["t", [[row, column, rowspan, colspan, text], …]], …]`` for a PDF.

    :raises ChildError: with one of the reasons in :mod:`~cms.documents.readers.pdf_reasons`.
    """
    reader = PdfReader(io.BytesIO(data))
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise ChildError(ENCRYPTED)
        pages = reader.pages
        if len(pages) > MAX_PAGES:
            raise ChildError(TOO_LONG)
        contents = [content_of(page) for page in pages]
    except (DependencyError, FileNotDecryptedError) as error:
        raise ChildError(ENCRYPTED) from error
    known, unknown = sum(len(page.characters) for page in contents), sum(page.unknown for page in contents)
    if unknown > _TOO_MANY_UNKNOWN * (known + unknown):
        raise ChildError(UNKNOWN_TEXT)
    if not known:
        raise ChildError(NO_TEXT)
    return json.dumps([_plain(block) for block in blocks_of(contents)], ensure_ascii=False).encode()


def _plain(block: Block) -> list[object]:
    if isinstance(block, Grid):
        return ["t", [[s.row, s.column, s.rowspan, s.colspan, s.text] for s in block.spans]]
    return ["p", block]
