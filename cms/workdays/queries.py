"""Reading the calendar and what it was made from."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.workdays.bundled import bundled_notices
from cms.workdays.calendar import DayKind, Notice, WorkCalendar
from cms.workdays.models import CalendarDay, CalendarNotice, LocalHoliday


def load_calendar(session: Session) -> WorkCalendar:
    """Return the calendar of the site: bundled notices, overridden by imported ones, and the holidays of the place.

    Two queries that together read a few dozen rows. The result is a value: keep it for the work at hand and load it
    again for the next request. Nothing of the database is cached, so nobody ever counts by a notice that is gone.
    """
    imported = _imported(session)
    local = {row.day: row.name for row in session.execute(select(LocalHoliday.day, LocalHoliday.name))}
    bundled = [notice for notice in bundled_notices() if notice.year not in imported]
    return WorkCalendar([*bundled, *imported.values()], local)


def _imported(session: Session) -> dict[int, Notice]:
    query = select(CalendarNotice.year, CalendarNotice.source, CalendarDay.day, CalendarDay.kind, CalendarDay.name)
    rows = session.execute(query.join(CalendarNotice.days).where(CalendarNotice.is_current.is_(True))).all()
    sources = {row.year: row.source for row in rows}
    off: dict[int, dict[date, str]] = {year: {} for year in sources}
    on: dict[int, dict[date, str]] = {year: {} for year in sources}
    for row in rows:
        (on if row.kind is DayKind.MAKEUP else off)[row.year][row.day] = row.name
    return {
        year: Notice(year=year, source=source, holidays=off[year], workdays=on[year])
        for year, source in sources.items()
    }  # fmt: skip


def all_notices(session: Session) -> Sequence[CalendarNotice]:
    """Return every notice that was ever imported; a few for each year."""
    return session.scalars(select(CalendarNotice).order_by(CalendarNotice.year, CalendarNotice.version)).all()


def local_holidays(session: Session) -> Sequence[LocalHoliday]:
    """Return the holidays of the place, newest first."""
    return session.scalars(select(LocalHoliday).order_by(LocalHoliday.day.desc())).all()
