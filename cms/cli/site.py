"""``cms init``: making a site."""

import os
from pathlib import Path

import click

from cms.accounts.passwords import make_password
from cms.accounts.policy import MACHINE, Role
from cms.accounts.services import add_user
from cms.cli.context import app_of, done
from cms.cli.plugins import enable_plugins
from cms.cli.upgrading import upgrade_site
from cms.config import Settings, default_site
from cms.pluginkit.discovery import discover
from cms.web.state import Cms


@click.command()
@click.argument("site", required=False, type=click.Path(path_type=Path))
@click.option("--admin", "admin", help="Name of the first system administrator.")
def init(site: Path | None, admin: str | None) -> None:
    """Make a site in folder SITE with all bundled plugins enabled; repeating it changes nothing."""
    settings = make_site(site or default_site())
    done(f"site ready: {settings.site}")
    if admin:
        password = make_password()
        app = app_of(settings.site)
        cms: Cms = app.extensions["cms"]
        with cms.unit_of_work() as uow:
            add_user(uow, admin, actor=MACHINE, roles=frozenset({Role.SYSTEM_ADMIN}), password=password)
        cms.close()
        done(f"administrator {admin}, password (to be changed at the first login): {password}")


def make_site(folder: Path) -> Settings:
    """Make folders, keys and tables, and enable all bundled plugins; return the settings."""
    settings = make_empty_site(folder)
    enable_bundled(settings)
    return settings


def make_empty_site(folder: Path) -> Settings:
    """Make folders, keys and the tables of the core."""
    for name in ("plugins", "themes", "templates", "media", "search", "run", "snapshots"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    settings = Settings.load(folder, os.environ)
    upgrade_site(settings)
    return settings


def enable_bundled(settings: Settings) -> None:
    """Enable the bundled plugins about which nothing was ever decided."""
    bundled = [key for key, manifest in discover(settings.site).manifests.items() if manifest.is_bundled]
    enable_plugins(settings, sorted(bundled), only_new=True, trusted=True)
