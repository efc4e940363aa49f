"""ZIP files that depend on their content only, not on the clock."""

import io
import zipfile
from collections.abc import Mapping

#: The earliest time that a ZIP file can name.
_NEVER = (1980, 1, 1, 0, 0, 0)
_READABLE_BY_ALL = 0o644 << 16


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a ZIP file with ``parts`` in their order."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _NEVER)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, _READABLE_BY_ALL
            archive.writestr(entry, content)
    return file.getvalue()


def repacked(content: bytes) -> bytes:
    """Return the ZIP file ``content``, which we have just written ourselves, without its times."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed({entry.filename: archive.read(entry) for entry in archive.infolist()})
