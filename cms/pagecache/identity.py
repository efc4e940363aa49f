"""What made a page beside the database: code, settings, theme, plugins. Other makers get a folder of their own."""

import hashlib
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

from cms import __version__
from cms.config import Settings
from cms.web.state import Cms

_PACKAGE = Path(__file__).parents[1]
_SECRET = {"secret_key", "data_key"}


def identity_of(cms: Cms) -> str:
    """Return a short name for everything outside the database that decides how the pages of an app look."""
    digest = hashlib.sha256(__version__.encode())
    for part in _parts(cms):
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:12]


def _parts(cms: Cms) -> Iterator[str]:
    yield from (
        f"{one.name}={getattr(cms.settings, one.name)!r}" for one in fields(Settings) if one.name not in _SECRET
    )
    yield from (f"failed {key}" for key in sorted(cms.failing()))
    folders = [_PACKAGE, *(loaded.manifest.folder for loaded in cms.loaded)]
    for folder in folders:
        yield _code_of(folder)
    for folder in (*folders, *(theme.folder for theme in cms.themes), cms.settings.site / "templates"):
        yield from _state_of(folder, (path for path in sorted(folder.rglob("*")) if path.suffix != ".py"))


@lru_cache(maxsize=200)
def _code_of(folder: Path) -> str:
    """Return the state of the code in ``folder`` when this process first asked: it goes on running that code."""
    return "\n".join(_state_of(folder, sorted(folder.rglob("*.py"))))


def _state_of(folder: Path, paths: Iterator[Path] | list[Path]) -> Iterator[str]:
    for path in paths:
        if "__pycache__" not in path.parts and path.is_file():
            known = path.stat()
            yield f"{path.relative_to(folder)} {known.st_size} {known.st_mtime_ns}"
