"""A site that answers from kept pages, and the same site made anew for each request to compare with."""

from pathlib import Path

import pytest
from werkzeug.test import Client

from cms.testing.factories import make_published


@pytest.fixture
def plugin_folder():
    """Return a plugin whose pages show what the cache has to see for itself."""
    return Path(__file__).with_name("kept")


@pytest.fixture
def kept_app(app, make_app):
    """Return the app of the site with its page cache; ``app`` has none."""
    return make_app(page_cache="memory")


@pytest.fixture
def visitor(kept_app):
    """Return a browser of the site with a page cache."""
    return Client(kept_app)


@pytest.fixture
def is_kept(kept_app):
    """Return a function that tells whether a second request for a path is answered without the app."""

    def ask(path, **more):
        browser, calls = Client(kept_app, use_cookies=False), []
        browser.get(path, **more)
        count = kept_app.before_request_funcs.setdefault(None, [])
        count.insert(0, lambda: calls.append(path))
        try:
            browser.get(path, **more)
        finally:
            count.pop(0)
        return not calls

    return ask


@pytest.fixture
def news(cms):
    """Return the address of a published item."""
    return f"/news/{make_published(cms, 'news', '一条新闻')}.html"
