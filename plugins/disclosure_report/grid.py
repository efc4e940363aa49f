"""How a table of blocks is laid out: head cells with spans, computed from the headings that neighbours share.

Web page, file and word processor print the same grid, so that none of them counts columns for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from .report import Block, Column, Layout, Number, Row, Table

#: Headings above a row or column and its own label, widest first; an empty one continues the one before it.
Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A cell of the printed table.

    :param scope: ``row``, ``col``, ``rowgroup`` or ``colgroup`` of a head cell; empty in cells with numbers.
    :param id: name of a head cell, which the cells it speaks for list in ``headers``.
    """

    text: str = ""
    scope: str = ""
    id: str = ""
    colspan: int = 1
    rowspan: int = 1
    headers: tuple[str, ...] = ()
    number: Number | None = None


Line = tuple[Slot, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A printed table: head lines, then one group of lines for each block. Every line is ``width`` columns wide."""

    width: int
    head: tuple[Line, ...]
    bodies: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True)
class _Head:
    """Head lines of columns or rows, and the ids that speak for each leaf."""

    slots: tuple[tuple[Slot, ...], ...]
    speaking: tuple[tuple[str, ...], ...]


def grid_of(table: Table) -> Grid:
    """Return the layout of a table of blocks.

    :raises ValueError: if it is a list.
    """
    if table.layout is Layout.ACROSS:
        return _across(table)
    if table.layout is not Layout.ROWS:
        raise ValueError(f"table {table.code} is a list")
    stub = max(_depth([_row_path(row) for row in block.rows]) for block in table.blocks)
    width = stub + max(len(block.columns) for block in table.blocks)
    if len(table.blocks) == 1 and not table.blocks[0].title:
        lines, body = _block(table, table.blocks[0], 0, stub=stub, width=width)
        return Grid(width=width, head=lines, bodies=(body,))
    bodies = []
    for place, block in enumerate(table.blocks):
        title = Slot(text=block.title, scope="colgroup", id=f"{table.code}-{place}", colspan=width)
        lines, body = _block(table, block, place, stub=stub, width=width)
        bodies.append(((title,), *lines, *body))
    return Grid(width=width, head=(), bodies=tuple(bodies))


def _row_path(row: Row) -> Path:
    return (*row.above, row.label)


def _depth(paths: Sequence[Path]) -> int:
    return max(map(len, paths))


def _block(
    table: Table, block: Block, place: int, *, stub: int, width: int
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    paths = [(*column.above, column.label) for column in block.columns]
    prefix = f"{table.code}-{place}"
    head = _columns(paths, prefix, room=width - stub)
    corner = Slot(text=table.corner, scope="col", id=f"{prefix}-corner", colspan=stub, rowspan=len(head.slots))
    lines = tuple((corner, *line) if number == 0 else line for number, line in enumerate(head.slots))
    names = _rows([_row_path(row) for row in block.rows], prefix, depth=stub)
    title = (prefix,) if block.title else ()
    spare = width - stub - len(block.columns)
    body = []
    for line, row in enumerate(block.rows):
        cells = [
            Slot(
                number=number, headers=(*title, *names.speaking[line], *head.speaking[column]),
                colspan=1 + (spare if column == len(row.cells) - 1 else 0),
            ) for column, number in enumerate(row.cells)
        ]  # fmt: skip
        body.append((*names.slots[line], *cells))
    return lines, tuple(body)


def _across(table: Table) -> Grid:
    (block,) = table.blocks
    depth = _depth([_row_path(row) for row in block.rows])
    paths = [(*_padded(_row_path(row), depth), *_column_path(column)) for row in block.rows for column in block.columns]
    head = _columns(paths, table.code, room=len(paths))
    numbers = [number for row in block.rows for number in row.cells]
    line = tuple(Slot(number=number, headers=head.speaking[place]) for place, number in enumerate(numbers))
    return Grid(width=len(paths), head=head.slots, bodies=((line,),))


def _column_path(column: Column) -> Path:
    return (*column.above, column.label)


def _padded(path: Path, depth: int) -> Path:
    return path + ("",) * (depth - len(path))


def _columns(paths: Sequence[Path], prefix: str, *, room: int) -> _Head:
    """Return head lines for ``paths``; the last column takes what is left of ``room``."""
    depth, names = _depth(paths), count(1)
    lines: list[list[Slot]] = [[] for _ in range(depth)]
    speaking: list[list[str]] = [[] for _ in paths]
    for level in range(depth):
        place = 0
        while place < len(paths):
            path = paths[place]
            span = _shared(paths, place, level)
            if level < len(path) and path[level]:
                is_leaf = level == len(path) - 1
                spare = room - len(paths) if place + span == len(paths) else 0
                slot = Slot(
                    text=path[level], scope="col" if is_leaf else "colgroup", id=f"{prefix}-c{next(names)}",
                    colspan=span + spare, rowspan=_reach(path, level, depth),
                )  # fmt: skip
                lines[level].append(slot)
                for one in range(place, place + span):
                    speaking[one].append(slot.id)
            place += span
    return _Head(tuple(map(tuple, lines)), tuple(map(tuple, speaking)))


def _rows(paths: Sequence[Path], prefix: str, *, depth: int) -> _Head:
    """Return the head cells that begin each line, and the ids that speak for its numbers."""
    names = count(1)
    lines: list[list[Slot]] = [[] for _ in paths]
    speaking: list[list[str]] = [[] for _ in paths]
    for place, path in enumerate(paths):
        for level, text in enumerate(path):
            is_leaf = level == len(path) - 1
            if not is_leaf and place and paths[place - 1][: level + 1] == path[: level + 1]:
                continue
            span = 1 if is_leaf else _shared(paths, place, level)
            slot = Slot(
                text=text, scope="row" if is_leaf else "rowgroup", id=f"{prefix}-r{next(names)}", rowspan=span,
                colspan=_reach(path, level, depth),
            )  # fmt: skip
            lines[place].append(slot)
            for one in range(place, place + span):
                speaking[one].append(slot.id)
    return _Head(tuple(map(tuple, lines)), tuple(map(tuple, speaking)))


def _shared(paths: Sequence[Path], place: int, level: int) -> int:
    """Return how many neighbours from ``place`` on share the headings down to ``level``; a label of its own is one."""
    path = paths[place]
    if level >= len(path) - 1:
        return 1
    end = place + 1
    while end < len(paths) and len(paths[end]) > level + 1 and paths[end][: level + 1] == path[: level + 1]:
        end += 1
    return end - place


def _reach(path: Path, level: int, depth: int) -> int:
    """Return how many levels a heading covers: to the bottom if it is the last one, else over what continues it."""
    if level == len(path) - 1:
        return depth - level
    below = level + 1
    while below < len(path) - 1 and not path[below]:
        below += 1
    return below - level
