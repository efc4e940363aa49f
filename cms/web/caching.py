"""What the page cache may keep: decided for each answer by what its making has touched, not by lists of pages.

A page may be kept if it is the same for everybody: a GET answered with 200 whose making read no cookie, session or
other header of the request, set no cookie, and was not told otherwise. Forms have a CSRF token in the session, so they
are never kept.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Flask, Request, Response, g, request
from flask.sessions import SessionMixin
from werkzeug.datastructures import Headers, MultiDict

from cms.web.sessions import OPENED

#: Where the page cache leaves a :class:`Verdict` for the app to fill.
SLOT = "cms.page"
#: Documents whose making is worth more than their bytes.
KINDS = frozenset({"text/html", "application/rss+xml", "application/atom+xml", "application/xml"})
_REFUSED, _UNTIL = "cms_do_not_cache", "cms_cache_until"


@dataclass
class Verdict:
    """Whether the answer that was just made may be kept, and until when at most."""

    may_keep: bool = False
    until: datetime | None = None


class PageRequest(Request):
    """A request that remembers whether anything was read of it that differs between visitors."""

    is_personal = False
    has_read_args = False

    @property
    def headers(self) -> Headers:
        """Return the headers, cookies and host among them; whoever reads them makes a page for one visitor."""
        self.is_personal = True
        return self._headers

    @headers.setter
    def headers(self, headers: Headers) -> None:
        self._headers = headers

    @property
    def remote_addr(self) -> str | None:
        """Return the address of the visitor; a page that depends on it is for one visitor."""
        self.is_personal = True
        return self._remote_addr

    @remote_addr.setter
    def remote_addr(self, address: str | None) -> None:
        self._remote_addr = address

    @property
    def args(self) -> MultiDict[str, str]:
        """Return the arguments of the query string; a page that does not read them is the same with all of them."""
        self.has_read_args = True
        if self._args is None:
            self._args = super().args
        return self._args

    _args: MultiDict[str, str] | None = None


def do_not_cache() -> None:
    """Keep the page that is being made out of every cache of ours: it shows something that no database row says."""
    g.setdefault(_REFUSED, True)


def cache_until(moment: datetime) -> None:
    """Let the page that is being made be kept until ``moment`` at most.

    Needed where a page changes within a day without a write; items that begin or end and new days are seen to.
    """
    known = g.get(_UNTIL)
    setattr(g, _UNTIL, min(known, moment) if known else moment)


def init_caching(app: Flask) -> None:
    """Let ``app`` judge its answers; called before anything else that looks at answers, so that it looks last."""
    app.request_class = PageRequest

    @app.after_request
    def _judge(response: Response) -> Response:
        verdict: Verdict | None = request.environ.get(SLOT)
        if verdict is not None:
            verdict.may_keep = _may_keep(response)
            verdict.until = g.get(_UNTIL)
        return response


def _may_keep(response: Response) -> bool:
    if response.status_code != HTTPStatus.OK or response.mimetype not in KINDS:
        return False
    if response.direct_passthrough or response.is_streamed or _is_personal():
        return False
    if request.query_string and not getattr(request, "has_read_args", False):
        return False
    return not _forbids(response.headers)


def _is_personal() -> bool:
    opened: SessionMixin = request.environ[OPENED]
    is_signed_in = opened.accessed or opened.modified or bool(opened)
    return is_signed_in or bool(g.get(_REFUSED)) or getattr(request, "is_personal", True)


def _forbids(headers: Headers) -> bool:
    directives = headers.get("Cache-Control", "")
    is_private = "no-store" in directives or "private" in directives
    return is_private or "Set-Cookie" in headers or headers.get("Vary", "Accept-Encoding") != "Accept-Encoding"
