"""What was read from a file of others: blocks in their order, tables as grids, and the whole text."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

#: All tables of a file together have no more places than this.
MAX_PLACES = 500_000


class ReadKind(StrEnum):
    """The formats that can be read."""

    TXT = "txt"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


@dataclass(frozen=True)
class ReadParagraph:
    """A paragraph, or a line where the file knows lines only; stripped, never empty.

    ``start`` is its place in the text of the document. ``level`` is 1 to 6 for what the file marks as a heading.
    """

    text: str
    start: int
    level: int = 0

    @property
    def end(self) -> int:
        """Return the place after the last character."""
        return self.start + len(self.text)


@dataclass(frozen=True)
class Span:
    """A cell as it stands in the file, merged ones once; rows and columns count from 0."""

    row: int
    column: int
    rowspan: int
    colspan: int
    text: str
    is_header: bool = False


@dataclass(frozen=True)
class ReadTable:
    """A table as a rectangle: a merged cell stands in every place that it covers; uncovered places are empty.

    Rows and columns in which no cell begins are left out, because they exist for the layout only. Paragraphs and line
    breaks inside a cell are line ends. ``start`` and ``end`` are places in the text of the document.
    """

    rows: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...]
    caption: str = ""
    start: int = 0
    end: int = 0


ReadBlock = ReadParagraph | ReadTable


@dataclass(frozen=True)
class ReadDocument:
    r"""A file as text.

    ``text`` holds the blocks, one line each; the rows of tables are lines with tabs between the cells. The text of a
    plain text file is the file itself, with ``\n`` as line end.
    """

    kind: ReadKind
    blocks: tuple[ReadBlock, ...]
    text: str
    title: str = ""

    @property
    def paragraphs(self) -> tuple[ReadParagraph, ...]:
        """Return the paragraphs outside of tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, ReadParagraph))

    @property
    def tables(self) -> tuple[ReadTable, ...]:
        """Return the tables, in order."""
        return tuple(block for block in self.blocks if isinstance(block, ReadTable))


def too_large() -> Invalid:
    """Return the error for tables that nobody could read."""
    return Invalid({"file": [_("文件中的表格过大，请拆分后再试。")]})


def table_of(spans: Sequence[Span], caption: str = "", room: int = MAX_PLACES) -> ReadTable | None:
    """Return the table that these cells make, without the rows and columns of layout; None if it says nothing.

    :raises Invalid: field ``file``, if it has more than ``room`` places.
    """
    cells = sorted(spans, key=lambda span: (span.row, span.column))
    if not any(cell.text for cell in cells):
        return None
    rows, columns = sorted({cell.row for cell in cells}), sorted({cell.column for cell in cells})
    if len(rows) * len(columns) > room:
        raise too_large()
    compact = tuple(_compact(cell, rows, columns) for cell in cells)
    grid = [[""] * len(columns) for _row in rows]
    for cell in compact:
        for row in range(cell.row, cell.row + cell.rowspan):
            for column in range(cell.column, cell.column + cell.colspan):
                grid[row][column] = grid[row][column] or cell.text
    return ReadTable(tuple(tuple(row) for row in grid), compact, caption)


def _compact(cell: Span, rows: Sequence[int], columns: Sequence[int]) -> Span:
    """Return the cell as it stands when only ``rows`` and ``columns`` are left."""
    top, left = bisect_left(rows, cell.row), bisect_left(columns, cell.column)
    height = bisect_left(rows, cell.row + cell.rowspan) - top
    width = bisect_left(columns, cell.column + cell.colspan) - left
    return Span(top, left, height, width, cell.text, cell.is_header)


class Composer:
    """Puts blocks one below the other and notes where each one stands in the text.

    ``room`` is how many places the tables that follow may have.
    """

    def __init__(self) -> None:
        self.room = MAX_PLACES
        self._blocks: list[ReadBlock] = []
        self._lines: list[str] = []
        self._length = 0

    def paragraph(self, text: str, level: int = 0) -> None:
        """Add a paragraph unless it is blank."""
        if text := text.strip():
            self._blocks.append(ReadParagraph(text, self._line(text), level))

    def table(self, spans: Iterable[Span], caption: str = "") -> None:
        """Add the table of these cells unless it is blank; its caption is a paragraph before it as well.

        :raises Invalid: field ``file``, if there is no room for it.
        """
        cells = list(islice(spans, self.room + 1))
        if len(cells) > self.room:
            raise too_large()
        self.paragraph(caption)
        table = table_of(cells, caption, self.room)
        if table is None:
            return
        self.room -= len(table.rows) * len(table.rows[0])
        start = self._length
        for line in table_lines(table):
            self._line(line)
        self._blocks.append(replace(table, start=start, end=self._length - 1))

    def _line(self, text: str) -> int:
        start = self._length
        self._lines.append(text)
        self._length += len(text) + 1
        return start

    def finish(self, kind: ReadKind, title: str = "") -> ReadDocument:
        """Return what was put together.

        :raises Invalid: if that is nothing.
        """
        if not self._blocks:
            raise Invalid({"file": [_("文件里没有可以读取的文字。")]})
        return ReadDocument(kind, tuple(self._blocks), "\n".join(self._lines), title.strip())


def table_lines(table: ReadTable) -> list[str]:
    """Return the rows as lines: cells once each, with tabs between them, without line ends inside."""
    lines: Sequence[list[str]] = [[] for _row in table.rows]
    for span in table.spans:
        lines[span.row].append(" ".join(span.text.split()))
    return ["\t".join(line) for line in lines]
