"""The register in exports, and how it comes back: whole applications with their history, cases, plain paper records.

Personal data travel sealed, if they were asked for. They can be opened where the same data key is; elsewhere class,
days and outcome are all there is. Attached files stay behind; a backup holds them.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Column, Date, TypeDecorator, select
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import Session

from cms.api import Actor, Invalid, UnitOfWork, departments, get_cms, one_line, seal_into
from cms.api import gettext as _

from . import paper
from .answering import SERIES as LETTERS
from .intake import SERIES
from .models import Answer, Application, Case, Consultation, Event, FeeNotice, Inquiry, NumberSeries

_BATCH = 200
#: Columns that mean nothing on another site: ids, and hashes made with the key of this one.
_OWN = frozenset({
    "id", "application_id", "department_id", "handler_id", "content_id", "recorded_by_id", "evidence_id",
    "predecessor_id", "drafted_by_id", "reviewed_by_id", "signed_by_id", "follows_id", "external_id", "lock_version",
    "request_print", "id_print", "uscc_print", "name_print", "phone_print",
})  # fmt: skip
#: Rows that belong to an application, by the key that holds them.
_PARTS: Mapping[str, type[Any]] = {
    "history": Event, "inquiries": Inquiry, "consultations": Consultation, "fees": FeeNotice, "answers": Answer,
}  # fmt: skip


def export_applications(session: Session) -> Iterator[Mapping[str, Any]]:
    """Yield every application with what belongs to it, then the cases."""
    offices = {one.id: one.name for one in departments(session)}
    numbers: dict[int | None, str] = {
        row.id: row.number for row in session.execute(select(Application.id, Application.number))
    }
    for one in session.scalars(select(Application).order_by(Application.id).execution_options(yield_per=_BATCH)):
        parts = {
            key: [_values(row) for row in session.scalars(
                select(model).where(model.application_id == one.id).order_by(model.id)
            )] for key, model in _PARTS.items()
        }  # fmt: skip
        yield {
            "record": "application", "external_id": one.external_id or f"export-{one.number}", **_values(one),
            "department": offices.get(one.department_id or 0, ""), "follows": numbers.get(one.predecessor_id, ""),
            **parts,
        }  # fmt: skip
    cases = session.scalars(select(Case).order_by(Case.id)).all()
    names: dict[int | None, str] = {case.id: case.external_id or f"export-case-{case.id}" for case in cases}
    for case in cases:
        yield {
            "record": "application_case", "external_id": names[case.id],
            **_values(case), "application": numbers.get(case.application_id, ""),
            "follows": names.get(case.follows_id, ""),
        }  # fmt: skip


def _values(row: Any) -> dict[str, Any]:  # noqa: ANN401 — a row of any table
    names = [column.name for column in row.__table__.columns if column.name not in _OWN]
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def import_application(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Take in an application; one with a known ``external_id`` is there already. Tell whether it was new.

    With ``history`` it is a whole application of an export. Without, it is a paper record; see :mod:`.paper`.

    :raises Invalid: by key.
    """
    external_id = one_line(str(raw.get("external_id") or ""))[:200]
    if external_id and uow.session.scalar(select(Application.id).where(Application.external_id == external_id)):
        return False
    if _came_from_here(uow, raw, Application, "number"):
        return False
    if "history" not in raw:
        paper.import_paper(uow, raw, external_id or None, actor)
        return True
    _refuse_unknown(raw, {*_columns(Application), *_PARTS, "external_id", "department", "follows"})
    one = Application(**_read(Application, raw), external_id=external_id or None, lock_version=0)
    if uow.session.scalar(select(Application.id).where(Application.number == one.number)):
        raise Invalid({"number": [_("编号 {number} 已被另一件申请使用。").format(number=one.number)]})
    offices = {office.name: office.id for office in departments(uow.session)}
    one.department_id = offices.get(str(raw.get("department", "")))
    one.predecessor_id = _id_of(uow, str(raw.get("follows", "")))
    _renew_prints(one)
    uow.session.add(one)
    # What belongs to it names the id.
    uow.session.flush()
    for key, model in _PARTS.items():
        for line in _lines(raw, key):
            _refuse_unknown(line, _columns(model))
            versions = {"lock_version": 0} if model is Answer else {}
            uow.session.add(model(application_id=one.id, **_read(model, line), **versions))
            # Their order is that of their ids.
            uow.session.flush()
    _advance(uow, one)
    return True


