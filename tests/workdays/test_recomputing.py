"""What a plugin does with CalendarChanged: stored due dates follow the calendar, and each change is on record."""

from datetime import date, timedelta

from sqlalchemy import select

from cms.accounts.policy import MACHINE
from cms.api import CalendarChanged, Clock, audit, deadline, edition_on, load_calendar
from cms.audit.models import AuditEntry
from cms.workdays import services

RECEIVED = date(2026, 11, 23)


def test_importing_a_notice_recomputes_what_was_estimated(inside, cms, notice_2027):
    """The extended limit of an application received on 23 November 2026 ends in a year not arranged yet (g.3)."""
    edition = edition_on(RECEIVED)
    clock = Clock(edition.clocks["answer"], RECEIVED, extension=edition.clocks["extend"].n)
    with cms.reading() as session:
        stored = deadline(clock, load_calendar(session), estimate=True)
    assert stored.is_estimated

    def recompute(_change: CalendarChanged) -> None:
        nonlocal stored
        with cms.unit_of_work() as uow:
            now = deadline(clock, load_calendar(uow.session), estimate=True)
            if now != stored:
                audit(
                    uow, "application.due", actor_id=MACHINE.id, subject_type="application", subject_id=1,
                    before=stored.due_on.isoformat(), after=now.due_on.isoformat(), estimated=now.is_estimated,
                )  # fmt: skip
                stored = now

    cms.bus.subscribe(CalendarChanged, recompute, owner="test")
    with cms.unit_of_work() as uow:
        services.import_notice(uow, notice_2027, actor=MACHINE)

    # Worked: the days of December after the 21st, then 4 January on; no feast and no make-up day before the 19th.
    assert (stored.due_on, stored.is_estimated) == (date(2027, 1, 19), False)
    with cms.unit_of_work() as uow:
        services.add_local_holiday(uow, date(2027, 1, 11), name="地方节日", source="文件", actor=MACHINE)
    assert stored.due_on == date(2027, 1, 19) + timedelta(days=1)
    with cms.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "application.due")).all()
    assert [entry.details["after"] for entry in entries] == ["2027-01-19", "2027-01-20"]
