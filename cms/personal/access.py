"""Seeing personal data leaves a trace: who, when, which record, which fields, why.

The trace has a table of its own, for the audit administrator and for the page of the record. The audit chain gets an
entry as well, without the reason that was typed: nobody can take a line out of the table unnoticed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.accounts.queries import names_of
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.clock import local_instant
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.personal.columns import Place
from cms.personal.keyring import Keyring
from cms.personal.models import PersonalAccess, Subject

#: Who may see personal data, unless the caller names a permission of its own.
REVEAL = "personal.reveal"
#: Who may read the log of all.
READ_LOG = "audit.read"
_MAX_WHY = 200


def reveal(
    uow: UnitOfWork,
    keyring: Keyring,
    token: str,
    at: Place,
    *,
    subject: Subject,
    actor: Actor,
    why: str,
    fields: Sequence[str] = (),
    permission: str = REVEAL,
) -> dict[str, str]:
    """Open what is sealed and note it in the access log; nothing is noted when nothing is there.

    :param fields: the fields that will be shown; empty means all. Only these are returned.
    :param why: the reason, for instance 办理申请; written into the log as it is.
    :raises NotAllowed: if ``actor`` may not. :raises Invalid: field ``why``, without a reason.
    :raises KeyMissing: if the key is not here. :raises SealBroken: if the data were changed.
    """
    require(actor, permission)
    values = keyring.open(token, at)
    if fields:
        values = {name: values[name] for name in fields if name in values}
    if values:
        note_access(uow, subject, sorted(values), actor=actor, why=why)
    return values


def note_access(uow: UnitOfWork, subject: Subject, fields: Sequence[str], *, actor: Actor, why: str) -> None:
    """Write a line of the access log.

    :raises Invalid: field ``why``, without a reason.
    """
    reason = one_line(why)[:_MAX_WHY]
    if not reason:
        raise Invalid({"why": [_("请写明查看个人信息的理由。")]})
    uow.session.add(
        PersonalAccess(
            recorded_at=uow.clock.now(), actor_id=actor.id, subject_type=subject.type, subject_id=str(subject.id),
            fields=list(fields), why=reason,
        )
    )  # fmt: skip
    record(
        uow, "personal.reveal", actor_id=actor.id, subject_type=subject.type, subject_id=subject.id,
        fields=list(fields),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AccessFilter:
    """Which lines are wanted; what is empty does not limit. Days are days in Asia/Shanghai."""

    actor_id: int | None = None
    subject_type: str = ""
    subject_id: str = ""
    since: date | None = None
    until: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.actor_id is not None:
            found.append(PersonalAccess.actor_id == self.actor_id)
        if self.subject_type:
            found.append(PersonalAccess.subject_type == self.subject_type)
        if self.subject_id:
            found.append(PersonalAccess.subject_id == self.subject_id)
        if self.since:
            found.append(PersonalAccess.recorded_at >= local_instant(self.since))
        if self.until:
            found.append(PersonalAccess.recorded_at < local_instant(self.until + timedelta(days=1)))
        return found


#: Words for the fields that records of persons usually have; others are shown as the plugin calls them.
_FIELDS: Mapping[str, str] = {
    "name": "姓名", "id_type": "证件类型", "id_number": "证件号码", "uscc": "统一社会信用代码", "phone": "电话",
    "email": "邮箱", "address": "通信地址", "postcode": "邮编", "contact": "联系人", "legal_person": "法定代表人",
    "agent": "代理人", "text": "内容",
}  # fmt: skip


def field_label(name: str) -> str:
    """Return the name of a field for people; ``file:identity:12`` is 附件 12."""
    if name.startswith("file:"):
        return _("附件 {id}").format(id=name.rsplit(":", 1)[-1])
    return _(_FIELDS.get(name, name))


@dataclass(frozen=True)
class AccessLine:
    """A line of the access log with the name of who it was."""

    access: PersonalAccess
    actor: str

    @property
    def fields(self) -> list[str]:
        """Return what was seen, in words."""
        return [field_label(name) for name in self.access.fields]


def count_accesses(session: Session, wanted: AccessFilter, *, actor: Actor) -> int:
    """Return how many lines of the access log meet ``wanted``.

    :raises NotAllowed: if ``actor`` may not read it.
    """
    require(actor, READ_LOG)
    return session.scalar(select(func.count()).select_from(PersonalAccess).where(*wanted.conditions())) or 0


def accesses(session: Session, wanted: AccessFilter, *, actor: Actor, limit: int, offset: int = 0) -> list[AccessLine]:
    """Return lines of the access log, newest first.

    :raises NotAllowed: if ``actor`` may not read it.
    """
    require(actor, READ_LOG)
    return _lines(session, wanted, limit, offset)


def accesses_of(session: Session, subject: Subject, *, limit: int = 20) -> list[AccessLine]:
    """Return who saw the personal data of one record, newest first; for its page in the desk."""
    return _lines(session, AccessFilter(subject_type=subject.type, subject_id=str(subject.id)), limit, 0)


def people_in_log(session: Session) -> dict[int, str]:
    """Return the names of everybody who appears in the access log, by id."""
    found = session.scalars(select(PersonalAccess.actor_id).distinct())
    return names_of(session, set(found))


def subject_types(session: Session) -> Sequence[str]:
    """Return the kinds of records in the access log."""
    return session.scalars(select(PersonalAccess.subject_type).distinct().order_by(PersonalAccess.subject_type)).all()


def _lines(session: Session, wanted: AccessFilter, limit: int, offset: int) -> list[AccessLine]:
    newest = select(PersonalAccess).where(*wanted.conditions()).order_by(PersonalAccess.id.desc())
    rows = session.scalars(newest.limit(limit).offset(offset)).all()
    names = names_of(session, {row.actor_id for row in rows})
    return [AccessLine(row, _name(row.actor_id, names)) for row in rows]


def _name(actor_id: int | None, names: dict[int, str]) -> str:
    if actor_id is None:
        return _("系统")
    return names.get(actor_id, _("已删除的用户 {id}").format(id=actor_id))
