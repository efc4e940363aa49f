"""Rules X19 and L16: the years and periods that a report names."""

import re
from collections.abc import Iterator

from cms.api import gettext as _

from .document import Document
from .numbers import Year
from .registry import Context, Fix, Hit, Severity
from .rules import RULES
from .source import Span

#: Words beside a year that tell why another one than the report's stands there: laws, histories, plans, comparisons.
_ANY_YEAR = re.compile(
    r"修订|修正|施行|实施|颁布|印发|出台|制定|发布的|成立|建成|建立|开通|开始|启动|通过|令|规划|五年|届|版|历年|历史|国标|累计|至今|延续|颁发"
    r"|以来|起|创刊|文件|条例|办法|意见|规定|通知|方案|期间|年以前|之前|任职|获评|评为|生效"
)
_BEFORE = re.compile(
    r"上年|上一年|去年|往年|前年|同比|相比|比|较|结转|度结|增长|增加|上升|下降|减少|年底|年末|持平|对比|对照|曾|整改|上报|决算|考核|检查|测评|评估|审计|存在的"
)
_AFTER = re.compile(
    r"将|下一?步|下一?年|计划|打算|采取|措施|拟|明年|今后|继续|力争|来年|新的一年|目标|要(?!求)|结转|转入|公布|发布|报送|审结|答复|办结|底前|前完成|年初|预计|展望"
)
#: A year that opens a statement about what was done: the report's own year has to stand here.
_STATES = re.compile(r"[ ]?年?[ ]?(?:度|全年|以来|,|，|1月1日|1-12月|我|本|全|共|县|市|区|镇|乡|党|,我)")
_PERIOD = re.compile(
    r"(?P<from>(?:19|20)\d\d)[ ]?年[ ]?1[ ]?月[ ]?1[ ]?日(?:起)?[ ]?(?:至|到|—|-|~|–|－)+[ ]?(?:(?P<to>(?:19"
    r"|20)\d\d)[ ]?年)?[ ]?12[ ]?月[ ]?31[ ]?日"
)
_FLOW = re.compile(r"截[至止][^,。;]{0,4}(?:19|20)\d\d[ ]?年(?:年?底|年?末|12月(?:底|31日)?)")
_DONE = re.compile(r"公开|发布|受理|收到|回复|答复|推送|举办|召开|报送")
_STOCK = re.compile(r"累计|现有|共有|有效|总数|注册|建成|开设|设立|历年")
_SINCE = re.compile(r"(?:19|20)\d\d[ ]?年(?:度)?以来")
_THIS_YEAR = re.compile(r"(?<![至如迄于])今年(?:以来)?")
_DATE_LINE = re.compile(r"\s*(?:19|20)\d\d[ ]?年[ ]?\d{1,2}[ ]?月(?:[ ]?\d{1,2}[ ]?日)?\s*")
_NEAR = 16


def _around(document: Document, year: Year) -> str:
    sentence = document.sentence_at(year.start)
    return document.folded[max(sentence.start, year.start - _NEAR) : min(sentence.end, year.end + _NEAR + 8)]


def _in_span(document: Document, year: Year) -> bool:
    """Tell whether a year is part of a span of years, or of a line that is a date and nothing else."""
    after = document.folded[year.end : year.end + 3]
    before = document.folded[max(0, year.start - 3) : year.start]
    line = document.folded[document.folded.rfind("\n", 0, year.start) + 1 : year.end + 12].split("\n")[0]
    return (
        bool(_DATE_LINE.fullmatch(line))
        or bool(re.search(r"[—–~至到-][ ]?$|版", before))
        or bool(re.match(r"[ ]?年?[—–~至到-]", after))
    )


