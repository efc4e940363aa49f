"""Escalation: the leader looks at open letters again and again and raises an alarm when a limit comes near or passes.

Each level is raised once and stays in the history. A letter that was entered after its limit had passed raises none:
paper from last year is no news. It is listed as late all the same.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from cms.api import Actor, Cms, UnitOfWork, load_calendar, local_date

from .limits import limits, reckon
from .models import Letter
from .states import OPEN, Action
from .steps import write

#: Levels in order; each names what is the matter.
LEVELS = ("", "soon", "late", "red")
MACHINE = Actor(id=None, name="系统", is_machine=True)
_BATCH = 200


def is_soon(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an open letter is near its limit."""
    return and_(Letter.state.in_(OPEN), Letter.warn_at <= now, Letter.due_at >= now)


def is_late(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an open letter is past its limit."""
    return and_(Letter.state.in_(OPEN), Letter.due_at < now)


def is_red(now: datetime) -> ColumnElement[bool]:
    """Return the condition that an open letter is past the red line: unanswered for more than three months."""
    return and_(Letter.state.in_(OPEN), Letter.red_on < local_date(now))


def condition_of(level: str, now: datetime) -> ColumnElement[bool]:
    """Return the condition of a level."""
    return {"soon": is_soon(now), "late": is_late(now), "red": is_red(now)}.get(level, false())


def level_of(letter: Letter, now: datetime) -> str:
    """Return the level of an open letter; nothing for one that is in time or has its answer."""
    if letter.state not in OPEN:
        return ""
    if letter.red_on < local_date(now):
        return "red"
    if letter.due_at is not None and letter.due_at < now:
        return "late"
    return "soon" if letter.warn_at is not None and letter.warn_at <= now else ""


def raise_alarms(cms: Cms) -> None:
    """Look at all open letters, one unit of work for each that has reached a new level."""
    now = cms.clock.now()
    with cms.reading() as session:
        found = session.scalars(
            select(Letter.id).where(or_(is_soon(now), is_late(now), is_red(now)), Letter.alarm != "red")
        ).all()
    for letter_id in found:
        with cms.unit_of_work() as uow:
            letter = uow.session.get(Letter, letter_id)
            if letter is not None:
                raise_alarm(uow, letter)


def raise_alarm(uow: UnitOfWork, letter: Letter) -> bool:
    """Raise the alarm of a letter if it has reached a higher level; tell whether it has."""
    level = level_of(letter, uow.clock.now())
    if LEVELS.index(level) <= LEVELS.index(letter.alarm) or _was_past(letter, level):
        return False
    letter.alarm = level
    write(
        uow, letter, Action.ALERT, actor=MACHINE, before=letter.state, on=local_date(uow.clock.now()),
        detail={"level": level},
    )  # fmt: skip
    return True


def _was_past(letter: Letter, level: str) -> bool:
    """Tell whether the letter had reached ``level`` before anybody entered it."""
    return LEVELS.index(level) <= LEVELS.index(level_of(letter, letter.recorded_at))


def reckon_open(uow: UnitOfWork, years: Sequence[int]) -> int:
    """Reckon the limits of open letters anew because the calendar of ``years`` has changed; return how many moved."""
    session = uow.session
    known, calendar, moved = limits(session), load_calendar(session), 0
    query = select(Letter).where(Letter.state.in_(OPEN), Letter.due_at.is_not(None))
    for letter in session.scalars(query.execution_options(yield_per=_BATCH)):
        before, was_estimated = letter.due_at, letter.is_estimated
        reckon(session, letter, known, calendar)
        if (letter.due_at, letter.is_estimated) == (before, was_estimated):
            continue
        moved += 1
        write(
            uow, letter, Action.RECKON, actor=MACHINE, before=letter.state, on=local_date(uow.clock.now()),
            detail={"before": _iso(before), "after": _iso(letter.due_at), "years": list(years)},
        )  # fmt: skip
    return moved


def _iso(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""


def alarm_counts(session: Session, conditions: Sequence[ColumnElement[bool]], now: datetime) -> dict[str, int]:
    """Return how many letters that meet ``conditions`` are at each level, by level."""
    query = select(*(func.count().filter(condition_of(level, now)) for level in LEVELS[1:])).where(
        Letter.state.in_(OPEN), *conditions
    )
    row = session.execute(query).one()
    return dict(zip(LEVELS[1:], row, strict=True))
