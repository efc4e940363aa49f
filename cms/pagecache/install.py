"""Putting the page cache of a site before its app."""

from flask import Flask

from cms.pagecache.front import PageCache
from cms.web.state import Cms

OFF = "off"


def install_page_cache(app: Flask, cms: Cms) -> None:
    """Let ``app`` answer from kept pages, if its settings say so."""
    if cms.settings.page_cache == OFF:
        return
    cache = PageCache(app.wsgi_app, cms)
    app.wsgi_app = cache  # type: ignore[method-assign]  # Flask's documented way
    cms.closers.append(cache.close)
