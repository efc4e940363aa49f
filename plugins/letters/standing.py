"""How a letter stands, as its writer sees it: states, dates, the answer; never what it says of persons."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cms.api import departments, local
from cms.api import gettext as _

from .addresses import letter_path
from .models import Happening, Letter
from .queries import happenings
from .shown import state_label
from .site_pages import Standing
from .states import OPEN, Action, State
from .steps import is_dismissed
from .terms import SATISFACTION_LABELS

#: What writers are told of the history, in their words.
_TOLD = {
    Action.RECEIVE: "收到", Action.SCREEN: "确认受理", Action.DISMISS: "不予办理", Action.HAND_OVER: "转办",
    Action.ASSIGN: "交承办科室", Action.EXTEND: "延期", Action.ANSWER: "答复", Action.RECORD_ANSWER: "答复",
    Action.PUBLISH: "公开", Action.CALL_BACK: "回访", Action.REDO: "重新办理", Action.RATE: "评价",
    Action.CLOSE: "办结", Action.RESTORE: "恢复办理",
}  # fmt: skip


def standing_of(session: Session, letter: Letter) -> Standing:
    """Return how ``letter`` stands."""
    history = happenings(session, letter.id)
    offices = {one.id: one.name for one in departments(session)}
    return Standing(
        number=letter.number, title=letter.title, state=_state(letter), steps=_steps(history),
        due=f"{local(letter.due_at):%Y-%m-%d}" if letter.due_at and letter.state in OPEN else "",
        reason=_reason(letter, history), answer=letter.answer, answered_on=letter.answered_on,
        answered_by=offices.get(letter.answered_by_id or 0, ""),
        path=letter_path(letter.id) if letter.published_at else "",
        rating=_(SATISFACTION_LABELS[letter.satisfaction]) if letter.satisfaction else "",
        can_rate=letter.answered_at is not None and letter.satisfaction is None,
    )  # fmt: skip


def _state(letter: Letter) -> str:
    """Return the state in the writer's words: how it is handled inside is not their concern."""
    if letter.state in {State.RECEIVED, State.SCREENED}:
        return _("已收到")
    if letter.state in OPEN:
        return _("办理中")
    return state_label(letter)


def _steps(history: Sequence[Happening]) -> list[tuple[str, str]]:
    """Return day and word of what writers are told, oldest first; the same word is said once a day."""
    steps = [
        (line.occurred_on.isoformat(), _(_TOLD[line.action])) for line in reversed(history) if line.action in _TOLD
    ]
    return list(dict.fromkeys(steps))


def _reason(letter: Letter, history: Sequence[Happening]) -> str:
    if not is_dismissed(letter):
        return ""
    ended = next((one for one in history if one.action in {Action.DISMISS, Action.HAND_OVER}), None)
    if ended is None:
        return ""
    return "；".join(
        filter(None, [ended.note, _("转办单号 {ref}").format(ref=letter.handed_ref) if letter.handed_ref else ""])
    )
