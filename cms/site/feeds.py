"""Feeds, sitemap, robots."""

from flask import Blueprint, Response, make_response
from sqlalchemy import select

from cms.content import queries
from cms.content.models import Content
from cms.kernel.errors import NotFound
from cms.kernel.text import excerpt
from cms.site.contexts import ItemLine
from cms.site.entrance import PAGES as ENTRANCE_PAGES
from cms.site.frame import Frame, frame
from cms.web.render import render_xml
from cms.web.state import read_session
from cms.web.urls import absolute, item_path, path_of

ENTRIES = 30
#: The sitemap protocol allows no more addresses in one file.
SITEMAP_LIMIT = 50_000

blueprint = Blueprint("feeds", __name__)


@blueprint.get("/feed.xml")
def site_feed() -> Response:
    """Serve the newest items of the whole site as RSS 2.0."""
    here = frame()
    return _feed(here, here.settings.site_name, "/", queries.listing(read_session(), here.condition, limit=ENTRIES))


@blueprint.get("/<path:path>/feed.xml")
def section_feed(path: str) -> Response:
    """Serve the newest items of a section as RSS 2.0."""
    here = frame()
    section = here.sections.by_path.get(path)
    if section is None or not here.is_active(section):
        raise NotFound(path)
    ids = [one.id for one in here.sections.descendants(section)]
    rows = queries.listing(read_session(), here.condition & Content.section_id.in_(ids), limit=ENTRIES)
    return _feed(here, f"{section.title} - {here.settings.site_name}", f"/{path}/", rows)


def _feed(here: Frame, title: str, path: str, rows: list[queries.Listed]) -> Response:
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 — slow; feeds are read seldom

    feed = FeedGenerator()
    feed.title(title)
    feed.id(absolute(path))
    feed.link(href=absolute(path), rel="alternate")
    feed.link(href=absolute(f"{path}feed.xml"), rel="self")
    feed.description(title)
    feed.language("zh-CN")
    for row in rows:
        line: ItemLine = here.line(row)
        address = absolute(item_path(here.sections.by_id[row.section_id].path, row.id))
        entry = feed.add_entry(order="append")
        entry.title(line.title)
        entry.link(href=address)
        entry.guid(address, permalink=True)
        entry.description(excerpt(line.summary, 200) or line.title)
        entry.pubDate(line.published_at)
    return _xml(feed.rss_str(), "application/rss+xml")


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List every public page."""
    here = frame()
    pages = [(absolute("/"), None)]
    pages += [(absolute(f"/{one.path}/"), None) for one in here.sections.walk() if here.is_active(one)]
    known = {address for address, _changed in pages}
    pages += [(absolute(path), None) for path in ENTRANCE_PAGES if absolute(path) not in known]
    rows = read_session().execute(
        select(Content.id, Content.section_id, Content.updated_at)
        .where(here.condition)
        .order_by(Content.published_at.desc())
        .limit(SITEMAP_LIMIT - len(pages))
    )
    pages += [(absolute(item_path(here.sections.by_id[row.section_id].path, row.id)), row.updated_at) for row in rows]
    return _xml(render_xml("feeds/sitemap.xml", pages=pages), "application/xml")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell crawlers what not to read; a demo site nothing at all."""
    closed = "/" if frame().settings.is_demo else path_of("/desk/")
    lines = ["User-agent: *", f"Disallow: {closed}", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    response = make_response("\n".join(lines))
    response.mimetype = "text/plain"
    return response


def _xml(text: str | bytes, mimetype: str) -> Response:
    response = make_response(text)
    response.mimetype = mimetype
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
