"""Home page, sections, items."""

import re
from math import ceil

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from cms.content import queries
from cms.content.extras import Extras, ListView
from cms.content.models import Content
from cms.content.types import TypeRegistry
from cms.kernel.clock import Clock
from cms.kernel.errors import Gone, NotFound
from cms.sections.models import Section
from cms.sections.queries import former_section
from cms.site.contexts import Block, HomePage, Link, Pager, SectionPage
from cms.site.frame import Frame, frame
from cms.site.items import item_page
from cms.web.render import render
from cms.web.state import read_session
from cms.web.urls import absolute, item_path, path_of

PER_PAGE = 20
BLOCK = 8
HEADLINES = 5
_ITEM = re.compile(r"(?P<section>.+)/(?P<id>\d{1,9})\.html")

blueprint = Blueprint("site", __name__)


@blueprint.get("/")
def home() -> str:
    """Show the home page."""
    here, session = frame(), read_session()
    leaves = [
        one for one in here.sections.walk()
        if one.default_type and here.is_active(one) and not here.sections.children.get(one.id)
    ]  # fmt: skip
    public = here.cms.public
    latest = public.latest_by_section(session, [one.id for one in leaves], limit=BLOCK)
    headlines = public.newest_with_cover(session, limit=HEADLINES)
    covers = queries.covers(session, {listed.cover_id for listed in headlines})
    blocks = [
        Block(
            section=here.link(one),
            type=one.default_type,
            items=[here.line(listed) for listed in latest[one.id]],
        )
        for one in leaves
    ]
    shown = HomePage(
        **here.values(), title=here.settings.site_name, labels=here.labels(), canonical=absolute("/"),
        headlines=[here.line(listed, covers) for listed in headlines], blocks=blocks, feed_path=path_of("/feed.xml"),
    )  # fmt: skip
    return render(shown)


@blueprint.get("/<path:path>")
def page(path: str) -> ResponseReturnValue:
    """Show what has this address: a section (``a/b/``), an item (``a/b/12.html``), or nothing any more."""
    if path.endswith("/"):
        return section(path.rstrip("/"))
    match = _ITEM.fullmatch(path)
    if match:
        return item(match["section"], int(match["id"]))
    if path in frame().sections.by_path:
        return redirect(path_of(f"/{path}/"), 301)
    return _moved(f"/{path}")


def section(path: str) -> ResponseReturnValue:
    """Show a section with its items and those of the sections below it."""
    here = frame()
    found = here.sections.by_path.get(path)
    if found is None or not here.is_active(found):
        return _moved(f"/{path}/")
    session = read_session()
    number = max(1, request.args.get("page", 1, type=int))
    below = [one.id for one in here.sections.descendants(found) if here.is_active(one)]
    public = here.cms.public
    total = here.keep(("site.total", found.id), lambda: public.count(session, below))
    pages = max(1, ceil(total / PER_PAGE))
    if number > pages:
        raise NotFound(path)
    rows = public.newest(session, below, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    covers = queries.covers(session, {row.cover_id for row in rows})
    address = absolute(f"/{found.path}/") + (f"?page={number}" if number > 1 else "")
    shown = SectionPage(
        **here.values(found), title=found.title, breadcrumbs=here.breadcrumbs(found), labels=here.labels(found),
        canonical=address, path=found.path, description=found.description, type=found.default_type,
        children=[here.link(one) for one in here.sections.children.get(found.id, []) if here.is_active(one)],
        siblings=_siblings(here, found), items=[here.line(row, covers) for row in rows],
        feed_path=path_of(f"/{found.path}/feed.xml"),
        pager=Pager(page=number, pages=pages, total=total, path=path_of(f"/{found.path}/") + "?page={page}"),
        extras=_extras(here, found, [row.id for row in rows], total, below),
    )  # fmt: skip
    return render(shown, template_of(here.cms.types, found.default_type, "_section"))


def item(path: str, content_id: int) -> ResponseReturnValue:
    """Show an item; under another address than its own, redirect to it."""
    here = frame()
    likely = here.sections.by_path.get(path)
    found = here.cms.public.whole(read_session(), content_id, likely=likely.default_type if likely else "")
    if found is None or here.cms.types.get(found.content.type) is None:
        return _moved(request.path)
    content = found.content
    if not is_visible(content, here.cms.clock):
        if is_over(content, here.cms.clock):
            raise Gone(f"content {content_id}")
        raise NotFound(f"content {content_id}")
    own = item_path(here.sections.by_id[content.section_id].path, content.id)
    if own != f"/{path}/{content_id}.html":
        return redirect(path_of(own), 301)
    shown = item_page(here, found)
    return render(shown, template_of(here.cms.types, content.type))


def template_of(types: TypeRegistry, key: str, suffix: str = "") -> str | None:
    """Return the name of the more special template of a type, ``<plugin>/<type>.html``; themes may have it as well."""
    kind = types.get(key)
    return f"{kind.owner}/{kind.key}{suffix}.html" if kind else None


def is_visible(content: Content, clock: Clock) -> bool:
    """Tell whether citizens see ``content`` now."""
    now = clock.now()
    begun = content.published_at is not None and content.published_at <= now
    return content.live_revision_id is not None and begun and (content.expires_at is None or content.expires_at > now)


def is_over(content: Content, clock: Clock) -> bool:
    """Tell whether the public life of ``content`` has ended; one with a date to come has not begun it."""
    has_expired = (
        content.live_revision_id is not None and content.expires_at is not None and content.expires_at <= clock.now()
    )
    return content.withdrawn_at is not None or has_expired


def _moved(path: str) -> ResponseReturnValue:
    """Redirect an address from the old site, or of a section that has moved, to what had it.

    :raises NotFound: if nothing had it.
    """
    here, session = frame(), read_session()
    target = queries.redirect_target(session, path)
    if target is None and request.query_string:
        target = queries.redirect_target(session, f"{path}?{request.query_string.decode('ascii', 'replace')}")
    if target is None:
        return redirect(path_of(f"/{_moved_section(path).path}/"), 301)
    content = queries.get(session, target)
    return redirect(path_of(item_path(here.sections.by_id[content.section_id].path, content.id)), 301)


def _moved_section(path: str) -> Section:
    """Return the section that once had the address ``path``.

    :raises NotFound: if none had it, or it has no page now.
    """
    here = frame()
    old = path.strip("/")
    section_id = former_section(read_session(), old)
    found = here.sections.by_id.get(section_id) if section_id is not None else None
    if found is None or found.path == old or not here.is_active(found):
        raise NotFound(path)
    return found


def _extras(here: Frame, found: Section, ids: list[int], total: int, section_ids: list[int]) -> Extras:
    kind = here.cms.types.get(found.default_type)
    if kind is None or kind.declared.list_extras is None:
        return {}
    listed = here.condition & Content.section_id.in_(section_ids)
    view = ListView(
        session=read_session(), ids=ids, total=total, listed=listed, now=here.cms.clock.now(), visible=here.condition
    )
    return kind.declared.list_extras(view)


def _siblings(here: Frame, found: Section) -> list[Link]:
    return [here.link(one, found) for one in here.sections.children.get(found.parent_id, []) if here.is_active(one)]
