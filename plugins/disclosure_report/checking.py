"""Reports of anybody that are checked in the desk: kept, so that the result has an address and decisions stay."""

import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cms.api import Actor, NotFound, UnitOfWork, audit, one_line, require
from cms.api import gettext as _

from .dismissals import marked, set_aside
from .format_file import Formats
from .lint.organs import Level
from .lint.source import Cell, Grid, Source, Span
from .linting import Outcome, Wanted, check
from .models import Dismissal, StoredCheck

#: The newest checks that the desk lists; older ones are removed when another one is added.
KEPT = 50


def scope_of(row: StoredCheck) -> str:
    """Return the scope of the findings that were set aside in a check."""
    return f"check-{row.id}"


def add_check(
    uow: UnitOfWork, formats: Formats, source: Source, wanted: Wanted, *, filename: str = "", actor: Actor
) -> StoredCheck:
    """Check a report for the first time and keep it; the oldest checks beyond :data:`KEPT` are removed.

    :raises NotAllowed: without permission. :raises Invalid: field ``year``, if it is neither given nor in the text.
    :raises NotFound: if no format has it.
    """
    require(actor, "report.edit")
    outcome = check(source, formats, wanted)
    title = outcome.context.document.title_text or filename or _("未命名的报告")
    row = StoredCheck(
        title=one_line(title)[:200], filename=one_line(filename)[:200], source=_dumped(source), year=wanted.year,
        level=wanted.level.value if wanted.level else "", created_at=uow.clock.now(), created_by_id=actor.id,
    )  # fmt: skip
    uow.session.add(row)
    # The audit entry names the id, and the new row counts among those that are kept.
    uow.session.flush()
    audit(uow, "report.check", actor_id=actor.id, subject_type="report_check", subject_id=row.id)
    for old in uow.session.scalars(select(StoredCheck).order_by(StoredCheck.id.desc()).offset(KEPT)):
        _remove(uow.session, old)
    return row


def get(session: Session, check_id: int) -> StoredCheck:
    """Return a check.

    :raises NotFound: if there is none of that id.
    """
    row = session.get(StoredCheck, check_id)
    if row is None:
        raise NotFound(_("没有这份校核，可能已被删除。"))
    return row


def newest(session: Session) -> Sequence[StoredCheck]:
    """Return the checks that are kept, newest first."""
    return list(session.scalars(select(StoredCheck).order_by(StoredCheck.id.desc()).limit(KEPT)))


def outcome_of(session: Session, formats: Formats, row: StoredCheck) -> Outcome:
    """Check a kept report as the rules are now; what was set aside is marked."""
    wanted = Wanted(year=row.year, level=Level(row.level) if row.level else None)
    outcome = check(_loaded(row.source), formats, wanted)
    return replace(outcome, findings=marked(outcome.findings, set_aside(session, scope_of(row))))


def remove_check(uow: UnitOfWork, row: StoredCheck, *, actor: Actor) -> None:
    """Remove a check with the decisions made in it.

    :raises NotAllowed: without permission.
    """
    require(actor, "report.edit")
    audit(uow, "report.check.remove", actor_id=actor.id, subject_type="report_check", subject_id=row.id)
    _remove(uow.session, row)


def _remove(session: Session, row: StoredCheck) -> None:
    session.execute(delete(Dismissal).where(Dismissal.scope == scope_of(row)))
    session.delete(row)


def _dumped(source: Source) -> str:
    grids = [
        [[[cell.start, cell.end, cell.text, cell.is_repeat] for cell in row] for row in grid.rows]
        for grid in source.grids
    ]
    headings = [[one.start, one.end] for one in source.headings]
    kept = {"text": source.text, "grids": grids, "headings": headings}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _loaded(text: str) -> Source:
    kept = json.loads(text)
    grids = []
    for rows in kept["grids"]:
        placed = tuple(tuple(Cell(*cell) for cell in row) for row in rows)
        grids.append(Grid(placed[0][0].start, placed[-1][-1].end, placed))
    return Source(kept["text"], tuple(grids), tuple(Span(*one) for one in kept["headings"]))
