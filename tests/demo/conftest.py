"""The demo site: tests that change it work on copies."""

import shutil
from pathlib import Path

import pytest

from cms.app import create_app
from cms.config import Settings


def open_site(folder):
    return create_app(Settings.load(folder, {}))


@pytest.fixture(scope="session")
def demo_app(demo_template):
    """Return an app of the demo for tests that only look."""
    app = open_site(demo_template)
    yield app
    app.extensions["cms"].close()


@pytest.fixture
def demo_copy(demo_template, tmp_path):
    """Return the folder of a demo site of its own."""
    return Path(shutil.copytree(demo_template, tmp_path / "site"))


@pytest.fixture
def changeable(demo_copy):
    """Return the state of a demo site that may be changed."""
    app = open_site(demo_copy)
    with app.app_context():
        yield app.extensions["cms"]
    app.extensions["cms"].close()
