"""Who is signed in: Flask-Login around our accounts, which need not know it."""

from dataclasses import dataclass
from functools import wraps
from time import time
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import Flask, Response, redirect, request, session, url_for
from flask_login import UserMixin, current_user, login_user, logout_user

from cms.accounts.models import User
from cms.accounts.policy import Actor, require
from cms.accounts.queries import actor_of, get_user
from cms.accounts.services import end_sessions
from cms.kernel.errors import NotAllowed
from cms.kernel.i18n import gettext as _
from cms.web.sessions import CookieSessions, Logins
from cms.web.state import get_cms, read_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

P = ParamSpec("P")
R = TypeVar("R")
_SEEN = "seen"
#: The cookie is written anew at most this often, in seconds.
_REFRESH = 60


@dataclass(frozen=True)
class DeskUser(UserMixin):
    """The signed-in person, as Flask-Login wants it."""

    actor: Actor
    username: str
    session_epoch: int
    must_change_password: bool

    def get_id(self) -> str:
        """Return the id that the session cookie holds; a new epoch ends all older sessions."""
        return f"{self.actor.id}:{self.session_epoch}"


def desk_user(user: User) -> DeskUser:
    """Return ``user`` as it is kept for the request."""
    actor = actor_of(user, get_cms().contributions.policy)
    return DeskUser(actor, user.username, user.session_epoch, user.must_change_password)


def init_login(app: Flask) -> None:
    """Give ``app`` sessions that end when idle, and when the account changes."""
    app.session_interface = CookieSessions()
    manager = Logins(app, add_context_processor=False)
    manager.session_protection = "basic"

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login ships no types
    def _load(session_id: str) -> DeskUser | None:
        user = _user_of(session_id)
        if user is None:
            # Nothing of a session that has ended may come to life again.
            session.clear()
            return None
        return desk_user(user)

    @app.after_request
    def _touch(response: Response) -> Response:
        if request.path.startswith("/desk") and _SEEN in session and time() - float(session[_SEEN]) > _REFRESH:
            session[_SEEN] = time()
        return response


def _user_of(session_id: str) -> User | None:
    """Return whose session this is; nothing if it was idle too long, or the account has changed since."""
    user_id, _colon, epoch = session_id.partition(":")
    idle_limit = get_cms().settings.session_idle_minutes * 60
    if time() - float(session.get(_SEEN, 0)) > idle_limit or not user_id.isdigit():
        return None
    user = read_session().get(User, int(user_id))
    if user is None or not user.is_active or str(user.session_epoch) != epoch:
        return None
    return user


def begin_session(user: User) -> None:
    """Sign ``user`` in, in a fresh session."""
    session.clear()
    session[_SEEN] = time()
    login_user(desk_user(user))


def end_session() -> None:
    """Sign the present user out, wherever their cookie may have been copied to."""
    user = signed_in()
    if user is not None:
        with get_cms().unit_of_work() as uow:
            end_sessions(uow, get_user(uow.session, user.actor.id or 0))
    logout_user()
    session.clear()


def current_actor() -> Actor:
    """Return the signed-in person.

    :raises NotAllowed: if nobody is.
    """
    if not current_user.is_authenticated:
        raise NotAllowed(_("请先登录。"))
    actor: Actor = current_user.actor
    return actor


def signed_in() -> DeskUser | None:
    """Return the signed-in person, or nothing."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001 — werkzeug's documented way out of a proxy


def permission(name: str) -> "Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]":
    """Let only people with the permission ``name`` reach a view; others sign in or get 403."""

    def guard(view: "Callable[P, R]") -> "Callable[P, R | ResponseReturnValue]":
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> "R | ResponseReturnValue":
            if not current_user.is_authenticated:
                return redirect(url_for("desk.login", next=request.full_path.rstrip("?")))
            if current_user.must_change_password and request.endpoint not in {"desk.password", "desk.logout"}:
                return redirect(url_for("desk.password"))
            require(current_actor(), name)
            return view(*args, **kwargs)

        guarded.__dict__["cms_permission"] = name
        return guarded

    return guard
