"""Headings in every customary numbering: 一、 · 第一部分 · 第一章 · （一） · 1、 · 1. · (1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from .numbers import number_of
from .source import Span
from .topics import topic_of

_WORDS = r"[一二三四五六七八九十]{1,3}"


class Style(IntEnum):
    """How a heading is numbered; of two styles the smaller one groups the larger."""

    PART = 0
    HAN = 1
    BRACKETS = 2
    ARABIC = 3
    ARABIC_BRACKETS = 4
    BARE = 5


_STYLES = (
    (Style.PART, re.compile(rf"\s*第[ ]?(?P<number>{_WORDS}|\d{{1,2}})[ ]?(?:部分|章|节)[ 、:.]{{0,3}}(?P<title>.*)")),
    (Style.HAN, re.compile(rf"\s*(?P<number>{_WORDS})[ ]?[、.,:][ ]{{0,3}}(?P<title>.*)")),
    (Style.BRACKETS, re.compile(rf"\s*\((?P<number>{_WORDS})\)[、.]?[ ]{{0,3}}(?P<title>.*)")),
    (Style.ARABIC, re.compile(r"\s*(?P<number>\d{1,2})[ ]?(?:、|\.(?!\d))[ ]{0,3}(?P<title>.*)")),
    (Style.ARABIC_BRACKETS, re.compile(r"\s*\((?P<number>\d{1,2})\)[ ]{0,3}(?P<title>.*)")),
)
_END = re.compile(r"[。;:!?]")
_LONGEST = 40
_FEWEST = 2
#: A heading may end in a full stop; a longer line that does is a sentence.
_LONGEST_CLOSED = 10


@dataclass(frozen=True)
class Heading(Span):
    """A numbered line, or the numbered beginning of one. ``end`` is where its title ends."""

    style: Style
    number: int
    title: str
    title_start: int
    is_whole_line: bool
    is_marked: bool = False


def heading_at(folded: str, start: int, end: int, *, is_marked: bool = False) -> Heading | None:
    """Return the heading that the line from ``start`` to ``end`` is or begins with."""
    line = folded[start:end]
    for style, pattern in _STYLES:
        found = pattern.match(line)
        number = number_of(found["number"]) if found else None
        if found and number:
            title, place = found["title"], start + found.start("title")
            stop = _END.search(title)
            text = title[: stop.start()] if stop else title
            is_whole = stop is None or (not title[stop.end() :].strip() and len(text) <= _LONGEST_CLOSED)
            return Heading(start, place + len(text), style, number, text.strip(), place, is_whole, is_marked)
    if is_marked and line.strip():
        indent = len(line) - len(line.lstrip())
        return Heading(start, end, Style.BARE, 0, line.strip(), start + indent, is_whole_line=True, is_marked=True)
    return None


def chapters_among(headings: Sequence[Heading]) -> list[Heading]:
    """Return the headings that begin chapters: those of the style that names the customary subjects most."""
    whole = [one for one in headings if one.is_whole_line and 1 < len(one.title) <= _LONGEST]
    marked = [one for one in whole if one.is_marked]
    # Where the file marks its headings, and they name the subjects, numbered lines are no chapters.
    if len({topic_of(one.title) for one in marked} - {None}) > _FEWEST:
        whole = marked
    best: list[Heading] = []
    for style in Style:
        found = [one for one in whole if one.style is style]
        topics = {topic for one in found if (topic := topic_of(one.title))}
        if len(topics) > max(_FEWEST - 1, len({topic_of(one.title) for one in best} - {None})):
            best = found
    if not best:
        first = min((one.style for one in whole), default=None)
        best = [one for one in whole if one.style is first]
    return _in_sequence(best)


def _in_sequence(found: list[Heading]) -> list[Heading]:
    """Leave out numbered lines that begin again from one inside a chapter and name no customary subject."""
    kept: list[Heading] = []
    for one in found:
        restarts = bool(kept) and 0 < one.number <= kept[-1].number
        if restarts and topic_of(one.title) is None:
            continue
        kept.append(one)
    return kept
