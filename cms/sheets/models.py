"""Tables of batches: which list brought which entries into which register."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base


class SheetBatch(Base):
    """A list that was taken in: who, when, which sheet, what proves it. Its entries lie in the register itself."""

    __tablename__ = "sheet_batch"
    __table_args__ = (
        Index("ix_sheet_batch_digest", "sheet", "digest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Code of the :class:`~cms.sheets.spec.SheetSpec`; kept as text, because its plugin may be gone.
    sheet: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    #: Ledger and pages that the whole list comes from; empty if each row names its own.
    evidence: Mapped[str] = mapped_column(String(200), default="")
    #: Name of the file; empty if the rows were typed or pasted.
    origin: Mapped[str] = mapped_column(String(200), default="")
    #: Of the rows; a list with the same rows is taken in again only when asked for.
    digest: Mapped[str] = mapped_column(String(64))
    new: Mapped[int]
    known: Mapped[int]
    #: The batch with the other rows of the same list, and with its scans.
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("sheet_batch.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    undone_reason: Mapped[str] = mapped_column(String(200), default="")


class SheetRow(Base):
    """An entry of a batch: the line of the list, and the id under which the register has it."""

    __tablename__ = "sheet_row"
    __table_args__ = (
        UniqueConstraint("batch_id", "line"),
        Index("ix_sheet_row_entry", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("sheet_batch.id", ondelete="CASCADE"))
    line: Mapped[int]
    entry_id: Mapped[int]
