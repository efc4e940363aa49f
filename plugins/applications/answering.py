"""Answers: composed from the words of the edition, reviewed, signed, served (条例 arts 33, 36 to 39, 17)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    AnswerKind,
    Conflict,
    Invalid,
    Keyring,
    NotAllowed,
    NotFound,
    UnitOfWork,
    clean,
    load_settings,
    local_date,
    one_line,
    require,
    seal_into,
)  # fmt: skip
from cms.api import gettext as _

from . import dues, letters
from .answer_letters import letter_of
from .closing import close
from .history import TODAY, Entry, advance, remark
from .intake import next_in_series
from .models import Answer, AnswerState, Application, Outcome
from .responses import AnswerInput
from .settings import ApplicationSettings
from .states import IN_HAND, State, Step
from .terms import HANDLE, SIGN, served_labels

SERIES = "answer"
#: The kind of answer to reasons that are no reasons.
BULK = "bulk"
_MAX_TEXT, _MAX_ORGAN = 5000, 300
_REDO = frozenset({State.REPROCESSING, State.REDO_REVIEW, State.REDO_SIGNED})


def kinds_for(application: Application) -> list[AnswerKind]:
    """Return the kinds of answer that can be given now: those with a letter; to refused reasons only one."""
    found = [one for one in dues.edition_of(application).answers if one.letter]
    if application.state is State.AWAIT_REASON:
        return [one for one in found if one.code == BULK]
    return found


def may_draft(application: Application) -> bool:
    """Tell whether an answer can be written now; during a consultation it can, but not handed in."""
    writing = {*IN_HAND, State.CONSULTING, State.AWAIT_REASON, State.REPROCESSING}
    return application.state in writing and application.voided_at is None


def answers_of(session: Session, application_id: int) -> list[Answer]:
    """Return the answers to an application, first to last."""
    query = select(Answer).where(Answer.application_id == application_id)
    return list(session.scalars(query.order_by(Answer.position)))


def current_answer(session: Session, application: Application) -> Answer | None:
    """Return the answer that is on its way, if there is one."""
    answers = answers_of(session, application.id)
    return answers[-1] if answers and answers[-1].state is not AnswerState.SERVED else None


def save_draft(
    uow: UnitOfWork, application: Application, given: AnswerInput, *, actor: Actor, version: int | None = None
) -> Answer:
    """Save an answer as a draft; there is one at a time.

    :param version: the ``lock_version`` of the draft that was edited, to notice that somebody else saved.
    :raises NotAllowed: without permission, or when no answer can be written now. :raises Conflict: see ``version``.
    :raises Invalid: by field.
    """
    require(actor, HANDLE)
    if not may_draft(application):
        raise NotAllowed(_("现在不能起草答复。"))
    edition = dues.edition_of(application)
    kind, given = checked(application, given)
    answer = current_answer(uow.session, application)
    if answer is None:
        answer = Answer(
            application_id=application.id, position=len(answers_of(uow.session, application.id)) + 1,
            state=AnswerState.DRAFT, drafted_at=uow.clock.now(), lock_version=0, letter="", receipt="",
        )  # fmt: skip
        uow.session.add(answer)
    elif version is not None and answer.lock_version != version:
        raise Conflict(_("别人刚刚保存过这份答复稿，请刷新后再修改。"))
    answer.edition, answer.kind, answer.result = edition.id, kind.code, given.result
    answer.grounds, answer.reasons, answer.provided = list(given.grounds), given.reasons, given.provided
    answer.organ, answer.is_redo = given.organ, application.state in _REDO
    answer.drafted_by_id, answer.lock_version = actor.id, answer.lock_version + 1
    answer.reviewed_by_id = answer.reviewed_at = None
    uow.session.flush()
    return answer


def checked(application: Application, given: AnswerInput) -> tuple[AnswerKind, AnswerInput]:
    """Return the kind of an answer and the answer as it will be stored.

    :raises Invalid: by field.
    """
    kind = next((one for one in kinds_for(application) if one.code == given.kind), None)
    if kind is None:
        raise Invalid({"kind": [_("请选择答复的种类。")]})
    result = given.result or (kind.results[0] if len(kind.results) == 1 else "")
    tidy = AnswerInput(
        kind=kind.code, result=result, grounds=grounds_of(kind, result, given.grounds),
        reasons=clean(given.reasons), provided=clean(given.provided), organ=one_line(given.organ),
    )  # fmt: skip
    errors = _problems(kind, tidy)
    if errors:
        raise Invalid(errors)
    return kind, tidy


def grounds_of(kind: AnswerKind, result: str, chosen: Sequence[str]) -> Sequence[str]:
    """Return the grounds of an answer: where result and ground are one and the same row, the result is the ground."""
    return tuple(dict.fromkeys((result,) if result in kind.grounds else chosen))


def _problems(kind: AnswerKind, given: AnswerInput) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    needed = letters.needed(kind)
    if given.result not in kind.results:
        errors["result"] = [_("请选择办理结果，与年报表三的行一致。")]
    if "ground" in needed and (not given.grounds or set(given.grounds) - set(kind.grounds)):
        errors["grounds"] = [_("请选择不予公开部分的理由。")]
    if "access" in needed and not given.provided:
        errors["provided"] = [_("请写明提供的内容，或者获取的方式、途径和时间。")]
    if "reason" in needed and not given.reasons:
        errors["reasons"] = [_("请说明理由。")]
    limits = (
        ("reasons", given.reasons, _MAX_TEXT),
        ("provided", given.provided, _MAX_TEXT),
        ("organ", given.organ, _MAX_ORGAN),
    )
    for name, text, limit in limits:
        if len(text) > limit:
            errors[name] = [_("最多 {n} 个字。").format(n=limit)]
    return errors


def submit_answer(
    uow: UnitOfWork, application: Application, answer: Answer, *, actor: Actor, entry: Entry = TODAY
) -> None:
    """Hand a draft in for review and signature.

    :raises NotAllowed: without permission or in another state. :raises Invalid: see the entry.
    """
    require(actor, HANDLE)
    _expect_state(answer, AnswerState.DRAFT)
    if application.state is State.AWAIT_REASON and answer.kind != BULK:
        raise NotAllowed(_("正在等待申请人说明理由，只能按无正当理由大量反复申请答复，或先认可理由。"))
    advance(uow, application, Step.SUBMIT_ANSWER, actor=actor, entry=entry)
    answer.state = AnswerState.REVIEW
    dues.store(uow, application)


def return_answer(
    uow: UnitOfWork, application: Application, answer: Answer, *, actor: Actor, note: str, entry: Entry = TODAY
) -> None:
    """Send an answer back to be changed; one that was signed and not served loses its signature, not its number.

    :raises NotAllowed: without permission or in another state. :raises Invalid: without a note.
    """
    require(actor, SIGN)
    if not one_line(note):
        raise Invalid({"note": [_("请写明退回的意见。")]})
    advance(uow, application, Step.RETURN_ANSWER, actor=actor, entry=Entry(on=entry.on, source=entry.source, note=note))
    answer.state, answer.letter = AnswerState.DRAFT, ""
    answer.reviewed_by_id = answer.reviewed_at = answer.signed_by_id = answer.signed_at = None
    answer.lock_version += 1
    dues.store(uow, application)


def review(
    uow: UnitOfWork, application: Application, answer: Answer, *, actor: Actor, note: str, entry: Entry = TODAY
) -> None:
    """Record the disclosure review before the answer (公开审查、保密审查, art. 17).

    :raises NotAllowed: without permission, in another state, or by whoever wrote it, where the site forbids that.
    :raises Invalid: without a conclusion.
    """
    require(actor, SIGN)
    _expect_state(answer, AnswerState.REVIEW)
    if load_settings(uow.session, ApplicationSettings).review_by_other:
        _refuse_own(answer, actor)
    if not one_line(note):
        raise Invalid({"note": [_("请写明公开审查的结论。")]})
    remark(uow, application, "reviewed", actor=actor, entry=Entry(on=entry.on, source=entry.source, note=note))
    answer.reviewed_by_id, answer.reviewed_at = actor.id, uow.clock.now()
    answer.review_note = one_line(note)[:300]


def sign(
    uow: UnitOfWork, keyring: Keyring, application: Application, answer: Answer, *, actor: Actor,
    dated: date | None = None, signer: str = "", entry: Entry = TODAY,
) -> None:  # fmt: skip
    """Sign an answer: it gets its number, and its words are frozen as of ``dated``.

    :param dated: the day in the letter; the day of the entry if it is left out.
    :param signer: the head who signed on paper, where the account is not theirs.
    :raises NotAllowed: without permission, before the review, or by whoever wrote it, where the site forbids that.
    :raises Invalid: see the entry.
    """
    require(actor, SIGN)
    _expect_state(answer, AnswerState.REVIEW)
    office = load_settings(uow.session, ApplicationSettings)
    if answer.reviewed_at is None:
        raise NotAllowed(_("请先完成公开审查。"))
    if office.sign_by_other:
        _refuse_own(answer, actor)
    event = advance(uow, application, Step.SIGN, actor=actor, entry=entry)
    day = dated or event.occurred_on
    if day > local_date(uow.clock.now()):
        raise Invalid({"dated": [_("落款日期不能晚于今天。")]})
    if answer.number is None:
        number = next_in_series(uow, SERIES, day.year)
        answer.number = office.letter_number.format(office=office.office_code, year=day.year, seq=number)
    answer.dated = day
    frozen = letter_of(uow.session, keyring, application, answer, dated=day, number=answer.number)
    seal_into(keyring, answer, Answer.letter, {"letter": frozen.as_json()})
    answer.state, answer.signed_by_id, answer.signed_at = AnswerState.SIGNED, actor.id, uow.clock.now()
    answer.signer, answer.lock_version = one_line(signer)[:60], answer.lock_version + 1
    dues.store(uow, application)


def serve(
    uow: UnitOfWork, keyring: Keyring, application: Application, answer: Answer, *, actor: Actor, how: str,
    receipt: str = "", entry: Entry = TODAY,
) -> None:  # fmt: skip
    """Record that the answer reached the applicant; the application is closed under its result.

    An answer given anew after 复议 or 诉讼 leaves the first result and its day alone, so that nothing counts twice.

    :param how: key of :func:`.terms.served_labels`. :param receipt: number of the registered letter and the like.
    :raises NotAllowed: without permission or before the signature. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    _expect_state(answer, AnswerState.SIGNED)
    if how not in served_labels():
        raise Invalid({"how": [_("请选择送达的方式。")]})
    event = advance(uow, application, Step.SERVE, actor=actor, entry=entry)
    answer.state, answer.served_on, answer.served_how = AnswerState.SERVED, event.occurred_on, how
    seal_into(keyring, answer, Answer.receipt, {"receipt": one_line(receipt)[:200]})
    if not answer.is_redo:
        close(application, event.occurred_on, answer.result, Outcome.ANSWERED)
    application.redo_due_on = None
    dues.store(uow, application)


def _expect_state(answer: Answer, state: AnswerState) -> None:
    if answer.state is not state:
        raise NotAllowed(_("答复稿现在不在这一环节，请刷新后再操作。"))


def _refuse_own(answer: Answer, actor: Actor) -> None:
    if actor.id is not None and actor.id == answer.drafted_by_id:
        raise NotAllowed(_("拟稿人不能审查或签批自己的答复稿，请由另一人办理。"))


def get_answer(session: Session, application: Application, answer_id: int) -> Answer:
    """Return an answer of the application.

    :raises NotFound: if it has none of that id.
    """
    found = session.get(Answer, answer_id)
    if found is None or found.application_id != application.id:
        raise NotFound(_("没有这份答复。"))
    return found
