"""A small index in memory, for tests and trials; ranks exactly like the embedded one."""

import datetime as dt
import threading
from collections.abc import Collection, Iterable, Iterator

from cms.search.columns import Columns, columns_of, row_of
from cms.search.index import SearchDocument, SearchPage, SearchQuery
from cms.search.query import parse
from cms.search.ranking import Postings, answer
from cms.search.segment import Segmenter
from cms.search.synonyms import Synonyms
from cms.search.terms import document_terms


class _Part:
    """All documents, laid out anew after each change."""

    def __init__(self, documents: dict[int, tuple[SearchDocument, dict[bytes, int]]]) -> None:
        self.columns: Columns = columns_of(row_of(document) for document, _ in documents.values())
        self.deleted: Collection[int] = ()
        self._postings: dict[bytes, tuple[list[int], list[int]]] = {}
        for at, (_, terms) in enumerate(documents.values()):
            for term, impact in terms.items():
                ids, impacts = self._postings.setdefault(term, ([], []))
                ids.append(at)
                impacts.append(impact)

    def postings(self, term: bytes) -> Postings | None:
        return self._postings.get(term)


class MemoryIndex:
    """See :class:`cms.search.index.SearchIndex`. Nothing outlives the process."""

    def __init__(self, segmenter: Segmenter | None = None, synonyms: Synonyms | None = None) -> None:
        self.synonyms = Synonyms.built_in() if synonyms is None else synonyms
        self._segmenter = Segmenter(self.synonyms.words()) if segmenter is None else segmenter
        self._lock = threading.Lock()
        self._documents: dict[int, tuple[SearchDocument, dict[bytes, int]]] = {}
        self._part = _Part({})
        self._generation = 0

    @property
    def needs_rebuild(self) -> bool:
        """False: a new one is empty, and nothing can damage it."""
        return False

    def apply(self, documents: Iterable[SearchDocument], deletions: Iterable[int]) -> None:
        """See :meth:`cms.search.index.SearchIndex.apply`."""
        with self._lock:
            for id_ in deletions:
                self._documents.pop(id_, None)
            for document in documents:
                self._documents[document.id] = (document, document_terms(document, self._segmenter))
            self._part = _Part(self._documents)
            self._generation += 1

    def rebuild(self, documents: Iterable[SearchDocument]) -> None:
        """See :meth:`cms.search.index.SearchIndex.rebuild`."""
        built = {document.id: (document, document_terms(document, self._segmenter)) for document in documents}
        with self._lock:
            self._documents = built
            self._part = _Part(built)
            self._generation += 1

    def find(self, query: SearchQuery) -> SearchPage:
        """See :meth:`cms.search.index.SearchIndex.find`."""
        parsed = parse(query.text, self._segmenter, self.synonyms)
        return answer([self._part], parsed, query, dt.datetime.now(tz=dt.UTC).date())

    def count(self) -> int:
        """Return the number of documents."""
        return len(self._documents)

    def ids(self) -> Iterator[int]:
        """Return the ids of all documents."""
        return iter(list(self._documents))

    def generation(self) -> str:
        """Count of the changes."""
        return str(self._generation)

    def close(self) -> None:
        """Nothing to release."""
