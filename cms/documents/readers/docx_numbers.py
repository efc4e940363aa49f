"""Headings and automatic numbers of Word documents: what a reader sees but the text does not hold."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cms.documents.readers.docx_xml import attribute, child, children, number, value
from cms.kernel.text import chinese_number

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING = re.compile(r"heading ([1-6])\Z|标题 ([1-6])\Z", re.IGNORECASE)
_PLACE = re.compile(r"%([1-9])")
_CHINESE = frozenset({
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
    "ideographDigital",
})  # fmt: skip
#: After these the text follows at once, as Chinese numbers are set.
_CLOSED = ("、", "）", "．", "：", "章", "节", "条")
_LAST_OUTLINE = 6
_MAX_BASES = 20


@dataclass(frozen=True)
class _Level:
    start: int
    format: str
    pattern: str


class Numbers:
    """Knows the styles and list counters of one document; counts while it is asked in the order of the text."""

    def __init__(self, styles: "_Element | None", numbering: "_Element | None") -> None:
        self._styles = {} if styles is None else {attribute(one, "styleId"): one for one in children(styles, "style")}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if numbering is not None:
            self._read(numbering)

    def _read(self, numbering: "_Element") -> None:
        patterns = {attribute(one, "abstractNumId"): _levels(one) for one in children(numbering, "abstractNum")}
        for counter in children(numbering, "num"):
            key, abstract = attribute(counter, "numId"), value(counter, "abstractNumId")
            levels = dict(patterns.get(abstract, {}))
            overrides = False
            for override in children(counter, "lvlOverride"):
                level = number(attribute(override, "ilvl"), 0)
                start = value(override, "startOverride")
                levels |= _levels(override)
                if start and level in levels:
                    overrides = True
                    levels[level] = _Level(number(start, 1), levels[level].format, levels[level].pattern)
            self._levels[key] = levels
            # Lists of one pattern count on from each other unless one begins anew.
            self._abstract[key] = f"num {key}" if overrides else f"abstract {abstract}"

    def level(self, paragraph: "_Element") -> int:
        """Return the level of a heading, 0 for running text."""
        own = value(paragraph, "pPr", "outlineLvl")
        for style in self._chain(paragraph):
            match = _HEADING.match(value(style, "name"))
            if match:
                return int(match[1] or match[2])
            if value(style, "name").lower() == "title":
                return 1
            own = own or value(style, "pPr", "outlineLvl")
        outline = number(own, _LAST_OUTLINE)
        return outline + 1 if outline < _LAST_OUTLINE else 0

    def label(self, paragraph: "_Element") -> str:
        """Return the number that Word puts before the paragraph, and count on; empty if it has none."""
        owners = (paragraph, *self._chain(paragraph))
        found = next(filter(_is_there, (child(one, "pPr", "numPr") for one in owners)), None)
        if found is None:
            return ""
        key, at = value(found, "numId"), number(value(found, "ilvl"), 0)
        levels = self._levels.get(key, {})
        if at not in levels:
            return ""
        counts = self._counts.setdefault(self._abstract[key], {})
        counts[at] = counts.get(at, levels[at].start - 1) + 1
        for deeper in [level for level in counts if level > at]:
            del counts[deeper]
        return self._said(levels, counts, at)

    def _said(self, levels: dict[int, _Level], counts: dict[int, int], at: int) -> str:
        if levels[at].format in {"bullet", "none"}:
            return ""

        def count(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            known = levels.get(level)
            return _counted(counts.get(level, known.start), known.format) if known else ""

        text = _PLACE.sub(count, levels[at].pattern)
        return text if text.endswith(_CLOSED) or not text else f"{text} "

    def _chain(self, paragraph: "_Element") -> "list[_Element]":
        """Return the style of a paragraph and those it is based on."""
        found: list[_Element] = []
        name = value(paragraph, "pPr", "pStyle")
        while name in self._styles and len(found) < _MAX_BASES:
            found.append(self._styles[name])
            name = value(found[-1], "basedOn")
        return found


def _is_there(element: "_Element | None") -> bool:
    return element is not None


def _levels(parent: "_Element") -> dict[int, _Level]:
    return {
        number(attribute(one, "ilvl"), 0): _Level(
            number(value(one, "start"), 1), value(one, "numFmt", default="decimal"), value(one, "lvlText")[:50]
        )
        for one in children(parent, "lvl")
    }


def _counted(count: int, kind: str) -> str:
    """Return a count as Word writes it; kinds that Chinese documents do not use are Arabic numerals."""
    if kind in _CHINESE and 0 < count < 100:  # noqa: PLR2004 — lists are not longer
        return chinese_number(count)
    if kind in {"upperLetter", "lowerLetter"} and 0 < count <= 26:  # noqa: PLR2004 — the alphabet
        return chr((ord("A") if kind == "upperLetter" else ord("a")) + count - 1)
    if kind in {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"} and 0 < count <= 20:  # noqa: PLR2004 — ① to ⑳
        return chr(0x245F + count)
    return str(count)
