"""Tables of the report as tables of documents: what files print, from the same grid as the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cms.api import Align, Cell, Formula, Scope
from cms.api import Table as Printed
from cms.api import gettext as _

from .charts import Chart
from .grid import Line, Slot, grid_of
from .report import Layout, Number, Row, Table, plain

#: Shares of the columns: of the row headings of table 3, the last being the text; of any other; of a column of numbers.
_THREE_HEADS, _HEADS, _NUMBERS = (5.5, 7.0, 21.0), 14.0, 7.5
_LIST_SHARES = (70.0, 12.0, 18.0)

#: What a cell shows of a number, and what stands at the end of each line of numbers.
Shown = Callable[[Number], Cell]
Ending = Callable[[list[Number]], str | Formula]


@dataclass(frozen=True)
class Placing:
    """A printed table and where each number stands in it, as row and column from 0, by code."""

    table: Printed
    places: Mapping[str, tuple[int, int]]


def in_print(number: Number) -> Cell:
    """Return the cell of a number on paper; what is not known is a dash, never 0."""
    return Cell(plain(number.value) if number.value is not None else "—", align=Align.CENTER)


def placing(table: Table, shown: Shown = in_print, ending: Ending | None = None) -> Placing:
    """Return a table as it is printed.

    :param ending: gives the table one more column, 校核, with what it says about the numbers of each line.
    """
    return _list(table, shown, ending) if table.layout is Layout.LIST else _blocks(table, shown, ending)


def chart_table(chart: Chart, shown: Callable[[str], Cell]) -> Printed:
    """Return the table that says what a chart shows; ``shown`` makes the cell of a value."""
    head = [_head(_("指标")), *(_head(_("{year}年").format(year=year)) for year, _x in chart.years)]
    rows = [[Cell(label, is_header=True, align=Align.LEFT), *map(shown, values)] for label, values in chart.rows]
    return Printed([head, *rows], widths=[30.0, *[12.0] * len(chart.years)])


def _head(text: str) -> Cell:
    return Cell(text, is_header=True)


def _blocks(table: Table, shown: Shown, ending: Ending | None) -> Placing:
    grid = grid_of(table)
    lines = [*grid.head, *(line for body in grid.bodies for line in body)]
    rows = [[_cell(slot, shown) for slot in line] for line in lines]
    if ending is not None:
        for place, line in enumerate(lines):
            _end(rows[place], line, ending, is_first=place == 0, heads=len(grid.head))
    printed = Printed(rows, widths=[*_shares(table, grid.width), *([_NUMBERS] if ending is not None else [])])
    places = {
        slot.number.code: (placed.row, placed.column)
        for line, cells in zip(lines, printed.lines, strict=True)
        for slot, placed in zip(line, cells, strict=False) if slot.number is not None
    }  # fmt: skip
    return Placing(printed, places)


def _end(cells: list[Cell], line: Line, ending: Ending, *, is_first: bool, heads: int) -> None:
    numbers = [slot.number for slot in line if slot.number is not None]
    if numbers:
        cells.append(Cell(ending(numbers), align=Align.CENTER))
    elif is_first:
        cells.append(Cell(_("校核"), is_header=True, rowspan=max(heads, 1)))
    elif not heads:
        cells.append(_head(""))


def _cell(slot: Slot, shown: Shown) -> Cell:
    spans = {"colspan": slot.colspan, "rowspan": slot.rowspan}
    if slot.number is not None:
        made = shown(slot.number)
        return Cell(made.content, align=made.align, **spans)
    scope = Scope(slot.scope)
    align = Align.LEFT if scope is Scope.ROW else None
    return Cell(slot.text, is_header=True, scope=scope, align=align, **spans)


def _shares(table: Table, width: int) -> list[float]:
    if table.layout is Layout.ACROSS:
        return [_NUMBERS] * width
    numbers = max(len(block.columns) for block in table.blocks)
    heads = width - numbers
    return [*(_THREE_HEADS if heads == len(_THREE_HEADS) else [_HEADS] * heads), *[_NUMBERS] * numbers]


def _list(table: Table, shown: Shown, ending: Ending | None) -> Placing:
    heads = (_("统计指标"), _("单位"), _("统计数"), *([_("校核")] if ending is not None else []))
    rows = [[Cell(text, is_header=True, scope=Scope.COLUMN) for text in heads]]
    rows += [_row(row, shown, ending, len(heads)) for row in table.rows]
    shares = [*_LIST_SHARES, *([_NUMBERS] if ending is not None else [])]
    places = {row.number.code: (n, 2) for n, row in enumerate(table.rows, 1) if row.number is not None}
    return Placing(Printed(rows, widths=shares, head=1), places)


def _row(row: Row, shown: Shown, ending: Ending | None, width: int) -> list[Cell]:
    label = "　" * row.depth + row.label
    if row.number is None:
        return [Cell(label, is_header=True, align=Align.LEFT, colspan=width, scope=Scope.ROW_GROUP)]
    cells = [
        Cell(label, is_header=True, align=Align.LEFT, scope=Scope.ROW), Cell(row.number.unit, align=Align.CENTER),
        shown(row.number),
    ]  # fmt: skip
    return [*cells, Cell(ending([row.number]), align=Align.CENTER)] if ending is not None else cells
