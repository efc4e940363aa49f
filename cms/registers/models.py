"""What all registers share, and the tally, the simplest of them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base


class RegisterEntry:
    """Columns of every register: when it happened, when and by whom it was recorded, and what proves it.

    Entries are never edited: a counter-entry with the opposite quantity points to the one it corrects.
    """

    occurred_on: Mapped[date] = mapped_column(index=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    #: What proves the entry: ledger and page, file number.
    source: Mapped[str] = mapped_column(String(200), default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id", ondelete="RESTRICT"))


class Tally(RegisterEntry, Base):
    """So many of something on a day: letters, calls, visitors, items pushed to another site."""

    __tablename__ = "tally"
    __table_args__ = (Index("ix_tally_metric", "metric", "occurred_on"), Index("ix_tally_corrects", "corrects_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(String(80))
    quantity: Mapped[int]
    channel: Mapped[str] = mapped_column(String(40), default="")
    topic: Mapped[str] = mapped_column(String(60), default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(200), default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("tally.id", ondelete="RESTRICT"))
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
