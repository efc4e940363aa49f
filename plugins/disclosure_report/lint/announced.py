"""The chapters that the opening of a report announces: how many, and which."""

import re
from dataclasses import dataclass

from .document import Chapter, Document
from .numbers import number_of
from .source import Span
from .topics import Topic, bare, resemblance, topic_of

_COUNT = re.compile(
    r"(?<![第前后])(?P<number>[一二三四五六七八九十]{1,2}|\d{1,2})[ ]?个?大?(?:部分|部份|部门|方面|章)(?!内容的)"
)
_LIST = re.compile(r"(?:包括|包含|涵盖|分为|内容为|内容有|分别为|分别是|组成如下|由|分)(?P<list>[^。]{6,400})")
_TAIL = (
    r"情况|概述|概况|问题|措施|事项|附表|附件|打算|计划|机制|说明|统计表|改进|安排|建议|总述|方向|工作|思路|指标|内容"
)
_ENDS = re.compile(rf"(?:{_TAIL})$")
_SEPARATOR = re.compile(
    r"(?P<mark>[、,;]\s*(?:以及|及|和)?|以及|(?<=情况|措施|改进|问题|打算|附表|事项)(?:和(?!改)|及(?!其|改)))(?=[\u4e00-\u9fff(])"
)
_REST = re.compile(
    r"(?:等|共|这|以上|六|七|八|五|四)?(?:[一二三四五六七八九十]|\d{1,2})[ ]?个?大?(?:部分|部份|部门|方面|章).*$"
    r"|等?(?:内容|组成|构成)$"
)
_NUMBER = re.compile(r"^\s*(?:\(?[一二三四五六七八九十\d]{1,2}\)?[、.)]|\(?\d\)?)\s*")
_FEWEST = 3
_ALIKE = 0.5


@dataclass(frozen=True)
class Announced(Span):
    """What the opening announces. ``count`` is the number it states, ``titles`` are the chapters it names."""

    count: int | None
    titles: tuple[str, ...]


def announced(document: Document) -> Announced | None:
    """Return what the opening announces; nothing if it announces no chapters."""
    opening = document.opening
    text = document.says(opening)
    counted = _COUNT.search(text)
    for listed in _LIST.finditer(text):
        titles = _titles(listed["list"])
        if len(titles) >= _FEWEST and sum(topic_of(title) is not None for title in titles) > 1:
            start, end = opening.start + listed.start(), opening.start + listed.end()
            near = counted and listed.start() - 40 <= counted.start() <= listed.end()
            return Announced(start, end, number_of(counted["number"]) if counted and near else None, titles)
    if counted and re.search(r"组成|构成|分为?|包括|共", text[max(0, counted.start() - 30) : counted.end() + 10]):
        start, end = opening.start + counted.start(), opening.start + counted.end()
        return Announced(start, end, number_of(counted["number"]), ())
    return None


def _titles(listed: str) -> tuple[str, ...]:
    text = re.sub(r"^[^:]{0,20}(?:部分|方面|章|内容|如下)[:,]", "", listed.strip())
    text = _REST.sub("", text.lstrip(":以下 ")).rstrip("等,、 ")
    pieces: list[str] = []
    place, joint = 0, ""
    for found in [*_SEPARATOR.finditer(text), None]:
        piece = text[place : found.start() if found else len(text)].strip()
        if pieces and not _ENDS.search(pieces[-1]):
            pieces[-1] += joint + piece
        elif piece:
            pieces.append(piece)
        if found:
            place, joint = found.end(), found["mark"]
    return tuple(title for piece in pieces if (title := _NUMBER.sub("", piece).strip('“”"《》 ')))


def matched(titles: tuple[str, ...], chapters: tuple[Chapter, ...]) -> list[tuple[str, Chapter | None]]:
    """Return each announced title with the chapter that it means, by subject first, then by wording."""
    free = list(chapters)
    pairs: dict[int, Chapter] = {}
    for number, title in enumerate(titles):
        same = next((one for one in free if bare(one.title) == bare(title)), None)
        if same is not None:
            pairs[number] = same
            free.remove(same)
    for number, title in enumerate(titles):
        if number in pairs:
            continue
        topic = topic_of(title)
        alike = [one for one in free if topic is not None and one.topic is topic]
        alike = alike or [one for one in free if resemblance(title, one.title) >= _ALIKE]
        if alike:
            pairs[number] = alike[0]
            free.remove(alike[0])
    return [(title, pairs.get(number)) for number, title in enumerate(titles)]


def is_annex(title: str) -> bool:
    """Tell whether an announced title is that of an annex, which needs no chapter heading."""
    return topic_of(title) is Topic.OTHER and bool(re.search(r"附表|附件|统计表", title))
