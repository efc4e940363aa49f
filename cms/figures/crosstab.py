"""Cross tables (交叉统计): many figures that share one Select, computed by one GROUP BY."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.figures.figure import QUANTITY, AnySelect, Figure, ListColumn, Period, Query

#: Labels of the columns of the Select that say to which row and column of the table a record belongs.
ROW_CODE, COLUMN_CODE = "row_code", "column_code"
#: Code and Chinese label, in order.
Headings = tuple[tuple[str, str], ...]
#: Codes of row and column.
CellAddress = tuple[str, str]


class CellMeasure(NamedTuple):
    """What stands in a cell: its number, and how many records say so (0 records: nobody has recorded anything)."""

    value: int
    records: int


class CellEntry(NamedTuple):
    """A record behind a cell; ``quantity`` is 1 where records are counted."""

    record_id: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class Crosstab:
    """A table of figures over ONE Select, so that cell, list and table cannot disagree.

    ``query`` gives labelled columns: the record's id first, among the others ``row_code`` and ``column_code``, and
    ``quantity`` if ``is_sum``. A record counts in several cells if the Select has a line for each. The Select is
    filtered by its own row and column, so it has no LIMIT, GROUP BY or window functions: wrap those, and UNION, as a
    subquery.

    :param rows: code and label of each row; :param columns: of each column. No code is that of both.
    :param list_columns: what lists show of a record, its id first. :param public: citizens may see the lists.
    :raises ValueError: if codes make the name of a cell ambiguous.
    """

    code: str
    label: str
    unit: str
    rows: Headings
    columns: Headings
    query: Query
    list_columns: tuple[ListColumn, ...]
    public: bool = False
    is_sum: bool = False
    help: str = ""

    def __post_init__(self) -> None:
        names = list(self._names())
        twice = sorted({name for name in names if names.count(name) > 1})
        if not self.rows or not self.columns or twice:
            raise ValueError(f"crosstab {self.code!r}: no rows or columns, or ambiguous codes: {', '.join(twice)}")

    def values(self, session: Session, period: Period) -> dict[CellAddress, int]:
        """Return the number of every cell, in the order of the table, from one query."""
        found = self.measures(session, period)
        nothing = CellMeasure(0, 0)
        return {
            (row, column): found.get((row, column), nothing).value for row, _ in self.rows for column, _ in self.columns
        }

    def measures(self, session: Session, period: Period) -> dict[CellAddress, CellMeasure]:
        """Return the cells that have records, from one query.

        :raises ValueError: if a record names a row or column that the table has not: it would be lost.
        """
        behind = self.query(session, period).order_by(None).subquery()
        number = func.coalesce(func.sum(behind.c[QUANTITY]), 0) if self.is_sum else func.count()
        row, column = behind.c[ROW_CODE], behind.c[COLUMN_CODE]
        query = select(row, column, number, func.count()).select_from(behind).group_by(row, column)
        found = {(one[0], one[1]): CellMeasure(int(one[2]), int(one[3])) for one in session.execute(query)}
        self._refuse_strangers(found)
        return found

    def entries(self, session: Session, period: Period) -> dict[CellAddress, tuple[CellEntry, ...]]:
        """Return the records behind each cell that has some, in the order of the lists, from one query.

        :raises ValueError: as :meth:`measures`.
        """
        key = self.list_columns[0].name
        found: dict[CellAddress, list[CellEntry]] = {}
        for row in self.figure().rows(session, period):
            entry = CellEntry(int(row[key]), int(row[QUANTITY]) if self.is_sum else 1)
            found.setdefault((row[ROW_CODE], row[COLUMN_CODE]), []).append(entry)
        self._refuse_strangers(found)
        return {address: tuple(entries) for address, entries in found.items()}

    def figure(self, row: str = "", column: str = "") -> Figure:
        """Return a cell as a figure; a row or column left out means all of it.

        Its code is ``CODE.ROW.COLUMN``, ``CODE.ROW``, ``CODE.COLUMN`` or ``CODE``.

        :raises KeyError: if the table has no such row or column.
        """
        # An empty code means all rows or columns, so it stays without a label of its own.
        labels = [dict(self.rows)[row]] if row else []
        labels += [dict(self.columns)[column]] if column else []

        def query(session: Session, period: Period) -> AnySelect:
            lines = self.query(session, period)
            for name, wanted in ((ROW_CODE, row), (COLUMN_CODE, column)):
                if wanted:
                    lines = lines.where(lines.selected_columns[name] == wanted)
            return lines

        return Figure(
            code=".".join(filter(None, (self.code, row, column))), unit=self.unit, query=query, is_sum=self.is_sum,
            label=f"{self.label}：{'，'.join(labels)}" if labels else self.label, columns=self.list_columns,
            public=self.public, help=self.help, value_labels=self.value_labels,
        )  # fmt: skip

    def address(self, code: str) -> CellAddress | None:
        """Return row and column of the cell that ``code`` names, or nothing if it names none of this table."""
        return self._addresses.get(code)

    @property
    def value_labels(self) -> Mapping[str, Mapping[str, str]]:
        """Return the labels of the codes of rows and columns, for lists that show them."""
        return {ROW_CODE: dict(self.rows), COLUMN_CODE: dict(self.columns)}

    @cached_property
    def _addresses(self) -> dict[str, CellAddress]:
        return dict(zip(self._names(), self._all_addresses(), strict=True))

    def _all_addresses(self) -> Iterator[CellAddress]:
        yield "", ""
        for row, _ in self.rows:
            yield row, ""
        for column, _ in self.columns:
            yield "", column
        for row, _ in self.rows:
            for column, _ in self.columns:
                yield row, column

    def _names(self) -> Iterator[str]:
        for row, column in self._all_addresses():
            yield ".".join(filter(None, (self.code, row, column)))

    def _refuse_strangers(self, found: Mapping[CellAddress, object]) -> None:
        rows, columns = dict(self.rows), dict(self.columns)
        strangers = sorted(f"{row}.{column}" for row, column in found if row not in rows or column not in columns)
        if strangers:
            raise ValueError(
                f"crosstab {self.code!r} has records for cells it does not declare: {', '.join(strangers)}"
            )
