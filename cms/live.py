"""LiveSite: a WSGI object that holds the present app and swaps it when the plugin stamp changes.

The new app is built beside the old one; one reference is replaced; requests in flight finish on the old app, then its
engine and index are closed. If the new app cannot be built, the old one keeps serving and the build is tried again
after a growing pause. A plugin that fails to load alone is left out by :func:`cms.app.create_app` and does not stop
the swap.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cms.app import create_app
from cms.config import Settings
from cms.kernel.clock import SYSTEM_CLOCK, Clock
from cms.pluginkit.state import STAMP
from cms.settings.services import stamp
from cms.web.state import Cms

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)
#: Seconds between looks at the stamp; with the time of a swap well below the promised second.
POLL = 0.25
#: Seconds before a build that failed is tried again: the first pause, doubled after each failure up to the longest.
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


class _Serving:
    """An app with the number of requests it is working on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.cms: Cms = app.extensions["cms"]
        self._requests = 0
        self._retired = False
        self._lock = threading.Lock()

    def enter(self) -> bool:
        """Count a request in; refuse if the app has been closed in the meantime."""
        with self._lock:
            if self._retired and self._requests == 0:
                return False
            self._requests += 1
            return True

    def leave(self) -> None:
        """Count a request out, and close the app after the last one."""
        with self._lock:
            self._requests -= 1
            finished = self._retired and self._requests == 0
        if finished:
            self.cms.close()

    def retire(self) -> None:
        """Take no new requests; close when the last one is done."""
        with self._lock:
            self._retired = True
            finished = self._requests == 0
        if finished:
            self.cms.close()


class _Body:
    """A response body that counts its request out when it has been sent or given up."""

    def __init__(self, chunks: Iterable[bytes], done: Callable[[], None]) -> None:
        self._chunks = chunks
        self._done = done
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        """Count the request out; servers call this at the end in every case."""
        if self._closed:
            return
        self._closed = True
        try:
            if hasattr(self._chunks, "close"):
                self._chunks.close()
        finally:
            self._done()


class _FailedBuild:
    """The stamp for which no app could be built, and when to try again."""

    def __init__(self) -> None:
        self.pause = 0.0
        self._stamp: int | None = None
        self._again_at = 0.0

    def is_waiting(self, stamp: int, now: float) -> bool:
        """Tell whether it is too early for another try."""
        return stamp == self._stamp and now < self._again_at

    def note(self, stamp: int, now: float) -> None:
        """Note a failure at ``now``."""
        self.pause = min(self.pause * 2, LONGEST_PAUSE) if stamp == self._stamp else FIRST_PAUSE
        self._stamp, self._again_at = stamp, now + self.pause


class LiveSite:
    """The site as servers run it.

    :param poll: seconds between looks at the stamp; ``None`` looks only when :meth:`refresh` is called.
    :param timer: seconds since some moment; measures the pause after a build that failed.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        poll: float | None = POLL,
        timer: Callable[[], float] = time.monotonic,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._settings = settings
        self._timer = timer
        self._failed = _FailedBuild()
        self._serving = _Serving(create_app(settings, clock=clock))
        self._swapping = threading.Lock()
        self._stop = threading.Event()
        if poll is not None:
            threading.Thread(target=self._watch, args=(poll,), name="cms-live", daemon=True).start()

    @property
    def app(self) -> Flask:
        """Return the app that serves now."""
        return self._serving.app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request with the present app."""
        serving = self._serving
        while not serving.enter():
            serving = self._serving
        try:
            return _Body(serving.app.wsgi_app(environ, start_response), serving.leave)
        except BaseException:
            serving.leave()
            raise

    def refresh(self) -> bool:
        """Look at the stamp and swap if it has changed; tell whether there was a swap.

        A build that failed is tried again at the first call after its pause, and at once when the stamp changes again.
        """
        with self._swapping:
            present = self._serving.cms
            try:
                with Session(present.engine) as session:
                    now = stamp(session, STAMP)
            except SQLAlchemyError:
                log.warning("the plugin stamp cannot be read; the present app goes on", exc_info=True)
                return False
            if now == present.stamp or self._failed.is_waiting(now, self._timer()):
                return False
            try:
                new = _Serving(create_app(self._settings, clock=present.clock, compiled=present.compiled))
            except (Exception, SystemExit):
                self._failed.note(now, self._timer())
                log.exception(
                    "the new app could not be built; the old one keeps serving, next try in %d s", self._failed.pause
                )
                return False
            self._failed = _FailedBuild()
            old, self._serving = self._serving, new
        old.retire()
        return True

    def follow(self) -> None:
        """Let whatever lies outside the app follow the state of the site: the link to its finished pages."""
        serving = self._serving
        if serving.enter():
            try:
                for follow in serving.cms.followers:
                    follow()
            finally:
                serving.leave()

    def close(self) -> None:
        """Stop watching and close the app; for tests and embedding."""
        self._stop.set()
        self._serving.retire()

    def _watch(self, poll: float) -> None:
        while not self._stop.wait(poll):
            try:
                self.refresh()
                self.follow()
            except BaseException:  # without this thread the site would never follow a change again
                log.exception("looking for changes failed; the present app goes on")
