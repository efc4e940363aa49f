"""Lines that belong to tables, and what stands in them: labels and values, in every layout in which people copy them.

Rows with tabs, rows with spaces, one cell in each line, labels broken over lines: all of them become records, a label
with the values that follow it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .shapes import core
from .source import Cell, Grid, Source, Span, TooLongError, fold

#: Most labels with values in one text; the tables of a report have fewer than 120.
MOST_RECORDS = 4000
_VALUE = re.compile(
    r"(?P<sign>[+\-−－]|增加?|新增|减少?)?[ ]?(?P<number>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,8})?"
    r"|\d{1,15}(?:\.\d{1,8})?)[ ]?(?P<scale>万|亿)?"
    r"\(?(?P<unit>件|条|次|篇|个|人|人次|项|宗|份|元|万元)?\)?"
)
_DASH = re.compile(r"[/／\\\-—－–一─*无零空]{1,3}|增|减|增/减|N/?A", re.IGNORECASE)
_UNITS = frozenset(["件", "条", "次", "篇", "个", "人", "人次", "项", "宗", "份", "元", "万元", "件次", "场次"])
_WORD = re.compile(r"[\w\u4e00-\u9fff]")
_NUMBERING = re.compile(r"\d{1,2}[.、)]?")
_TAIL = re.compile(r"(?P<label>.*[\u4e00-\u9fff)\]”\"])(?P<value>\d{1,3}(?:,\d{3})+|\d{1,12}(?:\.\d{1,6})?)")
_PAGE = re.compile(r"\s*(?:[-—–]\s*\d{1,3}\s*[-—–]|第\s?\d{1,3}\s?页.{0,12}|\d{1,3}\s?/\s?\d{1,3})\s*")
_LONGEST_LABEL = 90
_SHORT, _LONG = 2, 6


class Lack(StrEnum):
    """Why a cell has no number of its own."""

    NONE = ""
    BLANK = "blank"
    DASH = "dash"
    TEXT = "text"
    MISSING = "missing"


@dataclass(frozen=True)
class Value(Span):
    """What a cell holds: a number, or why there is none. ``unit`` is the one that stands in the cell."""

    text: str
    number: Decimal | None
    lack: Lack = Lack.NONE
    unit: str = ""

    @property
    def amount(self) -> Decimal:
        """Return the number; a cell without one is read as 0."""
        return self.number if self.number is not None else Decimal()


@dataclass
class Record:
    """A label and the values that follow it. ``in_grid`` tells that empty cells among them can be seen."""

    label: str = ""
    values: list[Value] = field(default_factory=list)
    start: int = 0
    end: int = 0
    in_grid: bool = False


@dataclass(frozen=True)
class Region(Span):
    """Lines of the text that make up one table or several without prose between them."""

    records: tuple[Record, ...]


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    tokens: tuple[str | Value, ...]
    in_grid: bool = False
    is_gap: bool = False


def value_of(text: str, start: int, end: int) -> Value | None:
    """Return ``text`` as a value; nothing if it is a label."""
    plain = fold(text).strip()
    found = _VALUE.fullmatch(plain)
    if found:
        scale = {"万": 10**4, "亿": 10**8}.get(found["scale"] or "", 1)
        amount = Decimal(found["number"].replace(",", "")) * scale
        amount = -amount if (found["sign"] or "+")[0] in "-−－减" else amount
        return Value(start, end, text.strip(), amount, unit=found["unit"] or "")
    if not plain:
        return Value(start, end, "", None, Lack.BLANK)
    if plain != "一" and _DASH.fullmatch(plain):
        return Value(start, end, text.strip(), None, Lack.DASH)
    return None


def regions(source: Source, words: Iterable[str]) -> list[Region]:
    """Return the tables of a text.

    :param words: everything that can stand in a table beside values, as :func:`.shapes.core` gives it.
    :raises TooLongError: if there are more labels with values than any report has.
    """
    vocabulary = _Vocabulary(words)
    found: list[Region] = []
    run: list[_Line] = []
    count = 0
    for line in [*_lines(source, vocabulary), None]:
        if line is not None:
            run.append(line)
            continue
        while run and not any(isinstance(token, Value) for token in run[-1].tokens):
            run.pop()
        if run:
            records = tuple(_records(run))
            count += len(records)
            if count > MOST_RECORDS:
                raise TooLongError(f"more than {MOST_RECORDS} labels with values")
            found.append(Region(run[0].start, run[-1].end, records))
        run = []
    return found


class _Vocabulary:
    """The words of tables: whole labels, and every part of one into which a line may have broken it."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._joined = "\n".join(sorted(self._words))

    def knows(self, label: str, *, has_values: bool) -> bool:
        """Tell whether ``label`` is a label, a part of one, or begins or ends with one.

        A label with values beside it may begin or end with a short one; without values that would be any text.
        """
        word = core(label)
        if not word or word in self._joined:
            return True
        least = _SHORT if has_values else _LONG
        return any(word.startswith(known) or word.endswith(known) for known in self._words if len(known) >= least)


