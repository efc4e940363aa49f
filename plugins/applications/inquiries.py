"""Asking the applicant: for a correction (art. 30), once; for reasons (art. 35), once."""

from datetime import date

from cms.api import (
    CITIZEN,
    Actor,
    ClockSpec,
    Invalid,
    Keyring,
    NotAllowed,
    UnitOfWork,
    clean,
    load_calendar,
    require,
    seal_into,
)
from cms.api import gettext as _

from . import dues
from .history import TODAY, Entry, advance, remark
from .models import Application, Inquiry, InquiryKind
from .states import Step
from .terms import HANDLE

MAX_TEXT = 5000
_STEPS = {InquiryKind.CORRECTION: Step.ASK_CORRECTION, InquiryKind.REASON: Step.ASK_REASON}


def ask(
    uow: UnitOfWork, application: Application, kind: InquiryKind, *, actor: Actor, text: str, entry: Entry = TODAY,
    notified_on: date | None = None, due_on: date | None = None,
) -> Inquiry:  # fmt: skip
    """Send the applicant a notice that asks for something; a correction notice lists all defects at once.

    The answer clock stands while a correction is awaited.

    :param notified_on: the day the applicant got it, from which the term runs; the day of the notice if left out.
    :param due_on: a longer term that the organ sets; else that of the edition.
    :raises NotAllowed: without permission, in another state, a second time, or if the edition knows no such notice.
    :raises Invalid: by field.
    """
    require(actor, HANDLE)
    spec = _spec(application, kind)
    if dues.Proceedings.of(uow.session, application.id).inquiry(kind) is not None:
        raise NotAllowed(_("补正只能要求一次。") if kind is InquiryKind.CORRECTION else _("说明理由只能要求一次。"))
    text = clean(text)
    if not text or len(text) > MAX_TEXT:
        raise Invalid({"text": [_("请写明需要补正的事项，一次写全，最多 {n} 个字。").format(n=MAX_TEXT)]})
    event = advance(uow, application, _STEPS[kind], actor=actor, entry=entry)
    got = notified_on or event.occurred_on
    if got < event.occurred_on:
        raise Invalid({"notified_on": [_("申请人收到通知的日期不能早于发出的日期。")]})
    usual, is_estimated = dues.due(spec, got, load_calendar(uow.session))
    if due_on is not None and due_on <= got:
        raise Invalid({"due_on": [_("期限应在申请人收到通知之后。")]})
    inquiry = Inquiry(
        application_id=application.id, kind=kind, text=text, notified_on=got, due_on=due_on or usual,
        is_estimated=is_estimated and due_on is None, reply="", occurred_on=event.occurred_on,
        recorded_at=uow.clock.now(), recorded_by_id=actor.id, source=event.source, evidence_id=event.evidence_id,
    )  # fmt: skip
    uow.session.add(inquiry)
    dues.store(uow, application)
    return inquiry


def correct(
    uow: UnitOfWork, keyring: Keyring, application: Application, *, actor: Actor = CITIZEN, text: str,
    entry: Entry = TODAY,
) -> None:  # fmt: skip
    """Take in the applicant's correction; the answer clock begins anew on this day (art. 33).

    :raises NotAllowed: if none is awaited, or somebody without permission records it. :raises Invalid: by field.
    """
    inquiry = _awaited(uow, application, InquiryKind.CORRECTION, actor=actor)
    text = _reply(text)
    event = advance(uow, application, Step.CORRECT, actor=actor, entry=entry, by_applicant=actor is CITIZEN)
    inquiry.replied_on = event.occurred_on
    seal_into(keyring, inquiry, Inquiry.reply, {"text": text})
    dues.store(uow, application)


def give_reasons(
    uow: UnitOfWork, keyring: Keyring, application: Application, *, actor: Actor = CITIZEN, text: str,
    entry: Entry = TODAY,
) -> None:  # fmt: skip
    """Take in the reasons of an applicant who asked for very much or very often; the organ judges them afterwards.

    :raises NotAllowed: if none are awaited, or somebody without permission records it. :raises Invalid: by field.
    """
    inquiry = _awaited(uow, application, InquiryKind.REASON, actor=actor)
    text = _reply(text)
    event = remark(uow, application, "reasons_given", actor=actor, entry=entry, by_applicant=actor is CITIZEN)
    inquiry.replied_on = event.occurred_on
    seal_into(keyring, inquiry, Inquiry.reply, {"text": text})
    dues.store(uow, application)


def accept_reasons(
    uow: UnitOfWork, application: Application, *, actor: Actor, special_due_on: date | None = None, entry: Entry = TODAY
) -> None:
    """Find the reasons reasonable; if the usual term cannot be kept, fix and tell another one (art. 35).

    Unreasonable ones are answered by the letter of 无正当理由大量反复申请.

    :raises NotAllowed: without permission or in another state. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    event = advance(uow, application, Step.REASON_ACCEPTED, actor=actor, entry=entry)
    if special_due_on is not None and special_due_on <= event.occurred_on:
        raise Invalid({"special_due_on": [_("延迟答复的期限应在今后。")]})
    application.special_due_on = special_due_on
    dues.store(uow, application)


def _spec(application: Application, kind: InquiryKind) -> ClockSpec:
    spec = dues.edition_of(application).clock(dues.CLOCKS[kind])
    if spec is None:
        raise NotAllowed(_("这件申请适用的法规版本没有这一程序。"))
    return spec


def _awaited(uow: UnitOfWork, application: Application, kind: InquiryKind, *, actor: Actor) -> Inquiry:
    if actor is not CITIZEN:
        require(actor, HANDLE)
    found = dues.Proceedings.of(uow.session, application.id).inquiry(kind)
    if found is None or found.replied_on is not None or found.lapsed_on is not None:
        raise NotAllowed(_("现在没有等待申请人答复的通知。"))
    return found


def _reply(text: str) -> str:
    text = clean(text)
    if not text or len(text) > MAX_TEXT:
        raise Invalid({"text": [_("请填写内容，最多 {n} 个字。").format(n=MAX_TEXT)]})
    return text
