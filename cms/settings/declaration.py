"""One declaration per setting: value, label, help, rules of form. Form, check and warnings follow from it."""

import re
from collections.abc import Iterator
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
    THEME = "theme"
    """The key of an installed theme."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What is said of one setting beside its type and default value.

    :param pattern: regular expression that a value has to match as a whole; an empty value always passes unless
        ``required``. :param example: a right value, shown when it does not.
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
    statutory: str = ""

    def problems(self, value: object) -> list[str]:
        """Return what is wrong with ``value``, as sentences for the person who typed it."""
        texts = [text for text in (value if isinstance(value, tuple) else [value]) if isinstance(text, str)]
        if self.required and not any(texts):
            return [_("请填写“{label}”。").format(label=_(self.label))]
        if any(len(text) > self.length for text in texts):
            return [_("“{label}”最多 {n} 个字。").format(label=_(self.label), n=self.length)]
        if self.pattern and not all(re.fullmatch(self.pattern, text) for text in texts if text):
            return [_("“{label}”的格式不正确，例如：{example}").format(label=_(self.label), example=self.example)]
        return []


class SettingsClass(Protocol):
    """A frozen dataclass of settings; ``key`` names its row in the database."""

    key: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]


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
