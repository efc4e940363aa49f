"""Content types: declared by plugins, registered for one app."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cms.content.extras import ItemExtras, ListExtras
from cms.content.fields import Field, Json, Meta, fields_of, parse_fields
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _

#: Name of the part of a snapshot that holds the type's own metadata.
META = "meta"


@dataclass(frozen=True, kw_only=True)
class DefaultSection:
    """The section that is created when a type is enabled and none offers it yet."""

    path: str
    title: str
    description: str = ""
    column_type: str = ""
    update_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class ContentType:
    """A kind of item.

    :param key: ``news``; stored with every item. :param label: 中文名称. :param meta: its metadata class.
    :param section: created on enable if no section has this type.
    :param form: names of the fields that the short form shows, at most six; the rest waits under "more".
    :param is_disclosed: items are government information with a catalogue entry.
    :param needs_body: an item without text and files cannot be submitted; switch it off for types that say everything
        in their fields.
    :param extras: computes what the page of an item shows beyond its fields; the template gets it as ``extras``.
        An error in it is an error of that page. :param list_extras: the same for the page of a section.
    :param schema: the schema.org type of its pages. :param icon: name in the icon sprite of the desk.
    """

    key: str
    label: str
    meta: type[Meta]
    section: DefaultSection
    form: tuple[str, ...] = ("title", "section_id", "body", "summary", "assets", "source")
    is_disclosed: bool = True
    schema: str = "Article"
    icon: str = "file"
    needs_body: bool = True
    extras: ItemExtras | None = None
    list_extras: ListExtras | None = None


@dataclass(frozen=True)
class RegisteredType:
    """A type as one app knows it: with its owner and all its metadata parts."""

    declared: ContentType
    owner: str
    parts: Mapping[str, type[Meta]]

    @property
    def key(self) -> str:
        """Return the key of the type."""
        return self.declared.key

    @property
    def label(self) -> str:
        """Return the Chinese name of the type."""
        return self.declared.label

    def fields(self) -> Iterator[tuple[str, Field]]:
        """Yield every metadata field with the name of its part."""
        for part, kind in self.parts.items():
            for spec in fields_of(kind):
                yield part, spec

    def parse(
        self, raw: Mapping[str, Mapping[str, object]], errors: dict[str, list[str]]
    ) -> dict[str, dict[str, Json]]:
        """Return the parts of a snapshot from raw values by part; problems are added to ``errors``."""
        parts = {}
        for part, kind in self.parts.items():
            given = {kind.renamed.get(name, name): value for name, value in raw.get(part, {}).items()}
            specs = fields_of(kind)
            for name in set(given) - {spec.name for spec in specs}:
                errors.setdefault(name, []).append(_("没有“{name}”这个字段。").format(name=name))
            parts[part] = parse_fields(specs, given, errors)
        return parts


@dataclass
class TypeRegistry:
    """The content types of one app."""

    _types: dict[str, RegisteredType] = field(default_factory=dict)

    def add(self, kind: ContentType, owner: str, parts: Mapping[str, type[Meta]]) -> None:
        """Register a type of the plugin ``owner``.

        :raises ValueError: if another plugin has registered the key.
        """
        if kind.key in self._types:
            raise ValueError(f"content type {kind.key!r} is already registered by {self._types[kind.key].owner!r}")
        self._types[kind.key] = RegisteredType(kind, owner, {META: kind.meta, **parts})

    def get(self, key: str) -> RegisteredType | None:
        """Return a type, or nothing if no enabled plugin has it: an ordinary state, not an error."""
        return self._types.get(key)

    def require(self, key: str) -> RegisteredType:
        """Return a type.

        :raises NotFound: if no enabled plugin has it.
        """
        found = self._types.get(key)
        if found is None:
            raise NotFound(_("没有启用内容类型“{key}”。").format(key=key))
        return found

    def label(self, key: str) -> str:
        """Return the name of a type, also of one that is not installed."""
        found = self._types.get(key)
        return found.label if found else _("{key}（类型未启用）").format(key=key)

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of all types."""
        return frozenset(self._types)

    def __iter__(self) -> Iterator[RegisteredType]:
        return iter(self._types.values())


def refuse(errors: dict[str, list[str]]) -> None:
    """Raise if there are errors.

    :raises Invalid: with all of them.
    """
    if errors:
        raise Invalid(errors)
