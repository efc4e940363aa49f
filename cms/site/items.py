"""Putting the page of one item together, for citizens and, with a draft, for the preview of the desk."""

from collections.abc import Mapping

from cms.content import queries
from cms.content.enums import AssetRole
from cms.content.extras import Extras, ItemView
from cms.content.fields import FieldValue, Meta, values_of
from cms.content.models import Content
from cms.content.queries import Used, Whole
from cms.content.types import META
from cms.kernel.clock import local
from cms.pluginkit.plugin import CATALOGUE
from cms.sections.models import Section
from cms.site.contexts import Attachment, ItemPage, Link
from cms.site.frame import Frame, picture
from cms.web.state import read_session
from cms.web.urls import absolute, item_path, path_of

RELATED = 6


def item_page(frame: Frame, found: Whole) -> ItemPage:
    """Return the page of a public item; what is being written does not show, not even in its dates."""
    session, content = read_session(), found.content
    section = frame.sections.by_id[content.section_id]
    older, newer = queries.neighbours(session, content, frame.condition)
    related = [
        listed
        for listed in queries.related(session, content, frame.condition, limit=RELATED)
        if listed.id != content.id
    ]
    return compose(
        frame, content, section, found.parts, found.department, queries.assets_of(session, content.id),
        updated_at=found.live_since or content.updated_at,
        older=frame.line(older) if older else None,
        newer=frame.line(newer) if newer else None,
        related=[frame.line(listed) for listed in related],
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
