"""What waits for whom: the selects behind the dashboard and the review queue of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from cms.content.enums import Conclusion, State
from cms.content.models import Content, Review, Revision

#: A scheduled item that is this late was missed by the scheduler.
GRACE = timedelta(minutes=10)


def _kept(*conditions: ColumnElement[bool]) -> Select[Content]:
    return select(Content).where(Content.deleted_at.is_(None), *conditions)


def own(author_id: int | None, state: State) -> Select[Content]:
    """Return the author's items in ``state``, last touched first."""
    mine = _kept(Content.author_id == author_id, Content.state == state)
    return mine.order_by(Content.updated_at.desc(), Content.id.desc())


def written_by(user_id: int | None) -> ColumnElement[bool]:
    """Return the condition that a person had a hand in what waits to become public (三审三校).

    They wrote any revision since the live one, or they began an item that has never been public.
    """
    wrote = select(Revision.id).where(
        Revision.content_id == Content.id,
        Revision.author_id == user_id,
        Revision.id > func.coalesce(Content.live_revision_id, 0),
    )
    began = and_(Content.first_published_at.is_(None), Content.author_id.is_not_distinct_from(user_id))
    return or_(wrote.correlate(Content).exists(), began)


def to_sign(reviewer_id: int | None) -> Select[Content]:
    """Return the items that ``reviewer_id`` may sign now, longest waiting first.

    Nobody signs what they had a hand in, nor the same revision twice (三审三校).
    """
    signed = select(Review.revision_id).where(
        Review.reviewer_id == reviewer_id, Review.conclusion == Conclusion.APPROVED
    )
    return (
        _kept(Content.state == State.REVIEW, Content.latest_revision_id.not_in(signed))
        .where(not_(written_by(reviewer_id)))
        .order_by(Content.updated_at, Content.id)
    )


def in_review() -> Select[Content]:
    """Return everything that waits for a signature, longest waiting first."""
    return _kept(Content.state == State.REVIEW).order_by(Content.updated_at, Content.id)


def to_publish() -> Select[Content]:
    """Return what has all its signatures and waits for its publication, longest waiting first."""
    return _kept(Content.state == State.APPROVED).order_by(Content.updated_at, Content.id)


def missed_schedules(now: datetime) -> Select[Content]:
    """Return scheduled items whose time has passed, and those that the scheduler had to send back."""
    refused = select(Review.revision_id).where(Review.reviewer_id.is_(None), Review.conclusion == Conclusion.RETURNED)
    late = (Content.state == State.SCHEDULED) & (Content.scheduled_at < now - GRACE)
    sent_back = (Content.state == State.RETURNED) & Content.latest_revision_id.in_(refused)
    return _kept(late | sent_back).order_by(Content.updated_at.desc(), Content.id.desc())


def size(session: Session, query: Select[Content]) -> int:
    """Return how many items ``query`` has."""
    counted = select(func.count()).select_from(query.with_only_columns(Content.id).order_by(None).subquery())
    return session.scalar(counted) or 0


def last_published(session: Session, condition: ColumnElement[bool]) -> dict[int, datetime]:
    """Return when each section last got an item that meets ``condition``, in one query."""
    newest = select(Content.section_id, func.max(Content.published_at)).where(condition).group_by(Content.section_id)
    return {section_id: moment for section_id, moment in session.execute(newest) if moment is not None}


@dataclass(frozen=True)
class Remark:
    """What was said when an item was sent back. ``reviewer_id`` is nobody for the scheduler."""

    content_id: int
    comment: str
    reviewer_id: int | None
    recorded_at: datetime


def last_remarks(session: Session, content_ids: Sequence[int]) -> dict[int, Remark]:
    """Return the newest refusal of each item, in one query."""
    refusals = (
        select(Review)
        .where(Review.content_id.in_(content_ids), Review.conclusion == Conclusion.RETURNED)
        .order_by(Review.id)
    )
    found = session.scalars(refusals) if content_ids else ()
    return {one.content_id: Remark(one.content_id, one.comment, one.reviewer_id, one.recorded_at) for one in found}
