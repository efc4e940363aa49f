"""Keeping personal data only as long as they are needed: rules that plugins declare, erasing, legal hold.

Erasing empties the sealed columns and fingerprints of a record and removes its files. Dates, class and outcome stay, so
that registers and figures of past years do not change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.clock import local_date
from cms.kernel.errors import Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.personal import columns
from cms.personal.files import SealedFiles, erase_files
from cms.personal.models import PersonalRecord, Subject

#: Who may erase and hold.
ERASE = "personal.erase"
#: Seeing how long personal data are kept and what is due.
READ_RETENTION = "personal.retention"
_LEAP_DAY = (2, 29)


R = TypeVar("R", bound=PersonalRecord)


@dataclass(frozen=True, kw_only=True)
class Retention(Generic[R]):
    """How long a plugin keeps the personal data of its records.

    :param code: ``<plugin>.<name>``. :param label: what is kept, for people.
    :param model: the mapped class, a :class:`~cms.personal.models.PersonalRecord`.
    :param subject_type: how the audit log, the access log and sealed files name a record.
    :param since: the column with the day from which years are counted; while it is empty nothing is erased.
    :param years: how many, or a function that reads them from settings; 0 keeps the data for ever.
    :param also: empties what else of a record is personal, for instance rows of co-applicants or a letter's text.
    """

    code: str
    label: str
    model: type[R]
    subject_type: str
    since: InstrumentedAttribute[date | None] | InstrumentedAttribute[date]
    years: int | Callable[[Session], int]
    also: Callable[[UnitOfWork, R], object] | None = None

    def years_now(self, session: Session) -> int:
        """Return how many years are kept, as it is set now."""
        return self.years(session) if callable(self.years) else self.years

    def subject(self, row: R) -> Subject:
        """Return how the logs name ``row``."""
        return Subject(self.subject_type, row.id)

    def due(self, session: Session, today: date) -> Select[int]:
        """Return the select of the ids of records whose time is over and that are not held."""
        return select(self.model.id).where(self._kept(), ~self.model.legal_hold, *self._over(session, today))

    def _kept(self) -> ColumnElement[bool]:
        return self.model.erased_at.is_(None)

    def _over(self, session: Session, today: date) -> Sequence[ColumnElement[bool]]:
        years = self.years_now(session)
        # An empty day is never over: NULL compares as unknown.
        return [self.since <= years_before(today, years)] if years else [self.model.id.is_(None)]


@dataclass(frozen=True)
class RetentionLine:
    """A rule with how many records it concerns: whose data are here, held, and due to be erased."""

    rule: Retention[Any]
    years: int
    kept: int
    held: int
    due: int


def years_before(day: date, years: int) -> date:
    """Return the same day ``years`` earlier; before a leap day, the last day of February."""
    last = 28 if (day.month, day.day) == _LEAP_DAY else day.day
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=max(1, day.year - years), day=last)


def erase(
    uow: UnitOfWork,
    files: SealedFiles,
    rule: Retention[R],
    row: R,
    *,
    actor: Actor,
    reason: str,
) -> None:
    """Erase the personal data of a record; erasing twice is erasing once.

    :param reason: ``due`` or ``request``, or another word of ours; the audit log keeps it.
    :raises NotAllowed: if ``actor`` may not, or the record is held.
    """
    require(actor, ERASE)
    if row.legal_hold:
        raise NotAllowed(_("这条记录的个人信息已设为保留，请先解除保留。"))
    columns.clear(row)
    if rule.also is not None:
        rule.also(uow, row)
    subject = rule.subject(row)
    count = erase_files(uow, files, subject)
    if row.erased_at is None:
        row.erased_at = uow.clock.now()
        record(
            uow, "personal.erase", actor_id=actor.id, subject_type=subject.type, subject_id=subject.id,
            rule=rule.code, reason=reason, files=count,
        )  # fmt: skip


def hold(uow: UnitOfWork, rule: Retention[R], row: R, *, actor: Actor, held: bool, why: str) -> None:
    """Keep the personal data of a record beyond their time (a lawsuit, an inspection), or stop keeping them.

    :raises NotAllowed: if ``actor`` may not. :raises Invalid: field ``why``, without a reason.
    """
    require(actor, ERASE)
    if not one_line(why):
        raise Invalid({"why": [_("请写明理由。")]})
    if row.legal_hold == held:
        return
    row.legal_hold = held
    subject = rule.subject(row)
    record(
        uow, "personal.hold" if held else "personal.release", actor_id=actor.id, subject_type=subject.type,
        subject_id=subject.id, rule=rule.code,
    )  # fmt: skip


def overview(session: Session, rules: Sequence[Retention[Any]], today: date) -> list[RetentionLine]:
    """Return how many records each rule concerns."""
    return [
        RetentionLine(
            rule, rule.years_now(session), _count(session, select(rule.model.id).where(rule.model.erased_at.is_(None))),
            _count(session, select(rule.model.id).where(rule.model.erased_at.is_(None), rule.model.legal_hold)),
            _count(session, rule.due(session, today)),
        )
        for rule in rules
    ]  # fmt: skip


def due_ids(session: Session, rule: Retention[R], now_day: date, *, limit: int = 500) -> Sequence[int]:
    """Return the ids of records whose data are due to be erased, a bounded number at once."""
    return session.scalars(rule.due(session, now_day).order_by(rule.model.id).limit(limit)).all()


def erase_if_due(uow: UnitOfWork, files: SealedFiles, rule: Retention[R], row_id: int, *, actor: Actor) -> bool:
    """Erase a record if its time is still over now that this unit holds the lock; tell whether it was."""
    due = rule.due(uow.session, local_date(uow.clock.now())).where(rule.model.id == row_id)
    if uow.session.scalar(due) is None:
        return False
    erase(uow, files, rule, uow.session.get_one(rule.model, row_id), actor=actor, reason="due")
    return True


def _count(session: Session, ids: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(ids.subquery())) or 0
