"""Items with days of their own, and what the leader does for their clocks."""

from datetime import UTC, datetime

import pytest

from cms.testing.factories import make_published
from cms.web.background import settle_clocks


def noon(year, month, day):
    """Return noon of a day in Asia/Shanghai."""
    return datetime(year, month, day, 4, 0, tzinfo=UTC)


@pytest.fixture
def publish(cms):
    """Publish an item of our organ that was formed on one day and became public on another, as an import dates it."""

    def do(title, *, formed, at, kind="news", **more):
        catalogue = {"formed_on": formed, **more.pop("catalogue", {})}
        return make_published(cms, kind, title, at=noon(*at), issuer="衡山县民政局", catalogue=catalogue, **more)

    return do


@pytest.fixture
def settle(cms):
    """Reckon the clocks that wait, as the leader does every second."""
    return lambda: settle_clocks(cms)
