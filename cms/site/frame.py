"""The frame of public pages, which plugins use as well: see :mod:`cms.web.public`."""

from cms.site.contexts import SiteErrorPage
from cms.web.public import Frame, FrameValues, frame, picture

__all__ = ["Frame", "FrameValues", "error_page", "frame", "picture"]


def error_page(status: int, title: str, lines: tuple[str, ...]) -> SiteErrorPage:
    """Return the page of an error, in the frame of the site."""
    here = frame()
    values = here.values()
    # No search engine should keep it, whatever the site says.
    values["is_noindex"] = True
    return SiteErrorPage(**values, title=title, labels=here.labels(), status=status, lines=lines)
