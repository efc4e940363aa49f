"""Changing plugins from outside a unit of work: trial, migration, then the unit. The desk and the command line alike.

Migrations need a connection of their own and cannot share the transaction that enables a plugin. So these functions
open the units themselves; everything that decides is in :mod:`cms.pluginkit.services`.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.config import Settings
from cms.db import migrate
from cms.db.engine import make_engine
from cms.db.migrate import Owner
from cms.db.uow import UnitOfWork
from cms.kernel.errors import NotFound, PluginError
from cms.kernel.i18n import gettext as _
from cms.personal.files import SealedFiles, erase_kind
from cms.personal.keyring import Keyring
from cms.pluginkit import services
from cms.pluginkit.discovery import discover
from cms.pluginkit.loader import in_order, load, unload
from cms.pluginkit.manifest import Manifest
from cms.pluginkit.models import PluginState
from cms.pluginkit.state import set_failure

log = logging.getLogger(__name__)
OpenUnit = Callable[[], AbstractContextManager[UnitOfWork]]


def enable(
    settings: Settings,
    open_unit: OpenUnit,
    keys: Sequence[str],
    *,
    actor: Actor,
    only_new: bool = False,
    trusted: bool = False,
) -> None:
    """Try, migrate and enable plugins one after the other; running servers follow within a second.

    :param open_unit: opens a unit of work of the site. :param only_new: leave alone what was ever decided about.
    :param trusted: bundled code needs no trial.
    :raises NotAllowed: if ``actor`` may not. :raises NotFound: if there is no such plugin.
    :raises PluginError: at the first that fails; it is then listed as failed and nothing else has changed.
    """
    require(actor, "plugin.manage")
    for manifest in in_order(services.find(settings.site, key) for key in keys):
        if only_new and _is_decided(open_unit, manifest.key):
            continue
        try:
            prepare(settings, manifest, trusted=trusted)
            with open_unit() as uow:
                services.enable(uow, manifest, actor=actor)
        except PluginError as error:
            with open_unit() as uow:
                set_failure(uow, manifest.key, error.problem, "\n".join(getattr(error, "__notes__", [])))
            raise


def prepare(settings: Settings, manifest: Manifest, *, trusted: bool = False) -> None:
    """Try the plugin in a child process, then bring its tables up to date; a snapshot comes before.

    :raises PluginError: with the traceback of the child as a note, if the plugin does not pass.
    """
    if not trusted:
        services.trial(settings.site, manifest.key)
    owner = services.owner(manifest)
    engine = make_engine(settings.database)
    try:
        if manifest.versions.exists() and migrate.pending(engine, [owner]):
            if not trusted:
                # One snapshot for each plugin: what the database was before its newest migration.
                target = settings.site / "snapshots" / f"before-{manifest.key}.db"
                target.unlink(missing_ok=True)
                migrate.snapshot(settings.database, target)
            migrate.upgrade(settings.database, [owner])
    finally:
        engine.dispose()


def install(settings: Settings, open_unit: OpenUnit, source: Path | str, *, actor: Actor) -> Manifest:
    """Install a plugin: the path of a ZIP file, or the key of one that lies in the site folder already.

    :raises NotAllowed: if ``actor`` may not. :raises PluginError: if it does not pass its trial; its files are then
        removed again.
    """
    require(actor, "plugin.manage")
    unpacked = isinstance(source, Path)
    if isinstance(source, Path):
        manifest = services.install_archive(settings.site, source)
    else:
        manifest = services.find(settings.site, source)
    try:
        prepare(settings, manifest)
    except PluginError:
        if unpacked:
            services.remove_files(settings.site, manifest)
        raise
    with open_unit() as uow:
        services.mark_installed(uow, manifest, actor=actor)
    return manifest


def uninstall(settings: Settings, open_unit: OpenUnit, key: str, *, actor: Actor, purge: bool) -> bool:
    """Remove a disabled plugin; its tables stay unless ``purge``. Tell whether files were removed: bundled ones stay.

    :raises NotAllowed: if ``actor`` may not, or it is enabled. :raises NotFound: if there is no such plugin.
    """
    require(actor, "plugin.manage")
    manifest = discover(settings.site).manifests.get(key)
    if manifest is None and not _is_decided(open_unit, key):
        raise NotFound(_("没有找到插件“{key}”。").format(key=key))
    with open_unit() as uow:
        services.forget(uow, key, actor=actor, purge=purge)
    if manifest is None:
        return False
    if purge and manifest.versions.exists():
        _erase_files(settings, open_unit, manifest)
        services.drop_tables(settings.database, manifest)
    removed = services.remove_files(settings.site, manifest)
    if removed:
        # A later version of the same key must not meet the code of this one.
        unload(key)
    return removed


def _erase_files(settings: Settings, open_unit: OpenUnit, manifest: Manifest) -> None:
    """Remove what citizens sent to records whose tables are going; nobody could erase it later."""
    try:
        rules = load(manifest).retentions
    except PluginError as error:
        # A plugin can be broken and has to be removable all the same.
        log.warning("files of citizens that plugin %s may have kept were not erased: %s", manifest.key, error)
        return
    files = SealedFiles.of(settings, Keyring.of(settings))
    with open_unit() as uow:
        for subject_type in sorted({rule.subject_type for rule in rules}):
            erase_kind(uow, files, subject_type)


def owners_of(settings: Settings) -> list[Owner]:
    """Return the core and every installed plugin whose files are there; disabled ones migrate as well."""
    engine = make_engine(settings.database)
    try:
        if migrate.is_empty(engine):
            return [migrate.CORE_OWNER]
        with Session(engine) as session:
            installed = set(session.scalars(select(PluginState.key).where(PluginState.status.is_not(None))))
    finally:
        engine.dispose()
    found = discover(settings.site).manifests
    plugins = [services.owner(found[key]) for key in sorted(installed & set(found)) if found[key].versions.exists()]
    return [migrate.CORE_OWNER, *plugins]


def _is_decided(open_unit: OpenUnit, key: str) -> bool:
    with open_unit() as uow:
        return uow.session.get(PluginState, key) is not None
