"""Answering a query completely: the engine finds ids, our own rows give titles, snippets and visibility."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cms.content.models import Content
from cms.content.queries import Listed
from cms.content.types import TypeRegistry
from cms.kernel.text import plain_text
from cms.search.index import SearchIndex, SearchQuery
from cms.search.snippets import highlight, snippet

Fragments = Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Found:
    """A visible item that answers the query."""

    listed: Listed
    external_id: str | None
    title: Fragments
    snippet: Fragments


@dataclass(frozen=True)
class Answer:
    """One page of an answer."""

    query: str
    total: int
    took_ms: int
    found: Sequence[Found]
    facets: Mapping[str, Mapping[str, int]]
    suggestion: str | None


def find(
    index: SearchIndex,
    session: Session,
    query: SearchQuery,
    types: TypeRegistry,
    condition: ColumnElement[bool],
) -> Answer:
    """Return the answer to ``query`` among the active types.

    Whatever the index still holds of items that have just been withdrawn is left out here.

    :raises SearchUnavailable: if the index cannot be read.
    """
    began = perf_counter()
    active = types.keys & ({query.type} if query.type else types.keys)
    page = index.find(replace(query, types=types.keys)) if active else None
    if page is None:
        return Answer(query.text, 0, 0, (), {}, None)
    rows = _rows(session, [hit.id for hit in page.hits], condition)
    found = [_found(rows[hit.id], page.terms) for hit in page.hits if hit.id in rows]
    took = round((perf_counter() - began) * 1000)
    return Answer(query.text, page.total, took, found, page.facets, None)


def _rows(
    session: Session, ids: Sequence[int], condition: ColumnElement[bool]
) -> dict[int, tuple[Listed, str, str | None]]:
    if not ids:
        return {}
    rows = session.execute(
        select(
            Content.id, Content.type, Content.section_id, Content.title, Content.summary, Content.source,
            Content.published_at, Content.cover_id, Content.body, Content.external_id,
        ).where(Content.id.in_(ids), condition)
    )  # fmt: skip
    return {row.id: (Listed(*row[:8]), row.body, row.external_id) for row in rows}


def _found(row: tuple[Listed, str, str | None], terms: Sequence[str]) -> Found:
    listed, body, external_id = row
    text = plain_text(body) or listed.summary
    return Found(listed, external_id, highlight(listed.title, terms), snippet(text, terms))
