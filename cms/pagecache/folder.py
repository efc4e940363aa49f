"""Kept pages as files, for a web server that answers from them without asking us.

Each state of the site has a folder; the link ``current`` names the folder that holds now and is replaced as a whole.
A file gets its name when it is complete. Whoever is killed leaves a file with another name, which nobody asks for and
which goes with its folder.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from cms.config import Settings
from cms.db.engine import make_engine
from cms.kernel.clock import SYSTEM_CLOCK
from cms.pagecache.front import Edition, PageCache
from cms.pagecache.identity import identity_of
from cms.pagecache.names import StateName, file_name, read_state_name
from cms.pagecache.pages import Page
from cms.pagecache.stamps import StampReader, Stamps
from cms.web.security import headers_of
from cms.web.state import Cms

#: Seconds that the folder of an older state stays, for requests that have just begun to read from it.
GRACE = 10
_EPOCH, _YEARS = 1_000_000_000, 2**29
_numbers = count()


def folder_of(settings: Settings) -> Path:
    """Return where the pages of a site lie."""
    return Path(settings.page_folder) if settings.page_folder else settings.site / "run" / "pages"


class PageFiles:
    """The files of one app: it writes them, and lets the link follow the state of the site."""

    def __init__(self, cms: Cms, reader: StampReader) -> None:
        self._root = folder_of(cms.settings)
        self._cms = cms
        self._reader = reader
        self._identity = identity_of(cms)
        self._limit = cms.settings.page_files_mb * 1_000_000
        self._written: tuple[str, int] = ("", 0)
        self._usual = {
            *headers_of(cms.settings).items(), ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding"),
        }  # fmt: skip

    def keep(self, path: str, query: str, page: Page, edition: Edition) -> None:
        """Write a page, unless it is one that the web server could not serve as we do, or there are too many."""
        name = file_name(path, query)
        if name is None or not self._is_usual(page):
            return
        state = str(self._name(edition))
        size = page.size + (self._written[1] if self._written[0] == state else 0)
        if size > self._limit:
            return
        self._written = (state, size)
        target = os.path.join(os.fsencode(self._root), os.fsencode(state), name)  # noqa: PTH118 — addresses are bytes
        with suppress(OSError):
            _make_folder(os.path.dirname(target))  # noqa: PTH120 — as above
            # The compressed one first: a server looks for it when it has found the other.
            if page.zipped is not None:
                _write(target + b".gz", page.zipped.body, page.plain.etag)
            _write(target, page.plain.body, page.plain.etag)

    def follow(self, cache: PageCache) -> None:
        """Let the link name the present state; called again and again by the process that serves the app."""
        stamps, now = self._reader.read(), self._cms.clock.now()
        drop_if_over(self._root, stamps, now)
        edition = cache.edition()
        if edition is None or _linked(self._root) == str(self._name(edition)):
            return
        with _locked(self._root) as is_mine:
            # Between reading the stamps and replacing the link nobody else may replace it by something newer.
            if is_mine and cache.edition() is edition:
                self._point(str(self._name(edition)))

    def _point(self, name: str) -> None:
        _make_folder(os.fsencode(self._root / name))
        link = self._root / f".link-{os.getpid()}"
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        link.replace(self._root / "current")
        _sweep(self._root, name)

    def _name(self, edition: Edition) -> StateName:
        return StateName(edition.stamps, int(edition.until.timestamp()), self._identity)

    def _is_usual(self, page: Page) -> bool:
        own = {(name, value) for name, value in page.plain.headers if name not in {"Content-Length", "ETag"}}
        return own == self._usual


def drop_if_over(root: Path, stamps: Stamps | None, now: datetime) -> None:
    """Take the link away if it names a state that is over; until there is a new one every request comes to us."""
    linked = _linked(root)
    if linked is None:
        return
    state = read_state_name(linked)
    if state is None or state.is_over(stamps, now):
        (root / "current").unlink(missing_ok=True)


def drop_stale(settings: Settings) -> None:
    """Take the link away if the site has changed since; for commands, which may run while no server does."""
    root = folder_of(settings)
    if _linked(root) is not None:
        engine = make_engine(settings.database)
        reader = StampReader(engine)
        drop_if_over(root, reader.read(), SYSTEM_CLOCK.now())
        reader.close()
        engine.dispose()


def clear(settings: Settings) -> None:
    """Remove all pages of a site: nothing of an earlier run, or of earlier code, is served again."""
    root = folder_of(settings)
    (root / "current").unlink(missing_ok=True)
    for child in _states(root):
        shutil.rmtree(child, ignore_errors=True)


def _linked(root: Path) -> str | None:
    try:
        return str((root / "current").readlink())
    except OSError:
        return None


def _make_folder(folder: bytes) -> None:
    """Make a folder and those above it that do not exist; whatever the umask, a web server may read them."""
    if os.path.isdir(folder):  # noqa: PTH112 — addresses are bytes
        return
    _make_folder(os.path.dirname(folder))  # noqa: PTH120 — as above
    with suppress(FileExistsError):
        os.mkdir(folder)  # noqa: PTH102 — as above
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 — as above


def _write(target: bytes, body: bytes, etag: str) -> None:
    unfinished = os.path.join(os.path.dirname(target), f".{os.getpid()}-{next(_numbers)}".encode())  # noqa: PTH118, PTH120
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
    os.chmod(unfinished, 0o644)  # noqa: PTH101 — whatever the umask: citizens may read it, so may the web server
    # nginx makes its ETag of time and size. A time that follows from the content never names two versions alike.
    moment = _EPOCH + int(etag.strip('"'), 16) % _YEARS
    os.utime(unfinished, (moment, moment))
    os.replace(unfinished, target)  # noqa: PTH105 — as above


def _sweep(root: Path, present: str) -> None:
    """Remove the folders of older states."""
    for child in _states(root):
        with suppress(OSError):
            if child.name != present and time.time() - child.stat().st_mtime > GRACE:
                shutil.rmtree(child, ignore_errors=True)


def _states(root: Path) -> list[Path]:
    """Return the folders of states; whatever else lies there is not ours to touch."""
    return [child for child in root.iterdir() if read_state_name(child.name)] if root.is_dir() else []


@contextmanager
def _locked(root: Path) -> Iterator[bool]:
    """Tell whether this process has the only say about the link inside the block."""
    _make_folder(os.fsencode(root))
    descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
