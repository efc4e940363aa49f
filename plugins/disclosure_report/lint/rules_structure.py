"""Rules L01 to L03, L17, L20, X20, X22: whether the report has its parts, where they belong and under their names."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from cms.api import gettext as _

from .announced import Announced, announced, is_annex, matched
from .document import Chapter
from .numbers import number_of
from .registry import Context, Fix, Hit, Severity
from .rules import RULES
from .source import Span
from .topics import Topic, bare

_ACCEPTED = frozenset({"存在问题及改进情况", "存在主要问题及改进情况"})
_DATED = re.compile(
    r"(?:(?:发布|公布|公开)(?:时间|日期)"
    r"|(?<![\u4e00-\u9fff])时间)[: ]{0,3}(?P<year>20\d\d)[-年./](?P<month>\d{1,2})[-月./](?P<day>\d{1,2})"
)
_DAY = re.compile(
    r"(?P<year>[\d二〇○零一三四五六七八九]{4})[ ]?年[ ]?(?P<month>[\d一二三四五六七八九十]{1,3})[ ]?月"
    r"[ ]?(?P<day>[\d一二三四五六七八九十]{1,3})[ ]?日"
)
_CONTACT = re.compile(r"联系(?:方式|电话|地址|人)|咨询电话|邮政?编码?[:：]|电子邮箱|通讯地址|\d{3,4}-\d{7,8}")
_NAME = "政府信息公开工作年度报告"
_ANNEX = re.compile(r"附[件表:]|统计表")


def _names(titles: list[str]) -> str:
    return "、".join(f"“{title}”" for title in titles)


@RULES.rule(
    "L01", Severity.ERROR, "预告的章节与正文不符",
    "开头说明全文包括哪几部分的，部分的数目和名称应与正文的章节一致。", source="年度报告常见差错（F02）",
)  # fmt: skip
def announced_chapters(context: Context) -> Iterator[Hit]:
    """The chapters that the opening announces are those that the report has."""
    document = context.document
    told, chapters = announced(document), document.chapters
    if told is None or not chapters:
        return
    problems = []
    if told.titles:
        pairs = matched(told.titles, chapters)
        found = [chapter for _title, chapter in pairs if chapter]
        has_annex = bool(document.tables) or bool(_ANNEX.search(context.prose))
        absent = [title for title, chapter in pairs if chapter is None and not (is_annex(title) and has_annex)]
        silent = [one.title for one in chapters if one not in found]
        if told.count is not None and told.count != len(told.titles):
            problems.append(_("说有 {n} 部分，列出的是 {m} 部分").format(n=told.count, m=len(told.titles)))
        if absent or silent:
            problems.append(_("列出 {n} 章，正文有 {m} 章").format(n=len(told.titles), m=len(chapters)))
        if absent:
            problems.append(_("正文没有{names}").format(names=_names(absent)))
        if silent:
            problems.append(_("没有预告{names}").format(names=_names(silent)))
    elif told.count is not None and told.count != len(chapters):
        problems.append(_("说有 {n} 部分，正文有 {m} 章").format(n=told.count, m=len(chapters)))
    if problems:
        yield Hit(message=_("开头{problems}。").format(problems=_("；").join(problems)), span=told)


def _pairs(context: Context) -> tuple[Announced | None, list[tuple[str, Chapter]]]:
    told = announced(context.document)
    if told is None:
        return None, []
    return told, [(title, one) for title, one in matched(told.titles, context.document.chapters) if one is not None]


@RULES.rule(
    "L02", Severity.WARNING, "章节顺序与预告不同",
    "正文章节的先后应与开头预告的一致。", source="年度报告常见差错（F03）",
)  # fmt: skip
def announced_order(context: Context) -> Iterator[Hit]:
    """Announced chapters stand in the announced order."""
    told, pairs = _pairs(context)
    for (title, one), (later_title, later) in pairwise(pairs):
        if later.start < one.start:
            message = _("开头先说“{a}”后说“{b}”，正文先“{d}”后“{c}”。").format(
                a=title, b=later_title, c=one.title, d=later.title
            )
            yield Hit(message=message, span=told)


@RULES.rule(
    "L03", Severity.WARNING, "章节名称与预告不同",
    "同一章在开头和正文中应使用同一名称。", source="年度报告常见差错（F04）",
)  # fmt: skip
def announced_titles(context: Context) -> Iterator[Hit]:
    """Announced chapters have the announced titles; punctuation and 的 do not count."""
    _told, pairs = _pairs(context)
    for title, one in pairs:
        if bare(title) != bare(one.title):
            message = _("开头称“{a}”，正文标题为“{b}”。").format(a=title, b=one.title)
            head = one.heading
            yield Hit(message=message, span=Span(head.title_start, head.end))


@RULES.rule(
    "L17", Severity.ERROR, "缺少应有的表格或要素",
    "2014—2018年度报告应附《政府信息公开情况统计表》，2019年度起正文应有规定的表格；联系方式、落款和日期按惯例也应写明。",
    source="国办发〔2014〕32号、国办公开办函〔2021〕30号",
)  # fmt: skip
def missing_elements(context: Context) -> Iterator[Hit]:
    """The tables of the format are there; contact and date are customary."""
    document = context.document
    end = Span(len(document.text), len(document.text))
    for shape in context.form.shapes:
        if shape.code not in context.tables:
            yield Hit(message=_("没有读到“{title}”的表格。").format(title=shape.title), span=end)
    lacking = []
    if not _CONTACT.search(context.prose):
        lacking.append(_("联系方式"))
    if document.signature is None:
        lacking.append(_("落款日期"))
    if lacking:
        message = _("没有{elements}。").format(elements="、".join(lacking))
        yield Hit(message=message, span=end, severity=Severity.NOTE)


@RULES.rule(
    "L20", Severity.WARNING, "标题不规范",
    "标题为“<机关名称><年度>年政府信息公开工作年度报告”。", source="国办公开办函〔2021〕30号；2018年度以前为惯例",
)  # fmt: skip
def title_wording(context: Context) -> Iterator[Hit]:
    """The title names the year and says 政府信息公开工作年度报告."""
    title, text = context.document.title, context.document.title_text
    if title is None:
        yield Hit(message=_("没有找到报告的标题。"), span=Span(0, 0))
        return
    found = re.search(
        r"(?:政府|政务)?信息公开(?:工作)?(?:年度报告|年报|工作报告|报告|年度工作报告)", context.document.says(title)
    )
    fix = None
    if found and found.group() != _NAME:
        fix = Fix(start=title.start + found.start(), end=title.start + found.end(), text=_NAME)
    if "政府信息公开" not in text:
        yield Hit(message=_("标题没有“政府信息公开”字样：“{title}”。").format(title=text), span=title, fix=fix)
    elif _NAME not in text:
        severity = Severity.WARNING if context.form.chapters_are_law else Severity.NOTE
        message = _("标题应为“…{name}”：“{title}”。").format(name=_NAME, title=text)
        yield Hit(message=message, span=title, fix=fix, severity=severity)
    if str(context.year) not in text:
        yield Hit(message=_("标题没有年度 {year}：“{title}”。").format(year=context.year, title=text), span=title)


@RULES.rule(
    "X20", Severity.ERROR, "章节不合规定",
    "六章应齐全、各一次、按规定的顺序和名称。", source="国办公开办函〔2021〕30号；国办公开办函〔2019〕60号",
    formats="gb2021 trial2019",
)  # fmt: skip
def prescribed_chapters(context: Context) -> Iterator[Hit]:
    """All chapters of the format present, once, in order, with exact titles."""
    document, wanted = context.document, context.form.chapters
    topics = [one.topic for one in wanted]
    by_topic = {topic: [one for one in document.chapters if one.topic is topic] for topic in topics}
    for shape in wanted:
        found = by_topic[shape.topic]
        if not found:
            yield Hit(message=_("没有“{title}”一章。").format(title=shape.title), span=document.opening)
        for one in found[1:]:
            message = _("“{title}”一章出现了 {n} 次。").format(title=shape.title, n=len(found))
            yield Hit(message=message, span=Span(one.heading.start, one.heading.end))
        if found:
            yield from _title_differs(found[0], shape.title)
    yield from _order(document.chapters, topics)


def _title_differs(chapter: Chapter, wanted: str) -> Iterator[Hit]:
    title = "".join(chapter.title.split())
    if bare(title) == bare(wanted) and title == wanted:
        return
    is_close = bare(title) == bare(wanted) or bare(title) in _ACCEPTED
    place = Span(chapter.heading.title_start, chapter.heading.end)
    yield Hit(
        message=_("标题为“{title}”，规定的名称是“{wanted}”。").format(title=title, wanted=wanted), span=place,
        severity=Severity.NOTE if is_close else Severity.ERROR,
        fix=Fix(start=place.start, end=place.end, text=wanted),
    )  # fmt: skip


def _order(chapters: tuple[Chapter, ...], topics: list[Topic | None]) -> Iterator[Hit]:
    known = [one for one in chapters if one.topic in topics]
    for one, later in pairwise(known):
        if topics.index(one.topic) > topics.index(later.topic):
            message = _("“{a}”排在“{b}”之前，次序不合规定。").format(a=one.title, b=later.title)
            yield Hit(message=message, span=Span(later.heading.start, later.heading.end))
    for one in chapters:
        if one.topic not in topics:
            message = _("“{title}”不是规定的章节。").format(title=one.title)
            yield Hit(message=message, span=Span(one.heading.start, one.heading.end), severity=Severity.WARNING)
    numbers = [one.heading.number for one in chapters if one.heading.number]
    for place, number in enumerate(numbers):
        if number != place + 1:
            message = _("章节序号不连续：第 {n} 章的序号是 {m}。").format(n=place + 1, m=number)
            head = [one for one in chapters if one.heading.number][place].heading
            yield Hit(message=message, span=Span(head.start, head.end), severity=Severity.WARNING)
            return


@RULES.rule(
    "X22", Severity.ERROR, "公布日期超过期限",
    "部门的年度报告应在次年1月31日前、各级人民政府的应在3月31日前公布；2018年度以前均为3月31日前。",
    source="《条例》第四十九条；旧《条例》第三十一条",
)  # fmt: skip
def published_in_time(context: Context) -> Iterator[Hit]:
    """Published by the day that the edition names."""
    month, day = context.form.due[context.is_government]
    limit = date(context.year + 1, month, day)
    document = context.document
    published, span = context.published, None
    if published is None:
        span = document.signature
        found = _DAY.search(document.says(span)) if span else None
        noted = _DATED.search(document.folded)
        if noted:
            found, span = noted, Span(noted.start(), noted.end())
        published = _date(found) if found else None
    if published is not None and published > limit:
        message = _("日期为 {day}，期限是 {limit}。").format(day=published.isoformat(), limit=limit.isoformat())
        yield Hit(message=message, span=span)


def _date(found: re.Match[str]) -> date | None:
    digits = str.maketrans("〇○零一二三四五六七八九", "000123456789")
    year, month, day = found["year"].translate(digits), number_of(found["month"]), number_of(found["day"])
    try:
        return date(int(year), month or 0, day or 0)
    except ValueError:
        # No such day, for instance 2 月 30 日: nothing can be said about the limit.
        return None
