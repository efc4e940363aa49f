"""One declaration per metadata field.

``meta()`` and ``rows()`` declare a column; form, validation, revision snapshot, search text, facet, API schema, report
column and display all follow from :func:`fields_of`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import JSON, Boolean, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from cms.db.owned import Model
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, one_line

if TYPE_CHECKING:
    from sqlalchemy.orm import MappedColumn

    from cms.content.models import Content
    from cms.content.snapshot import Snapshot
    from cms.db.uow import UnitOfWork

#: What an integer column of every database holds.
MAX_NUMBER = 2**31 - 1
#: One line of a repeating group: column name → text, number or yes/no.
Row = dict[str, Any]
#: A value as metadata rows hold it.
Value = str | int | bool | date | list[str] | list[Row] | None
#: A value as snapshots, exports and the API hold it.
Json = str | int | bool | list[str] | list[Row] | None


class FieldKind(StrEnum):
    """What a field holds; decides its form control, its check and its display."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    TAGS = "tags"
    ROWS = "rows"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a repeating group."""

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    wide: bool = False


@dataclass(frozen=True, kw_only=True)
class Field:
    """A declared metadata field."""

    name: str
    label: str
    kind: FieldKind
    length: int | None = None
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    columns: tuple[Column, ...] = ()
    help: str = ""
    group: str = ""
    search: bool = False
    facet: bool = False
    report: bool = False
    public: bool = True
    editable: bool = True
    default: Json = None

    def parse(self, raw: object) -> Value:
        """Return the value that ``raw`` (text of a form, or JSON of an import) stands for.

        :raises ValueError: with a sentence that names what is wrong and how to mend it.
        """
        if self.kind is FieldKind.ROWS:
            return _parse_rows(self, raw)
        if self.kind is FieldKind.FLAG:
            return raw if isinstance(raw, bool) else str(raw or "").lower() in {"1", "true", "on", "yes", "y", "是"}
        if self.kind is FieldKind.TAGS:
            return parse_tags(raw)
        if isinstance(raw, (list, dict)):
            problem = _("“{label}”应为单个值。").format(label=self.label)
            raise ValueError(problem)  # noqa: TRY004 — one kind of error for all bad input
        text = clean(str(raw)) if raw is not None else ""
        value: Value = _parse_scalar(self, text) if text else self.empty
        if self.required and value in (None, ""):
            raise ValueError(_("请填写“{label}”。").format(label=self.label))
        return value

    @property
    def empty(self) -> Value:
        """Return the value of a field that was left empty."""
        empty: Mapping[FieldKind, Value] = {
            FieldKind.DATE: None, FieldKind.NUMBER: None, FieldKind.FLAG: False, FieldKind.TAGS: [], FieldKind.ROWS: []
        }  # fmt: skip
        return empty.get(self.kind, "")

    def dump(self, value: Value) -> Json:
        """Return ``value`` as JSON for snapshots, exports and the API."""
        return value.isoformat() if isinstance(value, date) else value

    def display(self, value: Value) -> str:
        """Return ``value`` as text for people; repeating groups are shown by their template."""
        if value is None or value == "":
            return ""
        if self.kind is FieldKind.FLAG:
            return _("是") if value else _("否")
        if self.kind is FieldKind.CHOICE:
            return dict(self.choices).get(str(value), str(value))
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, list):
            return "、".join(
                str(part) if not isinstance(part, dict) else " ".join(map(str, part.values())) for part in value
            )
        return str(value)


class Meta(Model):
    """Typed metadata of a content type, one row for each item: ``class Article(Meta, table="article")``.

    ``renamed`` maps names of fields in old revisions to their present names, so that old snapshots still open.
    """

    __abstract__ = True
    renamed: ClassVar[Mapping[str, str]] = {}
    _cms_fields: ClassVar[tuple[Field, ...]]

    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)

    def applied(self, uow: "UnitOfWork", content: "Content") -> None:
        """Complete the row when a revision becomes public, in the same transaction; nothing by default."""

    @classmethod
    def drafted(cls, uow: "UnitOfWork", content: "Content", snapshot: "Snapshot", values: Mapping[str, Json]) -> None:
        """Follow a new revision that is not public yet, in the same transaction; nothing by default.

        :param values: what the revision holds for this class.
        """

    @classmethod
    def problems(cls, uow: "UnitOfWork", values: Mapping[str, Json]) -> Mapping[str, list[str]]:  # noqa: ARG003 — for classes that look
        """Return what is wrong between fields, by field; asked when a draft is saved, not on import."""
        return {}

    @classmethod
    def obstacle(cls, values: Mapping[str, Json]) -> str:  # noqa: ARG003 — for classes that look
        """Return why a revision may not become public, as a sentence; asked by the desk, not on import."""
        return ""


def meta(
    label: str,
    *,
    length: int | None = None,
    choices: Sequence[tuple[str, str]] | Sequence[str] = (),
    required: bool = False,
    default: Json = None,
    help: str = "",
    group: str = "",
    search: bool = False,
    facet: bool = False,
    report: bool = False,
    public: bool = True,
    editable: bool = True,
    index: bool = False,
    unique: bool = False,
) -> "MappedColumn[Any]":
    """Declare a metadata field of a single value.

    The annotation says what it is: ``Mapped[str]`` with ``length`` is a line, without it a text of several lines,
    ``Mapped[date | None]`` a date, ``Mapped[int | None]`` a number, ``Mapped[bool]`` a yes/no, ``Mapped[list[str]]``
    a list of words; ``choices`` make a selection.

    :param search: its text is found by the search. :param facet: lists can be narrowed by it.
    :param report: it is a column of exports and reports. :param public: citizens see it.
    """
    pairs = tuple((choice, choice) if isinstance(choice, str) else (choice[0], choice[1]) for choice in choices)
    spec: dict[str, object] = {
        "label": label, "length": length, "choices": pairs, "required": required, "default": default, "help": help,
        "group": group, "search": search, "facet": facet, "report": report, "public": public, "editable": editable,
    }  # fmt: skip
    options: dict[str, Any] = {"info": {"cms": spec}, "index": index, "unique": unique}
    if default is not None:
        options["default"] = default
    size = length or (max((len(value) for value, _label in pairs), default=0) + 20 if pairs else None)
    return mapped_column(String(size), **options) if size else mapped_column(**options)


def rows(
    label: str, columns: Sequence[Column], *, help: str = "", group: str = "", search: bool = True
) -> "MappedColumn[Any]":
    """Declare a repeating group (materials, steps, questions and answers), stored as typed JSON."""
    spec = {"label": label, "columns": tuple(columns), "help": help, "group": group, "search": search}
    return mapped_column(JSON, default=list, info={"cms": spec})


def fields_of(kind: type[Meta]) -> tuple[Field, ...]:
    """Return the declared fields of a metadata class, in the order of their declaration."""
    known: tuple[Field, ...] | None = kind.__dict__.get("_cms_fields")
    if known is None:
        known = tuple(_declared(kind))
        kind._cms_fields = known  # noqa: SLF001 — computed once for each class, dies with it
    return known


def _declared(kind: type[Meta]) -> list[Field]:
    found = []
    for column in kind.__table__.columns:
        spec = column.info.get("cms")
        if spec is not None:
            found.append(Field(name=column.name, kind=_kind_of(column, spec), **spec))
    return found


def _kind_of(column: Any, spec: Mapping[str, Any]) -> FieldKind:  # noqa: ANN401 — a SQLAlchemy column of any type
    if spec.get("columns"):
        return FieldKind.ROWS
    if spec.get("choices"):
        return FieldKind.CHOICE
    kinds = ((Boolean, FieldKind.FLAG), (Date, FieldKind.DATE), (Integer, FieldKind.NUMBER), (JSON, FieldKind.TAGS))
    for sql_type, kind in kinds:
        if isinstance(column.type, sql_type):
            return kind
    return FieldKind.LINE if spec.get("length") else FieldKind.TEXT


def parse_tags(raw: object) -> list[str]:
    """Return the words of a list, or of a text with any of the usual separators; doubles go."""
    parts = raw if isinstance(raw, list) else clean(str(raw or "")).translate(_SEPARATORS).split("|")
    return list(dict.fromkeys(word for word in (one_line(str(part)) for part in parts) if word))


_SEPARATORS = str.maketrans(dict.fromkeys("、，,;；\n\t", "|"))


def _parse_scalar(spec: Field, text: str) -> Value:
    if spec.kind is FieldKind.DATE:
        try:
            return date.fromisoformat(text.replace("/", "-")[:10])
        except ValueError:
            raise ValueError(_("“{label}”应为日期，例如 2016-03-08。").format(label=spec.label)) from None
    if spec.kind is FieldKind.NUMBER:
        try:
            number = int(text)
        except ValueError:
            raise ValueError(_("“{label}”应为整数。").format(label=spec.label)) from None
        if abs(number) > MAX_NUMBER:
            raise ValueError(_("“{label}”的数值过大。").format(label=spec.label))
        return number
    if spec.kind is FieldKind.CHOICE and text not in dict(spec.choices):
        allowed = "、".join(shown for _value, shown in spec.choices)
        raise ValueError(_("“{label}”只能是：{allowed}。").format(label=spec.label, allowed=allowed))
    if spec.kind is FieldKind.LINE:
        text = one_line(text)
    if spec.length and len(text) > spec.length:
        raise ValueError(
            _("“{label}”最多 {n} 个字，现有 {m} 个。").format(label=spec.label, n=spec.length, m=len(text))
        )
    return text


class RowsError(ValueError):
    """Everything that is wrong with a repeating group; ``cells`` maps number of the row (from 0) and column to it."""

    def __init__(self, cells: Mapping[tuple[int, str], str]) -> None:
        super().__init__(" ".join(cells.values()))
        self.cells = dict(cells)


def _parse_rows(spec: Field, raw: object) -> list[Row]:
    if raw in (None, ""):
        return []
    if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
        raise ValueError(_("“{label}”应为多行表格。").format(label=spec.label))
    known = {column.name for column in spec.columns}
    found: list[Row] = []
    cells: dict[tuple[int, str], str] = {}
    for index, row in enumerate(raw):
        if unknown := set(row) - known:
            raise ValueError(
                _("“{label}”第 {n} 行有未知的列：{names}。").format(
                    label=spec.label, n=index + 1, names="、".join(sorted(unknown))
                )
            )
        if any(str(value or "").strip() for value in row.values()):
            found.append(
                {column.name: _parse_cell(spec, column, row.get(column.name), index, cells) for column in spec.columns}
            )
    if cells:
        raise RowsError(cells)
    return [values for values in found if any(value not in ("", None, False) for value in values.values())]


def _parse_cell(
    spec: Field, column: Column, raw: object, index: int, cells: dict[tuple[int, str], str]
) -> str | int | bool | None:
    """Return the value of a cell; what is wrong with it goes to ``cells``."""
    cell = Field(name=column.name, label=column.label, kind=column.kind, choices=column.choices)
    names = {"label": spec.label, "n": index + 1, "column": column.label}
    try:
        value = cell.parse(raw)
    except ValueError as error:
        cells[index, column.name] = _("“{label}”第 {n} 行：{problem}").format(**names, problem=error)
        return None
    if column.required and value in ("", None):
        cells[index, column.name] = _("“{label}”第 {n} 行缺少“{column}”。").format(**names)
    dumped = cell.dump(value)
    return None if isinstance(dumped, list) else dumped


def parse_fields(specs: Sequence[Field], raw: Mapping[str, object], errors: dict[str, list[str]]) -> dict[str, Json]:
    """Return the JSON values of ``raw``; problems are added to ``errors`` by field name.

    Those of a cell in a repeating group have the name of the cell: ``materials-0-copies``.
    """
    parsed: dict[str, Json] = {}
    for spec in specs:
        try:
            parsed[spec.name] = spec.dump(spec.parse(raw.get(spec.name, spec.default)))
        except RowsError as error:
            for (index, column), problem in error.cells.items():
                errors.setdefault(f"{spec.name}-{index}-{column}", []).append(problem)
        except ValueError as error:
            errors.setdefault(spec.name, []).append(str(error))
    return parsed


@dataclass(frozen=True)
class FieldValue:
    """A field of one item with its value, as templates and the API take it."""

    field: Field
    value: Value
    shown: str


def values_of(row: Meta | None, *, public_only: bool = True) -> list[FieldValue]:
    """Return the filled fields of a metadata row, in order."""
    if row is None:
        return []
    found = []
    for spec in fields_of(type(row)):
        value = getattr(row, spec.name)
        if value not in (None, "", []) and (spec.public or not public_only):
            found.append(FieldValue(spec, value, spec.display(value)))
    return found
