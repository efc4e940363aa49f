"""Taking in a list: headings, cells, rows; what is kept is a batch."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Conflict, Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.personal.files import claim_files
from cms.personal.models import Subject
from cms.sheets.cells import day_of, decimal_of, whole_of
from cms.sheets.files import ListRow
from cms.sheets.models import SheetBatch, SheetRow
from cms.sheets.spec import CellKind, SheetColumn, SheetSpec, Value

#: Subject type of batches: in the audit log, and of their scans among the sealed files.
BATCH = "sheet_batch"
MAX_EVIDENCE = 200


@dataclass(frozen=True, kw_only=True)
class BatchInput:
    """What is said of a list as a whole.

    :param evidence: ledger and pages, 来访登记簿第3–9页. :param origin: name of the file.
    :param scans: the form whose staged files show the pages. :param follows: the batch with the other rows.
    :param is_partial: keep the rows without mistakes; else one mistake keeps all rows out.
    :param is_again: take in a list that was taken in before, row by row the same.
    """

    evidence: str = ""
    origin: str = ""
    scans: str = ""
    follows: int | None = None
    is_partial: bool = False
    is_again: bool = False


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in a line: the heading it is about, if it is about one."""

    line: int
    heading: str
    text: str


@dataclass
class ListResult:
    """What came of a list, or would come of it.

    ``taken`` has the lines without mistakes: the id of the new entry, or nothing if the entry was known.
    ``repeats`` is the earlier batch with the same rows, ``batch`` the new one; nothing if nothing was kept.
    """

    taken: dict[int, int | None] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    repeats: int | None = None
    batch: int | None = None

    @property
    def new(self) -> int:
        """Return how many entries are new."""
        return sum(entry is not None for entry in self.taken.values())

    @property
    def known(self) -> int:
        """Return how many rows were registered already, by their external keys."""
        return len(self.taken) - self.new


class _KeepNothing(Exception):  # noqa: N818 — no error: the way out of a savepoint
    pass


def take_rows(
    uow: UnitOfWork, spec: SheetSpec, rows: Sequence[ListRow], *, actor: Actor, given: BatchInput = BatchInput(),
    dry: bool = False,
) -> ListResult:  # fmt: skip
    """Keep the rows by the service of ``spec``, as one batch.

    :param dry: keep nothing in any case, but say what would come of it.
    :raises NotAllowed: without the permission of the sheet.
    :raises Invalid: field ``file``, for headings that are missing or unknown, or a list that was taken in before;
        field ``evidence``, if it is too long, or missing.
    """
    require(actor, spec.permission)
    given = replace(given, evidence=one_line(given.evidence))
    rows = _with_evidence(spec, rows, given.evidence)
    _check_columns(spec, rows)
    choices = {one.name: one.choices(uow.session) for one in spec.columns if one.choices}
    result = ListResult()
    try:
        with uow.savepoint():
            said = [_take_row(uow, spec, row, choices, result, actor=actor) for row in rows]
            digest = digest_of([values for values in said if values])
            result.repeats = None if given.is_again else _batch_with(uow.session, spec, digest)
            if dry or not result.new or (result.problems and not given.is_partial):
                raise _KeepNothing  # noqa: TRY301 — leaves the savepoint, which is what it is for
            if result.repeats is not None:
                raise Invalid({"file": [repeated()]})
            result.batch = _keep(uow, spec, given, result, digest, actor=actor)
    except _KeepNothing:
        pass
    return result


def check_headings(spec: SheetSpec, rows: Sequence[ListRow], evidence: str = "") -> None:
    """Refuse a list whose headings will not do.

    :raises Invalid: as :func:`take_rows` does.
    """
    _check_columns(spec, _with_evidence(spec, rows, evidence) if evidence else rows)


def repeated() -> str:
    """Return what is said of a list that was taken in before."""
    return _("同样的内容已经录入过；确实要再录一遍，请选“再次录入”。")


def _keep(
    uow: UnitOfWork, spec: SheetSpec, given: BatchInput, result: ListResult, digest: str, *, actor: Actor
) -> int:  # fmt: skip
    before = uow.session.get(SheetBatch, given.follows) if given.follows is not None else None
    batch = SheetBatch(
        sheet=spec.code, recorded_at=uow.clock.now(), recorded_by_id=actor.id, evidence=given.evidence,
        origin=one_line(given.origin)[:200], digest=digest, new=result.new, known=result.known,
        follows_id=before.id if before is not None and before.sheet == spec.code else None,
    )  # fmt: skip
    uow.session.add(batch)
    # Rows and scans name the id.
    uow.session.flush()
    uow.session.add_all(
        SheetRow(batch_id=batch.id, line=line, entry_id=entry)
        for line, entry in result.taken.items() if entry is not None
    )  # fmt: skip
    scans = claim_files(uow, given.scans, Subject(BATCH, batch.id))
    record(
        uow, "sheet.take", actor_id=actor.id, subject_type=BATCH, subject_id=batch.id, sheet=spec.code, digest=digest,
        new=result.new, known=result.known, scans=scans,
    )  # fmt: skip
    return batch.id


