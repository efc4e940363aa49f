"""Tables of the letters: the register, what happened to each letter, the versions of its answer, the reply limits.

Nothing is deleted. What writers tell of themselves, and their letter as they wrote it, lies sealed in one column; the
clear columns hold the letter with personal data masked.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import Model, PersonalRecord, RegisterEntry, enum_by_value, fingerprint_of, sealed

from .clocks import Unit
from .states import Action, State
from .terms import Category, Channel, Satisfaction, Verdict

_LETTER = "letters__letter.id"
_IS_PUBLIC = text("published_at IS NOT NULL")


class Letter(PersonalRecord, RegisterEntry, Model, table="letter"):
    """A letter, call, visit, work order or report of a mistake on the site. ``occurred_on`` is the day it came."""

    __table_args__ = (
        Index("ix_letters__letter_open", "state", "due_at"),
        Index("ix_letters__letter_kind", "channel", "occurred_on"),
        Index("ix_letters__letter_answered", "answered_on"),
        # Lists and numbers that citizens ask for must not cost more with every letter of past years.
        Index(
            "ix_letters__letter_public",
            "answered_at",
            "id",
            "topic",
            sqlite_where=_IS_PUBLIC,
            postgresql_where=_IS_PUBLIC,
        ),
        Index("ix_letters__letter_counts", "occurred_on", "verdict", "state", "answered_on"),
        Index("ix_letters__letter_department", "department_id", "state"),
    )

    #: The receipt number, ``XJ2016-00012``.
    number: Mapped[str] = mapped_column(String(20), unique=True)
    #: Number of the work order or of the letter where it came from; unique with the channel.
    external_no: Mapped[str] = mapped_column(String(60), default="")
    #: Key of an import; the same record is not taken in twice.
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    channel: Mapped[Channel] = mapped_column(enum_by_value(Channel))
    category: Mapped[Category] = mapped_column(enum_by_value(Category))
    topic: Mapped[str] = mapped_column(String(60), default="")
    #: Title and text with personal data masked; as written they are in ``personal``.
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    #: The page that a report of a mistake on the site is about.
    page_url: Mapped[str] = mapped_column(String(500), default="")
    wants_public: Mapped[bool] = mapped_column(default=False)
    is_urgent: Mapped[bool] = mapped_column(default=False)
    #: Counted on a tally sheet as well: the figures take the tally and leave the letter out.
    is_tallied: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    #: The writer (``name phone email address``) and ``title`` and ``text`` as written.
    personal: Mapped[str] = sealed()
    sender_key: Mapped[str] = fingerprint_of("personal", kind="phone", field="phone")
    #: The query code that the writer got; nothing for letters that came on other ways.
    code: Mapped[str] = sealed()

    state: Mapped[State] = mapped_column(enum_by_value(State), default=State.RECEIVED)
    verdict: Mapped[Verdict | None] = mapped_column(enum_by_value(Verdict))
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey(_LETTER, ondelete="SET NULL"))
    #: Where a letter went that was handed over: day and reference.
    handed_on: Mapped[date | None]
    handed_ref: Mapped[str] = mapped_column(String(120), default="")
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    #: The calendar did not know all days up to the limit.
    is_estimated: Mapped[bool] = mapped_column(default=False)
    #: The day from which the limit runs, if not that of receipt: the letter is done anew.
    clock_from: Mapped[date | None]
    #: The last day on which it may be unanswered under the national inspection (three months).
    red_on: Mapped[date]
    #: Units added to the limit, on approval.
    extension: Mapped[int] = mapped_column(default=0)
    urged_on: Mapped[date | None]
    #: The highest alarm that was raised: "", "soon", "late", "red".
    alarm: Mapped[str] = mapped_column(String(8), default="")

    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    #: Whether the first answer, or any later one, came after its limit.
    was_late: Mapped[bool | None]

    published_at: Mapped[datetime | None]
    public_title: Mapped[str] = mapped_column(String(200), default="")
    public_text: Mapped[str] = mapped_column(Text, default="")
    public_answer: Mapped[str] = mapped_column(Text, default="")

    satisfaction: Mapped[Satisfaction | None] = mapped_column(enum_by_value(Satisfaction))
    rated_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]
    #: The day on which it was answered, dismissed or handed over; personal data are kept for a time from then on.
    ended_on: Mapped[date | None]
    #: Counts changes, so that two people do not overwrite each other.
    version: Mapped[int] = mapped_column(default=1)


class Happening(Model, table="happening"):
    """A line of a letter's history. ``occurred_on`` is when it happened, ``recorded_at`` when it was entered."""

    __table_args__ = (Index("ix_letters__happening_letter", "letter_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(_LETTER, ondelete="CASCADE"))
    action: Mapped[Action] = mapped_column(enum_by_value(Action))
    before: Mapped[State | None] = mapped_column(enum_by_value(State))
    after: Mapped[State] = mapped_column(enum_by_value(State))
    occurred_on: Mapped[date]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(500), default="")
    #: What the action was about: departments, limits, old and new values. No personal data.
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Draft(Model, table="draft"):
    """A version of the answer with who wrote it; the newest one counts."""

    __table_args__ = (UniqueConstraint("letter_id", "number", name="uq_letters__draft_letter_id_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(_LETTER, ondelete="CASCADE"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    recorded_at: Mapped[datetime]


class Limit(Model, table="limit"):
    """A reply limit for letters that come on ``valid_from`` or later; empty channel or category means any.

    A limit is never changed: a newer line takes its place. ``n`` may be nothing: no limit.
    """

    __table_args__ = (Index("ix_letters__limit_valid_from", "valid_from", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(40), default="")
    #: A category, "urgent", or nothing.
    category: Mapped[str] = mapped_column(String(40), default="")
    n: Mapped[int | None]
    unit: Mapped[Unit] = mapped_column(enum_by_value(Unit))
    warn_before: Mapped[int]
    basis: Mapped[str] = mapped_column(String(200), default="")
    valid_from: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))


class Series(Model, table="series"):
    """The last receipt number of a year."""

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
