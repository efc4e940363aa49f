"""Completion and "did you mean" from our own titles and words, by characters and by pinyin.

Whoosh's own suggestions work on edit distance of terms, which is nonsense for Chinese: people slip to
characters of the same sound, so sound is what a correction goes by.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable

from cms.search.folding import CJK_RUN, bare, fold
from cms.search.segment import word_list

_LONGEST_KEY = 60
_LONGEST_PREFIX = 40
_MOST_SCANNED = 400
_LATIN = re.compile(r"[a-z]+")
_CORRECTABLE = range(2, 13)


class Suggestions:
    """Prefix tables over phrases: their characters, their pinyin, and the initials of their pinyin."""

    def __init__(self, phrases: dict[str, int]) -> None:
        self._weights = phrases
        self._keys: list[tuple[str, str]] = []
        self._by_sound: dict[str, str] = {}
        self._phrases = {bare(phrase) for phrase in phrases}
        entries: set[tuple[str, str]] = set()
        for phrase, weight in phrases.items():
            sounds = _sounds(phrase)
            full, initials = "".join(sounds), "".join(sound[:1] for sound in sounds)
            entries.update((key[:_LONGEST_KEY], phrase) for key in (bare(phrase), full, initials) if key)
            held = self._by_sound.get(full)
            if len(bare(phrase)) in _CORRECTABLE and (held is None or weight > self._weights[held]):
                self._by_sound[full] = phrase
        self._keys = sorted(entries)

    @classmethod
    def build(cls, titles: Iterable[str], words: Iterable[str] = ()) -> "Suggestions":
        """Build the tables from ``titles`` and ``words`` beside the built-in dictionary.

        Imports pypinyin (0.3 s) and takes some 50 µs a title: build it in a job, not in a request.
        """
        phrases: dict[str, int] = {}
        for word in (*(one for line in word_list("dictionary") for one in line.split()), *words):
            phrases[word] = phrases.get(word, 0) + 2
        for title in titles:
            stripped = title.strip()
            if stripped:
                phrases[stripped] = phrases.get(stripped, 0) + 1
        return cls(phrases)

    def complete(self, prefix: str, limit: int = 8) -> list[str]:
        """Return phrases that begin with ``prefix``, in characters, pinyin (``dibao``) or initials (``db``).

        Shorter ones first; characters and sounds may be mixed as ``低bao``.
        """
        key = bare(prefix)[:_LONGEST_PREFIX]
        if not key or limit < 1:
            return []
        found = self._beginning_with(key)
        if not found and CJK_RUN.search(key) and _LATIN.search(key):
            found = self._beginning_with("".join(_sounds(key)))
        return sorted(found, key=lambda phrase: (len(phrase), -self._weights[phrase], phrase))[:limit]

    def correct(self, query: str) -> str | None:
        """Return the phrase that sounds like ``query`` but is written differently, or None.

        ``地保`` → ``低保``, ``shehuijiuzhu`` → ``社会救助``. A query that is itself a phrase is right
        already.
        """
        key = bare(query)
        if not key or len(key) > _LONGEST_PREFIX or key in self._phrases:
            return None
        sound = "".join(_sounds(key))
        found = self._by_sound.get(sound)
        return found if found is not None and bare(found) != key else self._correct_part(key)

    def _correct_part(self, key: str) -> str | None:
        """Correct one stretch of a longer query: ``地保申请`` → ``低保申请``."""
        if not CJK_RUN.fullmatch(key):
            return None
        sounds = _sounds(key)
        for length in range(min(len(key) - 1, max(_CORRECTABLE)), 2, -1):
            for at in range(len(key) - length + 1):
                piece = key[at : at + length]
                found = self._by_sound.get("".join(sounds[at : at + length]))
                if found is not None and piece not in self._phrases and len(bare(found)) == length:
                    return key[:at] + bare(found) + key[at + length :]
        return None

    def _beginning_with(self, key: str) -> set[str]:
        at = bisect_left(self._keys, (key, ""))
        found: set[str] = set()
        for candidate, phrase in self._keys[at : at + _MOST_SCANNED]:
            if not candidate.startswith(key):
                break
            found.add(phrase)
        return found


def _sounds(text: str) -> list[str]:
    """Return the pinyin of each Chinese character; other letters and digits stay, one by one."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 — slow: 0.3 s and 30 MB, needed by few processes

    sounds: list[str] = []
    for run in re.findall(r"[a-z0-9]+|[^a-z0-9]+", bare(fold(text))[:_LONGEST_KEY]):
        sounds.extend(lazy_pinyin(run, errors="ignore") if not run.isascii() else [run])
    return sounds