def _with_evidence(spec: SheetSpec, rows: Sequence[ListRow], evidence: str) -> Sequence[ListRow]:
    """Return the rows with the source of the list where they name none."""
    column = next((one for one in spec.columns if one.name == spec.evidence), None)
    if len(evidence) > MAX_EVIDENCE:
        raise Invalid({"evidence": [_("不能超过 {n} 个字。").format(n=MAX_EVIDENCE)]})
    if column is None and not evidence:
        raise Invalid({"evidence": [_("请写明依据，例如：来访登记簿第3–9页。")]})
    if column is None or not evidence:
        return rows
    label = column.label
    return [row if row.cells.get(label) else replace(row, cells={**row.cells, label: evidence}) for row in rows]


def _take_row(
    uow: UnitOfWork, spec: SheetSpec, row: ListRow, choices: Mapping[str, Sequence[tuple[str, str]]],
    result: ListResult, *, actor: Actor,
) -> dict[str, str]:  # fmt: skip
    """Keep one row or note what is wrong; return what it says, nothing if it is wrong."""
    errors: dict[str, list[str]] = {}
    values: dict[str, Value] = {}
    for column in spec.columns:
        try:
            values[column.name] = _value(column, row.cells.get(column.label, ""), choices.get(column.name, ()))
        except Invalid as refused:
            errors |= refused.errors
    if not errors:
        try:
            with uow.savepoint():
                result.taken[row.number] = spec.take(uow, values, actor=actor)
        except Invalid as refused:
            errors = dict(refused.errors)
        except (NotAllowed, Conflict) as refused:
            errors = {"": [str(refused)]}
        else:
            return {name: "" if value is None else str(value) for name, value in values.items()}
    labels = {one.name: one.label for one in spec.columns}
    result.problems += [
        RowProblem(row.number, labels.get(name, ""), line) for name, lines in errors.items() for line in lines
    ]
    return {}


def _check_columns(spec: SheetSpec, rows: Sequence[ListRow]) -> None:
    known = spec.headings
    given = list(dict.fromkeys(heading for row in rows for heading in row.cells))
    unknown = [heading for heading in given if heading not in known]
    missing = [column.label for column in spec.columns if column.is_required and column.label not in given]
    lines = []
    if unknown:
        lines.append(
            _("不认识的列：{names}。可用的列：{known}。").format(names="、".join(unknown), known="、".join(known))
        )
    if missing:
        lines.append(_("缺少列：{names}。").format(names="、".join(missing)))
    if lines:
        raise Invalid({"file": lines})


def _nothing(column: SheetColumn) -> Value:
    return "" if column.kind in {CellKind.TEXT, CellKind.CHOICE} else None


_PARSERS: Mapping[CellKind, Callable[[str], Value]] = {
    CellKind.DAY: day_of, CellKind.WHOLE: whole_of, CellKind.DECIMAL: decimal_of,
}  # fmt: skip


def _value(column: SheetColumn, text: str, choices: Sequence[tuple[str, str]]) -> Value:
    if not text:
        if column.is_required:
            raise Invalid({column.name: [_("不能为空。")]})
        return _nothing(column)
    if column.kind is CellKind.TEXT:
        if len(text) > column.length:
            raise Invalid({column.name: [_("不能超过 {n} 个字。").format(n=column.length)]})
        return text
    if column.kind is CellKind.CHOICE:
        return _choice(column, text, choices)
    parse = _PARSERS[column.kind]
    try:
        return parse(text)
    except ValueError as error:
        sentence = _("“{text}”不是{kind}。").format(text=text[:30], kind=column.kind.value)
        raise Invalid({column.name: [sentence]}) from error


def _choice(column: SheetColumn, text: str, choices: Sequence[tuple[str, str]]) -> str:
    found = [value for value, label in choices if label == text]
    if text in dict(choices):
        return text
    if len(found) == 1:
        return found[0]
    if found:
        raise Invalid(
            {column.name: [_("名称“{text}”有几个，请填：{codes}。").format(text=text, codes="、".join(found))]}
        )
    labels = "、".join(label for _value, label in choices[:20])
    raise Invalid({column.name: [_("没有“{text}”；应为：{labels}。").format(text=text[:30], labels=labels)]})


def digest_of(rows: Sequence[Mapping[str, str]]) -> str:
    """Return what tells whether two lists say the same."""
    texts = [sorted((heading, text) for heading, text in row.items() if text) for row in rows]
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()


def _batch_with(session: Session, spec: SheetSpec, digest: str) -> int | None:
    """Return the batch that brought the same rows and was not undone."""
    same = select(SheetBatch.id).where(
        SheetBatch.sheet == spec.code, SheetBatch.digest == digest, SheetBatch.undone_at.is_(None)
    )
    return session.scalar(same.order_by(SheetBatch.id).limit(1))
