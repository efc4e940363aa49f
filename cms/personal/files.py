"""Files that citizens give us: sealed on disk, outside everything that is served, opened with a trace.

Which kinds are taken is decided by content, as for the office's own uploads, from a shorter list. A file is *staged*
while the form it came with is being corrected: it need not be chosen again, and is removed after some hours.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.config import Settings
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.media.kinds import ALLOWED, kind_of
from cms.media.services import safe_filename
from cms.media.store import FileStore, FolderStore
from cms.personal.access import REVEAL, note_access
from cms.personal.keyring import Keyring
from cms.personal.models import SealedFile, Subject

#: Kinds of files that citizens may send: pictures, documents, sheets, text; no archives, sound or film.
KINDS = frozenset(
    kind for kind in ALLOWED
    if kind not in {"image/gif", "application/zip", "application/vnd.rar", "video/mp4", "audio/mpeg"}
)  # fmt: skip
#: Subject type of files whose form has not been accepted yet; the id is a secret of that form.
STAGED = "staged"
#: All staged files of the site together stay below this many bytes.
MAX_STAGED = 1_000_000_000
#: Folder of the sealed bytes in the site folder.
FOLDER = "sealed"
#: Place to which the bytes are bound.
_BYTES = "sealed_file.bytes"
_NAME = "name"


@dataclass(frozen=True)
class SealedFiles:
    """Where the sealed bytes of a site lie, and the keys to them."""

    store: FileStore
    keyring: Keyring

    @classmethod
    def of(cls, settings: Settings, keyring: Keyring) -> "SealedFiles":
        """Return the sealed files of a site, in a folder that no address leads to."""
        return cls(FolderStore(settings.site / FOLDER), keyring)


@dataclass(frozen=True)
class FileLine:
    """A file as lists show it; the name tells who it is about, so it is for the people in charge only."""

    id: int
    name: str
    purpose: str
    media_type: str
    size: int
    created_at: datetime


@dataclass(frozen=True)
class OpenedFile:
    """A file with its bytes."""

    name: str
    media_type: str
    content: bytes


def keep_file(
    uow: UnitOfWork,
    files: SealedFiles,
    *,
    subject: Subject,
    purpose: str,
    filename: str,
    content: bytes,
    max_mb: int = 10,
) -> SealedFile:
    """Seal a file and store it; its bytes are on disk before this returns. Who may send one, the caller decides.

    :raises Invalid: field ``file``, if it is too large, of a kind that is not taken, or not what its name says.
    """
    if len(content) > max_mb * 1_000_000:
        raise Invalid({"file": [_("文件超过 {n} MB 的上限。").format(n=max_mb)]})
    name = safe_filename(filename)
    kind = kind_of(content, name, KINDS)
    stored_as = secrets.token_hex(32)
    sealed = files.keyring.seal_bytes(content, _BYTES)
    files.store.put(stored_as, sealed)
    file = SealedFile(
        subject_type=subject.type, subject_id=str(subject.id), purpose=purpose, media_type=kind.media_type,
        size=len(content), name=files.keyring.seal({_NAME: name}, SealedFile.name), stored_as=stored_as,
        key_id=files.keyring.newest, created_at=uow.clock.now(),
    )  # fmt: skip
    uow.session.add(file)
    # The caller answers with the id.
    uow.session.flush()
    return file


def files_of(session: Session, files: SealedFiles, subject: Subject) -> list[FileLine]:
    """Return the files of a record in the order in which they came."""
    rows = session.scalars(_of(subject).order_by(SealedFile.id))
    return [_line(files, row) for row in rows]


def open_file(
    uow: UnitOfWork,
    files: SealedFiles,
    file_id: int,
    *,
    subject: Subject,
    actor: Actor,
    why: str,
    permission: str = REVEAL,
) -> OpenedFile:
    """Return a file of the record ``subject`` and note in the access log who opened it.

    :raises NotAllowed: if ``actor`` may not. :raises NotFound: if the record has no such file.
    :raises Invalid: field ``why``, without a reason. :raises SealBroken: if it was changed.
    """
    require(actor, permission)
    file = uow.session.scalars(_of(subject).where(SealedFile.id == file_id)).first()
    if file is None:
        raise NotFound(f"sealed file {file_id}")
    content = files.keyring.open_bytes(files.store.path(file.stored_as).read_bytes(), _BYTES)
    note_access(uow, subject, [f"file:{file.purpose}:{file.id}"], actor=actor, why=why)
    return OpenedFile(_line(files, file).name, file.media_type, content)


def staged(session: Session, files: SealedFiles, form_id: str) -> list[FileLine]:
    """Return the files that came with a form that has not been accepted yet."""
    return files_of(session, files, Subject(STAGED, form_id)) if form_id else []


def stage(
    uow: UnitOfWork,
    files: SealedFiles,
    form_id: str,
    *,
    purpose: str,
    filename: str,
    content: bytes,
    max_mb: int = 10,
    most: int = 6,
) -> SealedFile:
    """Keep a file of a form until it is accepted.

    :param most: how many files one form may have.
    :raises Invalid: field ``file``, as for :func:`keep_file`, or if there are too many.
    """
    count = uow.session.scalar(select(func.count()).select_from(_of(Subject(STAGED, form_id)).subquery())) or 0
    if count >= most:
        raise Invalid({"file": [_("最多可上传 {n} 个文件。").format(n=most)]})
    waiting = select(func.sum(SealedFile.size)).where(SealedFile.subject_type == STAGED)
    if (uow.session.scalar(waiting) or 0) + len(content) > MAX_STAGED:
        raise Invalid({"file": [_("现在上传的人太多，请稍后再试。")]})
    return keep_file(
        uow, files, subject=Subject(STAGED, form_id), purpose=purpose, filename=filename, content=content,
        max_mb=max_mb,
    )  # fmt: skip


def claim_files(uow: UnitOfWork, form_id: str, subject: Subject) -> int:
    """Give the staged files of a form to the record that was made of it; return how many there were."""
    rows = uow.session.scalars(_of(Subject(STAGED, form_id))).all() if form_id else ()
    for row in rows:
        row.subject_type, row.subject_id = subject.type, str(subject.id)
    return len(rows)


def unstage(uow: UnitOfWork, files: SealedFiles, form_id: str, file_ids: Iterable[int]) -> None:
    """Remove staged files that their sender took back."""
    for row in uow.session.scalars(_of(Subject(STAGED, form_id)).where(SealedFile.id.in_(list(file_ids)))).all():
        _remove(uow, files, row)


def erase_files(uow: UnitOfWork, files: SealedFiles, subject: Subject) -> int:
    """Remove all files of a record, rows and bytes; return how many there were."""
    rows = uow.session.scalars(_of(subject)).all()
    for row in rows:
        _remove(uow, files, row)
    return len(rows)


def erase_kind(uow: UnitOfWork, files: SealedFiles, subject_type: str) -> int:
    """Remove all files of records of one kind, whose table is going; return how many there were."""
    rows = uow.session.scalars(select(SealedFile).where(SealedFile.subject_type == subject_type)).all()
    for row in rows:
        _remove(uow, files, row)
    return len(rows)


def clean_files(uow: UnitOfWork, files: SealedFiles, *, older_than: timedelta) -> int:
    """Remove staged files of forms that were given up, and bytes that no row knows; return how many there were.

    :param older_than: what is younger stays: its form, or the transaction that stores it, may still be open.
    """
    limit = uow.clock.now() - older_than
    given_up = select(SealedFile).where(SealedFile.subject_type == STAGED, SealedFile.created_at < limit)
    rows = uow.session.scalars(given_up).all()
    for row in rows:
        _remove(uow, files, row)
    known = set(uow.session.scalars(select(SealedFile.stored_as)))
    lost = [name for name, changed in files.store.names() if name not in known and changed < limit.timestamp()]
    for name in lost:
        uow.after_commit(lambda name=name: files.store.remove(name))  # type: ignore[misc]  # a default binds the name now
    if rows or lost:
        record(
            uow, "personal.clean", actor_id=None, subject_type="personal", subject_id="files",
            staged=len(rows), lost=len(lost),
        )  # fmt: skip
    return len(rows) + len(lost)


def reseal_file(uow: UnitOfWork, files: SealedFiles, file: SealedFile) -> None:
    """Seal the bytes of ``file`` with the newest key; the old ones go when the unit of work has committed."""
    content = files.keyring.open_bytes(files.store.path(file.stored_as).read_bytes(), _BYTES)
    old, file.stored_as = file.stored_as, secrets.token_hex(32)
    files.store.put(file.stored_as, files.keyring.seal_bytes(content, _BYTES))
    file.key_id = files.keyring.newest
    uow.after_commit(lambda: files.store.remove(old))


def extensions() -> Sequence[str]:
    """Return the file extensions that citizens may send, for the ``accept`` attribute and for help texts."""
    return sorted({extension for kind in KINDS for extension in ALLOWED[kind]})


def _of(subject: Subject) -> Select[SealedFile]:
    return select(SealedFile).where(SealedFile.subject_type == subject.type, SealedFile.subject_id == str(subject.id))


def _line(files: SealedFiles, row: SealedFile) -> FileLine:
    name = files.keyring.open(row.name, SealedFile.name).get(_NAME, "")
    return FileLine(row.id, name, row.purpose, row.media_type, row.size, row.created_at)


def _remove(uow: UnitOfWork, files: SealedFiles, row: SealedFile) -> None:
    name = row.stored_as
    uow.session.delete(row)
    uow.after_commit(lambda: files.store.remove(name))
