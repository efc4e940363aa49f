"""Rules L04, L07, L08, R03 and R04: totals and the parts that are said to make them up."""

import re
from collections.abc import Iterator
from decimal import Decimal

from cms.api import gettext as _

from .document import Document
from .registry import Context, Hit, Severity
from .rules import RULES, shown
from .source import Span
from .sums import Breakdown, runs
from .topics import Topic

_NEARLY = Decimal("0.9")
_MANY = 3
_CLAIMS = {
    "规范性文件": re.compile(r"规范性文件"),
    "政策法规": re.compile(r"政策法规|法规政策|政策文件"),
    "办事指南": re.compile(r"办事指南|服务指南"),
    "政策解读": re.compile(r"政策解读"),
    "人事信息": re.compile(r"人事(?:任免|信息)"),
    "财政信息": re.compile(r"预决算|预算决算|财政预算|财务信息"),
}
_CLAIMED = re.compile(r"(?:公开了|发布了|公布了|(?<!主动)公开|更新)(?P<what>[^。;:]{0,22})")
#: The sentence speaks of something else than what was published this year.
_NO_CLAIM = re.compile(
    r"栏目|公开栏|宣传栏|公示栏|查阅|窗口|办公场所|电子屏|往年|没有|未|不足|偏少|应当|可以|要求|将要?|按照|依据|如何|规定"
)
_MEANT = re.compile(r"负责|审查|清理|备案|机制|流程|标准|目录|属性|的(?:文件|信息)")
_PUBLISHED = re.compile(r"(?:发布|公开|刊发|上传)[^,。;]{0,14}(?:信息|文章|稿件|动态)")


def _words(document: Document, one: Span) -> str:
    return document.text[one.start : one.end]


def _sum(document: Document, found: Breakdown) -> str:
    return " + ".join(_words(document, one.quantity) for one in found.parts)


def _range(low: Decimal, high: Decimal | None) -> str:
    if high is None:
        return _("不少于 {n}").format(n=shown(low))
    return shown(low) if low == high else f"{shown(low)}—{shown(high)}"


@RULES.rule(
    "L04", Severity.ERROR, "分项之和与总数不符",
    "“共×件，其中……”：分项之和应等于总数。含有概数、只能大致相符的，以及分项未列全的，作为提醒。",
    source="年度报告常见差错（F05）",
)  # fmt: skip
def parts_in_prose(context: Context) -> Iterator[Hit]:
    """Parts of a total in prose add up to it; what is only roughly right is a warning."""
    document = context.document
    for found in context.breakdowns:
        total = found.total.quantity
        names = {"total": _words(document, total), "parts": _sum(document, found), "sum": _range(found.low, found.high)}
        if found.is_exact:
            yield from _exact(found, names)
        elif not total.may_equal(found.low, found.high):
            yield Hit(message=_("总数为 {total}，分项 {parts} = {sum}，不相符。").format(**names), span=total)
        elif any(one.quantity.vague for one in found.parts):
            message = _("总数为 {total}，分项 {parts} = {sum}，只能大致相符；请写确数。")
            yield Hit(message=message.format(**names), span=total, severity=Severity.WARNING)


def _exact(found: Breakdown, names: dict[str, str]) -> Iterator[Hit]:
    total = found.total.quantity
    cut = runs(total, found.parts)
    if cut is None:
        message = _("总数为 {total}，分项 {parts} = {sum}，大于总数。")
        if found.is_by_channel:
            message += _("同一信息通过几种渠道公开的，请写明有重复。")
        severity = Severity.WARNING if found.is_by_channel else None
        yield Hit(message=message.format(**names), span=total, severity=severity)
        return
    added = sum((one.quantity.base for one in cut[-1]), Decimal())
    if (
        added == total.base
        or found.is_open
        or found.is_mixed
        or (added < total.base and len(cut) > 1 and len(cut[-1]) == 1)
    ):
        return
    if len(cut) > 1:
        names |= {"parts": " + ".join(shown(one.quantity.base) for one in cut[-1]), "sum": shown(added)}
    is_likely = len(cut[-1]) >= _MANY or added >= total.base * _NEARLY
    yield Hit(
        message=_("总数为 {total}，分项 {parts} = {sum}，少于总数。").format(**names), span=total,
        severity=Severity.WARNING if is_likely else Severity.NOTE,
    )  # fmt: skip


