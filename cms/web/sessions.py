"""Sessions in signed cookies, without work for visitors who have none."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager


class CookieSessions(SecureCookieSessionInterface):
    """Flask's own, but keys and signatures are touched only if there is a cookie or something to keep."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of the request's cookie, or an empty one."""
        if f"{self.get_cookie_name(app)}=" not in request.environ.get("HTTP_COOKIE", ""):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the session as a cookie if it holds anything; an untouched empty one costs nothing."""
        if session.accessed or session.modified or session:
            super().save_session(app, session, response)


class Logins(LoginManager):
    """Flask-Login without its remember cookie, which we never set: looking for it made every page a personal one."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response
