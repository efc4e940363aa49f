"""Tables of plugins: each plugin has a registry of its own on the shared metadata.

A plugin that cannot be mapped must not break the queries of everybody else, and must load again once it is mended; so
a failed load disposes the plugin's registry and takes its tables off the metadata.
"""

import re
from typing import Any, ClassVar

from sqlalchemy.orm import registry

from cms.db.base import COLUMN_TYPES, Base
from cms.db.migrate import owner_of

#: Modules of plugins are imported below this name: ``cms_plugins.news.models``.
NAMESPACE = "cms_plugins"
_TABLE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_registries: dict[str, registry] = {}


def owner_of_module(module: str) -> str | None:
    """Return the key of the plugin whose module this is; nothing for the core."""
    parts = module.split(".")
    return parts[1] if parts[0] == NAMESPACE and len(parts) > 1 else None


def registry_of(owner: str | None) -> registry:
    """Return the registry in which the classes of ``owner`` are mapped."""
    if owner is None:
        return Base.registry
    if owner not in _registries:
        _registries[owner] = registry(metadata=Base.metadata, type_annotation_map=COLUMN_TYPES)
    return _registries[owner]


def configure(owner: str) -> None:
    """Resolve the relationships of ``owner``'s classes, so that a mistake shows now and not in a query."""
    if owner in _registries:
        _registries[owner].configure(cascade=True)


def discard(owner: str) -> None:
    """Forget the classes and tables of ``owner``."""
    found = _registries.pop(owner, None)
    if found is not None:
        found.dispose()
    metadata = Base.metadata
    for table in [table for name, table in metadata.tables.items() if owner_of(name) == owner]:
        metadata.remove(table)


class Model:
    """Base of a plugin's tables: ``class Visit(Model, table="visit")`` becomes table ``<plugin>__visit``."""

    __abstract__ = True
    __table__: ClassVar[Any]
    __tablename__: ClassVar[str]

    def __init_subclass__(cls, *, table: str | None = None, **kwargs: object) -> None:
        """Map the class in the registry of its plugin.

        :param table: name of the table without the plugin's prefix; a class without one is an abstract base.
        :raises TypeError: if the name is malformed.
        """
        super().__init_subclass__(**kwargs)
        if table is None:
            return
        if not _TABLE.fullmatch(table):
            raise TypeError(f"{cls.__qualname__}: table name {table!r} must be lower_case, without double underscores")
        owner = owner_of_module(cls.__module__)
        cls.__abstract__ = False
        cls.__tablename__ = f"{owner}__{table}" if owner else table
        registry_of(owner).mapped(cls)

    def __init__(self, **values: object) -> None:
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no column {name!r}")
            setattr(self, name, value)