def _lines(source: Source, vocabulary: _Vocabulary) -> Iterator[_Line | None]:
    """Yield the lines that can belong to a table; nothing in between where prose stands."""
    grids = {grid.start: grid for grid in source.grids}
    starts = sorted(grids)
    place = 0
    while place < len(source.text):
        index = bisect_right(starts, place) - 1
        grid = grids[starts[index]] if index >= 0 else None
        if grid is not None and place < grid.end:
            yield from _grid_lines(grid)
            place = grid.end + 1
            continue
        end = source.text.find("\n", place)
        end = len(source.text) if end < 0 else end
        yield _text_line(source.folded[place:end], place, vocabulary)
        place = end + 1
    yield None


def _grid_lines(grid: Grid) -> Iterator[_Line]:
    for row in grid.rows:
        tokens = _row_tokens([cell for cell in row if not cell.is_repeat])
        yield _Line(row[0].start, row[-1].end, tuple(tokens), in_grid=True, is_gap=not tokens)


def _row_tokens(cells: list[Cell]) -> list[str | Value]:
    read = [value_of(cell.text, cell.start, cell.end) for cell in cells]
    labels = [number for number, value in enumerate(read) if value is None]
    # An ordinal before the first label, and empty cells before the last one, belong to the labels.
    first, last = (labels[0], labels[-1]) if labels else (0, -1)
    tokens: list[str | Value] = []
    for number, (cell, value) in enumerate(zip(cells, read, strict=True)):
        if value is None:
            tokens.append(cell.text)
        elif number > last or (number > first and value.lack is not Lack.BLANK):
            tokens.append(value)
    return tokens if labels or any(isinstance(one, Value) and one.text for one in tokens) else []


def _text_line(line: str, place: int, vocabulary: _Vocabulary) -> _Line | None:
    end = place + len(line)
    if not line.strip() or _PAGE.fullmatch(line):
        return _Line(place, end, (), is_gap=True)
    tokens = list(_split(line, place))
    labels = [token for token in tokens if isinstance(token, str)]
    label = "".join(labels)
    if not labels:
        return _Line(place, end, tuple(tokens))
    if len(label) > _LONGEST_LABEL or "。" in label:
        return None
    if label in _UNITS:
        return _Line(place, end, tuple(tokens))
    has_values = len(labels) < len(tokens)
    is_known = vocabulary.knows(label, has_values=has_values)
    if is_known or all(vocabulary.knows(one, has_values=has_values) for one in labels):
        return _Line(place, end, tuple(tokens))
    return None


def _split(line: str, place: int) -> Iterator[str | Value]:
    for found in re.finditer(r"\S+", line):
        word, start = found.group(), place + found.start()
        value = value_of(word, start, start + len(word))
        if value is not None and not (value.lack is Lack.DASH and word in {"无", "零", "空", "*", "增", "减", "增/减"}):
            yield value
            continue
        if not _WORD.search(word):
            # A bar or a bracket that stands alone says nothing.
            continue
        tail = _TAIL.fullmatch(word)
        if tail is None or _NUMBERING.fullmatch(word):
            yield word
            continue
        yield tail["label"]
        at = start + tail.start("value")
        number = value_of(tail["value"], at, at + len(tail["value"]))
        if number is not None:
            yield number


def _records(lines: list[_Line]) -> Iterator[Record]:
    record = Record(start=lines[0].start)
    for line in lines:
        tokens = _without_ordinal(line)
        for token in tokens:
            if isinstance(token, Value):
                record.values.append(token)
                record.end = token.end
            else:
                if record.values:
                    yield record
                    record = Record(start=line.start)
                if token not in _UNITS:
                    record.label = (record.label + token)[-_LONGEST_LABEL:]
            record.in_grid = line.in_grid
    if record.values:
        yield record


def _without_ordinal(line: _Line) -> tuple[str | Value, ...]:
    """Return the tokens of a line without a number before its only label."""
    tokens = line.tokens
    if len(tokens) > 1 and isinstance(tokens[0], Value) and isinstance(tokens[1], str) and not line.in_grid:
        return tokens[1:] if len([one for one in tokens if isinstance(one, Value)]) > 1 else tokens
    return tokens
