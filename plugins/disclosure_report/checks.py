"""The rules that need our own records: R01, R02, R05 to R08, X14 to X16. They check our report with all others."""

import re
from collections.abc import Iterator, Sequence

from cms.api import gettext as _

from .format_file import Format
from .lint import catalogue
from .lint.organs import Organ
from .lint.registry import Context, Finding, Hit, Registry, Rule, Severity, run
from .lint.source import Span, fold
from .lint.topics import Topic, bare
from .own import OwnContext, placed
from .report import Number, Origin, Report, Table, plain
from .tokens import PLACEHOLDER

#: Codes that a finding about many cells names.
_NAMED = 6
_LATE = re.compile(r"超期|逾期|未按期|未按时|延迟|超时")
_OTHER = re.compile(r"上年|去年|同比|增加|减少|增长|下降|较|比|其余|每")
OWN: Registry[OwnContext] = Registry()


def find_all(report: Report, form: Format) -> tuple[Finding, ...]:
    """Return what all rules find in our own report; findings inside the prose of a chapter name it."""
    context = OwnContext(report, form, level=Organ(report.organ).level)
    found = run([*own_rules(), *catalogue.RULES], context)
    return tuple(placed(one, context.text) for one in found)


def own_rules() -> Sequence[Rule[OwnContext]]:
    """Return the rules that are asked on our own report only, in the order of their ids."""
    return tuple(OWN)


@OWN.rule(
    "R01",
    Severity.WARNING,
    "缺少数据",
    "需要人工填报的数还没有填；没有数不等于 0。",
    source="指标与登记簿",
    is_own=True,
)
def missing_values(context: OwnContext) -> Iterator[Hit]:
    """Values that have to be entered by hand; cells that only show a figure are told once, at the figure."""
    report = context.report
    yield from _unknown(report, Origin.MANUAL, _("缺少数据：{code} {label}（{unit}）尚未填报。"))
    for table, missing in _unknown_in_blocks(report, Origin.MANUAL):
        yield _about_table(_("缺少数据：{title}有 {n} 个单元格尚未填报（{codes}）。"), table, missing)


@OWN.rule(
    "R02", Severity.WARNING, "来源插件已停用", "这个数由插件的记录计算，插件停用后没有数；请启用插件或人工填报。",
    source="指标与登记簿", is_own=True,
)  # fmt: skip
def disabled_sources(context: OwnContext) -> Iterator[Hit]:
    """Figures and cells that no enabled plugin has."""
    report = context.report
    yield from _unknown(report, Origin.COMPUTED, _("来源插件已停用：{code} {label}（{unit}）没有数值。"))
    for table, missing in _unknown_in_blocks(report, Origin.COMPUTED):
        message = _("来源插件已停用：{title}有 {n} 个单元格没有数值（{codes}），可以人工填报。")
        yield _about_table(message, table, missing)


def _unknown(report: Report, origin: Origin, message: str) -> Iterator[Hit]:
    """Tell figures and cells of lists without value; those that show a figure are told once, at the figure."""
    rows = [row.number for table in report.tables.values() for row in table.rows if row.number is not None]
    for number in (*report.figures.values(), *rows):
        if number.value is None and number.origin is origin and not number.figure:
            yield Hit(message=_about(message, number))


def _unknown_in_blocks(report: Report, origin: Origin) -> Iterator[tuple[Table, list[Number]]]:
    for table in report.tables.values():
        cells = [number for block in table.blocks for row in block.rows for number in row.cells]
        missing = [number for number in cells if number.value is None and number.origin is origin]
        if missing:
            yield table, missing


def _about_table(message: str, table: Table, cells: list[Number]) -> Hit:
    codes = _("、").join(number.code for number in cells[:_NAMED]) + ("…" if len(cells) > _NAMED else "")
    return Hit(message=message.format(title=table.title, n=len(cells), codes=codes))


@OWN.rule(
    "R05",
    Severity.ERROR,
    "未知的指标",
    "正文引用了不存在的指标代码；请从编辑页下方的清单中选用。",
    source="指标与登记簿",
    is_own=True,
)
def unknown_tokens(context: OwnContext) -> Iterator[Hit]:
    """Tokens that name no figure."""
    for chapter in context.report.chapters:
        place = context.text.chapters[chapter.code].start
        for paragraph in chapter.paragraphs:
            for fragment in paragraph:
                end = place + len(fragment.text)
                if fragment.is_unknown:
                    message = _("“{chapter}”一章引用了未知的指标：{token}。").format(
                        chapter=chapter.title, token=fragment.text
                    )
                    yield Hit(message=message, span=Span(place, end))
                place = end
            # The line end between paragraphs.
            place += 1


@OWN.rule(
    "R06", Severity.NOTE, "填报数与计算数不同", "报告的数与系统记录不同，已写明理由；两个数都会在报告中显示。",
    source="指标与登记簿", is_own=True,
)  # fmt: skip
def overrides(context: OwnContext) -> Iterator[Hit]:
    """Figures and cells reported with another value than the records give; it is an error without a reason.

    A value that agreed when it was entered needs none; the records may have changed since.
    """
    for number in context.report.numbers():
        is_own = number.is_overridden and not number.figure
        if is_own and number.value is not None and number.computed is not None:
            message = _("填报数与计算数不同：{name} 填报 {value}，计算 {computed}；理由：{reason}").format(
                name=f"{number.code} {number.label}", value=plain(number.value), computed=plain(number.computed),
                reason=number.reason or _("（没有写明）"),
            )  # fmt: skip
            span = context.text.cells.get(number.code)
            yield Hit(message=message, span=span, severity=None if number.reason else Severity.ERROR)


