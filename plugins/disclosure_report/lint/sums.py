"""Totals in prose and the parts that are said to make them up: ``共 98 期，其中，市级 48 期、宿豫区 17 期……``."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from .document import Document
from .numbers import Quantity
from .source import Span

_AMONG = re.compile(r"其中[:,]?|分别(?:为|是)[:,]?|(?:包括|包含)[:,]?|[(](?=含)")
#: 在……中 opens parts of the total before it.
_OUT_OF = re.compile(r"(?:在|从)[^,。;]{2,30}?(?:中|里|内),")
_TOTAL = re.compile(r"共|总|累计|合计|全年")
_REST = re.compile(r"等(?:[^,、;。\u4e00-\u9fff]|方面|内容|信息|其他|$)|等[,。;]")
_OTHER_TIME = re.compile(r"增加|减少|增长|下降|同比|上年|去年|较|比")
#: Through these the same thing may be counted more than once.
CHANNEL = re.compile(
    r"网|微博|微信|公众号|公报|媒体|报纸|报刊|广播|电视|公示栏|公开栏|客户端|抖音|头条|电子屏|渠道|平台"
)
_SAME_PLACE = 3
#: A sentence with more of either is no breakdown.
_MOST_MARKS, _MOST_PARTS = 12, 150
#: Units in which pieces of information are counted, often in turns.
_ITEMS = frozenset({"条", "篇", "个", "则", "份", "期", "次"})
_DEED = re.compile(r"发布|公开|推送|开展|举办|召开|收到|受理|办理|组织|编发|印发|接受|完成|答复|办结|回复")


@dataclass(frozen=True)
class Part:
    """A part: its number and the words before it."""

    quantity: Quantity
    label: str


@dataclass(frozen=True)
class Breakdown:
    """A total with its parts, all of one unit.

    :param is_open: the list ends in 等. :param is_mixed: parts in other units stand between them.
    """

    total: Part
    parts: tuple[Part, ...]
    is_open: bool
    is_mixed: bool = False

    @cached_property
    def low(self) -> Decimal:
        """Return the least that the parts can add up to."""
        return sum((one.quantity.low for one in self.parts), Decimal())

    @cached_property
    def high(self) -> Decimal | None:
        """Return the most that they can add up to; nothing without a bound."""
        highs = [one.quantity.high for one in self.parts]
        return None if None in highs else sum((high for high in highs if high is not None), Decimal())

    @property
    def is_exact(self) -> bool:
        """Tell whether total and parts are all exact."""
        return self.total.quantity.is_exact and all(one.quantity.is_exact for one in self.parts)

    @property
    def is_by_channel(self) -> bool:
        """Tell whether the parts are channels, through which one thing may go twice."""
        return sum(bool(CHANNEL.search(one.label)) for one in self.parts) > 1


def stretches(document: Document) -> Iterator[Span]:
    """Yield the prose up to each full stop; what begins with 其中 belongs to what stands before it."""
    heads = {one.heading.start for one in document.chapters}
    for paragraph in document.paragraphs:
        if paragraph.start in heads:
            continue
        start = place = paragraph.start
        while place < paragraph.end:
            stop = document.folded.find("。", place, paragraph.end)
            end = paragraph.end if stop < 0 else stop + 1
            follows = document.folded[end : min(end + _SAME_PLACE + 1, paragraph.end)].lstrip()
            if not follows.startswith(("其中", "(其中")):
                yield Span(start, end)
                start = end
            place = end


def breakdowns(document: Document, counted: Sequence[tuple[Span, list[Part]]]) -> Iterator[Breakdown]:
    """Yield every total with the parts that are said to make it up.

    :param counted: the stretches of the prose with their counts, as :func:`labelled` gives them.
    """
    previous: list[Part] = []
    for stretch, parts in counted:
        yield from _in_stretch(document, stretch, parts)
        yield from _out_of(document, stretch, parts, previous)
        is_new_line = "\n" in document.folded[stretch.start - 1 : stretch.start]
        previous = (parts if is_new_line else [*previous, *parts])[-_MOST_PARTS:]


def labelled(document: Document, stretch: Span) -> list[Part]:
    """Return the counts of a stretch with the words before each, back to the number or clause before it."""
    parts, place = [], stretch.start
    for one in document.numbers.within(stretch):
        if one.is_count:
            label = document.folded[place : one.start]
            parts.append(Part(one, re.split(r"[。;]", label)[-1]))
            place = one.end
    return parts


def _in_stretch(document: Document, stretch: Span, parts: Sequence[Part]) -> Iterator[Breakdown]:
    text = document.says(stretch)
    if len(parts) > _MOST_PARTS:
        return
    marks = [(stretch.start + one.start(), stretch.start + one.end()) for one in _AMONG.finditer(text)][:_MOST_MARKS]
    for number, (at, after) in enumerate(marks):
        is_nested = document.folded[at] == "(" or document.folded[at - 1 : at] == "("
        close = document.folded.find(")", after, stretch.end) if is_nested else -1
        end = close if close > 0 else stretch.end
        later = [mark for mark, _end in marks[number + 1 :] if document.folded[mark - 1 : mark + 1].count("(") == 0]
        if not is_nested and later:
            end = later[0]
        inside = [one for one in parts if after <= one.quantity.start < end and _depth(document, after, one) == 0]
        yield from _by_unit(document, [one for one in parts if one.quantity.end <= at], inside)


def _by_unit(document: Document, before: Sequence[Part], inside: Sequence[Part]) -> Iterator[Breakdown]:
    for unit in dict.fromkeys(one.quantity.unit for one in inside):
        totals = [one for one in before if one.quantity.unit == unit]
        parts = tuple(one for one in inside if one.quantity.unit == unit and not _OTHER_TIME.search(one.label[-8:]))
        stop = next((n for n, one in enumerate(parts) if n and _begins_anew(document, parts[n - 1], one)), len(parts))
        if totals and len(parts[:stop]) > 1:
            added = sum(one.quantity.base for one in parts[:stop])
            # 其中 need not mean the number right before it: the one that comes closest is meant, of two the nearer.
            total = min(reversed(totals), key=lambda one: abs(one.quantity.base - added))
            yield _breakdown(document, total, parts[:stop], inside)


def _begins_anew(document: Document, before: Part, part: Part) -> bool:
    """Tell whether a part belongs to another statement: a new total, a list that 等 has closed, another deed."""
    between = document.folded[before.quantity.end : part.quantity.start]
    if re.search(r"共|总计|累计", part.label) or re.match(r"[^,;]{0,6}等[,;]", between):
        return True
    return ";" in between and bool(_DEED.search(between.rsplit(";", 1)[1]))


def _out_of(document: Document, stretch: Span, parts: Sequence[Part], previous: Sequence[Part]) -> Iterator[Breakdown]:
    found = _OUT_OF.search(document.says(stretch)) if len(parts) <= _MOST_PARTS else None
    if found is None:
        return
    inside = [one for one in parts if one.quantity.start >= stretch.start + found.end()]
    totals = [one for one in previous if _TOTAL.search(one.label)]
    yield from _by_unit(document, totals, inside)


def _breakdown(document: Document, total: Part, parts: tuple[Part, ...], inside: Sequence[Part]) -> Breakdown:
    after = document.folded[parts[-1].quantity.end : parts[-1].quantity.end + 4]
    units = {one.quantity.unit for one in inside if one.quantity.unit in _ITEMS}
    return Breakdown(total, parts, bool(_REST.match(after)), total.quantity.unit in _ITEMS and len(units) > 1)


def _depth(document: Document, start: int, part: Part) -> int:
    between = document.folded[start : part.quantity.start]
    return between.count("(") - between.count(")")


def runs(total: Quantity, parts: Sequence[Part]) -> list[list[Part]] | None:
    """Cut exact parts into runs that each add up to the total: two breakdowns of one number in one list.

    The last run may fall short. Nothing is returned if a run goes beyond the total.
    """
    found: list[list[Part]] = [[]]
    added = Decimal()
    for one in parts:
        added += one.quantity.base
        found[-1].append(one)
        if added > total.base:
            return None
        if added == total.base and total.base:
            found.append([])
            added = Decimal()
    return [run for run in found if run]
