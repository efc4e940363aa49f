"""The log of batches, and undoing a whole one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import CmsError, Invalid, NotAllowed, NotFound
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.sheets.models import SheetBatch, SheetRow
from cms.sheets.spec import SheetSpec
from cms.sheets.taking import BATCH

_MAX_REASON = 200


def batches(sheets: Collection[str]) -> Select[SheetBatch]:
    """Return the select of the batches of some sheets, the newest first."""
    return select(SheetBatch).where(SheetBatch.sheet.in_(sheets)).order_by(SheetBatch.id.desc())


def get_batch(session: Session, batch_id: int) -> SheetBatch:
    """Return one batch.

    :raises NotFound: if there is none.
    """
    batch = session.get(SheetBatch, batch_id)
    if batch is None:
        raise NotFound(f"batch {batch_id}")
    return batch


def rows_of(batch: SheetBatch) -> Select[SheetRow]:
    """Return the select of the entries of a batch, in the order of the list."""
    return select(SheetRow).where(SheetRow.batch_id == batch.id).order_by(SheetRow.line)


def batches_of(session: Session, sheets: Collection[str], entry_ids: Collection[int]) -> dict[int, int]:
    """Return the batch that brought each entry, by id; entries of other origin are left out.

    :param sheets: the codes of all sheets that fill the register.
    """
    found = (
        select(SheetRow.entry_id, SheetRow.batch_id).join(SheetBatch, SheetBatch.id == SheetRow.batch_id)
        .where(SheetBatch.sheet.in_(sheets), SheetRow.entry_id.in_(entry_ids))
    )  # fmt: skip
    return dict(session.execute(found).tuples().all())


@dataclass(frozen=True)
class Refusal:
    """An entry that cannot be taken back: its line in the list, and why."""

    line: int
    text: str


@dataclass(frozen=True)
class UndoResult:
    """What came of undoing a batch. With refusals nothing was taken back."""

    undone: int
    gone: int
    refusals: Sequence[Refusal]


class _Refused(Exception):  # noqa: N818 — no error: the way out of a savepoint
    pass


def undo_batch(uow: UnitOfWork, spec: SheetSpec, batch: SheetBatch, *, actor: Actor, reason: str) -> UndoResult:
    """Take all entries of a batch back by the service of ``spec``, or none if one of them has to stay.

    :raises NotAllowed: without the permission of the sheet, if it was undone before, or the register has no such way.
    :raises Invalid: field ``reason``, without one.
    """
    require(actor, spec.permission)
    if spec.undo is None:
        raise NotAllowed(_("“{label}”不能整批撤销，请在登记簿中逐条更正。").format(label=spec.label))
    if batch.undone_at is not None:
        raise NotAllowed(_("这一批已经撤销。"))
    reason = one_line(reason)
    if not reason:
        raise Invalid({"reason": [_("请写明撤销的原因。")]})
    if len(reason) > _MAX_REASON:
        raise Invalid({"reason": [_("不能超过 {n} 个字。").format(n=_MAX_REASON)]})
    undone, gone, refusals = 0, 0, list[Refusal]()
    try:
        with uow.savepoint():
            for row in uow.session.scalars(rows_of(batch)).all():
                try:
                    was_counted = spec.undo(uow, row.entry_id, actor=actor, reason=reason)
                except CmsError as refused:
                    refusals.append(Refusal(row.line, str(refused)))
                else:
                    undone, gone = undone + was_counted, gone + (not was_counted)
            if refusals:
                raise _Refused  # noqa: TRY301 — leaves the savepoint, which is what it is for
    except _Refused:
        return UndoResult(0, 0, refusals)
    batch.undone_at, batch.undone_by_id, batch.undone_reason = uow.clock.now(), actor.id, reason
    record(
        uow, "sheet.undo", actor_id=actor.id, subject_type=BATCH, subject_id=batch.id, sheet=spec.code, undone=undone,
        gone=gone,
    )  # fmt: skip
    return UndoResult(undone, gone, ())
