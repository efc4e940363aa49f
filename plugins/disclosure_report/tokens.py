"""Live numbers in prose: ``{figure:CODE}``, and the words ``{year}``, ``{organ}``, ``{chapters}``, ``{contact}``."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\{(?:figure:(?P<code>[^{}\s]*)|(?P<word>[a-z_]+))\}")
#: What a draft leaves for people to write.
PLACEHOLDER = re.compile(r"【请填写[^【】]*】")
#: Words that the title, the opening and the chapters may use.
WORDS = ("year", "organ", "chapters", "contact")


@dataclass(frozen=True)
class FigureToken:
    """``{figure:CODE}`` as written."""

    text: str
    code: str


@dataclass(frozen=True)
class WordToken:
    """``{word}`` as written."""

    text: str
    word: str


Token = FigureToken | WordToken


@dataclass(frozen=True)
class Fragment:
    """A run of rendered text: ``code`` names the figure or cell it is the number of; ``is_unknown`` marks mistakes."""

    text: str
    code: str = ""
    is_unknown: bool = False


def split(text: str) -> Iterator[str | Token]:
    """Yield the pieces of ``text`` in order: plain runs and tokens."""
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            yield text[end : match.start()]
        code, word = match["code"], match["word"]
        yield FigureToken(match.group(), code) if code is not None else WordToken(match.group(), word)
        end = match.end()
    if end < len(text):
        yield text[end:]


def tokens_of(text: str) -> list[Token]:
    """Return the tokens of ``text``."""
    return [piece for piece in split(text) if not isinstance(piece, str)]


def fill(text: str, numbers: Mapping[str, str], words: Mapping[str, str]) -> tuple[Fragment, ...]:
    """Return ``text`` with its tokens replaced; an unknown one stays as written and is marked.

    :param numbers: shown number of each figure and cell, by code. :param words: values of the other words.
    """
    return tuple(_fragment(piece, numbers, words) for piece in split(text))


def _fragment(piece: str | Token, numbers: Mapping[str, str], words: Mapping[str, str]) -> Fragment:
    if isinstance(piece, str):
        return Fragment(piece)
    if isinstance(piece, FigureToken) and piece.code in numbers:
        return Fragment(numbers[piece.code], piece.code)
    if isinstance(piece, WordToken) and piece.word in words:
        return Fragment(words[piece.word])
    return Fragment(piece.text, is_unknown=True)
