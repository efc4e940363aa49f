"""Taking a step of the table: permission, state, reason, then state, history and audit in one go."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    audit,
    can,
    local_date,
    one_line,
    require,
)
from cms.api import gettext as _

from .models import Happening, Letter
from .states import ACTION_LABELS, STATE_LABELS, STEPS, Action, State
from .terms import Verdict

#: Who has it leads the register: sees and handles letters of all departments.
LEADS = "letters.screen"
#: Who has one of these reads letters of all departments.
_READS_ALL = (LEADS, "letters.review", "letters.publish")
MAX_NOTE = 500


def get_letter(session: Session, letter_id: int) -> Letter:
    """Return a letter.

    :raises NotFound: if there is none.
    """
    found = session.get(Letter, letter_id)
    if found is None:
        raise NotFound(f"letter {letter_id}")
    return found


def is_own(letter: Letter, actor: Actor) -> bool:
    """Tell whether ``actor`` handles the letter: it is of their department, or they entered it."""
    same = letter.department_id is not None and letter.department_id == actor.department_id
    return same or (actor.id is not None and letter.recorded_by_id == actor.id)


def may_read(letter: Letter, actor: Actor) -> bool:
    """Tell whether ``actor`` may see the letter in the desk."""
    if any(can(actor, name) for name in _READS_ALL):
        return True
    return can(actor, "letters.view") and is_own(letter, actor)


def is_dismissed(letter: Letter) -> bool:
    """Tell whether the letter was dismissed or handed over, and so is closed without an answer."""
    return letter.verdict not in {None, Verdict.VALID}


def problem_of(letter: Letter, action: Action, actor: Actor) -> str:
    """Return why ``actor`` cannot take ``action`` now; nothing if they can."""
    step = STEPS[action]
    if step.permission and not can(actor, step.permission):
        return _("您没有“{action}”的权限。").format(action=_(ACTION_LABELS[action]))
    if step.own and not can(actor, LEADS) and not is_own(letter, actor):
        return _("这封信件由其他科室承办。")
    if letter.state not in step.moves:
        return _("信件现在的状态是“{state}”，不能{action}。").format(
            state=_(STATE_LABELS[letter.state]), action=_(ACTION_LABELS[action])
        )
    return _mismatch(letter, action)


def _mismatch(letter: Letter, action: Action) -> str:
    """Return what the state alone does not tell: a closed letter has an answer or was dismissed."""
    if letter.state is not State.CLOSED:
        return ""
    if action is Action.RESTORE and not is_dismissed(letter):
        return _("已答复的信件请用“重新办理”。")
    if action in {Action.PUBLISH, Action.TAKE_OFF, Action.RATE, Action.REDO} and letter.answered_at is None:
        return _("这封信件没有答复。")
    return ""


def take(
    uow: UnitOfWork, letter: Letter, action: Action, *, actor: Actor, note: str = "", on: date | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Happening:  # fmt: skip
    """Move ``letter`` along the table and write it down.

    :param on: when it happened; today unless told. :param detail: for the history; no personal data.
    :raises NotAllowed: if permission, department or state forbid it.
    :raises Invalid: without a reason where one is due, or for a day outside the letter's life.
    """
    step = STEPS[action]
    if step.permission:
        require(actor, step.permission)
    if problem := problem_of(letter, action, actor):
        raise NotAllowed(problem)
    today = local_date(uow.clock.now())
    errors: dict[str, list[str]] = {}
    if step.reason and not one_line(note):
        errors["note"] = [_("请写明原因。")]
    if on is not None and not letter.occurred_on <= on <= today:
        errors["on"] = [_("日期应在收到信件之后，且不能晚于今天。")]
    if errors:
        raise Invalid(errors)
    before, letter.state = letter.state, step.moves[letter.state]
    letter.version += 1
    return write(uow, letter, action, actor=actor, before=before, note=note, on=on or today, detail=detail)


def write(
    uow: UnitOfWork, letter: Letter, action: Action, *, actor: Actor, before: State | None, note: str = "", on: date,
    detail: Mapping[str, Any] | None = None,
) -> Happening:  # fmt: skip
    """Add a line to the history of ``letter`` and to the audit log; the note stays in the history."""
    line = Happening(
        letter_id=letter.id, action=action, before=before, after=letter.state, occurred_on=on,
        recorded_at=uow.clock.now(), actor_id=actor.id, note=one_line(note)[:MAX_NOTE], detail=dict(detail or {}),
    )  # fmt: skip
    uow.session.add(line)
    audit(
        uow, f"letter.{action}", actor_id=actor.id, subject_type="letter", subject_id=letter.id,
        number=letter.number, state=letter.state.value,
    )  # fmt: skip
    return line


def expect_version(letter: Letter, version: int | None) -> None:
    """Refuse if somebody has changed the letter since the page was opened.

    :raises Conflict: if so.
    """
    if version is not None and letter.version != version:
        raise Conflict(_("在您操作期间，别人已处理过这封信件。请刷新后重试。"))
