"""Changing the data keys: everything that is sealed is sealed anew with the newest, in batches, while the site serves.

What is already sealed with the newest key is skipped, so a rotation that was killed goes on where it stopped. Which
columns there are, the metadata say: those of the core and of every plugin that is loaded, enabled or not.
"""

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, column, func, inspect, or_, select, table, tuple_, update
from sqlalchemy.orm import Session

from cms.audit.services import record
from cms.config import Settings, data_key_file, make_key, split_keys
from cms.db.base import Base
from cms.db.uow import UnitOfWork
from cms.jobs.leader import FileLock
from cms.kernel.errors import CmsError
from cms.media.store import sync_folder
from cms.personal.columns import SealedColumn, sealed_columns
from cms.personal.files import SealedFiles, reseal_file
from cms.personal.keyring import KEY_ID_LENGTH, PREFIX, KeyMissing, Keyring, SealBroken
from cms.personal.models import SealedFile

OpenUnit = Callable[[], AbstractContextManager[UnitOfWork]]
BATCH = 200
FILE_BATCH = 20


@dataclass
class Usage:
    """How much each key has sealed, by its id: texts and files. ``strays`` are columns that no loaded code declares."""

    texts: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    strays: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def key_ids(self) -> set[str]:
        """Return the ids of all keys that are needed to open something."""
        return {*self.texts, *self.files, *(key for counts in self.strays.values() for key in counts)}

    def of(self, key_id: str) -> int:
        """Return how many things the key has sealed."""
        return self.texts[key_id] + self.files[key_id] + sum(counts[key_id] for counts in self.strays.values())


@dataclass
class Outcome:
    """What a rotation did, and what it could not open: place → how many."""

    texts: int = 0
    files: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)


def usage(session: Session) -> Usage:
    """Count what each key has sealed."""
    found = Usage()
    for one in sealed_columns(Base.metadata):
        found.texts += _by_key(session, one.column)
    rows = session.execute(select(SealedFile.key_id, func.count()).group_by(SealedFile.key_id))
    found.files = Counter({row[0]: row[1] for row in rows})
    for place, holder in _stray_columns(session):
        if counts := _by_key(session, holder):
            found.strays[place] = counts
    return found


def reseal_all(open_unit: OpenUnit, files: SealedFiles) -> Outcome:
    """Seal everything with the newest key that is sealed with another one.

    :param open_unit: opens a unit of work; there is one for each batch.
    """
    outcome = Outcome()
    for one in sealed_columns(Base.metadata):
        last: Sequence[Any] | None = ()
        while last is not None:
            last = _reseal_batch(open_unit, files.keyring, one, last, outcome)
    last_id: int | None = 0
    while last_id is not None:
        last_id = _reseal_files(open_unit, files, last_id, outcome)
    return outcome


def _reseal_batch(
    open_unit: OpenUnit, keyring: Keyring, one: SealedColumn, after: Sequence[Any], outcome: Outcome
) -> Sequence[Any] | None:
    """Seal the batch of rows that follows the primary key ``after``; return where it ends, nothing at the end."""
    newest = keyring.newest
    with open_unit() as uow:
        keys = list(one.table.primary_key.columns)
        stale = _stale(one, newest).order_by(*keys).limit(BATCH)
        if after:
            stale = stale.where(tuple_(*keys) > tuple_(*after))
        rows = uow.session.execute(stale).all()
        for row in rows:
            *identity, token = row
            try:
                values = keyring.open(token, one.place)
            except (KeyMissing, SealBroken):
                outcome.unreadable[one.place] += 1
                continue
            renewed = {one.column.name: keyring.seal(values, one.place)}
            for name, spec in one.fingerprints.items():
                renewed[name] = keyring.fingerprint(spec.kind, values.get(spec.field, ""))
            here = and_(*(key == value for key, value in zip(keys, identity, strict=True)))
            uow.session.execute(update(one.table).where(here).values(renewed))
            outcome.texts += 1
    return rows[-1][:-1] if len(rows) == BATCH else None


