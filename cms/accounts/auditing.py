"""Access to the audit log: only the audit administrator reads, checks and exports it, and leaves a trace in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit import queries
from cms.audit.models import AuditEntry
from cms.audit.queries import AuditFilter
from cms.audit.services import broken_links, missing_at_end, record
from cms.db.uow import UnitOfWork

PERMISSION = "audit.read"


@dataclass(frozen=True)
class LogPage:
    """Some entries of the log, and how many there are."""

    entries: Sequence[AuditEntry]
    total: int


@dataclass(frozen=True)
class ChainReport:
    """The outcome of checking the chain: ids that do not follow, and how many entries are missing at the end."""

    checked: int
    broken: Sequence[int]
    missing: int

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was changed, inserted or removed."""
        return not self.broken and not self.missing


def read_log(session: Session, wanted: AuditFilter, *, actor: Actor, limit: int, offset: int = 0) -> LogPage:
    """Return entries of the log, newest first.

    :raises NotAllowed: if ``actor`` may not read it.
    """
    require(actor, PERMISSION)
    found = queries.entries(session, wanted, limit=limit, offset=offset)
    return LogPage(found, queries.count(session, wanted))


def check_chain(uow: UnitOfWork, *, actor: Actor) -> ChainReport:
    """Compute the whole chain anew and compare; that it was checked, and the outcome, is an entry of its own.

    :raises NotAllowed: if ``actor`` may not.
    """
    require(actor, PERMISSION)
    report = ChainReport(
        queries.count(uow.session, AuditFilter()), list(broken_links(uow.session)), missing_at_end(uow.session)
    )
    record(
        uow, "audit.verify", actor_id=actor.id, subject_type="audit", subject_id="chain",
        broken=len(report.broken), missing=report.missing,
    )  # fmt: skip
    return report


def begin_export(uow: UnitOfWork, *, actor: Actor) -> None:
    """Note that the log is being exported.

    :raises NotAllowed: if ``actor`` may not.
    """
    require(actor, PERMISSION)
    record(uow, "audit.export", actor_id=actor.id, subject_type="audit", subject_id="log")


def export_log(session: Session, wanted: AuditFilter, *, actor: Actor) -> Iterator[AuditEntry]:
    """Return every entry that meets ``wanted``, newest first.

    :raises NotAllowed: if ``actor`` may not.
    """
    require(actor, PERMISSION)
    return queries.all_entries(session, wanted)
