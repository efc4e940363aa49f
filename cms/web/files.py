"""Sending files that citizens gave us to the people in charge."""

from urllib.parse import quote

from flask import Response

from cms.personal.files import OpenedFile


def sealed_response(file: OpenedFile) -> Response:
    """Send an opened file as a download that no cache keeps and no browser runs."""
    return Response(
        file.content,
        mimetype=file.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
