"""Installing, enabling, disabling and removing plugins while the site runs.

Before anything changes, a child process tries the plugin: import, mapping, migrations on a copy of the database, the
whole app. Only what has passed touches the real database.
"""

import json
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db import migrate
from cms.db.migrate import Owner
from cms.db.uow import UnitOfWork
from cms.kernel.errors import NotAllowed, NotFound, PluginError
from cms.kernel.i18n import gettext as _
from cms.kernel.interrupts import foreign_code
from cms.pluginkit import manifest as manifests
from cms.pluginkit.discovery import discover
from cms.pluginkit.loader import failed, load
from cms.pluginkit.manifest import Manifest
from cms.pluginkit.models import PluginState, Status
from cms.pluginkit.plugin import Plugin
from cms.pluginkit.state import STAMP, enabled_keys, set_state
from cms.sections.queries import tree
from cms.sections.services import SectionInput, save_section
from cms.settings.services import touch

#: A trial that takes longer than this many seconds has failed.
TRIAL_SECONDS = 120
MAX_ARCHIVE = 50_000_000
#: What reading a ZIP file raises: damaged (also its names: ValueError), encrypted, packed in a way Python cannot undo.
_UNREADABLE = (
    zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, zlib.error, lzma.LZMAError,
)  # fmt: skip


def owner(manifest: Manifest) -> Owner:
    """Return the plugin as an owner of tables."""
    return Owner(manifest.key, manifest.versions)


def find(site: Path, key: str) -> Manifest:
    """Return the manifest of a plugin.

    :raises NotFound: if there is no such plugin. :raises PluginError: if it cannot be read.
    """
    found = discover(site)
    if key in found.problems:
        raise PluginError(key, found.problems[key])
    if key not in found.manifests:
        raise NotFound(_("没有找到插件“{key}”。").format(key=key))
    return found.manifests[key]


def trial(site: Path, key: str, environ: dict[str, str] | None = None) -> None:
    """Build the app with the plugin in a child process, on a copy of the database.

    :raises PluginError: with the traceback of the child as its cause's text, if anything fails.
    """
    command = [sys.executable, "-m", "cms", "plugin", "check", key, "--json"]
    # The child must import this very package, wherever the server was started.
    here = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(here), **(environ or {}), "CMS_SITE": str(site)}
    try:
        done = subprocess.run(  # noqa: S603 — our own command line with a checked key
            command, env=env, capture_output=True, text=True, timeout=TRIAL_SECONDS, check=False
        )
        result = json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired as error:
        raise PluginError(key, f"the trial did not end within {TRIAL_SECONDS} s") from error
    except (json.JSONDecodeError, IndexError) as error:
        problem = PluginError(key, "the trial ended without an answer")
        problem.add_note(done.stderr[-4000:])
        raise problem from error
    if result["error"]:
        problem = PluginError(key, result["error"])
        problem.add_note(result["traceback"])
        raise problem


def enable(uow: UnitOfWork, manifest: Manifest, *, actor: Actor) -> None:
    """Enable a plugin that has passed its trial and whose tables are migrated; every worker follows.

    :raises PluginError: if something it requires is not enabled, a section uses its path, or its own preparation
        fails; the unit must then be rolled back.
    """
    require(actor, "plugin.manage")
    missing = set(manifest.requires) - enabled_keys(uow.session)
    if missing:
        raise PluginError(manifest.key, _("请先启用它依赖的插件：{keys}").format(keys="、".join(sorted(missing))))
    plugin = load(manifest)
    _check_paths(uow, manifest.key, plugin)
    _create_sections(uow, plugin, actor)
    try:
        with foreign_code():
            plugin.on_enable(uow)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise failed(manifest.key, error, "in on_enable") from error
    set_state(uow, manifest.key, Status.ENABLED, version=manifest.version)
    touch(uow, STAMP)
    record(
        uow, "plugin.enable", actor_id=actor.id, subject_type="plugin", subject_id=manifest.key,
        version=manifest.version,
    )  # fmt: skip


def disable(uow: UnitOfWork, key: str, *, actor: Actor, site: Path) -> None:
    """Disable a plugin: its routes, handlers and items are gone from the site, its rows stay.

    :raises NotAllowed: if an enabled plugin requires it.
    """
    require(actor, "plugin.manage")
    found = discover(site)
    enabled = enabled_keys(uow.session)
    if key not in enabled:
        raise NotAllowed(_("插件“{key}”没有启用。").format(key=key))
    needed_by = [other for other in sorted(enabled) if key in getattr(found.manifests.get(other), "requires", ())]
    if needed_by:
        raise NotAllowed(_("请先停用依赖它的插件：{keys}").format(keys="、".join(needed_by)))
    if key in found.manifests:
        try:
            with foreign_code():
                load(found.manifests[key]).on_disable(uow)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 — a broken plugin must always be possible to switch off
            record(
                uow, "plugin.disable_failed", actor_id=actor.id, subject_type="plugin", subject_id=key,
                error=type(error).__name__,
            )  # fmt: skip
    set_state(uow, key, Status.DISABLED)
    touch(uow, STAMP)
    record(uow, "plugin.disable", actor_id=actor.id, subject_type="plugin", subject_id=key)


