"""What is wrong or missing in a report: small functions, each with the id of its rule.

=====  ========  ==============================================================================
R01    W         缺少数据: a value that has to be entered by hand is missing
R02    W         来源插件已停用: a figure has no value, because its plugin is disabled
R03    E         合计不符: a total differs from the sum of its parts, or from the figure it must equal
R04    E         大小关系不符: a part exceeds its whole
R05    E         未知的指标: a token in a text names no figure
R06    I         填报数与计算数不同: another value is reported than the records give
R07    W         章节没有内容: a chapter is empty
=====  ========  ==============================================================================
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from cms.api import gettext as _

from .format_file import Format
from .report import Finding, Number, Origin, Report, Severity, plain

Check = Callable[[Report, Format], Iterator[Finding]]


def find_all(report: Report, form: Format) -> Report:
    """Return ``report`` with the findings of all rules, in the order of the rules."""
    return replace(report, findings=tuple(finding for check in CHECKS for finding in check(report, form)))


def missing_values(report: Report, form: Format) -> Iterator[Finding]:
    """R01: values that have to be entered by hand; cells that only show a figure are told once, at the figure."""
    bound = {row.code for table in form.tables_of(report.year) for row in table.rows if row.figure or row.sum}
    for number in report.numbers():
        if number.value is None and number.origin is Origin.MANUAL and number.code not in bound:
            message = _("缺少数据：{code} {label}（{unit}）尚未填报。")
            yield Finding(rule="R01", severity=Severity.WARNING, message=_about(message, number))


def disabled_sources(report: Report, form: Format) -> Iterator[Finding]:
    """R02: figures that no enabled plugin has."""
    del form
    for number in report.figures.values():
        if number.value is None and number.origin is Origin.COMPUTED:
            message = _("来源插件已停用：{code} {label}（{unit}）没有数值。")
            yield Finding(rule="R02", severity=Severity.WARNING, message=_about(message, number))


def totals(report: Report, form: Format) -> Iterator[Finding]:
    """R03: totals and their parts; what is not known is not compared."""
    every = _every(report)
    for identity in form.identities:
        yield from _differ(every, identity.total, identity.parts)
    for table in form.tables_of(report.year):
        for row in table.rows:
            if row.equals:
                yield from _differ(every, row.code, (row.equals,))


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
        yield Finding(rule="R03", severity=Severity.ERROR, message=message)


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
                    yield Finding(rule="R04", severity=Severity.ERROR, message=message)


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
                        rule="R05",
                        severity=Severity.ERROR,
                        message=message,
                        excerpt=fragment.text,
                        start=place,
                        end=end,
                    )
                place = end
            # The line end between paragraphs.
            place += 1


def overrides(report: Report, form: Format) -> Iterator[Finding]:
    """R06: figures reported with another value than the records give."""
    del form
    for number in report.figures.values():
        if number.is_overridden and number.value is not None and number.computed is not None:
            message = _("填报数与计算数不同：{name} 填报 {value}，计算 {computed}；理由：{reason}").format(
                name=_name(number), value=plain(number.value), computed=plain(number.computed), reason=number.reason
            )
            yield Finding(rule="R06", severity=Severity.NOTE, message=message)


def empty_chapters(report: Report, form: Format) -> Iterator[Finding]:
    """R07: chapters without text."""
    del form
    for chapter in report.chapters:
        if not chapter.plain.strip():
            message = _("“{chapter}”一章没有内容。").format(chapter=chapter.title)
            yield Finding(rule="R07", severity=Severity.WARNING, message=message)


CHECKS: tuple[Check, ...] = (
    missing_values, disabled_sources, totals, bounds, unknown_tokens, overrides, empty_chapters
)  # fmt: skip


def _every(report: Report) -> dict[str, Number]:
    return {number.code: number for number in report.numbers()}


def _about(message: str, number: Number) -> str:
    return message.format(code=number.code, label=number.label, unit=number.unit)


def _name(number: Number) -> str:
    return f"{number.code} {number.label}"
