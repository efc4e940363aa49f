"""``cms plugin``: what can be done with plugins while the site runs."""

import json
import shutil
import sys
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path

import click
from sqlalchemy.orm import configure_mappers

from cms.accounts.policy import MACHINE
from cms.app import create_app
from cms.cli.context import done, opened, settings_of, units_of
from cms.config import Settings
from cms.db import migrate
from cms.kernel.errors import CmsError, PluginError
from cms.pluginkit import lifecycle, services
from cms.pluginkit.state import Known, known
from cms.web.state import Cms


@click.group("plugin")
def plugins() -> None:
    """List, try, install, enable, disable and remove plugins."""


@plugins.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print an array of key, name, version, state, error.")
def list_plugins(as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """List all plugins with their states."""
    lines = _known()
    if as_json:
        names = ("key", "name", "version", "state", "error")
        done(
            json.dumps([{name: getattr(line, name) for name in names} for line in lines], ensure_ascii=False, indent=2)
        )
        return
    for line in lines:
        done(f"{line.key:20} {line.version:8} {line.state:12} {line.name}{'  — ' + line.error if line.error else ''}")


@plugins.command()
@click.argument("key")
def show(key: str) -> None:
    """Show one plugin, with the traceback if it failed."""
    line = next((one for one in _known() if one.key == key), None)
    if line is None:
        raise CmsError(f"there is no plugin {key!r}")
    done(f"{line.key} {line.version}: {line.name}\nstate: {line.state}")
    if line.manifest:
        done(f"folder: {line.manifest.folder}\n{line.manifest.description}")
    if line.error:
        done(f"error: {line.error}\n{line.traceback}")


@plugins.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print one line with error and traceback.")
def check(key: str, as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Try a plugin on a copy of the database: import, tables, migrations, the whole app."""
    error = trace = ""
    try:
        _try(settings_of(), key)
    except Exception as raised:  # noqa: BLE001 — a plugin may raise anything; it is what is asked for
        error = raised.problem if isinstance(raised, PluginError) else f"{type(raised).__name__}: {raised}"
        trace = traceback.format_exc()
    if as_json:
        done(json.dumps({"key": key, "error": error, "traceback": trace}, ensure_ascii=False))
    else:
        done(f"{key}: {error or 'ok'}\n{trace}".rstrip())
    sys.exit(1 if error else 0)


@plugins.command()
@click.argument("source")
def install(source: str) -> None:
    """Install a plugin: a ZIP file, or the key of one that lies in the site folder already."""
    settings = settings_of()
    path = Path(source)
    with units_of(settings) as open_unit:
        manifest = lifecycle.install(settings, open_unit, path if path.is_file() else source, actor=MACHINE)
    done(f"installed: {manifest.key} {manifest.version}")


@plugins.command()
@click.argument("keys", nargs=-1, required=True)
def enable(keys: tuple[str, ...]) -> None:
    """Enable plugins; running servers follow within a second."""
    settings = settings_of()
    enable_plugins(settings, list(keys))
    done(f"enabled: {', '.join(keys)}")


@plugins.command()
@click.argument("keys", nargs=-1, required=True)
def disable(keys: tuple[str, ...]) -> None:
    """Disable plugins; their data stays."""
    settings = settings_of()
    with units_of(settings) as open_unit:
        for key in keys:
            with open_unit() as uow:
                services.disable(uow, key, actor=MACHINE, site=settings.site)
    done(f"disabled: {', '.join(keys)}")


@plugins.command()
@click.argument("key")
@click.option("--purge", is_flag=True, help="Also drop its tables with all they hold.")
@click.confirmation_option(prompt="Really uninstall?")
def uninstall(key: str, purge: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Remove a disabled plugin; its tables stay unless --purge is given."""
    settings = settings_of()
    with units_of(settings) as open_unit:
        removed = lifecycle.uninstall(settings, open_unit, key, actor=MACHINE, purge=purge)
    done(f"uninstalled: {key}{'' if removed else ' (bundled, its files stay)'}")


@plugins.command()
@click.argument("key")
def new(key: str) -> None:
    """Write the skeleton of a working content type into the site's plugins folder."""
    from cms.cli.skeleton import write_plugin  # noqa: PLC0415 — needed by this command only

    folder = write_plugin(settings_of(must_exist=False).site / "plugins", key)
    done(f"written: {folder}\nnext: cms plugin enable {key}")


def enable_plugins(settings: Settings, keys: list[str], *, only_new: bool = False, trusted: bool = False) -> None:
    """Try, migrate and enable plugins one after the other.

    :param only_new: leave alone what was ever decided about. :param trusted: bundled code needs no trial.
    :raises PluginError: at the first that fails; it is then listed as failed and nothing else has changed.
    """
    with units_of(settings) as open_unit:
        lifecycle.enable(settings, open_unit, keys, actor=MACHINE, only_new=only_new, trusted=trusted)


def _try(settings: Settings, key: str) -> None:
    manifest = services.find(settings.site, key)
    path = migrate.sqlite_path(settings.database)
    with tempfile.TemporaryDirectory(dir=settings.site / "run") as folder:
        trial = settings
        if path is not None:
            copy = Path(folder) / "copy.db"
            migrate.snapshot(settings.database, copy)
            trial = replace(settings, database_url=f"sqlite:///{copy}", search_url="memory:")
            if manifest.versions.exists():
                migrate.upgrade(trial.database, [services.owner(manifest)])
        app = create_app(trial, extra_plugins=frozenset({key}))
        cms: Cms = app.extensions["cms"]
        for failure in cms.failures:
            if failure.key == key:
                error = PluginError(key, failure.problem)
                error.add_note(failure.traceback)
                raise error
        configure_mappers()
        with app.app_context():
            for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(f"{key}/")):
                app.jinja_env.get_template(name)
        if path is not None and manifest.versions.exists():
            differences = migrate.differences(trial.database, services.owner(manifest))
            if differences:
                raise PluginError(key, f"models and migrations differ: {'; '.join(differences)}")
        cms.close()
        shutil.rmtree(folder, ignore_errors=True)


def _known() -> list[Known]:
    with opened() as cms, cms.reading() as session:
        return known(session, cms.settings.site, failing=cms.failing())
