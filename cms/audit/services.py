"""Writing and checking the audit log."""

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from cms.audit.models import AuditEntry
from cms.db.uow import UnitOfWork

_FIRST = "0" * 64
Detail = str | int | float | bool | None | list[str] | list[int]


def record(
    uow: UnitOfWork, action: str, *, actor_id: int | None, subject_type: str, subject_id: int | str, **details: Detail
) -> AuditEntry:
    """Append one entry to the chain.

    :param action: ``noun.verb``, for instance ``content.publish``.
    :param details: small values that explain the action; never names, addresses or texts of persons.
    """
    last = uow.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).first()
    entry = AuditEntry(
        recorded_at=uow.clock.now(),
        actor_id=actor_id,
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        details=details,
        algorithm="sha256",
    )
    entry.digest = _digest(entry, last.digest if last else _FIRST)
    uow.session.add(entry)
    # The next entry of the same unit must see this one.
    uow.session.flush()
    return entry


def broken_links(session: Session) -> Iterator[int]:
    """Yield the ids of entries that do not follow from the ones before: something was changed or removed."""
    previous = _FIRST
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=500)):
        if _digest(entry, previous) != entry.digest:
            yield entry.id
        previous = entry.digest


def missing_at_end(session: Session) -> int:
    """Return how many entries were removed at the end of the log, where no later digest can tell.

    SQLite remembers the highest id that was ever given. Sequences of other servers have gaps of their own, so nothing
    can be said there and the answer is 0.
    """
    if session.get_bind().dialect.name != "sqlite":
        return 0
    given = session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'audit_entry'")) or 0
    return max(0, int(given) - (session.scalar(select(func.max(AuditEntry.id))) or 0))


def _digest(entry: AuditEntry, previous: str) -> str:
    fields = [
        previous,
        entry.recorded_at.isoformat(),
        entry.actor_id,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.details,
    ]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
