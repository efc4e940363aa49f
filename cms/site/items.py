"""Putting the page of one item together, for citizens and, with a draft, for the preview of the desk."""

from collections.abc import Mapping
from operator import itemgetter

from cms.content.enums import AssetRole
from cms.content.extras import Extras, ItemView
from cms.content.fields import FieldValue, Meta, values_of
from cms.content.models import Content
from cms.content.queries import Listed, Used, Whole
from cms.content.types import META
from cms.kernel.clock import local
from cms.pluginkit.plugin import CATALOGUE
from cms.sections.models import Section
from cms.site.contexts import Attachment, ItemPage, Link
from cms.site.frame import Frame, picture
from cms.web.state import read_session
from cms.web.urls import absolute, item_path, path_of

RELATED = 6
#: Keywords by which related reading is looked for.
WORDS = 4
#: How many of the newest items are looked at for it, so that its cost does not grow with the site.
NEAR = 60
_CLOSENESS = itemgetter(0, 1)


def item_page(frame: Frame, found: Whole) -> ItemPage:
    """Return the page of a public item; what is being written does not show, not even in its dates."""
    session, content = read_session(), found.content
    section = frame.sections.by_id[content.section_id]
    public = frame.cms.public
    used = public.assets(session, content.id) if found.has_assets else []
    return compose(
        frame, content, section, found.parts, found.department, used,
        updated_at=found.live_since or content.published_at or content.updated_at,
        older=frame.line(found.older) if found.older else None,
        newer=frame.line(found.newer) if found.newer else None,
        related=[frame.line(listed) for listed in _related(frame, content)],
    )  # fmt: skip


def compose(  # noqa: PLR0917 — the parts of one page
    frame: Frame,
    content: Content,
    section: Section,
    parts: Mapping[str, Meta | None],
    department: str,
    used: list[Used],
    **more: object,
) -> ItemPage:
    """Return the page of ``content`` from values that need not be stored; ``more`` are further fields of the page."""
    kind = frame.cms.types.get(content.type)
    path = item_path(section.path, content.id or 0)
    values: dict[str, object] = {"older": None, "newer": None, "related": (), "updated_at": content.updated_at, **more}
    extras: Extras = {}
    if kind is not None and kind.declared.extras is not None:
        view = ItemView(
            session=read_session(), content=content, meta=parts.get(META), now=frame.cms.clock.now(),
            visible=frame.condition,
        )  # fmt: skip
        extras = kind.declared.extras(view)
    return ItemPage(
        **frame.values(section),
        **values,  # type: ignore[arg-type]  # fields of the page by name
        title=content.title,
        breadcrumbs=frame.breadcrumbs(section),
        labels=_labels(frame, content, section),
        canonical=absolute(path),
        id=content.id or 0,
        type=content.type,
        type_label=kind.label if kind else content.type,
        body=content.body,
        summary=content.summary,
        source=content.source or frame.settings.organ_name,
        issuer=content.issuer,
        department=department,
        keywords=content.keywords,
        published_at=content.published_at,
        fields=by_name(parts.get(META)),
        catalogue=by_name(parts.get(CATALOGUE)),
        pictures=[picture(one.asset, one.caption, one.alt) for one in used if one.role is AssetRole.IMAGE],
        attachments=[_attachment(one) for one in used if one.role is AssetRole.ATTACHMENT],
        section=Link(section.title, path_of(f"/{section.path}/")),
        extras=extras,
    )


def _related(frame: Frame, content: Content) -> list[Listed]:
    """Return items whose titles hold a keyword of ``content``, then the newest of its section.

    Looked for among the newest of the section and of the whole site, which are read once for all pages.
    """
    own = _newest(frame, content.section_id)
    words = [word for word in content.keywords[:WORDS] if len(word) > 1]
    close = {}
    for listed in (*_newest(frame), *own) if words else ():
        title = listed.title
        number = sum([word in title for word in words])
        if number:
            close[listed.id] = (number, listed.published_at, listed)
    order = [listed for _number, _moment, listed in sorted(close.values(), key=_CLOSENESS, reverse=True)]
    order += [listed for listed in own[: RELATED + 1] if listed.id not in close]
    return [listed for listed in order if listed.id != content.id][:RELATED]


def _newest(frame: Frame, *section_ids: int) -> list[Listed]:
    session, public = read_session(), frame.cms.public
    return frame.keep(("site.newest", section_ids), lambda: public.newest(session, section_ids or None, limit=NEAR))


def by_name(row: Meta | None) -> dict[str, FieldValue]:
    """Return the filled public fields of a metadata row by name, in the order of their declaration."""
    return {found.field.name: found for found in values_of(row)}


def _attachment(used: Used) -> Attachment:
    asset = used.asset
    return Attachment(
        path=path_of(asset.path), name=used.caption or asset.filename, extension=asset.extension, size=asset.size
    )


def _labels(frame: Frame, content: Content, section: Section) -> dict[str, str]:
    labels = frame.labels(section)
    labels["ArticleTitle"] = content.title
    labels["PubDate"] = f"{local(content.published_at):%Y-%m-%d %H:%M}" if content.published_at else ""
    labels["ContentSource"] = content.source or frame.settings.organ_name
    labels["Keywords"] = ",".join(content.keywords)
    labels["Description"] = content.summary
    labels["Url"] = absolute(item_path(section.path, content.id or 0))
    return {name: value for name, value in labels.items() if value or name in {"SiteIDCode", "PubDate"}}
