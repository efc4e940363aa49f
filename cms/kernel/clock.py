"""Time, as an object that can be fixed in tests. Statutory days are days in Asia/Shanghai."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

#: Every legal date of the product is a date in this zone (disclosure-rules g.1, rule 7).
CHINA = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is told to move; for tests."""

    at: datetime = field(default_factory=lambda: datetime(2016, 6, 1, 2, 0, tzinfo=UTC))

    def now(self) -> datetime:
        """Return the instant at which the clock stands."""
        return self.at

    def advance(self, **delta: float) -> None:
        """Move on by a ``timedelta`` given by its keyword arguments."""
        self.at += timedelta(**delta)


SYSTEM_CLOCK = SystemClock()


def local(instant: datetime) -> datetime:
    """Return ``instant`` as wall time in Asia/Shanghai."""
    return instant.astimezone(CHINA)


def local_date(instant: datetime) -> date:
    """Return the day of ``instant`` in Asia/Shanghai."""
    return local(instant).date()


def local_instant(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """Return the instant, in UTC, of a wall time in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA).astimezone(UTC)


def parse_instant(text: str) -> datetime:
    """Read an ISO date or date-time; without an offset it is wall time in Asia/Shanghai.

    :raises ValueError: if ``text`` is neither, or an instant that has no wall time in Asia/Shanghai.
    """
    value = datetime.fromisoformat(text)
    try:
        instant = (value if value.tzinfo else value.replace(tzinfo=CHINA)).astimezone(UTC)
        # At the ends of the calendar an instant can be written in one zone and not in the other.
        local(instant)
    except OverflowError as error:
        raise ValueError(text) from error
    return instant
