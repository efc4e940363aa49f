"""Where the bytes of assets lie."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from cms.kernel.errors import NotFound


class FileStore(Protocol):
    """Keeps bytes under a digest. What :meth:`put` has returned from survives a crash."""

    def put(self, digest: str, content: bytes) -> None:
        """Store ``content``; storing the same bytes twice is harmless."""
        ...

    def remove(self, digest: str) -> None:
        """Forget the bytes; that there are none is no error."""
        ...

    def names(self) -> Iterator[tuple[str, float]]:
        """Yield the name of each stored file, with the time of its last change in seconds since 1970."""
        ...

    def path(self, digest: str) -> Path:
        """Return a local file with the bytes.

        :raises NotFound: if there are none.
        """
        ...


class FolderStore:
    """Files in a folder, two levels deep; written, synchronised and only then given their name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, digest: str, content: bytes) -> None:
        """Store ``content`` under ``digest``."""
        target = self._target(digest)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{digest}.{secrets.token_hex(4)}")
        with unfinished.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(target)
        sync_folder(target.parent)

    def remove(self, digest: str) -> None:
        """Remove the file of ``digest``."""
        self._target(digest).unlink(missing_ok=True)

    def names(self) -> Iterator[tuple[str, float]]:
        """Yield what is stored under which name, with the time of its last change in seconds since 1970."""
        for file in self._folder.glob("??/??/[!.]*"):
            yield file.name, file.stat().st_mtime

    def path(self, digest: str) -> Path:
        """Return the file with the bytes of ``digest``."""
        target = self._target(digest)
        if not target.exists():
            raise NotFound(f"asset {digest}")
        return target

    def _target(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:4] / digest


def sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
