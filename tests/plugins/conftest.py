"""What the tests of content types have in common: reading pages as citizens get them."""

import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import event

from cms.accounts.policy import MACHINE
from cms.content.models import Content
from cms.content.queries import latest_revision
from cms.content.snapshot import Snapshot
from cms.content.types import META
from cms.db import migrate
from cms.kernel.text import plain_text
from cms.pluginkit.discovery import discover
from cms.pluginkit.services import disable, owner
from cms.sections.queries import tree
from cms.web.urls import item_path


@pytest.fixture
def path(cms) -> Callable[[int], str]:
    """Return a function that gives the address of an item."""

    def of(content_id):
        with cms.reading() as session:
            content = session.get_one(Content, content_id)
            return item_path(tree(session).by_id[content.section_id].path, content_id)

    return of


@pytest.fixture
def page(client, path) -> Callable[[int], str]:
    """Return a function that gives the HTML of an item's page."""

    def of(content_id):
        answer = client.get(path(content_id))
        assert answer.status_code == 200, answer.text
        return answer.text

    return of


@pytest.fixture
def text(page) -> Callable[[int], str]:
    """Return a function that gives the words of an item's page, one line for each block."""
    return lambda content_id: plain_text(re.sub(r"\s+", " ", page(content_id)))


@pytest.fixture
def stored(cms) -> Callable[[int], object]:
    """Return a function that gives the metadata of an item as its newest snapshot has it."""

    def of(content_id):
        with cms.reading() as session:
            revision = latest_revision(session, session.get_one(Content, content_id))
            return Snapshot.from_json(revision.snapshot).parts[META]

    return of


@pytest.fixture
def differences(site, settings, cms) -> Callable[[str], list[str]]:
    """Return a function that compares the tables of a plugin in the migrated site with its models."""
    return lambda key: migrate.differences(settings.database, owner(discover(site).manifests[key]))


@pytest.fixture
def without(cms, make_app, settings) -> Callable[[str], object]:
    """Return a function that switches a plugin off and gives a client of the app that follows."""

    def switch(key):
        with cms.unit_of_work() as uow:
            disable(uow, key, actor=MACHINE, site=settings.site)
        return make_app().test_client()

    return switch


@pytest.fixture
def queries(cms) -> Iterator[list[str]]:
    """Return the list of the statements that the database gets from now on."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(cms.engine, "before_cursor_execute", note)
    yield seen
    event.remove(cms.engine, "before_cursor_execute", note)
