"""Columns that hold sealed data and fingerprints. Marked in the metadata, so that a rotation of keys finds them all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, MetaData, String, Table, Text, false, inspect
from sqlalchemy.orm import InstrumentedAttribute, MappedColumn, mapped_column

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cms.personal.keyring import Keyring

_SEALED, _FINGERPRINT = "cms_sealed", "cms_fingerprint"
#: A mapped column (``Application.personal``) or its name, ``table.column``.
Place = InstrumentedAttribute[str] | str


@dataclass(frozen=True)
class FingerprintSpec:
    """Of what a column is the fingerprint: a field of the sealed column ``sealed`` of the same table."""

    sealed: str
    kind: str
    field: str


@dataclass(frozen=True)
class SealedColumn:
    """A sealed column of some table, with the fingerprints that are made of it, by column name."""

    table: Table
    column: Column[str]
    fingerprints: "Mapping[str, FingerprintSpec]" = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Return the name to which sealed texts of the column are bound."""
        return f"{self.table.name}.{self.column.name}"


def sealed() -> MappedColumn[str]:
    """Declare a column of sealed data (``personal: Mapped[str]``); never index or search it.

    Empty means that nothing is there, or nothing is left. Fill it with :func:`seal_into`.
    """
    return mapped_column(Text, default="", info={_SEALED: True})


def fingerprint_of(sealed: str, *, kind: str, field: str) -> MappedColumn[str]:
    """Declare the fingerprint of a sealed field, for finding records of the same person; it has an index.

    :param sealed: name of the sealed column. :param kind: what the value is (``id_number``, ``phone``, ``email``,
        ``uscc``, ``name``, or a word of your own): decides which spellings are the same.
    :param field: key of the value in the sealed mapping.
    """
    return mapped_column(String(48), default="", index=True, info={_FINGERPRINT: FingerprintSpec(sealed, kind, field)})


def place_of(at: Place) -> str:
    """Return the ``table.column`` of a mapped column."""
    if isinstance(at, str):
        return at
    column = at.property.columns[0]
    return f"{column.table.name}.{column.name}"


def seal_into(keyring: "Keyring", row: object, at: InstrumentedAttribute[str], values: "Mapping[str, str]") -> None:
    """Seal ``values`` into the column ``at`` of ``row`` and renew the fingerprints that are made of it.

    Without any text in ``values`` the column becomes empty.
    """
    filled = any(values.values())
    setattr(row, at.key, keyring.seal(values, at) if filled else "")
    for attribute in inspect(type(row)).mapper.column_attrs:
        spec = attribute.columns[0].info.get(_FINGERPRINT)
        if isinstance(spec, FingerprintSpec) and spec.sealed == at.property.columns[0].name:
            setattr(row, attribute.key, keyring.fingerprint(spec.kind, values.get(spec.field, "")))


def same(keyring: "Keyring", at: InstrumentedAttribute[str], value: str) -> ColumnElement[bool]:
    """Return the condition that a record has the fingerprint of ``value`` in the column ``at``; never, if it is empty.

    :raises TypeError: if ``at`` was not declared with :func:`fingerprint_of`.
    """
    spec = at.property.columns[0].info.get(_FINGERPRINT)
    if not isinstance(spec, FingerprintSpec):
        raise TypeError(f"{place_of(at)} holds no fingerprints")
    prints = keyring.fingerprints(spec.kind, value)
    return at.in_(prints) if prints else false()


def sealed_columns(metadata: MetaData) -> Iterator[SealedColumn]:
    """Yield every sealed column of the tables that are loaded, the core's and those of plugins, in order of names."""
    for table in sorted(metadata.tables.values(), key=lambda one: one.name):
        specs = {one.name: one.info[_FINGERPRINT] for one in table.columns if _FINGERPRINT in one.info}
        for column in table.columns:
            if column.info.get(_SEALED):
                made = {name: spec for name, spec in specs.items() if spec.sealed == column.name}
                yield SealedColumn(table, column, made)


def clear(row: Any) -> bool:  # noqa: ANN401 — a mapped object of any class
    """Empty all sealed columns and fingerprints of ``row``; tell whether anything was in them."""
    held = False
    for attribute in inspect(type(row)).mapper.column_attrs:
        info = attribute.columns[0].info
        if (_SEALED in info or _FINGERPRINT in info) and getattr(row, attribute.key):
            setattr(row, attribute.key, "")
            held = True
    return held
