"""Serving assets: public ones to everybody, those of drafts to people of the desk."""

from flask import Blueprint, Response, redirect, send_file
from flask.typing import ResponseReturnValue

from cms.accounts.policy import can
from cms.content.queries import is_public_asset
from cms.kernel.errors import NotFound
from cms.media.models import Asset
from cms.site.frame import frame
from cms.web.login import signed_in
from cms.web.state import get_cms, read_session
from cms.web.urls import path_of

#: Shown in the browser; everything else is offered for download.
_INLINE = ("image/", "application/pdf", "audio/", "video/", "text/plain")
_A_DAY = 86_400

blueprint = Blueprint("media", __name__)


@blueprint.get("/media/<int:asset_id>/<filename>")
def asset(asset_id: int, filename: str) -> ResponseReturnValue:
    """Serve a file that a visible item uses.

    :raises NotFound: if there is none, or it belongs to nothing public and nobody is signed in.
    """
    session = read_session()
    found = session.get(Asset, asset_id)
    if found is None:
        raise NotFound(filename)
    is_public = is_public_asset(session, asset_id, frame().condition)
    if not is_public and not _may_see_drafts():
        raise NotFound(filename)
    if filename != found.filename:
        return redirect(path_of(found.path), 301)
    return _send(found, is_public=is_public)


def _may_see_drafts() -> bool:
    user = signed_in()
    return user is not None and not user.must_change_password and can(user.actor, "content.list")


def _send(found: Asset, *, is_public: bool) -> Response:
    as_attachment = not found.media_type.startswith(_INLINE)
    response = send_file(
        get_cms().store.path(found.digest), mimetype=found.media_type, as_attachment=as_attachment,
        download_name=found.filename, etag=found.digest, conditional=True, max_age=_A_DAY if is_public else 0,
    )  # fmt: skip
    # Whatever a file holds, it must not run here.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    if not is_public:
        response.headers["Cache-Control"] = "private, no-store"
    return response
