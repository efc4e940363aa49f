"""Tables of the calendar: imported notices with their days, and the holidays of the place."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cms.db.base import Base, enum_by_value
from cms.workdays.calendar import DayKind


class CalendarNotice(Base):
    """A notice as somebody imported it. Versions count up within a year; the older ones stay on record.

    At most one of a year is current: the newest that has not been withdrawn. Without one the bundled notice stands.
    """

    __tablename__ = "calendar_notice"
    __table_args__ = (UniqueConstraint("year", "version"), Index("ix_calendar_notice_current", "is_current", "year"))

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    version: Mapped[int]
    #: Title and number of the notice, as the person gave them.
    source: Mapped[str] = mapped_column(String(200))
    is_current: Mapped[bool]
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")
    days: Mapped[list["CalendarDay"]] = relationship(cascade="all, delete-orphan", order_by="CalendarDay.day")


class CalendarDay(Base):
    """A day that a notice arranges: off (``holiday``) or worked although a weekend (``makeup``)."""

    __tablename__ = "calendar_day"
    __table_args__ = (UniqueConstraint("notice_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("calendar_notice.id", ondelete="CASCADE"))
    day: Mapped[date]
    kind: Mapped[DayKind] = mapped_column(enum_by_value(DayKind))
    name: Mapped[str] = mapped_column(String(40))


class LocalHoliday(Base):
    """A further day off of the place, for instance of a minority area (放假办法 art. 4)."""

    __tablename__ = "calendar_local_holiday"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(String(40))
    #: The rule or document that gives the day off.
    source: Mapped[str] = mapped_column(String(200))
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class CalendarSettled(Base):
    """The days of a year that all due dates follow, by their digest; see :mod:`.settling`."""

    __tablename__ = "calendar_settled"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
