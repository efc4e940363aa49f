"""What an index keeps of each document beside its terms: id, date, year, factor, type and sections."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cms.search.index import SearchDocument

_OUTDATED = frozenset({"repealed", "expired", "invalid", "废止", "失效"})
_OUTDATED_FACTOR = 0.9
_SEPARATOR = "\n"


@dataclass(frozen=True)
class Place:
    """Where documents stand: what facets and filters need, shared by all documents of one place."""

    type: str
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Columns:
    """What ranking must know about the documents of a part, by position."""

    ids: Sequence[int]
    days: Sequence[int]
    """Ordinal of the publication date; 0: none."""
    years: Sequence[int]
    factors: Sequence[float]
    places: Sequence[int]
    """Index into :attr:`place`."""
    place: Sequence[Place]


class Row(NamedTuple):
    """The columns of one document."""

    id: int
    day: int
    year: int
    factor: float
    place: bytes


def row_of(document: SearchDocument) -> Row:
    """Lay out the columns of ``document``."""
    published = document.published_on
    factor = min(2.0, max(0.5, document.boost)) * (_OUTDATED_FACTOR if document.validity in _OUTDATED else 1.0)
    paths = dict.fromkeys(path for path in (document.section_path, *document.section_paths) if path)
    return Row(
        id=document.id,
        day=published.toordinal() if published else 0,
        year=document.year or (published.year if published else 0),
        factor=factor,
        place=_SEPARATOR.join([document.type, *paths]).encode(),
    )


def read_place(place: bytes) -> Place:
    """Read the type and the sections back."""
    kind, *sections = place.decode().split(_SEPARATOR)
    return Place(kind, tuple(sections))


def columns_of(rows: Iterable[Row]) -> Columns:
    """Turn rows into columns."""
    table = list(rows)
    refs: dict[bytes, int] = {}
    for row in table:
        refs.setdefault(row.place, len(refs))
    return Columns(
        ids=[row.id for row in table],
        days=[row.day for row in table],
        years=[row.year for row in table],
        factors=[row.factor for row in table],
        places=[refs[row.place] for row in table],
        place=[read_place(place) for place in refs],
    )
