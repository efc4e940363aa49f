"""Addresses of style sheets, scripts and pictures, with the digest of their content: they may be kept for ever."""

import hashlib
from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

from cms.web.state import get_cms
from cms.web.urls import path_of

CORE = Path(__file__).parents[1] / "static"
_A_YEAR = 31_536_000

blueprint = Blueprint("assets", __name__)


def static(path: str) -> str:
    """Return the address of a static file of the core."""
    return _address(f"/static/{path}", CORE / path)


def theme_static(path: str) -> str:
    """Return the address of a static file of the active theme, or of the parent that has it."""
    cms = get_cms()
    if path not in cms.theme_files:
        owner = next((theme for theme in cms.themes if (theme.static / path).is_file()), None)
        if owner is None:
            raise FileNotFoundError(f"no theme of this site has static/{path}")
        cms.theme_files[path] = _address(f"/theme/{owner.key}/{path}", owner.static / path)
    return cms.theme_files[path]


def plugin_static(key: str, path: str) -> str:
    """Return the address of a static file of a plugin."""
    return _address(f"/plugin/{key}/{path}", _plugin_folder(key) / path)


def _address(path: str, file: Path) -> str:
    digests = get_cms().asset_digests
    if path not in digests:
        digests[path] = hashlib.sha256(file.read_bytes()).hexdigest()[:10]
    return f"{path_of(path)}?v={digests[path]}"


def _plugin_folder(key: str) -> Path:
    folder = next((one.manifest.folder / "static" for one in get_cms().loaded if one.manifest.key == key), None)
    return folder or abort(404)


def _send(folder: Path, path: str) -> Response:
    return send_from_directory(folder, path, max_age=_A_YEAR)


@blueprint.get("/static/<path:path>")
def core_file(path: str) -> Response:
    """Serve a static file of the core."""
    return _send(CORE, path)


@blueprint.get("/theme/<key>/<path:path>")
def theme_file(key: str, path: str) -> Response:
    """Serve a static file of a theme in use."""
    folder = next((theme.static for theme in get_cms().themes if theme.key == key), None)
    return _send(folder, path) if folder else abort(404)


@blueprint.get("/plugin/<key>/<path:path>")
def plugin_file(key: str, path: str) -> Response:
    """Serve a static file of an enabled plugin."""
    return _send(_plugin_folder(key), path)
