"""Reading published tables: the records of a region are laid beside the rows of a table, in order.

Labels are compared by what they say: shortened ones, ones with their group before them, ones broken over lines and ones
that a county has altered (``规章（县级无此项）``) find their row. Order decides between rows of the same label.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache

from .layout import Lack, Record, Region, Value, regions
from .shapes import RowShape, Shape, core
from .source import Source, Span

Key = tuple[str, str]
_ENOUGH = 0.58
#: This part of the rows has to be found before records are taken for a table.
_PART = 0.4
_LEAST_SUFFIX, _SUFFIX_PART = 4, 0.4


@dataclass(frozen=True)
class ReadTable(Span):
    """A table as read: the value of each cell, and the rows that were not found."""

    shape: Shape
    cells: Mapping[Key, Value]
    missing: tuple[str, ...] = ()
    #: Rows with more or fewer values than columns, by row code: the number that was found.
    uneven: Mapping[str, int] = field(default_factory=dict)

    def amount(self, row: str, column: str) -> Decimal | None:
        """Return the number of a cell; nothing if the row is missing. Blank cells are 0."""
        value = self.cells.get((row, column))
        return value.amount if value is not None else None

    def as_json(self) -> dict[str, object]:
        """Return the values in the shape of the contract; rows that were not found are ``null``."""

        def shown(row: str, column: str) -> int | float | None:
            amount = self.amount(row, column)
            if amount is None:
                return None
            return int(amount) if amount == amount.to_integral_value() else float(amount)

        if self.shape.is_flat:
            return {row.code: shown(row.code, row.columns[0]) for row in self.shape.rows}
        return {row.code: {column: shown(row.code, column) for column in row.columns} for row in self.shape.rows}


def read_tables(source: Source, shapes: Sequence[Shape]) -> tuple[tuple[ReadTable, ...], tuple[Region, ...]]:
    """Return the tables that a text holds, the first of each shape, and all stretches that are tables, known or not.

    :raises TooLongError: if there are more labels with values than any report has.
    """
    words = {word for shape in shapes for word in shape.words}
    found = regions(source, words)
    tables = [table for shape in shapes if (table := _best(shape, found)) is not None]
    return tuple(tables), tuple(found)


def _best(shape: Shape, found: Sequence[Region]) -> ReadTable | None:
    """Return the table from the region that has most of its rows, the first of them.

    Where none has all, the regions are read as one: the head of a page, or a note, had broken the table in two.
    """
    read = [table for region in found if (table := _from(shape, region)) is not None]
    best = min(read, key=lambda table: len(table.missing), default=None)
    if len(found) > 1 and (best is None or best.missing):
        records = tuple(record for region in found for record in region.records)
        whole = _from(shape, Region(found[0].start, found[-1].end, records))
        if whole is not None and (best is None or len(whole.missing) < len(best.missing)):
            return whole
    return best


def _from(shape: Shape, region: Region) -> ReadTable | None:
    return (_in_one_row(shape, region) if shape.in_one_row else None) or _read(shape, region)


def _read(shape: Shape, region: Region) -> ReadTable | None:
    pairs = _aligned(shape.rows, region.records)
    least = max(2, round(len(shape.rows) * _PART))
    if len(pairs) < least:
        return None
    cells: dict[Key, Value] = {}
    uneven: dict[str, int] = {}
    for row, record in pairs:
        values = record.values = _without_margin(record.values, len(row.columns))
        if len(values) != len(row.columns) and not (len(row.columns) == 1 and record.in_grid):
            uneven[row.code] = len(values)
        filled = zip(row.columns, _filled(row, record), strict=True)
        cells |= {(row.code, column): _in_unit(value, row.unit_of(column)) for column, value in filled}
    got = {row.code for row, _record in pairs}
    first, last = pairs[0][1], pairs[-1][1]
    return ReadTable(
        first.start, last.end, shape, cells, tuple(row.code for row in shape.rows if row.code not in got), uneven
    )


def _in_unit(value: Value, unit: str) -> Value:
    """Return a value that was written in 元 in the 万元 of its column."""
    if unit != "万元" or value.unit != "元" or value.number is None:
        return value
    return replace(value, number=value.number / 10_000)


def _without_margin(values: list[Value], wanted: int) -> list[Value]:
    """Return the values without empty cells to the right of the table."""
    last = len(values)
    while last > wanted and values[last - 1].lack is Lack.BLANK:
        last -= 1
    return values[:last]


def _filled(row: RowShape, record: Record) -> list[Value]:
    """Return one value for each column; what cannot be placed is missing, not guessed."""
    wanted, values = len(row.columns), record.values
    if len(values) >= wanted:
        return values[:wanted]
    end = Value(record.end, record.end, "", None, Lack.MISSING)
    if record.in_grid or not values or all(value.number is None for value in values):
        return [*values, *[end] * (wanted - len(values))]
    # Without cells only the last value has a place that is known: totals stand at the end.
    return [*[end] * (wanted - 1), values[-1]]


def _in_one_row(shape: Shape, region: Region) -> ReadTable | None:
    """Read groups that stand beside each other: all their values follow one another."""
    wanted = [(row.code, column) for row in shape.rows for column in row.columns]
    for number, record in enumerate(region.records):
        if not _mentions(shape, record.label):
            continue
        values: list[Value] = []
        for follower in region.records[number:]:
            if values and not _mentions(shape, follower.label):
                break
            values += follower.values
        if len(values) > len(wanted):
            values = [value for value in values if value.lack is not Lack.BLANK]
        if len(values) == len(wanted):
            start, end = record.start, values[-1].end
            return ReadTable(start, end, shape, dict(zip(wanted, values, strict=True)))
    return None


def _mentions(shape: Shape, label: str) -> bool:
    word = core(label)
    return any(head in word for row in shape.rows for head in row.cores) or any(
        core(label) in word for label in list(shape.column_labels.values())[:-1]
    )


def _aligned(rows: Sequence[RowShape], records: Sequence[Record]) -> list[tuple[RowShape, Record]]:
    """Lay records beside rows so that order is kept and the labels agree as well as they can."""
    tails = [core(record.label) for record in records]
    best = [[0.0] * (len(records) + 1) for _ in range(len(rows) + 1)]
    for i, row in enumerate(rows, 1):
        for j, tail in enumerate(tails, 1):
            score = likeness(row.cores, tail)
            together = best[i - 1][j - 1] + score if score >= _ENOUGH else 0.0
            best[i][j] = max(together, best[i - 1][j], best[i][j - 1])
    pairs = []
    i, j = len(rows), len(records)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            pairs.append((rows[i - 1], records[j - 1]))
            i, j = i - 1, j - 1
    return pairs[::-1]


def likeness(cores: Iterable[str], label: str) -> float:
    """Return how well a label fits one of the forms of another, 0 to 1.2."""
    return max((_likeness(form, label) for form in cores), default=0.0)


def _likeness(form: str, label: str) -> float:
    if not form or not label:
        return 0.0
    if form in label:
        whole = 1.2 if form == label else 1.1
        return whole if label.endswith(form) else 0.9 + 0.1 * len(form) / len(label)
    tail = label[-len(form) :]
    if len(label) > 1 and label in form:
        return 0.6 + 0.4 * len(label) / len(form)
    suffix = _common_suffix(form, label)
    if suffix >= _LEAST_SUFFIX and suffix >= _SUFFIX_PART * len(form):
        return 0.6 + 0.35 * suffix / len(form)
    wanted, there = _pairs(form), _pairs(label)
    shared = len(wanted & there)
    return max(0.95 * shared / max(1, len(wanted)), 0.85 * shared / max(1, len(_pairs(tail)))) if shared > 1 else 0.0


def _common_suffix(form: str, label: str) -> int:
    """Return how many characters at the end of ``label`` stand in ``form`` in the same order, up to its end."""
    count, place = 0, len(form)
    for character in reversed(label):
        place = form.rfind(character, 0, place)
        if place < 0 or (not count and place != len(form) - 1):
            return count
        count += 1
    return count


@cache
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))
