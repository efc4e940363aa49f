"""The form of a settings dataclass, made from its declaration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField

from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, one_line
from cms.settings.declaration import Setting, SettingKind, SettingsClass, declared
from cms.theming.themes import Theme
from cms.web.forms.controls import ChoiceField, NumberField
from cms.web.forms.fixed import DeskForm

S = TypeVar("S", bound=SettingsClass)


@dataclass(frozen=True)
class Group:
    """Fields that belong together."""

    label: str
    fields: list[Field]


def open_form(stored: SettingsClass, themes: Mapping[str, Theme] | None = None) -> DeskForm:
    """Return a form with a field for each declared setting, holding what was typed or else what is stored."""
    kind = type(stored)
    controls = {said.name: _control(said) for said in declared(kind)}
    form_class: type[DeskForm] = type(f"{kind.__name__}Form", (DeskForm,), controls)
    form = form_class.from_request(**_shown_values(stored))
    for said in declared(kind):
        if said.kind is SettingKind.THEME:
            form[said.name].choices = [(theme.key, _theme_label(theme)) for theme in (themes or {}).values()]
    return form


def _shown_values(settings: SettingsClass) -> dict[str, object]:
    """Return the values with which the form opens."""
    values = {said.name: getattr(settings, said.name) for said in declared(type(settings))}
    return {name: "\n".join(value) if isinstance(value, tuple) else _shown(value) for name, value in values.items()}


def _shown(value: object) -> object:
    # Numbers are typed as text; a flag is a number to Python only.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def typed_settings(kind: type[S], form: DeskForm) -> S:
    """Return the settings that were typed, cleaned but not checked."""
    return kind(**{said.name: _read(said, form[said.name].data) for said in declared(kind)})


def groups_of(kind: type[SettingsClass], form: DeskForm) -> list[Group]:
    """Return the fields of the form in the groups of the declaration, in their order."""
    groups: dict[str, list[Field]] = {}
    for said in declared(kind):
        groups.setdefault(said.group, []).append(form[said.name])
    return [Group(_(label), fields) for label, fields in groups.items()]


def _control(said: Setting) -> Field:
    label, text = _(said.label), _(said.help)
    if said.example:
        text = (text + " " if text else "") + _("例如：{example}").format(example=said.example)
    if said.kind is SettingKind.FLAG:
        return BooleanField(label, description=text)
    if said.kind is SettingKind.THEME:
        return RadioField(label, validate_choice=False, description=text)
    if said.kind is SettingKind.LINE:
        return StringField(label, description=text)
    if said.kind is SettingKind.NUMBER:
        return NumberField(f"{label}（{_(said.unit)}）" if said.unit else label, description=text)
    if said.kind is SettingKind.CHOICE:
        return ChoiceField(label, [(value, _(name)) for value, name in said.choices], description=text)
    return TextAreaField(label, description=text)


def _theme_label(theme: Theme) -> str:
    return f"{theme.name}（{theme.key} {theme.version}）" + (f"：{theme.description}" if theme.description else "")


def _read(said: Setting, raw: object) -> object:
    if said.kind is SettingKind.FLAG:
        return bool(raw)
    text = str(raw or "")
    if said.kind is SettingKind.NUMBER:
        # What is no number stays as it was typed; the check of the declaration says so.
        return int(text) if re.fullmatch(r"\s*\d{1,9}\s*", text, re.ASCII) else text
    if said.kind is SettingKind.LINES:
        return tuple(line for line in map(one_line, text.splitlines()) if line)
    return clean(text) if said.kind is SettingKind.TEXT else one_line(text)
