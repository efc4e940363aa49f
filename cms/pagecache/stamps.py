"""Reading the stamps of a site for every request: one short question on a connection that is kept open."""

import sqlite3
import threading
from typing import NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from cms.db.engine import BUSY_TIMEOUT_MS
from cms.db.migrate import sqlite_path
from cms.db.stamps import PUBLIC, Stamp
from cms.settings.services import APP_STAMP

_SQL = f"SELECT name, value FROM {Stamp.__tablename__} WHERE name IN ('{APP_STAMP}', '{PUBLIC}')"  # noqa: S608 — our own names
_SELECT = select(Stamp.name, Stamp.value).where(Stamp.name.in_([APP_STAMP, PUBLIC]))


class Stamps(NamedTuple):
    """What tells one state of the public pages from every other."""

    app: int
    public: int


class StampReader:
    """Reads the stamps as they are now, past every cache and transaction of the app."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._path = sqlite_path(engine.url.render_as_string(hide_password=False))

    def read(self) -> Stamps | None:
        """Return the stamps; nothing if the database does not answer."""
        try:
            found = self._ask_sqlite() if self._path else self._ask()
        except (sqlite3.Error, SQLAlchemyError):
            return None
        return Stamps(found.get(APP_STAMP, 0), found.get(PUBLIC, 0))

    def close(self) -> None:
        """Close the connection; it is opened again if somebody asks."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _ask_sqlite(self) -> dict[str, int]:
        with self._lock:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    f"file:{self._path}?mode=ro", uri=True, isolation_level=None, check_same_thread=False,
                    timeout=BUSY_TIMEOUT_MS / 1000,
                )  # fmt: skip
            return dict(self._connection.execute(_SQL).fetchall())

    def _ask(self) -> dict[str, int]:
        with self._engine.connect() as connection:
            return {row.name: row.value for row in connection.execute(_SELECT)}