@RULES.rule(
    "L07", Severity.WARNING, "分项已列全仍写“等”",
    "分项之和已等于总数，后面的“等”字应删去。", source="年度报告常见差错（F10）",
)  # fmt: skip
def nothing_left(context: Context) -> Iterator[Hit]:
    """等 after parts that already make up the total."""
    document = context.document
    for found in context.breakdowns:
        if found.is_open and found.is_exact and found.low == found.total.quantity.base:
            end = found.parts[-1].quantity.end
            message = _("{parts} 已等于 {total}，“等”字没有所指。").format(
                parts=_sum(document, found), total=_words(document, found.total.quantity)
            )
            place = document.folded.index("等", end)
            yield Hit(message=message, span=Span(found.parts[-1].quantity.start, place + 1))


@RULES.rule(
    "L08",
    Severity.ERROR,
    "称已公开而统计中没有",
    "发布总数的分项已列全，其中没有的类别不应再称“公开了各类……”；确有公开的，请补上件数。",
    source="年度报告常见差错（F11）",
)
def claims_without_count(context: Context) -> Iterator[Hit]:
    """A category that is said to be published is missing from a complete list of what was published."""
    document = context.document
    whole = [one for one in context.breakdowns if one.is_exact and one.low == one.total.quantity.base > 0]
    for found in whole:
        if not _PUBLISHED.search(found.total.label) or "申请" in found.total.label or context.is_government:
            continue
        labels = "".join(one.label for one in found.parts)
        told: dict[str, Span] = {}
        problems = document.chapter(Topic.PROBLEMS)
        for sentence in document.sentences:
            if _NO_CLAIM.search(document.says(sentence)) or (
                problems and problems.start < sentence.start < problems.end
            ):
                continue
            for name, claim in _claims(document, sentence):
                if not _CLAIMS[name].search(labels):
                    told.setdefault(name, claim)
        if told:
            message = _("{total} 由 {parts} 组成，没有{names}，而正文称已公开或更新。").format(
                total=_words(document, found.total.quantity), parts=_sum(document, found), names="、".join(told)
            )
            yield Hit(message=message, span=next(iter(told.values())))
            return


def _claims(document: Document, sentence: Span) -> Iterator[tuple[str, Span]]:
    """Yield the categories that a sentence says were published, without a number."""
    for said in _CLAIMED.finditer(document.says(sentence)):
        if _MEANT.search(said["what"]):
            continue
        for name, pattern in _CLAIMS.items():
            claim = pattern.search(said["what"])
            if claim is None:
                continue
            start = sentence.start + said.start("what") + claim.start()
            span = Span(start, start + len(claim.group()))
            near = Span(span.start, min(sentence.end, span.end + 12))
            if not any(one.is_count for one in document.numbers.within(near)):
                yield name, span


@RULES.rule(
    "R03", Severity.ERROR, "合计不符", "统计表和指标中，合计应等于各分项之和。", source="国办发〔2014〕32号统计表",
)  # fmt: skip
def totals(context: Context) -> Iterator[Hit]:
    """Totals and their parts; what is not known is not compared."""
    for one in context.identities():
        amounts = [amount for _name, amount in one.parts]
        added = sum((amount for amount in amounts if amount is not None), Decimal())
        if one.amount is not None and None not in amounts and added != one.amount:
            message = _("合计不符：{total} 为 {whole}，{parts} 为 {added}。").format(
                total=one.name, whole=shown(one.amount), parts=" + ".join(name for name, _amount in one.parts),
                added=shown(added),
            )  # fmt: skip
            yield Hit(message=message, span=one.span)


@RULES.rule(
    "R04", Severity.ERROR, "大小关系不符", "统计表中，“其中”项不能大于它所属的项。", source="国办发〔2014〕32号统计表",
)  # fmt: skip
def bounds(context: Context) -> Iterator[Hit]:
    """Cells of the statistics table that may not exceed others."""
    for table in context.tables.values():
        for code, limit in table.shape.bounds:
            part, whole = table.amount(code, "n"), table.amount(limit, "n")
            if part is not None and whole is not None and part > whole:
                row = table.shape.row
                message = _("大小关系不符：{part} 为 {a}，大于 {whole} 的 {b}。").format(
                    part=f"{code} {row(code).label}", a=shown(part), whole=f"{limit} {row(limit).label}", b=shown(whole)
                )
                yield Hit(message=message, span=table.cells[code, "n"])
