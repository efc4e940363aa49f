"""What is wrong or missing in a report: small functions, each with the id of its rule.

=====  ========  ==============================================================================
R01    W         缺少数据: a value that has to be entered by hand is missing
R02    W         来源插件已停用: a figure has no value, because its plugin is disabled
R03    E         合计不符: a total differs from the sum of its parts, or from the figure it must equal
R04    E         大小关系不符: a part exceeds its whole
R05    E         未知的指标: a token in a text names no figure
R06    I         填报数与计算数不同: another value is reported than the records give
R07    W         章节没有内容: a chapter is empty
R08    E         待填内容: a draft still asks for something
R09    E         上年结转不符: another value than last year's report left over, without a reason
=====  ========  ==============================================================================
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from cms.api import gettext as _

from .format_file import Format
from .report import Block, Finding, Number, Origin, Report, Severity, Table, plain
from .table_file import Balance
from .tokens import PLACEHOLDER

#: Codes that a finding about many cells names.
_NAMED = 6

Check = Callable[[Report, Format], Iterator[Finding]]


def find_all(report: Report, form: Format) -> Report:
    """Return ``report`` with the findings of all rules, in the order of the rules."""
    return replace(report, findings=tuple(finding for check in CHECKS for finding in check(report, form)))


def missing_values(report: Report, form: Format) -> Iterator[Finding]:
    """R01: values that have to be entered by hand; cells that only show a figure are told once, at the figure."""
    del form
    yield from _unknown(report, Origin.MANUAL, "R01", _("缺少数据：{code} {label}（{unit}）尚未填报。"))
    for table, missing in _unknown_in_blocks(report, Origin.MANUAL):
        yield _about_table("R01", _("缺少数据：{title}有 {n} 个单元格尚未填报（{codes}）。"), table, missing)


def disabled_sources(report: Report, form: Format) -> Iterator[Finding]:
    """R02: figures and cells that no enabled plugin has."""
    del form
    yield from _unknown(report, Origin.COMPUTED, "R02", _("来源插件已停用：{code} {label}（{unit}）没有数值。"))
    for table, missing in _unknown_in_blocks(report, Origin.COMPUTED):
        message = _("来源插件已停用：{title}有 {n} 个单元格没有数值（{codes}），可以人工填报。")
        yield _about_table("R02", message, table, missing)


def _unknown(report: Report, origin: Origin, rule: str, message: str) -> Iterator[Finding]:
    """Tell figures and cells of lists without value; those that show a figure are told once, at the figure."""
    rows = [row.number for table in report.tables.values() for row in table.rows if row.number is not None]
    for number in (*report.figures.values(), *rows):
        if number.value is None and number.origin is origin and not number.figure:
            yield Finding(rule=rule, severity=Severity.WARNING, message=_about(message, number), cells=(number.code,))


def _unknown_in_blocks(report: Report, origin: Origin) -> Iterator[tuple[Table, list[Number]]]:
    for table in report.tables.values():
        cells = [number for block in table.blocks for row in block.rows for number in row.cells]
        missing = [number for number in cells if number.value is None and number.origin is origin]
        if missing:
            yield table, missing


def _about_table(rule: str, message: str, table: Table, cells: list[Number]) -> Finding:
    codes = _("、").join(number.code for number in cells[:_NAMED]) + ("…" if len(cells) > _NAMED else "")
    text = message.format(title=table.title, n=len(cells), codes=codes)
    return Finding(rule=rule, severity=Severity.WARNING, message=text, cells=tuple(number.code for number in cells))


def totals(report: Report, form: Format) -> Iterator[Finding]:
    """R03: totals and their parts; what is not known is not compared."""
    every = _every(report)
    for identity in form.identities:
        yield from _differ(every, identity.total, identity.parts)
    for table in form.tables_of(report.year):
        for row in table.rows:
            if row.equals:
                yield from _differ(every, row.code, (row.equals,))
        for block in report.tables[table.code].blocks:
            yield from _unbalanced(block, table.balances)


def _differ(every: Mapping[str, Number], total: str, parts: tuple[str, ...]) -> Iterator[Finding]:
    values = [every[part].value for part in parts]
    whole = every[total].value
    if whole is None or any(value is None for value in values):
        return
    added = sum((value for value in values if value is not None), Decimal())
    if added != whole:
        message = _("合计不符：{total} 为 {whole}，{parts} 为 {added}。").format(
            total=_name(every[total]), whole=plain(whole), added=plain(added),
            parts=_(" + ").join(_name(every[part]) for part in parts),
        )  # fmt: skip
        yield Finding(rule="R03", severity=Severity.ERROR, message=message, cells=(total, *parts))


def _unbalanced(block: Block, balances: tuple[Balance, ...]) -> Iterator[Finding]:
    rows = {row.code: row for row in block.rows}
    for balance in balances:
        for place, column in enumerate(block.columns):
            sides = [[rows[code].cells[place] for code in side] for side in (balance.left, balance.right)]
            left, right = map(_added, sides)
            if left is not None and right is not None and left != right:
                message = _("勾稽关系不符：{column}列 {left} 为 {a}，{right} 为 {b}。").format(
                    column=column.label, left=" + ".join(balance.left), a=plain(left),
                    right=" + ".join(balance.right), b=plain(right),
                )  # fmt: skip
                cells = tuple(number.code for side in sides for number in side)
                yield Finding(rule="R03", severity=Severity.ERROR, message=message, cells=cells)


def _added(numbers: list[Number]) -> Decimal | None:
    values = [number.value for number in numbers if number.value is not None]
    return sum(values, Decimal()) if len(values) == len(numbers) else None


def carry_over(report: Report, form: Format) -> Iterator[Finding]:
    """R09: what last year's report left over; another value that was entered with a reason is only told."""
    if report.previous is None:
        return
    every = _every(report)
    for cell in (cell for table in form.tables_of(report.year) for cell in table.cells()):
        number, left = every[cell.code], report.previous.cells.get(cell.carried)
        if left is not None and number.value is not None and number.value != left:
            message = _("上年结转不符：{name} 为 {a}，上年度报告 {code} 为 {b}。").format(
                name=_name(number), a=plain(number.value), code=cell.carried, b=plain(left)
            ) + (_("理由：{reason}").format(reason=number.reason) if number.reason else "")
            yield Finding(
                rule="R09", severity=Severity.NOTE if number.reason else Severity.ERROR, message=message,
                cells=(cell.code,),
            )  # fmt: skip


