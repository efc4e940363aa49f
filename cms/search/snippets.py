"""Fragments of a text with the found words marked; no HTML, the template decides how a mark looks."""

import re
from collections.abc import Iterable

from cms.search.folding import fold

Fragment = tuple[str, bool]
"""A piece of text, and whether it is to be marked."""

_MOST_MATCHES = 400
_SENTENCE_END = "。！？；\n"
_LOOK_BACK = 30
_SPACE = re.compile(r"\s+")


def highlight(text: str, terms: Iterable[str]) -> list[Fragment]:
    """Divide ``text`` into fragments, marked where one of ``terms`` stands; joined they are ``text``."""
    pattern = _pattern(terms)
    if pattern is None or not text:
        return [(text, False)] if text else []
    fragments: list[Fragment] = []
    at = 0
    for match in pattern.finditer(fold(text)):
        if match.start() > at:
            fragments.append((text[at : match.start()], False))
        if fragments and fragments[-1][1]:
            fragments[-1] = (fragments[-1][0] + text[match.start() : match.end()], True)
        else:
            fragments.append((text[match.start() : match.end()], True))
        at = match.end()
    if at < len(text):
        fragments.append((text[at:], False))
    return fragments


def snippet(text: str, terms: Iterable[str], width: int = 120) -> list[Fragment]:
    """Cut about ``width`` characters from ``text`` where most different ``terms`` stand, and mark them.

    Begins at a sentence where one begins near; an ellipsis shows where text was left out. Without any term
    in the text, its beginning.
    """
    terms = list(terms)
    pattern = _pattern(terms)
    found: list[tuple[int, int, str]] = []
    if pattern is not None:
        for match in pattern.finditer(fold(text)):
            found.append((match.start(), match.end(), match[0]))
            if len(found) == _MOST_MATCHES:
                break
    start = _beginning(text, _best_start(found, width), width)
    end = min(len(text), start + width)
    cut = _SPACE.sub(" ", text[start:end]).strip()
    fragments = highlight(cut, terms)
    if start > 0:
        fragments.insert(0, ("…", False))
    if end < len(text):
        fragments.append(("…", False))
    return fragments


def _pattern(terms: Iterable[str]) -> re.Pattern[str] | None:
    words = sorted({fold(term) for term in terms if term.strip()}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words))) if words else None


def _best_start(found: list[tuple[int, int, str]], width: int) -> int:
    """Return the match from which a window covers most: first occurrences count four times."""
    best, best_value = 0, -1
    for at, (start, _, _) in enumerate(found):
        seen: set[str] = set()
        value = 0
        for _, end, word in found[at:]:
            if end > start + width:
                break
            value += len(word) * (1 if word in seen else 4)
            seen.add(word)
        if value > best_value:
            best, best_value = start, value
    return best


def _beginning(text: str, match: int, width: int) -> int:
    """Go back to the beginning of the sentence, or a few characters for context."""
    lowest = max(0, match - min(_LOOK_BACK, width // 4))
    start = max(text.rfind(mark, lowest, match) for mark in _SENTENCE_END) + 1
    start = start or (0 if lowest == 0 else max(lowest, match - width // 8))
    return max(0, min(start, len(text) - width)) if match else 0
