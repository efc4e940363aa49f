"""Putting the page cache of a site before its app."""

from flask import Flask

from cms.pagecache.folder import PageFiles
from cms.pagecache.front import PageCache
from cms.web.state import Cms

OFF, FILES = "off", "files"


def install_page_cache(app: Flask, cms: Cms) -> None:
    """Let ``app`` answer from kept pages, and write them as files, as its settings say."""
    if cms.settings.page_cache == OFF:
        return
    cache = PageCache(app.wsgi_app, cms)
    app.wsgi_app = cache  # type: ignore[method-assign]  # Flask's documented way
    cms.closers.append(cache.close)
    if cms.settings.page_cache == FILES:
        files = PageFiles(cms, cache.reader)
        cache.keeper = files.keep
        cms.followers.append(lambda: files.follow(cache))
