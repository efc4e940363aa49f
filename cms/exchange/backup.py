"""Backup and restore of a whole site as one file: database, assets, keys, plugins, themes, templates, settings.

The database goes first, as a consistent copy taken while the site may run; assets are never changed, so those taken
after it are complete. The search index is left out: it is built anew.
"""

import os
import shutil
import tarfile
import tempfile
from pathlib import Path

from cms.config import Settings
from cms.db import migrate
from cms.kernel.errors import CmsError

#: What belongs to a site beside its database.
PARTS = ("config.toml", "keys", "media", "plugins", "themes", "templates", "editions", "report-formats")
DATABASE = "cms.db"


def back_up(settings: Settings, target: Path) -> int:
    """Write the site to ``target``, a ``.tar.gz`` only its owner can read; return its size in bytes.

    The file gets its name when it is complete. It holds keys and password hashes: protect it like the server.

    :raises CmsError: if the database is no SQLite file (such servers have tools of their own) or cannot be written.
    """
    if migrate.sqlite_path(settings.database) is None:
        raise CmsError("only the embedded database is part of a backup; dump yours with the tools of its server")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        with tempfile.TemporaryDirectory(dir=settings.site) as folder:
            copy = Path(folder) / DATABASE
            migrate.snapshot(settings.database, copy)
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
                archive.add(copy, DATABASE)
                for part in PARTS:
                    if (settings.site / part).exists():
                        archive.add(settings.site / part, part)
                archive.close()
                file.flush()
                os.fsync(file.fileno())
        unfinished.rename(target)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise CmsError(f"{target} cannot be written: {error}") from error
    return target.stat().st_size


def restore(source: Path, site: Path) -> None:
    """Make a site in ``site``, which must be new or empty, from the backup ``source``.

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
        for key in (unpacked / "keys").iterdir():
            key.chmod(0o600)
        unpacked.chmod(0o700)
        site.mkdir(exist_ok=True)
        shutil.copytree(unpacked, site, dirs_exist_ok=True)
        site.chmod(0o700)