@OWN.rule(
    "R07", Severity.WARNING, "章节没有内容", "没有要报告的也应写一句话说明。", source="《条例》第五十条", is_own=True,
)  # fmt: skip
def empty_chapters(context: OwnContext) -> Iterator[Hit]:
    """Chapters without text."""
    for chapter in context.report.chapters:
        if not chapter.table and not chapter.plain.strip():
            yield Hit(message=_("“{chapter}”一章没有内容。").format(chapter=chapter.title))


@OWN.rule(
    "R08", Severity.ERROR, "还有待填内容", "自动生成的草稿中留给人写的地方还没有写；写好后把方括号一起删去。",
    source="报告草稿", is_own=True,
)  # fmt: skip
def open_places(context: OwnContext) -> Iterator[Hit]:
    """What a draft leaves for people to write."""
    for chapter in context.report.chapters:
        begin = context.text.chapters[chapter.code].start
        for match in PLACEHOLDER.finditer(chapter.plain):
            message = _("“{chapter}”一章还有待填内容：{text}").format(chapter=chapter.title, text=match.group())
            yield Hit(message=message, span=Span(begin + match.start(), begin + match.end()))


@OWN.rule(
    "X14", Severity.WARNING, "没有征求第三方意见的记录",
    "以保护第三方合法权益为由不予公开的，应当征求过第三方意见；台账中没有这样的记录。",
    source="《条例》第十五条、第三十二条", tables="T3", is_own=True,
)  # fmt: skip
def third_parties(context: OwnContext) -> Iterator[Hit]:
    """Refusals for third parties' sake need consultations of third parties."""
    refused, asked = context.amount("T3", "A3.3.4", "T"), context.report.figures.get("applications.third_party")
    if refused and asked is not None and asked.value == 0:
        message = _("以保护第三方合法权益为由不予公开 {n} 件，征求第三方意见的记录为 0 件。").format(n=plain(refused))
        yield Hit(message=message, span=context.text.cells.get("T3.A3.3.4.T"))


@OWN.rule(
    "X15", Severity.ERROR, "正文数字与登记簿不符",
    "正文中直接写的数应与登记簿一致：登记簿有记录时不能写“0 件”。请改用引用代码，数字会随记录更新。", source="登记簿",
    is_own=True,
)  # fmt: skip
def registers(context: OwnContext) -> Iterator[Hit]:
    """Numbers typed into the prose about something that is counted in a register."""
    document = context.document
    typed = _typed(context)
    figures = [one for one in context.report.figures.values() if one.value is not None]
    labels = {one.code: bare(one.label) for one in figures}
    for _stretch, parts in context.counted:
        for part in parts:
            words = bare(re.sub(r"(?:共|计|有|为|是|约|近)*$", "", part.label))
            fitting = [one for one in figures if words.endswith(labels[one.code]) and one.unit == part.quantity.unit]
            figure = max(fitting, key=lambda one: len(one.label), default=None)
            if (
                figure is None
                or _OTHER.search(part.label)
                or not any(span.start <= part.quantity.start < span.end for span in typed)
            ):
                continue
            if figure.value is not None and not part.quantity.may_equal(figure.value, figure.value):
                message = _("正文写“{words}”，登记簿中{label}为 {value}{unit}。").format(
                    words=fold(document.text[part.quantity.start : part.quantity.end]), label=figure.label,
                    value=figure.shown, unit=figure.unit,
                )  # fmt: skip
                yield Hit(message=message, span=part.quantity)


def _typed(context: OwnContext) -> list[Span]:
    """Return the stretches of the chapters that people typed: everything but the live numbers."""
    found = []
    for chapter in context.report.chapters:
        place = context.text.chapters[chapter.code].start
        for paragraph in chapter.paragraphs:
            for fragment in paragraph:
                if not fragment.code:
                    found.append(Span(place, place + len(fragment.text)))
                place += len(fragment.text)
            place += 1
    return found


@OWN.rule(
    "X16", Severity.WARNING, "超期答复没有交代", "有超过法定期限才答复的申请，问题一章应当说明原因和改进措施。",
    source="《条例》第三十三条", is_own=True,
)  # fmt: skip
def overdue(context: OwnContext) -> Iterator[Hit]:
    """Applications answered late are mentioned among the problems."""
    late, chapter = context.report.figures.get("applications.overdue"), context.document.chapter(Topic.PROBLEMS)
    if late is None or not late.value or chapter is None:
        return
    if not any(_LATE.search(context.document.says(one)) for one in chapter.paragraphs):
        message = _("有 {n} 件申请超过期限才答复，问题一章没有提到。").format(n=plain(late.value))
        yield Hit(message=message, span=Span(chapter.heading.start, chapter.heading.end))


def every_rule() -> list[Rule[OwnContext] | Rule[Context]]:
    """Return all rules in the order of their ids, for the reference page."""
    rules: list[Rule[OwnContext] | Rule[Context]] = [*OWN, *catalogue.RULES]
    return sorted(rules, key=lambda one: one.id)


def _about(message: str, number: Number) -> str:
    return message.format(code=number.code, label=number.label, unit=number.unit)


__all__ = ["OWN", "Finding", "every_rule", "find_all", "own_rules"]
