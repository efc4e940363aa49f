"""Tables that are drawn with ``+``, ``-`` and ``|``, as our own plain text has them, merged cells included."""

import re
from collections.abc import Sequence

from cms.documents.readers.lattice import lattices
from cms.documents.readers.pdf_graphics import Character, Rule
from cms.documents.readers.pdf_lines import cell_text
from cms.documents.reading import Span
from cms.documents.writers.text_tables import character_width

_BEGIN = re.compile(r"\s*\+[-+]+\+\s*\Z")
_GOES_ON = re.compile(r"\s*[+|].*[+|]\s*\Z")
#: The width of a column and the height of a line, in the units of the lattice.
_WIDE, _HIGH = 10.0, 20.0
#: Higher tables are read as lines.
_MAX_LINES, _MAX_CORNERS, _MAX_CHARACTERS = 3000, 4000, 300_000


def drawn_height(lines: Sequence[str], first: int) -> int:
    """Return how many lines from ``first`` on look like a drawn table; 0 if it does not begin there."""
    if not _BEGIN.match(lines[first]):
        return 0
    last = first
    while last < len(lines) and last - first < _MAX_LINES and _GOES_ON.match(lines[last]):
        last += 1
    return last - first


def drawn_spans(lines: Sequence[str]) -> list[Span]:
    """Return the cells of the one table that ``lines`` draw; none if they draw something else."""
    if sum(map(len, lines)) > _MAX_CHARACTERS or sum(line.count("+") for line in lines) > _MAX_CORNERS:
        return []
    canvas = [_spread(line) for line in lines]
    rules, used = _rules(canvas)
    characters = [
        Character(mark, column * _WIDE, (column + character_width(mark)) * _WIDE, -line * _HIGH, _HIGH)
        for line, marks in enumerate(canvas)
        for column, mark in enumerate(marks)
        if mark.strip() and (line, column) not in used
    ]
    tables, outside = lattices(rules, characters)
    if len(tables) != 1 or outside:
        return []
    return [
        Span(box.row, box.column, box.rowspan, box.colspan, cell_text(box.characters)) for box in tables[0].boxes
    ]  # fmt: skip


def _spread(line: str) -> list[str]:
    """Return the line by columns; the second half of a wide character is empty."""
    marks: list[str] = []
    for character in line.rstrip():
        width = character_width(character)
        if width == 0 and marks:
            marks[-1 if marks[-1] else -2] += character
        else:
            marks += [character] + [""] * (width - 1)
    return marks


def _rules(canvas: Sequence[Sequence[str]]) -> tuple[list[Rule], set[tuple[int, int]]]:
    """Return the lines between corners, and the places of the characters that draw them."""
    rules: list[Rule] = []
    used: set[tuple[int, int]] = set()

    def mark(line: int, column: int) -> str:
        return canvas[line][column] if line < len(canvas) and column < len(canvas[line]) else ""

    for line, marks in enumerate(canvas):
        for column in (number for number, one in enumerate(marks) if one == "+"):
            for down, along in ((0, "-"), (1, "|")):
                step = 1
                while mark(line + down * step, column + (1 - down) * step) == along:
                    step += 1
                end = (line + down * step, column + (1 - down) * step)
                if step > 1 and mark(*end) == "+":
                    used |= {(line + down * n, column + (1 - down) * n) for n in range(step + 1)}
                    x, y, right, bottom = column + 0.5, line, end[1] + 0.5, end[0]
                    rules.append(Rule(x * _WIDE, -bottom * _HIGH, right * _WIDE, -y * _HIGH))
    return rules, used
