"""行政复议, 行政诉讼, 申诉, 举报投诉 about disclosure."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, RegisterEntry, enum_by_value


class CaseKind(StrEnum):
    """The groups of Table 4, and two kinds that it does not count."""

    REVIEW = "R"
    SUIT = "L0"
    SUIT_AFTER_REVIEW = "L1"
    APPEAL = "appeal"
    COMPLAINT = "complaint"


class CaseResult(StrEnum):
    """The columns of Table 4; a case without a result is pending."""

    KEEP = "keep"
    FIX = "fix"
    OTHER = "other"


class Case(RegisterEntry, Model, table="case"):
    """A case, with or without the application it is about. ``occurred_on`` is the day the organ got to know of it."""

    __table_args__ = (
        CheckConstraint("(decided_on IS NULL) = (result IS NULL)", name="result_when_decided"),
        Index("ix_applications__case_decided", "kind", "decided_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CaseKind] = mapped_column(enum_by_value(CaseKind))
    application_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications__application.id", name="fk_applications__case_application", ondelete="RESTRICT"),
        index=True,
    )
    #: The review that a suit follows.
    follows_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications__case.id", name="fk_applications__case_follows", ondelete="RESTRICT")
    )
    number: Mapped[str] = mapped_column(String(80), default="")
    #: 复议机关, 法院, 受理机关.
    body: Mapped[str] = mapped_column(String(80), default="")
    matter: Mapped[str] = mapped_column(String(200), default="")
    decided_on: Mapped[date | None]
    result: Mapped[CaseResult | None] = mapped_column(enum_by_value(CaseResult))
    decision: Mapped[str] = mapped_column(String(300), default="")
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    lock_version: Mapped[int] = mapped_column(default=0)
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(200), default="")
