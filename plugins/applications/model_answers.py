"""Answers, and what was removed from files for them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, enum_by_value, sealed

_APPLICATION = "applications__application.id"


class AnswerState(StrEnum):
    """Where an answer stands on its way to the applicant."""

    DRAFT = "draft"
    REVIEW = "review"
    SIGNED = "signed"
    SERVED = "served"


class Answer(Model, table="answer"):
    """A letter that answers an application. Its text is frozen, sealed, when it is signed."""

    __table_args__ = (
        UniqueConstraint("application_id", "position", name="uq_applications__answer_application_position"),
        UniqueConstraint("number", name="uq_applications__answer_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey(_APPLICATION, name="fk_applications__answer_application", ondelete="RESTRICT")
    )
    #: 1, 2 …; further ones after 复议 or 诉讼.
    position: Mapped[int] = mapped_column(default=1)
    state: Mapped[AnswerState] = mapped_column(enum_by_value(AnswerState), default=AnswerState.DRAFT)
    edition: Mapped[str] = mapped_column(String(10))
    kind: Mapped[str] = mapped_column(String(40))
    result: Mapped[str] = mapped_column(String(12))
    is_redo: Mapped[bool] = mapped_column(default=False)
    #: Paragraphs that the officer writes; the rest of the letter follows from kind, result and day.
    reasons: Mapped[str] = mapped_column(Text, default="")
    provided: Mapped[str] = mapped_column(Text, default="")
    #: The letter number, given when it is signed.
    number: Mapped[str | None] = mapped_column(String(80))
    #: The day in the letter.
    dated: Mapped[date | None]
    #: Codes of the results whose grounds the letter gives.
    grounds: Mapped[list[str]]
    organ: Mapped[str] = mapped_column(String(300), default="")
    #: The letter as it was signed, as JSON in the field letter.
    letter: Mapped[str] = sealed()
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    drafted_at: Mapped[datetime]
    #: 公开审查 (art. 17).
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reviewed_at: Mapped[datetime | None]
    review_note: Mapped[str] = mapped_column(String(300), default="")
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    signed_at: Mapped[datetime | None]
    #: Name and post of the head who signed on paper, where the account is not theirs.
    signer: Mapped[str] = mapped_column(String(60), default="")
    served_on: Mapped[date | None]
    served_how: Mapped[str] = mapped_column(String(20), default="")
    #: Number of the registered letter, name on the receipt, address of the mail.
    receipt: Mapped[str] = sealed()
    lock_version: Mapped[int] = mapped_column(default=0)


class RedactionJob(Model, table="redaction"):
    """What was removed from a file for partial disclosure (art. 37), by whom and when."""

    __table_args__ = (Index("ix_applications__redaction_application", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(
        ForeignKey(_APPLICATION, name="fk_applications__redaction_application", ondelete="RESTRICT")
    )
    source_id: Mapped[int | None] = mapped_column(
        ForeignKey("sealed_file.id", name="fk_applications__redaction_source", ondelete="SET NULL")
    )
    output_id: Mapped[int | None] = mapped_column(
        ForeignKey("sealed_file.id", name="fk_applications__redaction_output", ondelete="SET NULL")
    )
    #: The order as JSON, field order: phrases are what must not be read.
    request: Mapped[str] = sealed()
    removed: Mapped[int] = mapped_column(default=0)
    notes: Mapped[list[str]]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
