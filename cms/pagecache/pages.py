"""Kept pages: bytes, headers and their compressed variant; and how a conditional request is answered."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from threading import Lock

Headers = list[tuple[str, str]]
#: Smaller bodies are not worth compressing.
_LEAST = 500
#: Seconds after which the time of its making identifies a page: two versions may be made within the same second.
_SETTLED = 2
_DROPPED = frozenset({"content-length", "etag", "last-modified", "vary"})


@dataclass(frozen=True)
class Variant:
    """One encoding of a page with its complete headers, without and with the time of its making."""

    body: bytes
    etag: str
    headers: Headers
    dated: Headers


@dataclass(frozen=True)
class Page:
    """A page as it was made at ``made_at``, to be served until ``until``."""

    plain: Variant
    zipped: Variant | None
    made_at: datetime
    until: datetime
    size: int

    def variant(self, accepted: str) -> Variant:
        """Return the variant for the value of an ``Accept-Encoding`` header."""
        return self.zipped if self.zipped is not None and _takes_gzip(accepted) else self.plain

    def is_settled(self, now: datetime) -> bool:
        """Tell whether the page may be identified by the second in which it was made."""
        return (now - self.made_at).total_seconds() >= _SETTLED

    def is_known(self, etags: str, since: str, now: datetime) -> bool:
        """Tell whether a client that sends these ``If-None-Match`` and ``If-Modified-Since`` has the page already."""
        if etags:
            given = {tag.strip().removeprefix("W/") for tag in etags.split(",")}
            own = {self.plain.etag, self.zipped.etag if self.zipped else self.plain.etag, "*"}
            return not own.isdisjoint(given)
        return bool(since) and self.is_settled(now) and _is_since(since, self.made_at)


def make_page(body: bytes, headers: Sequence[tuple[str, str]], made_at: datetime, until: datetime) -> Page:
    """Return a page with validators and a compressed variant; ``headers`` are those of the app."""
    digest = hashlib.sha256(body).hexdigest()[:24]
    common = [(name, value) for name, value in headers if name.lower() not in _DROPPED]
    if not any(name.lower() == "cache-control" for name, _value in common):
        # Browsers keep it and ask whether it still holds; without a word they would guess.
        common.append(("Cache-Control", "no-cache"))
    common.append(("Vary", "Accept-Encoding"))
    zipped_body = gzip.compress(body, 6, mtime=0) if len(body) >= _LEAST else b""
    plain = _variant(body, f'"{digest}"', common, made_at)
    zipped = None
    if zipped_body:
        zipped = _variant(zipped_body, f'"{digest}-gz"', [*common, ("Content-Encoding", "gzip")], made_at)
    return Page(plain, zipped, made_at, until, len(body) + len(zipped_body) + 2_000)


def _variant(body: bytes, etag: str, common: Headers, made_at: datetime) -> Variant:
    headers = [*common, ("Content-Length", str(len(body))), ("ETag", etag)]
    return Variant(body, etag, headers, [*headers, ("Last-Modified", format_datetime(made_at, usegmt=True))])


def _takes_gzip(accepted: str) -> bool:
    if "gzip" not in accepted:
        return False
    for part in accepted.split(","):
        coding, _semicolon, quality = part.partition(";")
        if coding.strip() == "gzip":
            return quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _is_since(text: str, made_at: datetime) -> bool:
    try:
        since = parsedate_to_datetime(text)
    except ValueError:
        return False
    return since.tzinfo is not None and since >= made_at.replace(microsecond=0)


@dataclass
class Shelf:
    """Pages in memory, the least recently used of which give way when there are too many bytes."""

    limit: int
    _pages: OrderedDict[Hashable, Page] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable) -> Page | None:
        """Return a page."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def put(self, key: Hashable, page: Page) -> None:
        """Keep a page, and let others go for it."""
        with self._lock:
            old = self._pages.pop(key, None)
            self._size += page.size - (old.size if old else 0)
            self._pages[key] = page
            while self._size > self.limit and self._pages:
                _key, gone = self._pages.popitem(last=False)
                self._size -= gone.size
