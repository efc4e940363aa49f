"""LiveSite: a WSGI object that holds the present app and swaps it when the plugin stamp changes.

The new app is built beside the old one; one reference is replaced; requests in flight finish on the old app, then its
engine and index are closed. If the new app cannot be built, the old one keeps serving. A plugin that fails to load
alone is left out by :func:`cms.app.create_app` and does not stop the swap.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from cms.app import create_app
from cms.config import Settings
from cms.pluginkit.state import STAMP
from cms.settings.services import stamp
from cms.web.state import Cms

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)
#: Seconds between looks at the stamp; with the time of a swap well below the promised second.
POLL = 0.25


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


class LiveSite:
    """The site as servers run it.

    :param poll: seconds between looks at the stamp; ``None`` looks only when :meth:`refresh` is called.
    """

    def __init__(self, settings: Settings, *, poll: float | None = POLL) -> None:
        self._settings = settings
        self._serving = _Serving(create_app(settings))
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
        """Look at the stamp and swap if it has changed; tell whether there was a swap."""
        with self._swapping:
            present = self._serving.cms
            try:
                with Session(present.engine) as session:
                    now = stamp(session, STAMP)
            except SQLAlchemyError:
                log.warning("the plugin stamp cannot be read; the present app goes on", exc_info=True)
                return False
            if now == present.stamp:
                return False
            try:
                new = _Serving(create_app(self._settings, clock=present.clock))
            except Exception:
                log.exception("the new app could not be built; the old one keeps serving")
                present.stamp = now
                return False
            old, self._serving = self._serving, new
        old.retire()
        return True

    def close(self) -> None:
        """Stop watching and close the app; for tests and embedding."""
        self._stop.set()
        self._serving.retire()

    def _watch(self, poll: float) -> None:
        while not self._stop.wait(poll):
            self.refresh()
