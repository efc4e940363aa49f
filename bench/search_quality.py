"""Search quality on real texts and questions: python bench/search_quality.py DATA_FOLDER [B] [C] [A]
[titles].

DATA_FOLDER holds gov_texts/docs_dev.jsonl.gz and search_benchmark/ (see their README files). Prints MRR@10,
nDCG@10, R@10 and R@50, and whether documents are found by their exact title and document number.
"""

import gzip
import json
import math
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cms.search.folding import bare
from cms.search.index import SearchDocument, SearchIndex, SearchQuery
from cms.search.whoosh_index import WhooshIndex

BRACKETS = ("〔〕", "[]", "（）", "()", "【】", "{}", "［］")


def texts(data: Path, kinds: set[str] | None = None) -> Iterator[SearchDocument]:
    with gzip.open(data / "gov_texts/docs_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if kinds is None or row["kind"] in kinds:
                yield SearchDocument(
                    id=int(row["id"][1:]),
                    type=row["kind"],
                    title=row["title"],
                    body=row["body"],
                    doc_no=row["doc_no"],
                    issuer=row["agency"],
                    published_on=date.fromisoformat(row["date"]) if row["date"] else None,
                )


def articles(data: Path) -> Iterator[SearchDocument]:
    with gzip.open(data / "search_benchmark/corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield SearchDocument(id=int(row["id"][1:]), type="article", title=row["title"], body=row["text"])


def judged(data: Path, queries: str, judgements: str) -> Iterator[tuple[str, set[int]]]:
    wanted: dict[str, set[int]] = {}
    for line in (data / "search_benchmark" / judgements).read_text("utf-8").splitlines()[1:]:
        query, document, _ = line.split("\t")
        wanted.setdefault(query, set()).add(int(document[1:]))
    for line in (data / "search_benchmark" / queries).read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["id"] in wanted:
            yield row["text"], wanted[row["id"]]


def measure(index: SearchIndex, name: str, pairs: list[tuple[str, set[int]]]) -> None:
    sums: Counter[str] = Counter()
    for text, wanted in pairs:
        found = [hit.id for hit in index.find(SearchQuery(text=text, per_page=50)).hits]
        top = found[:10]
        sums["MRR@10"] += next((1 / rank for rank, id_ in enumerate(top, 1) if id_ in wanted), 0)
        gain = sum(1 / math.log2(rank + 1) for rank, id_ in enumerate(top, 1) if id_ in wanted)
        sums["nDCG@10"] += gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(10, len(wanted)) + 1))
        sums["R@10"] += len(wanted.intersection(top)) / len(wanted)
        sums["R@50"] += len(wanted.intersection(found)) / len(wanted)
    print(
        name,
        f"{len(pairs)} queries",
        *(f"{key} {value / len(pairs):.3f}" for key, value in sums.items()),
        sep="  ",
    )


def exact(index: SearchIndex, documents: list[SearchDocument]) -> None:
    twins = Counter(bare(document.title) for document in documents)
    chosen = random.Random(7).sample(documents, 200)
    missed = [
        (one.title, twins[bare(one.title)])
        for one in chosen
        if one.id not in [hit.id for hit in index.find(SearchQuery(text=one.title, per_page=3)).hits]
    ]
    print(f"titles  {200 - len(missed)}/200 in the first three; missed (documents of that title): {missed}")
    numbered = [document for document in documents if document.doc_no]
    same = Counter(document.doc_no for document in numbered)
    lost = []
    for one in numbered:
        for brackets in BRACKETS if "〔" in one.doc_no else ("〔〕",):
            typed = one.doc_no.replace("〔", brackets[0]).replace("〕", brackets[1])
            if one.id not in [hit.id for hit in index.find(SearchQuery(text=typed, per_page=3)).hits]:
                lost.append((typed, same[one.doc_no]))
    print(f"numbers {len(numbered)} documents, all brackets; missed (documents of that number): {lost}")


def main(data: Path, chosen: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = WhooshIndex(Path(folder) / "all")
        if {"B", "titles"} & set(chosen):
            index.rebuild(texts(data))
        if "titles" in chosen:
            exact(index, list(texts(data)))
        if "B" in chosen:
            measure(index, "B", list(judged(data, "queries_keyword.jsonl", "qrels_keyword.tsv")))
        if "C" in chosen:
            rules = WhooshIndex(Path(folder) / "rules", index.segmenter)
            rules.rebuild(texts(data, {"regulation", "notice"}))
            measure(rules, "C", list(judged(data, "queries.jsonl", "qrels_docs.tsv")))
        if "A" in chosen:
            law = WhooshIndex(Path(folder) / "law", index.segmenter)
            law.rebuild(articles(data))
            measure(law, "A", list(judged(data, "queries.jsonl", "qrels.tsv")))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:] or ["B", "C", "titles"])
