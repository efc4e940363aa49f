"""Word documents: paragraphs with the numbers that Word shows, headings, tables with merged cells, text boxes.

Read by ourselves, because python-docx gives neither automatic numbers nor what stands in text boxes, insertions and
embedded web pages. Nothing outside of the file is looked at: external relationships are ignored.
"""

import email
import email.policy
import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cms.documents.kinds import DOCX, UNREADABLE, media_type_of
from cms.documents.readers.docx_numbers import Numbers
from cms.documents.readers.docx_tables import cells_of, goes_on, rows_of, spans_of
from cms.documents.readers.docx_text import text_of
from cms.documents.readers.docx_xml import attribute, child, name_of, parsed_xml
from cms.documents.readers.html import compose_html
from cms.documents.readers.text import decoded
from cms.documents.reading import Composer, ReadDocument, ReadKind
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

if TYPE_CHECKING:
    from lxml.etree import _Element

#: More parts than any document has, and more bytes than any of its parts that we read.
_MAX_PARTS, _MAX_PART = 5000, 12_000_000
#: Files inside files are read to this depth.
_MAX_NESTING = 2
#: Elements whose content belongs to the text around them.
_TRANSPARENT = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml"})


def read_docx(data: bytes) -> ReadDocument:
    """Return the text and tables of a Word document; headers, footers, notes and comments are left out.

    :raises Invalid: field ``file``, if it is damaged, encrypted, too large, or has no text.
    """
    composer = Composer()
    _compose(data, composer, 0)
    return composer.finish(ReadKind.DOCX)


def _compose(data: bytes, composer: Composer, nesting: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > _MAX_PARTS:
                raise Invalid({"file": [_("文件结构异常，请用 Word 或 WPS 打开后另存为 .docx 再上传。")]})
            _Walk(_Package(archive), composer, nesting).whole()
    except UNREADABLE as error:
        raise Invalid({"file": [_("文件已损坏或加密，请用 Word 或 WPS 打开后另存为 .docx 再上传。")]}) from error


class _Package:
    """The parts of the file that we look at."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())

    def part(self, name: str) -> bytes:
        """Return a part, nothing if there is none.

        :raises Invalid: if it is too large, whatever the archive says of its size.
        """
        if name not in self._names:
            return b""
        with self._archive.open(name) as part:
            content = part.read(_MAX_PART + 1)
        if len(content) > _MAX_PART:
            raise Invalid({"file": [_("文件解开后过大，请拆分后再试。")]})
        return content

    def xml(self, name: str) -> "_Element | None":
        """Return the root of a part, None if there is none."""
        content = self.part(name)
        return parsed_xml(content) if content else None

    def targets(self) -> dict[str, str]:
        """Return the parts that the text refers to, by the id of the relationship; external ones are left out."""
        root = self.xml("word/_rels/document.xml.rels")
        return {
            line.get("Id", ""): _inside(line.get("Target", ""))
            for line in (() if root is None else root)
            if line.get("TargetMode") != "External"
        }


def _inside(target: str) -> str:
    """Return the name of a part from a target, which is relative to ``word/`` or absolute."""
    return target[1:] if target.startswith("/") else f"word/{target}"


class _Walk:
    """Walks through the body and hands paragraphs and tables to ``composer``."""

    def __init__(self, package: _Package, composer: Composer, nesting: int) -> None:
        self._package, self._composer, self._nesting = package, composer, nesting
        self._numbers = Numbers(package.xml("word/styles.xml"), package.xml("word/numbering.xml"))
        self._targets = package.targets()

    def whole(self) -> None:
        root = self._package.xml("word/document.xml")
        body = None if root is None else child(root, "body")
        if body is not None:
            self._blocks(body)

    def _blocks(self, parent: "_Element") -> None:
        for block in parent:
            name = name_of(block)
            if name == "p":
                self._paragraph(block)
            elif name == "tbl":
                self._table(block)
            elif name == "altChunk" and self._nesting < _MAX_NESTING:
                self._chunk(self._package.part(self._targets.get(attribute(block, "id"), "")))
            elif name in _TRANSPARENT:
                self._blocks(block)

    def _paragraph(self, paragraph: "_Element") -> None:
        """Hand over a paragraph, then what stands in the text boxes that hang on it."""
        boxes: list[_Element] = []
        text = text_of(paragraph, boxes).strip()
        level = self._numbers.level(paragraph)
        label = self._numbers.label(paragraph) if text else ""
        lines = [" ".join(text.split("\n"))] if level else text.split("\n")
        for line in [label + lines[0], *lines[1:]]:
            self._composer.paragraph(line, level)
        for box in boxes:
            self._blocks(box)

    def _table(self, table: "_Element") -> None:
        cells = [cell for row in rows_of(table) for cell in cells_of(row) if not goes_on(cell)]
        if len(cells) == 1:
            # A frame around text, not a table.
            self._blocks(cells[0])
        else:
            self._composer.table(spans_of(table, self._cell_text))

    def _cell_text(self, cell: "_Element") -> str:
        return "\n".join(filter(None, self._lines(cell)))

    def _lines(self, parent: "_Element") -> Iterator[str]:
        """Yield the paragraphs inside a cell; the rows of tables inside of it are lines."""
        for block in parent:
            name = name_of(block)
            if name == "p":
                boxes: list[_Element] = []
                text = text_of(block, boxes).strip()
                yield self._numbers.label(block) + text if text else ""
                for box in boxes:
                    yield from self._lines(box)
            elif name == "tbl":
                for row in rows_of(block):
                    yield " ".join(filter(None, map(self._cell_text, cells_of(row))))
            elif name in _TRANSPARENT:
                yield from self._lines(block)

    def _chunk(self, content: bytes) -> None:
        """Hand over a file inside the file: programs that turn web pages into Word documents leave it to Word."""
        if not content:
            return
        if content.startswith(b"PK") and media_type_of(content) == DOCX:
            _compose(content, self._composer, self._nesting + 1)
        elif content.lstrip()[:200].lower().startswith((b"mime-version", b"content-type", b"from:")):
            self._page(email.message_from_bytes(content, policy=email.policy.default))
        else:
            compose_html(decoded(content), self._composer)

    def _page(self, message: "email.message.EmailMessage") -> None:
        """Hand over the web page of a web archive (MHT)."""
        for part in message.walk():
            if part.get_content_type() == "text/html":
                page = part.get_payload(decode=True)
                compose_html(decoded(page if isinstance(page, bytes) else b""), self._composer)
                return
