"""The form of a content item: core fields and declared metadata, the short form first, the rest by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wtforms import Field, StringField, TextAreaField
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm

from cms.content.fields import Field as Declared
from cms.content.fields import FieldKind, Json, parse_tags
from cms.content.markup import to_html, with_base, without_base
from cms.content.snapshot import Snapshot
from cms.content.types import META, RegisteredType
from cms.kernel.clock import local, parse_instant
from cms.kernel.i18n import gettext as _
from cms.kernel.text import excerpt, plain_text
from cms.web.forms.controls import (
    AssetsField,
    ChoiceField,
    MomentField,
    RowsField,
    WordsField,
    asset_lines,
    control_of,
)
from cms.web.forms.fixed import Problem, show_errors

Choices = Sequence[tuple[str, str]]
#: Core fields that the short form of a type may leave out; they wait in the first group under "more".
_REST = ("summary", "keywords", "source", "issuer", "department_id", "expires_at")
_ALWAYS = ("title", "section_id", "body", "assets")


@dataclass(frozen=True)
class Slot:
    """A field with the way it is shown: ``field``, ``editor``, ``assets``, ``rows`` or ``text``."""

    field: Field
    control: str


@dataclass(frozen=True)
class Group:
    """Fields under one heading of the long form; open when something in it is wrong."""

    label: str
    slots: Sequence[Slot]
    is_open: bool


@dataclass(frozen=True)
class Offer:
    """What the form offers to choose from, and where the site lives."""

    sections: Choices
    departments: Choices
    base_path: str = ""
    #: Choices of declared fields that only this site knows, by part and name; a field with none is not shown.
    choices: Mapping[tuple[str, str], Choices] = field(default_factory=dict)


class ContentForm(BaseForm):
    """The form of one type. Field names are those of the declarations.

    A declared field that is called like a core field or an earlier declared one has its part before its name:
    ``meta-source``.
    """

    def __init__(self, kind: RegisteredType, offer: Offer) -> None:
        self.kind, self.offer = kind, offer
        self.specs: dict[str, tuple[str, Declared]] = {}
        controls = _core_controls(offer)
        for part, spec in kind.fields():
            offered = offer.choices.get((part, spec.name))
            if spec.editable and offered != ():
                name = spec.name if spec.name not in controls else f"{part}-{spec.name}"
                controls[name] = control_of(spec) if offered is None else _selection(spec, offered)
                self.specs[name] = (part, spec)
        super().__init__(controls)
        required = {"title", "section_id", *(name for name, (_part, spec) in self.specs.items() if spec.required)}
        for name in required:
            self[name].flags.required = True

    def begin(self, values: Mapping[str, Any]) -> None:
        """Fill in what a new item starts with: declared defaults, then ``values`` by field name."""
        declared = {name: spec.default for name, (_part, spec) in self.specs.items() if spec.default is not None}
        by_own_name = {
            name: values[spec.name]
            for name, (part, spec) in self.specs.items() if spec.name in values and name.startswith(f"{part}-")
        }  # fmt: skip
        self.process(data={**declared, **values, **by_own_name})

    def open(self, snapshot: Snapshot) -> None:
        """Show what ``snapshot`` holds."""
        values: dict[str, Any] = {
            "title": snapshot.title, "section_id": snapshot.section_id, "summary": _own_summary(snapshot),
            "body": with_base(snapshot.body, self.offer.base_path), "keywords": snapshot.keywords,
            "source": snapshot.source, "issuer": snapshot.issuer, "department_id": snapshot.department_id or "",
            "expires_at": f"{local(snapshot.expires_at):%Y-%m-%dT%H:%M}" if snapshot.expires_at else "",
            "assets": asset_lines(snapshot.assets, snapshot.cover_id),
        }  # fmt: skip
        for name, (part, spec) in self.specs.items():
            stored = self._stored(snapshot, part)
            values[name] = stored.get(spec.name, spec.default)
        self.process(data=values)

    def _stored(self, snapshot: Snapshot, part: str) -> dict[str, Json]:
        renamed = self.kind.parts[part].renamed
        return {renamed.get(name, name): value for name, value in snapshot.parts.get(part, {}).items()}

    def read(self, errors: dict[str, list[str]]) -> Snapshot:
        """Return what was typed, for the service to judge; what cannot even be read is added to ``errors``.

        ``assets`` has to be settled before.
        """
        parts: dict[str, dict[str, Any]] = {part: {} for part in self.kind.parts}
        for name, (part, spec) in self.specs.items():
            field = self[name]
            parts[part][spec.name] = field.raw if isinstance(field, RowsField) else field.data
        assets: AssetsField = self["assets"]
        covers = assets.cover_ids
        if len(covers) > 1:
            errors.setdefault("assets", []).append(_("封面只能选一张图片。"))
        return Snapshot(
            title=self._text("title"),
            section_id=_number(self._text("section_id")) or 0,
            body=to_html(without_base(self._text("body"), self.offer.base_path)),
            summary=self._text("summary"),
            keywords=tuple(parse_tags(self._text("keywords"))),
            source=self._text("source"),
            issuer=self._text("issuer"),
            department_id=_number(self._text("department_id")),
            cover_id=covers[0] if covers else None,
            expires_at=self._moment("expires_at", errors),
            assets=assets.uses,
            parts=parts,
        )

    def _text(self, name: str) -> str:
        return str(self[name].data or "")

    def _moment(self, name: str, errors: dict[str, list[str]]) -> datetime | None:
        text = self._text(name).strip()
        try:
            return parse_instant(text) if text else None
        except (ValueError, OverflowError):
            wrong = _("“{label}”应为日期和时间，例如 2016-06-30 18:00。").format(label=self[name].label.text)
            errors.setdefault(name, []).append(wrong)
            return None

    def show_errors(self, errors: Mapping[str, Sequence[str]]) -> list[Problem]:
        """Hang the errors of the service on fields and cells; return the summary."""
        fields = dict(self._fields)
        for name, (_part, spec) in self.specs.items():
            if spec.name not in _ALWAYS:
                fields[spec.name] = self[name]
        for name in errors:
            cell = None if name in fields else self._cell(name, fields)
            if cell is not None:
                fields[name] = cell
        return show_errors(fields, errors)

    def _cell(self, name: str, fields: Mapping[str, Field]) -> Field | None:
        group, _dash, rest = name.partition("-")
        index, _dash, column = rest.partition("-")
        field = fields.get(group)
        return field.cell(int(index), column) if isinstance(field, RowsField) and index.isdigit() else None

    def short(self) -> list[Slot]:
        """Return the fields of the short form in the order of the declaration; title, section and text always."""
        names = list(dict.fromkeys([*self.kind.declared.form, *_ALWAYS]))
        return [self._slot(name) for name in names if name in self]

    def groups(self) -> list[Group]:
        """Return the rest of the fields by group."""
        shown = {slot.field.name for slot in self.short()}
        found: dict[str, list[Slot]] = {}
        for name in _REST:
            if name not in shown:
                found.setdefault(_("基本信息"), []).append(self._slot(name))
        for name, (part, spec) in self.specs.items():
            if name not in shown:
                label = spec.group or (self.kind.label if part == META else part)
                found.setdefault(label, []).append(self._slot(name))
        return [Group(label, slots, any(_has_errors(slot.field) for slot in slots)) for label, slots in found.items()]

    def _slot(self, name: str) -> Slot:
        field = self[name]
        if name == "body":
            return Slot(field, "editor")
        if isinstance(field, AssetsField):
            return Slot(field, "assets")
        if isinstance(field, RowsField):
            return Slot(field, "rows")
        spec = self.specs.get(name)
        is_text = name == "summary" or (spec is not None and spec[1].kind is FieldKind.TEXT)
        return Slot(field, "text" if is_text else "field")


def _has_errors(field: Field) -> bool:
    if isinstance(field, RowsField):
        return bool(field.errors) or any(cell.errors for entry in field for cell in entry.form)
    return bool(field.errors)


def _core_controls(offer: Offer) -> dict[str, UnboundField]:
    return {
        "title": StringField(_("标题")),
        "section_id": ChoiceField(_("栏目"), [("", _("（请选择）")), *offer.sections]),
        "body": TextAreaField(_("正文")),
        "assets": AssetsField(_("图片与附件")),
        "summary": TextAreaField(_("摘要"), description=_("不填则取正文开头。")),
        "keywords": WordsField(_("关键词"), description=_("用顿号隔开，例如：低保、社会救助。")),
        "source": StringField(_("来源"), description=_("不填则为本机关。")),
        "issuer": StringField(_("发布机构"), description=_("不填则为本机关；决定是否计入本机关的发布数。")),
        "department_id": ChoiceField(_("责任科室"), [("", _("（未指定）")), *offer.departments]),
        "expires_at": MomentField(_("下线时间"), description=_("到时自动从网站撤下，可不填。")),
    }


def _selection(spec: Declared, offered: Choices) -> UnboundField:
    return ChoiceField(spec.label, [("", _("（请选择）")), *offered], description=spec.help)


def _own_summary(snapshot: Snapshot) -> str:
    """Return the summary that somebody wrote; one that was cut from the text follows the text when it changes."""
    return "" if snapshot.summary == excerpt(plain_text(snapshot.body)) else snapshot.summary


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 — ids are smaller
