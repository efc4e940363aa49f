"""Quick tallies of consultations: one tap for each visitor or call, and the paper sheet of a week.

Both write lines of the tally register; a tap is taken back by a counter-entry like any other line.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_urlsafe

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from cms.api import Actor, Invalid, MetricRegistry, Tally, TallyInput, UnitOfWork, add_tally, counter_entry, local_date
from cms.api import gettext as _

METRIC = "consultations"
#: The ways on which people ask, as the tally register knows them.
CHANNELS = (("onsite", "现场"), ("phone", "电话"), ("web", "网上"))
_TAP, _SHEET = "tap-", "sheet-"
DAYS = 7
MAX_CELL = 9999


def tap(uow: UnitOfWork, metrics: MetricRegistry, channel: str, topic: str, *, actor: Actor) -> Tally:
    """Count one consultation, today.

    :raises NotAllowed: without permission. :raises Invalid: for an unknown channel.
    """
    given = TallyInput(
        metric=METRIC, occurred_on=local_date(uow.clock.now()), quantity=1, channel=channel, topic=topic,
        source=_("快速计数（{name}）").format(name=actor.name), department_id=actor.department_id,
        external_id=f"{_TAP}{token_urlsafe(12)}",
    )  # fmt: skip
    return add_tally(uow, metrics, given, actor=actor)


def last_tap(session: Session, actor: Actor, day: date) -> Tally | None:
    """Return the newest tap of ``actor`` on ``day`` that has not been taken back."""
    counter = aliased(Tally)
    taken_back = select(counter.id).where(counter.corrects_id == Tally.id).exists()
    query = select(Tally).where(
        Tally.metric == METRIC, Tally.occurred_on == day, Tally.recorded_by_id == actor.id,
        Tally.external_id.startswith(_TAP), ~taken_back,
    )  # fmt: skip
    return session.scalars(query.order_by(Tally.id.desc()).limit(1)).first()


def undo(uow: UnitOfWork, *, actor: Actor) -> Tally:
    """Take the newest tap of the day back by a counter-entry.

    :raises Invalid: if there is none.
    """
    found = last_tap(uow.session, actor, local_date(uow.clock.now()))
    if found is None:
        raise Invalid({"": [_("今天没有可以撤销的计数。")]})
    counter_entry(uow, found, actor=actor, reason=_("点错，撤销"))
    return found


def counts(session: Session, first: date, last: date) -> dict[tuple[date, str, str], int]:
    """Return the tallied consultations by day, channel and topic."""
    keys = (Tally.occurred_on, Tally.channel, Tally.topic)
    query = select(*keys, func.sum(Tally.quantity)).where(
        Tally.metric == METRIC, Tally.occurred_on >= first, Tally.occurred_on <= last
    )
    return {(row[0], row[1], row[2]): int(row[3]) for row in session.execute(query.group_by(*keys)) if row[3]}


def week_of(day: date) -> tuple[date, ...]:
    """Return the days from Monday to Sunday of the week in which ``day`` lies."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=step) for step in range(DAYS))


@dataclass(frozen=True, kw_only=True)
class SheetCell:
    """A number on a sheet."""

    day: date
    channel: str
    topic: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SheetInput:
    """A filled sheet. ``token`` names the form it was typed into, so that it is saved once."""

    cells: Sequence[SheetCell]
    source: str
    token: str
    evidence_id: int | None = None


def save_sheet(uow: UnitOfWork, metrics: MetricRegistry, given: SheetInput, *, actor: Actor) -> int:
    """Record every number of a sheet as a line of the tally register; return how many there were.

    Cells left empty record nothing; 0 states that there was nothing.

    :raises Invalid: by place of the cell, ``source``, or nothing in particular; nothing should be kept then.
    """
    errors: dict[str, list[str]] = {}
    prefix = f"{_SHEET}{given.token}-"
    if uow.session.scalar(select(Tally.id).where(Tally.external_id.startswith(prefix, autoescape=True)).limit(1)):
        raise Invalid({"": [_("这张表已经保存过，没有重复登记。")]})
    lines = list(_numbers(given.cells, errors))
    if not lines and not errors:
        errors[""] = [_("表中还没有数字。")]
    for place, cell, number in lines:
        line = TallyInput(
            metric=METRIC, occurred_on=cell.day, quantity=number, channel=cell.channel, topic=cell.topic,
            source=given.source, department_id=actor.department_id, evidence_id=given.evidence_id,
            external_id=f"{prefix}{place}",
        )  # fmt: skip
        try:
            add_tally(uow, metrics, line, actor=actor)
        except Invalid as refused:
            errors |= _by_place(refused.errors, place)
    if errors:
        raise Invalid(errors)
    return len(lines)


def _numbers(cells: Sequence[SheetCell], errors: dict[str, list[str]]) -> Iterable[tuple[int, SheetCell, int]]:
    for place, cell in enumerate(cells):
        text = cell.text.strip()
        if text.isascii() and text.isdigit() and int(text[:6]) <= MAX_CELL and len(text) <= len(str(MAX_CELL)):
            yield place, cell, int(text)
        elif text:
            errors[str(place)] = [_("应为 0 到 {n} 的整数。").format(n=MAX_CELL)]


def _by_place(errors: Mapping[str, list[str]], place: int) -> dict[str, list[str]]:
    """Return errors of a line under its cell; what concerns the whole sheet keeps its name."""
    return {name if name == "source" else str(place): list(lines) for name, lines in errors.items()}
