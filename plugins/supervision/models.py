"""The table of the registers. Lines are never changed: they are taken back or ended by further lines."""

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, RegisterEntry, enum_by_value

from .kinds import Kind

_ENTRY = "supervision__entry.id"


class Entry(RegisterEntry, Model, table="entry"):
    """A line of a register. ``occurred_on`` is when it took place, or began to be in force.

    A line with ``corrects_id`` takes that line back. One with ``ends_id`` says that the line was in force until
    ``occurred_on``, that day included. A line with nothing but zeros states that there was nothing.
    """

    __table_args__ = (
        Index("ix_supervision__entry_kind", "kind", "occurred_on"),
        Index("ix_supervision__entry_corrects_id", "corrects_id"),
        Index("ix_supervision__entry_ends_id", "ends_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(enum_by_value(Kind))
    category: Mapped[str] = mapped_column(String(20), default="")
    subject: Mapped[str] = mapped_column(String(120))
    #: Sessions, meetings, persons in office, places: what the register counts.
    quantity: Mapped[int] = mapped_column(default=0)
    #: Persons who took part.
    people: Mapped[int] = mapped_column(default=0)
    #: Money in 分.
    fen: Mapped[int] = mapped_column(BigInteger, default=0)
    outcome: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey(_ENTRY, ondelete="RESTRICT"))
    ends_id: Mapped[int | None] = mapped_column(ForeignKey(_ENTRY, ondelete="RESTRICT"))
    #: Key of an import, or one made here, so that a line is never taken in twice.
    external_id: Mapped[str] = mapped_column(String(200), unique=True)
