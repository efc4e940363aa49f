"""``cms backup`` and ``cms restore``."""

import tomllib
from pathlib import Path

import click

from cms.cli.context import done, settings_of
from cms.cli.data_keys import usage_of
from cms.cli.upgrading import upgrade_site
from cms.config import Settings, data_key_file, default_site
from cms.exchange import backup as backups
from cms.personal.keyring import Keyring


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keys", type=click.Path(path_type=Path), help="Where the data keys go; FILE.keys if not given.")
def backup(file: Path, keys: Path | None) -> None:
    """Write the whole site to FILE (.tar.gz) while it may go on serving; keep it as safe as the server.

    The keys that open personal data go to a second file: keep the two apart. Without it nobody can read the personal
    data in FILE, not even you.
    """
    settings, target = settings_of(), keys or _beside(file)
    size = backups.back_up(settings, file)
    done(f"backed up to {file}, {size / 1_000_000:.1f} MB")
    if backups.back_up_keys(settings, target):
        done(f"data keys: {target}; keep it apart from the backup")
    elif _names_data_key(settings.site / "config.toml"):
        done("data keys: in config.toml, and so in the backup; set CMS_DATA_KEY instead to keep them apart")
    else:
        done("data keys: in CMS_DATA_KEY, not in the backup; keep a copy of them")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--keys", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The data keys that belong to it; FILE.keys if that exists.",
)  # fmt: skip
def restore(file: Path, keys: Path | None) -> None:
    """Make the site anew from FILE, in a folder that is new or empty; a backup of an older version is migrated."""
    site = default_site()
    beside = _beside(file)
    backups.restore(file, site, keys or (beside if beside.exists() else None))
    settings = settings_of(site)
    upgrade_site(settings)
    done(f"restored to {site}; the search index is built when the server starts")
    _warn_of_missing_keys(settings)


def _warn_of_missing_keys(settings: Settings) -> None:
    # Plugins need not be loaded for this: what no code declares is found as well.
    found = usage_of(settings)
    missing = sorted(found.key_ids - set(Keyring.of(settings).key_ids))
    if missing:
        click.echo(
            f"{sum(map(found.of, missing))} pieces of personal data cannot be opened without the data keys "
            f"{', '.join(missing)}: add them to {data_key_file(settings.site)}, one on each line, or to CMS_DATA_KEY; "
            "cms data-key status tells when all are there",
            err=True,
        )


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.keys")


def _names_data_key(path: Path) -> bool:
    return path.exists() and "data_key" in tomllib.loads(path.read_text("utf-8"))
