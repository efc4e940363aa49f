"""Reading items. Visibility is decided in one place, :func:`visible`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import Session, undefer

from cms.accounts.models import Department
from cms.content.enums import AssetRole, PublicationAction, State
from cms.content.fields import Meta
from cms.content.models import Content, ContentAsset, Publication, Redirect, Review, Revision
from cms.content.types import TypeRegistry
from cms.db.base import TZDateTime
from cms.kernel.errors import NotFound
from cms.media.models import Asset


def visible(now: datetime, types: frozenset[str]) -> ColumnElement[bool]:
    """Return the condition under which citizens see an item.

    :param types: the types of enabled plugins; items of others wait unseen.
    """
    return and_(
        Content.live_revision_id.is_not(None),
        Content.published_at <= now,
        or_(Content.expires_at.is_(None), Content.expires_at > now),
        Content.type.in_(sorted(types)),
    )


@dataclass(frozen=True)
class Listed:
    """A line of a public list: columns only, no body."""

    id: int
    type: str
    section_id: int
    title: str
    summary: str
    source: str
    published_at: datetime | None
    cover_id: int | None


_LISTED = (
    Content.id, Content.type, Content.section_id, Content.title, Content.summary, Content.source,
    Content.published_at, Content.cover_id,
)  # fmt: skip


def listing(session: Session, condition: ColumnElement[bool], *, limit: int, offset: int = 0) -> list[Listed]:
    """Return the newest items that meet ``condition``."""
    newest = select(*_LISTED).where(condition).order_by(Content.published_at.desc(), Content.id.desc())
    return [Listed(*row) for row in session.execute(newest.limit(limit).offset(offset))]


def count(session: Session, condition: ColumnElement[bool]) -> int:
    """Return how many items meet ``condition``."""
    return session.scalar(select(func.count()).select_from(Content).where(condition)) or 0


def latest_by_section(
    session: Session, condition: ColumnElement[bool], section_ids: Sequence[int], *, limit: int
) -> dict[int, list[Listed]]:
    """Return the newest items of each section, all in one query that walks the index of each section and stops."""
    found: dict[int, list[Listed]] = {section_id: [] for section_id in section_ids}
    newest = [
        select(
            select(*_LISTED)
            .where(condition, Content.section_id == section_id)
            .order_by(Content.published_at.desc(), Content.id.desc())
            .limit(limit)
            .subquery()
        )
        for section_id in section_ids
    ]
    for row in session.execute(union_all(*newest)) if newest else ():
        found[row.section_id].append(Listed(*row))
    return found


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


def assets_of(session: Session, content_id: int) -> list[Used]:
    """Return the assets of the live revision in their order."""
    rows = session.execute(
        select(Asset, ContentAsset.role, ContentAsset.caption, ContentAsset.alt)
        .join(ContentAsset, ContentAsset.asset_id == Asset.id)
        .where(ContentAsset.content_id == content_id)
        .order_by(ContentAsset.position)
    )
    return [Used(*row) for row in rows]


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


def neighbours(
    session: Session, content: Content, condition: ColumnElement[bool]
) -> tuple[Listed | None, Listed | None]:
    """Return the next older and the next newer visible item of the same section, in one query."""
    here = and_(condition, Content.section_id == content.section_id)
    moment = tuple_(Content.published_at, Content.id)
    mine = tuple_(literal(content.published_at, TZDateTime), content.id)
    older = select(*_LISTED, literal("older").label("side")).where(here, moment < mine)
    newer = select(*_LISTED, literal("newer").label("side")).where(here, moment > mine)
    both = union_all(
        select(older.order_by(Content.published_at.desc(), Content.id.desc()).limit(1).subquery()),
        select(newer.order_by(Content.published_at, Content.id).limit(1).subquery()),
    )
    found = {row[-1]: Listed(*row[:-1]) for row in session.execute(both)}
    return found.get("older"), found.get("newer")


#: How many of the newest items are looked at for related reading, so that its cost does not grow with the site.
NEAR = 60


def related(session: Session, content: Content, condition: ColumnElement[bool], *, limit: int) -> list[Listed]:
    """Return visible items whose titles hold a keyword of ``content``, then the newest of its section.

    Looked for among the newest of the section and of the whole site.
    """
    order = (Content.published_at.desc(), Content.id.desc())
    pools = [
        select(select(Content.id).where(where).order_by(*order).limit(NEAR).subquery())
        for where in (and_(condition, Content.section_id == content.section_id), condition)
    ]
    same = [Content.title.contains(word, autoescape=True) for word in content.keywords[:4] if len(word) > 1]
    closeness = sum((case((match, 1), else_=0) for match in same), literal(0))
    query = select(*_LISTED).where(
        Content.id.in_(union_all(*pools)), Content.id != content.id,
        or_(*same, Content.section_id == content.section_id),
    )  # fmt: skip
    return [Listed(*row) for row in session.execute(query.order_by(closeness.desc(), *order).limit(limit))]


@dataclass(frozen=True)
class Whole:
    """An item with its metadata rows, the name of its department, and since when its live version is public."""

    content: Content
    parts: dict[str, Meta | None]
    department: str
    live_since: datetime | None = None


def with_parts(session: Session, content_id: int, types: TypeRegistry) -> Whole | None:
    """Return an item, its body and metadata in at most two queries, whoever may see it; nothing if there is none."""
    live_since = (
        select(func.max(Publication.effective_at))
        .where(Publication.content_id == content_id, Publication.action == PublicationAction.PUBLISHED)
        .scalar_subquery()
    )
    row = session.execute(
        select(Content, Department.name, live_since)
        .outerjoin(Department, Department.id == Content.department_id)
        .where(Content.id == content_id)
        .options(undefer(Content.body))
    ).first()
    if row is None:
        return None
    content, department, since = row
    kind = types.get(content.type)
    if kind is None:
        return Whole(content, {}, department or "", since)
    classes = list(kind.parts.values())
    query = select(*classes).select_from(Content).where(Content.id == content_id)
    for meta_class in classes:
        query = query.outerjoin(meta_class, meta_class.content_id == Content.id)
    rows = session.execute(query).one()
    return Whole(content, dict(zip(kind.parts, rows, strict=True)), department or "", since)


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
