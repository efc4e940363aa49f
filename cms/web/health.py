"""``/healthz``: the process answers. ``/readyz``: it can also do its work."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cms.db import migrate
from cms.kernel.errors import CmsError
from cms.web.state import get_cms, read_session

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """Answer that the process is alive."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Answer whether the database, its tables and the search index can be used; 503 if not."""
    checks = {"database": _database(), "search": _search()}
    ready = all(value == "ok" for value in checks.values())
    return jsonify(status="ok" if ready else "unavailable", checks=checks), 200 if ready else 503


def _database() -> str:
    try:
        read_session().execute(text(f"SELECT 1 FROM {migrate.CORE_OWNER.version_table}"))  # noqa: S608 — our own table name
    except SQLAlchemyError:
        return "failed"
    return "ok"


def _search() -> str:
    try:
        get_cms().index.count()
    except CmsError:
        return "failed"
    return "ok"
