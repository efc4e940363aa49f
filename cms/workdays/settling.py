"""Making sure that every due date follows the calendar.

Plugins keep due dates and recompute them when :class:`CalendarChanged` comes. Services send it after their commit. But
a process may die in between, a handler may fail, and a new version of the product may bring a notice that no service
has imported. So the leader compares the days of each year with those that were settled last, sends the event for years
that differ, and keeps the new state only when every handler has succeeded.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cms.db.uow import UnitOfWork
from cms.workdays.calendar import WorkCalendar
from cms.workdays.models import CalendarSettled
from cms.workdays.queries import load_calendar


def unsettled(session: Session) -> dict[int, str]:
    """Return the years whose days differ from those settled last, each with its digest; an empty one if it is gone."""
    settled = {row.year: row.digest for row in session.scalars(select(CalendarSettled))}
    now = _digests(load_calendar(session))
    return {
        year: now.get(year, "") for year in sorted(settled.keys() | now.keys()) if settled.get(year) != now.get(year)
    }  # fmt: skip


def keep_settled(uow: UnitOfWork, digests: Mapping[int, str]) -> None:
    """Remember that everything follows the days that ``digests`` stand for."""
    uow.session.execute(delete(CalendarSettled).where(CalendarSettled.year.in_(list(digests))))
    uow.session.add_all(CalendarSettled(year=year, digest=digest) for year, digest in digests.items() if digest)


def _digests(calendar: WorkCalendar) -> dict[int, str]:
    lines: dict[int, list[str]] = defaultdict(list)
    for year in calendar.years:
        lines[year].append("known")
    for day in sorted(calendar.arranged):
        lines[day.year].append(f"{day.isoformat()} {calendar.arranged[day].kind}")
    return {year: hashlib.sha256("\n".join(said).encode()).hexdigest() for year, said in lines.items()}
