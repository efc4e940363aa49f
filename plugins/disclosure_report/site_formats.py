"""The formats of one site: the bundled files, and those that the site corrects or adds."""

from functools import lru_cache
from pathlib import Path

from cms.api import get_cms

from .format_file import FOLDER, Format, Formats, read

#: Folder in the site folder; a file with the id of a bundled format takes its place.
SITE_FOLDER = "report-formats"
_Stamp = tuple[tuple[str, int, int], ...]


def site_formats() -> Formats:
    """Return the formats of the site that the present app serves.

    Files of the site are read again when one of them changes, so that a correction needs no restart.

    :raises FormatError: if a file is wrong, or two formats claim the same year.
    """
    folder = get_cms().settings.site / SITE_FOLDER
    return _read(folder, _stamp(folder))


def _stamp(folder: Path) -> _Stamp:
    stats = [(path.name, path.stat()) for path in sorted(folder.glob("*.toml"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=16)
def _read(folder: Path, stamp: _Stamp) -> Formats:
    """Read all files; ``stamp`` is what tells a changed folder from the one that was read."""
    bundled = [read(path, Format) for path in sorted((FOLDER / "formats").glob("*.toml"))]
    own = [read(folder / name, Format) for name, _time, _size in stamp]
    corrected = {one.id for one in own}
    return Formats([*(one for one in bundled if one.id not in corrected), *own], [])
