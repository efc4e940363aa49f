"""The folder of a Whoosh index: durable commits, one writer, and the pointer to the index in use.

Layout: ``current`` names the folder in use (``<format>-<number>``), ``lock`` is held by whoever writes. A
rebuild fills a new folder and replaces ``current`` by renaming; readers of the old one keep their open files.
"""

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.index import TOC

from cms.search.index import SearchUnavailable
from cms.search.terms import FORMAT

_FOLDER = re.compile(r"[0-9]+-([0-9]+)")
_TOC = re.compile(r"_MAIN_([0-9]+)\.toc")


class DurableStorage(FileStorage):
    """Files that have reached the disk before the commit that needs them becomes visible."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._created: set[str] = set()
        self._opened: list[StructFile] = []

    def open_file(self, name: str, **options: object) -> StructFile:
        """Open a file and remember it until :meth:`opened_well` or :meth:`close_opened`."""
        file = super().open_file(name, **options)
        self._opened.append(file)
        return file

    def opened_well(self) -> None:
        """Leave the files to those who read them."""
        self._opened.clear()

    def close_opened(self) -> None:
        """Close what Whoosh leaves open when it meets a damaged file."""
        for file in self._opened:
            if not file.is_closed:
                file.close()
        self._opened.clear()

    def create_file(self, name: str, **options: object) -> object:
        """Create a file and remember to flush it."""
        self._created.add(name)
        return super().create_file(name, **options)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 — Whoosh's signature
        """Rename; Whoosh does it once per commit, to make the new table of contents valid."""
        for name in self._created:
            with contextlib.suppress(FileNotFoundError):  # Parts of a segment are removed when it is put together.
                sync(Path(self.folder, name))
        self._created.clear()
        super().rename_file(oldname, newname, safe=safe)
        sync(Path(self.folder))


def sync(path: Path) -> None:
    """Flush a file or folder to the disk.

    :raises OSError: if the path is missing or the disk refuses.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Be the only writer, among all threads and processes; waits for the one before.

    :raises SearchUnavailable: if the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)  # The files are pickles: who can write them can run code as us.
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as problem:
        raise SearchUnavailable(f"The search index in {folder} cannot be written: {problem}") from problem
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # Closing releases the lock; a killed process lets it go as well.


def current(folder: Path) -> Path | None:
    """Return the index in use, or None when there is none."""
    try:
        name = (folder / "current").read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeError) as problem:
        raise SearchUnavailable(f"The search index in {folder} cannot be read: {problem}") from problem
    if not _FOLDER.fullmatch(name):
        raise SearchUnavailable(f"The search index in {folder} is damaged ('current' reads {name[:40]!r}); rebuild it.")
    return folder / name


def is_current_format(index: Path) -> bool:
    """Tell whether ``index`` was written by this version's rules."""
    return index.name.startswith(f"{FORMAT}-")


def new_index(folder: Path) -> Path:
    """Make the folder of a new index and remove those of crashed rebuilds. Call it as the writer."""
    used = current_or_none(folder)
    for other in _indexes(folder):
        if other != used:
            shutil.rmtree(other)
    number = max((_number(other) for other in _indexes(folder)), default=0) + 1
    index = folder / f"{FORMAT}-{number}"
    index.mkdir(mode=0o700)
    return index


def use(folder: Path, index: Path) -> None:
    """Make ``index`` the one in use, in one step, and remove the one before."""
    fresh = folder / "current.new"
    fresh.write_text(index.name, "ascii")
    sync(fresh)
    fresh.replace(folder / "current")
    sync(folder)
    for other in _indexes(folder):
        if other != index:
            # A reader that is just opening it meets a missing file and follows the new pointer.
            shutil.rmtree(other, ignore_errors=True)


def current_or_none(folder: Path) -> Path | None:
    """Return the index in use, or None when there is none or the pointer is damaged."""
    with contextlib.suppress(SearchUnavailable):
        return current(folder)
    return None


def latest(index: Path) -> int:
    """Return the number of the newest commit, -1 without any."""
    try:
        return max((int(found[1]) for path in index.iterdir() if (found := _TOC.fullmatch(path.name))), default=-1)
    except FileNotFoundError:
        return -1


def create(index: Path, schema: object) -> None:
    """Write the empty first commit of a new index."""
    TOC.create(DurableStorage(str(index)), schema, "MAIN")


def _indexes(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_dir() and _FOLDER.fullmatch(path.name)]


def _number(index: Path) -> int:
    return int(index.name.partition("-")[2])
