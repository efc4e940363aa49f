"""Words that mean the same: 低保 is what people type, 最低生活保障 is what the regulation says."""

import re
from collections.abc import Iterator

from cms.search.folding import fold
from cms.search.segment import word_list

_MOST_IN_GROUP = 12
_LONGEST = 30
_SEPARATOR = re.compile(r"\s*[=＝]\s*")


class Synonyms:
    """Groups of words of equal meaning; a word may stand in several groups."""

    def __init__(self, groups: Iterator[tuple[str, ...]] | tuple[tuple[str, ...], ...] = ()) -> None:
        self._others: dict[str, tuple[str, ...]] = {}
        for group in groups:
            for word in group:
                others = (*self._others.get(word, ()), *(other for other in group if other != word))
                self._others[word] = tuple(dict.fromkeys(others))[:_MOST_IN_GROUP]

    @classmethod
    def load(cls, text: str) -> "Synonyms":
        """Read one group a line: ``低保 = 最低生活保障``; ``#`` begins a comment line.

        Lines with fewer than two words and words longer than 30 characters are passed over: an editor's slip
        must not stop the search. :meth:`problems` names them for the desk.
        """
        return cls(tuple(group for _, group in _groups(text) if len(group) > 1))

    @classmethod
    def built_in(cls) -> "Synonyms":
        """Return the groups that come with the product."""
        return cls.load("\n".join(word_list("synonyms")))

    @staticmethod
    def problems(text: str) -> list[tuple[int, str]]:
        """Return the lines of ``text`` that :meth:`load` would pass over: ``(line number, line)``."""
        lines = text.splitlines()
        return [(number, lines[number - 1]) for number, group in _groups(text) if len(group) < 2]  # noqa: PLR2004 — a group has two words

    def of(self, word: str) -> tuple[str, ...]:
        """Return the other words for folded ``word``, without the word itself."""
        return self._others.get(word, ())

    def words(self) -> tuple[str, ...]:
        """All words that occur; a segmenter should keep them whole."""
        return tuple(self._others)


def _groups(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            words = (fold(word.strip()) for word in _SEPARATOR.split(line))
            yield number, tuple(dict.fromkeys(word for word in words if 0 < len(word) <= _LONGEST))
