"""The page cache as a WSGI layer before Flask.

Every request reads the stamps first. A kept page was made under the same stamps and none of its moments has come, so
it is what the app would answer now. While a page is made the stamps are read again at the end: only if they are the
same is it kept, whatever snapshots its queries saw.
"""

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from cms.pagecache.pages import Headers, Page, Shelf, make_page
from cms.pagecache.stamps import StampReader, Stamps
from cms.web.caching import SLOT, Verdict
from cms.web.security import SESSION_COOKIE
from cms.web.standing import next_moment
from cms.web.state import Cms

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: Query strings that pages are kept for; every other one goes to the app.
_QUERY = re.compile(r"page=[1-9]\d{0,3}")
#: Seconds that a request waits for another one that makes the same page, before it makes the page itself.
PATIENCE = 2.0
#: Host names beside the public one that pages are kept for; more would be somebody inventing names.
_HOSTS = 8
#: Addresses remembered as not to be kept, for each state of the site.
_MOST_REFUSED = 10_000

Key = tuple[str, str, str, str]
#: Takes a page with its path, base path included, and its query string.
Keeper = Callable[[str, str, Page, "Edition"], None]


@dataclass
class Edition:
    """All pages of one state of the site: from ``since`` until ``until`` as long as the stamps stand."""

    stamps: Stamps
    since: datetime
    until: datetime
    shelf: Shelf
    refused: set[Key] = field(default_factory=set)

    def holds(self, stamps: Stamps, now: datetime) -> bool:
        """Tell whether its pages are what the app would answer."""
        return stamps == self.stamps and self.since <= now < self.until


