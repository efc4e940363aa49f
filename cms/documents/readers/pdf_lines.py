"""Lines and paragraphs of a PDF page, put together from single characters."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cms.documents.readers.pdf_graphics import Character

#: Characters whose baselines differ by less than this part of their size are on one line.
_SAME_LINE = 0.4
#: Gaps, in parts of the size: between words of Latin text, between Chinese words set apart, between columns.
_LATIN_GAP, _GAP, _COLUMN_GAP = 0.15, 0.75, 1.6
#: Two equal characters closer than this part of their size are one, printed twice to look bold.
_TWICE = 0.25
_PAGE_NUMBER = re.compile(
    r"[\s—–\-·~～]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／共,，]\s*共?\s*\d{1,4}\s*页?)?[\s—–\-·~～]*\Z"
)
_LATIN = re.compile(r"[A-Za-z0-9]\Z")


@dataclass(frozen=True)
class Line:
    """A line with its left and right edge, baseline and size, in points; columns in it are set apart by tabs."""

    text: str
    left: float
    right: float
    base: float
    size: float


def lines_of(characters: Iterable[Character]) -> list[Line]:
    """Return the lines that the characters make, from top to bottom."""
    rows: list[list[Character]] = []
    for character in sorted(characters, key=lambda one: -one.base):
        row = rows[-1] if rows else None
        if row is not None and row[0].base - character.base <= _SAME_LINE * max(row[0].size, character.size):
            row.append(character)
        else:
            rows.append([character])
    return [line for row in rows if (line := _line(row)).text]


def _line(row: Sequence[Character]) -> Line:
    ordered = sorted(row, key=lambda one: one.left)
    parts: list[str] = []
    last: Character | None = None
    for character in ordered:
        if last is not None:
            gap = (character.left - last.right) / max(last.size, 1)
            if last.text == character.text and abs(character.left - last.left) < _TWICE * last.size:
                continue
            if gap > _COLUMN_GAP:
                parts.append("\t")
            elif gap > (_LATIN_GAP if _LATIN.match(last.text) and _LATIN.match(character.text) else _GAP):
                parts.append(" ")
        parts.append(character.text)
        last = character
    size = sorted(one.size for one in ordered)[len(ordered) // 2]
    return Line("".join(parts).strip(), ordered[0].left, max(one.right for one in ordered), ordered[0].base, size)


def cell_text(characters: Iterable[Character]) -> str:
    """Return the text of a cell: its lines were broken for want of room, so they are joined again."""
    text = ""
    for line in lines_of(characters):
        text = joined(text, line.text.replace("\t", " "))
    return text


def joined(text: str, more: str) -> str:
    """Return a line and the next one of the same paragraph: Chinese without a space, Latin words with one."""
    is_latin = text[-1:].isascii() and text[-1:].isalpha() and more[:1].isascii() and more[:1].isalpha()
    return f"{text} {more}" if is_latin else text + more


def without_furniture(lines: Sequence[Line], height: float) -> list[Line]:
    """Return the lines without the number of the page above or below them."""
    kept = list(lines)
    if kept and kept[-1].base < height * 0.15 and _PAGE_NUMBER.match(kept[-1].text):
        kept.pop()
    if kept and kept[0].base > height * 0.85 and _PAGE_NUMBER.match(kept[0].text):
        kept.pop(0)
    return kept
