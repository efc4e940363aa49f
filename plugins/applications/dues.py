"""Clocks of applications: from their rows to the days that are due, stored so that lists can sort by them.

The limits are those of the edition in force at receipt (条例 arts 30 to 35); pauses are consultations, a correction
that is awaited, and a fee that is awaited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    Clock,
    ClockSpec,
    Edition,
    NotFound,
    Pause,
    UnitOfWork,
    WorkCalendar,
    deadline,
    editions,
    load_calendar,
    load_settings,
)
from cms.api import gettext as _

from .models import Application, Consultation, FeeNotice, Inquiry, InquiryKind
from .settings import ApplicationSettings
from .states import State

#: Codes of the clocks of inquiries.
CLOCKS = {InquiryKind.CORRECTION: "correct_reply", InquiryKind.REASON: "bulk_reason"}
#: Both sides confirm within one working day (disclosure-rules a.3).
CONFIRM = ClockSpec(code="confirm", label="确认收到", n=1, starts="申请人提交之日")


def edition_of(application: Application) -> Edition:
    """Return the edition that rules the application.

    :raises NotFound: if it has not been received yet.
    """
    found = next((one for one in editions() if one.id == application.edition), None)
    if found is None:
        raise NotFound(_("申请尚未登记收到，没有适用的法规版本。"))
    return found


@dataclass(frozen=True, kw_only=True)
class Proceedings:
    """The rows that hold or reset the answer clock of one application."""

    inquiries: Sequence[Inquiry]
    consultations: Sequence[Consultation]
    fee: FeeNotice | None

    @classmethod
    def of(cls, session: Session, application_id: int) -> "Proceedings":
        """Read them."""
        return cls(
            inquiries=session.scalars(
                select(Inquiry).where(Inquiry.application_id == application_id).order_by(Inquiry.id)
            ).all(),
            consultations=session.scalars(
                select(Consultation).where(Consultation.application_id == application_id).order_by(Consultation.id)
            ).all(),
            fee=session.scalar(select(FeeNotice).where(FeeNotice.application_id == application_id)),
        )

    def inquiry(self, kind: InquiryKind) -> Inquiry | None:
        """Return the notice of that kind, if one was sent."""
        return next((one for one in self.inquiries if one.kind is kind), None)


def answer_clock(application: Application, found: Proceedings, *, fee_restarts: bool) -> Clock:
    """Return the answer clock as it ran.

    :raises NotFound: if the application has not been received yet.
    """
    spec = edition_of(application).clocks["answer"]
    pauses = [Pause(one.occurred_on, one.ended_on, _("征求意见")) for one in found.consultations]
    resets = []
    correction, fee = found.inquiry(InquiryKind.CORRECTION), found.fee
    if correction is not None and correction.replied_on is not None:
        resets.append(correction.replied_on)
    elif correction is not None:
        pauses.append(Pause(correction.occurred_on, correction.lapsed_on, _("等待补正")))
    if fee is not None:
        ended = fee.paid_on or fee.ended_on
        pauses.append(Pause(fee.occurred_on, ended, _("等待缴费")))
        if fee.paid_on is not None and fee_restarts:
            resets.append(fee.paid_on)
    return Clock(
        spec, _received(application), pauses=tuple(pauses), resets=tuple(resets),
        extension=application.extension_days, stopped_on=application.closed_on,
    )  # fmt: skip


def _received(application: Application) -> date:
    if application.received_on is None:
        raise NotFound(_("申请尚未登记收到。"))
    return application.received_on


def due(spec: ClockSpec, started_on: date, calendar: WorkCalendar) -> tuple[date, bool]:
    """Return the last day of a plain limit and whether it is estimated."""
    found = deadline(Clock(spec, started_on), calendar, estimate=True)
    # Without pauses there always is a day.
    return found.due_on or started_on, found.is_estimated


def refresh(
    session: Session,
    application: Application,
    calendar: WorkCalendar | None = None,
    *,
    fee_restarts: bool | None = None,
) -> None:
    """Compute the stored days of an application anew.

    :param calendar: the calendar, if the caller has it already. :param fee_restarts: the setting, likewise.
    """
    calendar = calendar or load_calendar(session)
    if application.received_on is None:
        application.next_on, application.next_what = None, ""
        if application.state is State.SUBMITTED:
            application.next_on, application.is_estimated = due(CONFIRM, application.occurred_on, calendar)
            application.next_what = "confirm"
        return
    if fee_restarts is None:
        fee_restarts = load_settings(session, ApplicationSettings).fee_restarts
    found = Proceedings.of(session, application.id)
    clock = answer_clock(application, found, fee_restarts=fee_restarts)
    limit = deadline(clock, calendar, estimate=True)
    application.clock_from = clock.counts_from
    application.due_on, application.is_estimated = limit.due_on, limit.is_estimated
    if application.special_due_on is not None and limit.due_on is not None:
        application.due_on, application.is_estimated = application.special_due_on, False
    application.next_on, application.next_what = _next(application, found)


def renew_terms(session: Session, application: Application) -> None:
    """Compute the terms of others anew: of the applicant and of those whose opinion is asked.

    Those that the organ has set to a day of its own stay, because they were told that day.
    """
    if not application.edition:
        return
    edition, calendar = edition_of(application), load_calendar(session)
    found = Proceedings.of(session, application.id)
    for consultation in found.consultations:
        spec = edition.clock(consultation.kind.value)
        if spec is not None and consultation.party_received_on is not None and consultation.ended_on is None:
            consultation.due_on, consultation.is_estimated = due(spec, consultation.party_received_on, calendar)
    for inquiry in found.inquiries:
        spec = edition.clock(CLOCKS[inquiry.kind])
        if spec is not None and inquiry.is_estimated and inquiry.replied_on is None:
            inquiry.due_on, inquiry.is_estimated = due(spec, inquiry.notified_on, calendar)
    spec = edition.clock("fee")
    if spec is not None and found.fee is not None and found.fee.paid_on is None and found.fee.ended_on is None:
        found.fee.due_on, found.fee.is_estimated = due(spec, found.fee.notified_on, calendar)


def _next(application: Application, found: Proceedings) -> tuple[date | None, str]:
    consulted = [one.due_on for one in found.consultations if one.ended_on is None and one.due_on is not None]
    redo = (application.redo_due_on, "redo")
    usual = (application.due_on, "answer") if application.closed_on is None else (None, "")
    return {
        State.AWAIT_CORRECTION: (_due_of(found.inquiry(InquiryKind.CORRECTION)), "correction"),
        State.AWAIT_REASON: (_due_of(found.inquiry(InquiryKind.REASON)), "reason"),
        State.AWAIT_FEE: (found.fee.due_on if found.fee else None, "fee"),
        State.CONSULTING: (min(consulted, default=None), "consultation"),
        State.REPROCESSING: redo, State.REDO_REVIEW: redo, State.REDO_SIGNED: redo,
    }.get(application.state, usual)  # fmt: skip


def _due_of(inquiry: Inquiry | None) -> date | None:
    return inquiry.due_on if inquiry is not None else None


def store(uow: UnitOfWork, application: Application) -> None:
    """Write what is pending, then compute the stored days anew."""
    uow.session.flush()
    refresh(uow.session, application)
    uow.session.flush()
