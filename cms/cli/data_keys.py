"""``cms data-key``: the keys that seal personal data."""

import json
import sys

import click
from sqlalchemy.orm import Session

from cms.cli.context import done, settings_of, units_of
from cms.config import Settings, make_key
from cms.db import migrate
from cms.db.engine import make_engine
from cms.personal import rotation
from cms.personal.files import SealedFiles
from cms.personal.keyring import Keyring
from cms.personal.rotation import Usage
from cms.pluginkit.discovery import discover
from cms.pluginkit.lifecycle import owners_of
from cms.pluginkit.loader import load


@click.group("data-key")
def data_keys() -> None:
    """Look after the keys that seal personal data: which are in use, change them, drop old ones."""


@data_keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print keys, missing and strays.")
def status(as_json: bool) -> None:  # noqa: FBT001 — a flag of the command line
    """Say which keys there are, newest first, and how much each has sealed; exit 1 if one is missing."""
    settings = with_all_plugins(settings_of())
    keyring, found = Keyring.of(settings), usage_of(settings)
    keys = [{"id": key_id, "texts": found.texts[key_id], "files": found.files[key_id], "uses": found.of(key_id)}
            for key_id in keyring.key_ids]  # fmt: skip
    missing = {key_id: found.of(key_id) for key_id in sorted(found.key_ids - set(keyring.key_ids))}
    if as_json:
        done(json.dumps({"keys": keys, "missing": missing, "strays": found.strays}, indent=2))
    else:
        for number, key in enumerate(keys):
            state = "seals" if not number else "opens" if key["uses"] else "not needed, cms data-key prune drops it"
            done(f"{key['id']}  {state}; {key['texts']} texts, {key['files']} files")
        for key_id, uses in missing.items():
            done(f"{key_id}  MISSING; {uses} things cannot be opened: put it back from the backup of keys/data_key")
        for place in found.strays:
            done(f"{place}  is sealed but belongs to no installed plugin: rotate leaves it as it is")
    sys.exit(1 if missing else 0)


@data_keys.command()
def rotate() -> None:
    """Make a new key and seal everything anew with it, also while the site serves; goes on after an interruption."""
    settings = with_all_plugins(settings_of())
    with units_of(settings) as open_unit, rotation.rotation_lock(settings.site):
        keyring = Keyring.of(settings)
        if _is_unfinished(usage_of(settings), keyring):
            done(f"an earlier rotation to {keyring.newest} goes on")
        else:
            with open_unit() as uow:
                done(f"new key {rotation.add_key(uow, settings)}")
        outcome = rotation.reseal_all(open_unit, SealedFiles.of(settings, keyring))
    done(f"sealed anew: {outcome.texts} texts, {outcome.files} files")
    for place, count in outcome.unreadable.items():
        if count:
            click.echo(f"{place}: {count} could not be opened and stay as they are; see cms data-key status", err=True)
    if not outcome.unreadable.total():
        done("old keys still open old backups; when you need none of those, drop them: cms data-key prune")
    sys.exit(1 if outcome.unreadable.total() else 0)


@data_keys.command()
def prune() -> None:
    """Drop the keys that nothing in this site needs any more."""
    settings = with_all_plugins(settings_of())
    with units_of(settings) as open_unit, rotation.rotation_lock(settings.site), open_unit() as uow:
        dropped = rotation.drop_unused(uow, settings)
    done(f"dropped: {', '.join(dropped)}" if dropped else "every key is needed")


@data_keys.command()
def generate() -> None:
    """Print a new key, for CMS_DATA_KEY; nothing is changed."""
    done(make_key())


def with_all_plugins(settings: Settings) -> Settings:
    """Return ``settings`` once the tables of every installed plugin are known, disabled ones too.

    :raises PluginError: if one cannot be loaded: its sealed columns would be left out.
    """
    manifests = discover(settings.site).manifests
    for owner in owners_of(settings):
        if owner.key != migrate.CORE:
            load(manifests[owner.key])
    return settings


def usage_of(settings: Settings) -> Usage:
    """Count what each key of a site has sealed."""
    engine = make_engine(settings.database)
    try:
        with Session(engine) as session:
            return rotation.usage(session)
    finally:
        engine.dispose()


def _is_unfinished(found: Usage, keyring: Keyring) -> bool:
    """Tell whether something is still sealed with an older key that is here."""
    return any(found.texts[key_id] + found.files[key_id] for key_id in keyring.key_ids[1:])
