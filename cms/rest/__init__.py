"""The read API, ``/api/v1``, described by OpenAPI 3.1 at ``/api/v1/openapi.json``."""

from flask_openapi3 import OpenAPI
from flask_wtf.csrf import CSRFProtect

from cms.rest import search


def register(app: OpenAPI, csrf: CSRFProtect) -> None:
    """Add the API to ``app``; it has no cookies, so it needs no CSRF guard."""
    csrf.exempt(search.api)
    app.register_api(search.api)
    app.add_url_rule("/api/v1/openapi.json", "openapi_document", lambda: app.api_doc)
