"""Tables of the annual report: values entered by hand, the report of a year, its chapters."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, enum_by_value


class State(StrEnum):
    """Where the report of a year stands; the numbers are live until it is frozen."""

    OPEN = "open"
    APPROVED = "approved"
    FROZEN = "frozen"
    SUBMITTED = "submitted"
    PUBLISHED = "published"


#: States in which the report is what its snapshot says, and citizens see it.
FINAL = frozenset({State.FROZEN, State.SUBMITTED, State.PUBLISHED})


class ManualValue(Model, table="manual"):
    """A number entered by hand, with its source. Never changed: the newest row of a year and code counts."""

    __table_args__ = (Index("ix_disclosure_report__manual_year_code", "year", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    code: Mapped[str] = mapped_column(String(60))
    #: A decimal number as text: exact on every database. Nothing takes an earlier value back.
    value: Mapped[str | None] = mapped_column(String(24))
    unit: Mapped[str] = mapped_column(String(20))
    #: What proves it: register and page, file number.
    source: Mapped[str] = mapped_column(String(200))
    #: Why it differs from the computed value, where there is one.
    reason: Mapped[str] = mapped_column(String(200), default="")
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("asset.id", ondelete="RESTRICT"))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    @property
    def amount(self) -> Decimal | None:
        """Return the value as a number."""
        return Decimal(self.value) if self.value is not None else None


class AnnualReport(Model, table="report"):
    """The report of a year. ``snapshot`` is JSON, ``digest`` its SHA-256; both are set when it is frozen."""

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    format: Mapped[str] = mapped_column(String(40))
    state: Mapped[State] = mapped_column(enum_by_value(State), default=State.OPEN)
    opened_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    frozen_at: Mapped[datetime | None]
    frozen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    snapshot: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64), default="")


class ChapterText(Model, table="chapter"):
    """The text of a chapter that somebody has edited; other chapters have the text of the format file."""

    __table_args__ = (UniqueConstraint("report_id", "code", name="uq_disclosure_report__chapter_report_id_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(
        ForeignKey("disclosure_report__report.id", name="fk_disclosure_report__chapter_report", ondelete="CASCADE")
    )
    code: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    #: Counts saves, so that two people do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class Dismissal(Model, table="dismissal"):
    """A finding that somebody has set aside, with the reason.

    ``scope`` is the year of our own report (``2016``), or the id of a stored check (``check-12``).
    """

    __table_args__ = (
        UniqueConstraint("scope", "fingerprint", name="uq_disclosure_report__dismissal_scope_fingerprint"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(24))
    fingerprint: Mapped[str] = mapped_column(String(32))
    rule: Mapped[str] = mapped_column(String(8))
    message: Mapped[str] = mapped_column(String(400))
    reason: Mapped[str] = mapped_column(String(200))
    dismissed_at: Mapped[datetime]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class StoredCheck(Model, table="check"):
    """The report of anybody, kept with what is needed to check it again. ``source`` is JSON, see :mod:`.checking`."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    filename: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(Text)
    #: What was chosen; nothing where the text decides.
    year: Mapped[int | None]
    level: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
