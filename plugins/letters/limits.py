"""The limits of a site, and the limit of a letter: stored with it, reckoned anew when limit or calendar change."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    Clock,
    ClockSpec,
    Deadline,
    Invalid,
    UnitOfWork,
    WorkCalendar,
    audit,
    deadline,
    load_calendar,
    local_date,
    local_instant,
    one_line,
    require,
)  # fmt: skip
from cms.api import gettext as _

from .clocks import DEFAULTS, URGENT, LimitSpec, Unit, end_of, limit_for
from .models import Letter, Limit
from .terms import Category, Channel

MAX_N = 400


def limits(session: Session) -> list[LimitSpec]:
    """Return the limits that a site begins with and those that were set in the desk."""
    rows = session.scalars(select(Limit).order_by(Limit.valid_from, Limit.id))
    return [*DEFAULTS, *(_spec(row) for row in rows)]


def _spec(row: Limit) -> LimitSpec:
    return LimitSpec(
        channel=row.channel, category=row.category, n=row.n, unit=row.unit, warn_before=row.warn_before,
        basis=row.basis, valid_from=row.valid_from,
    )  # fmt: skip


def set_limit(uow: UnitOfWork, given: LimitSpec, *, actor: Actor) -> Limit:
    """Set a limit for letters that come from a day on; letters that came before keep theirs.

    :raises NotAllowed: without permission. :raises Invalid: by field.
    """
    require(actor, "letters.configure")
    errors: dict[str, list[str]] = {}
    if given.channel and given.channel not in set(Channel):
        errors["channel"] = [_("请选择渠道。")]
    if given.category and given.category not in {URGENT, *Category}:
        errors["category"] = [_("请选择诉求类型。")]
    if given.n is not None and not 0 <= given.n <= MAX_N:
        errors["n"] = [_("期限应为 0 到 {n} 的整数；不设期限请留空。").format(n=MAX_N)]
    if not 0 <= given.warn_before <= max(given.n or 0, 0):
        errors["warn_before"] = [_("提前提醒应为 0 到期限之间的整数。")]
    if not one_line(given.basis):
        errors["basis"] = [_("请写明依据，例如文号。")]
    if given.valid_from < local_date(uow.clock.now()):
        errors["valid_from"] = [_("新的期限从今天或以后开始；已收到的信件仍按原来的期限。")]
    if errors:
        raise Invalid(errors)
    row = Limit(
        channel=given.channel, category=given.category, n=given.n, unit=given.unit, warn_before=given.warn_before,
        basis=one_line(given.basis)[:200], valid_from=given.valid_from, recorded_at=uow.clock.now(),
        recorded_by_id=actor.id,
    )  # fmt: skip
    uow.session.add(row)
    # The audit entry names the id.
    uow.session.flush()
    audit(
        uow, "letter.limit", actor_id=actor.id, subject_type="letter.limit", subject_id=row.id, channel=row.channel,
        category=row.category, n=row.n, unit=row.unit.value,
    )  # fmt: skip
    return row


@dataclass(frozen=True, kw_only=True)
class Due:
    """When a letter has to be answered, and from when on a warning shows."""

    due_at: datetime
    warn_at: datetime
    is_estimated: bool


def limit_of(letter: Letter, known: Iterable[LimitSpec]) -> LimitSpec | None:
    """Return the limit of ``letter``; nothing if it has none."""
    return limit_for(
        known, channel=letter.channel.value, category=letter.category.value, is_urgent=letter.is_urgent,
        day=letter.occurred_on,
    )  # fmt: skip


def clock_of(letter: Letter, limit: LimitSpec) -> Clock:
    """Return the clock of a limit in days, as :mod:`cms.workdays` runs it."""
    unit = "WD" if limit.unit is Unit.WORKDAY else "day"
    spec = ClockSpec(code="letter", n=limit.n or 0, unit=unit)
    return Clock(spec=spec, started_on=letter.clock_from or letter.occurred_on, extension=letter.extension or None)


def due_of(letter: Letter, limit: LimitSpec, calendar: WorkCalendar) -> Due:
    """Return when ``letter`` is due under ``limit``."""
    if limit.unit is Unit.HOUR:
        start = local_instant(letter.clock_from) if letter.clock_from else letter.received_at
        due = start + timedelta(hours=(limit.n or 0) + letter.extension)
        return Due(due_at=due, warn_at=due - timedelta(hours=limit.warn_before), is_estimated=False)
    found: Deadline = deadline(clock_of(letter, limit), calendar, estimate=True)
    warn = _before(found.due_on, limit, calendar)
    return Due(due_at=end_of(found.due_on), warn_at=local_instant(warn), is_estimated=found.is_estimated)
