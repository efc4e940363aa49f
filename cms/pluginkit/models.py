"""Table of plugin states."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base, enum_by_value


class Status(StrEnum):
    """What the administrator has decided about a plugin."""

    INSTALLED = "installed"
    ENABLED = "enabled"
    DISABLED = "disabled"


class PluginState(Base):
    """The decision about one plugin and the last thing that went wrong with it."""

    __tablename__ = "plugin_state"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    status: Mapped[Status | None] = mapped_column(enum_by_value(Status))
    version: Mapped[str] = mapped_column(String(40), default="")
    changed_at: Mapped[datetime]
    #: One line for the list, and the traceback behind it; empty when all is well.
    error: Mapped[str] = mapped_column(default="")
    traceback: Mapped[str] = mapped_column(default="")
