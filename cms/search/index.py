"""The contract of every search engine: what goes in, what is asked, what comes out."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cms.kernel.errors import Unavailable

Sort = Literal["relevance", "date"]


class SearchUnavailable(Unavailable):
    """The index cannot be read or written: damage, or an error of the file system. Rebuild it."""


@dataclass(frozen=True, kw_only=True)
class SearchDocument:
    """One published content item as the search sees it; everything is plain text."""

    id: int
    type: str
    title: str
    body: str = ""
    summary: str = ""
    keywords: tuple[str, ...] = ()
    doc_no: str = ""
    index_no: str = ""
    section_path: str = ""
    """Path of the item's own section, for instance ``zwgk/zcfg``."""
    section_paths: tuple[str, ...] = ()
    """The section and its ancestors: a search in any of them finds the item."""
    department: str = ""
    issuer: str = ""
    published_on: dt.date | None = None
    year: int | None = None
    """Year of the facet; without it the year of ``published_on``."""
    extra: str = ""
    """Text of the searchable metadata fields."""
    attachments: str = ""
    validity: str = ""
    """``valid``, ``amended``, ``repealed``, ``expired`` or empty."""
    boost: float = 1.0
    """Editorial factor on the score, held between 0.5 and 2."""


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """What somebody looks for. A text without any searchable word finds nothing."""

    text: str
    type: str | None = None
    section: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    types: frozenset[str] | None = None
    """The active types; documents of all others stay invisible, in the facets too. None: all are active."""
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """One found document; ``score`` compares hits of one answer only."""

    id: int
    score: float


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """One page of an answer.

    A facet ignores its own filter, so that a reader who chose one type still sees what the others would
    bring. ``terms`` are the words to mark in titles and snippets, longest first.
    """

    total: int = 0
    hits: tuple[SearchHit, ...] = ()
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    terms: tuple[str, ...] = ()


class SearchIndex(Protocol):
    """A full-text index. All methods may be called from many threads."""

    @property
    def needs_rebuild(self) -> bool:
        """True when the index is missing, damaged or of an older format: build it from the database."""
        ...

    def apply(self, documents: Iterable[SearchDocument], deletions: Iterable[int]) -> None:
        """Write ``documents`` (replacing those of the same id) and remove ``deletions``.

        Idempotent, and durable when it returns. The last of several documents with one id counts; an id both
        written and deleted is written.

        :raises SearchUnavailable: if the index cannot be written; a bulk may then be written in part, so
        repeat it.
        """
        ...

    def rebuild(self, documents: Iterable[SearchDocument]) -> None:
        """Build a new index from ``documents`` and put it in the place of the old one, which answers meanwhile.

        :raises SearchUnavailable: if it cannot be written; the old one stays in use then.
        """
        ...

    def find(self, query: SearchQuery) -> SearchPage:
        """Answer ``query``; no text, however strange, raises.

        :raises SearchUnavailable: if the index cannot be read.
        """
        ...

    def count(self) -> int:
        """Return the number of documents."""
        ...

    def ids(self) -> Iterator[int]:
        """Return the ids of all documents, in no order."""
        ...

    def generation(self) -> str:
        """Return a mark that changes whenever a commit becomes visible; usable as a cache key."""
        ...

    def close(self) -> None:
        """Release files and memory. Closing twice does nothing."""
        ...
