"""The ledger of index numbers (索引号台账): every number that was ever given, for good, and those that are void.

A number is void when its item is gone, lies in the recycle bin, or was withdrawn as 误发 or 重复; an item that becomes
public again has its number back. Whatever happens, a number in the ledger is never given to another item.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, Select, String, and_, case, func, literal, or_, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.catalogue.index_numbers import allocate
from cms.content.enums import Exclusion, PublicationAction
from cms.content.models import Content, Publication
from cms.db.base import Base
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, one_line

MANAGE = "catalogue.manage"
MAX_NUMBER, MAX_REASON = 80, 200


class IndexNumber(Base):
    """A number that was given or registered. Rows are never removed, and the item they name never changes."""

    __tablename__ = "catalogue_number"

    number: Mapped[str] = mapped_column(String(MAX_NUMBER), primary_key=True)
    #: The item it was given to, also when that is gone; nothing for a number registered as void by hand.
    content_id: Mapped[int | None] = mapped_column(index=True)
    #: Kept so that the line can be read when the item is gone.
    title: Mapped[str] = mapped_column(String(300), default="")
    given_at: Mapped[datetime] = mapped_column(index=True)
    #: 作废原因 as the officer registered it; once.
    reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    reasoned_at: Mapped[datetime | None]
    reasoned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class Fate(StrEnum):
    """What has become of a number."""

    IN_USE = "in_use"
    MISTAKE = "mistake"
    """误发 or 重复: the item should never have been public."""
    DELETED = "deleted"
    """The item lies in the recycle bin."""
    GONE = "gone"
    """The item was removed for good, for instance with its plugin."""
    REGISTERED = "registered"
    """Registered by hand: used elsewhere, or spoilt."""


#: Chinese names of the fates.
FATES: dict[Fate, str] = {
    Fate.IN_USE: "使用中",
    Fate.MISTAKE: "误发或重复，已撤回",
    Fate.DELETED: "内容已删除",
    Fate.GONE: "内容已清除",
    Fate.REGISTERED: "人工登记作废",
}


def give(uow: UnitOfWork, content: Content, day: date) -> str:
    """Return a number for ``content`` that nobody has or ever had, by the template of today; it is in the ledger."""
    number = allocate(uow, day)
    while is_known(uow.session, number):
        # Imports and officers bring numbers of their own, and the counter does not know them.
        number = allocate(uow, day)
    enter(uow, number, content)
    return number


def enter(uow: UnitOfWork, number: str, content: Content) -> None:
    """Write down that ``content`` has ``number``; again is the same.

    :raises Invalid: field ``index_no``, if the number ever belonged to another item or is registered as void.
    """
    known = uow.session.get(IndexNumber, number)
    if known is None:
        uow.session.add(
            IndexNumber(number=number, content_id=content.id, title=content.title, given_at=uow.clock.now())
        )
    elif known.content_id != content.id:
        raise Invalid({"index_no": [_("索引号“{no}”已被使用过，不能重复使用。").format(no=number)]})


def is_known(session: Session, number: str) -> bool:
    """Tell whether the ledger holds ``number``."""
    return session.scalar(select(IndexNumber.number).where(IndexNumber.number == number)) is not None


def register_void(uow: UnitOfWork, number: str, reason: str, *, actor: Actor) -> IndexNumber:
    """Write down why a void number is void; a number that nobody has is taken out of use by it.

    :raises Invalid: without number or reason, for a number that is in use, and for one whose reason is known already.
    """
    require(actor, MANAGE)
    number, reason = one_line(number), clean(reason)
    errors: dict[str, list[str]] = {}
    if not number:
        errors["number"] = [_("请填写索引号。")]
    elif len(number) > MAX_NUMBER:
        errors["number"] = [_("索引号最多 {n} 个字。").format(n=MAX_NUMBER)]
    if not reason:
        errors["reason"] = [_("请写明作废的原因。")]
    elif len(reason) > MAX_REASON:
        errors["reason"] = [_("原因最多 {n} 个字。").format(n=MAX_REASON)]
    line = None if errors else _line(uow.session, number)
    if line is not None and line.fate is Fate.IN_USE:
        errors["number"] = [_("这个索引号正在使用；请先撤回（误发）或删除对应的内容。")]
    elif line is not None and line.entry.reason:
        errors["number"] = [_("这个索引号的作废原因已登记，不能更改。")]
    if errors:
        raise Invalid(errors)
    entry = line.entry if line else IndexNumber(number=number, title="", given_at=uow.clock.now())
    entry.reason, entry.reasoned_at, entry.reasoned_by_id = reason, uow.clock.now(), actor.id
    uow.session.add(entry)
    record(uow, "catalogue.void", actor_id=actor.id, subject_type="index_number", subject_id=number, reason=reason)
    return entry


@dataclass(frozen=True)
class Line:
    """A number with what has become of it; ``said`` is what the withdrawal gave as its reason."""

    entry: IndexNumber
    fate: Fate
    said: str = ""

    @property
    def reason(self) -> str:
        """Return why the number is void, as far as anybody has said."""
        return self.entry.reason or self.said


def numbers(*, only_void: bool = False, text: str = "") -> Select[*tuple[IndexNumber, str, str | None]]:
    """Return the select of the register, newest first: entry, value of its fate, reason of the withdrawal."""
    query = (
        select(IndexNumber, _FATE.label("fate"), _LAST.reason)
        .outerjoin(Content, Content.id == IndexNumber.content_id)
        .outerjoin(_LAST, _LAST.id == _last_id())
    )
    if only_void:
        query = query.where(_FATE.is_distinct_from(Fate.IN_USE.value))
    if text:
        query = query.where(
            or_(IndexNumber.number.contains(text, autoescape=True), IndexNumber.title.contains(text, autoescape=True))
        )
    return query.order_by(IndexNumber.given_at.desc(), IndexNumber.number.desc())


def lines(session: Session, query: Select[*tuple[IndexNumber, str, str | None]]) -> list[Line]:
    """Return the lines of a select of :func:`numbers`."""
    return [
        Line(entry, Fate(fate), said or "" if fate == Fate.MISTAKE.value else "")
        for entry, fate, said in session.execute(query)
    ]


def _line(session: Session, number: str) -> Line | None:
    return next(iter(lines(session, numbers().where(IndexNumber.number == number))), None)


_LAST = aliased(Publication)


def _last_id() -> ColumnElement[int]:
    """Return the newest line of the publication log of the number's item."""
    line = aliased(Publication)
    newest = select(func.max(line.id)).where(line.content_id == IndexNumber.content_id)
    return newest.correlate(IndexNumber).scalar_subquery()


_FATE: ColumnElement[str] = case(
    (IndexNumber.content_id.is_(None), literal(Fate.REGISTERED.value)),
    (Content.id.is_(None), literal(Fate.GONE.value)),
    (Content.deleted_at.is_not(None), literal(Fate.DELETED.value)),
    (
        and_(_LAST.action == PublicationAction.WITHDRAWN, _LAST.exclusion != Exclusion.NONE),
        literal(Fate.MISTAKE.value),
    ),
    else_=literal(Fate.IN_USE.value),
)
