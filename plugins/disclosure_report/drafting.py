"""Draft texts of chapters: sentences of the format file that the numbers bear out, and last year's problems to answer.

A draft is prose with live tokens like any other text. While nobody edits a chapter, it follows the records.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from .format_file import ChapterSpec, SentenceSpec
from .report import Previous
from .tokens import FigureToken, tokens_of

#: What stands for a quoted problem in a sentence of the file.
PROBLEM = "{problem}"
Values = Mapping[str, Decimal | None]
#: Where a chapter turns from problems to what is done about them.
_TURN = re.compile(r"针对(?:上述|以上|这些|存在)|下一步|今后|改进(?:措施|情况|方向)[：:，]|(?:对此|为此)，")
_LISTED = (
    re.compile(r"[一二三四五六七八九十]是([^；;。\n]{4,120})"),
    re.compile(r"[（(][一二三四五六七八九十\d]+[）)]([^；;。\n]{4,120})"),
    re.compile(r"(?:^|\n)\s*\d{1,2}[.．、]([^；;。\n]{4,120})"),
)
_COMPLAINT = re.compile(r"[^。；;\n]{2,120}(?:不足|不够|有待|薄弱|不平衡|不到位|不及时|需进一步)[^。；;\n]{0,40}")
_MOST = 8


def draft_of(chapter: ChapterSpec, values: Values, previous: Previous | None) -> str:
    """Return the draft of a chapter, with live tokens.

    :param values: number of each figure and cell by code; sentences about what is not known are left out.
    """
    if not chapter.sentences:
        return chapter.text
    problems = (
        [one for code in chapter.follows for one in problems_of(previous.chapters.get(code, ""))] if previous else []
    )
    paragraphs: list[str] = []
    for sentence in chapter.sentences:
        if not _holds(sentence, values) or (sentence.after_problems and not problems):
            continue
        for text in _texts(sentence, problems):
            if sentence.begins_paragraph or not paragraphs:
                paragraphs.append(text)
            else:
                paragraphs[-1] += text
    return "\n".join(paragraphs)


def problems_of(text: str) -> list[str]:
    """Return the problems that a chapter 存在的主要问题及改进情况 names: what it lists, else what sounds like one."""
    turn = _TURN.search(text)
    about = text[: turn.start()] if turn and turn.start() else text
    for pattern in _LISTED:
        found = [match.strip(" ，,：:") for match in pattern.findall(about)]
        if found:
            return found[:_MOST]
    return [match.group().strip(" ，,") for match in _COMPLAINT.finditer(about)][:_MOST]


def _holds(sentence: SentenceSpec, values: Values) -> bool:
    named = [values.get(token.code) for token in tokens_of(sentence.text) if isinstance(token, FigureToken)]
    if any(value is None for value in named):
        return False
    is_more = all((values.get(code) or 0) > 0 for code in sentence.when)
    return is_more and all(values.get(code) == 0 for code in sentence.zero)


def _texts(sentence: SentenceSpec, problems: Sequence[str]) -> Iterator[str]:
    if PROBLEM not in sentence.text:
        yield sentence.text
        return
    for problem in problems:
        yield sentence.text.replace(PROBLEM, problem)
