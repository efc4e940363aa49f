"""Taking files in."""

import hashlib
import re
import unicodedata

from sqlalchemy import select

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.media import images
from cms.media.kinds import kind_of
from cms.media.models import Asset
from cms.media.store import FileStore

MAX_NAME = 120
# Path separators, control and direction marks, and what Windows forbids in names.
_FORBIDDEN = re.compile('[\\\\/:*?"<>|\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff%#]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_filename(name: str) -> str:
    """Return a file name that is safe in a URL and on every system, and keeps its Chinese characters."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r"\s+", "_", _FORBIDDEN.sub("", name)).strip("._ ")
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    if not stem or _RESERVED.match(name):
        stem = f"file_{stem}".rstrip("_")
    stem = stem[: MAX_NAME - len(extension) - 1]
    return f"{stem}.{extension.lower()}" if extension else stem


def add_asset(
    uow: UnitOfWork, store: FileStore, *, actor: Actor, filename: str, content: bytes, alt: str = "", max_mb: int = 50
) -> Asset:
    """Store an uploaded file; its bytes are on disk before this returns.

    The same bytes under the same name give the same asset again.

    :raises NotAllowed: if ``actor`` may not upload.
    :raises Invalid: field ``file``, if it is too large, of a kind that is not allowed, or not what its name says.
    """
    require(actor, "media.upload")
    if len(content) > max_mb * 1_000_000:
        raise Invalid({"file": [_("文件超过 {n} MB 的上限。").format(n=max_mb)]})
    filename = safe_filename(filename)
    kind = kind_of(content, filename)
    width = height = None
    if kind.media_type.startswith("image/"):
        content, width, height = images.tidy(content, kind.media_type)
    digest = hashlib.sha256(content).hexdigest()
    known = uow.session.scalars(select(Asset).where(Asset.digest == digest, Asset.filename == filename)).first()
    if known is not None:
        return known
    store.put(digest, content)
    asset = Asset(
        digest=digest, filename=filename, media_type=kind.media_type, size=len(content), width=width, height=height,
        alt=one_line(alt)[:300], uploader_id=actor.id, created_at=uow.clock.now(),
    )  # fmt: skip
    uow.session.add(asset)
    # The caller answers with the id.
    uow.session.flush()
    record(uow, "media.add", actor_id=actor.id, subject_type="asset", subject_id=asset.id, digest=digest)
    return asset


def describe(uow: UnitOfWork, asset: Asset, alt: str, *, actor: Actor) -> None:
    """Change the text that stands for a picture (WCAG 1.1.1); nothing happens if it is the same.

    Pages that say nothing of their own show it at once: the caller asks whether public ones use the picture, because
    media do not know content.

    :raises NotAllowed: if ``actor`` may not upload.
    """
    require(actor, "media.upload")
    alt = one_line(alt)[:300]
    if alt != asset.alt:
        asset.alt = alt
        record(uow, "media.describe", actor_id=actor.id, subject_type="asset", subject_id=asset.id)
