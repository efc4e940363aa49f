"""Form controls that keep text as it was typed. What it means, and whether it will do, the services say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup
from wtforms import BooleanField, Field, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm
from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput, html_params

from cms.content.enums import AssetRole
from cms.content.fields import Column, FieldKind, Row
from cms.content.fields import Field as Declared
from cms.content.snapshot import AssetUse
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line

#: Empty rows that a repeating group shows without scripts.
SPARE_ROWS = 3
MAX_ROWS = 200
MAX_CAPTION = 200
MAX_ALT = 300


class DayField(StringField):
    """A day, ``YYYY-MM-DD``."""

    widget = DateInput()


class MomentField(StringField):
    """A wall time in Asia/Shanghai, ``YYYY-MM-DDTHH:MM``."""

    widget = DateTimeLocalInput()


class NumberField(StringField):
    """A whole number."""

    widget = NumberInput()


class WordsField(StringField):
    """Several words in one line."""

    def _value(self) -> str:
        if isinstance(self.data, (list, tuple)):
            return "、".join(str(word) for word in self.data)
        return str(self.data or "")


class Selection:
    """Draws a :class:`ChoiceField` as a drop-down list."""

    validation_attrs = ("required", "disabled")

    def __call__(self, field: "ChoiceField", **attributes: object) -> Markup:
        """Return the ``select`` element."""
        if field.flags.required:
            attributes.setdefault("required", True)
        offered = [*field.choices]
        if field.value and field.value not in dict(offered):
            offered.append((field.value, _("{value}（已停用）").format(value=field.value)))
        options = Markup("").join(
            Markup("<option {}>{}</option>").format(_attributes(value=value, selected=value == field.value), label)
            for value, label in offered
        )
        attributes.setdefault("id", field.id)
        return Markup("<select {}>{}</select>").format(_attributes(name=field.name, **attributes), options)


def _attributes(**values: object) -> Markup:
    return Markup(html_params(**values))  # noqa: S704 — WTForms escapes names and values


class ChoiceField(Field):
    """A selection; a value that is no longer offered stays selected instead of getting lost.

    WTForms' own field changes its notion of a choice from release to release.
    """

    widget = Selection()

    def __init__(self, label: str, choices: Sequence[tuple[str, str]], **options: Any) -> None:  # noqa: ANN401 — WTForms'
        super().__init__(label, **options)
        self.choices = tuple(choices)

    @property
    def value(self) -> str:
        """Return the chosen value as text."""
        return "" if self.data is None else str(self.data)


class RowsField(Field):
    """A repeating group: ``materials-0-name``, ``materials-1-name`` … Each entry's ``form`` holds one row."""

    def __init__(self, label: str, columns: Sequence[Column], **options: Any) -> None:  # noqa: ANN401 — WTForms'
        super().__init__(label, **options)
        self.columns = tuple(columns)
        self.entries: list[RowEntry] = []

    def process(self, formdata: Any, data: object = None, extra_filters: object = None) -> None:  # noqa: ANN401, ARG002 — WTForms' signature
        """Take the typed rows, or the stored ones, and add spare ones."""
        self.errors: list[str] = []
        if formdata:
            pattern = re.compile(rf"{re.escape(self.name)}-(\d{{1,4}})-")
            numbers = {int(found[1]) for found in map(pattern.match, formdata) if found}
            self.entries = [self._entry(number, formdata) for number in sorted(numbers)[:MAX_ROWS]]
        else:
            stored = [row for row in data if isinstance(row, dict)] if isinstance(data, (list, tuple)) else []
            self.entries = [self._entry(number, None, row) for number, row in enumerate(stored)]
        following = 1 + max((entry.number for entry in self.entries), default=-1)
        filled = [number for number, entry in enumerate(self.entries, 1) if entry.is_filled]
        spare = len(self.entries) - max(filled, default=0)
        self.entries += [self._entry(following + more, None) for more in range(SPARE_ROWS - spare)]

    def _entry(self, number: int | str, formdata: Any, row: Row | None = None) -> "RowEntry":  # noqa: ANN401 — WTForms'
        controls = {column.name: control_of(column) for column in self.columns}
        form = BaseForm(controls, prefix=f"{self.name}-{number}-")
        form.process(formdata, data=row or {})
        return RowEntry(form, number if isinstance(number, int) else -1)

    @property
    def blank(self) -> BaseForm:
        """Return the row that scripts copy; its number is ``__index__``."""
        return self._entry("__index__", None).form

    @property
    def raw(self) -> list[Row]:
        """Return what was typed, empty rows included, so that a row's place is that of its entry."""
        return [{field.short_name: field.data for field in entry.form} for entry in self.entries]

    def cell(self, index: int, column: str) -> Field | None:
        """Return the control of a cell by the place of its row in :attr:`raw`."""
        form = self.entries[index].form if index < len(self.entries) else None
        return form[column] if form is not None and column in form else None

    def __iter__(self) -> Iterator["RowEntry"]:
        return iter(self.entries)


