"""Steps in the history of an application: the one place that moves it to another state."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import Actor, Conflict, Invalid, NotAllowed, NotFound, UnitOfWork, audit, local_date, one_line
from cms.api import gettext as _

from .models import Application, Event
from .states import DONE, State, Step, after

#: What is recorded later than this names its evidence: the ledger, the postmark, the receipt.
_LATER = timedelta(days=7)
_NOTE, _SOURCE = 500, 200


@dataclass(frozen=True, kw_only=True)
class Entry:
    """When something happened, what proves it, and what there is to say of it.

    :param on: the day; today if it is left out. :param source: ledger and page, file number.
    """

    on: date | None = None
    source: str = ""
    evidence_id: int | None = None
    note: str = ""


TODAY = Entry()


def get(session: Session, application_id: int) -> Application:
    """Return an application.

    :raises NotFound: if there is none.
    """
    found = session.get(Application, application_id)
    if found is None:
        raise NotFound(_("没有这件申请。"))
    return found


def expect(application: Application, version: int) -> None:
    """Refuse to go on if somebody has changed the application since the page was opened.

    :raises Conflict: if so.
    """
    if application.lock_version != version:
        raise Conflict(_("这件申请刚刚被别人处理过，请刷新后再操作。"))


def day_of(uow: UnitOfWork, entry: Entry) -> date:
    """Return the day of an entry."""
    return entry.on or local_date(uow.clock.now())


def checked_day(uow: UnitOfWork, application: Application | None, entry: Entry) -> date:
    """Return the day of an entry that fits into the history.

    :raises Invalid: field ``on``, if it lies in the future or before what happened last; field ``source``, if it is
        recorded late without evidence.
    """
    today, day = local_date(uow.clock.now()), day_of(uow, entry)
    if day > today:
        raise Invalid({"on": [_("日期不能晚于今天。")]})
    if today - day > _LATER and not one_line(entry.source):
        raise Invalid(
            {"source": [_("补录 {n} 天以前的事项，请写明依据，例如登记簿页码、邮戳。").format(n=_LATER.days)]}
        )
    last = last_day(uow.session, application) if application is not None else None
    if last is not None and day < last:
        raise Invalid({"on": [_("日期不能早于上一步的 {day}。").format(day=last)]})
    return day


def last_day(session: Session, application: Application) -> date | None:
    """Return the latest day in the history."""
    return session.scalar(select(func.max(Event.occurred_on)).where(Event.application_id == application.id))


def advance(
    uow: UnitOfWork, application: Application, step: Step, *, actor: Actor, entry: Entry = TODAY,
    by_applicant: bool = False,
) -> Event:  # fmt: skip
    """Take a step: new state, a line of history, an entry in the audit log.

    :raises NotAllowed: if the step does not exist in the present state, or the application was voided.
    :raises Invalid: see :func:`checked_day`.
    """
    _refuse_voided(application)
    state = after(application.state, step)
    day = checked_day(uow, application, entry)
    return note_step(uow, application, step, state, day, actor=actor, entry=entry, by_applicant=by_applicant)


def note_step(
    uow: UnitOfWork, application: Application, step: Step, state: State, day: date, *, actor: Actor, entry: Entry,
    by_applicant: bool = False,
) -> Event:  # fmt: skip
    """Write a step whose state and day are decided."""
    application.state = state
    event = _event(uow, application, day, actor=actor, entry=entry, by_applicant=by_applicant)
    event.step = step
    audit(
        uow, f"applications.{step.value}", actor_id=actor.id, subject_type="application", subject_id=application.id,
        number=application.number, on=day.isoformat(), state=state.value,
    )  # fmt: skip
    return event


def remark(
    uow: UnitOfWork, application: Application, what: str, *, actor: Actor, entry: Entry = TODAY,
    by_applicant: bool = False,
) -> Event:  # fmt: skip
    """Write a line of history that changes no state.

    :raises Invalid: see :func:`checked_day`.
    """
    _refuse_voided(application)
    day = checked_day(uow, application, entry)
    event = _event(uow, application, day, actor=actor, entry=entry, by_applicant=by_applicant)
    event.remark = what
    audit(
        uow, f"applications.{what}", actor_id=actor.id, subject_type="application", subject_id=application.id,
        number=application.number, on=day.isoformat(),
    )  # fmt: skip
    return event


def _event(
    uow: UnitOfWork, application: Application, day: date, *, actor: Actor, entry: Entry, by_applicant: bool
) -> Event:
    event = Event(
        application_id=application.id, state=application.state, occurred_on=day, recorded_at=uow.clock.now(),
        recorded_by_id=actor.id, source=one_line(entry.source)[:_SOURCE], evidence_id=entry.evidence_id,
        note=one_line(entry.note)[:_NOTE], by_applicant=by_applicant,
    )  # fmt: skip
    application.lock_version += 1
    uow.session.add(event)
    uow.session.flush()
    return event


def _refuse_voided(application: Application) -> None:
    if application.voided_at is not None:
        raise NotAllowed(_("这件申请已作废，不能再处理。"))


def history(session: Session, application_id: int) -> list[Event]:
    """Return the history of an application, oldest first."""
    query = select(Event).where(Event.application_id == application_id)
    return list(session.scalars(query.order_by(Event.id)))


def require_open(application: Application) -> None:
    """Refuse if the application has its result already.

    :raises NotAllowed: if so.
    """
    if application.state in DONE:
        raise NotAllowed(_("这件申请已经办结。"))
