"""Backup and restore of a whole site as one file: database, files, plugins, themes, templates, settings.

The database goes first, as a consistent copy taken while the site may run; files are never changed, so those taken
after it are complete. The search index is left out: it is built anew.

The data keys are not part of that file but of a second one: whoever finds a backup must not be able to read the
personal data in it.
"""

import os
import shutil
import tarfile
import tempfile
from pathlib import Path

from cms.config import Settings, data_key_file
from cms.db import migrate
from cms.kernel.errors import CmsError
from cms.personal.files import FOLDER as SEALED
from cms.personal.rotation import read_keys, rotation_lock, write_keys

#: What belongs to a site beside its database.
PARTS = (
    "config.toml", "keys", "media", SEALED, "plugins", "themes", "templates", "editions", "report-formats",
)  # fmt: skip
DATABASE = "cms.db"
_DATA_KEYS = "keys/data_key"


def back_up(settings: Settings, target: Path) -> int:
    """Write the site to ``target``, a ``.tar.gz`` only its owner can read; return its size in bytes.

    The file gets its name when it is complete. It holds the key of the sessions and password hashes: protect it like
    the server. The data keys are left out.

    :raises CmsError: if the database is no SQLite file (such servers have tools of their own) or cannot be written.
    :raises Busy: while the data keys are being changed: files are sealed anew then.
    """
    if migrate.sqlite_path(settings.database) is None:
        raise CmsError("only the embedded database is part of a backup; dump yours with the tools of its server")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with rotation_lock(settings.site), tempfile.TemporaryDirectory(dir=settings.site) as folder:
            copy = Path(folder) / DATABASE
            migrate.snapshot(settings.database, copy)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
                archive.add(copy, DATABASE)
                for part in PARTS:
                    _add(archive, (settings.site / part).resolve(), part)
                archive.close()
                file.flush()
                os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CmsError(f"{target} cannot be written: {error}") from error
    return target.stat().st_size


def _add(archive: tarfile.TarFile, path: Path, name: str) -> None:
    """Add a file or a folder; what the site removes meanwhile is left out."""
    try:
        if name != _DATA_KEYS:
            archive.add(path, name, recursive=False)
        for child in sorted(path.iterdir()) if path.is_dir() and not path.is_symlink() else ():
            # Names that begin with a dot are files that are just being written.
            if not child.name.startswith("."):
                _add(archive, child, f"{name}/{child.name}")
    except FileNotFoundError:
        return


def back_up_keys(settings: Settings, target: Path) -> bool:
    """Write the data keys of the file ``keys/data_key`` to ``target``, which only its owner can read.

    :returns: whether there were any: keys of the settings are not ours to copy.
    :raises CmsError: if it cannot be written.
    """
    if settings.data_key:
        return False
    try:
        write_keys(target, read_keys(settings))
    except OSError as error:
        raise CmsError(f"{target} cannot be written: {error}") from error
    return True


def restore(source: Path, site: Path, keys: Path | None = None) -> None:
    """Make a site in ``site``, which must be new or empty, from the backup ``source``.

    :param keys: the file with the data keys that was written with it.
    :raises CmsError: if the folder holds something, or the file is no whole backup; nothing is left behind then.
    """
    if site.exists() and any(path.name != "README.md" for path in site.iterdir()):
        raise CmsError(f"{site} is not empty; restore into a new folder, or move the present site away first")
    site.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=site.parent) as folder:
        unpacked = Path(folder) / "site"
        try:
            with tarfile.open(source, "r:gz") as archive:
                archive.extractall(unpacked, filter="data")
        except (OSError, EOFError, tarfile.TarError) as error:
            raise CmsError(f"{source} is not a whole backup: {error}") from error
        if not (unpacked / DATABASE).exists():
            raise CmsError(f"{source} is not a backup of a site: it holds no {DATABASE}")
        for name in ("search", "run", "snapshots", *PARTS[1:]):
            (unpacked / name).mkdir(exist_ok=True)
        (unpacked / "keys").chmod(0o700)
        if keys is not None:
            shutil.copyfile(keys, data_key_file(unpacked))
        for key in (unpacked / "keys").iterdir():
            key.chmod(0o600)
        unpacked.chmod(0o700)
        site.mkdir(exist_ok=True)
        shutil.copytree(unpacked, site, dirs_exist_ok=True)
        site.chmod(0o700)
