"""What only the embedded index promises: durability, swaps under readers, bounded files, damage reports."""

import signal
import stat
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest
from whoosh.filedb.filestore import FileStorage

from cms.search import whoosh_storage
from cms.search.index import SearchDocument, SearchQuery, SearchUnavailable
from cms.search.terms import pair_term
from cms.search.whoosh_index import WhooshIndex, rebuild

ROOT = Path(__file__).resolve().parents[2]


def notice(number: int, word: str = "殡葬") -> SearchDocument:
    return SearchDocument(id=number, type="notices", title=f"{word}通知{number}", body=f"关于{word}工作的安排")


def found(index: WhooshIndex, text: str) -> set[int]:
    return {hit.id for hit in index.find(SearchQuery(text=text, per_page=1000)).hits}


def test_a_missing_index_is_empty_and_asks_to_be_rebuilt(whoosh):
    assert whoosh.needs_rebuild
    assert (whoosh.count(), whoosh.generation()) == (0, "")
    assert not whoosh.folder.exists()
    whoosh.apply([notice(1)], ())
    assert not whoosh.needs_rebuild


def test_the_folder_is_private(whoosh):
    whoosh.apply([notice(1)], ())
    assert {stat.S_IMODE(path.stat().st_mode) for path in (whoosh.folder, whoosh.folder / "1-1")} == {0o700}


def test_another_object_sees_each_commit_at_once(whoosh, segmenter):
    reader = WhooshIndex(whoosh.folder, segmenter)
    for number in range(1, 6):
        whoosh.apply([notice(number)], ())
        assert found(reader, "殡葬") == set(range(1, number + 1))
    whoosh.apply((), [3])
    assert found(reader, "殡葬") == {1, 2, 4, 5}
    reader.close()


def test_segments_are_merged_and_stay_readable_for_whoosh_itself(whoosh):
    for number in range(40):
        whoosh.apply([notice(number), notice(1000)], ())
    assert found(whoosh, "殡葬") == {*range(40), 1000}
    stock = FileStorage(str(whoosh.folder / "1-1")).open_index()
    with stock.reader() as reader:
        assert reader.doc_count() == 41
        assert len(list(reader.postings("terms", pair_term("殡葬")).all_ids())) == 41
        assert len(list(reader.leaf_readers())) <= 9


def test_files_and_descriptors_are_bounded_over_many_commits(whoosh):
    def open_files() -> int:
        maps = Path("/proc/self/maps").read_text().count(str(whoosh.folder))
        return len(list(Path("/proc/self/fd").iterdir())) + maps

    for number in range(20):
        whoosh.apply([notice(number % 7)], ())
        found(whoosh, "殡葬")
    before, files = open_files(), len(list(whoosh.folder.rglob("*")))
    for number in range(200):
        whoosh.apply([notice(number % 7, "地名")], ())
        assert whoosh.count() == 7
    assert open_files() <= before + 10
    assert len(list(whoosh.folder.rglob("*"))) <= files + 10
    whoosh.close()
    assert Path("/proc/self/maps").read_text().count(str(whoosh.folder)) == 0


def test_a_rebuild_swaps_under_running_readers(whoosh, segmenter):
    whoosh.apply([notice(number) for number in range(30)], ())
    stop, problems, answers = threading.Event(), [], set()

    def read() -> None:
        while not stop.is_set():
            try:
                answers.add(whoosh.find(SearchQuery(text="殡葬")).total)
            except Exception as problem:  # noqa: BLE001 — whatever it is, the test shows it
                problems.append(problem)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for count in (40, 50, 60):
        rebuild(whoosh.folder, (notice(number) for number in range(count)), segmenter)
        whoosh.apply([notice(0)], ())
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert answers <= {30, 40, 50, 60}
    assert whoosh.count() == 60
    assert sorted(path.name for path in whoosh.folder.iterdir()) == ["1-4", "current", "lock"]


