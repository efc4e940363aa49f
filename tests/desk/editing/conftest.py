"""A site with a plugin that has every kind of field, and people of some roles."""

import shutil
import sys
from pathlib import Path

import pytest
from sqlalchemy import event

from cms.accounts.policy import Role
from cms.cli.plugins import enable_plugins
from cms.cli.site import make_site
from cms.pluginkit import loader

SAMPLE = Path(__file__).parent / "sample"
# With importlib mode the folder of a test is not on the path.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "site"
    settings = make_site(folder)
    shutil.copytree(SAMPLE, folder / "plugins" / "sample", ignore=shutil.ignore_patterns("__pycache__"))
    enable_plugins(settings, ["sample"], only_new=True, trusted=True)
    loader.unload("sample")
    return folder


@pytest.fixture
def site(sample_template, tmp_path):
    yield Path(shutil.copytree(sample_template, tmp_path / "site"))
    # Each test has its own copy of the plugin; one process knows one plugin by a key.
    loader.unload("sample")


@pytest.fixture
def writer(sign_in):
    return sign_in(Role.CONTRIBUTOR, username="writer")


@pytest.fixture
def reviewer(sign_in):
    return sign_in(Role.REVIEWER, username="reviewer")


@pytest.fixture
def publisher(sign_in):
    return sign_in(Role.PUBLISHER, username="publisher")


@pytest.fixture
def section(cms):
    """Give the id of a section by its path."""
    from cms.sections.queries import tree

    def find(path):
        with cms.reading() as session:
            return tree(session).by_path[path].id

    return find


@pytest.fixture
def content(cms):
    """Give an item as it is stored now."""
    from cms.content.models import Content

    def find(content_id):
        with cms.reading() as session:
            return session.get(Content, content_id)

    return find


@pytest.fixture
def count_queries(cms):
    """Give a function that tells how many statements a call sends to the database."""

    def measure(call):
        sent = []

        def note(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        event.listen(cms.engine, "before_cursor_execute", note)
        try:
            call()
        finally:
            event.remove(cms.engine, "before_cursor_execute", note)
        return [one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))]

    return measure
