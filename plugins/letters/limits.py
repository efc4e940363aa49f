"""The limits of a site, and the limit of a letter: stored with it, reckoned anew when limit or calendar change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    Clock,
    ClockSpec,
    Invalid,
    StripDay,
    UnitOfWork,
    WorkCalendar,
    audit,
    day_strip,
    deadline,
    load_calendar,
    local_date,
    local_instant,
    one_line,
    require,
)  # fmt: skip
from cms.api import Unit as ClockUnit
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
    if given.n == 0 and given.unit is not Unit.DAY:
        errors["n"] = [_("“当日”请填 0 日；工作日和小时至少填 1。")]
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


def clock_of(letter: Letter, limit: LimitSpec) -> Clock | None:
    """Return the clock of a limit that is counted in days; nothing for one in hours, or that ends on the day itself."""
    if limit.unit is Unit.HOUR or not limit.n:
        return None
    started = min(letter.occurred_on, letter.clock_from or letter.occurred_on)
    resets = (letter.clock_from,) if letter.clock_from else ()
    return Clock(_clock_spec(limit, limit.n), started, resets=resets, extension=letter.extension)


def _clock_spec(limit: LimitSpec, n: int) -> ClockSpec:
    unit = ClockUnit.WORKDAY if limit.unit is Unit.WORKDAY else ClockUnit.DAY
    return ClockSpec(code="letter", label=_("答复期限"), n=n, unit=unit, article=limit.basis)


def due_of(letter: Letter, limit: LimitSpec, calendar: WorkCalendar) -> Due:
    """Return when ``letter`` is due under ``limit``. Years without a notice are estimated, and marked."""
    clock = clock_of(letter, limit)
    if clock is None:
        return _due_without_clock(letter, limit)
    found = deadline(clock, calendar, estimate=True)
    ahead = clock.spec.n - limit.warn_before
    warned = found.counts_from
    if ahead + clock.extension > 0:
        # A limit that is shorter by the warning ends on the day on which the warning begins.
        shorter = _clock_spec(limit, max(1, ahead)), max(0, clock.extension + min(0, ahead - 1))
        early = Clock(shorter[0], clock.started_on, resets=clock.resets, extension=shorter[1])
        warned = deadline(early, calendar, estimate=True).due_on or warned
    # Nothing pauses these clocks, so there always is a last day.
    last = found.due_on or found.counts_from
    return Due(due_at=end_of(last), warn_at=local_instant(warned), is_estimated=found.is_estimated)


def _due_without_clock(letter: Letter, limit: LimitSpec) -> Due:
    start = local_instant(letter.clock_from) if letter.clock_from else letter.received_at
    if limit.unit is Unit.HOUR:
        due = start + timedelta(hours=(limit.n or 0) + letter.extension)
        return Due(due_at=due, warn_at=due - timedelta(hours=limit.warn_before), is_estimated=False)
    last = local_date(start) + timedelta(days=letter.extension)
    return Due(due_at=end_of(last), warn_at=local_instant(last), is_estimated=False)


def reckon(
    session: Session, letter: Letter, known: Iterable[LimitSpec] = (), calendar: WorkCalendar | None = None
) -> None:
    """Set when the letter is due, by the limit that was in force when it came.

    :param known: the limits of the site, :param calendar: and its calendar, if they have been read.
    """
    limit = limit_of(letter, known or limits(session))
    if limit is None:
        letter.due_at = letter.warn_at = None
        letter.is_estimated = False
        return
    due = due_of(letter, limit, calendar or load_calendar(session))
    letter.due_at, letter.warn_at, letter.is_estimated = due.due_at, due.warn_at, due.is_estimated


def strip_of(session: Session, letter: Letter) -> tuple[StripDay, ...]:
    """Return the days of the letter's limit, with what each is to it; nothing for limits that count no days."""
    limit = limit_of(letter, limits(session))
    clock = clock_of(letter, limit) if limit is not None else None
    if clock is None:
        return ()
    return day_strip(clock, load_calendar(session), estimate=True)
