"""The prose of the chapters: who edits it, what it is, and the way back to the draft."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import Actor, Conflict, Invalid, UnitOfWork, audit, clean, require
from cms.api import gettext as _

from .format_file import Format
from .lifecycle import require_open
from .models import AnnualReport, ChapterText

LONGEST = 20_000


def edited_texts(session: Session, year: int) -> dict[str, ChapterText]:
    """Return the chapters of the report of ``year`` that somebody has edited, by code."""
    query = select(ChapterText).join(AnnualReport, AnnualReport.id == ChapterText.report_id)
    return {row.code: row for row in session.scalars(query.where(AnnualReport.year == year))}


def discard_text(uow: UnitOfWork, form: Format, year: int, code: str, *, actor: Actor, version: int) -> None:
    """Go back to the draft of a chapter, which follows the records again.

    :param version: the number of saves that the person had before them.
    :raises NotAllowed: without permission, or when the report is not open. :raises NotFound: without such a chapter.
    :raises Conflict: if somebody else has saved since.
    """
    require(actor, "report.edit")
    require_open(uow.session, year)
    form.chapter(code)
    row = edited_texts(uow.session, year).get(code)
    if version != (row.version if row else 0):
        raise Conflict(_("这一章在您编辑期间已被他人保存，请核对后再操作。"))
    if row is not None:
        uow.session.delete(row)
        audit(uow, "report.text.discard", actor_id=actor.id, subject_type="report", subject_id=year, chapter=code)


def save_text(
    uow: UnitOfWork, form: Format, year: int, code: str, text: str, *, actor: Actor, version: int | None = None
) -> ChapterText:
    """Store the text of a chapter.

    :param version: the number of saves that the editor had before them; ``None`` overwrites in any case (imports).
    :raises NotAllowed: without permission, or when the report is not open. :raises NotFound: without such a chapter.
    :raises Conflict: if somebody else has saved since. :raises Invalid: if the text is too long.
    """
    require(actor, "report.edit")
    report = require_open(uow.session, year)
    form.chapter(code)
    text = clean(text)
    if len(text) > LONGEST:
        raise Invalid({"text": [_("一章最多 {n} 个字，现有 {m} 个。").format(n=LONGEST, m=len(text))]})
    row = edited_texts(uow.session, year).get(code)
    if version is not None and version != (row.version if row else 0):
        raise Conflict(_("这一章在您编辑期间已被他人保存，请核对后再保存。"))
    if row is None:
        row = ChapterText(report_id=report.id, code=code, text=text, version=0, updated_at=uow.clock.now())
        uow.session.add(row)
    row.text, row.version, row.updated_at, row.updated_by_id = text, row.version + 1, uow.clock.now(), actor.id
    audit(
        uow, "report.text", actor_id=actor.id, subject_type="report", subject_id=year, chapter=code, version=row.version
    )
    return row
