"""What one register hands to another (转办): it waits here, sealed, until the other takes it up.

Plugins do not know each other. A letter that is really an application for disclosure (条例 art. 28) is handed over by
whoever keeps the letters, and taken up by whoever keeps the applications, now or when that plugin is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cms.accounts.policy import Actor
from cms.audit.services import record
from cms.db.base import Base
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Conflict
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.personal.columns import seal_into, sealed
from cms.personal.keyring import Keyring


class HandOver(Base):
    """A matter on its way from one register to another."""

    __tablename__ = "hand_over"
    __table_args__ = (Index("ix_hand_over_target", "target", "taken_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The procedure that is to answer, for instance ``application``.
    target: Mapped[str] = mapped_column(String(40))
    #: Kind, id and number of the record that it comes from.
    origin: Mapped[str] = mapped_column(String(40))
    origin_id: Mapped[int]
    number: Mapped[str] = mapped_column(String(60))
    #: Without personal data; the matter as its writer put it is in ``personal``.
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(500), default="")
    personal: Mapped[str] = sealed()
    received_on: Mapped[date]
    occurred_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    taken_at: Mapped[datetime | None]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    #: Number of the record that was made of it.
    taken_as: Mapped[str] = mapped_column(String(60), default="")


@dataclass(frozen=True, kw_only=True)
class HandOverInput:
    """A matter to be handed over.

    :param personal: ``name phone email address title text`` as far as known; sealed at once.
    :param received_on: when it came to the organ; :param occurred_on: when it was handed over.
    """

    target: str
    origin: str
    origin_id: int
    number: str
    title: str
    received_on: date
    occurred_on: date
    note: str = ""
    personal: Mapping[str, str] = field(default_factory=dict)


def hand_over(uow: UnitOfWork, keyring: Keyring, given: HandOverInput, *, actor: Actor) -> HandOver:
    """Put a matter where ``given.target`` takes it up. The register that hands over has asked for the permission."""
    row = HandOver(
        target=given.target, origin=given.origin, origin_id=given.origin_id, number=given.number,
        title=one_line(given.title)[:200], note=one_line(given.note)[:500], received_on=given.received_on,
        occurred_on=given.occurred_on, recorded_at=uow.clock.now(), recorded_by_id=actor.id, taken_as="",
    )  # fmt: skip
    seal_into(keyring, row, HandOver.personal, given.personal)
    uow.session.add(row)
    # The audit entry names the id.
    uow.session.flush()
    record(
        uow, "hand_over.add", actor_id=actor.id, subject_type="hand_over", subject_id=row.id, target=row.target,
        number=row.number,
    )  # fmt: skip
    return row


def waiting_hand_overs(session: Session, target: str) -> Sequence[HandOver]:
    """Return what waits to be taken up by ``target``, oldest first."""
    query = select(HandOver).where(HandOver.target == target, HandOver.taken_at.is_(None))
    return session.scalars(query.order_by(HandOver.occurred_on, HandOver.id)).all()


def hand_over_of(session: Session, origin: str, origin_id: int) -> HandOver | None:
    """Return the newest hand-over of a record, so that its register can tell what became of it."""
    query = select(HandOver).where(HandOver.origin == origin, HandOver.origin_id == origin_id)
    return session.scalars(query.order_by(HandOver.id.desc()).limit(1)).first()


def take_up(uow: UnitOfWork, row: HandOver, number: str, *, actor: Actor) -> None:
    """Say that a record with ``number`` was made of the matter; what is personal lives on in that record alone.

    Whoever takes it up has asked for the permission, and has read ``personal`` before.

    :raises Conflict: if it has been taken up.
    """
    if row.taken_at is not None:
        raise Conflict(_("这件事项已登记为 {number}。").format(number=row.taken_as))
    row.taken_at, row.taken_by_id, row.taken_as = uow.clock.now(), actor.id, number[:60]
    row.personal = ""
    record(uow, "hand_over.take", actor_id=actor.id, subject_type="hand_over", subject_id=row.id, number=number)


def withdraw_hand_over(uow: UnitOfWork, row: HandOver, *, actor: Actor) -> None:
    """Take back a matter that nobody has taken up yet; the row stays, with nothing personal in it.

    :raises Conflict: if it has been taken up.
    """
    take_up(uow, row, _("（已撤回）"), actor=actor)
