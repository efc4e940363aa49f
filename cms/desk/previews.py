"""The page of a draft as citizens will see it, put together from values that are not stored."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from cms.accounts.models import Department
from cms.catalogue.models import CatalogueEntry
from cms.content.enums import AssetRole
from cms.content.fields import Json, Meta
from cms.content.models import Content
from cms.content.publishing import fill_part
from cms.content.queries import Used
from cms.content.snapshot import Snapshot
from cms.kernel.clock import local_date
from cms.kernel.errors import NotFound
from cms.media.queries import assets_by_id
from cms.site.contexts import ItemPage
from cms.site.frame import frame
from cms.site.items import compose
from cms.web.state import get_cms


def preview_page(session: Session, content: Content, snapshot: Snapshot) -> ItemPage:
    """Return the page of ``snapshot`` as a revision of ``content``.

    :raises NotFound: if its type is not enabled, or its section is gone.
    """
    here = frame()
    kind = get_cms().types.require(content.type)
    section = here.sections.by_id.get(snapshot.section_id)
    if section is None:
        raise NotFound(f"section {snapshot.section_id}")
    draft = _draft(content, snapshot)
    parts = {part: _part(session, draft, meta, snapshot.parts.get(part, {})) for part, meta in kind.parts.items()}
    department = session.get(Department, snapshot.department_id) if snapshot.department_id else None
    page = compose(
        here, draft, section, parts, department.name if department else "", _used(session, snapshot), is_preview=True
    )
    return replace(page, is_noindex=True)


def _draft(content: Content, snapshot: Snapshot) -> Content:
    """Return an item that no session knows: what ``content`` would be once ``snapshot`` is public."""
    now = get_cms().clock.now()
    return Content(
        id=content.id, type=content.type, section_id=snapshot.section_id, title=snapshot.title, body=snapshot.body,
        summary=snapshot.summary, keywords=list(snapshot.keywords), source=snapshot.source, issuer=snapshot.issuer,
        department_id=snapshot.department_id, cover_id=snapshot.cover_id, expires_at=snapshot.expires_at,
        published_at=content.published_at or content.scheduled_at or now, updated_at=content.updated_at,
        created_at=content.created_at, state=content.state, live_revision_id=content.live_revision_id,
    )  # fmt: skip


def _part(session: Session, draft: Content, meta: type[Meta], values: Mapping[str, Json]) -> Meta:
    row = meta(content_id=draft.id)
    fill_part(row, values)
    if isinstance(row, CatalogueEntry):
        # What publishing will fill in, without using up an index number.
        stored = session.get(CatalogueEntry, draft.id)
        row.index_no = stored.index_no if stored else None
        if row.formed_on is None and draft.published_at is not None:
            row.formed_on = local_date(draft.published_at)
    return row


def _used(session: Session, snapshot: Snapshot) -> list[Used]:
    assets = assets_by_id(session, [use.asset_id for use in snapshot.assets])
    return [
        Used(assets[use.asset_id], AssetRole(use.role), use.caption, use.alt)
        for use in snapshot.assets
        if use.asset_id in assets
    ]