def test_a_failing_rebuild_leaves_the_old_index(whoosh):
    whoosh.apply([notice(1)], ())

    def broken():
        yield notice(2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        whoosh.rebuild(broken())
    assert found(whoosh, "殡葬") == {1}
    whoosh.rebuild([notice(3)])
    assert found(whoosh, "殡葬") == {3}
    assert sorted(path.name for path in whoosh.folder.iterdir() if path.is_dir()) == ["1-2"]


def test_a_failing_batch_leaves_the_index_writable(whoosh):
    whoosh.apply([notice(1)], ())

    def broken():
        yield notice(2)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        whoosh.apply(broken(), ())
    whoosh.apply([notice(3)], ())
    assert found(whoosh, "殡葬") == {1, 3}


def test_writers_of_several_threads_wait_for_each_other(whoosh):
    threads = [threading.Thread(target=whoosh.apply, args=([notice(number)], ())) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found(whoosh, "殡葬") == set(range(12))


@pytest.mark.parametrize("delay", [0.05, 0.3, 0.6])
def test_a_killed_writer_loses_no_commit_that_was_reported(whoosh, segmenter, delay):
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from cms.search.index import SearchDocument
        from cms.search.whoosh_index import WhooshIndex
        index = WhooshIndex(Path(sys.argv[1]))
        for number in range(10_000):
            body = "关于殡葬工作的安排" + str(number) * 50
            index.apply([SearchDocument(id=number, type="notices", title=f"殡葬通知{number}", body=body)], ())
            print(number, flush=True)
    """)
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", script, str(whoosh.folder)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    first = process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    reported = len([first, *process.stdout.read().splitlines()])
    process.wait()
    process.stdout.close()
    assert reported <= whoosh.count() <= reported + 1
    assert not whoosh.needs_rebuild
    whoosh.apply([notice(99_999)], ())
    assert found(whoosh, "殡葬通知99999") >= {99_999}
    assert set(whoosh.ids()) >= {*range(reported), 99_999}


@pytest.mark.parametrize("damage", ["toc", "segment", "missing", "pointer", "folder"])
def test_damage_is_reported_and_repaired_by_a_rebuild(whoosh, damage):
    whoosh.apply([notice(1)], ())
    whoosh.close()
    index = whoosh.folder / "1-1"
    if damage == "toc":
        next(index.glob("*.toc")).write_bytes(b"garbage" * 9)
    elif damage == "segment":
        next(index.glob("*.seg")).write_bytes(b"garbage" * 9)
    elif damage == "missing":
        next(index.glob("*.seg")).unlink()
    elif damage == "pointer":
        (whoosh.folder / "current").write_text("../../etc")
    else:
        for path in index.iterdir():
            path.unlink()
        index.rmdir()
    assert whoosh.needs_rebuild
    with pytest.raises(SearchUnavailable):
        whoosh.find(SearchQuery(text="殡葬"))
    with pytest.raises(SearchUnavailable):
        whoosh.apply([notice(2)], ())
    whoosh.rebuild([notice(1), notice(2)])
    assert not whoosh.needs_rebuild
    assert found(whoosh, "殡葬") == {1, 2}


def test_an_index_of_an_older_format_answers_and_asks_to_be_rebuilt(whoosh, monkeypatch):
    whoosh.apply([notice(1)], ())
    monkeypatch.setattr(whoosh_storage, "FORMAT", 2)
    assert whoosh.needs_rebuild
    assert found(whoosh, "殡葬") == {1}
    whoosh.rebuild([notice(1)])
    assert not whoosh.needs_rebuild


def test_a_folder_that_cannot_be_made_is_search_unavailable(tmp_path, segmenter):
    (tmp_path / "file").write_text("")
    with pytest.raises(SearchUnavailable):
        WhooshIndex(tmp_path / "file" / "index", segmenter).apply([notice(1)], ())


def test_a_bulk_is_divided_into_commits(whoosh):
    body = "殡葬改革" * 50_000
    whoosh.apply((SearchDocument(id=n % 12, type="notices", title=f"长文{n}", body=body) for n in range(15)), [50])
    assert whoosh.count() == 12
    assert int(whoosh.generation().partition(":")[2]) > 1
