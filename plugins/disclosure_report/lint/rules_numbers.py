"""Rules X21, L05, L09 and L10: numbers that are vague, malformed, without a base, or cannot be."""

import re
from collections.abc import Iterator
from decimal import Decimal

from cms.api import gettext as _

from .document import Document
from .numbers import Percent, Quantity
from .registry import Context, Fix, Hit, Severity
from .rules import RULES, shown
from .source import Span
from .topics import Topic

_GROWTH = re.compile(r"同比|增长|上升|增加|下降|减少|提高|提升|降低|较上年|比上年|较去年|比去年|环比")
_BOUND = re.compile(r"(?:超过|超|以上|以下|以内|不足|不到|达到?)")
_PUSH = re.compile(r"推送|报送|上报|投稿|推荐")
_PUBLISH = re.compile(
    r"(?:共|总计|累计|全年)[^,。;]{0,20}(?:发布|公开|刊发)|(?:发布|公开|刊发)[^,。;]{0,12}(?:共|总数)"
)
#: A longer sentence has room for its own base.
_LONG_SENTENCE = 40
#: The report says itself why more was pushed than published.
_TOLD_TWICE = re.compile(
    r"(?:同一|一)条?信息[^。]{0,12}(?:多个|几个|不同|两个)[^。]{0,10}推送|推送[^。]{0,20}(?:重复|不相加|不与)"
)
_PLAN = re.compile(r"将|计划|力争|目标|要求|确保|应当|不低于|不少于|不得")


def _vague(context: Context) -> Iterator[tuple[Span, Quantity]]:
    document = context.document
    for sentence in document.sentences:
        for one in document.numbers.within(sentence):
            if one.is_count and one.vague:
                yield sentence, one


@RULES.rule(
    "X21", Severity.WARNING, "统计数字不确切",
    "统计数字应是确数，不用“余”“多”“近”“约”“左右”等。登记簿里有确切的数，请照登记簿写。",
    source="国办公开办函〔2021〕30号；年度报告常见差错（F06）",
)  # fmt: skip
def vague_numbers(context: Context) -> Iterator[Hit]:
    """No approximations of statistics; durations and plans are none."""
    for sentence, one in _vague(context):
        text = context.document.says(sentence)
        chapter = context.document.chapter_at(one.start)
        is_plan = chapter is not None and chapter.topic is Topic.PROBLEMS and bool(_PLAN.search(text))
        if not is_plan:
            words = context.document.text[one.start : one.end]
            yield Hit(message=_("“{words}”不是确数（{vague}）。").format(words=words, vague=one.vague), span=one)


@RULES.rule(
    "L05", Severity.ERROR, "概数写法不成立",
    "“余”“多”只能跟在整十、整百、整千的数后面：“16余条”说不出是多少。请写确数。", source="年度报告常见差错（F07）",
)  # fmt: skip
def malformed_numbers(context: Context) -> Iterator[Hit]:
    """余 and 多 follow round numbers only."""
    for _sentence, one in _vague(context):
        if one.is_malformed:
            words = context.document.text[one.start : one.end]
            exact = f"{shown(one.base)}{one.unit}"
            yield Hit(
                message=_("“{words}”：{number} 不是整十以上的整数，后面不能加“{more}”。").format(
                    words=words, number=shown(one.base), more=one.vague
                ),
                span=one, fix=Fix(start=one.start, end=one.end, text=exact),
            )  # fmt: skip


@RULES.rule(
    "L09", Severity.WARNING, "百分比没有基数",
    "写百分比时应写明是多少分之多少，例如“应答复 8 件，按期答复 8 件，按期率 100%”。", source="年度报告常见差错（F12）",
)  # fmt: skip
def rates(context: Context) -> Iterator[Hit]:
    """A rate needs its numerator and denominator, exact, in the same sentence or the one before."""
    document = context.document
    for percent in document.numbers.percents:
        if document.in_table(percent.start) or (document.title and percent.start < document.title.end):
            continue
        sentence = document.sentence_at(percent.start)
        is_long = sentence.end - sentence.start > _LONG_SENTENCE
        near = sentence if is_long else _with_before(document, sentence)
        counted = [one for one in document.numbers.within(near) if one.is_count]
        inside = [one for one in counted if one.start >= sentence.start]
        words = document.text[percent.start : percent.end]
        if _PLAN.search(document.says(sentence)):
            continue
        if not counted:
            yield Hit(message=_("“{words}”没有写明基数。").format(words=words), span=percent)
        elif any(one.vague for one in inside) and not _is_growth(document, sentence, percent):
            vague = next(one for one in inside if one.vague)
            base = document.text[vague.start : vague.end]
            message = _("“{words}”的基数“{base}”不是确数。").format(words=words, base=base)
            yield Hit(message=message, span=percent)


def _with_before(document: Document, sentence: Span) -> Span:
    index = document.sentences.index(sentence) if sentence in document.sentences else 0
    before = document.sentences[index - 1] if index else sentence
    # Only a sentence of the same paragraph belongs to it.
    return Span(before.start, sentence.end) if "\n" not in document.folded[before.start : sentence.start] else sentence


def _is_growth(document: Document, sentence: Span, percent: Percent) -> bool:
    before = document.folded[max(sentence.start, percent.start - 14) : percent.start]
    return bool(_GROWTH.search(before))


@RULES.rule(
    "L10",
    Severity.WARNING,
    "推送数大于发布数",
    "向其他网站推送的信息一般来自本网站已发布的信息，推送总数大于发布总数时请核对或说明。",
    source="年度报告常见差错（F13）",
)
def pushed_more_than_published(context: Context) -> Iterator[Hit]:
    """What is pushed to other sites was published before."""
    document = context.document
    published: list[Quantity] = []
    pushed: list[Quantity] = []
    for sentence in document.sentences:
        place = sentence.start
        for one in document.numbers.within(sentence):
            if not one.is_count or one.unit not in {"条", "篇", "件"}:
                continue
            label = document.folded[place : one.start].rsplit("。", 1)[-1]
            is_listed = bool(pushed) and place == pushed[-1].end and not _PUBLISH.search(label)
            if _PUSH.search(label) or is_listed:
                pushed.append(one)
            elif _PUBLISH.search(label):
                published.append(one)
            place = one.end
    if not published or not pushed or _TOLD_TWICE.search(context.prose):
        return
    most = max((one.high if one.high is not None else one.base for one in published), default=Decimal())
    least = sum((one.low for one in pushed), Decimal())
    if least > most:
        message = _("推送至少 {pushed} 条，大于发布的 {published} 条。").format(
            pushed=shown(least), published=shown(most)
        )
        yield Hit(message=message, span=pushed[0])
