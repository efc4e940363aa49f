"""Speed of the embedded search index: python bench/search_speed.py DATA_FOLDER.

Prints documents a second, peak memory, size on disk, the time of a one-document commit until it is found,
and the CPU time of queries. Wall times depend on the load of the machine; compare CPU times.
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.search_quality import judged, texts
from cms.search.index import SearchQuery
from cms.search.whoosh_index import WhooshIndex

HOT = ("工作", "管理 服务", "中华人民共和国", "规定", "法律 责任", "国务院 通知", "第一条", "应当")


def cpu(calls: list[Callable[[], object]]) -> str:
    spent = []
    for call in calls:
        started = time.thread_time()
        call()
        spent.append((time.thread_time() - started) * 1000)
    spent.sort()
    p95 = spent[int(len(spent) * 0.95)]
    return f"p50 {statistics.median(spent):.2f} ms  p95 {p95:.2f} ms  max {spent[-1]:.2f} ms"


def main(data: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder) / "index")
        wall, used = time.perf_counter(), time.process_time()
        index.rebuild(texts(data))
        wall, used = time.perf_counter() - wall, time.process_time() - used
        count = index.count()
        size = sum(path.stat().st_size for path in index.folder.rglob("*") if path.is_file())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"build   {count} documents  {count / wall:.0f}/s wall  {count / used:.0f}/s CPU  {used:.1f} s")
        print(f"        peak {peak:.0f} MiB  index {size / 2**20:.1f} MiB")
        some = list(texts(data))[:40]
        changed = [replace(one, body=one.body + " 更新") for one in some]
        print("update ", cpu([lambda one=one: (index.apply([one], ()), index.count()) for one in changed]))
        for name, asked in (
            ("keywords", [text for text, _ in judged(data, "queries_keyword.jsonl", "qrels_keyword.tsv")]),
            ("questions", [text for text, _ in judged(data, "queries.jsonl", "qrels_docs.tsv")]),
            ("titles", [one.title for one in some]),
            ("frequent", list(HOT) * 5),
        ):
            print(f"{name:10}", cpu([lambda text=text: index.find(SearchQuery(text=text)) for text in asked]))
        long = "".join(one.body for one in some)[:10_000]
        print("10,000 characters", cpu([lambda: index.find(SearchQuery(text=long))] * 5))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
