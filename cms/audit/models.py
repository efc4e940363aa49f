"""Table of the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base
from cms.db.stamps import HIDDEN


class AuditEntry(Base):
    """One action. ``digest`` covers this entry and the digest before it, so that a change anywhere shows."""

    __tablename__ = "audit_entry"
    __table_args__ = {"sqlite_autoincrement": True, "info": HIDDEN}  # noqa: RUF012 — the name and form are SQLAlchemy's

    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    algorithm: Mapped[str] = mapped_column(String(16), default="sha256")
    digest: Mapped[str] = mapped_column(String(64))
