"""Which files may be uploaded, decided by their content; the name only has to agree with it."""

import io
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass

import filetype

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

#: Media type → extensions that go with it; the first is the usual one.
ALLOWED: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": (".pptx",),
    "application/vnd.oasis.opendocument.text": (".odt",),
    "application/vnd.oasis.opendocument.spreadsheet": (".ods",),
    "application/ofd": (".ofd",),
    "application/x-ole-storage": (".doc", ".xls", ".ppt", ".wps", ".et", ".dps"),
    "application/zip": (".zip",),
    "application/vnd.rar": (".rar",),
    "video/mp4": (".mp4",),
    "audio/mpeg": (".mp3",),
    "text/plain": (".txt", ".csv"),
}
MAX_PIXELS = 80_000_000
#: An archive that unpacks to more than this many times its size is refused unread.
MAX_EXPANSION = 200
#: Other names of the allowed kinds; an animated PNG is a PNG.
_SAME = {"application/x-rar-compressed": "application/vnd.rar", "image/apng": "image/png"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MIN_BOMB = 50_000_000
#: What a ``mimetype`` entry may say (ODF 1.3 part 2, 3.3); anything else would name a file what it is not.
_OPEN_DOCUMENTS = ("application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet")
_MIMETYPE_LENGTH = 100
#: What reading a ZIP file raises: damaged (also its names: ValueError), encrypted, packed in an unknown way.
_UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, zlib.error)


@dataclass(frozen=True)
class Kind:
    """What a file is."""

    media_type: str
    extensions: tuple[str, ...]


def kind_of(content: bytes, filename: str, kinds: Collection[str] = ALLOWED) -> Kind:
    """Return what ``content`` is, checked against the name it came with.

    :param kinds: the media types that are taken, some of :data:`ALLOWED`.
    :raises Invalid: field ``file``, if the kind is not allowed, or name and content disagree.
    """
    extension = "." + filename.rsplit(".", 1)[-1].lower() if "." in filename else ""
    media_type = _sniff(content)
    extensions = ALLOWED[media_type] if media_type in kinds else ()
    if not extensions:
        allowed = "、".join(sorted({e for kind in kinds for e in ALLOWED[kind]}))
        raise Invalid({"file": [_("不支持这种文件。可以上传：{allowed}。").format(allowed=allowed)]})
    if extension not in extensions:
        raise Invalid(
            {
                "file": [
                    _("文件内容与扩展名“{ext}”不符，应为 {right}。").format(ext=extension, right="、".join(extensions))
                ]
            }
        )
    return Kind(media_type, extensions)


def _sniff(content: bytes) -> str:
    if not content:
        raise Invalid({"file": [_("文件是空的。")]})
    if content.startswith(_OLE):
        return "application/x-ole-storage"
    if content.startswith(b"PK\x03\x04"):
        return _zip_kind(content)
    guessed = filetype.guess(content)
    if guessed is not None:
        return _SAME.get(guessed.mime, str(guessed.mime))
    return "text/plain" if _is_text(content) else ""


def _zip_kind(content: bytes) -> str:
    """Look inside: office files, OFD and plain archives all begin alike."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > _MIN_BOMB and unpacked > MAX_EXPANSION * len(content):
                raise Invalid({"file": [_("压缩文件解开后过大，已拒绝。")]})
            mimetype = _mimetype(archive) if "mimetype" in names else ""
    except _UNREADABLE as error:
        raise Invalid({"file": [_("文件已损坏，无法打开。")]}) from error
    if mimetype:
        return mimetype if mimetype in _OPEN_DOCUMENTS else ""
    inside = {
        "OFD.xml": "application/ofd",
        "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
    return next((kind for name, kind in inside.items() if name in names), "application/zip")


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
