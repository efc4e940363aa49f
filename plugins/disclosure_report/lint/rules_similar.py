"""Rules X23 and X24: text that was taken over from last year's report."""

import re
from collections.abc import Iterator

from cms.api import gettext as _

from .document import Chapter, Document, split
from .registry import Context, Hit, Severity
from .rules import RULES
from .source import Span
from .topics import Topic

#: From this share of equal five-character pieces on, two chapters count as alike.
ALIKE = 0.7
_PIECE = 5
_LEAST = 100
_DIGITS = re.compile(r"[\d\s,.。;:、“”()]")


def _plain(document: Document, chapter: Chapter) -> str:
    return _DIGITS.sub("", "".join(document.says(one) for one in chapter.paragraphs))


def similarity(one: str, other: str) -> float:
    """Return the share of the pieces of ``one`` that ``other`` has too, 0 to 1."""
    mine = {one[place : place + _PIECE] for place in range(len(one) - _PIECE + 1)}
    theirs = {other[place : place + _PIECE] for place in range(len(other) - _PIECE + 1)}
    return len(mine & theirs) / len(mine) if mine else 0.0


def _both(context: Context, topic: Topic) -> tuple[Chapter, str, str] | None:
    before = context.previous
    now = context.document.chapter(topic)
    then = before.document.chapter(topic) if before else None
    if before is None or now is None or then is None:
        return None
    return now, _plain(context.document, now), _plain(before.document, then)


@RULES.rule(
    "X23", Severity.WARNING, "内容与上年度雷同",
    "总体情况和问题两章不应照搬上年度的文字，这是通报中点名的毛病。", source="各地年度报告评估通报",
)  # fmt: skip
def copied(context: Context) -> Iterator[Hit]:
    """Chapters 一 and 五 are not those of last year."""
    for topic in (Topic.OVERVIEW, Topic.PROBLEMS):
        found = _both(context, topic)
        if found is None:
            continue
        chapter, now, then = found
        share = similarity(now, then)
        if len(now) >= _LEAST and share >= ALIKE:
            message = _("“{title}”一章有 {n}% 的文字与上年度相同。").format(title=chapter.title, n=round(share * 100))
            yield Hit(message=message, span=Span(chapter.heading.start, chapter.heading.end))


@RULES.rule(
    "X24", Severity.WARNING, "问题与上年度相同",
    "上年度的问题应有整改结果；同一问题仍然存在的，应写明原因。", source="《条例》第五十条",
)  # fmt: skip
def same_problems(context: Context) -> Iterator[Hit]:
    """Problems that last year's report named word for word."""
    before = context.previous
    now = context.document.chapter(Topic.PROBLEMS)
    then = before.document.chapter(Topic.PROBLEMS) if before else None
    if before is None or now is None or then is None:
        return
    earlier = {key for one in then.paragraphs for key, _span in _problems(before.document, one)}
    same = [span for one in now.paragraphs for key, span in _problems(context.document, one) if key in earlier]
    if same:
        words = context.document.text[same[0].start : same[0].end].strip()
        message = _("有 {n} 句与上年度的问题完全相同，例如“{words}”。").format(n=len(same), words=words[:60])
        yield Hit(message=message, span=same[0])


def _problems(document: Document, paragraph: Span) -> Iterator[tuple[str, Span]]:
    for sentence in split(document.folded, paragraph):
        text = document.says(sentence)
        if re.search(
            r"不(?:足|够|高|强|到位|及时|全|深|规范|完善|均衡)|问题|薄弱|欠缺|缺乏|有待|需(?:进一步|要)|短缺|困难", text
        ):
            key = _DIGITS.sub("", text)
            if len(key) >= _PIECE * 2:
                yield key, sentence
