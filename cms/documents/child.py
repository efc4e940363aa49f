"""Work that may eat time or memory, done in a child process that has little of both.

The child gets bytes and answers with bytes. It knows no secrets (its environment is an allow-list), its limits are set
before anything is imported, and it ends with its parent. What it used is returned to the system when it ends, so the
worker that asked does not grow.
"""

import atexit
import contextlib
import logging
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_log = logging.getLogger(__name__)
#: What the child may know of our environment: paths, language, fonts.
_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH",
                "LD_LIBRARY_PATH")  # fmt: skip
#: The exit code of a child that knows what is wrong; its output is the reason then.
KNOWN_PROBLEM = 3
_MAX_NOTE = 500


class Task(StrEnum):
    """What a child can do."""

    WRITE_PDF = "write-pdf"
    READ_PDF = "read-pdf"
    EXAMINE_PDF = "examine-pdf"
    DRAW_PDF = "draw-pdf"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a child may use: seconds on the wall and of the processor, megabytes of address space."""

    wall: int
    cpu: int
    megabytes: int


class ChildError(Exception):
    """The child gave no result. ``reason`` is the word of a child that knows why, otherwise empty."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason or "the child process failed or reached a limit")
        self.reason = reason


def run(task: Task, data: bytes, limits: Limits) -> bytes:
    """Do ``task`` with ``data`` in a child process and return what it answers.

    :raises ChildError: if it fails, takes too long or too much memory.
    """
    return _finish(task, _start(task, limits), data, limits)


class WarmChild:
    """A child that has loaded its libraries before it is needed, for tasks that begin slowly.

    Each child does one task and ends. The first call waits for a new one; after each call the next one is started and
    waits, for some minutes at most, then it ends by itself.
    """

    def __init__(self, task: Task, limits: Limits) -> None:
        self._task, self._limits = task, limits
        self._lock = threading.Lock()
        self._spare: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def run(self, data: bytes) -> bytes:
        """Do the task with ``data``.

        :raises ChildError: if it fails, takes too long or too much memory.
        """
        child = self._take() or _start(self._task, self._limits)
        answer = _finish(self._task, child, data, self._limits)
        self._refill()
        return answer

    def _take(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is None or self._owner != os.getpid():
            return None
        if spare.poll() is None:
            return spare
        _close(spare)
        return None

    def _refill(self) -> None:
        with self._lock:
            if self._spare is None or self._owner != os.getpid():
                if self._owner != os.getpid():
                    atexit.register(self.close)
                self._spare, self._owner = _start(self._task, self._limits), os.getpid()

    def close(self) -> None:
        """End the child that waits, if there is one."""
        with self._lock:
            spare, self._spare = self._spare, None
        if spare is not None and self._owner == os.getpid():
            spare.kill()
            _close(spare)


def _close(child: "subprocess.Popen[bytes]") -> None:
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe is not None:
            # What was not written yet has nobody to read it.
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _start(task: Task, limits: Limits) -> "subprocess.Popen[bytes]":
    # The child must import this very package, wherever the server was started.
    here = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(here)
    return subprocess.Popen(  # noqa: S603 — our own command line
        [sys.executable, "-P", "-m", "cms.documents.child_main", task, str(limits.cpu), str(limits.megabytes)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip


def _finish(task: Task, child: "subprocess.Popen[bytes]", data: bytes, limits: Limits) -> bytes:
    try:
        answer, notes = child.communicate(data, timeout=limits.wall)
    except subprocess.TimeoutExpired as error:
        child.kill()
        _close(child)
        _log.warning("%s took longer than %d seconds", task, limits.wall)
        raise ChildError from error
    if child.returncode == KNOWN_PROBLEM:
        raise ChildError(answer.decode("utf-8", "replace").strip())
    if child.returncode != 0:
        last = notes.decode("utf-8", "replace").strip().rpartition("\n")[2]
        _log.warning("%s ended with %d: %s", task, child.returncode, last[:_MAX_NOTE])
        raise ChildError
    return answer
