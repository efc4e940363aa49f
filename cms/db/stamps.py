"""Stamps: counters that say that something changed; and the one of the public pages, which moves by itself.

Every write through an engine of the product is looked at: a transaction that has changed anything which a citizen
could notice gives the stamp ``public`` a new value in its last statement. Whoever finds the same value twice, before
reading and after it, has read what is public now. A table counts as public unless it says otherwise::

    __table_args__ = {"info": HIDDEN}                          # nothing of it is ever on a public page
    __table_args__ = {"info": hidden("last_login_at")}         # these columns are not
    __table_args__ = {"info": hidden(new_rows=True)}           # a new row shows only through a change of another table
"""

import secrets
from typing import Any

from sqlalchemy import Connection, Engine, String, Table, case, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.base import Base

#: Stamp of everything that citizens see.
PUBLIC = "public"
_HIDDEN = "cms_hidden"
_CHANGED = "cms_public_changed"
_LARGEST = 2**31 - 2

#: Says in ``info`` of a table that nothing of it, no count of it either, is ever on a public page.
HIDDEN: dict[str, Any] = {_HIDDEN: True}


def hidden(*columns: str, new_rows: bool = False) -> dict[str, Any]:
    """Return the ``info`` of a table of which citizens see a part.

    :param columns: those that no public page shows or depends on.
    :param new_rows: a row that was only added is not seen; it takes a change of it, or of another table, to show it.
    """
    return {_HIDDEN: (frozenset(columns), new_rows)}


class Stamp(Base):
    """A number that says that something changed: ``plugins`` (the app is rebuilt), ``public`` (pages are made anew)."""

    __tablename__ = "stamp"
    __table_args__ = {"info": HIDDEN}  # noqa: RUF012 — the name and form are SQLAlchemy's

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


def watch(engine: Engine) -> None:
    """Let every transaction on ``engine`` that changes what is public move the stamp."""

    @event.listens_for(engine, "before_cursor_execute")
    def _look(
        connection: Connection,
        _cursor: object,
        statement: str,
        _values: object,
        context: DefaultExecutionContext,
        *_more: object,
    ) -> None:
        if _is_public(statement, context):
            connection.info[_CHANGED] = True

    @event.listens_for(engine, "begin")
    @event.listens_for(engine, "rollback")
    def _forget(connection: Connection) -> None:
        connection.info.pop(_CHANGED, None)

    @event.listens_for(engine, "commit")
    def _move(connection: Connection) -> None:
        if connection.info.pop(_CHANGED, False):
            move_public(connection)


def move_public(connection: Connection) -> None:
    """Give the stamp of the public pages a value that it has not now, in the present transaction.

    The value is drawn, not counted on, so that a database put back from a copy never repeats what caches have seen.
    """
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    drawn = secrets.randbelow(_LARGEST) + 1
    statement = dialect.insert(Stamp).values(name=PUBLIC, value=drawn)
    other = case((Stamp.value == drawn, drawn + 1), else_=drawn)
    connection.execute(statement.on_conflict_do_update(index_elements=[Stamp.name], set_={"value": other}))


def _is_public(statement: str, context: DefaultExecutionContext) -> bool:
    """Tell whether a statement that is about to run changes what citizens could notice; in doubt it does."""
    compiled = context.compiled
    if compiled is None or context.is_text:
        return statement.lstrip()[:7].upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE"))
    if not (context.isinsert or context.isupdate or context.isdelete):
        return False
    written: Any = compiled.statement
    table: Table = written.table
    said = table.info.get(_HIDDEN)
    if said is None or said is True:
        return said is None
    columns, new_rows = said
    if context.isinsert:
        return not new_rows
    names = _written(compiled, context)
    return bool(context.isdelete or not names or names - columns)


def _written(compiled: Any, context: DefaultExecutionContext) -> set[str]:  # noqa: ANN401 — an UPDATE as SQLAlchemy compiled it
    """Return the names of the columns that an UPDATE may set; a parameter that says nothing of itself stands as it is.

    Parameters are named like the column that they set. In a condition they are named ``<table>_<column>`` or
    ``<column>_<number>``; what is computed by the database has no parameter and is listed apart.
    """
    table = compiled.statement.table
    computed = {column.key for column in compiled.postfetch or ()}
    given = {name for values in context.compiled_parameters for name in values}
    asked = {name for name in given if name not in table.c and _asks(name, table)}
    return computed | given - asked


def _asks(name: str, table: Table) -> bool:
    stem, _line, number = name.rpartition("_")
    return name.removeprefix(f"{table.name}_") in table.c or (number.isdigit() and stem in table.c)
