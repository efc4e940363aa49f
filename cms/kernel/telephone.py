"""Finding telephone numbers in what people write into a telephone field, so that pages can link to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: Fixed lines with or without area code, mobiles, 400 and 800 numbers, and service numbers such as 110 or 12345.
_NUMBER = re.compile(
    r"(?<![\d.])"
    r"(?:(?:\+86[ -]?)?1[3-9]\d{9}"
    r"|(?:\+86[ -]?)?0\d{2,3}[ \-－—–]?\d{7,8}"
    r"|[(（]0\d{2,3}[)）] ?\d{7,8}"
    r"|[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
    r"|\d{7,8}|12\d{3}|11\d|12\d)"
    r"(?![\d.:：])"
)
_NOT_DIALLED = re.compile(r"[^\d+]")


@dataclass(frozen=True)
class Piece:
    """A run of a text; ``number`` is what a telephone dials, empty where the run is no number."""

    text: str
    number: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Yield ``text`` in pieces: numbers that can be dialled and what stands between them."""
    end = 0
    for match in _NUMBER.finditer(text):
        if match.start() > end:
            yield Piece(text[end : match.start()])
        yield Piece(match.group(), _NOT_DIALLED.sub("", match.group()))
        end = match.end()
    if end < len(text):
        yield Piece(text[end:])
