"""The index as a projection of what is public: reads the outbox in order, at least once, and can be built anew.

Everything that is public is indexed, whatever its type; the query says which types are active. So switching a plugin
off or on costs the index nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, undefer

from cms.accounts.models import Department
from cms.catalogue.models import CatalogueEntry
from cms.content.fields import FieldKind, Row, values_of
from cms.content.models import Change, ChangeCursor, Content
from cms.content.types import META, TypeRegistry
from cms.db.uow import unit_of_work
from cms.kernel.clock import Clock, local_date
from cms.kernel.text import plain_text
from cms.search.index import SearchDocument, SearchIndex
from cms.sections.queries import SectionTree, tree

READER = "search"
#: Changes applied in one commit of the index.
BATCH = 200
#: Items read at once while rebuilding.
CHUNK = 200


def lag(session: Session) -> int:
    """Return how many changes the index has not seen yet."""
    return len(session.scalars(select(Change.id).where(Change.id > _position(session))).all())


def apply_changes(engine: Engine, index: SearchIndex, types: TypeRegistry, clock: Clock) -> int:
    """Bring ``index`` up to the end of the outbox; return how many changes were applied.

    The cursor moves after the index is durable: a crash in between repeats a batch, which is harmless.
    """
    applied = 0
    while True:
        with Session(engine) as session:
            changes = session.execute(
                select(Change.id, Change.content_id)
                .where(Change.id > _position(session))
                .order_by(Change.id)
                .limit(BATCH)
            ).all()
            if not changes:
                return applied
            ids = sorted({change.content_id for change in changes})
            documents = list(documents_of(session, ids, types, clock.now()))
        index.apply(documents, set(ids) - {document.id for document in documents})
        with unit_of_work(engine, clock=clock) as uow:
            uow.session.merge(ChangeCursor(reader=READER, last_id=changes[-1].id))
        applied += len(changes)


def rebuild(engine: Engine, index: SearchIndex, types: TypeRegistry, clock: Clock) -> int:
    """Build ``index`` anew from everything that is public; return how many documents it holds.

    Changes that come meanwhile are applied again afterwards, which is harmless.

    :raises SearchUnavailable: if the index cannot be written; the old one stays in use then.
    """
    with Session(engine) as session:
        seen = position(session)
        index.rebuild(all_documents(session, types, clock.now()))
    with unit_of_work(engine, clock=clock) as uow:
        uow.session.merge(ChangeCursor(reader=READER, last_id=seen))
    return index.count()


def all_documents(session: Session, types: TypeRegistry, now: datetime) -> Iterator[SearchDocument]:
    """Yield a document for every public item, a bounded number in memory at a time."""
    last = 0
    while ids := session.scalars(
        select(Content.id)
        .where(Content.id > last, Content.live_revision_id.is_not(None))
        .order_by(Content.id)
        .limit(CHUNK)
    ).all():
        yield from documents_of(session, ids, types, now)
        session.expunge_all()
        last = ids[-1]


def position(session: Session) -> int:
    """Return the id of the newest change; a rebuild that begins now has seen everything up to it."""
    return session.scalar(select(Change.id).order_by(Change.id.desc()).limit(1)) or 0


def documents_of(session: Session, ids: Sequence[int], types: TypeRegistry, now: datetime) -> Iterator[SearchDocument]:
    """Yield the documents of those of ``ids`` that are public now."""
    sections = tree(session)
    departments = {row.id: row.name for row in session.scalars(select(Department))}
    entries = {
        entry.content_id: entry
        for entry in session.scalars(select(CatalogueEntry).where(CatalogueEntry.content_id.in_(ids)))
    }
    items = session.scalars(
        select(Content)
        .where(Content.id.in_(ids), Content.live_revision_id.is_not(None))
        .options(undefer(Content.body))
        .order_by(Content.id)
    )
    for content in items:
        if content.expires_at is None or content.expires_at > now:
            entry = entries.get(content.id)
            yield _document(session, content, entry, types, sections, departments)


def _document(  # noqa: PLR0917 — the parts of one document, read once for a whole batch
    session: Session,
    content: Content,
    entry: CatalogueEntry | None,
    types: TypeRegistry,
    sections: SectionTree,
    departments: dict[int, str],
) -> SearchDocument:
    kind = types.get(content.type)
    row = session.get(kind.parts[META], content.id) if kind else None
    section = sections.by_id[content.section_id]
    return SearchDocument(
        id=content.id,
        type=content.type,
        title=content.title,
        body=plain_text(content.body),
        summary=content.summary,
        keywords=tuple(content.keywords),
        doc_no=entry.doc_no if entry else "",
        index_no=(entry.index_no or "") if entry else "",
        section_path=section.path,
        section_paths=tuple(one.path for one in sections.ancestors(section)),
        department=departments.get(content.department_id or 0, ""),
        issuer=content.issuer,
        published_on=local_date(content.published_at) if content.published_at else None,
        extra="\n".join(_words(row)) if row else "",
        validity=str(getattr(row, "validity", "") or ""),
    )


def _words(row: object) -> Iterable[str]:
    for found in values_of(row, public_only=True):  # type: ignore[arg-type]  # a metadata row of the type
        if not found.field.search:
            continue
        if found.field.kind is FieldKind.ROWS and isinstance(found.value, list):
            rows: list[Row] = [line for line in found.value if isinstance(line, dict)]
            yield from (" ".join(str(cell) for cell in line.values() if isinstance(cell, str)) for line in rows)
        else:
            yield found.shown


def _position(session: Session) -> int:
    return session.scalar(select(ChangeCursor.last_id).where(ChangeCursor.reader == READER)) or 0
