"""Tables of a format file: what their rows, columns and cells are, and where each number comes from."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from .report import Layout

Years = tuple[int, int]
#: One level of a code: a number, or a letter.
_STEP = re.compile(r"\d+|[a-z](?![a-zA-Z])")


class Spec(BaseModel):
    """A table of a file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


#: One text, or several.
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class ColumnSpec(Spec):
    """A column of a block.

    :param above: headings it shares with its neighbours. :param unit: if it differs from that of the rows.
    :param sum: columns that are added up. :param signed: values may be negative.
    :param verified: ``false`` if no official source was at hand; :param note: what is uncertain about it.
    """

    code: str
    label: str
    above: Texts = ()
    unit: str = ""
    sum: tuple[str, ...] = ()
    signed: bool = False
    verified: bool = True
    note: str = ""


class RowSpec(Spec):
    """A row of a table: a heading without unit, or one whose cells are bound in exactly one way.

    :param figure: code of a figure of the format. :param manual: entered by hand. :param sum: rows that are added up.
    :param source: codes in the figure registry that are added up; in a block each is followed by the column's code.
    :param otherwise: the same, used where none of ``source`` has any record. :param cells: column → codes of its own.
    :param needs_record: where no source has a record the value is not known, because nobody may have kept a register.
    :param zero_with: figure or cell that this one is a part of: where it is 0, this is 0 without any entry.
    :param witness: figure that is above 0 if there was something to count: a register without records is no 0 then.
    :param carried: row of last year's report that this one continues (上年结转).
    :param equals: figure that must have the same value. :param at_most: cells that this one may not exceed.
    :param above: headings it shares with its neighbours. :param verified: as for columns.
    """

    code: str
    label: str
    unit: str = ""
    above: Texts = ()
    figure: str = ""
    manual: bool = False
    sum: tuple[str, ...] = ()
    source: Texts = ()
    otherwise: Texts = ()
    cells: Mapping[str, Texts] = {}
    needs_record: bool = False
    zero_with: str = ""
    witness: str = ""
    carried: str = ""
    equals: str = ""
    at_most: tuple[str, ...] = ()
    verified: bool = True
    note: str = ""

    @property
    def is_heading(self) -> bool:
        """Tell whether the row only groups those below it."""
        return not self.unit

    @property
    def is_entered(self) -> bool:
        """Tell whether the value of a list's row can be entered: it shows no figure and no sum."""
        return not self.is_heading and not self.figure and not self.sum

    @property
    def depth(self) -> int:
        """Return how deep the row lies, from the form of its code: ``S2.2.1a`` is a part of ``S2.2.1``."""
        return len(_STEP.findall(self.code)) - 1

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.zero_with and not (self.manual or self.source):
            raise ValueError("zero_with is for manual and counted cells only")
        if self.otherwise and not self.source:
            raise ValueError("otherwise is for rows with a source only")
        return self


class Balance(Spec):
    """Rows whose sums must be equal in every column (勾稽关系)."""

    left: Annotated[tuple[str, ...], Field(min_length=1)]
    right: Annotated[tuple[str, ...], Field(min_length=1)]


