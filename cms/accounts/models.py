"""Tables of departments and users."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.db.base import Base
from cms.db.stamps import HIDDEN, hidden


class Department(Base):
    """A unit of the organ (科室) that writes and answers."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    phone: Mapped[str] = mapped_column(String(60), default="")
    duties: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)


class User(Base):
    """An account of one person; never shared (等保2.0 身份鉴别)."""

    __tablename__ = "user"
    __table_args__ = {  # noqa: RUF012 — the name and form are SQLAlchemy's
        "info": hidden(
            "password_hash", "old_hashes", "password_changed_at", "must_change_password", "failed_logins",
            "locked_until", "last_login_at", "session_epoch",
        )
    }  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    full_name: Mapped[str] = mapped_column(String(60), default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    old_hashes: Mapped[list[str]] = mapped_column(JSON, default=list)
    password_changed_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    failed_logins: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    #: Counts up when every session of the user has to end: new password, disabled, roles changed.
    session_epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]

    department: Mapped[Department | None] = relationship(lazy="joined")
    role_rows: Mapped[list["UserRole"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class UserRole(Base):
    """A role that a user holds."""

    __tablename__ = "user_role"
    __table_args__ = {"info": HIDDEN}  # noqa: RUF012 — the name and form are SQLAlchemy's

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)
