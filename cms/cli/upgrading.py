"""Bringing a site made by an older version to the present code: snapshot first, then migrate."""

import time

from cms.config import Settings
from cms.db import migrate
from cms.db.engine import make_engine
from cms.pluginkit.lifecycle import owners_of


def upgrade_site(settings: Settings) -> list[str]:
    """Migrate what is behind and return the keys of its owners; a snapshot of the database comes first.

    :raises CmsError: if a migration would break references; the database is then as it was.
    """
    settings.site.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database)
    try:
        # The core comes first: its tables say which plugins are installed.
        late = migrate.pending(engine, [migrate.CORE_OWNER])
        was_empty = migrate.is_empty(engine)
        owners = [migrate.CORE_OWNER] if late else owners_of(settings)
        names = migrate.pending(engine, owners)
        if not names:
            return []
        if not was_empty:
            target = settings.site / "snapshots" / f"before-upgrade-{time.strftime('%Y%m%d-%H%M%S')}.db"
            migrate.snapshot(settings.database, target)
        migrate.upgrade(settings.database, [owner for owner in owners if owner.key in names])
        if late:
            more = owners_of(settings)
            behind = migrate.pending(engine, more)
            migrate.upgrade(settings.database, [owner for owner in more if owner.key in behind])
            names = [*names, *behind]
        return names
    finally:
        engine.dispose()
