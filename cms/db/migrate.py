"""Migrations: one shared environment, one history and version table for each owner (the core, every plugin).

On SQLite they run on an engine of their own with foreign keys off, because Alembic's batch mode recreates a table and
``ON DELETE CASCADE`` would empty its children; the references are checked before the commit.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, Column, Connection, Engine, Integer, MetaData, String, TextClause, inspect, text

from cms.db.base import Base, TZDateTime
from cms.db.engine import make_engine
from cms.kernel.errors import CmsError

if TYPE_CHECKING:
    from alembic.operations.ops import MigrationScript

CORE = "core"
_ENVIRONMENT = Path(__file__).parents[1] / "migrations"


@dataclass(frozen=True)
class Owner:
    """Somebody who owns tables: the core or a plugin."""

    key: str
    versions: Path

    @property
    def version_table(self) -> str:
        """Return the name of the table that holds the owner's revision."""
        return f"schema_version_{self.key}"


CORE_OWNER = Owner(CORE, _ENVIRONMENT / "versions")


def owner_of(table: str) -> str:
    """Return the key of the owner of ``table``: the part before ``__``, else the core."""
    if table.startswith("schema_version_"):
        return table.removeprefix("schema_version_")
    return table.split("__", maxsplit=1)[0] if "__" in table else CORE


def upgrade(url: str, owners: Iterable[Owner]) -> None:
    """Bring the tables of ``owners`` to their newest revision, each in a transaction of its own.

    :raises CmsError: if the references between rows are broken afterwards; nothing is kept then.
    """
    _each(url, owners, "upgrade", "heads")


def downgrade(url: str, owner: Owner, revision: str = "base") -> None:
    """Take the tables of ``owner`` back to ``revision``; with ``base`` they are dropped."""
    _each(url, [owner], "downgrade", revision)


def pending(engine: Engine, owners: Iterable[Owner]) -> list[str]:
    """Return the keys of the owners whose tables are older than their code."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 — slow; needed by few commands
    from alembic.script import ScriptDirectory  # noqa: PLC0415 — slow

    late = []
    with engine.connect() as connection:
        for owner in owners:
            context = MigrationContext.configure(connection, opts={"version_table": owner.version_table})
            heads = set(ScriptDirectory.from_config(_config(owner)).get_heads())
            if set(context.get_current_heads()) != heads:
                late.append(owner.key)
    return late


def is_empty(engine: Engine) -> bool:
    """Tell whether the database holds none of our tables yet."""
    return not inspect(engine).has_table(CORE_OWNER.version_table)


def differences(url: str, owner: Owner) -> list[str]:
    """Return what a new revision of ``owner`` would change; empty when models and migrations agree."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415 — slow; used by checks only
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415 — slow

    engine = make_engine(url, foreign_keys=False, watched=False)
    try:
        with engine.connect() as connection:
            options = environment_options(owner.key)
            context = MigrationContext.configure(connection, opts=options)
            return [str(change) for change in compare_metadata(context, Base.metadata)]
    finally:
        engine.dispose()


def revision(url: str, owner: Owner, message: str) -> Path:
    """Write the migration that brings the tables of ``owner`` to its models; return its file."""
    from alembic import command  # noqa: PLC0415 — slow; used by developers only

    owner.versions.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url, foreign_keys=False, watched=False)
    try:
        with engine.connect() as connection:
            config = _config(owner, connection)
            script = command.revision(config, message, autogenerate=True, process_revision_directives=_fill_new_columns)
    finally:
        engine.dispose()
    if script is None or isinstance(script, list):
        raise CmsError(f"no single revision was written for {owner.key}")
    return Path(str(script.path))


def _fill_new_columns(_context: object, _revision: object, directives: "list[MigrationScript]") -> None:
    """Give columns that are added to a table a value for the rows that exist, or no filled table could be migrated."""
    from alembic.operations.ops import AddColumnOp, ModifyTableOps  # noqa: PLC0415 — slow; used by developers only

    for directive in directives:
        for change in directive.upgrade_ops.ops if directive.upgrade_ops else ():
            for added in change.ops if isinstance(change, ModifyTableOps) else ():
                if isinstance(added, AddColumnOp) and not added.column.nullable:
                    added.column = _filled(added.column)


def _filled(column: Column[Any]) -> Column[Any]:
    """Return ``column`` with the empty value of its type for existing rows; one that has none stays as it is."""
    empty: tuple[tuple[type, str | TextClause], ...] = (
        (Boolean, text("false")), (Integer, "0"), (String, ""), (JSON, "[]" if "cms" in column.info else "{}"),
    )  # fmt: skip
    for kind, value in empty:
        if isinstance(column.type, kind) and not column.foreign_keys and column.server_default is None:
            return Column(column.name, column.type, nullable=False, server_default=value)
    return column


def snapshot(url: str, target: Path) -> bool:
    """Copy the SQLite database of ``url`` to ``target``; other servers have backups of their own.

    :returns: whether a copy was made.
    """
    path = sqlite_path(url)
    if path is None or not path.exists():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    connection.close()
    return True


def sqlite_path(url: str) -> Path | None:
    """Return the file of a SQLite ``url``, or nothing for other servers and for memory."""
    path = url.removeprefix("sqlite:///")
    return Path(path) if url.startswith("sqlite:///") and path and path != ":memory:" else None


def environment_options(owner: str) -> dict[str, Any]:
    """Return the options of Alembic's context that keep owners apart."""

    def include_name(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or (name is not None and owner_of(name) == owner and not name.startswith("schema_"))

    def include_object(item: object, name: str | None, kind: str, *others: object) -> bool:
        del item, others
        return kind != "table" or (name is not None and owner_of(name) == owner and not name.startswith("schema_"))

    def render_item(kind: str, item: object, _context: object) -> str | bool:
        # Migrations stand on their own: they name SQLAlchemy's types, not ours.
        return "sa.DateTime()" if kind == "type" and isinstance(item, TZDateTime) else False

    return {
        "render_item": render_item,
        "version_table": f"schema_version_{owner}",
        "render_as_batch": True,
        "include_name": include_name,
        "include_object": include_object,
        "compare_type": True,
        "target_metadata": Base.metadata,
    }


def _each(url: str, owners: Iterable[Owner], verb: str, target: str) -> None:
    from alembic import command  # noqa: PLC0415 — slow; used by few commands

    engine = make_engine(url, foreign_keys=False, watched=False)
    try:
        for owner in owners:
            if not owner.versions.exists():
                continue
            with engine.connect() as connection, connection.begin():
                getattr(command, verb)(_config(owner, connection), target)
                _check_references(connection, owner)
    finally:
        engine.dispose()


def _config(owner: Owner, connection: Connection | None = None) -> Any:  # noqa: ANN401 — Alembic is imported late
    from alembic.config import Config  # noqa: PLC0415 — slow; used by few commands

    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("version_locations", str(owner.versions))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes.update(owner=owner.key, connection=connection)
    return config


def _check_references(connection: Connection, owner: Owner) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        tables = ", ".join(sorted({f"{row[0]} → {row[2]}" for row in broken}))
        raise CmsError(
            f"Migrating {owner.key} would leave {len(broken)} broken references ({tables}); nothing was changed."
        )


def metadata() -> MetaData:
    """Return the metadata that holds all tables loaded in this process."""
    return Base.metadata