@dataclass(frozen=True)
class RowEntry:
    """One row of a repeating group."""

    form: BaseForm
    number: int

    @property
    def is_filled(self) -> bool:
        """Tell whether anything was entered."""
        return any(str(field.data or "").strip() for field in self.form)


@dataclass(frozen=True, kw_only=True)
class AssetLine:
    """A file of an item, as the form has it. ``role`` is empty until the kind of the file has decided it."""

    asset_id: int
    role: str = ""
    caption: str = ""
    alt: str | None = None


#: A picture that is shown and stands for the item in lists.
IMAGE_AND_COVER = "image_cover"


class AssetsField(Field):
    """The files of an item in their order, with caption, alternative text and role; the cover is one of them."""

    def process(self, formdata: Any, data: object = None, extra_filters: object = None) -> None:  # noqa: ANN401, ARG002 — WTForms' signature
        """Take the files named in the form, or the stored ones."""
        self.errors: list[str] = []
        self.lines: list[AssetLine] = list(self._typed(formdata) if formdata else (data or ()))  # type: ignore[call-overload]  # stored lines

    def _typed(self, formdata: Any) -> Iterator[AssetLine]:  # noqa: ANN401 — WTForms'
        numbers = [int(text) for text in formdata.getlist(self.name) if re.fullmatch(r"\d{1,9}", text)]
        for number in dict.fromkeys(numbers):
            prefix = f"{self.name}-{number}-"
            if not formdata.get(f"{prefix}remove"):
                yield AssetLine(
                    asset_id=number, role=formdata.get(f"{prefix}role", ""), alt=formdata.get(f"{prefix}alt"),
                    caption=one_line(formdata.get(f"{prefix}caption", ""))[:MAX_CAPTION],
                )  # fmt: skip

    def add(self, asset_ids: Sequence[int]) -> None:
        """Append files that came with the form itself."""
        known = {line.asset_id for line in self.lines}
        self.lines += [AssetLine(asset_id=one) for one in dict.fromkeys(asset_ids) if one not in known]

    def settle(self, images: Mapping[int, bool]) -> None:
        """Decide the roles.

        :param images: for each file that exists, whether it is a picture; unknown files are dropped.
        """
        self.lines = [
            replace(line, role=_role(line.role, is_image=images[line.asset_id]))
            for line in self.lines if line.asset_id in images
        ]  # fmt: skip

    @property
    def uses(self) -> tuple[AssetUse, ...]:
        """Return the files as a snapshot has them."""
        return tuple(
            AssetUse(
                asset_id=line.asset_id,
                role=AssetRole.IMAGE if line.role == IMAGE_AND_COVER else AssetRole(line.role),
                caption=line.caption,
                alt=one_line(line.alt or "")[:MAX_ALT],
            )
            for line in self.lines
        )

    @property
    def cover_ids(self) -> list[int]:
        """Return the pictures that were marked as cover; there should be one at most."""
        return [line.asset_id for line in self.lines if line.role in {IMAGE_AND_COVER, AssetRole.COVER}]


def asset_lines(uses: Sequence[AssetUse], cover_id: int | None) -> list[AssetLine]:
    """Return the files of a snapshot as the form shows them."""
    lines = []
    for use in uses:
        is_cover = use.asset_id == cover_id
        role = IMAGE_AND_COVER if is_cover and use.role is AssetRole.IMAGE else use.role.value
        if is_cover and use.role in {AssetRole.INLINE, AssetRole.ATTACHMENT}:
            role = AssetRole.COVER.value
        lines.append(AssetLine(asset_id=use.asset_id, role=role, caption=use.caption, alt=use.alt or None))
    if cover_id and cover_id not in {line.asset_id for line in lines}:
        lines.append(AssetLine(asset_id=cover_id, role=AssetRole.COVER.value))
    return lines


def _role(given: str, *, is_image: bool) -> str:
    if not is_image:
        return AssetRole.ATTACHMENT.value
    return given if given in {IMAGE_AND_COVER, *AssetRole} else AssetRole.IMAGE.value


def control_of(spec: Declared | Column) -> UnboundField:
    """Return the control for a declared field, or for a column of a repeating group."""
    description = spec.help if isinstance(spec, Declared) else ""
    if isinstance(spec, Declared) and spec.kind is FieldKind.ROWS:
        return RowsField(spec.label, spec.columns, description=description)
    if spec.kind is FieldKind.CHOICE:
        return ChoiceField(spec.label, [("", _("（请选择）")), *spec.choices], description=description)
    return _CONTROLS[spec.kind](spec.label, description=description)


_CONTROLS: Mapping[FieldKind, type[Field]] = {
    FieldKind.LINE: StringField,
    FieldKind.TEXT: TextAreaField,
    FieldKind.DATE: DayField,
    FieldKind.NUMBER: NumberField,
    FieldKind.FLAG: BooleanField,
    FieldKind.TAGS: WordsField,
}
