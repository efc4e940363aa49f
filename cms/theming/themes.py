"""Finding themes and the order in which templates are looked up."""

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cms.kernel.errors import CmsError

log = logging.getLogger(__name__)
FILE = "theme.toml"
DEFAULT = "default"


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A theme as its ``theme.toml`` describes it."""

    key: str
    name: str
    version: str
    folder: Path
    parent: str = ""
    description: str = ""

    @property
    def templates(self) -> Path:
        """Return the folder of its templates."""
        return self.folder / "templates"

    @property
    def static(self) -> Path:
        """Return the folder of its style sheets, scripts and pictures."""
        return self.folder / "static"


class ThemeError(CmsError):
    """A theme cannot be used."""


def read(folder: Path) -> Theme:
    """Read the theme in ``folder``.

    :raises ThemeError: that names the file and the problem.
    """
    path = folder / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        theme = Theme(folder=folder, **table)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError) as error:
        raise ThemeError(f"{path}: {error}") from error
    if theme.key != folder.name:
        raise ThemeError(f"{path}: key {theme.key!r} and folder {folder.name!r} must be the same")
    return theme


def find_all(*folders: Path) -> dict[str, Theme]:
    """Return the themes in ``folders`` by key; a key in a later folder does not override an earlier one.

    A theme that cannot be read is left out and logged: a folder with a slip in it must not keep the site from starting.
    """
    found: dict[str, Theme] = {}
    for folder in folders:
        for child in sorted(folder.iterdir()) if folder.is_dir() else ():
            if (child / FILE).exists():
                try:
                    theme = read(child)
                except ThemeError as error:
                    log.warning("theme %s was left out: %s", child.name, error)
                else:
                    found.setdefault(theme.key, theme)
    return found


def chain(themes: Mapping[str, Theme], key: str) -> list[Theme]:
    """Return the theme and its parents, nearest first; it always ends with the default theme.

    :raises ThemeError: if a theme of the chain does not exist, or is its own ancestor.
    """
    line: list[Theme] = []
    while key:
        if key not in themes:
            raise ThemeError(f"theme {key!r} does not exist; there are {', '.join(sorted(themes))}")
        if themes[key] in line:
            raise ThemeError(f"theme {key!r} is its own ancestor")
        line.append(themes[key])
        key = themes[key].parent or ("" if key == DEFAULT else DEFAULT)
    return line
