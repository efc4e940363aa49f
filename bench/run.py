"""Measure the product on this machine: import, pages, search, publish, swap. Prints figures, asserts nothing.

Wall times depend on what else the machine does; CPU times and the ratios to the empty view carry over.

    python bench/run.py [FILE.jsonl[.gz]] [--items N]

With a file, its records are imported (maps as in the README of the import format); without one, N invented items.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
from sqlalchemy import select
from werkzeug.test import create_environ, run_wsgi_app

from cms.accounts.policy import MACHINE
from cms.app import create_app
from cms.cli.exchange import run_import
from cms.cli.site import make_site
from cms.content import services
from cms.content.models import Content
from cms.exchange.importing import ImportOptions
from cms.exchange.records import Renaming
from cms.live import LiveSite
from cms.search.index import SearchQuery
from cms.sections.queries import tree
from cms.settings.services import touch
from cms.testing.factories import make_draft, section_of
from cms.web.background import work
from cms.web.state import Cms

KEYS, TYPES = "kind=type,date=published_on,agency=issuer,licence=-", "qa=notice,report=page"
WORDS = [
    "民政",
    "救助",
    "低保",
    "养老",
    "殡葬",
    "婚姻",
    "登记",
    "社区",
    "村委会",
    "选举",
    "优抚",
    "安置",
    "儿童",
    "慈善",
    "福利",
    "救灾",
    "物资",
    "检查",
    "工作",
    "会议",
]


def invented(number: int) -> Iterator[str]:
    """Yield records with some 800 characters of text each."""
    for n in range(number):
        words = [WORDS[(n * 7 + k * k) % len(WORDS)] for k in range(400)]
        body = "\n".join("".join(words[k : k + 40]) + "。" for k in range(0, 400, 40))
        day = f"20{10 + n % 15:02}-{1 + n % 12:02}-{1 + n % 28:02}"
        yield json.dumps(
            {"type": "news", "title": f"{words[0]}{words[3]}消息 {n}", "body": body, "published_on": day,
             "external_id": f"bench-{n}", "keywords": words[:3]}, ensure_ascii=False
        )  # fmt: skip


def cpu(call: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the median and 95th percentile of the thread's CPU time of a call, in milliseconds."""
    call()
    spent = []
    for _n in range(times):
        begin = time.thread_time()
        call()
        spent.append((time.thread_time() - begin) * 1000)
    return statistics.median(spent), sorted(spent)[int(len(spent) * 0.95)]


def line(what: str, value: str, goal: str = "") -> None:
    print(f"{what:46} {value:>28}   {goal}")


def measure_import(cms: Cms, file: Path, renaming: Renaming) -> int:
    begin, begin_cpu = time.perf_counter(), time.process_time()
    report = run_import(cms, file, ImportOptions(folder=file.parent, filename=file.name, renaming=renaming))
    spent, spent_cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    done = report.created
    line("import, without index", f"{done / spent:.0f} /s, {done / spent_cpu:.0f} /CPU s", "goal ≥ 150 /s")
    begin_cpu = time.process_time()
    work(cms)
    line("index of these", f"{done / (time.process_time() - begin_cpu):.0f} /CPU s")
    line("peak memory so far", f"{psutil.Process().memory_info().rss / 1e6:.0f} MB", "limit 400 MB")
    return done


def measure_pages(app, cms: Cms) -> None:
    client = app.test_client()
    with cms.reading() as session:
        item = session.scalars(select(Content).where(Content.type == "news").order_by(Content.id.desc())).first() or (
            session.scalars(select(Content).order_by(Content.id.desc())).first()
        )
        section = tree(session).by_id[item.section_id]
    empty, _p95 = cpu(lambda: client.get("/healthz"), 300)
    line("empty view (/healthz)", f"{empty:.2f} ms CPU")
    pages = {
        "home page": "/", "list of 20": f"/{section.path}/", "article": f"/{section.path}/{item.id}.html",
        "search page": "/search?q=救助",
    }  # fmt: skip
    goals = {"list of 20": "goal ≤ 2 ms", "article": "goal ≤ 1.5 ms, ≤ 10 × empty"}
    for what, address in pages.items():
        p50, p95 = cpu(lambda address=address: client.get(address), 100)
        line(what, f"{p50:.2f} / {p95:.2f} ms CPU ({p50 / empty:.0f} ×)", goals.get(what, ""))
    kept = create_app(replace(cms.settings, page_cache="memory"))
    p50, p95 = cpu(lambda: run_wsgi_app(kept.wsgi_app, create_environ(pages["article"])), 500)
    line("article, kept, without the test client", f"{p50:.2f} / {p95:.2f} ms CPU")
    kept.extensions["cms"].close()


def measure_search(cms: Cms) -> None:
    for what, texts in {
        "one word": WORDS,
        "two words": [f"{a} {b}" for a, b in zip(WORDS, WORDS[5:], strict=False)],
    }.items():
        spent = [cpu(lambda text=text: cms.index.find(SearchQuery(text=text)), 5)[0] for text in texts]
        line(f"search, {what}", f"{statistics.median(spent):.1f} / {max(spent):.1f} ms CPU", "median / worst")


def measure_publish(cms: Cms) -> None:
    section_of(cms, "news")
    kind, drafts = cms.types.require("news"), [make_draft(cms, "news", f"发布 {n}") for n in range(50)]
    spent = []
    for draft in drafts:
        begin = time.perf_counter()
        with cms.unit_of_work() as uow:
            content = uow.session.get_one(Content, draft)
            content.state = "approved"
            services.publish(uow, kind, content, actor=MACHINE)
        spent.append((time.perf_counter() - begin) * 1000)
    line("publish (commit on disk, index queued)", f"{statistics.median(spent):.1f} ms", "goal ≤ 5 ms")
    begin = time.perf_counter()
    work(cms)
    line("index of 50 publications", f"{(time.perf_counter() - begin) * 1000:.0f} ms")


def measure_swap(settings) -> None:
    live = LiveSite(settings, poll=None)
    spent = []
    for _n in range(20):
        with live.app.extensions["cms"].unit_of_work() as uow:
            touch(uow, "plugins")
        begin = time.perf_counter()
        live.refresh()
        spent.append((time.perf_counter() - begin) * 1000)
    live.close()
    line("swap of the app", f"{statistics.median(spent):.0f} / {max(spent):.0f} ms", "median / worst, limit 1 s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--items", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Every page is made anew; what a kept one costs is measured apart.
        settings = replace(make_site(Path(folder) / "site"), page_cache="off")
        app = create_app(settings)
        cms = app.extensions["cms"]
        file = given.file
        if file is None:
            file = Path(folder) / "invented.jsonl"
            file.write_text("\n".join(invented(given.items)) + "\n", "utf-8")
        with app.app_context():
            number = measure_import(cms, file, Renaming.parse(KEYS, TYPES) if given.file else Renaming())
            line("items", str(number))
            measure_search(cms)
            measure_publish(cms)
        measure_pages(app, cms)
        measure_swap(settings)
        cms.close()


if __name__ == "__main__":
    main()
