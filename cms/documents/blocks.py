"""What a document is made of: plain frozen values that every writer understands.

Text may hold line ends; they are line breaks inside their paragraph. Control characters are dropped by the writers,
because neither XML nor people can read them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from cms.documents.grid import Placed, place

#: What a link may point to; anything else (``javascript:`` and the like) is shown as plain text.
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:|/(?!/)|#)\S*\Z", re.IGNORECASE)
MAX_HEADING = 4


class Align(StrEnum):
    """How the lines of a paragraph or cell stand."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True)
class Run:
    """A stretch of text with one look."""

    text: str
    bold: bool = field(default=False, kw_only=True)
    underline: bool = field(default=False, kw_only=True)
    link: str = field(default="", kw_only=True)

    @property
    def href(self) -> str:
        """Return the link if it is one that may be followed, otherwise nothing."""
        return self.link if _SAFE_LINK.match(self.link) else ""


#: A line of text: a string, a run, or strings and runs in order.
Inline = str | Run | Sequence[str | Run]


def runs_of(inline: Inline) -> tuple[Run, ...]:
    """Return ``inline`` as runs; empty ones are left out."""
    parts = (inline,) if isinstance(inline, (str, Run)) else inline
    runs = (Run(part) if isinstance(part, str) else part for part in parts)
    return tuple(run for run in runs if run.text)


def plain(inline: Inline) -> str:
    """Return the words of ``inline`` without their look."""
    return "".join(run.text for run in runs_of(inline))


@dataclass(frozen=True)
class Title:
    """The title where it stands below something else, for instance a letterhead; see :attr:`Document.show_title`."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading below the title; level 1 is a chapter (一、), 2 （一）, 3 and 4 below it."""

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.level <= MAX_HEADING:
            raise ValueError(f"heading level {self.level} is not 1 to {MAX_HEADING}")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text.

    ``indent`` moves its first line by two characters, as Chinese text is set; it is ignored unless the paragraph is
    aligned to the left or justified. ``keep_with_next`` keeps it on the page of the block that follows.
    """

    content: Inline
    align: Align = field(default=Align.JUSTIFY, kw_only=True)
    indent: bool = field(default=True, kw_only=True)
    keep_with_next: bool = field(default=False, kw_only=True)

    @property
    def is_indented(self) -> bool:
        """Tell whether the first line really moves."""
        return self.indent and self.align in {Align.LEFT, Align.JUSTIFY}


@dataclass(frozen=True)
class NumberedList:
    """Items counted 1. 2. 3. from ``start``."""

    items: Sequence[Inline]
    start: int = field(default=1, kw_only=True)


@dataclass(frozen=True)
class BulletedList:
    """Items in no order of importance."""

    items: Sequence[Inline]


@dataclass(frozen=True)
class Formula:
    """A number that a spreadsheet works out again; other formats show ``result``.

    ``pattern`` is an Excel formula without ``=`` in which ``{0}``, ``{1}`` … stand for ``cells``: positions in the grid
    of a table as ``(row, column)`` from 0, or ``(sheet, row, column)`` for another sheet. A range is ``{0}:{1}``.
    It is written by programmers, never taken from input.
    """

    pattern: str
    cells: Sequence[tuple[int, int] | tuple[str, int, int]]
    result: int | Decimal | str


class Scope(StrEnum):
    """Which cells a header cell speaks for (HTML ``scope``)."""

    COLUMN = "col"
    ROW = "row"
    COLUMN_GROUP = "colgroup"
    ROW_GROUP = "rowgroup"


@dataclass(frozen=True)
class Cell:
    """A cell of a table; numbers stay numbers in a spreadsheet.

    ``align`` is by default the middle for headers and numbers, left for text. ``scope`` is found from the place of a
    header cell if it is not given.
    """

    content: "str | int | Decimal | Formula | Sequence[Block]" = ""
    colspan: int = field(default=1, kw_only=True)
    rowspan: int = field(default=1, kw_only=True)
    is_header: bool = field(default=False, kw_only=True)
    align: Align | None = field(default=None, kw_only=True)
    scope: Scope | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if self.colspan < 1 or self.rowspan < 1:
            raise ValueError("a cell spans at least one row and one column")

    @property
    def value(self) -> str | int | Decimal | None:
        """Return what the cell says if it is one value, None if it holds blocks."""
        content = self.content.result if isinstance(self.content, Formula) else self.content
        return content if isinstance(content, (str, int, Decimal)) else None

    @property
    def blocks(self) -> "Sequence[Block]":
        """Return what the cell says as blocks."""
        if isinstance(self.content, (str, int, Decimal, Formula)):
            text = shown(self.value)
            return (Paragraph(text, align=self.alignment, indent=False),) if text else ()
        return self.content

    @property
    def alignment(self) -> Align:
        """Return how the cell is aligned."""
        if self.align is not None:
            return self.align
        is_text = isinstance(self.value, str) or self.value is None
        return Align.LEFT if is_text and not self.is_header else Align.CENTER


def shown(value: str | int | Decimal | None) -> str:
    """Return a value as it is printed: decimals without exponent, nothing for None."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True)
