"""Table of jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base, enum_by_value
from cms.db.stamps import HIDDEN


class JobState(StrEnum):
    """Whether a job still has to be done."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    """Something to be done once; it commits with the work that asked for it."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "run_at"), {"info": HIDDEN})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[JobState] = mapped_column(enum_by_value(JobState), default=JobState.WAITING)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class JobRun(Base):
    """When a recurring task last ended, so that a missed one runs at the next start."""

    __tablename__ = "job_run"
    __table_args__ = {"info": HIDDEN}  # noqa: RUF012 — the name and form are SQLAlchemy's

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    last_run_at: Mapped[datetime]
