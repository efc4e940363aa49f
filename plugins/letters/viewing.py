"""Seeing the writer of a letter: only by those who handle it, with a reason, with a trace."""

from cms.api import (
    Actor,
    Keyring,
    NotAllowed,
    Subject,
    UnitOfWork,
    can,
    mask_address,
    mask_email,
    mask_name,
    mask_phone,
)
from cms.api import gettext as _
from cms.api import reveal as open_sealed

from .models import Letter
from .steps import LEADS, is_own

REVEAL = "letters.reveal"
#: What logs call a letter.
SUBJECT = "letter"
LABELS = {
    "name": "来信人", "phone": "电话", "email": "电子邮箱", "address": "地址", "title": "原标题", "text": "来信原文",
}  # fmt: skip
_MASKS = {"name": mask_name, "phone": mask_phone, "email": mask_email, "address": mask_address}


def subject_of(letter: Letter) -> Subject:
    """Return what the access log calls the letter."""
    return Subject(SUBJECT, letter.id)


def may_see(letter: Letter, actor: Actor) -> bool:
    """Tell whether ``actor`` may see who wrote the letter."""
    return can(actor, REVEAL) and (can(actor, LEADS) or is_own(letter, actor)) and bool(letter.personal)


def see(uow: UnitOfWork, keyring: Keyring, letter: Letter, *, actor: Actor, why: str) -> dict[str, str]:
    """Return the writer and the letter as written.

    :raises NotAllowed: if ``actor`` does not handle the letter. :raises Invalid: field ``why``, without a reason.
    """
    if not may_see(letter, actor):
        raise NotAllowed(_("只有承办人员可以查看来信人信息。"))
    values = open_sealed(
        uow, keyring, letter.personal, Letter.personal, subject=subject_of(letter), actor=actor, why=why,
        permission=REVEAL,
    )  # fmt: skip
    return {name: values[name] for name in LABELS if values.get(name)}


def masked(keyring: Keyring, letter: Letter) -> list[tuple[str, str]]:
    """Return label and masked value of what the writer said of themselves."""
    values = keyring.open(letter.personal, Letter.personal)
    return [(_(LABELS[name]), mask(values[name])) for name, mask in _MASKS.items() if values.get(name)]
