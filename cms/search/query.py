"""From what somebody typed to what the index is asked; any text is a valid query."""

import re
from dataclasses import dataclass

from cms.kernel.doc_no import find_doc_nos
from cms.search.folding import bare, fold
from cms.search.orders import find_orders
from cms.search.segment import Segmenter, pairs, stop_words
from cms.search.synonyms import Synonyms

LONGEST = 300
"""Characters of a query that are looked at; a whole question has up to 200."""

_STATE = "中华人民共和国"
_MOST_WORDS = 32
_MOST_PAIRS = 64
_MOST_PHRASES = 4
_MOST_HIGHLIGHTS = 24
_QUOTED = re.compile(r"[\"＂]([^\"＂]{1,80})[\"＂]")
_ALL_QUOTED = re.compile(r"[“「『]([^“”「」『』]{1,80})[”」』]")
_NUMBER_LEFT_OPEN = re.compile(r"([〕\])）］】}］]\s{0,4}第?\s{0,4}[0-9０-９]{1,6})(?![0-9０-９]|\s{0,4}[号號])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\ufeff\ud800-\udfff]+")


@dataclass(frozen=True)
class Concept:
    """One word that was asked for, and the words that may stand for it."""

    word: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class ParsedQuery:
    """A query taken apart. Everything is folded; all tuples are short (bounded by the module's limits)."""

    title: str
    """The whole text, for titles equal to it."""
    numbers: tuple[str, ...]
    """Document numbers, without the brackets they were typed in."""
    only_number: bool
    """Nothing but numbers was typed."""
    index_no: str
    phrases: tuple[str, ...]
    """Quoted texts; a document must contain all of their pairs of characters."""
    concepts: tuple[Concept, ...]
    question: bool
    """Words of a question were dropped: the text is a sentence, not a list of words to be found."""
    pairs: tuple[str, ...]
    highlights: tuple[str, ...]
    """Words to mark, longest first."""


def parse(text: str, segmenter: Segmenter, synonyms: Synonyms) -> ParsedQuery:
    """Take ``text`` apart; never raises, and the work is bounded however long ``text`` is."""
    text = _CONTROL.sub(" ", text[: LONGEST * 4])[:LONGEST].strip()
    numbered = _NUMBER_LEFT_OPEN.sub(r"\1号", text)
    found = find_doc_nos(fold(numbered))
    rest = numbered
    for _, start, end in reversed(found):
        rest = rest[:start] + " " + rest[end:]
    folded = fold(text)
    orders = find_orders(folded)
    numbers = (*(number for number, _, _ in found), *orders)
    phrases = _phrases(text)
    typed = segmenter.query_words(folded)
    words = _content_words(typed)
    return ParsedQuery(
        title=bare(text),
        numbers=tuple(dict.fromkeys(numbers))[:_MOST_PHRASES],
        only_number=bool(numbers) and (not bare(rest) or bare(folded).removeprefix(_STATE) in map(bare, orders)),
        index_no=bare(text)[:80] if len(text) <= 80 and any(map(str.isdigit, text)) else "",  # noqa: PLR2004 — longer than any 索引号
        phrases=phrases,
        question=any(word in stop_words() for word in typed),
        concepts=tuple(Concept(word, synonyms.of(word)) for word in words),
        pairs=tuple(dict.fromkeys(_content_pairs(folded)))[:_MOST_PAIRS],
        highlights=_highlights(words, phrases, synonyms, folded),
    )


def _phrases(text: str) -> tuple[str, ...]:
    """Straight quotes ask for the exact text. Chinese ones do so only around the whole query.

    In a question they set a word apart (“一房多租”有效吗？), and demanding it would lose the answer.
    """
    whole = _ALL_QUOTED.fullmatch(text)
    found = [whole[1]] if whole else _QUOTED.findall(text)
    return tuple(fold(phrase).strip() for phrase in found if len(bare(phrase)) > 1)[:_MOST_PHRASES]


def _content_words(words: list[str]) -> list[str]:
    unique = list(dict.fromkeys(words))
    kept = [word for word in unique if word not in stop_words()]
    return (kept or unique)[:_MOST_WORDS]


def _content_pairs(folded: str) -> list[str]:
    dropped = stop_words()
    found = [pair for pair in pairs(folded) if pair not in dropped]
    return found or pairs(folded)


def _highlights(words: list[str], phrases: tuple[str, ...], synonyms: Synonyms, folded: str) -> tuple[str, ...]:
    numbers = [folded[start:end].strip() for _, start, end in find_doc_nos(folded)]
    marked = [*phrases, *numbers, *words, *(other for word in words for other in synonyms.of(word))]
    marked = [word for word in dict.fromkeys(marked) if len(word) > 1 or len(words) == 1]
    return tuple(sorted(marked[:_MOST_HIGHLIGHTS], key=len, reverse=True))
