"""Making a revision public and taking it off again: the one place where live columns change."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select

from cms.accounts.models import Department
from cms.accounts.policy import Actor
from cms.audit.services import record
from cms.content import markup
from cms.content.enums import AssetRole, Exclusion, Origin, PublicationAction, State
from cms.content.events import ContentPublished, ContentWithdrawn
from cms.content.fields import Json, Meta, fields_of
from cms.content.models import Change, Content, ContentAsset, Publication, Revision
from cms.content.snapshot import AssetUse, Snapshot
from cms.content.types import RegisteredType
from cms.db.uow import UnitOfWork
from cms.kernel.errors import NotFound
from cms.media.models import Asset

#: States of a newest revision that somebody still works on.
IN_WORK = frozenset({State.DRAFT, State.REVIEW, State.RETURNED, State.APPROVED, State.SCHEDULED})


def apply_revision(
    uow: UnitOfWork,
    kind: RegisteredType,
    content: Content,
    revision: Revision,
    *,
    actor: Actor,
    is_own: bool,
    effective_at: datetime,
    origin: Origin = Origin.DESK,
) -> Publication:
    """Copy ``revision`` into the live tables, write the log and the outbox.

    Permissions and rules are the caller's: this is how publishing is done, not whether it may be.

    :param is_own: whether the organ that runs the site issued the item.
    """
    snapshot = Snapshot.from_json(revision.snapshot)
    was_published = content.first_published_at is not None
    _apply_core(uow, content, snapshot)
    content.live_revision_id = revision.id
    content.state = State.PUBLISHED
    content.review_step = 0
    content.scheduled_at = content.withdrawn_at = None
    content.first_published_at = content.first_published_at or effective_at
    if content.published_at is None or origin is Origin.IMPORT:
        content.published_at = effective_at
    # Rows of metadata and assets refer to the item.
    uow.session.flush()
    for part, meta_class in kind.parts.items():
        apply_part(uow, content, meta_class, snapshot.parts.get(part, {}))
    _link_assets(uow, content, snapshot)
    publication = log(
        uow, content, PublicationAction.PUBLISHED, actor=actor, effective_at=effective_at, origin=origin,
        is_first=not was_published, is_own=is_own, revision_id=revision.id,
    )  # fmt: skip
    announce(uow, content)
    record(
        uow, "content.publish", actor_id=actor.id, subject_type="content", subject_id=content.id,
        revision=revision.number, origin=origin.value, effective_at=effective_at.isoformat(),
    )  # fmt: skip
    uow.emit(ContentPublished(content_id=content.id, type=content.type, revision_id=revision.id, actor_id=actor.id))
    return publication


def take_off(
    uow: UnitOfWork,
    content: Content,
    *,
    actor: Actor,
    action: PublicationAction,
    reason: str = "",
    exclusion: Exclusion = Exclusion.NONE,
    origin: Origin = Origin.DESK,
) -> None:
    """End the public life of ``content`` and keep its history; its address answers 410 from now on.

    A newer version in work goes on where it stands: it may be the very correction for which the old one had to go.
    """
    revision_id = content.live_revision_id
    if content.state not in IN_WORK or content.latest_revision_id == revision_id:
        content.state = State.WITHDRAWN if action is PublicationAction.WITHDRAWN else State.EXPIRED
        content.scheduled_at = None
    content.live_revision_id = None
    content.withdrawn_at = uow.clock.now()
    content.updated_at = uow.clock.now()
    log(
        uow, content, action, actor=actor, effective_at=uow.clock.now(), origin=origin, reason=reason,
        exclusion=exclusion, revision_id=revision_id,
    )  # fmt: skip
    announce(uow, content)
    record(
        uow, f"content.{'withdraw' if action is PublicationAction.WITHDRAWN else 'expire'}", actor_id=actor.id,
        subject_type="content", subject_id=content.id, exclusion=exclusion.value,
    )  # fmt: skip
    uow.emit(ContentWithdrawn(content_id=content.id, type=content.type, actor_id=actor.id))


def apply_part(uow: UnitOfWork, content: Content, meta_class: type[Meta], values: Mapping[str, Json]) -> Meta:
    """Write the metadata row of ``content`` from the stored values of a snapshot."""
    row = uow.session.get(meta_class, content.id)
    if row is None:
        row = meta_class(content_id=content.id)
        uow.session.add(row)
    fill_part(row, values)
    row.applied(uow, content)
    return row


def fill_part(row: Meta, values: Mapping[str, Json]) -> None:
    """Set the editable fields of ``row`` from the stored values of a snapshot."""
    stored = {row.renamed.get(name, name): value for name, value in values.items()}
    for spec in fields_of(type(row)):
        if spec.editable:
            setattr(row, spec.name, spec.parse(stored[spec.name]) if spec.name in stored else spec.empty)


def log(
    uow: UnitOfWork,
    content: Content,
    action: PublicationAction,
    *,
    actor: Actor,
    effective_at: datetime,
    origin: Origin,
    revision_id: int | None,
    is_first: bool = False,
    is_own: bool = False,
    reason: str = "",
    exclusion: Exclusion = Exclusion.NONE,
) -> Publication:
    """Append a line to the publication log; the only way in."""
    line = Publication(
        content_id=content.id, revision_id=revision_id, action=action, is_first=is_first, is_own=is_own, origin=origin,
        type=content.type, section_id=content.section_id, department_id=content.department_id, title=content.title,
        effective_at=effective_at, recorded_at=uow.clock.now(), actor_id=actor.id, reason=reason, exclusion=exclusion,
    )  # fmt: skip
    uow.session.add(line)
    return line


def announce(uow: UnitOfWork, content: Content) -> None:
    """Put ``content`` into the outbox: search and caches will look at it again."""
    uow.session.add(Change(content_id=content.id, recorded_at=uow.clock.now()))


def _apply_core(uow: UnitOfWork, content: Content, snapshot: Snapshot) -> None:
    content.title = snapshot.title
    content.section_id = snapshot.section_id
    content.summary = snapshot.summary
    content.body = snapshot.body
    content.keywords = list(snapshot.keywords)
    content.source = snapshot.source
    content.issuer = snapshot.issuer
    content.department_id = snapshot.department_id
    if snapshot.department_id is not None and uow.session.get(Department, snapshot.department_id) is None:
        # Departments may go while a draft waits; the item stays.
        content.department_id = None
    content.cover_id = snapshot.cover_id
    content.expires_at = snapshot.expires_at


def _link_assets(uow: UnitOfWork, content: Content, snapshot: Snapshot) -> None:
    uow.session.execute(delete(ContentAsset).where(ContentAsset.content_id == content.id))
    uses = {use.asset_id: use for use in snapshot.assets}
    inline = [asset_id for asset_id in markup.media_ids(snapshot.body) if asset_id not in uses]
    existing = set(uow.session.scalars(select(Asset.id).where(Asset.id.in_(inline)))) if inline else set()
    uses.update({one: AssetUse(asset_id=one, role=AssetRole.INLINE) for one in inline if one in existing})
    if snapshot.cover_id and snapshot.cover_id not in uses:
        uses[snapshot.cover_id] = AssetUse(asset_id=snapshot.cover_id, role=AssetRole.COVER)
    for position, use in enumerate(uses.values()):
        link = ContentAsset(
            content_id=content.id, asset_id=use.asset_id, role=use.role, position=position, caption=use.caption,
            alt=use.alt,
        )  # fmt: skip
        uow.session.add(link)


def get_revision(uow: UnitOfWork, revision_id: int | None) -> Revision:
    """Return one revision.

    :raises NotFound: if there is none.
    """
    revision = uow.session.get(Revision, revision_id) if revision_id else None
    if revision is None:
        raise NotFound(f"revision {revision_id}")
    return revision
