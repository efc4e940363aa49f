"""What is known of each plugin: found, decided, failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from cms.db import migrate
from cms.db.uow import UnitOfWork
from cms.pluginkit.discovery import Discovered, discover
from cms.pluginkit.manifest import Manifest
from cms.pluginkit.models import PluginState, Status
from cms.settings.services import APP_STAMP

#: Stamp that is touched whenever the app has to be rebuilt.
STAMP = APP_STAMP


@dataclass(frozen=True)
class Known:
    """One line of the plugin list; ``decision`` is what was decided, also while ``state`` says that it failed."""

    key: str
    name: str
    version: str
    state: str
    error: str
    traceback: str
    manifest: Manifest | None
    decision: Status | None = None


def enabled_keys(session: Session) -> frozenset[str]:
    """Return the keys of enabled plugins; none before the first migration.

    :raises SQLAlchemyError: if the database cannot be read; that is not the same as having no plugins.
    """
    try:
        return frozenset(session.scalars(select(PluginState.key).where(PluginState.status == Status.ENABLED)))
    except (OperationalError, ProgrammingError):
        session.rollback()
        if not migrate.is_empty(session.get_bind().engine):
            raise
        return frozenset()


def known(session: Session, site: Path, *, failing: Mapping[str, tuple[str, str]] | None = None) -> list[Known]:
    """Return every plugin that was found or decided about.

    :param failing: problem and traceback of the plugins that the present app had to leave out.
    """
    found = discover(site)
    rows = {row.key: row for row in session.scalars(select(PluginState))}
    keys = sorted({*found.manifests, *found.problems, *(key for key, row in rows.items() if row.status)})
    return [_line(key, found, rows.get(key), (failing or {}).get(key)) for key in keys]


def _line(key: str, found: Discovered, row: PluginState | None, failing: tuple[str, str] | None) -> Known:
    manifest = found.manifests.get(key)
    error = found.problems.get(key, "") or (manifest.incompatibility() if manifest else "")
    state, trace = "available", ""
    if row is not None and row.status is not None:
        state = row.status.value
    if manifest is not None and manifest.incompatibility():
        state = "incompatible"
    elif error or failing or (row is not None and row.error):
        state = "failed"
        error = error or (failing[0] if failing else "") or (row.error if row else "")
        trace = (failing[1] if failing else "") or (row.traceback if row else "")
    elif manifest is None:
        state, error = "failed", "the files of the plugin are gone"
    name = manifest.name if manifest else key
    version = manifest.version if manifest else (row.version if row else "")
    return Known(key, name, version, state, error, trace, manifest, row.status if row else None)


def set_state(
    uow: UnitOfWork, key: str, status: Status | None, *, version: str = "", error: str = "", trace: str = ""
) -> None:
    """Store the decision about a plugin; ``None`` as status forgets it."""
    row = uow.session.get(PluginState, key) or PluginState(key=key)
    row.status, row.changed_at, row.error, row.traceback = status, uow.clock.now(), error, trace
    row.version = version or row.version or ""
    uow.session.add(row)


def set_failure(uow: UnitOfWork, key: str, error: str, trace: str) -> None:
    """Note what went wrong with a plugin and leave the decision about it as it is."""
    row = uow.session.get(PluginState, key)
    if row is None:
        row = PluginState(key=key, status=None)
        uow.session.add(row)
    row.error, row.traceback, row.changed_at = error[:2000], trace, uow.clock.now()
