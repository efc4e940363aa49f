"""From a document to index terms with their impact: BM25F, folded into one small number per term.

BM25F (Robertson, Zaragoza 2004) adds the frequencies of a term over the fields, each divided by its field's
length norm and multiplied by its field's weight, and lets only the sum saturate. Field weights and typical
lengths are constants here, so the saturated value can be computed when a document is indexed; the engine
stores it as one byte per term and a query only multiplies it by the rarity of the term. Changing a constant
needs a rebuild and a new :data:`FORMAT`.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass

from cms.kernel.doc_no import find_doc_nos
from cms.search.folding import bare, fold
from cms.search.index import SearchDocument
from cms.search.orders import find_orders
from cms.search.segment import Segmenter, pairs, stop_words

FORMAT = 1
"""Version of what an index holds; an index of another format asks to be rebuilt."""

TOP = 255
"""The highest impact."""

_K1 = 2.0
_PAIRS_PER_WORD = 1.3
_SHORTEST_ORG = 2
_LONGEST_ORG = 12


@dataclass(frozen=True)
class _Field:
    """How much an occurrence counts, how strongly length weakens it, and the typical length in words."""

    weight: float
    b: float
    typical: int


_TITLE = _Field(3.0, 0.5, 12)
_FIELDS = {
    "title": _TITLE,
    "keywords": _Field(2.0, 0.3, 6),
    "summary": _Field(1.2, 0.5, 60),
    "body": _Field(1.0, 0.75, 700),
    "extra": _Field(1.0, 0.6, 120),
    "attachments": _Field(0.6, 0.75, 1200),
    "origin": _Field(0.6, 0.3, 10),
}


def word_term(word: str) -> bytes:
    """Term of a word."""
    return b"w" + word.encode(errors="replace")


def pair_term(pair: str) -> bytes:
    """Term of two neighbouring Chinese characters."""
    return b"p" + pair.encode()


def title_term(title: str) -> bytes:
    """Term of a whole title, the same whatever its punctuation, spaces and variants of characters."""
    return b"t" + hashlib.blake2b(bare(title).encode(errors="replace"), digest_size=12).digest()


def number_terms(number: str) -> list[bytes]:
    """Return the terms under which ``number`` may be indexed: with each possible beginning, or bare."""
    org, mark, rest = number.partition("〔")
    ends = [org[at:] for at in range(max(0, len(org) - _LONGEST_ORG), len(org) - _SHORTEST_ORG + 1)]
    return [b"d" + (end + mark + rest).encode() for end in [*ends, *([] if len(org) >= _SHORTEST_ORG else [""])]]


def mention_term(number: str) -> bytes:
    """Term of a document that cites ``number``; only year and number, as the beginning is uncertain."""
    return b"m" + ("〔" + number.partition("〔")[2]).encode() if "〔" in number else b"m" + number.encode()


def document_terms(document: SearchDocument, segmenter: Segmenter) -> dict[bytes, int]:
    """Return all terms of ``document`` with their impacts, 1 to :data:`TOP`."""
    texts = {
        "title": fold(document.title),
        "keywords": fold(" ".join(document.keywords)),
        "summary": fold(document.summary),
        "body": fold(document.body),
        "extra": fold(document.extra),
        "attachments": fold(document.attachments),
        "origin": fold(f"{document.issuer} {document.department} {document.doc_no}"),
    }
    words: dict[str, float] = {}
    couples: dict[str, float] = {}
    dropped = stop_words()
    for name, folded in texts.items():
        if folded:
            found = [word for word in segmenter.index_words(folded) if len(word) > 1 or word not in dropped]
            if name == "title":
                found.extend(char for char in set(folded) if char.isalnum() and char not in dropped)
            _add(words, found, _FIELDS[name], 1.0)
            _add(couples, pairs(folded), _FIELDS[name], _PAIRS_PER_WORD)
    terms = {word_term(word): _impact(value) for word, value in words.items()}
    terms |= {pair_term(pair): _impact(value) for pair, value in couples.items()}
    terms |= _key_terms(document, texts)
    return terms


def _add(sums: dict[str, float], found: list[str], field: _Field, ratio: float) -> None:
    scale = field.weight / (1 - field.b + field.b * len(found) / (field.typical * ratio))
    for term, count in Counter(found).items():
        sums[term] = sums.get(term, 0.0) + count * scale


def _impact(value: float) -> int:
    return int(TOP * value / (value + _K1) + 0.5) or 1


def _key_terms(document: SearchDocument, texts: dict[str, str]) -> dict[bytes, int]:
    """Return terms that identify a document, and those of the documents it cites; ``texts`` are folded."""
    terms: dict[bytes, int] = {}
    for text in texts.values():
        for number, _, _ in find_doc_nos(text):
            terms[mention_term(number)] = TOP
        for order in find_orders(text):
            terms[mention_term(order)] = TOP
    for number, _, _ in find_doc_nos(fold(document.doc_no)):
        terms |= dict.fromkeys(number_terms(number)[:1], TOP)
        terms[b"d" + ("〔" + number.partition("〔")[2]).encode()] = TOP
    for order in find_orders(fold(document.doc_no)):
        terms[b"d" + order.encode()] = TOP
    if bare(document.title):
        terms[title_term(document.title)] = TOP
    if bare(document.index_no):
        terms[b"i" + bare(document.index_no)[:80].encode(errors="replace")] = TOP
    return terms
