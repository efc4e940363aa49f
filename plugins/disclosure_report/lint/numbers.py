"""Numbers in prose: quantities with their unit and how exact they are, percentages, years; and what is no number.

``N余`` is read as the interval from N up to the next step of its last place that is not zero: ``40余`` lies between 40
and 50, ``1200余`` between 1200 and 1300. ``16余`` has no such place, so it says nothing: it is malformed.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from .source import Span

#: Units in which things are counted, longest first. 万元 and 元 are money.
_COUNTS = [
    "人次",
    "场次",
    "批次",
    "件次",
    "户次",
    "条次",
    "台次",
    "余次",
    "次",
    "条",
    "件",
    "份",
    "篇",
    "期",
    "个",
    "人",
    "名",
    "项",
    "宗",
    "起",
    "例",
    "户",
    "家",
    "部",
    "本",
    "册",
    "张",
    "幅",
    "则",
    "处",
    "台",
    "套",
    "页",
    "字",
    "场",
    "批",
    "类",
    "种",
    "通",
    "封",
    "点",
    "班",
    "课时",
    "期次",
    "亿元",
    "万元",
    "元",
]
#: Units of time: durations and ages are no statistics.
_TIMES = ("个月", "个工作日", "工作日", "小时", "分钟", "周年", "年", "月", "日", "天", "周", "季度", "岁", "时")
_UNIT = "|".join(re.escape(unit) for unit in sorted((*_COUNTS, *_TIMES), key=len, reverse=True))
_SCALES = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}
_SCALE = "|".join(sorted((scale for scale in _SCALES if scale), key=len, reverse=True))
_AMOUNT = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,6})?|\d{1,15}(?:\.\d{1,6})?"
_QUANTITY = re.compile(
    rf"(?P<before>(?<![最附临就将])将?近|(?<![节预合契公制签违条特])约|大约|超过|超|逾|突破|不足|不到)?[ ]?"
    rf"(?<![\dA-Za-z.,+\-/])(?P<number>{_AMOUNT})(?![\d.])[ ]?(?P<scale>{_SCALE})?(?P<more>余|多|来)?(?P<late>万"
    rf"|亿)?[ ]?"
    rf"(?P<unit>{_UNIT})(?P<after>左右|上下|以上|以下|以内)?"
)
_TENS = re.compile(
    r"(?<![第之其同进唯不每某任另专单逐几数一二三四五六七八九十百千万\d])(?P<number>[一二三四五六七八九两]?[十百千万])(?P<more>余|多|来)"
    r"(?P<unit>人次|场次|件|条|次|份|期|场|篇|人|项|个|家|户|起|宗|部)"
)
_PERCENT = re.compile(
    r"(?<![\d.])(?P<number>\d{1,7}(?:\.\d{1,4})?)[ ]?%|百分之(?P<words>百|[一二三四五六七八九十点零]{1,6})"
)
_YEAR = re.compile(r"(?<!\d)(?P<number>(?:19[4-9]|20)\d{1,2})(?!\d)[ ]?(?=年|[-—－–~至][ ]?(?:19|20)\d\d[ ]?年)")
_WORD_YEAR = re.compile(r"(?P<number>[二一][〇○零九][〇○零一二三四五六七八九]{2})年")
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[ ]?年[ ]?\d{1,2}[ ]?月(?:[ ]?\d{1,2}[ ]?日)?|\d{1,2}[ ]?月[ ]?\d{1,2}[ ]?日"
    r"|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2})(?!\d)"
)
#: What looks like a number but is a name: titles, document numbers, addresses, telephones, list markers, clauses.
_NAMES = re.compile(
    r"《[^《》]{0,150}》(?:\([^()]{0,20}\))?"
    r"|[〔\[【({]\s?(?:19|20)\d\d\s?[〕\]】)}]\s?(?:第\s?)?\d{1,5}\s?号"
    r"|https?://[!-~]{1,300}|www\.[!-~]{1,200}|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,32}){1,4}"
    r"|(?<!\d)\d{3,4}-\d{7,8}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)"
    r"|(?<!\d)(?:12345|12329|12315|12333|12348|12350|12356|12358|12369|12388|12389)(?!\d)"
    r"|第[ ]?\d{1,5}[ ]?(?:号|期|届|次|条|款|项|章|季度|批|版|页|位|名)|国务院令第?\d{1,4}号|\d{1,4}号(?:令|文)"
    r"|(?m:^[ ]{0,8}\(?\d{1,2}(?:\)|、|\.(?!\d)))|(?<=[。;:])[ ]?\(?\d{1,2}(?:\)|、|\.(?!\d))|[\u2460-\u2473]"
    r"|\d[ ]?[+×x][ ]?[\dXxNn]|\d{1,2}[Xx×][ ]?\d{1,2}"
)
_ONES = {word: number for number, word in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_TENTH = Decimal("0.1")
_TEN = 10


@dataclass(frozen=True)
class Quantity(Span):
    """A number with its unit.

    :param low: the least it can be; ``base`` in exact ones. :param high: the most, nothing if there is no bound.
    :param base: the number as written. :param unit: its unit. :param vague: the words that make it inexact.
    :param grain: what the last written digit stands for: 10 million in ``31.6亿``.
    :param is_malformed: ``余`` or ``多`` stands after a number that is not round.
    """

    base: Decimal
    low: Decimal
    high: Decimal | None
    unit: str
    vague: str = ""
    is_malformed: bool = False
    grain: Decimal = Decimal(1)

    @property
    def is_exact(self) -> bool:
        """Tell whether it is one number."""
        return not self.vague

    @property
    def is_count(self) -> bool:
        """Tell whether it counts things or money; durations and ages do not."""
        return self.unit not in _TIMES

    def may_equal(self, low: Decimal, high: Decimal | None) -> bool:
        """Tell whether it can be the same as something between ``low`` and ``high``."""
        above = self.high is not None and self.high < low
        return not above and not (high is not None and high < self.low)


@dataclass(frozen=True)
class Percent(Span):
    """A percentage."""

    value: Decimal


@dataclass(frozen=True)
class Year(Span):
    """A year; its place is that of its digits. ``is_date`` tells that month or day follow."""

    value: int
    is_date: bool


class Numbers:
    """The numbers of a text, without those inside names."""

    def __init__(self, folded: str) -> None:
        self._text = folded
        self._names = [(one.start(), one.end()) for one in _NAMES.finditer(folded)]
        self._dates = [(one.start(), one.end()) for one in _DATE.finditer(folded)]
        self._starts = {id(spans): [start for start, _end in spans] for spans in (self._names, self._dates)}
        self.quantities = tuple(sorted(self._quantities(), key=lambda one: one.start))
        self._quantity_starts = [one.start for one in self.quantities]
        self.percents = tuple(self._percents())
        self.years = tuple(sorted(self._years(), key=lambda one: one.start))

    def within(self, span: Span) -> tuple[Quantity, ...]:
        """Return the quantities inside ``span``, in order."""
        first = bisect_right(self._quantity_starts, span.start - 1)
        last = bisect_right(self._quantity_starts, span.end - 1)
        return self.quantities[first:last]

    def percents_in(self, span: Span) -> tuple[Percent, ...]:
        """Return the percentages inside ``span``, in order."""
        return tuple(one for one in self.percents if span.start <= one.start < span.end)

    def is_name(self, place: int) -> bool:
        """Tell whether ``place`` lies inside a title, document number, address, telephone number or list marker."""
        return self._inside(self._names, place)

    def _inside(self, spans: list[tuple[int, int]], place: int) -> bool:
        index = bisect_right(self._starts[id(spans)], place) - 1
        return index >= 0 and place < spans[index][1]

    def _quantities(self) -> Iterator[Quantity]:
        for found in _QUANTITY.finditer(self._text):
            place = found.start("number")
            if not self._inside(self._names, place) and not self._inside(self._dates, place):
                yield _quantity(found)
        for found in _TENS.finditer(self._text):
            if not self._inside(self._names, found.start()):
                scale = _SCALES[found["number"][-1]]
                base = Decimal(_ONES.get(found["number"][0], 1) * scale)
                high = base + scale
                yield Quantity(found.start(), found.end(), base, base, high, found["unit"], found["more"])

    def _percents(self) -> Iterator[Percent]:
        for found in _PERCENT.finditer(self._text):
            if self._inside(self._names, found.start()):
                continue
            value = Decimal(found["number"]) if found["number"] else _word_percent(found["words"])
            yield Percent(found.start(), found.end(), value)

    def _years(self) -> Iterator[Year]:
        for found in _YEAR.finditer(self._text):
            place = found.start("number")
            if len(found["number"]) == len("2016") and not self._inside(self._names, place):
                yield Year(place, found.end("number"), int(found["number"]), self._inside(self._dates, place))
        for found in _WORD_YEAR.finditer(self._text):
            if not self._inside(self._names, found.start()):
                digits = "".join(str(_ONES[word]) for word in found["number"])
                yield Year(found.start("number"), found.end("number"), int(digits), is_date=False)


def _quantity(found: re.Match[str]) -> Quantity:
    scale = _SCALES[found["scale"] or ""] * _SCALES[found["late"] or ""]
    base = Decimal(found["number"].replace(",", "")) * scale
    start, end = found.start("number"), found.end()
    whole, _point, part = found["number"].partition(".")
    grain = Decimal(scale) / 10 ** len(part) if whole else Decimal(scale)
    before, more, after = found["before"] or "", found["more"] or "", found["after"] or ""
    if before and found.start("number") - found.end("before") <= 1:
        start = found.start("before")
    words, unit = before + more + after, found["unit"]
    if more:
        step = max(_step(base), Decimal(_SCALES[found["scale"] or ""]) if found["scale"] else Decimal(1))
        is_malformed = step < _TEN
        high = base + 1 if is_malformed else base + step
        return Quantity(start, end, base, base, high, unit, words, is_malformed, grain)
    low, most = _bounds(base, before, after)
    return Quantity(start, end, base, low, most, unit, words, grain=grain)


def _bounds(base: Decimal, before: str, after: str) -> tuple[Decimal, Decimal | None]:
    if before in {"超过", "超", "逾", "突破"} or after == "以上":
        return base, None
    if before in {"不足", "不到"} or after in {"以下", "以内"}:
        return Decimal(), base
    if before or after:
        return base * (1 - _TENTH), base * (1 + _TENTH)
    return base, base


def _step(base: Decimal) -> Decimal:
    if base != base.to_integral_value() or not base:
        return Decimal(1)
    digits = str(int(base))
    return Decimal(_TEN) ** (len(digits) - len(digits.rstrip("0")))


def _word_percent(words: str) -> Decimal:
    if words == "百":
        return Decimal(100)
    whole, _dot, part = words.partition("点")
    value = number_of(whole) or 0
    digits = "".join(str(_ONES.get(word, 0)) for word in part)
    return Decimal(f"{value}.{digits}") if digits else Decimal(value)


def number_of(words: str) -> int | None:
    """Return the number that Chinese numerals below 100, or digits, stand for; nothing if they stand for none."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.rpartition("十")
    parts = [_ONES.get(part) if len(part) == 1 else None if part else 0 for part in (tens, ones)]
    if None in parts or not words:
        return None
    return ((parts[0] or (1 if not tens else 0)) * _TEN if ten else 0) + (parts[1] or 0)
