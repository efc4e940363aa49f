"""Cutting Chinese text into words (for precision) and pairs of characters (for recall)."""

import functools
import threading
from collections.abc import Iterable
from importlib import resources
from operator import add
from typing import Protocol

import rjieba

from cms.search.folding import CJK_RUN, fold

_LONGEST_WORD = 40  # A longer "word" is a link or noise; its characters still count as pairs.


def word_list(name: str) -> list[str]:
    """Read the lines of ``cms/search/words/<name>.txt`` that are no comment."""
    source = resources.files("cms.search").joinpath(f"words/{name}.txt").read_text("utf-8")
    return [line.strip() for line in source.splitlines() if line.strip() and not line.startswith("#")]


@functools.cache
def stop_words() -> frozenset[str]:
    """Words that carry no meaning in a query: 怎么, 什么, 吗, 请问 …."""
    return frozenset(word for line in word_list("stopwords") for word in line.split())


class _Jieba(Protocol):
    """The part of ``rjieba.Jieba`` we use; the library has no types."""

    def cut(self, text: str, hmm: bool = True) -> list[str]: ...  # noqa: FBT001, FBT002 — the library's signature
    def cut_for_search(self, text: str, hmm: bool = True) -> list[str]: ...  # noqa: FBT001, FBT002 — as above
    def add_word(self, word: str, freq: int, tag: str) -> int: ...
    def suggest_freq(self, word: str) -> int: ...


class Segmenter:
    """Cuts text; holds its own dictionary, so that two sites in one process do not mix their words.

    After :meth:`add_words` the documents indexed before still lack the new words as units: rebuild the
    index. They are found meanwhile, through their pairs of characters.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._words = [*(word for line in word_list("dictionary") for word in line.split()), *words]
        self._lock = threading.Lock()
        self._loaded: _Jieba | None = None

    def add_words(self, words: Iterable[str]) -> None:
        """Treat each of ``words`` as one unit, like the words of the built-in dictionary."""
        with self._lock:
            words = list(words)
            self._words.extend(words)
            if self._loaded is not None:
                _teach(self._loaded, words)

    def index_words(self, folded: str) -> list[str]:
        """Words of a folded text, compounds also as their parts: 民政部门 → 民政, 部门, 民政部门."""
        return _clean(self._jieba().cut_for_search(folded))

    def query_words(self, folded: str) -> list[str]:
        """Words of a folded text, each part of it in one word only."""
        return _clean(self._jieba().cut(folded))

    def _jieba(self) -> _Jieba:
        # The dictionary costs 0.2 s and 33 MB: load it when the first text comes.
        if self._loaded is None:
            with self._lock:
                if self._loaded is None:
                    jieba: _Jieba = rjieba.Jieba()
                    _teach(jieba, self._words)
                    self._loaded = jieba
        return self._loaded


def _teach(jieba: _Jieba, words: Iterable[str]) -> None:
    for word in words:
        folded = fold(word).strip()
        if 1 < len(folded) <= _LONGEST_WORD:
            # The suggested frequency is the smallest that keeps the word whole.
            jieba.add_word(folded, max(jieba.suggest_freq(folded), 3), "n")


def _clean(words: list[str]) -> list[str]:
    return [word for word in words if len(word) <= _LONGEST_WORD and (word.isalnum() or any(map(str.isalnum, word)))]


def pairs(folded: str) -> list[str]:
    """Return all pairs of neighbouring Chinese characters, in order: 身份证 → 身份, 份证."""
    found: list[str] = []
    for run in CJK_RUN.findall(folded):
        found.extend(map(add, run, run[1:]))
    return found
