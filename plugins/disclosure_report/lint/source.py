"""What is checked: one text, where its table cells lie in it, and a twin of the text that is easier to match.

All places are character offsets into :attr:`Source.text`. The twin has the same length, so they hold for both.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

#: Longest text that is checked. A report has 3,000 to 30,000 characters.
LONGEST = 200_000
#: Most cells of all tables together. The tables of a report have fewer than 400.
MOST_CELLS = 100_000

_FOLDED = (
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x200B, 0x200C, 0x200D, 0xFEFF), 0x20)
    | {ord("﹪"): ord("%"), ord("［"): ord("["), ord("］"): ord("]")}
)


_BLANK = " \t\u3000\xa0"
#: A row whose only cell is longer than this is text that stands in a table for its looks.
_LONGEST_LABEL = 60
#: With so many bars a line is a row: that is how some readers of web pages write tables.
_FEWEST_BARS = 2


class TooLongError(ValueError):
    """The text or its tables are longer than any report; the message says by how much."""


def fold(text: str) -> str:
    """Return ``text`` with full-width letters, digits, punctuation and spaces as ASCII, in the same length."""
    return text.translate(_FOLDED)


@dataclass(frozen=True)
class Span:
    """A stretch of the text, from ``start`` up to, not including, ``end``."""

    start: int
    end: int


@dataclass(frozen=True)
class Cell(Span):
    """A cell of a table. ``is_repeat`` marks the further places that a cell covers which spans several."""

    text: str
    is_repeat: bool = False


@dataclass(frozen=True)
class Grid(Span):
    """A table as it stands in the text: rows of cells, all of them there, also the empty ones."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Source:
    """A text with its tables in order, and the lines that its file marks as headings.

    :raises TooLongError: if it is longer than :data:`LONGEST`.
    """

    text: str
    grids: tuple[Grid, ...] = ()
    headings: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST:
            raise TooLongError(f"{len(self.text)} characters; at most {LONGEST}")
        cells = sum(len(row) for grid in self.grids for row in grid.rows)
        if cells > MOST_CELLS:
            raise TooLongError(f"{cells} cells; at most {MOST_CELLS}")

    @cached_property
    def folded(self) -> str:
        """Return the twin of the text; see :func:`fold`."""
        return fold(self.text)


def from_text(raw: str) -> Source:
    """Return plain text as a source: lines with tabs or bars that follow each other are rows of a table.

    :raises TooLongError: if it is too long.
    """
    text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > LONGEST:
        raise TooLongError(f"{len(text)} characters; at most {LONGEST}")
    grids: list[Grid] = []
    rows: list[tuple[Cell, ...]] = []
    place = 0
    for line in [*text.split("\n"), ""]:
        if _is_row(line, has_rows=bool(rows)):
            rows.append(_cells(line, place))
        elif rows:
            grids.append(Grid(rows[0][0].start, rows[-1][-1].end, tuple(rows)))
            rows = []
        place += len(line) + 1
    return Source(text, tuple(grids))


def _is_row(line: str, *, has_rows: bool) -> bool:
    inner = line.strip(_BLANK)
    if "\t" in inner or line.count("|") >= _FEWEST_BARS:
        return True
    return has_rows and bool(inner) and line.rstrip(" \u3000").endswith("\t")


def _cells(line: str, place: int) -> tuple[Cell, ...]:
    cells = []
    for piece in re.split(r"[\t|]" if line.count("|") >= _FEWEST_BARS else r"\t", line):
        cells.append(Cell(place, place + len(piece), piece.strip()))
        place += len(piece) + 1
    return tuple(cells)


@dataclass(frozen=True)
class GridCell:
    """A cell as a file gives it, with the number of columns and rows that it covers."""

    text: str
    columns: int = 1
    rows: int = 1


class SourceBuilder:
    """Puts a source together from the parts of a file, in their order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._grids: list[Grid] = []
        self._headings: list[Span] = []

    @property
    def length(self) -> int:
        """Return the place at which the next part will begin."""
        return self._length

    def paragraph(self, text: str, *, is_heading: bool = False) -> None:
        """Add a paragraph; line ends in it stay."""
        start = self._length
        self._add(text)
        if is_heading:
            self._headings.append(Span(start, start + len(text)))
        self._add("\n")

    def grid(self, rows: Sequence[Sequence[GridCell]]) -> None:
        """Add a table. A cell that covers several places stands in each of them.

        Rows that hold one long text, or several lines in one cell, become paragraphs: they are in a table for their
        looks only.

        :raises TooLongError: if its cells cover more places than any report has.
        """
        placed: list[tuple[Cell, ...]] = []
        for row in spread(rows):
            whole = _only_text(row)
            if whole is None:
                placed.append(self._row(row))
                continue
            self._close(placed)
            placed = []
            for line in whole.splitlines():
                self.paragraph(line.strip())
        self._close(placed)

    def _close(self, rows: list[tuple[Cell, ...]]) -> None:
        if rows:
            self._grids.append(Grid(rows[0][0].start, rows[-1][-1].end, tuple(rows)))

    def build(self) -> Source:
        """Return the source.

        :raises TooLongError: if it is too long.
        """
        return Source("".join(self._parts), tuple(self._grids), tuple(self._headings))

    def _row(self, row: Sequence[tuple[str, bool]]) -> tuple[Cell, ...]:
        cells = []
        for number, (text, is_repeat) in enumerate(row):
            shown = "" if is_repeat else " ".join(text.split())
            self._add("\t" if number else "")
            cells.append(Cell(self._length, self._length + len(shown), " ".join(text.split()), is_repeat))
            self._add(shown)
        self._add("\n")
        return tuple(cells)

    def _add(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST:
            raise TooLongError(f"more than {LONGEST} characters")
        self._parts.append(text)


def _only_text(row: Sequence[tuple[str, bool]]) -> str | None:
    texts = [text for text, is_repeat in row if text.strip() and not is_repeat]
    if len(texts) != 1:
        return None
    text = texts[0].strip()
    is_prose = len(text) > _LONGEST_LABEL and ("。" in text or "\n" in text)
    return text if is_prose or len(row) == 1 else None


def spread(rows: Sequence[Sequence[GridCell]]) -> list[list[tuple[str, bool]]]:
    """Return each row with one entry for each column: the text, and whether it is a repetition of a spanning cell.

    :raises TooLongError: if there are too many places.
    """
    covered: dict[tuple[int, int], str] = {}
    lines: list[list[tuple[str, bool]]] = []
    count = 0
    for number, row in enumerate(rows):
        line: list[tuple[str, bool]] = []
        for cell in row:
            line += _covered(covered, number, len(line))
            wide, high = max(1, cell.columns), max(1, cell.rows)
            count += wide * min(high, len(rows) - number)
            if count > MOST_CELLS:
                raise TooLongError(f"more than {MOST_CELLS} cells")
            for below in range(1, min(high, len(rows) - number)):
                covered |= {(number + below, len(line) + right): cell.text for right in range(wide)}
            line += [(cell.text, right > 0) for right in range(wide)]
        line += _covered(covered, number, len(line))
        if line:
            lines.append(line)
    return lines


def _covered(covered: dict[tuple[int, int], str], row: int, column: int) -> list[tuple[str, bool]]:
    found = []
    while (row, column) in covered:
        found.append((covered.pop((row, column)), True))
        column += 1
    return found


def join(parts: Iterable[str]) -> str:
    """Return the parts of a label as one text, each once."""
    kept: list[str] = []
    for part in parts:
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return "".join(kept)
