"""The cells of a Word table with the places they take."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from cms.documents.grid import MAX_COLUMNS
from cms.documents.readers.docx_xml import attribute, child, is_on, name_of, number
from cms.documents.reading import Span, too_large

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Elements around rows and cells that say nothing of them.
_AROUND = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml"})


def rows_of(table: "_Element") -> "Iterator[_Element]":
    """Yield the rows of a table that were not deleted."""
    for row in _parts(table, "tr"):
        if child(row, "trPr", "del") is None:
            yield row


def cells_of(row: "_Element") -> "Iterator[_Element]":
    """Yield the cells of a row, those that continue others included."""
    return _parts(row, "tc")


def goes_on(cell: "_Element") -> bool:
    """Tell whether a cell is the lower part of the one above it."""
    merge = child(cell, "tcPr", "vMerge")
    return merge is not None and attribute(merge, "val", "continue") == "continue"


def spans_of(table: "_Element", text_of: Callable[["_Element"], str]) -> list[Span]:
    """Return the cells of a table; ``text_of`` returns the text of a cell.

    :raises Invalid: field ``file``, if a row has more columns than any table.
    """
    spans: list[Span] = []
    #: For each column, the cell that continues downwards there: its index in ``spans``.
    open_at: dict[int, int] = {}
    for at, row in enumerate(rows_of(table)):
        column = number(attribute(child(row, "trPr", "gridBefore"), "val"), 0)
        is_header = is_on(child(row, "trPr", "tblHeader"))
        still_open: dict[int, int] = {}
        for cell in cells_of(row):
            span = max(number(attribute(child(cell, "tcPr", "gridSpan"), "val"), 1), 1)
            if column + span > MAX_COLUMNS:
                raise too_large()
            if goes_on(cell) and column in open_at:
                index = open_at[column]
                spans[index] = replace(spans[index], rowspan=at - spans[index].row + 1)
            else:
                index = len(spans)
                spans.append(Span(at, column, 1, span, text_of(cell), is_header))
            if child(cell, "tcPr", "vMerge") is not None:
                still_open[column] = index
            column += span
        open_at = still_open
    return spans


def _parts(parent: "_Element", wanted: str) -> "Iterator[_Element]":
    for part in parent:
        name = name_of(part)
        if name == wanted:
            yield part
        elif name in _AROUND:
            yield from _parts(part, wanted)
