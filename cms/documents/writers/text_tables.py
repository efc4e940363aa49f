"""Tables drawn with characters, merged cells included."""

import unicodedata
from collections.abc import Sequence

from cms.documents.blocks import Align, Cell
from cms.documents.grid import Placed

#: Columns are never made narrower than this: two Chinese characters.
_NARROWEST = 4
#: Between the texts of two neighbouring columns: blank, bar, blank.
_GAP = 3
_Texts = Sequence[tuple[Placed[Cell], str, Align]]


def width(text: str) -> int:
    """Return how many columns ``text`` takes in a fixed-width font; Chinese characters take two."""
    return sum(character_width(character) for character in text)


def draw(cells: _Texts, *, rows: int, columns: int, limit: int) -> list[str]:
    """Return the lines of the table; columns are broken so that it is ``limit`` wide if that is possible."""
    if not cells:
        return []
    widths = _widths(cells, columns, limit)
    broken = [
        (placed, _broken(text, _room(widths, placed.column, placed.colspan)), align) for placed, text, align in cells
    ]
    heights = _heights([(placed, lines) for placed, lines, _align in broken], rows)
    canvas = _Canvas(widths, heights)
    for placed, lines, align in broken:
        canvas.box(placed, lines, align)
    return canvas.lines()


def character_width(character: str) -> int:
    """Return how many columns one character takes; marks that combine with the one before take none."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _room(sizes: Sequence[int], first: int, span: int, gap: int = _GAP) -> int:
    return sum(sizes[first : first + span]) + gap * (span - 1)


def _widths(cells: _Texts, columns: int, limit: int) -> list[int]:
    """Return as much as each column wants, the widest ones cut until the table fits."""
    widths = [_NARROWEST] * columns
    for placed, text, _align in sorted(cells, key=lambda cell: cell[0].colspan):
        wanted = max((width(line) for line in text.split("\n")), default=0)
        missing = wanted - _room(widths, placed.column, placed.colspan)
        if placed.colspan == 1 or missing > 0:
            widths[placed.column + placed.colspan - 1] += max(missing, 0)
    while _room(widths, 0, columns) > limit and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        others = sorted(widths)[-2] if columns > 1 else _NARROWEST
        over = _room(widths, 0, columns) - limit
        widths[widest] = max(widths[widest] - over, min(others, widths[widest] - 1), _NARROWEST)
    return widths


def _broken(text: str, room: int) -> list[str]:
    lines = []
    for line in text.split("\n"):
        part, used = "", 0
        for character in line:
            size = character_width(character)
            if used + size > room and part:
                lines.append(part)
                part, used = "", 0
            part, used = part + character, used + size
        lines.append(part)
    return lines


def _heights(cells: Sequence[tuple[Placed[Cell], list[str]]], rows: int) -> list[int]:
    heights = [1] * rows
    for placed, lines in sorted(cells, key=lambda cell: cell[0].rowspan):
        missing = len(lines) - _room(heights, placed.row, placed.rowspan, gap=1)
        heights[placed.row + placed.rowspan - 1] += max(missing, 0)
    return heights


class _Canvas:
    """Characters by line and column; the second half of a wide character is an empty string."""

    def __init__(self, widths: Sequence[int], heights: Sequence[int]) -> None:
        self._widths, self._heights = widths, heights
        across = _room(widths, 0, len(widths)) + 4
        down = _room(heights, 0, len(heights), gap=1) + 2
        self._marks = [[" "] * across for _line in range(down)]

    def box(self, placed: Placed[Cell], lines: Sequence[str], align: Align) -> None:
        left = sum(self._widths[: placed.column]) + _GAP * placed.column
        top = sum(self._heights[: placed.row]) + placed.row
        right = left + _room(self._widths, placed.column, placed.colspan) + _GAP
        bottom = top + _room(self._heights, placed.row, placed.rowspan, gap=1) + 1
        for column in range(left, right + 1):
            for line in (top, bottom):
                corner = column in {left, right} or self._marks[line][column] == "+"
                self._marks[line][column] = "+" if corner else "-"
        for line in range(top + 1, bottom):
            for column in (left, right):
                self._marks[line][column] = "+" if self._marks[line][column] == "+" else "|"
        # Chinese tables centre their texts from top to bottom.
        first = top + 1 + (bottom - top - 1 - len(lines)) // 2
        for number, text in enumerate(lines, first):
            self._write(number, left + 2, right - left - 3, text, align)

    def _write(self, line: int, column: int, room: int, text: str, align: Align) -> None:
        free = max(room - width(text), 0)
        column += {Align.CENTER: free // 2, Align.RIGHT: free}.get(align, 0)
        for character in text:
            size = character_width(character)
            if size == 0:
                self._marks[line][column - 1] += character
                continue
            self._marks[line][column : column + size] = [character] + [""] * (size - 1)
            column += size

    def lines(self) -> list[str]:
        return ["".join(line).rstrip() for line in self._marks]
