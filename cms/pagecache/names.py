"""Names of kept pages as files: the folder of a state of the site, and the file of an address in it.

nginx forms the same file names from an address (``deploy/nginx.conf``).
"""

from datetime import UTC, datetime
from typing import NamedTuple

from cms.pagecache.stamps import Stamps

#: A file system takes more, but not much; no address of ours is so long.
_LONGEST, _DEEPEST = 200, 12


class StateName(NamedTuple):
    """What the folder of a state is called: stamps, the second until which it holds, and the code that made it."""

    stamps: Stamps
    until: int
    identity: str

    def __str__(self) -> str:
        """Return the name of the folder."""
        return f"{self.stamps.app}-{self.stamps.public}-{self.until}-{self.identity}"

    def is_over(self, stamps: Stamps | None, now: datetime) -> bool:
        """Tell whether pages of this state may be out of date, now that the site has these stamps."""
        return stamps != self.stamps or now >= datetime.fromtimestamp(self.until, UTC)


def read_state_name(text: str) -> StateName | None:
    """Return the parts of the name of a folder; nothing if it is not one of ours."""
    parts = text.split("-")
    if len(parts) != len(StateName._fields) + 1 or not all(part.isdecimal() for part in parts[:3]):
        return None
    return StateName(Stamps(int(parts[0]), int(parts[1])), int(parts[2]), parts[3])


def file_name(path: str, query: str) -> bytes | None:
    """Return the file of an address below the folder of a state; nothing for addresses that no file can have.

    :param path: as WSGI gives it, bytes in the clothes of Latin-1, with the base path.
    """
    parts = path.encode("latin-1", "replace").split(b"/")
    *folders, last = parts[1:]
    if parts[0] or len(folders) > _DEEPEST or not all(_is_plain(part) for part in folders):
        return None
    if last and not _is_plain(last):
        return None
    return b"/".join([*folders, last + b"~" + query.encode("ascii") + b".page"])


def _is_plain(part: bytes) -> bool:
    return 0 < len(part) <= _LONGEST and part not in {b".", b".."} and min(part) > ord(" ") and ord("\x7f") not in part
