"""Table of site settings; the stamps beside it belong to :mod:`cms.db.stamps`."""

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base
from cms.db.stamps import Stamp

__all__ = ["Stamp", "StoredSettings"]


class StoredSettings(Base):
    """The values of one settings dataclass, by its key."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
