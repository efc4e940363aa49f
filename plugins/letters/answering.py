"""The answer: drafts as versions, review by a second person, answering, entering an answer given elsewhere, redoing."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import Actor, Invalid, NotAllowed, UnitOfWork, clean, local_date, local_instant
from cms.api import gettext as _

from .limits import reckon
from .models import Draft, Letter
from .states import Action
from .steps import take
from .terms import ONLINE, Verdict

MAX_ANSWER = 10_000


def drafts(session: Session, letter_id: int) -> list[Draft]:
    """Return the versions of the answer, newest first."""
    query = select(Draft).where(Draft.letter_id == letter_id).order_by(Draft.number.desc())
    return list(session.scalars(query))


def latest(session: Session, letter_id: int) -> Draft | None:
    """Return the version of the answer that counts."""
    query = select(Draft).where(Draft.letter_id == letter_id).order_by(Draft.number.desc()).limit(1)
    return session.scalars(query).first()


def draft(uow: UnitOfWork, letter: Letter, text: str, *, actor: Actor) -> None:
    """Write a version of the answer and hand it to review.

    :raises Invalid: for an empty or an endless answer.
    """
    text = _checked(text)
    take(uow, letter, Action.DRAFT, actor=actor)
    number = uow.session.scalar(select(func.max(Draft.number)).where(Draft.letter_id == letter.id)) or 0
    uow.session.add(
        Draft(
            letter_id=letter.id, number=number + 1, text=text, author_id=actor.id, recorded_at=uow.clock.now(),
        )
    )  # fmt: skip
    # The review that may follow in the same unit reads it.
    uow.session.flush()


def refuse(uow: UnitOfWork, letter: Letter, *, actor: Actor, note: str) -> None:
    """Send the answer back to its author, with the reason."""
    take(uow, letter, Action.REFUSE, actor=actor, note=note)


def review(uow: UnitOfWork, letter: Letter, *, actor: Actor, note: str = "") -> None:
    """Approve the newest version of the answer; never by the one who wrote it.

    :raises NotAllowed: for one's own text.
    """
    newest = latest(uow.session, letter.id)
    if newest is not None and newest.author_id is not None and newest.author_id == actor.id:
        raise NotAllowed(_("答复由您拟写，须由另一人审核。"))
    take(uow, letter, Action.REVIEW, actor=actor, note=note, detail={"draft": newest.number if newest else 0})


def answer(uow: UnitOfWork, letter: Letter, *, actor: Actor, on: date | None = None) -> None:
    """Give the approved answer to the writer, who can read it from now on.

    :param on: the day on which it was given, if that was earlier (by telephone, say).
    """
    newest = latest(uow.session, letter.id)
    line = take(uow, letter, Action.ANSWER, actor=actor, on=on)
    _set_answer(uow, letter, newest.text if newest else "", line.occurred_on)


def record_answer(uow: UnitOfWork, letter: Letter, text: str, *, actor: Actor, on: date) -> None:
    """Enter an answer that was given outside the system: at the counter, by telephone, in the system of the hotline.

    :raises NotAllowed: for letters from the site, whose answers need a second person.
    :raises Invalid: for a day outside the letter's life.
    """
    if letter.channel in ONLINE and letter.code:
        raise NotAllowed(_("网上来信须经拟稿、审核后答复。"))
    note_answer(uow, letter, text, actor=actor, on=on)


def note_answer(uow: UnitOfWork, letter: Letter, text: str, *, actor: Actor, on: date) -> None:
    """Enter the answer with which a letter was registered."""
    text = clean(text)[:MAX_ANSWER]
    take(uow, letter, Action.RECORD_ANSWER, actor=actor, on=on)
    letter.verdict = Verdict.VALID
    _set_answer(uow, letter, text, on)


def _set_answer(uow: UnitOfWork, letter: Letter, text: str, on: date) -> None:
    now = uow.clock.now()
    # Of an earlier day the hour is not known: the day counts as on time if the limit ends on it.
    given = now if on == local_date(now) else max(local_instant(on), letter.received_at)
    letter.answer, letter.answered_at, letter.answered_on = text, given, on
    letter.answered_by_id, letter.ended_on = letter.department_id, on
    letter.closed_on = None
    letter.alarm = ""
    if letter.due_at is not None:
        letter.was_late = bool(letter.was_late) or given > letter.due_at


def redo(uow: UnitOfWork, letter: Letter, *, actor: Actor, note: str) -> None:
    """Have the letter done anew, for instance after an unsatisfied call-back: assigned anew, with a new limit.

    The answer given before stays among the versions and in the history; a public one is taken off.

    :raises NotAllowed: if the letter has no answer. :raises Invalid: without a reason.
    """
    was_public = letter.published_at is not None
    line = take(
        uow, letter, Action.REDO, actor=actor, note=note,
        detail={"answered_on": letter.answered_on.isoformat() if letter.answered_on else "", "was_public": was_public},
    )  # fmt: skip
    _keep_as_version(uow, letter)
    letter.answer = ""
    letter.answered_at = letter.answered_on = letter.answered_by_id = None
    letter.published_at = letter.satisfaction = letter.rated_at = letter.closed_on = letter.ended_on = None
    letter.clock_from, letter.extension = line.occurred_on, 0
    letter.department_id = letter.handler_id = None
    reckon(uow.session, letter)


def _keep_as_version(uow: UnitOfWork, letter: Letter) -> None:
    newest = latest(uow.session, letter.id)
    if letter.answer and (newest is None or newest.text != letter.answer):
        number = newest.number + 1 if newest else 1
        uow.session.add(
            Draft(
                letter_id=letter.id, number=number, text=letter.answer, author_id=None, recorded_at=uow.clock.now(),
            )
        )  # fmt: skip


def _checked(text: str) -> str:
    text = clean(text)
    if not text:
        raise Invalid({"text": [_("请填写答复内容。")]})
    if len(text) > MAX_ANSWER:
        raise Invalid({"text": [_("答复最多 {n} 个字。").format(n=MAX_ANSWER)]})
    return text