def bounds(report: Report, form: Format) -> Iterator[Finding]:
    """R04: cells that may not exceed others."""
    every = _every(report)
    for table in form.tables_of(report.year):
        for row in table.rows:
            for limit in row.at_most:
                part, whole = every[row.code].value, every[limit].value
                if part is not None and whole is not None and part > whole:
                    message = _("大小关系不符：{part} 为 {a}，大于 {whole} 的 {b}。").format(
                        part=_name(every[row.code]), a=plain(part), whole=_name(every[limit]), b=plain(whole)
                    )
                    yield Finding(rule="R04", severity=Severity.ERROR, message=message, cells=(row.code, limit))


def unknown_tokens(report: Report, form: Format) -> Iterator[Finding]:
    """R05: tokens that name no figure; their place is that in the rendered chapter."""
    del form
    for chapter in report.chapters:
        place = 0
        for paragraph in chapter.paragraphs:
            for fragment in paragraph:
                end = place + len(fragment.text)
                if fragment.is_unknown:
                    message = _("“{chapter}”一章引用了未知的指标：{token}。").format(
                        chapter=chapter.title, token=fragment.text
                    )
                    yield Finding(
                        rule="R05", severity=Severity.ERROR, message=message, excerpt=fragment.text, start=place,
                        end=end,
                    )  # fmt: skip
                place = end
            # The line end between paragraphs.
            place += 1


def overrides(report: Report, form: Format) -> Iterator[Finding]:
    """R06: figures and cells reported with another value than the records give; it is an error without a reason.

    A value that agreed when it was entered needs none; the records may have changed since.
    """
    del form
    for number in report.numbers():
        is_own = number.is_overridden and not number.figure
        if is_own and number.value is not None and number.computed is not None:
            message = _("填报数与计算数不同：{name} 填报 {value}，计算 {computed}；理由：{reason}").format(
                name=_name(number), value=plain(number.value), computed=plain(number.computed),
                reason=number.reason or _("（没有写明）"),
            )  # fmt: skip
            severity = Severity.NOTE if number.reason else Severity.ERROR
            yield Finding(rule="R06", severity=severity, message=message, cells=(number.code,))


def empty_chapters(report: Report, form: Format) -> Iterator[Finding]:
    """R07: chapters without text."""
    del form
    for chapter in report.chapters:
        if not chapter.table and not chapter.plain.strip():
            message = _("“{chapter}”一章没有内容。").format(chapter=chapter.title)
            yield Finding(rule="R07", severity=Severity.WARNING, message=message)


def open_places(report: Report, form: Format) -> Iterator[Finding]:
    """R08: what a draft leaves for people to write; their place is that in the rendered chapter."""
    del form
    for chapter in report.chapters:
        for match in PLACEHOLDER.finditer(chapter.plain):
            message = _("“{chapter}”一章还有待填内容：{text}").format(chapter=chapter.title, text=match.group())
            yield Finding(
                rule="R08", severity=Severity.ERROR, message=message, excerpt=match.group(), start=match.start(),
                end=match.end(),
            )  # fmt: skip


CHECKS: tuple[Check, ...] = (
    missing_values, disabled_sources, totals, carry_over, bounds, unknown_tokens, overrides, empty_chapters,
    open_places,
)  # fmt: skip


def _every(report: Report) -> dict[str, Number]:
    return {number.code: number for number in report.numbers()}


def _about(message: str, number: Number) -> str:
    return message.format(code=number.code, label=number.label, unit=number.unit)


def _name(number: Number) -> str:
    return f"{number.code} {number.label}"
