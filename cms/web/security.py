"""Security headers, CSRF, cookies and the base path."""

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, Response
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from cms.config import Settings

#: Name of the cookie of the desk; visitors have none.
SESSION_COOKIE = "cms_session"
#: Nothing from elsewhere, nothing inline. ``blob:`` pictures are those that an editor is about to upload.
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def trust_proxies(app: Flask, settings: "Settings") -> None:
    """Believe what the proxies in front of the server say of clients; called last, so that every layer sees it."""
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # Flask's documented way


class BasePath:
    """Serves the app below a path and nothing beside it."""

    def __init__(self, app: "WSGIApplication", base_path: str) -> None:
        self._app = app
        self._base = base_path

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request below the base path; 404 for everything else."""
        path = environ.get("PATH_INFO", "")
        if path == self._base:
            start_response("308 Permanent Redirect", [("Location", f"{self._base}/"), ("Content-Length", "0")])
            return []
        if not path.startswith(f"{self._base}/"):
            start_response("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
            return [f"This site lives below {self._base}/\n".encode()]
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + self._base
        environ["PATH_INFO"] = path.removeprefix(self._base)
        return self._app(environ, start_response)


def headers_of(settings: "Settings") -> dict[str, str]:
    """Return the headers that every answer of a site has, unless its view has set them otherwise."""
    more = {"Strict-Transport-Security": "max-age=31536000"} if settings.is_https else {}
    return {**HEADERS, **more}


def init_security(app: Flask, settings: "Settings") -> CSRFProtect:
    """Protect ``app``; return its CSRF guard, from which APIs without cookies are exempted."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME=SESSION_COOKIE,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_PATH=f"{settings.base_path}/",
        APPLICATION_ROOT=f"{settings.base_path}/",
        PREFERRED_URL_SCHEME="https" if settings.is_https else "http",
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1_000_000 + 1_000_000,
        # Long articles are one form field; Werkzeug's default is half a megabyte.
        MAX_FORM_MEMORY_SIZE=8_000_000,
        MAX_FORM_PARTS=5_000,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.trusted_hosts:
        own = urlsplit(settings.public_url).hostname or ""
        app.config["TRUSTED_HOSTS"] = [*settings.trusted_hosts, own, "localhost", "127.0.0.1"]
    if settings.base_path:
        app.wsgi_app = BasePath(app.wsgi_app, settings.base_path)  # type: ignore[method-assign]  # Flask's documented way
    headers = headers_of(settings)
    names = {name: name.lower() for name in headers}

    @app.after_request
    def _headers(response: Response) -> Response:
        given = {name.lower() for name, _value in response.headers}
        response.headers.extend([(name, value) for name, value in headers.items() if names[name] not in given])
        return response

    return CSRFProtect(app)
