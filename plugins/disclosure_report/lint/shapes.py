"""What the tables of a format look like: rows, columns and the words around them. The format files say it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .source import fold

_NO_WORD = re.compile(r"[^\u4e00-\u9fffA-Za-z]|[一二三四五六七八九十]")
_BRACKETS = re.compile(r"\([^()]{0,80}\)")
_SHORT = 2


def core(label: str) -> str:
    """Return what a label says, without numbering, punctuation, digits and spaces."""
    return _NO_WORD.sub("", fold(label))


@dataclass(frozen=True)
class RowShape:
    """A row: its code, its label, the columns that have a value in it.

    :param group: the headings above it, the widest first, with ``/`` between. :param units: unit of each column, where
        it is not ``unit``.
    """

    code: str
    label: str
    columns: tuple[str, ...]
    group: str = ""
    unit: str = "件"
    units: Mapping[str, str] = field(default_factory=dict)

    def unit_of(self, column: str) -> str:
        """Return the unit of a cell."""
        return self.units.get(column, self.unit)

    @cached_property
    def cores(self) -> tuple[str, ...]:
        """Return the label as it is compared: whole, and without what stands in brackets."""
        whole, brief = core(self.label), core(_BRACKETS.sub("", fold(self.label)))
        return (whole, brief) if brief and brief != whole else (whole,)


@dataclass(frozen=True)
class Shape:
    """A table of a format.

    :param heads: words of its head. :param column_labels: label of each column, by code; order is that of the columns.
    :param is_flat: it has one value for each row, and is given as code → value.
    :param in_one_row: its groups may stand beside each other, all values in one row.
    :param total_column: the column that is the sum of the others. :param signed: columns that may be negative.
    :param sums: rows of a flat table that are the sum of others. :param bounds: rows with a row they may not exceed.
    """

    code: str
    title: str
    rows: tuple[RowShape, ...]
    heads: tuple[str, ...] = ()
    column_labels: Mapping[str, str] = field(default_factory=dict)
    is_flat: bool = False
    in_one_row: bool = False
    total_column: str = ""
    signed: frozenset[str] = frozenset()
    sums: tuple[tuple[str, tuple[str, ...]], ...] = ()
    bounds: tuple[tuple[str, str], ...] = ()

    def row(self, code: str) -> RowShape:
        """Return the row of that code; a ``KeyError`` tells that there is none."""
        return self._rows[code]

    @cached_property
    def _rows(self) -> dict[str, RowShape]:
        return {row.code: row for row in self.rows}

    @cached_property
    def words(self) -> frozenset[str]:
        """Return everything that may stand in the table beside values, as it is compared."""
        labels = [*self.heads, *self.column_labels.values()]
        for row in self.rows:
            parts = row.group.split("/")
            labels += [row.label, *parts, "".join(parts), f"{parts[-1]}{row.label}", f"{''.join(parts)}{row.label}"]
        return frozenset(word for word in map(core, labels) if word)

    def name(self, row: str, column: str) -> str:
        """Return how people call a cell."""
        label = self.row(row).label
        group = self.row(row).group.replace("/", "")
        row_name = f"{group}{label}" if group and len(label) < len("1.属于国家秘密") else label
        return row_name if self.is_flat else f"{row_name}·{self.column_labels.get(column, column)}"
