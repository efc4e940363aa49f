"""Slips of the pen that can be seen without understanding the sentence."""

import re
from collections.abc import Iterator
from functools import cache

#: Particles and words that never stand twice. 的的 and 了了 are slips; 一一 and 多多 are not.
DOUBLED = re.compile(r"(?P<once>的|了|在|和|与|是|为|对|等|将|及)(?P=once)(?!确)")
#: Known slips with a hint.
GARBLES = (
    (re.compile(r"等部门(?:构成|组成)"), "可能应为“等部分”。"),
    (re.compile(r"门户网(?:书记|县长|市长|区长|局长)"), "“门户网”后可能漏了“站”或“的”。"),
    (re.compile(r"(?<!投诉)信息公开咨询的(?:要求|申请)"), "可能应为“信息公开申请”。"),
    (re.compile(r"加服务功能"), "可能漏字，应为“增加服务功能”。"),
    (re.compile(r"(?:政府|政务)信息公(?=[^开布示众民告安共报务家证平益正])"), "可能漏了“开”。"),
    (re.compile(r"行政复仪|行政诉颂|依申请公开政府信息申请公开"), "可能有错字。"),
)
_TERMS = (
    "政府信息公开",
    "公共企事业单位",
    "行政规范性文件",
    "国民经济和社会发展",
    "政府信息公开条例",
    "政府信息公开申请",
    "政务公开工作",
    "行政事业性收费",
    "政府门户网站",
    "政务新媒体",
    "依申请公开",
    "主动公开",
)
_SHORTEST_GAP = 6
_SHORTEST_STEM = 4


@cache
def _patterns(stem: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for term in (*_TERMS, stem):
        if len(term) < _SHORTEST_STEM:
            continue
        # One character too many inside; punctuation and digits are no slip but another phrase.
        forms = [f"{term[:n]}[这的了和个是在]{term[n:]}" for n in range(1, len(term)) if len(term) <= _SHORTEST_GAP]
        if term != stem and len(term) >= _SHORTEST_GAP:
            # One too few inside: the first and the last stay, so that what is left is no shorter term of its own.
            forms += [f"{term[:n]}{term[n + 1 :]}" for n in range(2, len(term) - 2)]
            forms += [f"{term[:-1]}(?=信息|公开|文件|网站)"] if term.endswith("单位") else []
        if forms:
            found.append((term, re.compile("|".join(forms))))
    return tuple(found)


def near_misses(folded: str, stem: str) -> Iterator[tuple[int, int, str]]:
    """Yield places that differ by one character from a set term, or from the trade in the organ's name."""
    for term, pattern in _patterns(stem):
        for found in pattern.finditer(folded):
            yield found.start(), found.end(), term
