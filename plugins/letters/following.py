"""After the answer: what the writer says of it, the call-back, the end."""

from datetime import date

from cms.api import CITIZEN, Actor, Conflict, Invalid, Keyring, UnitOfWork, mask_personal, new_code, one_line, seal_code
from cms.api import gettext as _

from .models import Letter
from .states import Action
from .steps import take
from .terms import Satisfaction


def rate(
    uow: UnitOfWork, letter: Letter, given: Satisfaction | None, *, note: str = "", actor: Actor = CITIZEN
) -> None:
    """Take the writer's word on the answer; once for each letter, the edge has checked the query code.

    :raises Conflict: if the letter has been rated. :raises NotAllowed: if it has no answer.
    """
    if given is None:
        raise Invalid({"satisfaction": [_("请选择满意、基本满意或不满意。")]})
    if letter.satisfaction is not None:
        raise Conflict(_("这封信件已经评价过，每封信件只能评价一次。"))
    take(uow, letter, Action.RATE, actor=actor, note=mask_personal(note), detail={"satisfaction": given.value})
    letter.satisfaction, letter.rated_at = given, uow.clock.now()


def call_back(
    uow: UnitOfWork, letter: Letter, given: Satisfaction | None, *, actor: Actor, note: str, on: date | None = None
) -> None:
    """Enter a call-back (回访): what the writer said, and how satisfied they were if they have not rated before.

    :raises Invalid: without a note.
    """
    if not one_line(note):
        raise Invalid({"note": [_("请写明回访情况，例如：电话回访，来信人表示满意。")]})
    detail = {"satisfaction": given.value} if given else {}
    take(uow, letter, Action.CALL_BACK, actor=actor, note=note, on=on, detail=detail)
    if given is not None and letter.satisfaction is None:
        letter.satisfaction, letter.rated_at = given, uow.clock.now()


def reissue_code(uow: UnitOfWork, keyring: Keyring, letter: Letter, *, actor: Actor, note: str) -> str:
    """Give the writer a new query code after their identity was checked; return it. The old one is void.

    :param note: how the identity was checked. :raises Invalid: without it.
    """
    take(uow, letter, Action.REISSUE, actor=actor, note=note)
    code = new_code()
    letter.code = seal_code(keyring, code, Letter.code)
    return code


def close(uow: UnitOfWork, letter: Letter, *, actor: Actor, note: str = "") -> None:
    """End the letter."""
    line = take(uow, letter, Action.CLOSE, actor=actor, note=note)
    letter.closed_on = line.occurred_on
