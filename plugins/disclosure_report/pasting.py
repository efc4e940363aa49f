"""Numbers pasted from a spreadsheet or a web page into a table: found in their rows and checked against their sums."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from cms.api import Invalid
from cms.api import gettext as _

from .report import Layout, plain
from .table_file import BlockSpec, ColumnSpec, RowSpec, TableSpec

#: What published tables print for nothing.
_NOTHING = frozenset({"", "/", "-", "—", "－", "无"})
_SPACE = re.compile(r"[\s　]+")
_BRACKET = re.compile(r"(?<=.)（[^（）]*）$")
#: So many characters of a label name it.
_SURE = 4
_TOLD = 8


@dataclass(frozen=True)
class Pasted:
    """The values found, by the code of the cell, as they are typed into a form; and how many cells were empty."""

    values: Mapping[str, str]
    blank: int


def read_pasted(text: str, spec: TableSpec) -> Pasted:
    """Return the values of ``text``: lines of cells between tabs, with or without labels, sums and head lines.

    A line belongs to the row whose label it carries; lines without any label are taken in the order of the rows, with
    all of them or with all but the sums. The balances of the table tell whether that order was right. Empty cells and
    what is printed for nothing (``/``, ``-``) count as 0.

    :raises Invalid: at ``pasted``: no or too few numbers, a line of another length, sums that do not add up.
    """
    lines = [[_SPACE.sub("", cell) for cell in line.split("\t")] for line in text.splitlines() if line.strip(" ")]
    problems: list[str] = []
    values: dict[str, str] = {}
    blank = 0
    for block, row, cells in _in_rows(lines, spec, problems):
        columns = _columns_of(block, len(cells))
        if columns is None:
            problems.append(
                _("“{row}”一行有 {n} 个数，应为 {m} 个。").format(row=row.label, n=len(cells), m=len(block.columns))
            )
            continue
        numbers = {column.code: _number(cell) for column, cell in zip(columns, cells, strict=True)}
        blank += sum(cell in _NOTHING for cell in cells)
        problems += _row_sums(block, row, numbers)
        values |= {spec.address(row.code, code): plain(number) for code, number in numbers.items()}
    problems += [*_column_sums(spec, values), *_unbalanced(spec, values)]
    if not values and not problems:
        problems.append(_("没有找到数字。请在表格中选中数字区域，复制后粘贴到这里。"))
    if problems:
        raise Invalid({"pasted": problems[:_TOLD]})
    derived = {cell.code for cell in spec.cells() if cell.parts}
    return Pasted({code: value for code, value in values.items() if code not in derived}, blank)


def _in_rows(
    lines: Sequence[list[str]], spec: TableSpec, problems: list[str]
) -> list[tuple[BlockSpec, RowSpec, list[str]]]:
    rows = [(block, row) for block in spec.all_blocks() for row in block.rows]
    labelled = [(one, cells) for line in lines if (one := _row_named(line, rows)) and (cells := _tail(line))]
    if labelled:
        return [(*one, cells) for one, cells in labelled]
    bare = _side_by_side([line for line in lines if all(cell in _NOTHING or _is_number(cell) for cell in line)], spec)
    if not any(_is_number(cell) for line in bare for cell in line):
        return []
    entered = [(block, row) for block, row in rows if not row.sum]
    order = {len(rows): rows, len(entered): entered}.get(len(bare))
    if order is None:
        message = _("粘贴了 {n} 行数字，这张表有 {m} 行（不含合计为 {k} 行）。")
        problems.append(message.format(n=len(bare), m=len(rows), k=len(entered)))
        return []
    return [(block, row, line) for (block, row), line in zip(order, bare, strict=True)]


def _side_by_side(lines: list[list[str]], spec: TableSpec) -> list[list[str]]:
    """Return the rows of a table that is printed as one line."""
    if spec.layout is not Layout.ACROSS or len(lines) != 1:
        return lines
    (line,), columns = lines, len(spec.columns)
    return [line[start : start + columns] for start in range(0, len(line), columns)]


def _row_named(line: list[str], rows: Sequence[tuple[BlockSpec, RowSpec]]) -> tuple[BlockSpec, RowSpec] | None:
    """Return the row whose label one of the cells has; the longest label wins.

    Published tables leave explanations in brackets out, and 规范性文件 without 行政 is the same row.
    """
    labels = [cell for cell in line if cell and not _is_number(cell)]
    found = [(block, row) for block, row in rows if any(_is_label_of(cell, row) for cell in labels)]
    return max(found, key=lambda one: len(one[1].label), default=None)


def _is_label_of(cell: str, row: RowSpec) -> bool:
    label = _BRACKET.sub("", _SPACE.sub("", row.label))
    return label in cell or (len(cell) >= _SURE and cell in label)


def _tail(line: list[str]) -> list[str]:
    """Return the cells after the last label."""
    last = max((place for place, cell in enumerate(line) if cell not in _NOTHING and not _is_number(cell)), default=-1)
    return line[last + 1 :]


def _columns_of(block: BlockSpec, count: int) -> Sequence[ColumnSpec] | None:
    entered = [column for column in block.columns if not column.sum]
    return {len(block.columns): block.columns, len(entered): entered}.get(count)


def _row_sums(block: BlockSpec, row: RowSpec, numbers: Mapping[str, Decimal]) -> list[str]:
    problems = []
    for column in block.columns:
        if column.sum and column.code in numbers:
            added = sum((numbers[code] for code in column.sum), Decimal())
            if added != numbers[column.code]:
                problems.append(
                    _("“{row}”一行：{column}为 {n}，各列相加为 {m}。").format(
                        row=row.label, column=column.label, n=plain(numbers[column.code]), m=plain(added)
                    )
                )
    return problems


def _column_sums(spec: TableSpec, values: Mapping[str, str]) -> list[str]:
    problems = []
    for block in spec.all_blocks():
        for row in block.rows:
            for column in block.columns if row.sum else ():
                parts = [spec.address(code, column.code) for code in row.sum]
                code = spec.address(row.code, column.code)
                if code in values and all(part in values for part in parts):
                    added = sum((Decimal(values[part]) for part in parts), Decimal())
                    if added != Decimal(values[code]):
                        problems.append(
                            _("“{row}”一行：{column}列为 {n}，各行相加为 {m}。").format(
                                row=row.label, column=column.label, n=values[code], m=plain(added)
                            )
                        )
    return problems


def _unbalanced(spec: TableSpec, values: Mapping[str, str]) -> list[str]:
    """Return where 勾稽关系 do not hold, sums being computed from their parts."""
    every = {code: Decimal(value) for code, value in values.items()}
    for cell in spec.cells():
        if cell.code not in every and cell.parts and all(part in every for part in cell.parts):
            every[cell.code] = sum((every[part] for part in cell.parts), Decimal())
    problems = []
    for balance, column in ((balance, column) for balance in spec.balances for column in spec.columns):
        sides = [[spec.address(row, column.code) for row in side] for side in (balance.left, balance.right)]
        if not all(code in every for side in sides for code in side):
            continue
        left, right = (sum((every[code] for code in side), Decimal()) for side in sides)
        if left != right:
            told = _("{column}列 {left} 之和为 {a}，{right} 之和为 {b}，请核对行的次序和数字。").format(
                column=column.label, left=" + ".join(balance.left), a=plain(left), right=" + ".join(balance.right),
                b=plain(right),
            )  # fmt: skip
            problems.append(told)
    return problems


def _is_number(cell: str) -> bool:
    try:
        return Decimal(_digits(cell)).is_finite()
    except InvalidOperation:
        return False


def _number(cell: str) -> Decimal:
    return Decimal() if cell in _NOTHING else Decimal(_digits(cell))


def _digits(cell: str) -> str:
    return cell.replace(",", "").replace("，", "")
