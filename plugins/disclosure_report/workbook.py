"""The report as a spreadsheet: the statutory tables with numbers, and formulas that check them (校核)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cms.api import Align, Cell, Formula, Sheet, as_xlsx, local_instant
from cms.api import Table as Printed
from cms.api import gettext as _

from .charts import charts_of
from .export_tables import chart_table, placing
from .report import Number, Report, Table
from .reports import Current
from .workbook_checks import RIGHT, WRONG, Check, Relation, checks_of, unknown

Address = tuple[str, int, int]
#: Columns of the sheet of checks: both sides and the result.
_LEFT, _RIGHT, _RESULT = 2, 3, 4


def as_workbook(found: Current) -> bytes:
    """Return the report as an .xlsx file.

    A sheet for each statutory table: every number stands as it is reported, sums too, and 校核 at the end of a line
    says ✓ or ✗. The sheet 校核 works every rule out by formulas: changing any figure changes what they say. Numbers
    that are not known are empty, and rules about them say 缺数. Further sheets hold the figures and what charts show.
    """
    report = found.report
    checks = checks_of(report, found.form)
    frozen_on = found.frozen_on
    return as_xlsx(
        [
            *_tables(report, checks), *([_checks(report, checks)] if checks else []), _figures(report),
            *_charts(found),
        ],
        title=report.title, author=report.organ,
        made_at=local_instant(frozen_on) if frozen_on is not None else None,
    )  # fmt: skip


def _names(report: Report) -> dict[str, str]:
    """Return the name of the sheet of each table."""
    return {code: table.title for code, table in report.tables.items()}


def _values(report: Report) -> dict[str, Decimal | None]:
    return {code: number.value for table in report.tables.values() for code, number in table.cells.items()}


def _number(number: Number) -> Cell:
    """Return a cell that a spreadsheet can count with; empty where the number is not known."""
    return Cell(_countable(number.value) if number.value is not None else "", align=Align.CENTER)


def _countable(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def _tables(report: Report, checks: Sequence[Check]) -> list[Sheet]:
    lines: dict[str, list[int]] = defaultdict(list)
    for place, check in enumerate(checks):
        lines[check.about].append(place)
    values = _values(report)

    def ending(numbers: list[Number]) -> str | Formula:
        places = [place for number in numbers for place in lines[number.code]]
        return _verdict(places, [checks[place].result(values) for place in places]) if places else ""

    return [
        Sheet(
            table.title, placing(table, _number, ending if _is_checked(table, lines) else None).table,
            title=_("{title}（{year}年度）").format(title=table.title, year=report.year),
        ) for table in report.tables.values()
    ]  # fmt: skip


def _is_checked(table: Table, lines: Mapping[str, Sequence[int]]) -> bool:
    return any(code in lines for code in table.cells)


def _verdict(places: Sequence[int], results: Sequence[str]) -> Formula:
    """Return the formula that sums up checks: wrong if one is, else a number is missing, else right."""
    cells = [(_("校核"), place + 1, _RESULT) for place in places]
    wrong = ",".join(f'{{{n}}}="{WRONG}"' for n in range(len(cells)))
    right = ",".join(f'{{{n}}}="{RIGHT}"' for n in range(len(cells)))
    told = WRONG if WRONG in results else RIGHT if set(results) == {RIGHT} else unknown()
    return Formula(f'IF(OR({wrong}),"{WRONG}",IF(AND({right}),"{RIGHT}","{unknown()}"))', cells, told)


@dataclass(frozen=True)
class _Sheets:
    """Where each cell stands: the name of its sheet, row and column."""

    addresses: Mapping[str, Address]
    values: Mapping[str, Decimal | None]

    def total(self, codes: Sequence[str]) -> Formula:
        """Return the sum of cells; empty ones count as 0."""
        places = ",".join(f"{{{n}}}" for n in range(len(codes)))
        result = sum((self.values[code] or Decimal() for code in codes), Decimal())
        return Formula(f"SUM({places})", [self.addresses[code] for code in codes], result)


def _checks(report: Report, checks: Sequence[Check]) -> Sheet:
    names = _names(report)
    ending = {table.code: _number_ending for table in report.tables.values()}
    addresses = {
        code: (names[table.code], *place)
        for table in report.tables.values()
        for code, place in placing(table, _number, ending[table.code]).places.items()
    }
    sheets = _Sheets(addresses, _values(report))
    heads = (_("表"), _("校核内容"), _("左边"), _("右边"), _("结果"))
    rows = [[Cell(text, is_header=True) for text in heads]]
    rows += [_line(sheets, names[check.table], check, place) for place, check in enumerate(checks, 1)]
    rows.append(_conclusion([check.result(sheets.values) for check in checks]))
    return Sheet(
        _("校核"), Printed(rows, widths=[24.0, 60.0, 12.0, 12.0, 14.0]), title=_("校核（由公式计算）"),
        notes=[_("改动任一统计表中的数，本表随即重新计算：✓ 一致，✗ 不一致，缺数表示有数还没有填报。")],
    )  # fmt: skip


def _number_ending(_numbers: list[Number]) -> str:
    return ""


def _line(sheets: _Sheets, name: str, check: Check, place: int) -> list[Cell]:
    left: Formula = sheets.total(check.left)
    right = _countable(check.carried) if check.carried is not None else sheets.total(check.right)
    cells = [sheets.addresses[code] for code in (*check.left, *check.right)]
    counted = ",".join(f"{{{n}}}" for n in range(2, len(cells) + 2))
    test = "{0}<={1}" if check.relation is Relation.AT_MOST else "ROUND({0}-{1},6)=0"
    result = Formula(
        f'IF(COUNT({counted})<{len(cells)},"{unknown()}",IF({test},"{RIGHT}","{WRONG}"))',
        [(place, _LEFT), (place, _RIGHT), *cells], check.result(sheets.values),
    )  # fmt: skip
    return [
        Cell(name), Cell(check.label), Cell(left, align=Align.CENTER), Cell(right, align=Align.CENTER),
        Cell(result, align=Align.CENTER),
    ]  # fmt: skip


def _conclusion(results: Sequence[str]) -> list[Cell]:
    wrong, missing = results.count(WRONG), results.count(unknown())
    told = (
        f"{WRONG} {wrong}{_('项不一致')}" if wrong else
        f"{missing}{_('项缺数')}" if missing else f"{RIGHT} {_('全部一致')}"
    )  # fmt: skip
    span = "{0}:{1}"
    pattern = (
        f'IF(COUNTIF({span},"{WRONG}")>0,"{WRONG} "&COUNTIF({span},"{WRONG}")&"{_("项不一致")}",'
        f'IF(COUNTIF({span},"{unknown()}")>0,COUNTIF({span},"{unknown()}")&"{_("项缺数")}",'
        f'"{RIGHT} {_("全部一致")}"))'
    )
    verdict = Formula(pattern, [(1, _RESULT), (len(results), _RESULT)], told)
    return [
        Cell(_("结论"), is_header=True, colspan=_RESULT, align=Align.RIGHT),
        Cell(verdict, is_header=True, align=Align.CENTER),
    ]  # fmt: skip


def _figures(report: Report) -> Sheet:
    heads = (_("指标"), _("代码"), _("数值"), _("单位"), _("系统记录"), _("依据或理由"))
    rows = [[Cell(text, is_header=True) for text in heads]]
    for one in report.figures.values():
        computed = _countable(one.computed) if one.computed is not None else ""
        rows.append([
            Cell(one.label), Cell(one.code), _number(one), Cell(one.unit, align=Align.CENTER),
            Cell(computed, align=Align.CENTER), Cell(_("；").join(filter(None, (one.source, one.reason, one.problem)))),
        ])  # fmt: skip
    return Sheet(_("指标"), Printed(rows, widths=[30.0, 26.0, 12.0, 8.0, 12.0, 40.0]), title=report.title)


def _charts(found: Current) -> list[Sheet]:
    return [
        Sheet(
            _("年度对比 {title}").format(title=chart.title),
            chart_table(chart, lambda text: Cell(_countable(Decimal(text)) if text else "", align=Align.CENTER)),
            title=_("{title}（单位：{unit}）").format(title=chart.title, unit=chart.unit),
        ) for chart in charts_of(found.report, found.form)
    ]  # fmt: skip
