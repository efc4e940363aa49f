"""The unit of work: the edge opens it, services receive it, nobody below the edge commits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cms.db.engine import BEGIN
from cms.kernel.clock import SYSTEM_CLOCK, Clock
from cms.kernel.hooks import Event, HookBus


@dataclass
class UnitOfWork:
    """One transaction and what has to happen after it."""

    session: Session
    bus: HookBus
    clock: Clock
    _queued: list[Callable[[], None]] = field(default_factory=list)

    def emit(self, event: Event) -> None:
        """Send ``event`` once the transaction is committed."""

        def send() -> None:
            self.bus.emit(event)

        self._queued.append(send)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run ``action`` once the transaction is committed; it must not touch the database."""
        self._queued.append(action)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block did if it raises, and forget what it queued; the rest of the unit goes on."""
        before = len(self._queued)
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            del self._queued[before:]
            raise

    def run_queued(self) -> None:
        """Run what was queued; called by :func:`unit_of_work` when the work is safe."""
        for action in self._queued:
            action()


@contextmanager
def unit_of_work(engine: Engine, bus: HookBus | None = None, clock: Clock = SYSTEM_CLOCK) -> Iterator[UnitOfWork]:
    """Commit if the block succeeds; roll back and re-raise if it does not; then run what was queued.

    On SQLite the transaction begins IMMEDIATE, so units wait for each other instead of failing.
    """
    writing = engine.execution_options(**{BEGIN: "IMMEDIATE"})
    with Session(writing, expire_on_commit=False) as session:
        uow = UnitOfWork(session, bus or HookBus(), clock)
        try:
            # Begin now: what the block reads must not be older than its lock.
            session.connection()
            yield uow
            session.commit()
        except BaseException:
            session.rollback()
            raise
    uow.run_queued()
