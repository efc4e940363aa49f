"""Sessions in signed cookies, without work for visitors who have none."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager

#: Where the session of a request can be looked at without touching it, which looking through Flask would be.
OPENED = "cms.session"


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own, but keys and signatures are touched only if there is a cookie or something to keep."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of the request's cookie, or an empty one."""
        has_cookie = f"{self.get_cookie_name(app)}=" in request.environ.get("HTTP_COOKIE", "")
        session = super().open_session(app, request) if has_cookie else self.session_class()
        request.environ[OPENED] = session
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the session as a cookie if it holds anything; an untouched empty one costs nothing."""
        if session.accessed or session.modified or session:
            super().save_session(app, session, response)


class Logins(LoginManager):
    """Flask-Login without its remember cookie, which we never set: looking for it made every page a personal one."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response
