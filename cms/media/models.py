"""Table of assets."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base
from cms.db.stamps import hidden


class Asset(Base):
    """A file that items use. The bytes lie in the file store under ``digest``."""

    __tablename__ = "asset"
    __table_args__ = {  # noqa: RUF012 — the name and form are SQLAlchemy's
        "sqlite_autoincrement": True,
        # A file shows when an item uses it.
        "info": hidden("uploader_id", "created_at", new_rows=True),
    }

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    alt: Mapped[str] = mapped_column(String(300), default="")
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]

    @property
    def is_image(self) -> bool:
        """Tell whether browsers show it in place."""
        return self.media_type.startswith("image/")

    @property
    def extension(self) -> str:
        """Return the extension with its dot, in lower case."""
        return "." + self.filename.rsplit(".", 1)[-1].lower() if "." in self.filename else ""

    @property
    def path(self) -> str:
        """Return the address of the file below the base path of the site."""
        return f"/media/{self.id}/{self.filename}"
