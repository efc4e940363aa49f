"""One declaration per setting: value, label, help, rules of form. Form, check and warnings follow from it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from cms.kernel.i18n import gettext as _

_NAME = "setting"


class SettingKind(StrEnum):
    """How a setting is entered."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    """Several values, one on each line; a tuple of texts."""
    FLAG = "flag"
    NUMBER = "number"
    """A whole number; ``least`` and ``most`` bound it."""
    CHOICE = "choice"
    """One of ``choices``."""
    THEME = "theme"
    """The key of an installed theme."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is said of one setting beside its type and default value.

    :param pattern: regular expression that a value has to match as a whole; an empty value always passes unless
        ``required``. :param example: a right value, shown when it does not.
    :param least: the smallest number allowed. :param most: the largest. :param unit: what it counts, shown behind it.
    :param choices: pairs of value and label.
    :param statutory: the name of the page part or label that a rule asks for; its absence is warned about.
    """

    name: str = ""
    label: str
    help: str = ""
    group: str = ""
    kind: SettingKind = SettingKind.LINE
    length: int = 200
    pattern: str = ""
    example: str = ""
    required: bool = False
    least: int = 0
    most: int = 1_000_000
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    statutory: str = ""

    def problems(self, value: object) -> list[str]:
        """Return what is wrong with ``value``, as sentences for the person who typed it."""
        if self.kind is SettingKind.NUMBER:
            return self._problems_of_number(value)
        if self.kind is SettingKind.CHOICE and value not in dict(self.choices):
            return [_("请选择“{label}”。").format(label=_(self.label))]
        texts = [text for text in (value if isinstance(value, tuple) else [value]) if isinstance(text, str)]
        if self.required and not any(texts):
            return [_("请填写“{label}”。").format(label=_(self.label))]
        if any(len(text) > self.length for text in texts):
            return [_("“{label}”最多 {n} 个字。").format(label=_(self.label), n=self.length)]
        if self.pattern and not all(re.fullmatch(self.pattern, text) for text in texts if text):
            return [_("“{label}”的格式不正确，例如：{example}").format(label=_(self.label), example=self.example)]
        return []

    def _problems_of_number(self, value: object) -> list[str]:
        if isinstance(value, int) and self.least <= value <= self.most:
            return []
        return [
            _("“{label}”应为 {least} 到 {most} 的整数。").format(label=_(self.label), least=self.least, most=self.most)
        ]


class SettingsClass(Protocol):
    """A frozen dataclass of settings; ``key`` names its row in the database."""

    key: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


#: Finds what is wrong between several settings, by field.
SettingsCheck = Callable[[Any], Mapping[str, Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class SettingsTab:
    """Settings with a tab of their own on the page 网站设置.

    :param settings: a frozen dataclass, each field declared by :func:`setting`; its ``key`` names its row and its
        address.
    :param label: of the tab. :param lead: a sentence above the fields. :param permission: who may read and change them.
    :param check: finds what is wrong between several fields, beyond what each declares.
    """

    settings: type[SettingsClass]
    label: str
    lead: str = ""
    permission: str = "settings.manage"
    check: SettingsCheck | None = None


def setting(default: object, label: str, **more: Any) -> Any:  # noqa: ANN401 — a dataclass field of any type
    """Declare a field of a settings dataclass; ``more`` are further fields of :class:`Setting`."""
    return field(default=default, metadata={_NAME: Setting(label=label, **more)})


def declared(kind: type[SettingsClass]) -> Iterator[Setting]:
    """Yield the settings of ``kind`` in their order, each with its name."""
    for one in fields(kind):
        said: Setting | None = one.metadata.get(_NAME)
        if said is not None:
            known = {part.name: getattr(said, part.name) for part in fields(Setting)}
            yield Setting(**{**known, "name": one.name})


def problems(settings: SettingsClass) -> dict[str, list[str]]:
    """Return what is wrong with ``settings``, by field."""
    found = {said.name: said.problems(getattr(settings, said.name)) for said in declared(type(settings))}
    return {name: lines for name, lines in found.items() if lines}
