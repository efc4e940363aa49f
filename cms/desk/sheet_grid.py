"""The grid of a sheet: what was typed, pasted or read from a file, as rows to check and as controls of the page.

A page shows at most :data:`SHOWN` rows. Of a longer list it shows those with mistakes; the others travel along in one
hidden field, so that a list of any length can be corrected and confirmed without anything being stored before.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean
from cms.sheets.cells import day_of
from cms.sheets.files import MAX_ROWS, ListRow
from cms.sheets.spec import CellKind, SheetColumn, SheetSpec
from cms.sheets.taking import ListResult

SHOWN = 100
#: Empty rows of a new page, after typed ones, and more when asked for.
SPARE, AFTER, MORE = 8, 2, 10
#: How many of the rows that travel along are shown to read.
PREVIEW = 10
#: A hidden field beyond this would not come back.
MAX_REST = 6_000_000
_MAX_LINE = 99_999
_CELL = re.compile(r"rows-(\d{1,4})-\w+")
#: Texts longer than this are typed in a box of several lines.
_ONE_LINE = 200

Offered = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class GridCell:
    """A control: ``kind`` is line, number, day, choice or box."""

    name: str
    label: str
    text: str
    kind: str
    options: Sequence[tuple[str, str]]
    errors: Sequence[str]
    length: int


@dataclass(frozen=True)
class GridRow:
    """A row of the page; ``state`` is new, known, wrong, or empty before a check."""

    line: int
    name: str
    cells: Sequence[GridCell]
    state: str
    errors: Sequence[str]


@dataclass(frozen=True)
class Grid:
    """What the page shows, and the rows that travel along: as text, some to read, how many, how many with mistakes."""

    columns: Sequence[SheetColumn]
    rows: Sequence[GridRow]
    rest: str
    preview: Sequence[ListRow]
    others: int
    wrong: int


def typed_rows(spec: SheetSpec, given: Mapping[str, str]) -> list[ListRow]:
    """Return the rows of the grid that say something, with their lines."""
    numbers = sorted({int(found[1]) for found in map(_CELL.fullmatch, given) if found})
    rows = []
    for number in numbers[:MAX_ROWS]:
        cells = {one.label: clean(given.get(f"rows-{number}-{one.name}", "")) for one in spec.columns}
        if any(cells.values()):
            line = given.get(f"rows-{number}-line", "")
            rows.append(ListRow(int(line) if line.isdecimal() and len(line) <= len(str(_MAX_LINE)) else 0, cells))
    return rows


def rest_rows(spec: SheetSpec, text: str) -> list[ListRow]:
    """Return the rows that travelled along.

    :raises Invalid: if the text is not what the page was given.
    """
    labels = set(spec.headings)
    try:
        return [
            ListRow(int(line), {label: clean(str(cell)) for label, cell in cells.items() if label in labels})
            for line, cells in (json.loads(text) if text else ())
        ]
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid({"file": [_("其余各行没有完整传回，请重新选择文件。")]}) from error


def numbered(rows: Sequence[ListRow]) -> list[ListRow]:
    """Return the rows, each with a line of its own: the one it had, or the next that is free.

    :raises Invalid: field ``file``, if there are too many.
    """
    if len(rows) > MAX_ROWS:
        raise Invalid({"file": [_("一次最多 {n} 行，请分成几个文件。").format(n=MAX_ROWS)]})
    used: set[int] = set()
    last, found = 0, []
    for row in rows:
        line = row.number if 0 < row.number <= _MAX_LINE and row.number not in used else last + 1
        while line in used:
            line += 1
        used.add(line)
        last = max(last, line)
        found.append(row if row.number == line else replace(row, number=line))
    return sorted(found, key=lambda row: row.number)


def settled(spec: SheetSpec, offered: Offered, rows: Sequence[ListRow]) -> list[ListRow]:
    """Return the rows as the controls of the page will send them back: days and choices in their own writing."""
    return [
        replace(row, cells={
            one.label: _control(one, offered.get(one.name, ()), row.cells.get(one.label, ""))[1]
            for one in spec.columns
        }) for row in rows
    ]  # fmt: skip


def lay_out(
    spec: SheetSpec, offered: Offered, rows: Sequence[ListRow], result: ListResult | None, *, size: int = 0
) -> Grid:  # fmt: skip
    """Return the grid of checked or unchecked rows.

    :param size: how many rows the page should have at least, empty ones included.
    """
    wrong = _problems(spec, result)
    bad = [row for row in rows if row.number in wrong]
    shown = list(rows) if len(rows) <= SHOWN else bad[:SHOWN]
    lines = {row.number for row in shown}
    rest = [row for row in rows if row.number not in lines]
    text = json.dumps([[row.number, row.cells] for row in rest], ensure_ascii=False) if rest else ""
    if len(text.encode()) > MAX_REST:
        raise Invalid({"file": [_("内容过多，请分成几个文件。")]})
    first = max((row.number for row in rows), default=0) + 1
    spare = max(AFTER if rows else SPARE, size - len(shown))
    blank = [ListRow(first + number, {}) for number in range(min(spare, SHOWN + MORE - len(shown)))]
    return Grid(
        columns=spec.columns, rest=text, preview=rest[:PREVIEW], others=len(rest),
        wrong=sum(row.number in wrong for row in rest),
        rows=[
            _row(spec, offered, index, row, wrong.get(row.number, {}), result)
            for index, row in enumerate([*shown, *blank])
        ],
    )  # fmt: skip


def _problems(spec: SheetSpec, result: ListResult | None) -> dict[int, dict[str, list[str]]]:
    """Return the sentences by line and heading; those of no column are under an empty heading."""
    known, found = set(spec.headings), dict[int, dict[str, list[str]]]()
    for problem in result.problems if result else ():
        heading = problem.heading if problem.heading in known else ""
        found.setdefault(problem.line, {}).setdefault(heading, []).append(problem.text)
    return found


def _row(  # noqa: PLR0917 — what a row is made of
    spec: SheetSpec, offered: Offered, index: int, row: ListRow, wrong: Mapping[str, Sequence[str]],
    result: ListResult | None,
) -> GridRow:  # fmt: skip
    taken = result.taken if result else {}
    state = "wrong" if wrong else "" if row.number not in taken else "known" if taken[row.number] is None else "new"
    cells = [
        _cell(column, offered.get(column.name, ()), index, row, wrong.get(column.label, ())) for column in spec.columns
    ]
    return GridRow(row.number, f"rows-{index}", cells, state, wrong.get("", ()))


def _cell(
    column: SheetColumn, options: Sequence[tuple[str, str]], index: int, row: ListRow, errors: Sequence[str]
) -> GridCell:  # fmt: skip
    kind, text, options = _control(column, options, row.cells.get(column.label, ""))
    label = _("{label}，第 {n} 行").format(label=column.label, n=row.number)
    return GridCell(f"rows-{index}-{column.name}", label, text, kind, options, errors, column.length)


def _control(
    column: SheetColumn, options: Sequence[tuple[str, str]], text: str
) -> tuple[str, str, Sequence[tuple[str, str]]]:  # fmt: skip
    """Return the kind of control, its text and what it offers."""
    if column.kind is CellKind.CHOICE:
        return ("choice", *_chosen(options, text))
    if column.kind is CellKind.DAY:
        return (*_day(text), ())
    if column.kind in {CellKind.WHOLE, CellKind.DECIMAL}:
        return "number", text, ()
    return "box" if column.length > _ONE_LINE or "\n" in text else "line", text, ()


def _chosen(options: Sequence[tuple[str, str]], text: str) -> tuple[str, Sequence[tuple[str, str]]]:
    """Return the chosen value; what is not offered stays as it was written, as an option of its own."""
    named = [value for value, label in options if label == text]
    if text in dict(options) or not text:
        return text, options
    if len(named) == 1:
        return named[0], options
    return text, [*options, (text, _("{text}（无此选项）").format(text=text))]


def _day(text: str) -> tuple[str, str]:
    """Return the kind of control, and the day as browsers write it; what is no day stays as it was typed."""
    try:
        return "day", day_of(text).isoformat() if text else ""
    except ValueError:
        return "line", text
