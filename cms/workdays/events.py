"""Events of the calendar."""

from dataclasses import dataclass

from cms.kernel.hooks import Event


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(Event):
    """Working days of ``years`` changed, or became known. Sent after the commit, and by the leader until it worked.

    A handler recomputes the due dates it stores, in a unit of work of its own, and records each change in the audit
    log. It may be called twice for the same change: compare, and write only what differs.
    """

    years: tuple[int, ...]
