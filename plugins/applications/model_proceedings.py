"""What happens between receipt and answer: inquiries, consultations, fees."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, RegisterEntry, enum_by_value, sealed

_APPLICATION = "applications__application.id"


class InquiryKind(StrEnum):
    """What the applicant is asked for: a correction (art. 30) or reasons (art. 35)."""

    CORRECTION = "correction"
    REASON = "reason"


class Inquiry(RegisterEntry, Model, table="inquiry"):
    """A notice to the applicant that asks for something, once of each kind. ``occurred_on`` is its day."""

    __table_args__ = (
        UniqueConstraint("application_id", "kind", name="uq_applications__inquiry_application_kind"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey(_APPLICATION, name="fk_applications__inquiry_application", ondelete="RESTRICT")
    )
    kind: Mapped[InquiryKind] = mapped_column(enum_by_value(InquiryKind))
    text: Mapped[str] = mapped_column(Text, default="")
    #: The day on which the applicant got it; the term runs from there.
    notified_on: Mapped[date]
    due_on: Mapped[date]
    is_estimated: Mapped[bool] = mapped_column(default=False)
    replied_on: Mapped[date | None]
    #: Field text.
    reply: Mapped[str] = sealed()
    lapsed_on: Mapped[date | None]


class ConsultationKind(StrEnum):
    """Whose opinion is asked: a third party's (art. 32) or that of an organ that had a part in making it (art. 34)."""

    THIRD_PARTY = "third_party"
    CO_AGENCY = "co_agency"


class Opinion(StrEnum):
    """What came of it. Silence of a third party lets the organ decide; silence of an organ is consent."""

    AGREES = "agrees"
    REFUSES = "refuses"
    PARTLY = "partly"
    LAPSED = "lapsed"
    DEEMED = "deemed"


class Consultation(RegisterEntry, Model, table="consultation"):
    """A letter that asks for an opinion. ``occurred_on`` is the day it was sent; from there the answer clock stands."""

    __table_args__ = (Index("ix_applications__consultation_application", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey(_APPLICATION, name="fk_applications__consultation_application", ondelete="RESTRICT")
    )
    kind: Mapped[ConsultationKind] = mapped_column(enum_by_value(ConsultationKind))
    #: Fields name, contact, text (what was asked), opinion.
    party: Mapped[str] = sealed()
    #: The day on which the letter arrived; 15 working days run from there.
    party_received_on: Mapped[date | None]
    due_on: Mapped[date | None]
    is_estimated: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]
    opinion: Mapped[Opinion | None] = mapped_column(enum_by_value(Opinion))


class FeeNotice(RegisterEntry, Model, table="fee"):
    """A notice of a fee for processing (art. 42; 国办函〔2020〕109号). Amounts in 分. ``occurred_on`` is its day."""

    __table_args__ = (Index("ix_applications__fee_paid", "paid_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey(_APPLICATION, name="fk_applications__fee_application", ondelete="RESTRICT"), unique=True
    )
    basis: Mapped[str] = mapped_column(String(20))
    #: How many applications in the month, this one included, or how many pages.
    quantity: Mapped[int]
    amount: Mapped[int]
    waived: Mapped[int] = mapped_column(default=0)
    waiver_reason: Mapped[str] = mapped_column(String(200), default="")
    notified_on: Mapped[date]
    due_on: Mapped[date]
    is_estimated: Mapped[bool] = mapped_column(default=False)
    paid_on: Mapped[date | None]
    receipt: Mapped[str] = mapped_column(String(60), default="")
    #: The day the waiting ended without payment: waived, lapsed, or the application was closed otherwise.
    ended_on: Mapped[date | None]
