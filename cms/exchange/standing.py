"""Where an item stands that a record names again: the same, changed by people since, or free to be changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cms.content import queries
from cms.content.enums import Exclusion, Origin, PublicationAction, State
from cms.content.models import Content, Publication, Revision
from cms.content.snapshot import Snapshot
from cms.db.uow import UnitOfWork
from cms.exchange.records import LineError, Record
from cms.kernel.i18n import gettext as _

#: How the note of a revision begins that an import made. Stored, and read again, so it is not translated.
IMPORTED = "导入自 "
_IN_HAND = frozenset({State.REVIEW, State.RETURNED, State.APPROVED, State.SCHEDULED})


@dataclass(frozen=True)
class Standing:
    """A known item with its newest revision and its log, newest line first."""

    content: Content
    revision: Revision | None
    log: Sequence[Publication]

    @classmethod
    def of(cls, uow: UnitOfWork, content: Content) -> "Standing":
        """Read where ``content`` stands."""
        revision = uow.session.get(Revision, content.latest_revision_id) if content.latest_revision_id else None
        return cls(content, revision, queries.publications(uow.session, content.id))

    def is_same(self, snapshot: Snapshot, record: Record) -> bool:
        """Tell whether the record says what is there already."""
        if self.revision is None or Snapshot.from_json(self.revision.snapshot) != snapshot:
            return False
        if record.exclusion not in {Exclusion.NONE, exclusion_of(self.log)} and self.log:
            return False
        # What the scheduler took off on its day was published as the record wants it.
        published = self.content.live_revision_id is not None or self.content.state == State.EXPIRED
        return self.content.state == record.state or (record.state == State.PUBLISHED and published)

    @property
    def is_in_hand(self) -> bool:
        """Tell whether people have worked on the item since the last import: written, handed in, published, withdrawn.

        The scheduler that takes an item off on its day is nobody.
        """
        last = self.log[0] if self.log else None
        by_people = last is not None and last.origin is Origin.DESK and last.action is not PublicationAction.EXPIRED
        written = self.revision is not None and not self.revision.note.startswith(IMPORTED)
        return by_people or written or self.content.state in _IN_HAND

    def note_on_date(self, record: Record) -> list[str]:
        """Return a note if the record gives another date than that under which the item is counted."""
        first = self.content.first_published_at
        if first is None or record.published_at in {None, first}:
            return []
        return [_("发布日期与首次导入不同，页面和统计仍按首次导入的日期")]


def find_standing(uow: UnitOfWork, record: Record) -> Standing | None:
    """Return where the item of ``record`` stands, or None if there is none yet.

    :raises LineError: if it is of another type, or lies in the recycle bin.
    """
    if not record.external_id:
        return None
    content = uow.session.scalars(select(Content).where(Content.external_id == record.external_id)).first()
    if content is None:
        return None
    if content.type != record.type:
        raise LineError(
            _("external_id“{key}”已属于类型“{old}”的内容，不能改为“{new}”").format(
                key=record.external_id, old=content.type, new=record.type
            )
        )
    if content.deleted_at is not None:
        raise LineError(_("在回收站中，请先恢复"))
    return Standing.of(uow, content)


def exclusion_of(log: Sequence[Publication]) -> Exclusion:
    """Return why figures leave the item out, from its log, newest first; being published again makes it count again."""
    for line in log:
        if line.action is PublicationAction.PUBLISHED:
            break
        if line.exclusion:
            return line.exclusion
    return Exclusion.NONE


def last_withdrawal(log: Sequence[Publication]) -> Publication | None:
    """Return the newest withdrawal of a log that begins with its newest line."""
    return next((line for line in log if line.action is PublicationAction.WITHDRAWN), None)
