"""Tables of personal data: who looked at what, sealed files; and the columns that records of persons share."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base
from cms.personal.columns import sealed


@dataclass(frozen=True)
class Subject:
    """The record that something is about, as the audit log names it: ``Subject("application", 12)``."""

    type: str
    id: int | str


class PersonalRecord:
    """Columns of every record about a person whose data are erased some day."""

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Set by :func:`cms.personal.retention.hold`: the data are needed as evidence and stay beyond their time.
    legal_hold: Mapped[bool] = mapped_column(default=False)
    #: When the personal data were erased; dates, class and outcome stay.
    erased_at: Mapped[datetime | None]


class PersonalAccess(Base):
    """Somebody saw personal data of a record: who, when, which fields, why. Rows are added, never changed."""

    __tablename__ = "personal_access"
    __table_args__ = (
        Index("ix_personal_access_subject", "subject_type", "subject_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    fields: Mapped[list[str]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(String(200))


class SealedFile(Base):
    """A file that a citizen gave us: identity document, authorisation, evidence. Its bytes are sealed on disk."""

    __tablename__ = "sealed_file"
    __table_args__ = (Index("ix_sealed_file_subject", "subject_type", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The record it belongs to; :data:`cms.personal.files.STAGED` until the form it came with is accepted.
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    #: What it is for, a word of the owner's: ``identity``, ``authorisation``, ``evidence``.
    purpose: Mapped[str] = mapped_column(String(40))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    #: The name it came with; people put their own names into it.
    name: Mapped[str] = sealed()
    #: Under which random name the sealed bytes lie, and by which key they are sealed.
    stored_as: Mapped[str] = mapped_column(String(64), unique=True)
    key_id: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(index=True)
