"""Files that come with an import: found beside it, stored as assets, referred to by the text."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile
from gzip import open as open_gzip
from pathlib import Path
from typing import TextIO

from cms.accounts.policy import Actor
from cms.content.enums import AssetRole
from cms.content.snapshot import AssetUse
from cms.db.uow import UnitOfWork
from cms.exchange.records import LineError, Record
from cms.kernel.errors import CmsError, Invalid
from cms.kernel.i18n import gettext as _
from cms.media.services import add_asset, describe
from cms.media.store import FileStore

_REFERENCE = re.compile(r'(?P<lead>\b(?:src|href)=")(?P<path>[^":?#]+)(?=")')


@dataclass(frozen=True)
class Stored:
    """The text with its references completed, and the assets it uses."""

    body: str
    uses: tuple[AssetUse, ...] = ()
    cover_id: int | None = None


def store_assets(uow: UnitOfWork, store: FileStore, record: Record, folder: Path, actor: Actor) -> Stored:
    """Store the assets of ``record``; a picture that the text does not show becomes part of the series below it.

    :raises LineError: if a file is missing, lies outside ``folder``, or may not be uploaded.
    """
    if not record.assets:
        return Stored(record.body)
    paths: dict[str, str] = {}
    uses: list[AssetUse] = []
    covers: list[tuple[bool, int]] = []
    for line in record.assets:
        relative = line.path
        content = _read(folder, relative)
        try:
            asset = add_asset(
                uow, store, actor=actor, filename=Path(relative).name, content=content, alt=line.alt, max_mb=500
            )
        except Invalid as error:
            raise LineError(f"{relative}: {error}") from error
        if line.alt and not asset.alt:
            # The file was there already, without words.
            describe(uow, asset, line.alt, actor=actor)
        paths[relative] = asset.path
        if asset.is_image and line.is_cover is not False:
            covers.append((line.is_cover is not True, asset.id))
        shown = f'"{relative}"' in record.body
        found = (AssetRole.INLINE if shown else AssetRole.IMAGE) if asset.is_image else AssetRole.ATTACHMENT
        uses.append(AssetUse(asset_id=asset.id, role=line.role or found, caption=line.caption))
    body = _REFERENCE.sub(lambda match: match["lead"] + paths.get(match["path"], match["path"]), record.body)
    # What the record marks goes before the first picture of which it says nothing.
    cover = min(covers, key=lambda pair: pair[0], default=None)
    return Stored(body, tuple(uses), cover[1] if cover else None)


def _read(folder: Path, relative: str) -> bytes:
    try:
        path = (folder / relative).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise LineError(_("附件路径“{path}”超出了导入文件所在的文件夹").format(path=relative))
        return path.read_bytes()
    except (OSError, ValueError) as error:
        # A path that holds NUL or half a character is a ValueError.
        raise LineError(_("附件“{path}”无法读取").format(path=relative)) from error


@contextmanager
def open_lines(path: Path) -> Iterator[TextIO]:
    """Open an import file, compressed or not.

    :raises CmsError: if it does not exist or is not what its name says.
    """
    try:
        with open_gzip(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else _open(path) as file:
            yield file
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise CmsError(_("文件“{path}”无法读取").format(path=path)) from error
    except (BadGzipFile, EOFError) as error:
        raise CmsError(_("“{path}”不是完整的 gzip 文件").format(path=path)) from error
    except UnicodeDecodeError as error:
        raise CmsError(_("“{path}”不是 UTF-8 编码，请先转换").format(path=path)) from error


def _open(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig")