class BlockSpec(Spec):
    """Rows and columns under a title of their own."""

    title: str = ""
    columns: tuple[ColumnSpec, ...]
    rows: Annotated[tuple[RowSpec, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class CellSpec:
    """A cell of a table as the file binds it.

    :param sources: codes in the figure registry that are added up. :param otherwise: used where these have no records.
    :param parts: cells that are added up. :param carried: cell of last year's report.
    """

    code: str
    label: str
    unit: str
    sources: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    needs_record: bool = False
    zero_with: str = ""
    witness: str = ""
    carried: str = ""
    signed: bool = False
    verified: bool = True
    note: str = ""


class TableSpec(Spec):
    """A statistics table, required in the report years from the first to the last of ``years``.

    A list has ``rows`` alone; a table of one block has ``columns`` and ``rows``, one of several has ``blocks``.

    :param source: cross table whose cells the cells show, unless a row says otherwise.
    :param witness: as for rows, for all of them. :param corner: text above the row headings.
    :param balances: 勾稽关系.
    """

    code: str
    title: str
    basis: str = ""
    years: Years
    layout: Layout = Layout.LIST
    corner: str = ""
    source: str = ""
    witness: str = ""
    columns: tuple[ColumnSpec, ...] = ()
    rows: tuple[RowSpec, ...] = ()
    blocks: tuple[BlockSpec, ...] = ()
    balances: tuple[Balance, ...] = ()
    verified: bool = True
    note: str = ""

    @property
    def is_list(self) -> bool:
        """Tell whether each row has a single number."""
        return self.layout is Layout.LIST

    def all_blocks(self) -> tuple[BlockSpec, ...]:
        """Return the blocks, of which a list has none."""
        if self.is_list:
            return ()
        return self.blocks or (BlockSpec(columns=self.columns, rows=self.rows),)

    def cells(self) -> Iterator[CellSpec]:
        """Yield the cells that have a number of their own: all but headings, and rows that show a figure."""
        for row in self.rows if self.is_list else ():
            if not row.is_heading and not row.figure:
                yield CellSpec(
                    code=row.code, label=row.label, unit=row.unit, sources=row.source, otherwise=row.otherwise,
                    parts=row.sum, needs_record=row.needs_record, zero_with=row.zero_with, carried=row.carried,
                    witness=row.witness or row.zero_with,
                    verified=self.verified and row.verified, note=self._note(row.note),
                )  # fmt: skip
        for block in self.all_blocks():
            for row in block.rows:
                for column in block.columns:
                    yield self._cell(row, column)

    def doubts(self) -> list[str]:
        """Return what is uncertain about the form of the table, each once; nothing if it was checked."""
        return list(dict.fromkeys(cell.note or cell.code for cell in self.cells() if not cell.verified))

    def as_entered(self) -> "TableSpec":
        """Return the table with every cell entered by hand but the sums: how a published one is copied."""
        unbound = {
            "figure": "",
            "source": (),
            "otherwise": (),
            "cells": {},
            "zero_with": "",
            "witness": "",
            "needs_record": False,
        }
        rows = tuple(
            row.model_copy(update={**unbound, "manual": not row.sum and not (self.is_list and row.is_heading)})
            for row in self.rows
        )
        blocks = tuple(
            block.model_copy(update={"rows": tuple(row.model_copy(update=unbound) for row in block.rows)})
            for block in self.blocks
        )
        return self.model_copy(update={"rows": rows, "blocks": blocks, "source": "", "witness": ""})

    def address(self, row: str, column: str) -> str:
        """Return the code of a cell of a block."""
        return f"{self.code}.{row}.{column}"

    def _cell(self, row: RowSpec, column: ColumnSpec) -> CellSpec:
        parts = [self.address(row.code, one) for one in column.sum]
        # A sum of sums adds its row up; that its column agrees follows, because nobody can enter either.
        parts = parts or [self.address(one, column.code) for one in row.sum]
        return CellSpec(
            code=self.address(row.code, column.code), label=f"{row.label} {column.label}",
            unit=column.unit or row.unit, parts=tuple(parts), signed=column.signed,
            sources=() if parts else self._sources(row, column),
            otherwise=() if parts else tuple(f"{one}.{column.code}" for one in row.otherwise),
            needs_record=row.needs_record, witness=row.witness or self.witness,
            carried=self.address(row.carried, column.code) if row.carried and not parts else "",
            verified=self.verified and row.verified and column.verified,
            note=self._note(row.note, column.note),
        )  # fmt: skip

    def _note(self, *notes: str) -> str:
        return "；".join(filter(None, (self.note, *notes)))

    def _sources(self, row: RowSpec, column: ColumnSpec) -> tuple[str, ...]:
        if column.code in row.cells:
            return row.cells[column.code]
        if row.manual:
            return ()
        prefixes = row.source or ((f"{self.source}.{row.code}",) if self.source else ())
        return tuple(f"{prefix}.{column.code}" for prefix in prefixes)

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.is_list and (self.columns or self.blocks or not self.rows):
            raise ValueError("a list has rows, and neither columns nor blocks")
        if not self.is_list and bool(self.blocks) == bool(self.columns and self.rows):
            raise ValueError("a table that is no list has either blocks, or columns and rows")
        problems = [*self._row_problems(), *self._block_problems()]
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _row_problems(self) -> Iterable[str]:
        for row in self.rows if self.is_list else ():
            bindings = sum((bool(row.figure), row.manual, bool(row.sum), bool(row.source)))
            if bindings != (0 if row.is_heading else 1):
                yield f"{row.code}: a row with a unit has one of figure, manual, sum, source; a heading has none"
            if row.cells or row.above:
                yield f"{row.code}: cells and above are for blocks"

    def _block_problems(self) -> Iterable[str]:
        for block in self.all_blocks():
            rows, columns = [row.code for row in block.rows], [column.code for column in block.columns]
            for row in block.rows:
                named = {"sum": row.sum, "carried": (row.carried,) if row.carried else ()}
                yield from (f"{row.code}: {key}: there is no row {one!r}"
                            for key, ones in named.items() for one in ones if one not in rows)  # fmt: skip
                yield from (f"{row.code}: there is no column {one!r}" for one in row.cells if one not in columns)
                if row.figure or row.equals or row.at_most or row.zero_with:
                    yield f"{row.code}: figure, equals, at_most and zero_with are for lists"
                yield from (f"{row.code}: {column.code} has no unit" for column in block.columns
                            if not (row.unit or column.unit))  # fmt: skip
            for column in block.columns:
                yield from (f"{column.code}: there is no column {one!r}" for one in column.sum if one not in columns)
        known = {row.code for block in self.all_blocks() for row in block.rows}
        for balance in self.balances:
            yield from (f"balance: there is no row {one!r}" for one in (*balance.left, *balance.right)
                        if one not in known)  # fmt: skip
