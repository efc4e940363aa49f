"""Answering a parsed query over postings; the same for every engine that can list the postings of a term.

Postings are read as whole arrays and added up in plain lists: some 0.1 µs a posting, where walking the
matchers of Whoosh costs 2.5 to 5 µs.
"""

import datetime as dt
import heapq
import math
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cms.search.columns import Columns
from cms.search.facets import Filter
from cms.search.index import SearchHit, SearchPage, SearchQuery
from cms.search.query import Concept, ParsedQuery
from cms.search.segment import pairs
from cms.search.terms import TOP, mention_term, number_terms, pair_term, title_term, word_term

Postings = tuple[Sequence[int], Sequence[int]]
"""Positions of documents within a part, ascending, and the impacts there."""


class Part(Protocol):
    """A piece of an index (a Whoosh segment, or all of a small index)."""

    @property
    def columns(self) -> Columns:
        """The documents of the part."""
        ...

    @property
    def deleted(self) -> Collection[int]:
        """Positions of documents that are gone."""
        ...

    def postings(self, term: bytes) -> Postings | None:
        """Return the postings of ``term``."""
        ...


#: How much pairs of characters count beside words.
PAIR_WEIGHT = 2.0
#: How much a synonym counts beside the word itself.
OTHER_WEIGHT = 0.7
#: Share of its score that a document keeps which holds next to nothing of the words; holding all keeps all.
COVER = 0.7
#: With at least so many documents that hold every word, the others are not shown …
ENOUGH = 20
#: … if the query is no question and has at most so many words. Nobody expects all words of a question in
#: one text.
SHORT = 6
#: Else a document must reach this share of the best score to be found.
CUT = 0.2
_EXACT = 1000.0
_CITED = 30.0
_RECENCY = 0.05
_HALF_LIFE = 5 * 365.25


@dataclass
class _Wanted:
    """One concept over all parts: where it occurs and its rarity."""

    scored: list[tuple[float, list[Postings | None]]]
    matches: list[set[int]]
    idf: float = 0.0


def answer(parts: Sequence[Part], parsed: ParsedQuery, query: SearchQuery, today: dt.date) -> SearchPage:
    """Find, rank and count; ``today`` is what recency is measured against."""
    return _Search(parts, parsed, query, today).page()


