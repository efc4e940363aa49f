"""Whether a text is in force on a day (disclosure-rules d.5): decided by dates alone, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

AMENDS = "修改"
REPEALS = "废止"


class Validity(StrEnum):
    """The state of a text; the values are the words of the search index."""

    PENDING = "pending"
    VALID = "valid"
    AMENDED = "amended"
    REPEALED = "repealed"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        """Return the Chinese name that pages show."""
        return LABELS[self]


LABELS = {
    Validity.PENDING: "尚未生效",
    Validity.VALID: "现行有效",
    Validity.AMENDED: "已修改",
    Validity.REPEALED: "已废止",
    Validity.EXPIRED: "失效（有效期届满）",
}


class Term(Protocol):
    """The dates of a text: first day in force, first day no longer in force, last day of its validity period."""

    effective_on: date | None
    repealed_on: date | None
    valid_until: date | None


@dataclass(frozen=True)
class Effect:
    """What another text does to this one, from ``day`` on; ``kind`` is 修改 or 废止."""

    kind: str
    day: date | None


def validity_on(regulation: Term, day: date, effects: Sequence[Effect] = ()) -> Validity:
    """Return the state of ``regulation`` on ``day``.

    On the day of its repeal a text is no longer in force; on the last day of its period it still is. A text without
    ``effective_on`` is in force from the beginning. Repeal, by its own date or by another text, weighs more than the
    end of the period.

    :param effects: amendments and repeals by other texts; one without a day has taken effect.
    """
    begun = {effect.kind for effect in effects if effect.day is None or effect.day <= day}
    if REPEALS in begun or (regulation.repealed_on is not None and regulation.repealed_on <= day):
        return Validity.REPEALED
    if regulation.valid_until is not None and regulation.valid_until < day:
        return Validity.EXPIRED
    if regulation.effective_on is not None and regulation.effective_on > day:
        return Validity.PENDING
    return Validity.AMENDED if AMENDS in begun else Validity.VALID
