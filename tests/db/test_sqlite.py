"""The SQLite rules: units of work wait for each other, migrations keep child rows."""

import multiprocessing
import sqlite3

import pytest
from sqlalchemy import func, select, text

from cms.audit.models import AuditEntry
from cms.audit.services import broken_links, record
from cms.content.models import Content, Publication, Revision
from cms.db import migrate
from cms.db.engine import make_engine
from cms.db.uow import unit_of_work
from cms.kernel.errors import CmsError
from cms.settings.services import stamp, touch
from cms.testing.factories import make_published

UNITS, PROCESSES = 200, 3


def read_then_write(url, times):
    engine = make_engine(url)
    for _number in range(times):
        with unit_of_work(engine) as uow:
            # Reads the newest audit entry, then writes one that follows from it: a lost lock would break the chain.
            record(uow, "test.write", actor_id=None, subject_type="test", subject_id=1)
            touch(uow, "counted")
    engine.dispose()


def test_concurrent_read_then_write_units_all_succeed(settings):
    context = multiprocessing.get_context("spawn")
    before = _count(settings)
    children = [context.Process(target=read_then_write, args=(settings.database, UNITS)) for _n in range(PROCESSES)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)

    assert [child.exitcode for child in children] == [0] * PROCESSES
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        assert stamp(uow.session, "counted") == UNITS * PROCESSES
        assert list(broken_links(uow.session)) == []
    engine.dispose()
    assert _count(settings) == before + UNITS * PROCESSES


def _count(settings):
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        number = uow.session.scalar(select(func.count()).select_from(AuditEntry))
    engine.dispose()
    return number


ALTERING = """
import sqlalchemy as sa
from alembic import op

revision = "altering"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("content") as batch:
        batch.add_column(sa.Column("extra", sa.String(20), nullable=False, server_default=""))
        batch.alter_column("title", type_=sa.String(500))


def downgrade():
    with op.batch_alter_table("content") as batch:
        batch.drop_column("extra")
"""


@pytest.fixture
def altering(tmp_path, settings):
    """Return the core with one more migration, which recreates ``content``."""
    versions = tmp_path / "versions"
    versions.mkdir()
    for path in migrate.CORE_OWNER.versions.glob("*.py"):
        (versions / path.name).write_text(path.read_text("utf-8"), "utf-8")
    with sqlite3.connect(migrate.sqlite_path(settings.database)) as connection:
        (head,) = connection.execute("SELECT version_num FROM schema_version_core").fetchone()
    connection.close()
    (versions / "altering.py").write_text(ALTERING.format(head=head), "utf-8")
    return migrate.Owner(migrate.CORE, versions)


def test_migration_that_recreates_content_keeps_every_child_row(cms, settings, altering):
    for number in range(20):
        make_published(cms, "news", f"第{number}条")
    tables = (Content, Revision, Publication)
    with cms.reading() as session:
        before = [session.scalar(select(func.count()).select_from(table)) for table in tables]
        children = session.scalar(text("SELECT count(*) FROM news__article"))
    cms.engine.dispose()

    migrate.upgrade(settings.database, [altering])

    with cms.reading() as session:
        assert [session.scalar(select(func.count()).select_from(table)) for table in tables] == before
        assert session.scalar(text("SELECT count(*) FROM news__article")) == children == 20
        assert session.scalar(text("SELECT count(*) FROM content WHERE extra = ''")) == 20
        assert session.scalar(text("PRAGMA foreign_keys")) == 1


def test_migration_that_breaks_references_is_taken_back(cms, settings, altering):
    make_published(cms, "news", "一条")
    path = altering.versions / "altering.py"
    path.write_text(
        path.read_text("utf-8").replace(
            "def upgrade():", "def upgrade():\n    op.execute('DELETE FROM content')\n    return\n\ndef _unused():", 1
        )
    )
    cms.engine.dispose()

    with pytest.raises(CmsError, match="broken references"):
        migrate.upgrade(settings.database, [altering])

    with cms.reading() as session:
        assert session.scalar(select(func.count()).select_from(Content)) == 1


def test_unit_of_work_rolls_back_and_queues_nothing(cms):
    happened = []

    with pytest.raises(RuntimeError), cms.unit_of_work() as uow:
        touch(uow, "never")
        uow.after_commit(lambda: happened.append(True))
        raise RuntimeError

    with cms.reading() as session:
        assert stamp(session, "never") == 0
    assert happened == []


def test_naive_instants_are_refused(cms):
    from datetime import datetime

    from sqlalchemy.exc import StatementError

    with pytest.raises(StatementError, match="time zone"), cms.unit_of_work() as uow:
        uow.session.add(AuditEntry(
            recorded_at=datetime(2016, 1, 1), actor_id=None, action="x", subject_type="x", subject_id="1",  # noqa: DTZ001 — the mistake that is refused
            details={}, digest="",
        ))  # fmt: skip