class PageCache:
    """Answers from kept pages where it may, and from ``app`` else."""

    def __init__(self, app: "WSGIApplication", cms: Cms) -> None:
        self._app = app
        self._cms = cms
        self.reader = StampReader(cms.engine)
        #: Gets every page that is kept and whose time is that of its edition.
        self.keeper: Keeper | None = None
        self._edition: Edition | None = None
        self._hosts = {urlsplit(cms.settings.public_url).netloc}
        self._cookie = f"{SESSION_COOKIE}="
        self._desk = f"{cms.base_path}/desk"
        self._making: dict[Key, threading.Event] = {}
        self._lock = threading.Lock()
        self._turning = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        key, edition = self._key(environ), self._edition
        if key is None or (edition is not None and key in edition.refused):
            return self._app(environ, start_response)
        edition = self.edition()
        if edition is None:
            return self._app(environ, start_response)
        page = edition.shelf.get(key)
        now = self._cms.clock.now()
        if page is None or now >= page.until:
            page, answer = self._made(key, edition, environ, start_response)
            if page is None:
                return answer
        return _send(page, environ, start_response, self._cms.clock.now())

    def edition(self) -> Edition | None:
        """Return the present state of the site; nothing if it cannot be told, or this app is about to be replaced."""
        stamps, now = self.reader.read(), self._cms.clock.now()
        if stamps is None or stamps.app != self._cms.stamp:
            return None
        edition = self._edition
        return edition if edition is not None and edition.holds(stamps, now) else self._next(stamps, now)

    def _next(self, stamps: Stamps, now: datetime) -> Edition | None:
        """Return the edition of a state that was not known yet."""
        with self._turning:
            if self._edition is None or not self._edition.holds(stamps, now):
                try:
                    with self._cms.reading() as session:
                        until = next_moment(self._cms, session, now)
                except SQLAlchemyError:
                    return None
                shelf = Shelf(self._cms.settings.page_cache_mb * 1_000_000)
                self._edition = Edition(stamps, now, until, shelf)
            return self._edition

    def close(self) -> None:
        """Give back the connection."""
        self.reader.close()

    def _key(self, environ: "WSGIEnvironment") -> Key | None:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or self._cookie in environ.get("HTTP_COOKIE", ""):
            return None
        query = environ.get("QUERY_STRING", "")
        if query and not _QUERY.fullmatch(query):
            return None
        path = environ.get("PATH_INFO", "")
        host = environ.get("HTTP_HOST", "")
        if path.startswith(self._desk) or (host not in self._hosts and len(self._hosts) > _HOSTS):
            return None
        return environ["wsgi.url_scheme"], host, path, query

    def _made(
        self, key: Key, edition: Edition, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> tuple[Page | None, Iterable[bytes]]:
        """Return the page, made here or by the request that began before this one; else the answer of the app."""
        with self._lock:
            other = self._making.get(key)
            if other is None:
                self._making[key] = threading.Event()
        if other is not None:
            other.wait(PATIENCE)
            present = self.edition()
            page = present.shelf.get(key) if present else None
            if page is not None and self._cms.clock.now() < page.until:
                return page, ()
            return self._make(key, present, environ, start_response)
        try:
            return self._make(key, edition, environ, start_response)
        finally:
            with self._lock:
                self._making.pop(key).set()

    def _make(
        self, key: Key, edition: Edition | None, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> tuple[Page | None, Iterable[bytes]]:
        began, verdict = self._cms.clock.now(), Verdict()
        asked = environ["REQUEST_METHOD"]
        answer = _Answer()
        chunks = self._app({**environ, "REQUEST_METHOD": "GET", SLOT: verdict}, answer)
        if not verdict.may_keep or edition is None:
            if edition is not None and len(edition.refused) < _MOST_REFUSED and answer.is_lasting:
                edition.refused.add(key)
            return None, answer.passed_on(chunks, start_response, is_head=asked == "HEAD")
        try:
            body = b"".join(chunks)
        finally:
            _close(chunks)
        until = min(edition.until, verdict.until or edition.until)
        page = make_page(body, answer.headers, began, until)
        self._keep(key, page, edition)
        return page, ()

    def _keep(self, key: Key, page: Page, edition: Edition) -> None:
        now = self._cms.clock.now()
        stamps = self.reader.read()
        if stamps is None or not edition.holds(stamps, now) or now >= page.until:
            return
        _scheme, host, path, query = key
        edition.shelf.put(key, page)
        self._hosts.add(host)
        if self.keeper is not None and page.until == edition.until and host == urlsplit(self._cms.origin).netloc:
            self.keeper(path, query, page, edition)


class _Answer:
    """Takes what an app says of its answer."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []
        self._more: tuple[Any, ...] = ()

    @property
    def is_lasting(self) -> bool:
        """Tell whether others get such an answer too: it does not follow from a condition, a range or a failure."""
        return not self.status.startswith(("206", "304", "412", "416", "5"))

    def __call__(self, status: str, headers: Headers, *more: Any) -> Callable[[bytes], object]:  # noqa: ANN401 — as WSGI has it
        self.status, self.headers, self._more = status, headers, more
        return _refuse

    def passed_on(self, chunks: Iterable[bytes], start_response: "StartResponse", *, is_head: bool) -> Iterable[bytes]:
        """Say the same to the server; the body goes with it unless only the head was asked for."""
        start_response(self.status, self.headers, *self._more)
        if is_head:
            _close(chunks)
            return ()
        return chunks


def _refuse(_chunk: bytes) -> None:
    raise RuntimeError("the write() of WSGI is not supported")


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close is not None:
        close()


def _send(page: Page, environ: "WSGIEnvironment", start_response: "StartResponse", now: datetime) -> Iterable[bytes]:
    variant = page.variant(environ.get("HTTP_ACCEPT_ENCODING", ""))
    headers = variant.dated if page.is_settled(now) else variant.headers
    if page.is_known(environ.get("HTTP_IF_NONE_MATCH", ""), environ.get("HTTP_IF_MODIFIED_SINCE", ""), now):
        start_response("304 Not Modified", [one for one in headers if one[0] not in {"Content-Length", "Content-Type"}])
        return ()
    start_response("200 OK", headers)
    return () if environ["REQUEST_METHOD"] == "HEAD" else (variant.body,)
