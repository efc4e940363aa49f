"""The publication clock (条例 art. 26): an item becomes public within the limit after it was formed or changed.

Which items have a clock, and from which day, is written with their drafts and publications. When they are due is
reckoned by :func:`settle` soon afterwards: it needs the editions and the calendar, which belong to the app, and an
import of thousands of items must not wait for them. Until then an item is in no list.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, Index, Select, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from cms.audit.services import record
from cms.catalogue.standard_rows import StandardRow
from cms.content.fields import Json
from cms.content.models import Content
from cms.content.snapshot import Snapshot
from cms.db.base import Base
from cms.db.uow import UnitOfWork
from cms.editions.edition import Editions
from cms.kernel.clock import local_instant
from cms.kernel.errors import NotFound
from cms.settings.services import SiteSettings, load
from cms.workdays.calendar import WorkCalendar
from cms.workdays.clocks import Clock, ClockSpec, deadline
from cms.workdays.queries import load_calendar

#: Code of the limit in the editions of the regulation.
PUBLISH = "publish"
#: Rows that one unit of work reckons, so that others need not wait long.
BATCH = 500
_ONE_DAY = timedelta(days=1)


class PublicationClock(Base):
    """When an item has, or had, to be public. ``reckoned_at`` is nothing while :func:`settle` has not seen it."""

    __tablename__ = "catalogue_clock"
    __table_args__ = (Index("ix_catalogue_clock_waiting", "is_waiting", "late_from"),)

    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    #: 成文日期 (生成日期): the day after which the limit runs.
    formed_on: Mapped[date]
    standard_code: Mapped[str] = mapped_column(String(40), default="", index=True)
    #: Our own, to be actively public, and never public so far.
    is_waiting: Mapped[bool] = mapped_column(default=False)
    #: The limit in working days; nothing where no edition of that day sets one.
    limit_days: Mapped[int | None]
    due_on: Mapped[date | None]
    #: The first instant at which publishing is late.
    late_from: Mapped[datetime | None]
    #: Whether a day of a year without a notice was guessed.
    is_estimated: Mapped[bool] = mapped_column(default=False)
    reckoned_at: Mapped[datetime | None] = mapped_column(index=True)


def follow_draft(uow: UnitOfWork, content: Content, snapshot: Snapshot, values: Mapping[str, Json]) -> None:
    """Let the clock follow what a newest revision says, as long as the item has never been public."""
    if content.first_published_at is not None:
        return
    formed, stored = values.get("formed_on"), uow.session.get(PublicationClock, content.id)
    is_own = load(uow.session, SiteSettings).is_own(snapshot.issuer)
    if isinstance(formed, str) and formed and is_own and (values.get("openness") or "public") == "public":
        _start(
            uow, stored, content.id, date.fromisoformat(formed), str(values.get("standard_code") or ""),
            is_waiting=True,
        )  # fmt: skip
    elif stored is not None:
        uow.session.delete(stored)


def follow_publication(uow: UnitOfWork, content_id: int, formed_on: date, standard_code: str) -> None:
    """Let the clock of an item that is public now run from ``formed_on``."""
    stored = uow.session.get(PublicationClock, content_id)
    _start(uow, stored, content_id, formed_on, standard_code, is_waiting=False)


def _start(
    uow: UnitOfWork, stored: PublicationClock | None, content_id: int, formed_on: date, standard_code: str, *,
    is_waiting: bool,
) -> None:  # fmt: skip
    if stored is None:
        stored = PublicationClock(content_id=content_id)
        uow.session.add(stored)
    elif (stored.formed_on, stored.standard_code) == (formed_on, standard_code):
        stored.is_waiting = is_waiting
        return
    stored.formed_on, stored.standard_code, stored.is_waiting = formed_on, standard_code, is_waiting
    stored.reckoned_at = None


def recall(uow: UnitOfWork, standard_code: str) -> None:
    """Have the clocks of a row of the standard catalogue reckoned anew; its limit has changed."""
    stale = update(PublicationClock).where(PublicationClock.standard_code == standard_code).values(reckoned_at=None)
    uow.session.execute(stale)


def has_unsettled(session: Session) -> bool:
    """Tell whether clocks wait to be reckoned."""
    waiting = select(PublicationClock.content_id).where(PublicationClock.reckoned_at.is_(None))
    return session.scalar(waiting.limit(1)) is not None


def settle(uow: UnitOfWork, editions: Editions) -> int:
    """Reckon clocks that nobody has reckoned yet, up to :data:`BATCH`; return how many."""
    return _settle(uow, editions, select(PublicationClock).where(PublicationClock.reckoned_at.is_(None)))[0]


def settle_again(uow: UnitOfWork, editions: Editions, after: int = 0) -> int | None:
    """Reckon the next :data:`BATCH` clocks behind item ``after``, because the calendar or an edition has changed.

    Return the last item that was looked at, or nothing if there was none. What differs is written to the audit log.
    """
    return _settle(uow, editions, select(PublicationClock).where(PublicationClock.content_id > after))[1]


def _settle(uow: UnitOfWork, editions: Editions, query: Select[PublicationClock]) -> tuple[int, int | None]:
    rows = uow.session.scalars(query.order_by(PublicationClock.content_id).limit(BATCH)).all()
    if not rows:
        return 0, None
    calendar, limits = load_calendar(uow.session), limits_of(uow.session, {row.standard_code for row in rows})
    for row in rows:
        _reckon(uow, row, editions, calendar, limits)
    return len(rows), rows[-1].content_id


def _reckon(
    uow: UnitOfWork, row: PublicationClock, editions: Editions, calendar: WorkCalendar, limits: Mapping[str, int]
) -> None:
    spec = spec_on(editions, row.formed_on, limits.get(row.standard_code))
    due = deadline(Clock(spec, row.formed_on), calendar, estimate=True) if spec else None
    found = (spec.n if spec else None, due.due_on if due else None, due is not None and due.is_estimated)
    is_first, old = row.reckoned_at is None, row.due_on
    if not is_first and found == (row.limit_days, row.due_on, row.is_estimated):
        return
    row.limit_days, row.due_on, row.is_estimated = found
    row.late_from = local_instant(row.due_on + _ONE_DAY) if row.due_on else None
    row.reckoned_at = uow.clock.now()
    if old is not None and old != row.due_on:
        record(
            uow, "catalogue.due", actor_id=None, subject_type="content", subject_id=row.content_id,
            old=old.isoformat(), new=row.due_on.isoformat() if row.due_on else "",
        )  # fmt: skip


def spec_on(editions: Editions, formed_on: date, limit: int | None = None) -> ClockSpec | None:
    """Return the limit for what was formed on a day; before the first edition (1 May 2008) there is none.

    :param limit: working days that a row of the standard catalogue sets instead.
    """
    try:
        spec = editions.on(formed_on).clock(PUBLISH)
    except NotFound:
        return None
    return replace(spec, n=limit) if spec and limit else spec


def limits_of(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """Return the limits that rows of the standard catalogue set, in working days, by code."""
    wanted = sorted(set(codes) - {""})
    query = select(StandardRow.code, StandardRow.limit_days).where(StandardRow.code.in_(wanted))
    return {code: limit for code, limit in session.execute(query) if limit} if wanted else {}
