"""A site made by an older version: the server snapshots its database and migrates it before it answers."""

import sqlite3

import pytest

from cms.cli.upgrading import upgrade_site
from cms.db import migrate
from cms.kernel.errors import CmsError
from cms.testing.factories import make_published

FIRST = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{revision}", {down}, None, None


def upgrade():
    {statement}


def downgrade():
    pass
"""


@pytest.fixture
def newer(site, settings):
    """Return a function that gives the core one more migration, as a newer version would have."""
    folder = site.parent / "newer"
    folder.mkdir()
    for path in migrate.CORE_OWNER.versions.glob("*.py"):
        (folder / path.name).write_text(path.read_text("utf-8"), "utf-8")
    with sqlite3.connect(site / "cms.db") as connection:
        (head,) = connection.execute("SELECT version_num FROM schema_version_core").fetchone()
    connection.close()

    def add(statement):
        text = FIRST.format(revision="newer", down=repr(head), statement=statement)
        (folder / "newer.py").write_text(text, "utf-8")
        return migrate.Owner(migrate.CORE, folder)

    return add


def test_site_of_an_older_version_is_snapshotted_and_migrated(cms, settings, newer, monkeypatch):
    make_published(cms, "news", "旧站的一条")
    cms.engine.dispose()
    monkeypatch.setattr(migrate, "CORE_OWNER", newer('op.add_column("section", sa.Column("colour", sa.String(10)))'))

    assert upgrade_site(settings) == ["core"]
    assert upgrade_site(settings) == []

    (snapshot,) = (settings.site / "snapshots").glob("before-upgrade-*.db")
    assert ("colour" in columns(settings.site / "cms.db"), "colour" in columns(snapshot)) == (True, False)
    with sqlite3.connect(snapshot) as connection:
        assert connection.execute("SELECT title FROM content").fetchall() == [("旧站的一条",)]
    connection.close()


def test_failed_migration_leaves_the_database_as_it_was(cms, settings, newer, monkeypatch):
    cms.engine.dispose()
    broken = 'op.add_column("section", sa.Column("colour", sa.String(10))); op.execute("DELETE FROM section")'
    make_published(cms, "news", "一条")
    cms.engine.dispose()
    monkeypatch.setattr(migrate, "CORE_OWNER", newer(broken))

    with pytest.raises(CmsError, match="broken references"):
        upgrade_site(settings)

    assert "colour" not in columns(settings.site / "cms.db")


def columns(path):
    with sqlite3.connect(path) as connection:
        found = {row[1] for row in connection.execute("PRAGMA table_info(section)")}
    connection.close()
    return found
