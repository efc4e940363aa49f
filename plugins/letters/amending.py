"""Correcting what was entered: the old value stays in the history."""

from dataclasses import dataclass
from datetime import date

from cms.api import Actor, Invalid, UnitOfWork, local_date, local_instant, one_line
from cms.api import gettext as _

from .clocks import red_line
from .limits import reckon
from .models import Letter
from .states import OPEN, Action
from .steps import take
from .terms import ONLINE, Category, Channel


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The facts of a letter as they should be; those that stay the same are given as they are."""

    channel: Channel
    category: Category
    topic: str
    occurred_on: date
    is_urgent: bool
    is_tallied: bool
    external_no: str = ""

    @classmethod
    def of(cls, letter: Letter) -> "Correction":
        """Return the facts as they are."""
        return cls(
            channel=letter.channel, category=letter.category, topic=letter.topic, occurred_on=letter.occurred_on,
            is_urgent=letter.is_urgent, is_tallied=letter.is_tallied, external_no=letter.external_no,
        )  # fmt: skip


def amend(uow: UnitOfWork, letter: Letter, given: Correction, *, actor: Actor, note: str) -> None:
    """Correct the facts of a letter, with the reason; its limit follows.

    :raises Invalid: by field, also if nothing changes. The day and the channel of a letter from the site stand.
    """
    errors: dict[str, list[str]] = {}
    before = Correction.of(letter)
    changed = [name for name in Correction.__dataclass_fields__ if getattr(before, name) != getattr(given, name)]
    if not changed:
        errors["note"] = [_("没有改动。")]
    if letter.code and "occurred_on" in changed:
        errors["occurred_on"] = [_("网上来信的时间由系统记录，不能更改。")]
    if letter.code and given.channel not in ONLINE:
        errors["channel"] = [_("网上来信的渠道不能改为其他渠道。")]
    latest = letter.answered_on or local_date(uow.clock.now())
    if given.occurred_on > latest:
        errors["occurred_on"] = [_("日期不能晚于今天或答复日期。")]
    if errors:
        raise Invalid(errors)
    detail = {name: [str(getattr(before, name)), str(getattr(given, name))] for name in changed}
    take(uow, letter, Action.AMEND, actor=actor, note=note, detail=detail)
    for name in changed:
        setattr(letter, name, getattr(given, name))
    letter.topic, letter.external_no = one_line(letter.topic)[:60], one_line(letter.external_no)[:60]
    if "occurred_on" in changed:
        letter.received_at, letter.red_on = local_instant(given.occurred_on), red_line(given.occurred_on)
    if letter.state in OPEN or letter.answered_at is not None:
        reckon(uow.session, letter)
    if letter.answered_at is not None:
        letter.was_late = letter.due_at is not None and letter.answered_at > letter.due_at
