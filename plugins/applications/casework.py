"""Cases about disclosure: 行政复议, 行政诉讼 (Table 4), 申诉, 举报投诉; and doing an answer over after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    audit,
    edition_on,
    load_settings,
    local_date,
    one_line,
    require,
)  # fmt: skip
from cms.api import gettext as _

from . import dues
from .history import TODAY, Entry, advance, checked_day, note_step, remark
from .intake import SERIES, next_in_series
from .models import Application, Case, CaseKind, CaseResult
from .settings import ApplicationSettings
from .states import State, Step
from .terms import HANDLE


@dataclass(frozen=True, kw_only=True)
class CaseInput:
    """A case as it came to the organ's knowledge. The entry says on which day."""

    kind: CaseKind
    body: str
    number: str = ""
    matter: str = ""
    application_id: int | None = None
    follows_id: int | None = None
    external_id: str | None = None


def open_case(uow: UnitOfWork, given: CaseInput, *, actor: Actor, entry: Entry = TODAY) -> Case:
    """Record a case; it is pending until it is decided, in every year until then.

    :raises NotAllowed: without permission. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    day = checked_day(uow, None, entry)
    errors: dict[str, list[str]] = {}
    if not one_line(given.body):
        errors["body"] = [_("请填写复议机关、法院或者受理机关。")]
    if given.application_id is not None and uow.session.get(Application, given.application_id) is None:
        errors["application_id"] = [_("没有这件申请。")]
    followed = uow.session.get(Case, given.follows_id) if given.follows_id is not None else None
    if given.follows_id is not None and (followed is None or followed.kind is not CaseKind.REVIEW):
        errors["follows_id"] = [_("复议后起诉的案件，应关联一件行政复议。")]
    if errors:
        raise Invalid(errors)
    case = Case(
        kind=given.kind, application_id=given.application_id, follows_id=given.follows_id, occurred_on=day,
        number=one_line(given.number)[:80], body=one_line(given.body)[:80], matter=one_line(given.matter)[:200],
        recorded_at=uow.clock.now(), recorded_by_id=actor.id, source=one_line(entry.source)[:200],
        evidence_id=entry.evidence_id, external_id=given.external_id, lock_version=0,
    )  # fmt: skip
    uow.session.add(case)
    uow.session.flush()
    _audit(uow, case, "open", actor)
    return case


def decide(
    uow: UnitOfWork, case: Case, *, actor: Actor, result: CaseResult, decision: str = "", entry: Entry = TODAY
) -> None:
    """Record how a case ended.

    :raises NotAllowed: without permission, or if it is decided or void. :raises Invalid: see the entry.
    """
    require(actor, HANDLE)
    _require_pending(case)
    day = checked_day(uow, None, entry)
    if day < case.occurred_on:
        raise Invalid({"on": [_("审结日期不能早于收到案件的日期。")]})
    case.decided_on, case.result, case.decision = day, result, one_line(decision)[:300]
    case.lock_version += 1
    _audit(uow, case, "decide", actor)


def void_case(uow: UnitOfWork, case: Case, *, actor: Actor, reason: str) -> None:
    """Take a case that was recorded by mistake out of all counts; the entry stays.

    :raises NotAllowed: without permission, or if it is void already. :raises Invalid: without a reason.
    """
    require(actor, HANDLE)
    if case.voided_at is not None:
        raise NotAllowed(_("这件案件已经作废。"))
    if not one_line(reason):
        raise Invalid({"reason": [_("请写明作废的原因。")]})
    case.voided_at, case.void_reason = uow.clock.now(), one_line(reason)[:200]
    _audit(uow, case, "void", actor)


def _require_pending(case: Case) -> None:
    if case.voided_at is not None or case.decided_on is not None:
        raise NotAllowed(_("这件案件已经审结或作废。"))


def _audit(uow: UnitOfWork, case: Case, what: str, actor: Actor) -> None:
    audit(
        uow, f"applications.case_{what}", actor_id=actor.id, subject_type="application_case", subject_id=case.id,
        kind=case.kind.value, result=case.result.value if case.result else "",
    )  # fmt: skip


def reopen(
    uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry, due_on: date | None = None
) -> Application:
    """Do an answer over after 复议 or 诉讼; return the application in which that happens.

    Usually the same one, whose first result stays the one that counts. Where the site counts a redone answer anew, a
    new application that refers to it.

    :param due_on: the day that the decision sets. :raises NotAllowed: without permission, or if it is not closed.
    :raises Invalid: without a note that names the decision, or see the entry.
    """
    require(actor, HANDLE)
    if not one_line(entry.note):
        raise Invalid({"note": [_("请写明依据的复议决定或者判决。")]})
    if due_on is not None and due_on < (entry.on or local_date(uow.clock.now())):
        raise Invalid({"due_on": [_("重新答复的期限应在今后。")]})
    if load_settings(uow.session, ApplicationSettings).redo_counts:
        return _successor(uow, application, actor=actor, entry=entry, due_on=due_on)
    advance(uow, application, Step.REOPEN, actor=actor, entry=entry)
    application.redone, application.redo_due_on = application.redone + 1, due_on
    dues.store(uow, application)
    return application


#: What a redone application takes over; its people and subject are those of the first one.
_TAKEN = ("channel", "applicant_class", "title", "doc_no", "medium", "delivery", "co_count", "masked_name")
_SEALED = ("particulars", "applicant", "agent", "co_applicants", "code")
_PRINTS = ("request_print", "id_print", "uscc_print", "name_print", "phone_print")


def _successor(
    uow: UnitOfWork, application: Application, *, actor: Actor, entry: Entry, due_on: date | None
) -> Application:
    if application.closed_on is None or application.voided_at is not None:
        raise NotAllowed(_("只有办结的申请可以重新办理。"))
    day = checked_day(uow, application, entry)
    taken = {name: getattr(application, name) for name in (*_TAKEN, *_SEALED, *_PRINTS)}
    again = Application(
        **taken, number=f"{day.year}-{next_in_series(uow, SERIES, day.year):04d}", state=State.REGISTERED,
        predecessor_id=application.id, occurred_on=day, received_on=day, clock_from=day, special_due_on=due_on,
        edition=edition_on(day).id, recorded_at=uow.clock.now(), recorded_by_id=actor.id,
        source=one_line(entry.source)[:200], lock_version=0, redone=0, extension_days=0,
    )  # fmt: skip
    uow.session.add(again)
    uow.session.flush()
    remark(uow, application, "redone_as", actor=actor, entry=Entry(on=day, source=entry.source, note=again.number))
    note_step(uow, again, Step.REGISTER, State.REGISTERED, day, actor=actor, entry=entry)
    dues.store(uow, again)
    return again


def cases_of(session: Session, application_id: int) -> Sequence[Case]:
    """Return the cases about an application, oldest first."""
    query = select(Case).where(Case.application_id == application_id)
    return session.scalars(query.order_by(Case.occurred_on, Case.id)).all()


def get_case(session: Session, case_id: int) -> Case:
    """Return a case.

    :raises NotFound: if there is none.
    """
    found = session.get(Case, case_id)
    if found is None:
        raise NotFound(_("没有这件案件。"))
    return found
