"""What a spreadsheet checks for itself: sums of rows and columns, balances, bounds, and what last year left over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cms.api import gettext as _

from .format_file import Format
from .report import Report
from .table_file import BlockSpec, TableSpec

RIGHT, WRONG = "✓", "✗"


class Relation(StrEnum):
    """How both sides of a check have to stand to each other."""

    EQUAL = "="
    AT_MOST = "<="


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check between cells of one table.

    :param about: the cell at whose line it is told. :param left: cells that are added up, and compared with those of
        ``right``. :param carried: the number of last year's report in the place of ``right``.
    """

    table: str
    about: str
    label: str
    left: Sequence[str]
    right: Sequence[str] = ()
    carried: Decimal | None = None
    relation: Relation = Relation.EQUAL

    def sides(self, values: Mapping[str, Decimal | None]) -> tuple[Decimal | None, Decimal | None]:
        """Return both sums; nothing where a cell has no value."""
        return _sum(self.left, values), self.carried if self.carried is not None else _sum(self.right, values)

    def result(self, values: Mapping[str, Decimal | None]) -> str:
        """Return what the spreadsheet will say."""
        left, right = self.sides(values)
        if left is None or right is None:
            return unknown()
        holds = left <= right if self.relation is Relation.AT_MOST else left == right
        return RIGHT if holds else WRONG


def unknown() -> str:
    """Return what stands in the place of a result where a number is missing."""
    return _("缺数")


def _sum(codes: Sequence[str], values: Mapping[str, Decimal | None]) -> Decimal | None:
    total = Decimal()
    for code in codes:
        value = values.get(code)
        if value is None:
            return None
        total += value
    return total


def checks_of(report: Report, form: Format) -> list[Check]:
    """Return all checks of the tables of ``report``, those about one line together, in the order of the lines."""
    found = []
    for spec in form.tables_of(report.year):
        if spec.code in report.tables:
            cells = report.tables[spec.code].cells
            made = [*_list_checks(spec), *_block_checks(spec), *_balances(spec), *_carried(spec, report)]
            order = {code: place for place, code in enumerate(cells)}
            known = [one for one in made if {*one.left, *one.right} <= {*cells}]
            found += sorted(known, key=lambda one: order[one.about])
    return found


def _list_checks(spec: TableSpec) -> Iterator[Check]:
    labels = {row.code: row.label for row in spec.rows}
    for row in spec.rows if spec.is_list else ():
        if row.sum:
            label = _("{row} = 各分项之和").format(row=row.label)
            yield Check(table=spec.code, about=row.code, label=label, left=(row.code,), right=row.sum)
        for most in row.at_most:
            label = _("{row} 不大于 {other}").format(row=row.label, other=labels.get(most, most))
            yield Check(
                table=spec.code, about=row.code, label=label, left=(row.code,), right=(most,),
                relation=Relation.AT_MOST,
            )  # fmt: skip


def _block_checks(spec: TableSpec) -> Iterator[Check]:
    for block in spec.all_blocks():
        for row in block.rows:
            for column in block.columns:
                cell = spec.address(row.code, column.code)
                if column.sum:
                    label = _("{row}：{column} = 本行各列之和").format(row=row.label, column=column.label)
                    parts = tuple(spec.address(row.code, one) for one in column.sum)
                    yield Check(table=spec.code, about=cell, label=label, left=(cell,), right=parts)
                if row.sum:
                    label = _("{row}：{column} = 本列各项之和").format(row=row.label, column=column.label)
                    parts = tuple(spec.address(one, column.code) for one in row.sum)
                    yield Check(table=spec.code, about=cell, label=label, left=(cell,), right=parts)


def _balances(spec: TableSpec) -> Iterator[Check]:
    blocks = [block for block in spec.all_blocks() if spec.balances]
    for block in blocks:
        labels = {row.code: row.label for row in block.rows}
        for balance in spec.balances:
            sides = [" + ".join(labels.get(code, code) for code in side) for side in (balance.left, balance.right)]
            for column in block.columns:
                left, right = (
                    tuple(spec.address(code, column.code) for code in side) for side in (balance.left, balance.right)
                )
                label = _("{column}：{left} = {right}").format(column=column.label, left=sides[0], right=sides[1])
                yield Check(table=spec.code, about=right[-1], label=label, left=left, right=right)


def _carried(spec: TableSpec, report: Report) -> Iterator[Check]:
    previous = report.previous
    if previous is None:
        return
    labels = _labels(spec.all_blocks())
    for cell in spec.cells():
        if cell.carried in previous.cells:
            label = _("{cell} = {year}年度报告{other}").format(
                cell=cell.label, year=previous.year, other=labels.get(cell.carried, cell.carried)
            )
            yield Check(
                table=spec.code, about=cell.code, label=label, left=(cell.code,), carried=previous.cells[cell.carried]
            )


def _labels(blocks: Sequence[BlockSpec]) -> dict[str, str]:
    return {row.code: row.label for block in blocks for row in block.rows}
