"""One leader for each site: whoever holds the lock file. The lock goes with the process, also when it is killed."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from cms.kernel.errors import CmsError


class Busy(CmsError):  # noqa: N818 — reads as the outcome it is
    """Another process holds the lock."""


class FileLock:
    """An exclusive lock on a file, held by this process while it lives or until it is released."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """Take the lock if it is free; tell whether it was."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_held(self) -> bool:
        """Tell whether some process holds the lock now; asking disturbs nobody."""
        if not self._path.exists():
            return False
        descriptor = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    @property
    def holder(self) -> str:
        """Return the process id written by the present or last holder."""
        return self._path.read_text("ascii") if self._path.exists() else ""

    def __enter__(self) -> Self:
        if not self.acquire():
            raise Busy(f"{self._path.name} is held by process {self.holder}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def leader_lock(site: Path) -> FileLock:
    """Return the lock of the one process that runs jobs and writes the index of ``site``."""
    return FileLock(site / "run" / "leader.lock")


def server_lock(site: Path) -> FileLock:
    """Return the lock of the one server of ``site``."""
    return FileLock(site / "run" / "server.lock")
