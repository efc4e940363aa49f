"""The search page."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from math import ceil
from urllib.parse import urlencode

from flask import Blueprint, request

from cms.kernel.i18n import gettext as _
from cms.search.finding import Answer, Found, find
from cms.search.index import SearchQuery
from cms.site.contexts import FacetLink, Fragment, Hit, Pager, SearchPage
from cms.site.frame import Frame, frame
from cms.web.caching import do_not_cache
from cms.web.render import render
from cms.web.state import read_session
from cms.web.urls import absolute, path_of

PER_PAGE = 10
MAX_QUERY = 200
#: Nobody reads further, and deep pages cost the most.
MAX_PAGE = 100

blueprint = Blueprint("finding", __name__)


@blueprint.get("/search")
def search() -> str:
    """Show what the search finds."""
    here = frame()
    query = query_from(request.args, per_page=PER_PAGE)
    chosen = {name: request.args.get(name, "") for name in ("type", "section", "from", "to", "sort")}
    answer = find(here.cms.index, read_session(), query, here.cms.types, here.condition)
    pages = min(MAX_PAGE, max(1, ceil(answer.total / PER_PAGE)))
    page = SearchPage(
        **here.values(), title=_("站内搜索"), breadcrumbs=[*here.breadcrumbs()], labels=here.labels(),
        canonical=absolute("/search"), query=query.text, hits=[_hit(here, found) for found in answer.found],
        facets=_facets(here, answer, query.text, chosen), suggestion=answer.suggestion, took_ms=answer.took_ms,
        sorts=_sorts(query.text, chosen), chosen=chosen,
        pager=Pager(page=query.page, pages=pages, total=answer.total, path=_path(query.text, chosen) + "&page={page}"),
    )  # fmt: skip
    # The index follows the pages a moment later, so no stamp of theirs says when this changes.
    do_not_cache()
    # Results of a search are no pages of the site.
    return render(replace(page, is_noindex=True))


def query_from(arguments: Mapping[str, str], *, per_page: int) -> SearchQuery:
    """Return the query that request arguments stand for; what makes no sense is left out."""
    number = arguments.get("page", "1")
    return SearchQuery(
        text=arguments.get("q", "").strip()[:MAX_QUERY],
        type=arguments.get("type") or None,
        section=arguments.get("section") or None,
        since=_date(arguments.get("from", "")),
        until=_date(arguments.get("to", "")),
        sort="date" if arguments.get("sort") == "date" else "relevance",
        page=min(MAX_PAGE, max(1, int(number))) if number.isascii() and number.isdigit() and len(number) < 6 else 1,  # noqa: PLR2004 — digits
        per_page=per_page,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _hit(here: Frame, found: Found) -> Hit:
    return Hit(
        item=here.line(found.listed),
        title=[Fragment(text, is_hit) for text, is_hit in found.title],
        snippet=[Fragment(text, is_hit) for text, is_hit in found.snippet],
        type_label=here.cms.types.label(found.listed.type),
    )


def _path(text: str, chosen: Mapping[str, str], **changed: str) -> str:
    values = {"q": text, **{name: value for name, value in {**chosen, **changed}.items() if value}}
    return path_of("/search") + "?" + urlencode(values)


def _facets(here: Frame, answer: Answer, text: str, chosen: Mapping[str, str]) -> dict[str, list[FacetLink]]:
    types, sections = answer.facets.get("type", {}), answer.facets.get("section", {})
    # An item counts for its section and for those above; below the top only the chosen branch is opened.
    top = chosen["section"].split("/")[0]
    shown = [
        section for section in here.sections.walk()
        if section.path in sections and ("/" not in section.path or section.path.startswith(f"{top}/"))
    ]  # fmt: skip
    labels = {
        "type": {key: here.cms.types.label(key) for key in sorted(types, key=lambda key: -types[key])},
        "section": {section.path: section.title for section in shown},
    }
    facets = {}
    for name, names in labels.items():
        counts = answer.facets.get(name, {})
        total = sum(count for key, count in counts.items() if "/" not in key)
        links = [FacetLink(_("全部"), total, _path(text, chosen, **{name: ""}), not chosen[name])]
        links += [
            FacetLink(label, counts[key], _path(text, chosen, **{name: key}), chosen[name] == key)
            for key, label in names.items()
        ]
        facets[name] = links
    return facets


def _sorts(text: str, chosen: Mapping[str, str]) -> list[FacetLink]:
    by_date = chosen["sort"] == "date"
    return [
        FacetLink(_("按相关度"), 0, _path(text, chosen, sort=""), not by_date),
        FacetLink(_("按时间"), 0, _path(text, chosen, sort="date"), by_date),
    ]
