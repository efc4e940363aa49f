"""The postings of a segment while it is written, in little memory."""

import heapq
from array import array
from collections.abc import Iterable, Iterator
from operator import itemgetter

_IMPACT_BITS = 8
_IMPACT_MASK = 0xFF

Sorted = tuple[bytes, Iterable[int], Iterable[int]]
"""A term, positions of documents, impacts."""


class TermPool:
    """Collects the postings of one segment: one number each, most terms in a single one."""

    def __init__(self) -> None:
        self._terms: dict[bytes, int | array[int]] = {}
        self._streams: list[Iterator[Sorted]] = []
        self.size = 0
        """Postings held in memory."""

    def add_terms(self, doc: int, terms: dict[bytes, int]) -> None:
        """Add the terms of one document; documents come in ascending order."""
        own = self._terms
        base = doc << _IMPACT_BITS
        for term, impact in terms.items():
            held = own.get(term)
            if held is None:
                own[term] = base | impact
            elif isinstance(held, int):
                own[term] = array("I", (held, base | impact))
            else:
                held.append(base | impact)
        self.size += len(terms)

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        """Add one posting in Whoosh's form: field, term, document, weight, value."""
        _, term, doc, weight, _ = posting
        self.add_terms(doc, {term: int(weight)})

    def add_stream(self, terms: Iterator[Sorted]) -> None:
        """Merge in the terms of a segment, read while writing; documents must follow those already added."""
        self._streams.append(terms)

    def iter_postings(self) -> "TermPool":
        """Hand the pool itself to the field writer (Whoosh asks for an iterator here)."""
        return self

    def cleanup(self) -> None:
        """Forget everything."""
        self._terms.clear()
        self._streams.clear()

    def sorted_terms(self) -> Iterator[tuple[bytes, list[int], list[int]]]:
        """Yield each term with its documents, ascending, and their impacts."""
        last, ids, impacts = b"", list[int](), list[int]()
        # heapq.merge is stable: for one term the streams come in the order they were added.
        for term, more_ids, more_impacts in heapq.merge(*self._streams, self._own(), key=itemgetter(0)):
            if term != last:
                if ids:
                    yield last, ids, impacts
                last, ids, impacts = term, [], []
            ids.extend(more_ids)
            impacts.extend(more_impacts)
        if ids:
            yield last, ids, impacts

    def _own(self) -> Iterator[Sorted]:
        own = self._terms
        for term in sorted(own):
            held = own[term]
            packed = (held,) if isinstance(held, int) else held
            yield term, [one >> _IMPACT_BITS for one in packed], [one & _IMPACT_MASK for one in packed]
