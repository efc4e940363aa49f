"""Reading a Whoosh index: one snapshot per commit, segments shared between them, files closed when unused."""

import mmap
import threading
from array import array
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from whoosh import fields
from whoosh.columns import NumericColumn, RefBytesColumn
from whoosh.index import TOC
from whoosh.reading import SegmentReader

from cms.search.columns import Columns, Row, columns_of
from cms.search.index import SearchUnavailable
from cms.search.ranking import Postings
from cms.search.whoosh_codec import FIELD, ImpactField, read_postings
from cms.search.whoosh_storage import DurableStorage

NAME = "MAIN"

_CACHE_FROM = 64  # Postings; shorter lists are read faster than they are looked up.
_CACHED_AT_MOST = 1_000_000  # Postings in the cache of a segment, five bytes each.
_TRIES = 20


def schema() -> fields.Schema:
    """Return the one indexed field and a column for each part of a row."""
    return fields.Schema(
        **{
            FIELD: ImpactField(),
            "id": fields.COLUMN(NumericColumn("q", default=-1)),
            "day": fields.COLUMN(NumericColumn("i", default=-1)),
            "year": fields.COLUMN(NumericColumn("i", default=-1)),
            "factor": fields.COLUMN(NumericColumn("f", default=-1.0)),
            "place": fields.COLUMN(RefBytesColumn()),
        }
    )


class Segment:
    """One opened segment. Its files never change; what is deleted from it belongs to the snapshot."""

    def __init__(self, storage: DurableStorage, toc: TOC, segment: object) -> None:
        self.reader = SegmentReader(storage, toc.schema, segment, generation=toc.generation)
        self.size: int = self.reader.doc_count_all()
        self.columns: Columns = columns_of(self._rows())
        self._cache: dict[bytes, Postings] = {}
        self._cached = 0
        self._positions: dict[int, int] | None = None
        self._users = 0
        self.forget_pages()

    def _rows(self) -> Iterator[Row]:
        columns = [self.reader.column_reader(name, translate=False) for name in Row._fields]
        for at in range(self.size):
            yield Row(*(column[at] for column in columns))

    def forget_pages(self) -> None:
        """Give back the pages of the file read so far; they are read again when they are needed.

        Opening and merging touch the whole file once. Without this a bulk counts all of the index as its memory.
        """
        mapped = getattr(getattr(self.reader.storage(), "a", None), "_source", None)
        if isinstance(mapped, mmap.mmap):
            mapped.madvise(mmap.MADV_DONTNEED)

    @property
    def positions(self) -> dict[int, int]:
        """Position of each id; only writers need it."""
        if self._positions is None:
            self._positions = {id_: at for at, id_ in enumerate(self.columns.ids)}
        return self._positions

    def postings(self, term: bytes) -> Postings | None:
        """Return the postings of ``term``; long ones are remembered."""
        held = self._cache.get(term)
        if held is not None:
            return held
        found = read_postings(self.reader._terms, term)  # noqa: SLF001 — Whoosh offers no bulk reading
        if found is None or len(found[0]) < _CACHE_FROM:
            return found
        compact = (array("I", found[0]), bytes(found[1]))
        if self._cached + len(compact[0]) > _CACHED_AT_MOST:
            # Threads may race here; the worst outcome is a list read twice.
            self._cache, self._cached = {}, 0
        self._cache[term] = compact
        self._cached += len(compact[0])
        return compact

    def hold(self) -> None:
        """Count one more snapshot that uses this segment."""
        self._users += 1

    def release(self) -> None:
        """Count one less; the last one closes the files."""
        self._users -= 1
        if self._users == 0:
            self.reader.close()


class SnapshotPart:
    """A segment as one commit sees it."""

    def __init__(self, segment: Segment, deleted: Collection[int]) -> None:
        self.segment = segment
        self.columns = segment.columns
        self.deleted = frozenset(deleted)
        self.postings = segment.postings


class Snapshot:
    """All segments of one commit; valid, whatever is committed or deleted later, until nobody holds it."""

    def __init__(self, mark: str, folder: Path, parts: list[SnapshotPart], segment_ids: list[str]) -> None:
        self.mark, self.folder, self.parts = mark, folder, parts
        self.by_segment_id = dict(zip(segment_ids, parts, strict=True))
        self._lock = threading.Lock()
        self._users = 1
        for part in parts:
            part.segment.hold()

    def hold(self) -> bool:
        """Use the snapshot; False when it has just been closed."""
        with self._lock:
            if self._users == 0:
                return False
            self._users += 1
            return True

    def release(self, segments_lock: threading.Lock) -> None:
        """Stop using it."""
        with self._lock:
            self._users -= 1
            last = self._users == 0
        if last:
            with segments_lock:
                for part in self.parts:
                    part.segment.release()

    def ids(self) -> Iterable[int]:
        """Yield the ids of all documents that are not deleted."""
        for part in self.parts:
            yield from (id_ for at, id_ in enumerate(part.columns.ids) if at not in part.deleted)

    def count(self) -> int:
        """Return the number of documents that are not deleted."""
        return sum(len(part.columns.ids) - len(part.deleted) for part in self.parts)


def open_snapshot(mark: str, folder: Path, known: Snapshot | None) -> Snapshot:
    """Open the newest commit in ``folder``, with the segments that ``known`` has open.

    :raises SearchUnavailable: if the files are damaged.
    """
    shared = known.by_segment_id if known is not None and known.folder == folder else {}
    problem: Exception | None = None
    for _ in range(_TRIES):
        opened: list[Segment] = []
        storage = DurableStorage(str(folder))
        try:
            toc = TOC.read(storage, NAME)
            parts = []
            for segment in toc.segments:
                part = shared.get(segment.segment_id())
                if part is None:
                    opened.append(Segment(storage, toc, segment))
                parts.append(SnapshotPart(part.segment if part else opened[-1], segment.deleted_docs()))
        except Exception as damage:
            storage.close_opened()
            for segment in opened:
                segment.reader.close()
            if not isinstance(damage, FileNotFoundError):  # Unpickling a damaged file raises anything.
                raise SearchUnavailable(
                    f"The search index in {folder} is damaged ({damage!r}); rebuild it."
                ) from damage
            # A commit removed the files of the one before it while we were reading: read again.
            problem = damage
        else:
            storage.opened_well()
            return Snapshot(mark, folder, parts, [segment.segment_id() for segment in toc.segments])
    raise SearchUnavailable(f"The search index in {folder} lacks files; rebuild it.") from problem
