"""What stands until something public changes: settings, sections, and what pages derive from them.

Each app keeps one such object in memory. A request reads the stamp of the public pages in the transaction of the whole
page and takes the kept object only if it was made under the same stamp, so no page mixes old and new.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from cms.db.stamps import PUBLIC, Stamp
from cms.kernel.clock import local_date, local_instant
from cms.sections.queries import SectionTree, tree
from cms.settings.services import SiteSettings, load
from cms.web.state import Cms

T = TypeVar("T")
#: Things kept at most; more are computed each time they are asked for.
MOST = 5_000
_NAME = "cms_standing"
_STAMP = f"SELECT value FROM {Stamp.__tablename__} WHERE name = '{PUBLIC}'"  # noqa: S608 — our own names


@dataclass(frozen=True)
class Standing:
    """What is the same for every public page as long as ``stamp`` stands, from ``since`` until ``until``.

    The sections belong to no session: they can be read, not changed.
    """

    stamp: int
    since: datetime
    until: datetime
    settings: SiteSettings
    sections: SectionTree
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what ``make`` returned the first time; it may depend on public rows and on the day, on nothing else.

        :param key: begins with the name of the module that asks, so that two cannot mean different things by it.
        """
        if key in self._kept:
            return cast("T", self._kept[key])
        made = make()
        if len(self._kept) < MOST:
            self._kept[key] = made
        return made

    def holds(self, stamp: int, now: datetime) -> bool:
        """Tell whether this still says how things are."""
        return stamp == self.stamp and self.since <= now < self.until


def standing(cms: Cms, session: Session) -> Standing:
    """Return what stands now, as the transaction of ``session`` sees it."""
    stamp = session.connection().exec_driver_sql(_STAMP).scalar() or 0
    now = cms.clock.now()
    known: Standing | None = cms.kept.get(_NAME)
    if known is None or not known.holds(stamp, now):
        known = cms.kept[_NAME] = _read(cms, session, stamp, now)
    return known


def next_moment(cms: Cms, session: Session, now: datetime) -> datetime:
    """Return when public pages change next without anybody writing: an item begins or ends, or a day does."""
    midnight = local_instant(local_date(now) + timedelta(days=1))
    return min(filter(None, (midnight, cms.public.next_change(session, now))))


def _read(cms: Cms, session: Session, stamp: int, now: datetime) -> Standing:
    # A session of its own on the same transaction: what it read stays when it is closed.
    with Session(session.connection()) as reading:
        settings, sections = load(reading, SiteSettings), tree(reading)
    return Standing(stamp, now, next_moment(cms, session, now), settings, sections)
