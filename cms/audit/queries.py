"""Reading the audit log; who may do that is asked in :mod:`cms.accounts.auditing`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from cms.audit.models import AuditEntry
from cms.kernel.clock import local_instant


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """Which entries are wanted; what is empty does not limit. Days are days in Asia/Shanghai."""

    actor_id: int | None = None
    action: str = ""
    subject_type: str = ""
    subject_id: str = ""
    since: date | None = None
    until: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as SQL; an action that ends with a dot means all of its noun."""
        found: list[ColumnElement[bool]] = []
        if self.actor_id is not None:
            found.append(AuditEntry.actor_id == self.actor_id)
        if self.action.endswith("."):
            found.append(AuditEntry.action.startswith(self.action, autoescape=True))
        elif self.action:
            found.append(AuditEntry.action == self.action)
        if self.subject_type:
            found.append(AuditEntry.subject_type == self.subject_type)
        if self.subject_id:
            found.append(AuditEntry.subject_id == self.subject_id)
        if self.since:
            found.append(AuditEntry.recorded_at >= local_instant(self.since))
        if self.until:
            found.append(AuditEntry.recorded_at < local_instant(self.until + timedelta(days=1)))
        return found


def _newest(wanted: AuditFilter) -> Select[AuditEntry]:
    return select(AuditEntry).where(*wanted.conditions()).order_by(AuditEntry.id.desc())


def entries(session: Session, wanted: AuditFilter, *, limit: int, offset: int = 0) -> Sequence[AuditEntry]:
    """Return the newest entries that meet ``wanted``."""
    return session.scalars(_newest(wanted).limit(limit).offset(offset)).all()


def all_entries(session: Session, wanted: AuditFilter) -> Iterator[AuditEntry]:
    """Yield every entry that meets ``wanted``, newest first, a bounded number in memory."""
    yield from session.scalars(_newest(wanted).execution_options(yield_per=500))


def count(session: Session, wanted: AuditFilter) -> int:
    """Return how many entries meet ``wanted``."""
    return session.scalar(select(func.count()).select_from(AuditEntry).where(*wanted.conditions())) or 0


def actions(session: Session) -> Sequence[str]:
    """Return the actions that occur."""
    return session.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action)).all()


def subject_types(session: Session) -> Sequence[str]:
    """Return the kinds of things that were acted on."""
    return session.scalars(select(AuditEntry.subject_type).distinct().order_by(AuditEntry.subject_type)).all()


def actor_ids(session: Session) -> Sequence[int]:
    """Return the ids of the people who acted."""
    found = select(AuditEntry.actor_id).where(AuditEntry.actor_id.is_not(None)).distinct()
    return [actor_id for actor_id in session.scalars(found) if actor_id is not None]
