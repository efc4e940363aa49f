"""The demo site, built once by its command; tests that change it work on copies."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cms.app import create_app
from cms.config import Settings


@pytest.fixture(scope="session")
def command():
    """Return a function that runs ``cms`` with some arguments on a site and returns what it printed."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CMS_")}

    def run(folder, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "cms", *arguments], env={**environment, "CMS_SITE": str(folder)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def open_site(folder):
    return create_app(Settings.load(folder, {}))


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory, command):
    folder = tmp_path_factory.mktemp("demo") / "site"
    command(folder, "demo")
    return folder


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
