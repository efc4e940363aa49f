"""The application itself, and its history."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, PersonalRecord, RegisterEntry, enum_by_value, fingerprint_of, sealed

from .states import State, Step


class Channel(StrEnum):
    """How an application came in; decides on which day it counts as received (条例 art. 31)."""

    ONSITE = "onsite"
    ORAL = "oral"
    POST = "post"
    LETTER = "letter"
    WEB = "web"
    FAX = "fax"


class ApplicantClass(StrEnum):
    """The column of Table 3 (国办公开办函〔2021〕30号); that of the principal, not of the agent."""

    NP = "NP"
    CE = "CE"
    RI = "RI"
    PW = "PW"
    LS = "LS"
    OT = "OT"


class Medium(StrEnum):
    """In what form the applicant wants the information (条例 art. 29 (三))."""

    PAPER = "paper"
    ELECTRONIC = "electronic"
    INSPECT = "inspect"


class Delivery(StrEnum):
    """By what way the applicant wants to get it."""

    POST = "post"
    EMAIL = "email"
    PICKUP = "pickup"
    ONSITE = "onsite"


class Outcome(StrEnum):
    """How an application ended; the result row says the rest."""

    ANSWERED = "answered"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    OTHER = "other"


class Application(RegisterEntry, PersonalRecord, Model, table="application"):
    """An application for information. ``occurred_on`` is the day on which it was made.

    ``received_on`` is the day of receipt by art. 31: it decides the year in which the application counts and never
    changes. ``clock_from`` is where the answer clock began, later than that after a correction. ``due_on`` is stored
    and recomputed when the calendar changes; it is empty while the clock stands still.
    """

    __table_args__ = (
        UniqueConstraint("number", name="uq_applications__application_number"),
        CheckConstraint("(closed_on IS NULL) = (result = '')", name="result_when_closed"),
        CheckConstraint("closed_on IS NULL OR (received_on IS NOT NULL AND closed_on >= received_on)", name="order"),
        Index("ix_applications__application_received", "received_on", "applicant_class"),
        Index("ix_applications__application_closed", "closed_on", "applicant_class"),
        Index("ix_applications__application_state", "state", "next_on"),
    )

    number: Mapped[str] = mapped_column(String(20))
    #: Of a paper register kept before or beside this one.
    external_no: Mapped[str] = mapped_column(String(60), default="")
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    channel: Mapped[Channel] = mapped_column(enum_by_value(Channel))
    applicant_class: Mapped[ApplicantClass] = mapped_column(enum_by_value(ApplicantClass))
    state: Mapped[State] = mapped_column(enum_by_value(State))
    lock_version: Mapped[int] = mapped_column(default=0)

    # What is asked (art. 29 (二), (三)).
    title: Mapped[str] = mapped_column(String(200), default="")
    doc_no: Mapped[str] = mapped_column(String(100), default="")
    medium: Mapped[Medium] = mapped_column(enum_by_value(Medium))
    delivery: Mapped[Delivery] = mapped_column(enum_by_value(Delivery))
    #: Fields text and request (title and number, for finding the same request again).
    particulars: Mapped[str] = sealed()
    request_print: Mapped[str] = fingerprint_of("particulars", kind="request", field="request")

    # Who asks (art. 29 (一)).
    applicant: Mapped[str] = sealed()
    id_print: Mapped[str] = fingerprint_of("applicant", kind="id_number", field="id_number")
    uscc_print: Mapped[str] = fingerprint_of("applicant", kind="uscc", field="uscc")
    name_print: Mapped[str] = fingerprint_of("applicant", kind="name", field="name")
    phone_print: Mapped[str] = fingerprint_of("applicant", kind="phone", field="phone")
    agent: Mapped[str] = sealed()
    co_applicants: Mapped[str] = sealed()
    co_count: Mapped[int] = mapped_column(default=0)
    #: What of the name lists may show, for instance 王**.
    masked_name: Mapped[str] = mapped_column(String(80), default="")
    code: Mapped[str] = sealed()

    # Receipt (art. 31): both sides, and the day that follows from them.
    submitted_at: Mapped[datetime | None]
    organ_confirmed_on: Mapped[date | None]
    applicant_confirmed_on: Mapped[date | None]
    confirmed_how: Mapped[str] = mapped_column(String(20), default="")
    received_on: Mapped[date | None]
    edition: Mapped[str] = mapped_column(String(10), default="")

    # Clocks (arts 30 to 35).
    clock_from: Mapped[date | None]
    due_on: Mapped[date | None]
    is_estimated: Mapped[bool] = mapped_column(default=False)
    extension_days: Mapped[int] = mapped_column(default=0)
    extended_on: Mapped[date | None]
    extension_consent: Mapped[str] = mapped_column(String(60), default="")
    #: A term that the organ has fixed and told by art. 35.
    special_due_on: Mapped[date | None]
    #: The nearest day that somebody has to keep, and whose it is; for lists.
    next_on: Mapped[date | None]
    next_what: Mapped[str] = mapped_column(String(20), default="")

    # The end.
    closed_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(String(12), default="")
    outcome: Mapped[Outcome | None] = mapped_column(enum_by_value(Outcome))
    archived_on: Mapped[date | None]
    redo_due_on: Mapped[date | None]
    redone: Mapped[int] = mapped_column(default=0)
    predecessor_id: Mapped[int | None] = mapped_column(
        ForeignKey("applications__application.id", name="fk_applications__application_predecessor", ondelete="RESTRICT")
    )

    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    #: The item that made the information actively public (art. 44).
    content_id: Mapped[int | None] = mapped_column(ForeignKey("content.id", ondelete="SET NULL"))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(200), default="")


class Event(RegisterEntry, Model, table="event"):
    """A step in the history of an application (条例 art. 45: 登记、审核、办理、答复、归档). Never changed."""

    __table_args__ = (Index("ix_applications__event_application", "application_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey("applications__application.id", name="fk_applications__event_application", ondelete="RESTRICT")
    )
    step: Mapped[Step | None] = mapped_column(enum_by_value(Step))
    #: What happened without changing the state: a notice, a delivery that failed, a remark.
    remark: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[State] = mapped_column(enum_by_value(State))
    note: Mapped[str] = mapped_column(String(500), default="")
    by_applicant: Mapped[bool] = mapped_column(default=False)


class NumberSeries(Model, table="series"):
    """The last number that was given in a year; a number is never given twice."""

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
