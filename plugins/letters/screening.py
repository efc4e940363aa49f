"""First look and distribution: valid or not, duplicates, hand-over, which department, urging, extending."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    HandOverInput,
    Invalid,
    Keyring,
    UnitOfWork,
    departments,
    hand_over,
    hand_over_of,
    one_line,
    staff,
    withdraw_hand_over,
)  # fmt: skip
from cms.api import gettext as _

from .limits import reckon
from .models import Letter
from .states import Action
from .steps import take
from .terms import DISMISSALS, HAND_OVERS, Verdict

MAX_EXTENSION = 365
_MAX_REFERENCE = 120
#: What the register is called where it hands something over.
ORIGIN = "letter"


def screen(uow: UnitOfWork, letter: Letter, *, actor: Actor) -> None:
    """Find the letter valid: it will be answered.

    :raises NotAllowed: see :func:`.steps.take`.
    """
    take(uow, letter, Action.SCREEN, actor=actor)
    letter.verdict = Verdict.VALID


def dismiss(
    uow: UnitOfWork, letter: Letter, verdict: Verdict, *, actor: Actor, note: str, duplicate_of: str = ""
) -> None:
    """Close the letter as invalid, duplicate or registered by mistake; the writer reads the reason.

    :param duplicate_of: number of the letter that it repeats.
    :raises Invalid: without a reason, or a duplicate without its original.
    """
    if verdict not in DISMISSALS:
        raise Invalid({"verdict": [_("请选择不予办理的类别。")]})
    original = _original(uow.session, letter, duplicate_of) if verdict is Verdict.DUPLICATE else None
    line = take(uow, letter, Action.DISMISS, actor=actor, note=note, detail={"verdict": verdict.value})
    letter.duplicate_of_id = original
    _end(letter, verdict, line.occurred_on)


def _original(session: Session, letter: Letter, number: str) -> int:
    found = session.scalar(select(Letter.id).where(Letter.number == one_line(number).upper(), Letter.id != letter.id))
    if found is None:
        raise Invalid({"duplicate_of": [_("请填写与之重复的信件编号，例如：XJ2016-00012。")]})
    return found


@dataclass(frozen=True, kw_only=True)
class ForwardInput:
    """Where a letter goes that another procedure has to answer."""

    verdict: Verdict
    on: date
    reference: str
    note: str


def forward(uow: UnitOfWork, keyring: Keyring, letter: Letter, given: ForwardInput, *, actor: Actor) -> None:
    """Hand the letter over to petitions (信访) or to 依申请公开, on a day and under a reference.

    What goes to 依申请公开 waits where its officers take it up (条例 art. 28), with the letter as it was written.

    :raises Invalid: by field.
    """
    errors: dict[str, list[str]] = {}
    reference = one_line(given.reference)[:_MAX_REFERENCE]
    if given.verdict not in HAND_OVERS:
        errors["verdict"] = [_("请选择转到哪里。")]
    if not reference:
        errors["reference"] = [_("请填写转办单号或对方的受理编号；没有编号的，写明接收单位和接收人。")]
    if errors:
        raise Invalid(errors)
    detail = {"verdict": given.verdict.value, "reference": reference}
    line = take(uow, letter, Action.HAND_OVER, actor=actor, note=given.note, on=given.on, detail=detail)
    letter.handed_on, letter.handed_ref = given.on, reference
    _end(letter, given.verdict, line.occurred_on)
    if given.verdict is Verdict.APPLICATION:
        hand_over(
            uow, keyring,
            HandOverInput(
                target="application", origin=ORIGIN, origin_id=letter.id, number=letter.number, title=letter.title,
                occurred_on=given.on, received_on=letter.occurred_on, note=one_line(given.note),
                personal=keyring.open(letter.personal, Letter.personal),
            ),
            actor=actor,
        )  # fmt: skip


def _end(letter: Letter, verdict: Verdict, day: date) -> None:
    letter.verdict, letter.closed_on, letter.ended_on = verdict, day, day
    letter.due_at = letter.warn_at = None
    letter.is_estimated, letter.alarm = False, ""


def restore(uow: UnitOfWork, letter: Letter, *, actor: Actor, note: str) -> None:
    """Take a dismissal or a hand-over back; the letter is looked at anew, and its first limit counts again.

    :raises NotAllowed: if the letter has an answer. :raises Conflict: if the other procedure has taken it up.
    """
    waiting = hand_over_of(uow.session, ORIGIN, letter.id) if letter.verdict is Verdict.APPLICATION else None
    if waiting is not None:
        withdraw_hand_over(uow, waiting, actor=actor)
    take(uow, letter, Action.RESTORE, actor=actor, note=note)
    letter.verdict = letter.duplicate_of_id = letter.handed_on = letter.closed_on = letter.ended_on = None
    letter.handed_ref = ""
    reckon(uow.session, letter)


def assign(
    uow: UnitOfWork, letter: Letter, department_id: int | None, *, actor: Actor, handler_id: int | None = None,
    note: str = "",
) -> None:  # fmt: skip
    """Give the letter to a department (承办单位), or to one person in it.

    :raises Invalid: without a department, or with a person of another one.
    """
    errors: dict[str, list[str]] = {}
    if department_id not in {one.id for one in departments(uow.session)}:
        errors["department_id"] = [_("请选择承办科室。")]
    if handler_id is not None and handler_id not in {
        one.id for one in staff(uow.session) if one.department_id == department_id
    }:
        errors["handler_id"] = [_("承办人不在所选的科室，请重新选择。")]
    if errors:
        raise Invalid(errors)
    detail = {"department": department_id, "handler": handler_id}
    take(uow, letter, Action.ASSIGN, actor=actor, note=note, detail=detail)
    letter.department_id, letter.handler_id = department_id, handler_id


def accept(uow: UnitOfWork, letter: Letter, *, actor: Actor) -> None:
    """Take the letter on for the department.

    :raises NotAllowed: if it was assigned to another one.
    """
    take(uow, letter, Action.ACCEPT, actor=actor, detail={"department": letter.department_id})
    if letter.handler_id is None:
        letter.handler_id = actor.id


def give_back(uow: UnitOfWork, letter: Letter, *, actor: Actor, note: str) -> None:
    """Return the letter as not ours, with the reason; it waits to be assigned anew.

    :raises Invalid: without a reason.
    """
    take(uow, letter, Action.GIVE_BACK, actor=actor, note=note, detail={"department": letter.department_id})
    letter.department_id = letter.handler_id = None


def extend(uow: UnitOfWork, letter: Letter, units: int, *, actor: Actor, note: str) -> None:
    """Allow more time, in units of the letter's limit, with the reason; extensions add up.

    :raises Invalid: if it has no limit, or for no sensible number.
    """
    if not 1 <= units <= MAX_EXTENSION:
        raise Invalid({"units": [_("延长的时间应为 1 到 {n} 的整数。").format(n=MAX_EXTENSION)]})
    if letter.due_at is None:
        raise Invalid({"units": [_("这封信件没有答复期限，不需要延期。")]})
    before = letter.due_at
    line = take(uow, letter, Action.EXTEND, actor=actor, note=note)
    letter.extension += units
    letter.alarm = ""
    reckon(uow.session, letter)
    line.detail = {"units": units, "before": before.isoformat(), "after": letter.due_at.isoformat()}


def urge(uow: UnitOfWork, letter: Letter, *, actor: Actor, note: str = "") -> None:
    """Remind the department (催办); every reminder is recorded."""
    line = take(uow, letter, Action.URGE, actor=actor, note=note, detail={"department": letter.department_id})
    letter.urged_on = line.occurred_on
