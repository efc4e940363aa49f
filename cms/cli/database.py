"""``cms db``: migrations."""

import sys

import click

from cms.cli.context import done, settings_of
from cms.cli.upgrading import upgrade_site
from cms.db import migrate
from cms.db.engine import make_engine
from cms.pluginkit.discovery import discover
from cms.pluginkit.lifecycle import owners_of
from cms.pluginkit.loader import load


@click.group("db")
def database() -> None:
    """Bring the tables to the present code, or check that they are."""


@database.command()
def upgrade() -> None:
    """Snapshot the database and migrate the core and all installed plugins."""
    names = upgrade_site(settings_of(must_exist=False))
    done(f"migrated: {', '.join(names)}" if names else "the database is up to date")


@database.command()
def check() -> None:
    """Fail if tables are older than the code, or models and migrations differ."""
    settings = settings_of()
    engine = make_engine(settings.database)
    owners = owners_of(settings)
    for owner in owners:
        if owner.key != migrate.CORE:
            load(discover(settings.site).manifests[owner.key])
    late = migrate.pending(engine, owners)
    engine.dispose()
    problems = [f"{key}: migrations are pending, run cms db upgrade" for key in late]
    for owner in owners:
        if owner.key not in late:
            problems += [f"{owner.key}: {change}" for change in migrate.differences(settings.database, owner)]
    for line in problems:
        click.echo(line, err=True)
    sys.exit(1 if problems else 0)


@database.command()
@click.argument("message")
@click.option("--plugin", "key", help="Write it for this plugin instead of the core.")
def revision(message: str, key: str | None) -> None:
    """Write the migration that brings the tables to the models; for developers."""
    settings = settings_of(must_exist=False)
    owner = migrate.CORE_OWNER
    if key is not None:
        manifest = discover(settings.site).manifests[key]
        load(manifest)
        owner = migrate.Owner(key, manifest.versions)
    done(str(migrate.revision(settings.database, owner, message)))