class _Search:
    def __init__(self, parts: Sequence[Part], parsed: ParsedQuery, query: SearchQuery, today: dt.date) -> None:
        self.parts, self.parsed, self.query, self.today = parts, parsed, query, today.toordinal()
        self.size = max(1, sum(len(part.columns.ids) for part in parts))

    def page(self) -> SearchPage:
        exact = self._exact()
        if self.parsed.only_number and any(exact):
            found = exact
        else:
            found = self._by_words()
            for scores, extra in zip(found, exact, strict=True):
                for at, value in extra.items():
                    scores[at] = scores.get(at, 0.0) + value
        return self._sorted([_alive(scores, part) for scores, part in zip(found, self.parts, strict=True)])

    def _exact(self) -> list[dict[int, float]]:
        """Find documents called what was typed (title, document number, index number), and citing ones."""
        terms = {title_term(self.parsed.title): _EXACT} if self.parsed.title else {}
        if self.parsed.index_no:
            terms[b"i" + self.parsed.index_no.encode()] = _EXACT
        for number in self.parsed.numbers:
            for term in number_terms(number) if "〔" in number else [b"d" + number.encode()]:
                terms[term] = _EXACT
            terms[mention_term(number)] = _CITED
        return [_sum(part, terms) for part in self.parts]

    def _by_words(self) -> list[dict[int, float]]:
        wanted = [self._concept(concept) for concept in self.parsed.concepts]
        phrases = [self._containing(phrase) for phrase in self.parsed.phrases]
        couples = [self._term(pair_term(pair)) for pair in self.parsed.pairs]
        total = sum(concept.idf for concept in wanted) or 1.0
        masses = [self._mass(at, wanted) for at in range(len(self.parts))]
        least = self._least(masses, total - 1e-6)
        found: list[dict[int, float]] = []
        for at, (part, mass) in enumerate(zip(self.parts, masses, strict=True)):
            scores = [0.0] * len(part.columns.ids)
            for concept in wanted:
                _score(scores, concept, at)
            for idf, postings in couples:
                _add(scores, postings[at], idf * PAIR_WEIGHT / TOP)
            chosen: Iterable[int] = (doc for doc, value in enumerate(mass) if value >= least)
            if phrases:
                chosen = set.intersection(*(phrase[at] for phrase in phrases)).intersection(chosen)
            found.append({doc: scores[doc] * (COVER + (1 - COVER) * mass[doc] / total) for doc in chosen})
        return found if least >= total - 1e-6 else _best(found)

    def _least(self, masses: list[list[float]], full: float) -> float:
        """Return the share of the words' weight that a document must hold: all, or just something."""
        if self.parsed.question or len(self.parsed.concepts) > SHORT:
            return 1e-6
        complete = sum(1 for mass in masses for value in mass if value >= full)
        return full if complete >= ENOUGH or len(self.parsed.concepts) == 1 else 1e-6

    def _mass(self, at: int, wanted: list[_Wanted]) -> list[float]:
        """By document of part ``at``: the summed rarity of the concepts it holds."""
        mass = [0.0] * len(self.parts[at].columns.ids)
        for concept in wanted:
            idf = concept.idf
            for doc in concept.matches[at]:
                mass[doc] += idf
        return mass

    def _concept(self, concept: Concept) -> _Wanted:
        words = [(concept.word, 1.0), *((other, OTHER_WEIGHT) for other in concept.others)]
        matches: list[set[int]] = [set() for _ in self.parts]
        scored = []
        for word, weight in words:
            idf, postings = self._term(word_term(word))
            scored.append((weight * idf / TOP, postings))
            for match, list_ in zip(matches, postings, strict=True):
                if list_ is not None:
                    match.update(list_[0])
            for match, containing in zip(matches, self._containing(word), strict=True):
                match.update(containing)
        return _Wanted(scored, matches, self._idf(sum(map(len, matches))))

    def _containing(self, text: str) -> list[set[int]]:
        """Documents with all pairs of characters of ``text`` - nearly always those that contain it."""
        terms = [pair_term(pair) for pair in dict.fromkeys(pairs(text))]
        found = []
        for part in self.parts:
            common: set[int] | None = None
            for term in terms:
                postings = part.postings(term)
                common = set() if postings is None else _narrow(common, postings[0])
                if not common:
                    break
            found.append(common or set())
        return found

    def _term(self, term: bytes) -> tuple[float, list[Postings | None]]:
        postings = [part.postings(term) for part in self.parts]
        return self._idf(sum(len(one[0]) for one in postings if one is not None)), postings

    def _idf(self, frequency: int) -> float:
        return math.log(1 + (self.size - min(frequency, self.size) + 0.5) / (frequency + 0.5))

    def _sorted(self, found: list[dict[int, float]]) -> SearchPage:
        filtered = Filter(self.query)
        ranked: list[tuple[float, float, int]] = []
        facets: dict[str, Counter[str]] = {"type": Counter(), "section": Counter(), "year": Counter()}
        for part, scores in zip(self.parts, found, strict=True):
            columns = part.columns
            docs = filtered.count(columns, scores, facets)
            if self.query.sort == "date":
                ranked.extend((columns.days[doc], scores[doc], columns.ids[doc]) for doc in docs)
            else:
                ranked.extend(
                    (scores[doc] * self._prior(columns, doc), columns.days[doc], columns.ids[doc]) for doc in docs
                )
        per_page = min(max(1, self.query.per_page), 1000)
        start = (max(1, self.query.page) - 1) * per_page
        best = heapq.nlargest(start + per_page, ranked)[start:] if start < len(ranked) else []
        by_date = self.query.sort == "date"
        return SearchPage(
            total=len(ranked),
            hits=tuple(SearchHit(id=id_, score=round(second if by_date else first, 4)) for first, second, id_ in best),
            facets={name: dict(counts.most_common()) for name, counts in facets.items()},
            terms=self.parsed.highlights,
        )

    def _prior(self, columns: Columns, doc: int) -> float:
        """Newer documents get up to 5 % more; validity and boost are in the factor of the document."""
        day = columns.days[doc]
        age = max(0, self.today - day) / _HALF_LIFE if day else 99.0
        return float(columns.factors[doc] * (1 - _RECENCY + _RECENCY * 0.5**age))


def _best(found: list[dict[int, float]]) -> list[dict[int, float]]:
    least = CUT * max((value for scores in found for value in scores.values()), default=0.0)
    return [{doc: value for doc, value in scores.items() if value >= least} for scores in found]


def _narrow(common: set[int] | None, ids: Sequence[int]) -> set[int]:
    return set(ids) if common is None else common.intersection(ids)


def _sum(part: Part, terms: dict[bytes, float]) -> dict[int, float]:
    sums: dict[int, float] = {}
    for term, value in terms.items():
        postings = part.postings(term)
        for doc in postings[0] if postings is not None else ():
            sums[doc] = sums.get(doc, 0.0) + value
    return sums


def _score(scores: list[float], concept: _Wanted, at: int) -> None:
    if len(concept.scored) == 1:
        weight, postings = concept.scored[0]
        _add(scores, postings[at], weight)
        return
    best: dict[int, float] = {}
    for weight, postings in concept.scored:
        part = postings[at]
        for doc, impact in zip(*part, strict=True) if part is not None else ():
            if impact * weight > best.get(doc, 0.0):
                best[doc] = impact * weight
    for doc, value in best.items():
        scores[doc] += value


def _add(scores: list[float], postings: Postings | None, weight: float) -> None:
    if postings is not None:
        for doc, impact in zip(*postings, strict=True):
            scores[doc] += impact * weight


def _alive(scores: dict[int, float], part: Part) -> dict[int, float]:
    if not part.deleted:
        return scores
    deleted = part.deleted
    return {doc: value for doc, value in scores.items() if doc not in deleted}
