"""The parts of a report: title, opening, chapters, paragraphs, sentences, its last lines; all with their places."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from .headings import Heading, chapters_among, heading_at
from .numbers import Numbers
from .source import Source, Span
from .topics import Topic, topic_of

_SENTENCE = re.compile(r"[^。!?;\n]*[。!?;]?[”’\"')】]?")
_TITLE = re.compile(r"(?:信息公开|政务公开).{0,14}(?:报告|年报)|年度报告")
_LONGEST_TITLE = 70
_SIGNED = re.compile(
    r"\s*(?:(?:19|20)\d\d"
    r"|[二一][〇○零九][〇○零一二三四五六七八九]{2})[ ]?年[ ]?[\d一二三四五六七八九十]{1,2}[ ]?月"
    r"[ ]?[\d一二三四五六七八九十]{1,3}[ ]?日\s*"
)
_LAST_LINES = 6
_ORGAN_END = re.compile(r"(?:局|委员会|委|政府|办公室|中心|厅|院|处|部|乡|镇|街道)$")
#: The way to a page, and sentences, are no titles.
_NO_TITLE = re.compile(r"[。>»《]")
_YEAR_END = re.compile(r"[\u4e00-\u9fff](?:19|20)\d\d[ ]?年度?$")


@dataclass(frozen=True)
class Paragraph(Span):
    """A line of prose. ``heading`` is set where it is numbered."""

    heading: Heading | None = None


@dataclass(frozen=True)
class Chapter(Span):
    """A chapter: its heading and the prose below it. ``has_table`` tells that a table lies in it."""

    heading: Heading
    topic: Topic | None
    paragraphs: tuple[Paragraph, ...]
    has_table: bool

    @property
    def title(self) -> str:
        """Return the title without its number."""
        return self.heading.title


class Document:
    """A report in its parts. ``tables`` are the stretches of the text that are tables, in order."""

    def __init__(self, source: Source, tables: Sequence[Span] = ()) -> None:
        self.source = source
        self.text = source.text
        self.folded = source.folded
        self.tables = tuple(tables)
        self._table_starts = [one.start for one in self.tables]
        self.lines = tuple(self._lines())

    @cached_property
    def numbers(self) -> Numbers:
        """Return the numbers of the text."""
        return Numbers(self.folded)

    def in_table(self, place: int) -> bool:
        """Tell whether ``place`` lies in a table."""
        index = bisect_right(self._table_starts, place) - 1
        return index >= 0 and place < self.tables[index].end

    def _lines(self) -> Iterator[Span]:
        place = 0
        for line in self.folded.split("\n"):
            if line.strip() and not self.in_table(place):
                yield Span(place, place + len(line))
            place += len(line) + 1

    @cached_property
    def title(self) -> Span | None:
        """Return the title: the first short line that names the report. It may be broken over two lines."""
        for number, line in enumerate(self.lines):
            words = self.folded[line.start : line.end].strip()
            if len(words) > _LONGEST_TITLE or not _TITLE.search(words) or _NO_TITLE.search(words):
                continue
            start = line.start
            above = self.lines[number - 1] if number else None
            if above and _goes_on(self.says(above).strip(), words):
                start = above.start
            return Span(start + _indent(self.folded[start : line.end]), line.start + len(self.says(line).rstrip()))
        return None

    @property
    def title_text(self) -> str:
        """Return the title on one line; empty if there is none."""
        return "".join(self.folded[self.title.start : self.title.end].split()) if self.title else ""

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the lines below the title that are no table."""
        begin = self.title.end if self.title else 0
        marked = {span.start for span in self.source.headings}
        return tuple(
            Paragraph(
                line.start, line.end, heading_at(self.folded, line.start, line.end, is_marked=line.start in marked)
            )
            for line in self.lines
            if line.start >= begin
        )

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """Return the chapters in order."""
        heads = chapters_among([one.heading for one in self.paragraphs if one.heading])
        starts = [head.start for head in heads]
        ends = [*starts[1:], len(self.text)]
        found = []
        for head, end in zip(heads, ends, strict=True):
            inside = tuple(one for one in self.paragraphs if head.start < one.start < end)
            has_table = any(head.start < table.start < end for table in self.tables)
            found.append(Chapter(head.start, end, head, topic_of(head.title), inside, has_table))
        return tuple(found)

    @cached_property
    def opening(self) -> Span:
        """Return what stands between the title and the first chapter."""
        begin = self.title.end if self.title else 0
        return Span(begin, self.chapters[0].start if self.chapters else len(self.text))

    def chapter(self, topic: Topic) -> Chapter | None:
        """Return the first chapter about ``topic``."""
        return next((one for one in self.chapters if one.topic is topic), None)

    def chapter_at(self, place: int) -> Chapter | None:
        """Return the chapter in which ``place`` lies."""
        return next((one for one in self.chapters if one.start <= place < one.end), None)

    @cached_property
    def signature(self) -> Span | None:
        """Return the date under the report, which stands alone on one of the last lines."""
        for line in self.lines[-_LAST_LINES:]:
            if _SIGNED.fullmatch(self.folded[line.start : line.end]):
                return line
        return None

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Return the sentences of the prose below the title, headings that stand alone left out."""
        heads = {one.heading.start for one in self.chapters}
        return tuple(
            sentence
            for paragraph in self.paragraphs
            if paragraph.start not in heads
            for sentence in split(self.folded, paragraph)
        )

    def sentence_at(self, place: int) -> Span:
        """Return the sentence around ``place``; elsewhere its line."""
        starts = self._sentence_starts
        index = bisect_right(starts, place) - 1
        if index >= 0 and place < self.sentences[index].end:
            return self.sentences[index]
        start = self.text.rfind("\n", 0, place) + 1
        end = self.text.find("\n", place)
        return Span(start, len(self.text) if end < 0 else end)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [one.start for one in self.sentences]

    def says(self, span: Span) -> str:
        """Return the folded text of ``span``."""
        return self.folded[span.start : span.end]


def split(folded: str, span: Span) -> Iterator[Span]:
    """Yield the sentences of a stretch of text."""
    place = span.start
    while place < span.end:
        found = _SENTENCE.match(folded, place, span.end)
        end = max(found.end(), place + 1) if found else place + 1
        start = place + _indent(folded[place:end])
        if start < end:
            yield Span(start, end)
        place = end


def _goes_on(above: str, words: str) -> bool:
    """Tell whether a title began on the line above: that one ends in an organ or a year, this one names no organ."""
    if len(above) > _LONGEST_TITLE // 2:
        return False
    if _YEAR_END.search(above) or re.search(r"(?:19|20)\d\d.*(?:信息公开|工作)$", above):
        return not re.search(r"(?:19|20)\d\d", words)
    return bool(_ORGAN_END.search(above)) and words[:1].isdigit()


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())
