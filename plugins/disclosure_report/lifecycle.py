"""The report's way: open (live) → approved → frozen (snapshot with SHA-256). A frozen report never changes."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import Actor, Conflict, NotAllowed, NotFound, UnitOfWork, audit, enqueue, local_date, require
from cms.api import gettext as _

from .format_file import Format
from .models import AnnualReport, State
from .report import Report

#: The job that makes the files of a frozen report.
FILES_JOB = "files"


def find(session: Session, year: int) -> AnnualReport | None:
    """Return the row of the report of ``year``, if it has been opened."""
    return session.scalar(select(AnnualReport).where(AnnualReport.year == year))


def get(session: Session, year: int) -> AnnualReport:
    """Return the row of the report of ``year``.

    :raises NotFound: if it has not been opened.
    """
    found = find(session, year)
    if found is None:
        raise NotFound(_("{year} 年度报告尚未建立。").format(year=year))
    return found


def require_open(session: Session, year: int) -> AnnualReport:
    """Return the row of the report of ``year`` if it may be changed.

    :raises NotFound: if it has not been opened. :raises NotAllowed: if it is approved or frozen.
    """
    found = get(session, year)
    if found.state is not State.OPEN:
        raise NotAllowed(_("{year} 年度报告已审定或固化，不能再修改。").format(year=year))
    return found


def open_report(uow: UnitOfWork, year: int, form: Format, *, actor: Actor) -> AnnualReport:
    """Begin the report of ``year``.

    :raises NotAllowed: without permission, or for a year that has not begun. :raises Conflict: if it has been opened.
    """
    require(actor, "report.edit")
    if date(year, 1, 1) > local_date(uow.clock.now()):
        raise NotAllowed(_("{year} 年还没有开始。").format(year=year))
    if find(uow.session, year) is not None:
        raise Conflict(_("{year} 年度报告已建立。").format(year=year))
    row = AnnualReport(year=year, format=form.id, state=State.OPEN, opened_at=uow.clock.now())
    uow.session.add(row)
    # Chapters and the audit entry name the id.
    uow.session.flush()
    audit(uow, "report.open", actor_id=actor.id, subject_type="report", subject_id=year, format=form.id)
    return row


def approve(uow: UnitOfWork, row: AnnualReport, report: Report, *, actor: Actor) -> None:
    """Approve the report: texts and manual values stay as they are from now on.

    :raises NotAllowed: without permission, in another state than open, or while it contradicts itself.
    """
    require(actor, "report.edit")
    _require_state(row, State.OPEN)
    require_sound(report)
    row.state, row.approved_at, row.approved_by_id = State.APPROVED, uow.clock.now(), actor.id
    audit(uow, "report.approve", actor_id=actor.id, subject_type="report", subject_id=row.year)


def reopen(uow: UnitOfWork, row: AnnualReport, *, actor: Actor) -> None:
    """Take an approval back, so that texts and manual values can be changed again.

    :raises NotAllowed: without permission or in another state than approved.
    """
    require(actor, "report.edit")
    _require_state(row, State.APPROVED)
    row.state, row.approved_at, row.approved_by_id = State.OPEN, None, None
    audit(uow, "report.reopen", actor_id=actor.id, subject_type="report", subject_id=row.year)


def freeze(uow: UnitOfWork, row: AnnualReport, report: Report, sealed: tuple[str, str], *, actor: Actor) -> None:
    """Keep the report for good.

    :param sealed: snapshot and digest, from :func:`..snapshot.seal`.
    :raises NotAllowed: without permission, before approval, before the year is over, or while it contradicts itself.
    """
    require(actor, "report.edit")
    _require_state(row, State.APPROVED)
    require_sound(report)
    if local_date(uow.clock.now()) <= date(row.year, 12, 31):
        raise NotAllowed(_("统计期限尚未结束，{year} 年度报告不能固化。").format(year=row.year))
    row.snapshot, row.digest = sealed
    row.state, row.frozen_at, row.frozen_by_id = State.FROZEN, uow.clock.now(), actor.id
    audit(uow, "report.freeze", actor_id=actor.id, subject_type="report", subject_id=row.year, sha256=row.digest)
    ask_for_files(uow, row.year)


def ask_for_files(uow: UnitOfWork, year: int) -> None:
    """Let the leader make the files of the frozen report of ``year``, so that no reader waits for them."""
    enqueue(uow, f"disclosure_report.{FILES_JOB}", {"year": year})


def require_sound(report: Report) -> None:
    """Refuse a report that contradicts itself.

    :raises NotAllowed: with one sentence for each error.
    """
    if report.errors:
        raise NotAllowed(*(finding.message for finding in report.errors))


def _require_state(row: AnnualReport, state: State) -> None:
    if row.state is not state:
        raise NotAllowed(_("报告当前的状态不允许这项操作。"))
