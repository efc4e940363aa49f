"""Which files may be uploaded, decided by their content; the name only has to agree with it."""

from collections.abc import Collection
from dataclasses import dataclass

from cms.documents.kinds import media_type_of
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
    media_type = media_type_of(content)
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
