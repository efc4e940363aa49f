"""``cms backup`` and ``cms restore``."""

from pathlib import Path

import click

from cms.cli.context import done, settings_of
from cms.cli.upgrading import upgrade_site
from cms.config import default_site
from cms.exchange import backup as backups


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write the whole site to FILE (.tar.gz) while it may go on serving; keep it as safe as the server."""
    size = backups.back_up(settings_of(), file)
    done(f"backed up to {file}, {size / 1_000_000:.1f} MB")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Make the site anew from FILE, in a folder that is new or empty; a backup of an older version is migrated."""
    site = default_site()
    backups.restore(file, site)
    upgrade_site(settings_of(site))
    done(f"restored to {site}; the search index is built when the server starts")
