"""The embedded index: Whoosh's files, segments and commits; our postings, ranking and swaps."""

import contextlib
import datetime as dt
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from cms.search import whoosh_storage as storage
from cms.search.index import SearchDocument, SearchPage, SearchQuery, SearchUnavailable
from cms.search.query import parse
from cms.search.ranking import answer
from cms.search.segment import Segmenter
from cms.search.synonyms import Synonyms
from cms.search.whoosh_segments import Snapshot, open_snapshot, schema
from cms.search.whoosh_writer import chunks, commit, merge_all

_TRIES = 20


class WhooshIndex:
    """See :class:`cms.search.index.SearchIndex`.

    Opens nothing until it is used. A missing index is an empty one with :attr:`needs_rebuild` set; a damaged
    one raises :class:`~cms.search.index.SearchUnavailable` from every method, with :attr:`needs_rebuild` set,
    until :meth:`rebuild` has replaced it. An index of an older format goes on answering, and asks to be
    rebuilt.

    One object per process is enough. Every method sees the newest commit of any process; the check costs one
    listing of a small folder. :attr:`synonyms` may be replaced at any time.
    """

    def __init__(self, folder: Path, segmenter: Segmenter | None = None, synonyms: Synonyms | None = None) -> None:
        self.folder = Path(folder)
        self.synonyms = Synonyms.built_in() if synonyms is None else synonyms
        self.segmenter = Segmenter(self.synonyms.words()) if segmenter is None else segmenter
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    @property
    def needs_rebuild(self) -> bool:
        """True when the index is missing, damaged, or of another format."""
        try:
            index = storage.current(self.folder)
            if index is None or not storage.is_current_format(index):
                return True
            with self._newest():
                return storage.latest(index) < 0
        except SearchUnavailable:
            return True

    def apply(self, documents: Iterable[SearchDocument], deletions: Iterable[int]) -> None:
        """See :meth:`cms.search.index.SearchIndex.apply`. Waits while a rebuild runs."""
        gone = set(deletions)
        with storage.writing(self.folder), _explained(self.folder):
            index = storage.current(self.folder)
            if index is None:
                index = storage.new_index(self.folder)
                storage.create(index, schema())
                storage.use(self.folder, index)
            for chunk in chunks(documents):
                self._commit(index, chunk, gone)
                gone = set()
            if gone:
                self._commit(index, {}, gone)

    def find(self, query: SearchQuery) -> SearchPage:
        """See :meth:`cms.search.index.SearchIndex.find`."""
        parsed = parse(query.text, self.segmenter, self.synonyms)
        with self._newest() as snapshot, _explained(self.folder):
            parts = snapshot.parts if snapshot is not None else []
            return answer(parts, parsed, query, dt.datetime.now(tz=dt.UTC).date())

    def count(self) -> int:
        """Return the number of documents."""
        with self._newest() as snapshot:
            return snapshot.count() if snapshot is not None else 0

    def ids(self) -> Iterator[int]:
        """Return the ids of all documents."""
        with self._newest() as snapshot:
            return iter(list(snapshot.ids()) if snapshot is not None else [])

    def generation(self) -> str:
        """Folder in use and number of its newest commit."""
        index = storage.current(self.folder)
        return "" if index is None else f"{index.name}:{storage.latest(index)}"

    def rebuild(self, documents: Iterable[SearchDocument]) -> None:
        """Build a new index from ``documents`` beside the old one, then swap; see :func:`rebuild`."""
        rebuild(self.folder, documents, self.segmenter)

    def close(self) -> None:
        """Let go of the files; a search that is running finishes first. The next use opens them again."""
        with self._lock:
            snapshot, self._snapshot = self._snapshot, None
        if snapshot is not None:
            snapshot.release(self._lock)

    def _commit(self, index: Path, chunk: dict[int, SearchDocument], deletions: set[int]) -> None:
        with self._newest() as snapshot:
            if snapshot is None:
                raise SearchUnavailable(f"The search index in {self.folder} lacks files; rebuild it.")
            commit(index, snapshot, self.segmenter, chunk, deletions=deletions)

    @contextlib.contextmanager
    def _newest(self) -> Iterator[Snapshot | None]:
        """Hold the snapshot of the newest commit; None when there is no index yet."""
        snapshot = self._open()
        try:
            yield snapshot
        finally:
            if snapshot is not None:
                snapshot.release(self._lock)

    def _open(self) -> Snapshot | None:
        problem: SearchUnavailable | None = None
        for _ in range(_TRIES):
            index = storage.current(self.folder)
            if index is None:
                return None
            mark = f"{index.name}:{storage.latest(index)}"
            known = self._snapshot
            if known is not None and known.mark == mark and known.hold():
                return known
            try:
                return self._replace(mark, index)
            except SearchUnavailable as damage:
                problem = damage
                if storage.current(self.folder) == index:
                    break  # Not a rebuild that removed the files under us, but damage.
        raise problem or SearchUnavailable(f"The search index in {self.folder} changes faster than it can be read.")

    def _replace(self, mark: str, index: Path) -> Snapshot:
        old: Snapshot | None = None
        with self._lock:
            known = self._snapshot
            if known is None or known.mark != mark:
                self._snapshot = open_snapshot(mark, index, known)
                old, known = known, self._snapshot
            known.hold()
        if old is not None:
            old.release(self._lock)
        return known


def rebuild(folder: Path, documents: Iterable[SearchDocument], segmenter: Segmenter) -> None:
    """Build a new index from ``documents`` and put it in the place of the old one in one step.

    Readers keep answering from the old index meanwhile; writers wait. Folders of rebuilds that crashed are
    removed.

    :raises SearchUnavailable: if the folder cannot be written; the old index stays in use then.
    """
    with storage.writing(folder), _explained(folder):
        index = storage.new_index(folder)
        storage.create(index, schema())
        snapshot = open_snapshot("", index, None)
        lock = threading.Lock()
        try:
            for chunk in chunks(documents):
                commit(index, snapshot, segmenter, chunk, merge=False)
                before, snapshot = snapshot, open_snapshot("", index, snapshot)
                before.release(lock)
            merge_all(index, snapshot)
        finally:
            snapshot.release(lock)
        storage.use(folder, index)


@contextlib.contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn errors of the file system into ours."""
    try:
        yield
    except OSError as problem:
        raise SearchUnavailable(f"The search index in {folder} cannot be used: {problem}") from problem
