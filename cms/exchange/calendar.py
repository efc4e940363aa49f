"""The calendar in export and import: imported notices and holidays of the place, so that limits end the same day."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cms.accounts.policy import Actor
from cms.db.uow import UnitOfWork
from cms.exchange.records import LineError
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.workdays.bundled import as_json
from cms.workdays.notice_text import read_notice
from cms.workdays.queries import all_notices, load_calendar, local_holidays
from cms.workdays.services import add_local_holiday, import_notice

NOTICE, LOCAL = "calendar_notice", "local_holiday"


def calendar_records(session: Session) -> Iterator[dict[str, Any]]:
    """Yield the notices that stand because somebody imported them, and the holidays of the place."""
    calendar = load_calendar(session)
    for row in all_notices(session):
        if row.is_current:
            yield {"record": NOTICE, **json.loads(as_json(calendar.notice(row.year)))}
    for holiday in local_holidays(session):
        yield {"record": LOCAL, "day": holiday.day.isoformat(), "name": holiday.name, "source": holiday.source}


def take_notice(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Import a notice; tell whether it changed anything: one that stands already is left alone."""
    try:
        notice = read_notice(json.dumps(dict(raw), default=str), year="", source="")
        calendar = load_calendar(uow.session)
        if calendar.knows(notice.year) and calendar.notice(notice.year).days == notice.days:
            return False
        import_notice(uow, notice, actor=actor)
    except Invalid as error:
        raise LineError(str(error)) from error
    return True


def take_local_holiday(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Add a holiday of the place; tell whether it was new: a known day is left alone."""
    try:
        day = date.fromisoformat(str(raw.get("day", "")))
    except ValueError as error:
        raise LineError(_("day 应为 2026-04-20 的形式")) from error
    if load_calendar(uow.session).local(day) is not None:
        return False
    try:
        add_local_holiday(
            uow, day, name=str(raw.get("name", "")), source=str(raw.get("source", "")), actor=actor
        )  # fmt: skip
    except Invalid as error:
        raise LineError(str(error)) from error
    return True
