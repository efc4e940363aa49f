"""Hooks that content fires."""

from dataclasses import dataclass

from cms.content.snapshot import Snapshot
from cms.kernel.hooks import Check, Event


@dataclass(frozen=True, kw_only=True)
class ContentPublished(Event):
    """A revision became public. Sent after the commit."""

    content_id: int
    type: str
    revision_id: int
    actor_id: int | None


@dataclass(frozen=True, kw_only=True)
class ContentWithdrawn(Event):
    """An item ceased to be public, by withdrawal or expiry. Sent after the commit."""

    content_id: int
    type: str
    actor_id: int | None


@dataclass(kw_only=True)
class PublishCheck(Check):
    """A revision is about to be submitted, scheduled or published from the desk; handlers may object."""

    type: str
    snapshot: Snapshot