def _stale(one: SealedColumn, newest: str) -> Select[Any]:
    """Return the select of primary keys and sealed texts that are not of the newest key."""
    old: list[ColumnElement[bool]] = [one.column.not_like(f"{PREFIX}{newest}.%")]
    old += [and_(one.table.c[name] != "", one.table.c[name].not_like(f"{newest}.%")) for name in one.fingerprints]
    return select(*one.table.primary_key.columns, one.column).where(one.column != "", or_(*old))


def _reseal_files(open_unit: OpenUnit, files: SealedFiles, after: int, outcome: Outcome) -> int | None:
    """Seal the batch of files that follows the id ``after``; return where it ends, nothing at the end."""
    with open_unit() as uow:
        stale = select(SealedFile).where(SealedFile.key_id != files.keyring.newest, SealedFile.id > after)
        rows = uow.session.scalars(stale.order_by(SealedFile.id).limit(FILE_BATCH)).all()
        for row in rows:
            try:
                reseal_file(uow, files, row)
            except (CmsError, OSError):
                outcome.unreadable["sealed_file.bytes"] += 1
            else:
                outcome.files += 1
    return rows[-1].id if len(rows) == FILE_BATCH else None


def add_key(uow: UnitOfWork, settings: Settings) -> str:
    """Put a new key on top of the file of keys and return its id; running servers seal with it from now on.

    :raises CmsError: if the keys are in the settings: whoever set them adds one.
    """
    if settings.data_key:
        raise CmsError(
            "the data keys come from CMS_DATA_KEY or config.toml: put a new one before them, separated by a comma "
            "(cms data-key generate prints one), restart the site, then run cms data-key rotate again"
        )
    write_keys(data_key_file(settings.site), [make_key(), *read_keys(settings)])
    newest = Keyring.of(settings).newest
    record(uow, "data_key.add", actor_id=None, subject_type="data_key", subject_id=newest)
    return newest


def drop_unused(uow: UnitOfWork, settings: Settings) -> list[str]:
    """Take the keys out of the file that nothing needs any more, and return their ids; the newest always stays.

    The unit of work holds the lock of the database: nothing can be sealed meanwhile.

    :raises CmsError: if there are such keys and they are in the settings.
    """
    keyring = Keyring.of(settings)
    needed = {keyring.newest, *usage(uow.session).key_ids}
    unused = [key_id for key_id in keyring.key_ids if key_id not in needed]
    if not unused:
        return []
    if settings.data_key:
        raise CmsError(f"take the keys {', '.join(unused)} out of CMS_DATA_KEY or config.toml; nothing needs them")
    keys = zip(keyring.key_ids, read_keys(settings), strict=True)
    write_keys(data_key_file(settings.site), [key for key_id, key in keys if key_id in needed])
    for key_id in unused:
        record(uow, "data_key.drop", actor_id=None, subject_type="data_key", subject_id=key_id)
    return unused


def rotation_lock(site: Path) -> FileLock:
    """Return the lock that keeps changes of keys, and backups, from meeting."""
    return FileLock(site / "run" / "data-key.lock")


def read_keys(settings: Settings) -> tuple[str, ...]:
    """Return the keys in the file ``keys/data_key``, newest first."""
    return split_keys(data_key_file(settings.site).read_text("ascii"))


def write_keys(path: Path, keys: Iterable[str]) -> None:
    """Write a file of keys, readable by its owner only; a crash leaves the old one or the new one whole."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    sync_folder(path.parent)


def _by_key(session: Session, holder: ColumnElement[str]) -> Counter[str]:
    """Count the sealed texts in a column by the id of their key."""
    key_id = func.substr(holder, len(PREFIX) + 1, KEY_ID_LENGTH)
    rows = session.execute(select(key_id, func.count()).where(holder.like(f"{PREFIX}%")).group_by(key_id))
    return Counter({str(name): int(count) for name, count in rows})


def _stray_columns(session: Session) -> Iterator[tuple[str, ColumnElement[str]]]:
    """Yield the text columns of tables that no loaded code knows: of plugins whose files are gone."""
    looking = inspect(session.connection())
    for name in sorted(set(looking.get_table_names()) - set(Base.metadata.tables)):
        for found in looking.get_columns(name):
            if isinstance(found["type"], String):
                one: ColumnElement[str] = table(name, column(found["name"], String)).c[found["name"]]
                yield f"{name}.{found['name']}", one
