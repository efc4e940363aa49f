"""What a file is, judged by its content alone."""

import io
import zipfile
import zlib

import filetype

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

TEXT, HTML, PDF = "text/plain", "text/html", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OLE, OFD, ZIP, RAR = "application/x-ole-storage", "application/ofd", "application/zip", "application/vnd.rar"
#: An archive that unpacks to more than this many times its size is refused unread.
MAX_EXPANSION = 200
#: What reading a ZIP file raises: damaged (also its names: ValueError), encrypted, packed in an unknown way.
UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, zlib.error)
#: Other names of the same kinds; an animated PNG is a PNG.
_SAME = {"application/x-rar-compressed": RAR, "image/apng": "image/png"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MIN_BOMB = 50_000_000
#: What a ``mimetype`` entry may say (ODF 1.3 part 2, 3.3); anything else would name a file what it is not.
_OPEN_DOCUMENTS = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet")
_MIMETYPE_LENGTH = 100
_INSIDE = {
    "OFD.xml": OFD, "word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX,
}  # fmt: skip


def media_type_of(content: bytes) -> str:
    """Return the media type of ``content``, an empty string if it is none that we know.

    Text that begins like a page, a script or a program for printers is not ``text/plain``.

    :raises Invalid: field ``file``, if it is empty, damaged, or an archive that unpacks to far too much.
    """
    if not content:
        raise Invalid({"file": [_("文件是空的。")]})
    if content.startswith(_OLE):
        return OLE
    if content.startswith(b"PK\x03\x04"):
        return _zip_kind(content)
    guessed = filetype.guess(content)
    if guessed is not None:
        return _SAME.get(guessed.mime, str(guessed.mime))
    return TEXT if _is_text(content) else ""


def _zip_kind(content: bytes) -> str:
    """Look inside: office files, OFD and plain archives all begin alike."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > _MIN_BOMB and unpacked > MAX_EXPANSION * len(content):
                raise Invalid({"file": [_("压缩文件解开后过大，已拒绝。")]})
            mimetype = _mimetype(archive) if "mimetype" in names else ""
    except UNREADABLE as error:
        raise Invalid({"file": [_("文件已损坏，无法打开。")]}) from error
    if mimetype:
        return mimetype if mimetype in _OPEN_DOCUMENTS else ""
    return next((kind for name, kind in _INSIDE.items() if name in names), ZIP)


def _mimetype(archive: zipfile.ZipFile) -> str:
    """Return the beginning of the ``mimetype`` entry, whatever it may unpack to."""
    if archive.getinfo("mimetype").compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        # The other ways cannot be unpacked by halves, and no office program writes them.
        raise zipfile.BadZipFile("mimetype is packed in an unusual way")
    with archive.open("mimetype") as entry:
        return entry.read(_MIMETYPE_LENGTH).decode("ascii", "replace").strip()


def _is_text(content: bytes) -> bool:
    """Tell whether the bytes are Chinese or other text: strict UTF-8, else strict GB 18030."""
    if (
        b"\x00" in content
        or b"<script" in content.lower()
        or content.lstrip().lower().startswith((b"<", b"%!", b"{\\rtf"))
    ):
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
