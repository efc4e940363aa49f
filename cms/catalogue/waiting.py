"""What should be public by now and is not: our own drafts whose publication limit has passed (条例 art. 26)."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, select
from sqlalchemy.orm import Session

from cms.catalogue.clock import PublicationClock
from cms.content.enums import PublicationAction
from cms.content.models import Content, Publication


def waiting(now: datetime) -> Select[*tuple[Content, PublicationClock]]:
    """Return the select of items that are late already and not public yet, the latest first."""
    return (
        select(Content, PublicationClock)
        .join(PublicationClock, PublicationClock.content_id == Content.id)
        .where(_is_waiting(now))
        .order_by(PublicationClock.late_from, Content.id)
    )


def waiting_count(session: Session, now: datetime) -> int:
    """Return how many there are."""
    late = waiting(now).with_only_columns(Content.id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(late)) or 0


def _is_waiting(now: datetime) -> ColumnElement[bool]:
    return and_(
        PublicationClock.is_waiting.is_(True), PublicationClock.late_from <= now,
        Content.deleted_at.is_(None), Content.first_published_at.is_(None),
    )  # fmt: skip


def covered(now: datetime) -> Select[*tuple[str, int, int | None, int]]:
    """Return for each matter of the standard catalogue: public items, the newest one, and how many are late.

    Late are those that wait beyond their limit, and those whose first publication came after it.
    """
    is_public = Content.live_revision_id.is_not(None)
    first = (
        select(func.min(Publication.effective_at))
        .where(
            Publication.content_id == PublicationClock.content_id, Publication.is_first.is_(True),
            Publication.action == PublicationAction.PUBLISHED,
        )
        .correlate(PublicationClock)
        .scalar_subquery()
    )  # fmt: skip
    was_late = and_(is_public, first >= PublicationClock.late_from)
    lines = (
        select(
            PublicationClock.standard_code.label("code"),
            Content.id.label("content_id"),
            case((is_public, 1), else_=0).label("is_public"),
            case((was_late, 1), (_is_waiting(now), 1), else_=0).label("is_late"),
            func.row_number()
            .over(
                partition_by=PublicationClock.standard_code,
                order_by=(case((is_public, 0), else_=1), Content.published_at.desc(), Content.id.desc()),
            )
            .label("place"),
        )
        .join(Content, Content.id == PublicationClock.content_id)
        .where(PublicationClock.standard_code != literal(""), Content.deleted_at.is_(None))
        .subquery()
    )
    newest = func.max(case((and_(lines.c.place == 1, lines.c.is_public == 1), lines.c.content_id)))
    return select(lines.c.code, func.sum(lines.c.is_public), newest, func.sum(lines.c.is_late)).group_by(lines.c.code)