def _came_from_here(uow: UnitOfWork, raw: Mapping[str, Any], model: type[Any], name: str) -> bool:
    """Tell whether a record is an export of a row that this site has: entered at the same moment under that name."""
    known = uow.session.scalars(select(model.recorded_at).where(getattr(model, name) == str(raw.get(name)))).all()
    return raw.get("recorded_at") in [at.isoformat() for at in known]


def _id_of(uow: UnitOfWork, number: str) -> int | None:
    return uow.session.scalar(select(Application.id).where(Application.number == number)) if number else None


def _renew_prints(one: Application) -> None:
    """Make the fingerprints with the key of this site, where it can open what was sealed."""
    keyring = get_cms().keyring
    for name in ("request_print", "id_print", "uscc_print", "name_print", "phone_print"):
        setattr(one, name, "")
    for column in (Application.applicant, Application.particulars):
        token: str = getattr(one, column.key)
        if token and keyring.knows(token):
            seal_into(keyring, one, column, keyring.open(token, column))


def import_case(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Take in a case; one with a known ``external_id`` is there already. Tell whether it was new.

    :raises Invalid: by key.
    """
    external_id = one_line(str(raw.get("external_id") or ""))[:200]
    if external_id and uow.session.scalar(select(Case.id).where(Case.external_id == external_id)):
        return False
    if _came_from_here(uow, raw, Case, "body"):
        return False
    if "recorded_at" not in raw:
        paper.import_paper_case(uow, raw, external_id or None, actor)
        return True
    _refuse_unknown(raw, {*_columns(Case), "external_id", "application", "follows"})
    case = Case(**_read(Case, raw), external_id=external_id or None, lock_version=0)
    case.application_id = _id_of(uow, str(raw.get("application", "")))
    follows = str(raw.get("follows", ""))
    case.follows_id = uow.session.scalar(select(Case.id).where(Case.external_id == follows)) if follows else None
    uow.session.add(case)
    uow.session.flush()
    return True


def _columns(model: type[Any]) -> set[str]:
    return {column.name for column in model.__table__.columns} - _OWN


def _refuse_unknown(raw: Mapping[str, Any], known: set[str]) -> None:
    unknown = sorted(set(raw) - known - {"record"})
    if unknown:
        raise Invalid({name: [_("未知的键。")] for name in unknown})


def _lines(raw: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    lines = raw.get(key) or []
    if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
        raise Invalid({key: [_("应为对象的列表。")]})
    return lines


def _read(model: type[Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of columns from JSON.

    :raises Invalid: by key, for what is missing or cannot be read.
    """
    values = {}
    for name in sorted(_columns(model)):
        try:
            values[name] = _parse(model.__table__.c[name], raw[name])
        except (KeyError, ValueError, TypeError) as error:
            raise Invalid({name: [_("缺少或无法读取：{value}").format(value=str(raw.get(name))[:60])]}) from error
    return values


def _parse(column: Column[Any], value: Any) -> Any:  # noqa: ANN401 — a value of JSON
    if value is None:
        if not column.nullable:
            raise TypeError(column.name)
        return None
    kind = column.type
    if isinstance(kind, EnumType) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, TypeDecorator):
        at = datetime.fromisoformat(value)
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    if not isinstance(value, list if isinstance(kind, JSON) else kind.python_type):
        raise TypeError(column.name)
    return value


def _advance(uow: UnitOfWork, one: Application) -> None:
    """Let the next numbers follow those that were brought along."""
    year, _dash, last = one.number.partition("-")
    if year.isdecimal() and last.isdecimal():
        _at_least(uow, SERIES, int(year), int(last))
    for answer in uow.session.scalars(select(Answer).where(Answer.application_id == one.id, Answer.dated.is_not(None))):
        digits = "".join(character if character.isdecimal() else " " for character in answer.number or "").split()
        if digits and answer.dated is not None:
            _at_least(uow, LETTERS, answer.dated.year, int(digits[-1]))


def _at_least(uow: UnitOfWork, name: str, year: int, last: int) -> None:
    row = uow.session.get(NumberSeries, (name, year))
    if row is None:
        uow.session.add(NumberSeries(name=name, year=year, last=last))
    else:
        row.last = max(row.last, last)
    uow.session.flush()
