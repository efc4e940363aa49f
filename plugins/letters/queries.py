"""Reading the register: what a person may see, filters, pages, what happened to a letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from cms.api import Actor, can, one_line

from .alarms import condition_of
from .models import Happening, Letter
from .states import OPEN
from .steps import LEADS
from .terms import Verdict

_ESCAPE = "\\"


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that ``actor`` may see a letter: all of them, or those of their department and their own."""
    if any(can(actor, name) for name in (LEADS, "letters.review", "letters.publish")):
        return true()
    if not can(actor, "letters.view"):
        return false()
    own = Letter.recorded_by_id == actor.id
    return own if actor.department_id is None else or_(own, Letter.department_id == actor.department_id)


@dataclass(frozen=True, kw_only=True)
class LetterFilter:
    """Which letters are wanted; what is empty does not limit."""

    words: str = ""
    state: str = ""
    channel: str = ""
    category: str = ""
    topic: str = ""
    department_id: int | None = None
    first: date | None = None
    last: date | None = None
    #: "soon", "late" or "red".
    level: str = ""
    #: A group of states: "open", "answered", "mine", "public".
    group: str = ""

    def conditions(self, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
        """Return the filter as SQL."""
        found = [visible_to(actor), *self._equals(), *self._period()]
        if self.level:
            found.append(condition_of(self.level, now))
        if self.group:
            found.append(_group(self.group, actor))
        if words := one_line(self.words):
            found.append(or_(*(like(column, words) for column in (Letter.number, Letter.title, Letter.text,
                                                                  Letter.external_no))))  # fmt: skip
        return found

    def _equals(self) -> list[ColumnElement[bool]]:
        pairs = (
            (Letter.state, self.state), (Letter.channel, self.channel), (Letter.category, self.category),
            (Letter.topic, self.topic), (Letter.department_id, self.department_id),
        )  # fmt: skip
        return [column == value for column, value in pairs if value]

    def _period(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.first:
            found.append(Letter.occurred_on >= self.first)
        if self.last:
            found.append(Letter.occurred_on <= self.last)
        return found


def _group(name: str, actor: Actor) -> ColumnElement[bool]:
    groups: dict[str, ColumnElement[bool]] = {
        "open": Letter.state.in_(OPEN),
        "answered": Letter.answered_at.is_not(None),
        "mine": and_(Letter.state.in_(OPEN), Letter.handler_id == actor.id),
        "public": Letter.published_at.is_not(None),
        "dismissed": Letter.verdict.in_([Verdict.INVALID, Verdict.DUPLICATE]),
        "counted": or_(Letter.verdict.is_(None), Letter.verdict != Verdict.MISTAKE),
        "handed": Letter.verdict.in_([Verdict.PETITION, Verdict.APPLICATION]),
    }
    return groups.get(name, true())


def like(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Return the condition that ``column`` contains every one of ``words``, letter by letter."""
    parts = [part.replace(_ESCAPE, _ESCAPE * 2).replace("%", r"\%").replace("_", r"\_") for part in words.split()]
    return and_(*(column.like(f"%{part}%", escape=_ESCAPE) for part in parts[:5]))


def letters(conditions: Sequence[ColumnElement[bool]]) -> Select[Letter]:
    """Return the select of a list: open letters by their limit, then the others, the newest first."""
    is_open = Letter.state.in_(OPEN)
    return (
        select(Letter)
        .where(*conditions)
        .order_by(is_open.desc(), Letter.due_at.asc().nulls_last(), Letter.received_at.desc(), Letter.id.desc())
    )


def size(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Return how many letters meet ``conditions``."""
    return session.scalar(select(func.count()).select_from(Letter).where(*conditions)) or 0


def happenings(session: Session, letter_id: int) -> Sequence[Happening]:
    """Return the history of a letter, newest first."""
    query = select(Happening).where(Happening.letter_id == letter_id)
    return session.scalars(query.order_by(Happening.id.desc())).all()


def same_sender(session: Session, letter: Letter, actor: Actor, *, limit: int = 10) -> Sequence[Letter]:
    """Return other letters with the same telephone number, newest first; for finding duplicates."""
    if not letter.sender_key:
        return []
    query = select(Letter).where(Letter.sender_key == letter.sender_key, Letter.id != letter.id, visible_to(actor))
    return session.scalars(query.order_by(Letter.id.desc()).limit(limit)).all()


def public_letters(topic: str = "", words: str = "") -> Select[Letter]:
    """Return the select of what citizens see, newest answer first."""
    query = select(Letter).where(Letter.published_at.is_not(None))
    if topic:
        query = query.where(Letter.topic == topic)
    if words:
        columns = (Letter.public_title, Letter.public_text, Letter.public_answer)
        query = query.where(or_(*(like(column, words) for column in columns)))
    return query.order_by(Letter.answered_at.desc(), Letter.id.desc())


def public_topics(session: Session) -> list[tuple[str, int]]:
    """Return the topics of public letters with how many there are, most first."""
    number = func.count()
    query = select(Letter.topic, number).where(Letter.published_at.is_not(None), Letter.topic != "")
    return [(topic, count) for topic, count in session.execute(query.group_by(Letter.topic).order_by(number.desc()))]
