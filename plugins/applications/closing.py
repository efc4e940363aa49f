"""How applications end without an answer: taken back, given up by lapse, dealt with otherwise; and archiving."""

from datetime import date

from cms.api import (
    CITIZEN,
    Actor,
    Edition,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    editions,
    local_date,
    one_line,
    require,
)
from cms.api import gettext as _

from . import dues
from .history import TODAY, Entry, advance
from .models import Application, InquiryKind, Outcome
from .states import State, Step
from .terms import HANDLE

#: Kinds of ending that editions list among their answers although no letter is sent.
LAPSED_CORRECTION, LAPSED_FEE, OTHER = "lapsed_correction", "lapsed_fee", "other"


def result_of(edition: Edition, kind: str) -> str:
    """Return the result under which an ending of ``kind`` counts.

    An edition that has no row for it takes that of a later one: every closed application has exactly one result.

    :raises NotFound: if no edition knows the kind.
    """
    later = [one for one in editions() if one.in_force_from > edition.in_force_from]
    for one in (edition, *later):
        found = next((answer for answer in one.answers if answer.code == kind), None)
        if found is not None:
            return found.results[0]
    raise NotFound(kind)


def close(application: Application, day: date, result: str, outcome: Outcome) -> None:
    """Give a registered application its one result.

    :raises NotAllowed: if it has one already.
    """
    if application.closed_on is not None:
        raise NotAllowed(_("这件申请已经有办理结果，不能再次计入。"))
    application.closed_on, application.result, application.outcome = day, result, outcome


def withdraw(uow: UnitOfWork, application: Application, *, actor: Actor = CITIZEN, entry: Entry = TODAY) -> None:
    """Take an application back: by the applicant on the status page, or told to the officer.

    Before registration it counts in no table; later it closes as （六）其他处理 3.其他.

    :raises NotAllowed: if it is closed, or somebody without permission tells. :raises Invalid: see the entry.
    """
    _allow(actor)
    event = advance(uow, application, Step.WITHDRAW, actor=actor, entry=entry, by_applicant=actor is CITIZEN)
    if application.state is State.CLOSED:
        result = result_of(dues.edition_of(application), OTHER)
        close(application, event.occurred_on, result, Outcome.WITHDRAWN)
    else:
        application.outcome = Outcome.WITHDRAWN
    _end_what_runs(uow, application, event.occurred_on)
    dues.store(uow, application)


def close_otherwise(uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry) -> None:
    """End an application in another way than by an answer, for instance because the applicant has died.

    :raises NotAllowed: without permission or in another state. :raises Invalid: without a reason (field ``note``).
    """
    require(actor, HANDLE)
    if not one_line(entry.note):
        raise Invalid({"note": [_("请写明作其他处理的原因。")]})
    event = advance(uow, application, Step.CLOSE, actor=actor, entry=entry)
    close(application, event.occurred_on, result_of(dues.edition_of(application), OTHER), Outcome.OTHER)
    _end_what_runs(uow, application, event.occurred_on)
    dues.store(uow, application)


def correction_lapsed(uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry = TODAY) -> None:
    """Close an application whose correction has not come in time (art. 30: 视为放弃申请). A person decides, no clock.

    :raises NotAllowed: without permission, or while the term still runs. :raises Invalid: see the entry.
    """
    _lapse(uow, application, Step.CORRECTION_LAPSED, LAPSED_CORRECTION, actor=actor, entry=entry)


def fee_lapsed(uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry = TODAY) -> None:
    """Close an application whose fee has not been paid in time (art. 42). A person decides, no clock.

    :raises NotAllowed: without permission, or while the term still runs. :raises Invalid: see the entry.
    """
    _lapse(uow, application, Step.FEE_LAPSED, LAPSED_FEE, actor=actor, entry=entry)


def _lapse(uow: UnitOfWork, application: Application, step: Step, kind: str, *, actor: Actor, entry: Entry) -> None:
    require(actor, HANDLE)
    due_on, day = application.next_on, entry.on or local_date(uow.clock.now())
    if due_on is not None and day <= due_on:
        raise NotAllowed(_("期限到 {day} 届满，现在还不能按逾期处理。").format(day=due_on))
    event = advance(uow, application, step, actor=actor, entry=entry)
    _end_what_runs(uow, application, event.occurred_on)
    close(application, event.occurred_on, result_of(dues.edition_of(application), kind), Outcome.LAPSED)
    dues.store(uow, application)


def _end_what_runs(uow: UnitOfWork, application: Application, day: date) -> None:
    """Nothing that was asked of others runs on when the application has ended."""
    found = dues.Proceedings.of(uow.session, application.id)
    correction = found.inquiry(InquiryKind.CORRECTION)
    if correction is not None and correction.replied_on is None:
        correction.lapsed_on = max(day, correction.occurred_on)
    for consultation in found.consultations:
        if consultation.ended_on is None:
            consultation.ended_on = max(day, consultation.occurred_on)
    if found.fee is not None and found.fee.paid_on is None:
        found.fee.ended_on = max(day, found.fee.occurred_on)


def archive(uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry = TODAY) -> None:
    """Put a closed application into the archive (art. 45: 归档).

    :raises NotAllowed: without permission or in another state. :raises Invalid: see the entry.
    """
    require(actor, HANDLE)
    event = advance(uow, application, Step.ARCHIVE, actor=actor, entry=entry)
    application.archived_on = event.occurred_on
    dues.store(uow, application)


def _allow(actor: Actor) -> None:
    if actor is not CITIZEN:
        require(actor, HANDLE)