class Table:
    """Rows of cells as in HTML: each row lists the cells that begin in it; spans take the room of those left out.

    Places that no cell covers are empty. ``widths`` are shares of the columns, in any unit. ``head`` is the number of
    rows that are repeated at the top of each page; by default those at the top that hold headers only.

    :raises ValueError: if cells overlap, the table is larger than :mod:`~cms.documents.grid` allows, or ``widths`` are
        not one for each column.
    """

    rows: Sequence[Sequence[Cell]]
    caption: str = field(default="", kw_only=True)
    widths: Sequence[float] = field(default=(), kw_only=True)
    head: int | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        placed = place(self.rows)
        taken: set[tuple[int, int]] = set()
        for cell in placed:
            if taken & cell.area:
                raise ValueError(f"the cell at row {cell.row}, column {cell.column} overlaps another one")
            taken |= cell.area
        if self.widths and len(self.widths) != self.columns:
            raise ValueError(f"{len(self.widths)} widths for {self.columns} columns")

    @cached_property
    def placed(self) -> list[Placed[Cell]]:
        """Return the cells with the place each one takes, row by row."""
        return place(self.rows)

    @property
    def lines(self) -> list[list[Placed[Cell]]]:
        """Return the cells that begin in each row, with their places."""
        lines: list[list[Placed[Cell]]] = [[] for _row in self.rows]
        for cell in self.placed:
            lines[cell.row].append(cell)
        return lines

    @cached_property
    def columns(self) -> int:
        """Return how many columns the grid has."""
        return max((cell.column + cell.colspan for cell in self.placed), default=0)

    @property
    def shares(self) -> list[float]:
        """Return the part of the width that each column takes; they sum up to 1."""
        widths = list(self.widths) or [1.0] * self.columns
        return [width / sum(widths) for width in widths]

    @cached_property
    def header_rows(self) -> int:
        """Return how many rows at the top are the head of the table."""
        number = self.head
        if number is None:
            others = (n for n, row in enumerate(self.rows) if not all(_is_column_header(cell) for cell in row))
            number = next(others, 0)
        # Headers that reach into the body cannot be cut off from it.
        return number if all(c.row + c.rowspan <= number for c in self.placed if c.row < number) else 0

    def scope_of(self, placed: Placed[Cell]) -> Scope:
        """Return for what a header cell speaks: its columns at the top of the table, otherwise its rows."""
        if placed.cell.scope is not None:
            return placed.cell.scope
        line = self.rows[placed.row]
        if placed.row < self.header_rows or (len(line) > 0 and all(_is_column_header(cell) for cell in line)):
            return Scope.COLUMN_GROUP if placed.colspan > 1 else Scope.COLUMN
        return Scope.ROW_GROUP if placed.rowspan > 1 else Scope.ROW


def _is_column_header(cell: Cell) -> bool:
    return cell.is_header and cell.scope not in {Scope.ROW, Scope.ROW_GROUP}


@dataclass(frozen=True)
class Image:
    """A picture (PNG, JPEG, GIF) with the text that stands for it; ``width`` in millimetres, at most the page's."""

    content: bytes
    alt: str
    width: float = field(default=60, kw_only=True)


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Signature:
    """Who signs, and the day: the organ above the date, both to the right (落款)."""

    organ: str
    signed_on: date

    @property
    def day(self) -> str:
        """Return the date as official documents write it: Arabic numerals, no leading zeros."""
        return f"{self.signed_on.year}年{self.signed_on.month}月{self.signed_on.day}日"


@dataclass(frozen=True)
class Letterhead:
    """The head of an official letter: mark of the organ in red (发文机关标志), number (发文字号), red line (版头)."""

    organ: str
    doc_no: str = ""


#: Anything that a document is made of.
Block = Title | Heading | Paragraph | NumberedList | BulletedList | Table | Image | PageBreak | Signature | Letterhead


class Paper(StrEnum):
    """Sizes of paper."""

    A4 = "A4"
    A3 = "A3"


#: Width and height in millimetres, upright.
_MILLIMETRES = {Paper.A4: (210, 297), Paper.A3: (297, 420)}


@dataclass(frozen=True, kw_only=True)
class PageSetup:
    """Paper and margins in millimetres; the defaults leave the 156 × 225 mm of an official document on A4."""

    paper: Paper = Paper.A4
    landscape: bool = False
    top: float = 37
    right: float = 26
    bottom: float = 35
    left: float = 28

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in millimetres, as the page lies."""
        width, height = _MILLIMETRES[self.paper]
        return (height, width) if self.landscape else (width, height)

    @property
    def text_width(self) -> float:
        """Return the width between the margins in millimetres."""
        return self.size[0] - self.left - self.right


class PageNumbers(StrEnum):
    """Where the number of the page stands."""

    NONE = "none"
    CENTER = "center"
    OUTER = "outer"
    """At the outer edge, for printing on both sides."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole document.

    Equal documents give equal bytes, so ``made_at`` is the only time in the file; without it there is none.
    """

    title: str
    blocks: Sequence[Block]
    show_title: bool = True
    """Whether the title stands at the top; letters with a :class:`Title` further down set this to False."""
    page: PageSetup = PageSetup()
    page_numbers: PageNumbers = PageNumbers.CENTER
    footer: str = ""
    author: str = ""
    language: str = "zh-CN"
    made_at: datetime | None = None

    @property
    def whole(self) -> "Sequence[Block]":
        """Return all blocks, the title at the top included."""
        return (Title(self.title), *self.blocks) if self.show_title else self.blocks

    def tables(self) -> Iterator[Table]:
        """Yield the tables, in order."""
        yield from (block for block in self.blocks if isinstance(block, Table))
