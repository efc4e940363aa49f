"""Writing commits: replace, delete, and merge small segments so that their number stays low."""

import contextlib
import gc
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from cms.search.columns import Row, row_of
from cms.search.index import SearchDocument
from cms.search.segment import Segmenter
from cms.search.terms import document_terms
from cms.search.whoosh_codec import BlockCodec, read_all
from cms.search.whoosh_pool import Sorted, TermPool
from cms.search.whoosh_segments import Snapshot, SnapshotPart
from cms.search.whoosh_storage import DurableStorage

_CHARACTERS = 1_000_000  # Of one commit: about 40 MB while it is written.
_DOCUMENTS = 5_000
_TIER = 4  # So many segments of similar size become one.
_PAGES_EVERY = 20_000  # Terms read between two times of giving back memory.
_SMALL = 64  # Documents; segments up to here count as equally small.
_MOST_SMALL = 8


def chunks(documents: Iterable[SearchDocument]) -> Iterator[dict[int, SearchDocument]]:
    """Divide documents into commits of bounded size; the last of several with one id counts."""
    chunk: dict[int, SearchDocument] = {}
    size = 0
    for document in documents:
        chunk[document.id] = document
        size += len(document.body) + len(document.attachments) + len(document.extra)
        if size >= _CHARACTERS or len(chunk) >= _DOCUMENTS:
            yield chunk
            chunk, size = {}, 0
            gc.collect()  # The writer and its parts refer to each other; a bulk must not pile them up.
    if chunk:
        yield chunk


def commit(
    index: Path,
    snapshot: Snapshot,
    segmenter: Segmenter,
    chunk: dict[int, SearchDocument],
    *,
    deletions: Collection[int] = (),
    merge: bool = True,
) -> bool:
    """Write one commit on top of ``snapshot``, the newest one; False when there was nothing to do.

    :param merge: also merge segments where there are many; a rebuild merges all of them once, at its end.
    """
    gone = {
        part: [
            at
            for id_ in itertools.chain(chunk, deletions)
            if (at := part.segment.positions.get(id_)) is not None and at not in part.deleted
        ]
        for part in snapshot.parts
    }
    if not chunk and not any(gone.values()):
        return False
    writer = _writer(index)
    try:
        for segment in writer.segments:
            for at in set(gone[snapshot.by_segment_id[segment.segment_id()]]):
                segment.delete_document(at)
        left = {part: len(part.columns.ids) - len(part.deleted) - len(set(gone[part])) for part in snapshot.parts}
        merged = _to_merge(left) if merge else set()
        _merge(writer, snapshot, merged)
        for document in chunk.values():
            writer.pool.add_terms(writer.docnum, document_terms(document, segmenter))
            _add_row(writer, row_of(document))
        kept = [one for one in writer.segments if snapshot.by_segment_id[one.segment_id()] not in merged]
        writer.commit(mergetype=lambda _, __: kept)
    except BaseException:
        _abandon(writer)
        raise
    return True


def merge_all(index: Path, snapshot: Snapshot) -> None:
    """Make one segment of all, after a rebuild: queries look up each term once."""
    if len(snapshot.parts) > 1:
        writer = _writer(index)
        try:
            _merge(writer, snapshot, set(snapshot.parts))
            writer.commit(mergetype=lambda _, __: [])
        except BaseException:
            _abandon(writer)
            raise


def _writer(index: Path) -> SegmentWriter:
    # The folder's lock has made us the only writer: Whoosh need not lock as well.
    writer = SegmentWriter(FileIndex(DurableStorage(str(index))), codec=BlockCodec(), _lk=False)
    writer.pool = TermPool()
    return writer


def _abandon(writer: SegmentWriter) -> None:
    """Close the files of a commit that failed; the next commit removes them."""
    with contextlib.suppress(Exception):  # What made the commit fail (a full disk) may fail here again; it is raised.
        writer.cancel()


def _to_merge(sizes: dict[SnapshotPart, int]) -> set[SnapshotPart]:
    """Choose segments: empty ones, half empty ones, and whole tiers of similar size."""
    chosen = {part for part, size in sizes.items() if size * 2 <= len(part.columns.ids)}
    tiers: dict[int, list[SnapshotPart]] = defaultdict(list)
    for part, size in sizes.items():
        tier, reach = 0, _SMALL
        while size > reach:
            tier, reach = tier + 1, reach * _TIER
        tiers[tier].append(part)
    for tier, parts in tiers.items():
        if len(parts) >= (_TIER if tier else _MOST_SMALL):
            chosen.update(parts)
    return chosen


def _merge(writer: SegmentWriter, snapshot: Snapshot, merged: set[SnapshotPart]) -> None:
    """Copy the documents of ``merged`` before any new one is added: documents of a term must ascend."""
    for segment in writer.segments:
        part = snapshot.by_segment_id[segment.segment_id()]
        if part in merged:
            deleted = set(segment.deleted_docs())
            columns = part.columns
            positions = []
            for at, id_ in enumerate(columns.ids):
                positions.append(-1 if at in deleted else writer.docnum)
                if at not in deleted:
                    place = columns.place[columns.places[at]]
                    packed = "\n".join([place.type, *place.sections]).encode()
                    _add_row(writer, Row(id_, columns.days[at], columns.years[at], columns.factors[at], packed))
            writer.pool.add_stream(_streamed(part, positions))


def _streamed(part: SnapshotPart, positions: list[int]) -> Iterator[Sorted]:
    terms = read_all(part.segment.reader._terms, positions)  # noqa: SLF001 — Whoosh offers no bulk reading
    for count, term in enumerate(terms):
        if count % _PAGES_EVERY == 0:
            part.segment.forget_pages()
        yield term


def _add_row(writer: SegmentWriter, row: Row) -> None:
    writer.add_document(**row._asdict())
