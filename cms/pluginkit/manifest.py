"""``plugin.toml``: what a plugin says of itself, readable before any of its code is imported."""

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from cms import __version__
from cms.kernel.errors import PluginError

FILE = "plugin.toml"
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_BOUND = re.compile(r"(>=|<=|<|>|==)\s*(\d+(?:\.\d+)*)")
_OPERATORS = {
    ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, "<": lambda a, b: a < b,
    ">": lambda a, b: a > b, "==": lambda a, b: a == b,
}  # fmt: skip
#: Names that a plugin may not have, because the core owns tables or packages of that name.
_PACKAGES = """
    core kernel db audit accounts settings jobs sections media registers content catalogue figures search exchange
    personal intake pluginkit theming web api site desk rest cli live app demo testing
"""
RESERVED_KEYS = frozenset(_PACKAGES.split())
#: Characters of one value; what a manifest says of a plugin is short.
MAX_LENGTH = 1000


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a plugin says of itself."""

    key: str
    name: str
    version: str
    folder: Path
    requires_cms: str = ""
    requires: tuple[str, ...] = ()
    description: str = ""
    author: str = ""
    license: str = ""
    homepage: str = ""
    is_bundled: bool = False

    @property
    def versions(self) -> Path:
        """Return the folder of the plugin's migrations."""
        return self.folder / "migrations" / "versions"

    def incompatibility(self) -> str:
        """Return why the plugin does not fit this version of the product; empty if it does."""
        here = _numbers(__version__)
        for operator, bound in _BOUND.findall(self.requires_cms):
            if not _OPERATORS[operator](here, _numbers(bound)):
                return f"requires cms {self.requires_cms}, this is {__version__}"
        return ""


def read(folder: Path, *, is_bundled: bool = False) -> Manifest:
    """Read the manifest in ``folder``.

    :raises PluginError: that names the file, the line or key, and what is allowed.
    """
    path = folder / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        # ValueError: no UTF-8, no TOML, or a number too long to be read; RecursionError: nested too deeply.
        raise PluginError(folder.name, f"{path}: {error}") from error
    known = {f.name for f in fields(Manifest)} - {"folder", "is_bundled"}
    problems = [f"unknown key {name!r}" for name in sorted(set(table) - known)]
    problems += [problem for name in sorted(set(table) & known) if (problem := _type_problem(name, table[name]))]
    problems += [f"{name!r} is missing" for name in ("key", "name", "version") if table.get(name, "") == ""]
    key = table["key"] if isinstance(table.get("key"), str) else ""
    if key and not is_key(key):
        problems.append(f"key {key!r} must be lower_case letters and digits, without __, and not a name of the core")
    if key and key != folder.name:
        problems.append(f"key {key!r} and folder {folder.name!r} must be the same")
    if problems:
        raise PluginError(folder.name, f"{path}: " + "; ".join(problems))
    table["requires"] = tuple(table.get("requires", ()))
    return Manifest(folder=folder, is_bundled=is_bundled, **table)


def _type_problem(name: str, value: object) -> str:
    """Return why ``value`` cannot be the value of ``name``; empty if it can."""
    if name == "requires":
        is_right = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return "" if is_right else "'requires' must be a list of keys, like [\"news\"]"
    if not isinstance(value, str):
        return f"{name!r} must be text in quotation marks"
    return f"{name!r} is longer than {MAX_LENGTH} characters" if len(value) > MAX_LENGTH else ""


def is_key(key: str) -> bool:
    """Tell whether a plugin may be called ``key``."""
    return _KEY.fullmatch(key) is not None and key not in RESERVED_KEYS


def _numbers(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in re.findall(r"\d+", version)[:3]]
    return tuple(parts + [0] * (3 - len(parts)))
