"""Taking in a list: headings, cells, rows; all rows or none."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit.models import AuditEntry
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.sheets.cells import day_of, decimal_of, whole_of
from cms.sheets.files import ListRow
from cms.sheets.spec import CellKind, SheetColumn, SheetSpec, Value

_TAKEN = "sheet.take"


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in a line: the heading it is about, if it is about one."""

    line: int
    heading: str
    text: str


@dataclass
class ListResult:
    """What came of a list. With problems nothing was kept."""

    new: int = 0
    known: int = 0
    problems: list[RowProblem] = field(default_factory=list)


def take_rows(
    uow: UnitOfWork, spec: SheetSpec, rows: Sequence[ListRow], *, actor: Actor, dry: bool = False, again: bool = False
) -> ListResult:
    """Keep every row by the service of ``spec``, or none if there is a problem in one of them.

    :param dry: keep nothing in any case, but say what would come of it.
    :param again: take in a list that was taken in before, row by row the same.
    :raises Invalid: field ``file``, for headings that are missing or unknown, or a list that was taken in before.
    """
    require(actor, spec.permission)
    columns = _columns(spec, rows)
    digest = _digest(rows)
    if not again and _was_taken(uow.session, spec, digest):
        raise Invalid({"file": [_("同样的内容已经录入过；确实要再录一遍，请选“再次录入”。")]})
    choices = {one.name: one.choices(uow.session) for one in spec.columns if one.choices}
    result = ListResult()
    batch = uow.session.begin_nested()
    for row in rows:
        _take_row(uow, spec, row, columns, choices, result, actor=actor)
    if dry or result.problems:
        batch.rollback()
        return result
    record(
        uow, _TAKEN, actor_id=actor.id, subject_type="sheet", subject_id=spec.code, digest=digest, new=result.new,
        known=result.known,
    )  # fmt: skip
    batch.commit()
    return result


def _take_row(  # noqa: PLR0917 — the parts of one step
    uow: UnitOfWork, spec: SheetSpec, row: ListRow, columns: Mapping[str, SheetColumn],
    choices: Mapping[str, Sequence[tuple[str, str]]], result: ListResult, *, actor: Actor,
) -> None:  # fmt: skip
    errors: dict[str, list[str]] = {}
    values: dict[str, Value] = {one.name: _nothing(one) for one in spec.columns}
    for heading, text in row.cells.items():
        column = columns[heading]
        try:
            values[column.name] = _value(column, text, choices.get(column.name, ()))
        except Invalid as refused:
            errors |= refused.errors
    if not errors:
        try:
            with uow.session.begin_nested():
                kept = spec.take(uow, values, actor=actor)
        except Invalid as refused:
            errors = dict(refused.errors)
        else:
            result.new += kept is not None
            result.known += kept is None
    labels = {one.name: one.label for one in spec.columns}
    result.problems += [
        RowProblem(row.number, labels.get(name, ""), line) for name, lines in errors.items() for line in lines
    ]


def _columns(spec: SheetSpec, rows: Sequence[ListRow]) -> dict[str, SheetColumn]:
    by_label = {column.label: column for column in spec.columns}
    given = list(dict.fromkeys(heading for row in rows for heading in row.cells))
    unknown = [heading for heading in given if heading not in by_label]
    missing = [column.label for column in spec.columns if column.is_required and column.label not in given]
    lines = []
    if unknown:
        lines.append(
            _("不认识的列：{names}。可用的列：{known}。").format(names="、".join(unknown), known="、".join(by_label))
        )
    if missing:
        lines.append(_("缺少列：{names}。").format(names="、".join(missing)))
    if lines:
        raise Invalid({"file": lines})
    return {heading: by_label[heading] for heading in given}


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


def _digest(rows: Sequence[ListRow]) -> str:
    texts = [sorted((heading, text) for heading, text in row.cells.items() if text) for row in rows]
    return hashlib.sha256(json.dumps(texts, ensure_ascii=False).encode()).hexdigest()


def _was_taken(session: Session, spec: SheetSpec, digest: str) -> bool:
    taken = select(AuditEntry.details).where(
        AuditEntry.subject_type == "sheet", AuditEntry.subject_id == spec.code, AuditEntry.action == _TAKEN
    )
    return any(details.get("digest") == digest for details in session.scalars(taken))
