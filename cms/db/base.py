"""The declarative base and the column types that every table uses."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Dialect, Enum, MetaData, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, registry

#: Names for constraints; SQLite's batch migrations need every constraint to have one.
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class TZDateTime(TypeDecorator[datetime]):
    """A timezone-aware instant, stored in UTC; a naive one is refused."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC without offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: every instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware instant in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_by_value(enum: type[StrEnum]) -> Enum:
    """Return a column type that stores the values of ``enum``, not its Python names."""
    return Enum(
        enum, native_enum=False, length=40, values_callable=lambda members: [member.value for member in members]
    )


#: Column types that an annotation stands for; the same for the core and for plugins.
COLUMN_TYPES: dict[Any, Any] = {
    datetime: TZDateTime,
    date: Date,
    str: String,
    dict[str, Any]: JSON,
    list[str]: JSON,
}


class Base(DeclarativeBase):
    """Base of all tables of the core. Plugins have registries of their own on the same metadata."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map=COLUMN_TYPES)
