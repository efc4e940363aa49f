"""Engines: the SQLite rules of the product live here and nowhere else.

Write-ahead log, full synchronisation, foreign keys on, and the driver's own transaction handling off, so that a unit
of work can begin IMMEDIATE: with a plain BEGIN, concurrent read-then-write units fail at once with "database is
locked" instead of waiting for their turn.
"""

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from cms.db.stamps import watch

#: Execution option naming how a transaction begins on SQLite.
BEGIN = "cms_begin"
BUSY_TIMEOUT_MS = 5_000


def engine_options(url: str) -> dict[str, Any]:
    """Return the keyword arguments with which an engine for ``url`` is created."""
    if make_url(url).get_backend_name() == "sqlite":
        return {
            "connect_args": {"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
            # Errors go into logs, and logs hold no personal values.
            "hide_parameters": True,
        }
    return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10, "hide_parameters": True}


def prepare(engine: Engine, *, foreign_keys: bool = True, watched: bool = True) -> Engine:
    """Attach the product's rules to ``engine`` and return it.

    :param watched: its transactions move the stamp of the public pages; not so those of migrations, whose database may
        have no stamps yet.
    """
    if watched:
        watch(engine)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, foreign_keys=foreign_keys)
    return engine


def make_engine(url: str, *, foreign_keys: bool = True, watched: bool = True) -> Engine:
    """Return a prepared engine of its own, outside any app; for migrations and command-line work."""
    return prepare(create_engine(url, **engine_options(url)), foreign_keys=foreign_keys, watched=watched)


def _prepare_sqlite(engine: Engine, *, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA cache_size=-16000")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        how = connection.get_execution_options().get(BEGIN, "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {how}")
