"""The numbers of a report: each from an entry, from the records, from other cells, or from last year's report."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cms.api import gettext as _

from .format_file import FigureSpec
from .measuring import Measured, Measures
from .models import ManualValue
from .report import Block, Column, Number, Origin, Row, Table
from .table_file import BlockSpec, CellSpec, RowSpec, TableSpec


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that is known of a year: what was entered, what the records say, what last year's report left over.

    :param collected: sums of subordinate organs, by cell; they take the place of records, or are added to them.
    """

    entered: Mapping[str, ManualValue]
    measures: Measures
    previous: Mapping[str, Decimal]
    collected: Mapping[str, Decimal] = field(default_factory=dict)
    adds_own: bool = False


def figure_number(spec: FigureSpec, known: Known) -> Number:
    """Return a figure of the report."""
    cell = CellSpec(
        code=spec.code, label=spec.label, unit=spec.unit, sources=spec.sources, needs_record=spec.needs_record
    )  # fmt: skip
    return _number(cell, known, None, None)


def table_of(spec: TableSpec, figures: Mapping[str, Number], known: Known, *, chapter: str = "") -> Table:
    """Return a table with all its numbers.

    :param figures: the figures of the report, which lists may show.
    """
    bound = {cell.code: cell for cell in spec.cells()}
    cells: dict[str, Number] = {}

    def number(code: str) -> Number:
        if code in figures:
            return figures[code]
        if code not in cells:
            cell = bound[code]
            if cell.parts:
                cells[code] = _sum(cell, [number(part) for part in cell.parts])
            else:
                whole = number(cell.zero_with) if cell.zero_with else None
                witness = number(cell.witness) if cell.witness else None
                cells[code] = _number(cell, known, whole, witness)
        return cells[code]

    def row_number(row: RowSpec) -> Number | None:
        if row.is_heading:
            return None
        return _shown(row, figures[row.figure]) if row.figure else number(row.code)

    def block(one: BlockSpec) -> Block:
        codes = [column.code for column in one.columns]
        rows = tuple(
            Row(
                code=row.code, label=row.label, above=row.above,
                cells=tuple(number(spec.address(row.code, code)) for code in codes),
            ) for row in one.rows
        )  # fmt: skip
        columns = tuple(Column(code=column.code, label=column.label, above=column.above) for column in one.columns)
        return Block(title=one.title, columns=columns, rows=rows)

    rows = tuple(
        Row(code=row.code, label=row.label, depth=row.depth, number=row_number(row)) for row in spec.rows
    ) if spec.is_list else ()  # fmt: skip
    return Table(
        code=spec.code, title=spec.title, basis=spec.basis, rows=rows, blocks=tuple(map(block, spec.all_blocks())),
        layout=spec.layout, corner=spec.corner, chapter=chapter,
    )  # fmt: skip


def _shown(row: RowSpec, figure: Number) -> Number:
    return replace(
        figure, code=row.code, label=row.label, unit=row.unit, figure=figure.code, has_list=False, is_public=False,
        sources=(),
    )  # fmt: skip


def _sum(cell: CellSpec, parts: list[Number]) -> Number:
    values = [part.value for part in parts if part.value is not None]
    is_whole = len(values) == len(parts)
    is_counted = is_whole and all(part.has_list for part in parts)
    return Number(
        code=cell.code, label=cell.label, unit=cell.unit, origin=Origin.SUM, parts=cell.parts,
        value=sum(values, Decimal()) if is_whole else None, problem="" if is_whole else _("分项尚未填报"),
        has_list=is_counted, is_public=is_counted and all(part.is_public for part in parts),
    )  # fmt: skip


def _number(cell: CellSpec, known: Known, whole: Number | None, witness: Number | None) -> Number:
    measured = known.measures.of(cell.sources, cell.unit, cell.otherwise, needs_record=cell.needs_record)
    if measured is not None and measured.is_silent and witness is not None and witness.value:
        # Something was counted elsewhere, so a register that holds nothing of the year is no proof of 0.
        measured = None
    entry, collected = known.entered.get(cell.code), known.collected.get(cell.code)
    if collected is not None:
        own = measured.value if measured is not None and known.adds_own else Decimal()
        if entry is None:
            return Number(
                code=cell.code, label=cell.label, unit=cell.unit, value=collected + own, computed=collected + own,
                origin=Origin.COLLECTED,
            )  # fmt: skip
        by_hand = _by_hand(cell, entry, None)
        return replace(by_hand, computed=collected + own)
    if entry is not None:
        return _by_hand(cell, entry, measured)
    if measured is not None:
        return Number(
            code=cell.code, label=cell.label, unit=cell.unit, value=measured.value, computed=measured.value,
            origin=Origin.COMPUTED, has_list=True, is_public=measured.is_public, sources=measured.sources,
        )  # fmt: skip
    return _without_records(cell, known, whole)


def _without_records(cell: CellSpec, known: Known, whole: Number | None) -> Number:
    if whole is not None and whole.value == 0:
        return Number(code=cell.code, label=cell.label, unit=cell.unit, value=Decimal(), origin=Origin.IMPLIED)
    if cell.carried in known.previous:
        carried = known.previous[cell.carried]
        return Number(
            code=cell.code, label=cell.label, unit=cell.unit, value=carried, origin=Origin.CARRIED,
            source=_("上年度报告 {code}").format(code=cell.carried),
        )  # fmt: skip
    is_off = bool(cell.sources) and not known.measures.has(cell.sources)
    return Number(
        code=cell.code, label=cell.label, unit=cell.unit, value=None,
        origin=Origin.COMPUTED if is_off else Origin.MANUAL,
        problem=_("来源插件已停用") if is_off else _("尚未填报"),
    )  # fmt: skip


def _by_hand(cell: CellSpec, entry: ManualValue, measured: Measured | None) -> Number:
    counted = measured is not None and not measured.is_silent
    return Number(
        code=cell.code, label=cell.label, unit=cell.unit, value=entry.amount, origin=Origin.MANUAL,
        computed=measured.value if measured is not None and counted else None, reason=entry.reason,
        source=entry.source, has_evidence=entry.evidence_id is not None, has_list=counted,
        sources=measured.sources if measured is not None and counted else (),
    )  # fmt: skip
