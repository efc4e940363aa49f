"""Asking others: third parties (art. 32) and organs that had a part in making the information (art. 34)."""

from datetime import date

from cms.api import (
    Actor,
    Invalid,
    Keyring,
    NotAllowed,
    UnitOfWork,
    clean,
    load_calendar,
    local_date,
    one_line,
    require,
    seal_into,
)  # fmt: skip
from cms.api import gettext as _

from . import dues
from .history import TODAY, Entry, advance, remark
from .models import Application, Consultation, ConsultationKind, Opinion
from .states import Step
from .terms import HANDLE

#: What silence means: a third party's lets the organ decide, an organ's is consent.
SILENCE = {ConsultationKind.THIRD_PARTY: Opinion.LAPSED, ConsultationKind.CO_AGENCY: Opinion.DEEMED}
_MAX_NAME, _MAX_TEXT = 80, 5000


def consult(
    uow: UnitOfWork, keyring: Keyring, application: Application, kind: ConsultationKind, *, actor: Actor, name: str,
    text: str = "", contact: str = "", entry: Entry = TODAY,
) -> Consultation:  # fmt: skip
    """Send a letter that asks for an opinion; the answer clock stands from this day until the consultation ends.

    :raises NotAllowed: without permission or in another state. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    values = {"name": one_line(name), "contact": one_line(contact)[:200], "text": clean(text)}
    if not values["name"] or len(values["name"]) > _MAX_NAME:
        raise Invalid({"name": [_("请填写征求意见的对象，最多 {n} 个字。").format(n=_MAX_NAME)]})
    if len(values["text"]) > _MAX_TEXT:
        raise Invalid({"text": [_("最多 {n} 个字。").format(n=_MAX_TEXT)]})
    event = advance(uow, application, Step.CONSULT, actor=actor, entry=entry)
    consultation = Consultation(
        application_id=application.id, kind=kind, occurred_on=event.occurred_on, recorded_at=uow.clock.now(),
        recorded_by_id=actor.id, source=event.source, evidence_id=event.evidence_id,
    )  # fmt: skip
    seal_into(keyring, consultation, Consultation.party, values)
    uow.session.add(consultation)
    dues.store(uow, application)
    return consultation


def arrived(
    uow: UnitOfWork, application: Application, consultation: Consultation, *, actor: Actor, entry: Entry = TODAY
) -> None:
    """Record the day on which the letter arrived; the 15 working days for an opinion run from there.

    :raises NotAllowed: without permission, or if it is over. :raises Invalid: see the entry.
    """
    require(actor, HANDLE)
    if consultation.ended_on is not None or consultation.party_received_on is not None:
        raise NotAllowed(_("这次征求意见的收到日期已经登记过。"))
    event = remark(uow, application, "consultation_arrived", actor=actor, entry=entry)
    consultation.party_received_on = event.occurred_on
    spec = dues.edition_of(application).clock(consultation.kind.value)
    if spec is not None:
        consultation.due_on, consultation.is_estimated = dues.due(spec, event.occurred_on, load_calendar(uow.session))
    dues.store(uow, application)


def end(
    uow: UnitOfWork, keyring: Keyring, application: Application, consultation: Consultation, *, actor: Actor,
    opinion: Opinion, text: str = "", entry: Entry = TODAY,
) -> None:  # fmt: skip
    """Record the opinion, or that none came in time; the answer clock goes on when the last consultation has ended.

    :raises NotAllowed: without permission, if it is over, or for silence before the term has ended.
    :raises Invalid: by field.
    """
    require(actor, HANDLE)
    if consultation.ended_on is not None:
        raise NotAllowed(_("这次征求意见已经结束。"))
    if opinion in SILENCE.values():
        _check_silence(consultation, opinion, entry.on or local_date(uow.clock.now()))
    others = dues.Proceedings.of(uow.session, application.id).consultations
    is_last = all(one.ended_on is not None for one in others if one.id != consultation.id)
    if is_last:
        event = advance(uow, application, Step.CONSULTED, actor=actor, entry=entry)
    else:
        event = remark(uow, application, "consultation_ended", actor=actor, entry=entry)
    consultation.ended_on, consultation.opinion = event.occurred_on, opinion
    values = keyring.open(consultation.party, Consultation.party)
    seal_into(keyring, consultation, Consultation.party, {**values, "opinion": clean(text)[:_MAX_TEXT]})
    dues.store(uow, application)


def _check_silence(consultation: Consultation, opinion: Opinion, day: date) -> None:
    if opinion is not SILENCE[consultation.kind]:
        raise Invalid({"opinion": [_("第三方逾期由本机关决定，共同制作机关逾期视为同意，请重新选择。")]})
    if consultation.due_on is None:
        raise NotAllowed(_("请先登记对方收到征求意见书的日期。"))
    if day <= consultation.due_on:
        raise NotAllowed(_("对方提出意见的期限到 {day} 届满。").format(day=consultation.due_on))


def extend(
    uow: UnitOfWork, application: Application, *, actor: Actor, days: int, consent: str, notified: str,
    entry: Entry = TODAY,
) -> None:  # fmt: skip
    """Extend the answer clock, once, while it still runs (art. 33: consent of the head, notice to the applicant).

    :param days: working days, at most those of the edition. :param consent: who consented.
    :param notified: how the applicant was told.
    :raises NotAllowed: without permission, a second time, or when the limit is over. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    spec = dues.edition_of(application).clock("extend")
    if spec is None or application.extension_days:
        raise NotAllowed(_("答复期限只能延长一次。"))
    errors = {}
    if not 1 <= days <= spec.n:
        errors["days"] = [_("延长 1 到 {n} 个工作日。").format(n=spec.n)]
    if not one_line(consent):
        errors["consent"] = [_("请写明同意延长的政府信息公开工作机构负责人。")]
    if not one_line(notified):
        errors["notified"] = [_("请写明如何告知了申请人。")]
    if errors:
        raise Invalid(errors)
    day = entry.on or local_date(uow.clock.now())
    # While it stands the day that is due is not known, so the limit is not over either.
    if application.due_on is not None and day > application.due_on:
        raise NotAllowed(_("答复期限已于 {day} 届满，不能再延长。").format(day=application.due_on))
    said = Entry(
        on=entry.on, source=entry.source, evidence_id=entry.evidence_id,
        note=_("延长 {n} 个工作日；{consent}同意；{notified}告知申请人").format(
            n=days, consent=one_line(consent), notified=one_line(notified)
        ),
    )  # fmt: skip
    event = advance(uow, application, Step.EXTEND, actor=actor, entry=said)
    application.extension_days, application.extended_on = days, event.occurred_on
    application.extension_consent = one_line(consent)[:60]
    dues.store(uow, application)
