"""Pages that depend on all sorts of things."""

from datetime import timedelta

from flask import Blueprint, Response, make_response, request, session
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from cms.api import HIDDEN, Model, Outlet, Plugin, cache_until, do_not_cache, get_cms, read_session


class Word(Model, table="word"):
    """Something shown on a page."""

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class Visit(Model, table="visit"):
    """Something that no page shows."""

    __table_args__ = {"info": HIDDEN}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)


def page(view):
    return lambda: make_response(view(), {"Content-Type": "text/html; charset=utf-8"})


def words():
    return "<p>" + " ".join(read_session().scalars(select(Word.text))) + f"</p>{'x' * 600}"


def signed():
    session["seen"] = True
    return "seen"


def for_an_hour():
    cache_until(get_cms().clock.now() + timedelta(hours=1))
    return f"{get_cms().clock.now():%H}"


def told():
    do_not_cache()
    return "told"


def cookie():
    response = make_response("cookie", {"Content-Type": "text/html"})
    response.set_cookie("a", "b")
    return response


VIEWS = {
    "words": page(words),
    "plain": page(lambda: "plain"),
    "session-read": page(lambda: str("seen" in session)),
    "session-written": page(signed),
    "cookie-read": page(lambda: request.cookies.get("a", "")),
    "cookie-set": cookie,
    "agent": page(lambda: str(request.user_agent)),
    "language": page(lambda: str(request.accept_languages)),
    "address": page(lambda: str(request.remote_addr)),
    "host": page(lambda: request.host_url),
    "told": page(told),
    "hour": page(for_an_hour),
    "private": lambda: make_response("private", {"Content-Type": "text/html", "Cache-Control": "private"}),
    "varies": lambda: make_response("varies", {"Content-Type": "text/html", "Vary": "Cookie"}),
    "streamed": lambda: Response((part for part in ["a", "b"]), mimetype="text/html"),
    "json": lambda: {"a": 1},
    "paged": page(lambda: f"page {request.args.get('page', '1')}"),
}


def failing(**_values):
    if (get_cms().settings.site / "fail").exists():
        raise RuntimeError("for this once")
    return "<p>outlet</p>"


class Kept(Plugin):
    """Pages below /kept/."""

    reserved_paths = frozenset({"kept"})
    outlets = {Outlet.ITEM_AFTER_BODY: failing}  # noqa: RUF012

    def blueprints(self):
        blueprint = Blueprint("kept", __name__)
        for name, view in VIEWS.items():
            blueprint.add_url_rule(f"/kept/{name}", name, view)
        return [blueprint]


plugin = Kept()