@RULES.rule(
    "X19", Severity.ERROR, "年份与报告年度不符",
    "正文中的年份应是报告年度；提到上年、下年或其他年份的，应写明缘由（同比、结转、计划、文件的施行等）。统计期限为报告年度的1月1日至12月31日。",
    source="《条例》第五十条；国办公开办函〔2021〕30号",
)  # fmt: skip
def years(context: Context) -> Iterator[Hit]:
    """Every year in the text is the report's, or is explained; the statistics period is the calendar year."""
    document = context.document
    told: set[int] = set()
    for found in _PERIOD.finditer(document.folded):
        if document.in_table(found.start()):
            continue
        for name in ("from", "to"):
            if found[name] and int(found[name]) != context.year:
                told.add(found.start(name))
                span = Span(found.start(name), found.end(name))
                message = _("统计期限写作 {found}年，报告年度是 {year}年。").format(
                    found=found[name], year=context.year
                )
                yield Hit(message=message, span=span, fix=_to(span, context.year))
    begin = document.title.end if document.title else 0
    for year in document.numbers.years:
        is_elsewhere = year.start < begin or document.in_table(year.start) or year.start in told
        if year.value != context.year and not is_elsewhere:
            yield from _strange_year(context, year)
    for year in document.numbers.years:
        if document.title and document.title.start <= year.start < document.title.end and year.value != context.year:
            message = _("标题写作 {found}年，报告年度是 {year}年。").format(found=year.value, year=context.year)
            yield Hit(message=message, span=year, fix=_to(year, context.year))


def _strange_year(context: Context, year: Year) -> Iterator[Hit]:
    document, away = context.document, year.value - context.year
    around = _around(document, year)
    if _in_span(document, year) or re.match(r"[ ]?年?前", document.folded[year.end : year.end + 3]):
        return
    reasons = {-1: _BEFORE, 1: _AFTER}.get(away)
    # Words that explain any year have to stand near it; a date of another year is that of an event.
    if (reasons and reasons.search(around)) or (_ANY_YEAR.search(around) and not _opens(document, year)):
        return
    if reasons and not _opens(document, year):
        message = _("{found}年与报告年度 {year}年不同，请核对或写明缘由。")
        severity = Severity.WARNING
    else:
        message = _("{found}年与报告年度 {year}年不符，可能是沿用旧稿。")
        severity = (
            Severity.ERROR if (reasons is None and not year.is_date) or _opens(document, year) else Severity.WARNING
        )
    yield Hit(
        message=message.format(found=year.value, year=context.year), span=year, severity=severity,
        fix=_to(year, context.year),
    )  # fmt: skip


def _opens(document: Document, year: Year) -> bool:
    """Tell whether the year begins a statement about what was done in it."""
    sentence = document.sentence_at(year.start)
    before = document.folded[sentence.start : year.start].strip()
    begins = not before or before.endswith((",", "。", ":", "、")) or (len(before) < _NEAR and not year.is_date)
    after = document.folded[year.end : year.end + 8]
    return begins and bool(_STATES.match(after)) and not re.match(r"[ ]?年?以来", after)


def _to(span: Span, year: int) -> Fix:
    return Fix(start=span.start, end=span.end, text=str(year))


@RULES.rule(
    "L16", Severity.WARNING, "统计时段不清",
    "年度报告统计一个日历年：“截至年底”像是累计数，“××年以来”没有终点，“今年”在公布时已是去年。请写明“××年”或“××年全年”。",
    source="年度报告常见差错（F20）",
)  # fmt: skip
def periods(context: Context) -> Iterator[Hit]:
    """Words that leave open which period a number is about."""
    document = context.document
    for sentence in document.sentences:
        text = document.says(sentence)
        flow = _FLOW.search(text)
        if flow and _DONE.search(text) and not _STOCK.search(text):
            quantities = [one for one in document.numbers.within(sentence) if one.is_count]
            if quantities:
                yield _period(sentence.start, flow, _("“{words}”是时点，后面的数是全年的发生数。"))
        for pattern, message in (
            (_SINCE, _("“{words}”没有写明截止时间。")),
            (_THIS_YEAR, _("“{words}”指代不清，报告的是 {year}年。")),
        ):
            for found in pattern.finditer(text):
                yield _period(sentence.start, found, message, context.year)


def _period(start: int, found: re.Match[str], message: str, year: int | None = None) -> Hit:
    span = Span(start + found.start(), start + found.end())
    fix = Fix(start=span.start, end=span.end, text=f"{year}年") if year and "今年" in found.group() else None
    return Hit(message=message.format(words=found.group(), year=year), span=span, fix=fix)
