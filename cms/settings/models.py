"""Tables of site settings and stamps."""

from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base


class StoredSettings(Base):
    """The values of one settings dataclass, by its key."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)


class Stamp(Base):
    """A counter that says that something changed: ``plugins`` (app to be rebuilt)."""

    __tablename__ = "stamp"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
