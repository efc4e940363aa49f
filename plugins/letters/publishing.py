"""Publishing an answered letter: with the writer's consent, masked, and read by a person before it goes out."""

from collections.abc import Sequence
from dataclasses import dataclass

from cms.api import Actor, Invalid, NotAllowed, UnitOfWork, clean, mask_personal, one_line
from cms.api import gettext as _

from .models import Letter
from .states import Action
from .steps import take

MAX_TITLE, MAX_TEXT = 200, 10_000


@dataclass(frozen=True, kw_only=True)
class PublicText:
    """What citizens will read. ``is_checked``: a person has read it and found no personal data left."""

    title: str
    text: str
    answer: str
    is_checked: bool = False


def proposal(letter: Letter, *, keep: Sequence[str] = ()) -> PublicText:
    """Return the text to begin with: what is public, else the letter and its answer with personal data masked.

    :param keep: telephone numbers of the office, which the answer may name.
    """
    if letter.published_at is not None:
        return PublicText(title=letter.public_title, text=letter.public_text, answer=letter.public_answer)
    return PublicText(title=letter.title, text=letter.text, answer=mask_personal(letter.answer, keep=keep))


def publish(uow: UnitOfWork, letter: Letter, given: PublicText, *, actor: Actor, keep: Sequence[str] = ()) -> None:
    """Show the letter and its answer on the site, or show a new version of the public text.

    :param keep: telephone numbers of the office.

    :raises NotAllowed: without the writer's consent, or without an answer.
    :raises Invalid: by field; also if what looks like personal data is left in it.
    """
    if not letter.wants_public:
        raise NotAllowed(_("来信人不同意公开，不能公开这封信件。"))
    title, text, answer = one_line(given.title), clean(given.text), clean(given.answer)
    errors: dict[str, list[str]] = {}
    for name, value, most in (("title", title, MAX_TITLE), ("text", text, MAX_TEXT), ("answer", answer, MAX_TEXT)):
        if not value:
            errors[name] = [_("请填写。")]
        elif len(value) > most:
            errors[name] = [_("最多 {n} 个字。").format(n=most)]
        elif mask_personal(value, keep=keep) != value:
            errors[name] = [_("含有电话、证件号等个人信息，请用 * 代替后再公开。")]
    if not given.is_checked:
        errors["is_checked"] = [_("请通读全文，确认没有可以识别个人的信息，然后勾选。")]
    if errors:
        raise Invalid(errors)
    take(uow, letter, Action.PUBLISH, actor=actor)
    letter.public_title, letter.public_text, letter.public_answer = title, text, answer
    letter.published_at = letter.published_at or uow.clock.now()


def take_off(uow: UnitOfWork, letter: Letter, *, actor: Actor, note: str) -> None:
    """Take the letter off the site; it stays in the register and the statistics.

    :raises NotAllowed: if it is not public. :raises Invalid: without a reason.
    """
    if letter.published_at is None:
        raise NotAllowed(_("这封信件没有公开。"))
    take(uow, letter, Action.TAKE_OFF, actor=actor, note=note)
    letter.published_at = None
