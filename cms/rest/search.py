"""``GET /api/v1/search``."""

from datetime import date
from typing import Literal

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, ConfigDict, Field

from cms.content.queries import visible
from cms.kernel.clock import local
from cms.search.finding import find
from cms.search.index import SearchQuery
from cms.sections.queries import tree
from cms.web.state import get_cms, read_session
from cms.web.urls import item_path, path_of

api = APIBlueprint("api", __name__, url_prefix="/api/v1")


class SearchArguments(BaseModel):
    """What can be asked."""

    model_config = ConfigDict(populate_by_name=True)

    q: str = Field("", max_length=200, description="The words to look for.")
    type: str | None = Field(None, description="Key of a content type.")
    section: str | None = Field(None, description="Path of a section; those below it are included.")
    since: date | None = Field(None, alias="from", description="First day of publication.")
    until: date | None = Field(None, alias="to", description="Last day of publication.")
    sort: Literal["relevance", "date"] = Field("relevance")
    page: int = Field(1, ge=1, le=100)


class SearchItem(BaseModel):
    """A found item; ``url`` is a path on this site."""

    id: int
    external_id: str | None
    type: str
    title: str
    url: str
    published_on: str | None
    snippet: str


class SearchAnswer(BaseModel):
    """The answer to a search."""

    query: str
    total: int
    took_ms: int
    items: list[SearchItem]
    facets: dict[str, dict[str, int]]
    suggestion: str | None


@api.get(
    "/search",
    summary="Search the public items of the site",
    tags=[Tag(name="search", description="Full-text search")],
    responses={200: SearchAnswer},
)
def search(query: SearchArguments) -> dict[str, object]:
    """Find public items, best first."""
    asked = SearchQuery(
        text=query.q.strip(), type=query.type, section=query.section, since=query.since, until=query.until,
        sort=query.sort, page=query.page, per_page=20,
    )  # fmt: skip
    return answer(asked).model_dump()


def answer(asked: SearchQuery) -> SearchAnswer:
    """Return the answer to ``asked`` in the form of the contract; also what ``cms search --json`` prints."""
    cms, session = get_cms(), read_session()
    sections = tree(session)
    found = find(cms.index, session, asked, cms.types, visible(cms.clock.now(), cms.types.keys))
    items = [
        SearchItem(
            id=one.listed.id,
            external_id=one.external_id,
            type=one.listed.type,
            title=one.listed.title,
            url=path_of(item_path(sections.by_id[one.listed.section_id].path, one.listed.id)),
            published_on=f"{local(one.listed.published_at):%Y-%m-%d}" if one.listed.published_at else None,
            snippet="".join(text for text, _is_hit in one.snippet),
        )
        for one in found.found
    ]
    facets = {name: dict(counts) for name, counts in found.facets.items()}
    return SearchAnswer(
        query=found.query, total=found.total, took_ms=found.took_ms, items=items, facets=facets,
        suggestion=found.suggestion,
    )  # fmt: skip