def install_archive(site: Path, archive: Path) -> Manifest:
    """Unpack a plugin from a ZIP file into the site folder and return its manifest.

    :raises PluginError: if the archive is not one plugin folder, climbs out of it, is too large, or the key is taken.
    """
    with tempfile.TemporaryDirectory(dir=site) as folder:
        unpacked = Path(folder)
        try:
            with zipfile.ZipFile(archive) as opened:
                _check_archive(archive, opened)
                opened.extractall(unpacked)
        except _UNREADABLE as error:
            # Without the path that an OSError carries: the folder is gone when somebody reads it.
            reason = getattr(error, "strerror", None) or error
            raise PluginError(archive.stem, f"{archive.name} is not a readable ZIP file: {reason}") from error
        inside = [child for child in unpacked.iterdir() if (child / manifests.FILE).exists()]
        if len(inside) != 1:
            raise PluginError(archive.stem, f"the archive must hold exactly one folder with a {manifests.FILE}")
        found = manifests.read(inside[0])
        target = site / "plugins" / found.key
        if found.key in discover(site).manifests or target.exists():
            raise PluginError(found.key, "a plugin of this key exists; uninstall it first")
        target.parent.mkdir(exist_ok=True)
        shutil.move(inside[0], target)
    return manifests.read(target)


def mark_installed(uow: UnitOfWork, manifest: Manifest, *, actor: Actor) -> None:
    """Note that the tables of a plugin exist; it can be enabled now."""
    require(actor, "plugin.manage")
    if uow.session.get(PluginState, manifest.key) is None:
        set_state(uow, manifest.key, Status.INSTALLED, version=manifest.version)
    record(uow, "plugin.install", actor_id=actor.id, subject_type="plugin", subject_id=manifest.key)


def forget(uow: UnitOfWork, key: str, *, actor: Actor, purge: bool) -> None:
    """Note that a disabled plugin was uninstalled.

    :raises NotAllowed: if it is enabled.
    """
    require(actor, "plugin.manage")
    if key in enabled_keys(uow.session):
        raise NotAllowed(_("请先停用插件“{key}”。").format(key=key))
    row = uow.session.scalars(select(PluginState).where(PluginState.key == key)).first()
    if row is not None:
        uow.session.delete(row)
    record(uow, "plugin.uninstall", actor_id=actor.id, subject_type="plugin", subject_id=key, purge=purge)


def drop_tables(url: str, manifest: Manifest) -> None:
    """Remove the plugin's tables with all they hold; never part of disabling."""
    migrate.downgrade(url, owner(manifest))


def remove_files(site: Path, manifest: Manifest) -> bool:
    """Remove the plugin's folder from the site folder; bundled plugins stay. Tell whether anything was removed."""
    if manifest.folder.parent.resolve() != (site / "plugins").resolve():
        return False
    shutil.rmtree(manifest.folder)
    return True


def _check_archive(archive: Path, opened: zipfile.ZipFile) -> None:
    names: Iterable[str] = opened.namelist()
    if any(name.startswith(("/", "\\")) or ".." in Path(name).parts for name in names):
        raise PluginError(archive.stem, "the archive has paths that climb out of its folder")
    if sum(entry.file_size for entry in opened.infolist()) > MAX_ARCHIVE:
        raise PluginError(archive.stem, f"the archive unpacks to more than {MAX_ARCHIVE // 1_000_000} MB")


def _check_paths(uow: UnitOfWork, key: str, plugin: Plugin) -> None:
    taken = plugin.reserved_paths & set(tree(uow.session).by_path)
    if taken:
        raise PluginError(key, _("网站栏目已占用它的地址：{paths}").format(paths="、".join(sorted(taken))))


def _create_sections(uow: UnitOfWork, plugin: Plugin, actor: Actor) -> None:
    """Give each content type a section, unless one offers it already."""
    for kind in plugin.content_types:
        sections = tree(uow.session)
        if any(section.default_type == kind.key for section in sections.by_id.values()):
            continue
        if kind.section.path in sections.by_path:
            sections.by_path[kind.section.path].default_type = kind.key
            continue
        given = SectionInput(
            segment=kind.section.path, title=kind.section.title, description=kind.section.description,
            column_type=kind.section.column_type, default_type=kind.key, update_days=kind.section.update_days,
        )  # fmt: skip
        save_section(uow, None, given, actor=actor if "section.manage" in actor.permissions else _installer(actor))


def _installer(actor: Actor) -> Actor:
    """Whoever may enable a plugin may have its default section made, also without the right to manage sections."""
    return Actor(id=actor.id, name=actor.name, is_machine=True)
