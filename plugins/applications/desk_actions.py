"""What the forms of the desk do: parse what was typed, call the one service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from cms.api import Actor, Cms, Invalid, NotFound, UnitOfWork
from cms.api import gettext as _

from . import answering, casework, closing, consulting, fees, inquiries, intake
from .desk_forms import StepForm, day_of, fen_of, id_of, number_of
from .history import Entry
from .models import Answer, Application, Consultation, ConsultationKind, InquiryKind, Opinion


@dataclass(frozen=True)
class Call:
    """Everything that a step gets."""

    cms: Cms
    uow: UnitOfWork
    application: Application
    form: StepForm
    actor: Actor
    evidence_id: int | None

    def entry(self) -> Entry:
        """Return when it happened and what proves it.

        :raises Invalid: if the day is none.
        """
        errors: dict[str, list[str]] = {}
        on = day_of(self.form.typed("on"), "on", errors)
        refuse(errors)
        return Entry(
            on=on, source=self.form.typed("source"), evidence_id=self.evidence_id, note=self.form.typed("note")
        )

    def answer(self) -> Answer:
        """Return the answer that is on its way.

        :raises NotFound: if there is none.
        """
        found = answering.current_answer(self.uow.session, self.application)
        if found is None:
            raise NotFound(_("还没有答复稿。"))
        return found

    def consultation(self) -> Consultation:
        """Return the consultation that the form is about.

        :raises NotFound: if the application has none of that id.
        """
        found = self.uow.session.get(Consultation, id_of(self.form.typed("item")) or 0)
        if found is None or found.application_id != self.application.id:
            raise NotFound(_("没有这次征求意见。"))
        return found


def refuse(errors: Mapping[str, list[str]]) -> None:
    """Raise what was wrong with the typed text, if anything was.

    :raises Invalid: by field.
    """
    if errors:
        raise Invalid(errors)


def perform(call: Call, name: str) -> str:
    """Take the step called ``name``; return something to tell, for instance a new query code.

    :raises NotFound: if there is no such step. :raises Invalid: by field. :raises NotAllowed: if it cannot be taken.
    """
    act = _ACTIONS.get(name)
    if act is None:
        raise NotFound(name)
    return act(call) or ""


Service = Callable[..., object]


def _plain(service: Service, call: Call) -> None:
    service(call.uow, call.application, actor=call.actor, entry=call.entry())


def _confirm_applicant(call: Call) -> None:
    intake.confirm_by_applicant(
        call.uow, call.application, actor=call.actor, how=call.form.typed("how"), entry=call.entry()
    )


def _accept(call: Call) -> None:
    intake.accept(
        call.uow, call.application, actor=call.actor, department_id=id_of(call.form.typed("department_id")),
        handler_id=id_of(call.form.typed("handler_id")), entry=call.entry(),
    )  # fmt: skip


def _ask(kind: InquiryKind, call: Call) -> None:
    errors: dict[str, list[str]] = {}
    notified, due = (day_of(call.form.typed(name), name, errors) for name in ("notified_on", "due_on"))
    refuse(errors)
    inquiries.ask(
        call.uow, call.application, kind, actor=call.actor, text=call.form.typed("text"), notified_on=notified,
        due_on=due, entry=call.entry(),
    )  # fmt: skip


def _reply(service: Service, call: Call) -> None:
    service(
        call.uow, call.cms.keyring, call.application, actor=call.actor, text=call.form.typed("text"),
        entry=call.entry(),
    )  # fmt: skip


def _accept_reasons(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    due = day_of(call.form.typed("due_on"), "due_on", errors)
    refuse(errors)
    try:
        inquiries.accept_reasons(call.uow, call.application, actor=call.actor, special_due_on=due, entry=call.entry())
    except Invalid as error:
        raise Invalid(_renamed(error.errors, {"special_due_on": "due_on"})) from error


def _consult(call: Call) -> None:
    kind = next((one for one in ConsultationKind if one == call.form.kind.value), ConsultationKind.THIRD_PARTY)
    consulting.consult(
        call.uow, call.cms.keyring, call.application, kind, actor=call.actor, name=call.form.typed("name"),
        contact=call.form.typed("contact"), text=call.form.typed("text"), entry=call.entry(),
    )  # fmt: skip


def _arrived(call: Call) -> None:
    consulting.arrived(call.uow, call.application, call.consultation(), actor=call.actor, entry=call.entry())


def _end_consultation(call: Call) -> None:
    opinion = next((one for one in Opinion if one == call.form.opinion.value), None)
    if opinion is None:
        raise Invalid({"opinion": [_("请选择意见。")]})
    consulting.end(
        call.uow, call.cms.keyring, call.application, call.consultation(), actor=call.actor, opinion=opinion,
        text=call.form.typed("text"), entry=call.entry(),
    )  # fmt: skip


def _extend(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    days = number_of(call.form.typed("days"), "days", errors)
    refuse(errors)
    consulting.extend(
        call.uow, call.application, actor=call.actor, days=days, consent=call.form.typed("consent"),
        notified=call.form.typed("notified"), entry=call.entry(),
    )  # fmt: skip


def _ask_fee(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    pages, waived = (
        number_of(call.form.typed("pages"), "pages", errors),
        fen_of(call.form.typed("waived"), "waived", errors),
    )
    notified = day_of(call.form.typed("notified_on"), "notified_on", errors)
    refuse(errors)
    try:
        fees.ask_fee(
            call.uow, call.cms.keyring, call.application, actor=call.actor, basis=call.form.basis.value, pages=pages,
            waived=waived, waiver_reason=call.form.typed("reason"), notified_on=notified, entry=call.entry(),
        )  # fmt: skip
    except Invalid as error:
        raise Invalid(_renamed(error.errors, {"waiver_reason": "reason"})) from error


def _pay(call: Call) -> None:
    fees.pay(call.uow, call.application, actor=call.actor, receipt=call.form.typed("receipt"), entry=call.entry())


def _waive(call: Call) -> None:
    fees.waive(call.uow, call.application, actor=call.actor, reason=call.form.typed("reason"), entry=call.entry())


def _with_answer(service: Service, call: Call, **more: object) -> None:
    service(call.uow, call.application, call.answer(), actor=call.actor, entry=call.entry(), **more)


def _noted(service: Service, call: Call) -> None:
    _with_answer(service, call, note=call.form.typed("note"))


def _sign(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    dated = day_of(call.form.typed("dated"), "dated", errors)
    refuse(errors)
    answering.sign(
        call.uow, call.cms.keyring, call.application, call.answer(), actor=call.actor, dated=dated,
        signer=call.form.typed("signer"), entry=call.entry(),
    )  # fmt: skip


def _serve(call: Call) -> None:
    try:
        answering.serve(
            call.uow, call.cms.keyring, call.application, call.answer(), actor=call.actor,
            how=call.form.served.value, receipt=call.form.typed("receipt"), entry=call.entry(),
        )  # fmt: skip
    except Invalid as error:
        raise Invalid(_renamed(error.errors, {"how": "served"})) from error


def _reopen(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    due = day_of(call.form.typed("due_on"), "due_on", errors)
    refuse(errors)
    casework.reopen(call.uow, call.application, actor=call.actor, due_on=due, entry=call.entry())


def _reissue_code(call: Call) -> str:
    code = intake.reissue_code(
        call.uow, call.cms.keyring, call.application, actor=call.actor, checked=call.form.typed("checked")
    )
    return _("新的查询码：{code}。只显示这一次，请当面交给申请人。").format(code=code)


def _void(call: Call) -> None:
    intake.void(call.uow, call.application, actor=call.actor, reason=call.form.typed("reason"))


def _renamed(errors: Mapping[str, list[str]], names: Mapping[str, str]) -> dict[str, list[str]]:
    return {names.get(name, name): lines for name, lines in errors.items()}


_ACTIONS: Mapping[str, Callable[[Call], str | None]] = {
    "confirm_organ": partial(_plain, intake.confirm_by_organ), "confirm_applicant": _confirm_applicant,
    "accept": _accept, "ask_correction": partial(_ask, InquiryKind.CORRECTION),
    "correct": partial(_reply, inquiries.correct), "correction_lapsed": partial(_plain, closing.correction_lapsed),
    "ask_reason": partial(_ask, InquiryKind.REASON), "give_reasons": partial(_reply, inquiries.give_reasons),
    "accept_reasons": _accept_reasons, "consult": _consult, "arrived": _arrived, "end_consultation": _end_consultation,
    "extend": _extend, "ask_fee": _ask_fee, "pay": _pay, "waive": _waive,
    "fee_lapsed": partial(_plain, closing.fee_lapsed), "submit_answer": partial(_with_answer, answering.submit_answer),
    "review": partial(_noted, answering.review), "sign": _sign,
    "return_answer": partial(_noted, answering.return_answer), "serve": _serve,
    "archive": partial(_plain, closing.archive), "withdraw": partial(_plain, closing.withdraw),
    "close": partial(_plain, closing.close_otherwise), "reopen": _reopen, "reissue_code": _reissue_code,
    "remark": partial(_plain, intake.add_note), "void": _void,
}  # fmt: skip
