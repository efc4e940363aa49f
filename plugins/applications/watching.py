"""What must not be missed: the alarms of the desk and the marks that the leader writes. No clock takes a step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from cms.api import Actor, ClockSpec, Cms, UnitOfWork, WorkCalendar, audit, load_calendar, load_settings, local_date
from cms.api import gettext as _

from . import dues
from .history import Entry, remark
from .models import Application, Event
from .settings import ApplicationSettings

#: Marks are written on behalf of the machine.
_MACHINE = Actor(id=None, name="系统", is_machine=True)
_MARK = "lapse_noted"


class Alarm(StrEnum):
    """Why an application needs somebody's attention."""

    UNCONFIRMED = "unconfirmed"
    SOON = "soon"
    OVERDUE = "overdue"
    CORRECTION = "correction"
    REASON = "reason"
    FEE = "fee"
    CONSULTATION = "consultation"
    REDO = "redo"


def alarm_label(alarm: Alarm) -> str:
    """Return what an alarm says."""
    return {
        Alarm.UNCONFIRMED: _("超过 1 个工作日未确认"), Alarm.SOON: _("即将到期"), Alarm.OVERDUE: _("已经逾期"),
        Alarm.CORRECTION: _("补正期满未补正"), Alarm.REASON: _("说明理由期满"), Alarm.FEE: _("缴费期满未缴费"),
        Alarm.CONSULTATION: _("征求意见期满"), Alarm.REDO: _("重新答复逾期"),
    }[alarm]  # fmt: skip


_BY_NEXT = {
    "confirm": Alarm.UNCONFIRMED, "answer": Alarm.OVERDUE, "correction": Alarm.CORRECTION, "reason": Alarm.REASON,
    "fee": Alarm.FEE, "consultation": Alarm.CONSULTATION, "redo": Alarm.REDO,
}  # fmt: skip


def alarm_of(application: Application, today: date, soon: date) -> Alarm | None:
    """Return the alarm of an application, if it has one.

    :param soon: the last day that counts as near; see :func:`soon_until`.
    """
    if application.next_on is None or application.voided_at is not None:
        return None
    if application.next_on < today:
        return _BY_NEXT[application.next_what]
    is_ours = application.next_what in {"answer", "redo"}
    return Alarm.SOON if is_ours and application.next_on <= soon else None


def soon_until(session: Session, today: date, calendar: WorkCalendar | None = None) -> date:
    """Return the last day that the site wants to be warned of ahead."""
    days = load_settings(session, ApplicationSettings).warn_days
    spec = ClockSpec(code="warn", label="提醒", n=days)
    return dues.due(spec, today, calendar or load_calendar(session))[0]


def alarming(today: date, soon: date) -> ColumnElement[bool]:
    """Return the condition that an application has an alarm."""
    near = Application.next_what.in_(("answer", "redo")) & (Application.next_on <= soon)
    return Application.voided_at.is_(None) & or_(Application.next_on < today, near)


@dataclass(frozen=True)
class Alarmed:
    """An application with its alarm."""

    application: Application
    alarm: Alarm


def alarms(session: Session, today: date, *, limit: int = 20) -> Sequence[Alarmed]:
    """Return the applications that need attention, the most urgent first."""
    soon = soon_until(session, today)
    query = select(Application).where(alarming(today, soon)).order_by(Application.next_on, Application.id).limit(limit)
    found = ((one, alarm_of(one, today, soon)) for one in session.scalars(query))
    return [Alarmed(one, alarm) for one, alarm in found if alarm is not None]


def mark_lapses(cms: Cms) -> int:
    """Write into the history that a term has ended, once for each; what follows from it, a person decides.

    Terms that had ended before the application was entered are not marked: the paper year raises no new alarms.
    """
    today = local_date(cms.clock.now())
    marked = 0
    with cms.reading() as session:
        ids = session.scalars(
            select(Application.id).where(Application.next_on < today, Application.voided_at.is_(None))
        ).all()
    for application_id in ids:
        with cms.unit_of_work() as uow:
            marked += _mark(uow, uow.session.get_one(Application, application_id), today)
    return marked


def _mark(uow: UnitOfWork, application: Application, today: date) -> bool:
    ended = application.next_on
    if ended is None or ended >= today or ended < local_date(application.recorded_at):
        return False
    note = _("{what}（{day} 届满）").format(what=alarm_label(_BY_NEXT[application.next_what]), day=ended)
    known = select(Event.id).where(
        Event.application_id == application.id, Event.remark == _MARK, Event.note == note
    ).limit(1)  # fmt: skip
    if uow.session.scalar(known) is not None:
        return False
    version = application.lock_version
    remark(uow, application, _MARK, actor=_MACHINE, entry=Entry(on=today, note=note))
    # A mark changes nothing that somebody may have on the screen.
    application.lock_version = version
    return True


def recompute(cms: Cms) -> int:
    """Compute the stored days of all open applications anew after the calendar has changed; return how many moved.

    Each change is recorded in the audit log with the day before and after.
    """
    moved = 0
    # A closed one keeps its day, unless that was a guess.
    stale = or_(Application.next_on.is_not(None), Application.is_estimated.is_(True))
    with cms.reading() as session:
        ids = session.scalars(select(Application.id).where(stale)).all()
    for application_id in ids:
        with cms.unit_of_work() as uow:
            moved += _recompute(uow, uow.session.get_one(Application, application_id))
    return moved


def _recompute(uow: UnitOfWork, application: Application) -> bool:
    before = (application.due_on, application.next_on, application.is_estimated)
    dues.renew_terms(uow.session, application)
    dues.refresh(uow.session, application)
    after = (application.due_on, application.next_on, application.is_estimated)
    if before == after:
        return False
    audit(
        uow, "applications.due_recomputed", actor_id=None, subject_type="application", subject_id=application.id,
        number=application.number, before=str(before[0] or ""), after=str(after[0] or ""),
        next_before=str(before[1] or ""), next_after=str(after[1] or ""), is_estimated=after[2],
    )  # fmt: skip
    return True
