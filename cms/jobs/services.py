"""Queueing jobs and running what is due."""

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork, unit_of_work
from cms.jobs.models import Job, JobRun, JobState
from cms.kernel.clock import Clock
from cms.kernel.errors import NotFound
from cms.kernel.i18n import gettext as _

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5

Handler = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Recurring:
    """A task that runs again and again; ``every`` is the time between ends and beginnings."""

    name: str
    every: timedelta
    run: Callable[[], None]


@dataclass
class JobRegistry:
    """What one app can do later."""

    handlers: dict[str, Handler] = field(default_factory=dict)
    recurring: list[Recurring] = field(default_factory=list)

    def add(self, name: str, handler: Handler) -> None:
        """Let ``handler`` do the jobs called ``name``; it opens its own unit of work and may run twice."""
        self.handlers[name] = handler

    def every(self, name: str, delta: timedelta, run: Callable[[], None]) -> None:
        """Run a task regularly; one that was missed runs at the next start."""
        self.recurring.append(Recurring(name, delta, run))


def enqueue(uow: UnitOfWork, name: str, payload: dict[str, Any], *, run_at: datetime | None = None) -> Job:
    """Ask for a job; it exists when the unit of work commits."""
    now = uow.clock.now()
    job = Job(name=name, payload=payload, run_at=run_at or now, created_at=now)
    uow.session.add(job)
    return job


def failed_jobs(session: Session, *, limit: int = 50) -> Sequence[Job]:
    """Return the jobs that were given up, newest first."""
    return session.scalars(select(Job).where(Job.state == JobState.FAILED).order_by(Job.id.desc()).limit(limit)).all()


def count_jobs(session: Session, state: JobState) -> int:
    """Return how many jobs are in ``state``."""
    return session.scalar(select(func.count()).select_from(Job).where(Job.state == state)) or 0


def is_waiting(session: Session, name: str) -> bool:
    """Tell whether a job called ``name`` still has to be done."""
    found = select(Job.id).where(Job.name == name, Job.state == JobState.WAITING).limit(1)
    return session.scalar(found) is not None


def retry(uow: UnitOfWork, job_id: int, *, actor: Actor) -> None:
    """Let a job that was given up be tried again, from the beginning.

    :raises NotAllowed: if ``actor`` may not. :raises NotFound: if no such job has failed.
    """
    require(actor, "settings.manage")
    job = uow.session.get(Job, job_id)
    if job is None or job.state is not JobState.FAILED:
        raise NotFound(_("没有这个失败的任务。"))
    job.state, job.attempts, job.run_at = JobState.WAITING, 0, uow.clock.now()
    record(uow, "job.retry", actor_id=actor.id, subject_type="job", subject_id=job.id, name=job.name)


def run_due(engine: Engine, jobs: JobRegistry, clock: Clock) -> int:
    """Do everything that is due, one after the other; return how many tasks and jobs ran.

    Only the leader calls this. A failing job is tried again later, five times in all, and then kept as failed.
    """
    return _run_recurring(engine, jobs, clock) + _run_queue(engine, jobs, clock)


def _run_recurring(engine: Engine, jobs: JobRegistry, clock: Clock) -> int:
    with Session(engine) as session:
        last = {row.name: row.last_run_at for row in session.scalars(select(JobRun))}
    done = 0
    for task in jobs.recurring:
        if task.name in last and clock.now() - last[task.name] < task.every:
            continue
        try:
            task.run()
        except Exception:
            log.exception("recurring task %s failed", task.name)
        with unit_of_work(engine, clock=clock) as uow:
            uow.session.merge(JobRun(name=task.name, last_run_at=clock.now()))
        done += 1
    return done


def _run_queue(engine: Engine, jobs: JobRegistry, clock: Clock) -> int:
    due = select(Job.id, Job.name, Job.payload).where(
        Job.state == JobState.WAITING, Job.run_at <= clock.now(), Job.name.in_(sorted(jobs.handlers))
    )
    with Session(engine) as session:
        waiting = session.execute(due.order_by(Job.run_at, Job.id).limit(100)).all()
    for row in waiting:
        _run_one(engine, row.id, jobs.handlers[row.name], row.payload, clock)
    return len(waiting)


def _run_one(engine: Engine, job_id: int, handler: Handler, payload: dict[str, Any], clock: Clock) -> None:
    error = ""
    try:
        handler(payload)
    except Exception:
        log.exception("job %s failed", job_id)
        error = traceback.format_exc()
    with unit_of_work(engine, clock=clock) as uow:
        job = uow.session.get_one(Job, job_id)
        job.attempts += 1
        job.error = error
        if not error:
            job.state, job.finished_at = JobState.DONE, clock.now()
        elif job.attempts >= MAX_ATTEMPTS:
            job.state = JobState.FAILED
        else:
            job.run_at = clock.now() + timedelta(seconds=30 * 4**job.attempts)
