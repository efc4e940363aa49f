"""Reading items. Visibility is decided in one place, :func:`visible`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, undefer

from cms.content.enums import AssetRole, State
from cms.content.fields import Meta
from cms.content.models import Content, ContentAsset, Publication, Redirect, Review, Revision
from cms.kernel.errors import NotFound
from cms.media.models import Asset


def visible(
    now: datetime | ColumnElement[datetime], types: frozenset[str], of: type[Content] = Content
) -> ColumnElement[bool]:
    """Return the condition under which citizens see an item.

    :param now: the moment, or what stands for it in a statement that is kept.
    :param types: the types of enabled plugins; items of others wait unseen.
    :param of: an alias, where a statement reads the table more than once.
    """
    return and_(
        of.live_revision_id.is_not(None),
        of.published_at <= now,
        or_(of.expires_at.is_(None), of.expires_at > now),
        # Written out: a list of values is spelled anew by SQLAlchemy each time a kept statement runs.
        or_(false(), *(of.type == key for key in sorted(types))),
    )


class Listed(NamedTuple):
    """A line of a public list: columns only, no body."""

    id: int
    type: str
    section_id: int
    title: str
    summary: str
    source: str
    published_at: datetime | None
    cover_id: int | None


#: What a line of a public list reads, in the order of :class:`Listed`.
LISTED = (
    Content.id, Content.type, Content.section_id, Content.title, Content.summary, Content.source,
    Content.published_at, Content.cover_id,
)  # fmt: skip


def get(session: Session, content_id: int) -> Content:
    """Return one item with its body, whoever may see it.

    :raises NotFound: if there is none.
    """
    content = session.get(Content, content_id, options=[undefer(Content.body)])
    if content is None:
        raise NotFound(f"content {content_id}")
    return content


@dataclass(frozen=True)
class Used:
    """An asset with its place in an item."""

    asset: Asset
    role: AssetRole
    caption: str
    alt: str = ""


def covers(session: Session, asset_ids: set[int | None]) -> dict[int, Asset]:
    """Return cover pictures by id, in one query."""
    wanted = [asset_id for asset_id in asset_ids if asset_id is not None]
    return {asset.id: asset for asset in session.scalars(select(Asset).where(Asset.id.in_(wanted)))} if wanted else {}


def is_public_asset(session: Session, asset_id: int, condition: ColumnElement[bool]) -> bool:
    """Tell whether any visible item uses the asset."""
    used = select(ContentAsset.asset_id).join(Content, Content.id == ContentAsset.content_id)
    return session.scalar(used.where(ContentAsset.asset_id == asset_id, condition).limit(1)) is not None


def live_assets(session: Session, asset_ids: Iterable[int]) -> set[int]:
    """Return those assets that the live revision of any item uses, in one query."""
    used = select(ContentAsset.asset_id).join(Content, Content.id == ContentAsset.content_id)
    wanted = used.where(ContentAsset.asset_id.in_(list(asset_ids)), Content.live_revision_id.is_not(None))
    return set(session.scalars(wanted))


@dataclass(frozen=True)
class Whole:
    """An item with its metadata rows, its department's name, the begin of its live version, and its neighbours."""

    content: Content
    parts: dict[str, Meta | None]
    department: str
    live_since: datetime | None = None
    has_assets: bool = True
    older: Listed | None = None
    newer: Listed | None = None


def redirect_target(session: Session, path: str) -> int | None:
    """Return the id of the item that once had the address ``path``."""
    return session.scalar(select(Redirect.content_id).where(Redirect.path == path))


def latest_revision(session: Session, content: Content) -> Revision:
    """Return the newest revision of an item.

    :raises NotFound: if it has none.
    """
    revision = session.get(Revision, content.latest_revision_id) if content.latest_revision_id else None
    if revision is None:
        raise NotFound(f"revision of content {content.id}")
    return revision


def revision_numbered(session: Session, content_id: int, number: int) -> Revision:
    """Return one revision of an item by its number.

    :raises NotFound: if there is none.
    """
    found = select(Revision).where(Revision.content_id == content_id, Revision.number == number)
    revision = session.scalars(found).first()
    if revision is None:
        raise NotFound(f"revision {number} of content {content_id}")
    return revision


def revision_by_id(session: Session, revision_id: int | None) -> Revision | None:
    """Return a revision, for instance the live one of an item; nothing for an item without."""
    return session.get(Revision, revision_id) if revision_id else None


def revisions(session: Session, content_id: int) -> Sequence[Revision]:
    """Return all revisions, newest first."""
    return session.scalars(
        select(Revision).where(Revision.content_id == content_id).order_by(Revision.number.desc())
    ).all()


def reviews(session: Session, content_id: int) -> Sequence[Review]:
    """Return all signatures and refusals, newest first."""
    return session.scalars(select(Review).where(Review.content_id == content_id).order_by(Review.id.desc())).all()


def publications(session: Session, content_id: int) -> Sequence[Publication]:
    """Return the lines of the publication log for one item, newest first."""
    return session.scalars(
        select(Publication).where(Publication.content_id == content_id).order_by(Publication.id.desc())
    ).all()


def desk_items(
    *,
    state: State | None = None,
    kind: str | None = None,
    section_ids: Sequence[int] | None = None,
    author_id: int | None = None,
    text: str = "",
    deleted: bool = False,
    attention: bool = False,
) -> Select[Content]:
    """Return the select of the desk's content list, most recently changed first."""
    query = select(Content).where(Content.deleted_at.is_not(None) if deleted else Content.deleted_at.is_(None))
    if state:
        query = query.where(Content.state == state)
    if kind:
        query = query.where(Content.type == kind)
    if section_ids is not None:
        query = query.where(Content.section_id.in_(section_ids))
    if author_id is not None:
        query = query.where(Content.author_id == author_id)
    if text:
        query = query.where(Content.title.contains(text, autoescape=True))
    if attention:
        query = query.where(func.json_array_length(Content.attention) > 0)
    return query.order_by(Content.updated_at.desc(), Content.id.desc())
