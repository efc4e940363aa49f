"""Folding: different ways to write the same character become one, without changing the length of a text.

Positions in the folded text are positions in the original, which the highlighting of snippets relies on.
"""

import functools
import re
from importlib import resources

_LAST_ASCII_TWIN = 0xFF5E  # ～; the full-width forms ！ to ～ stand 0xFEE0 above their ASCII twins

NOT_TEXT = re.compile(r"[\W_]+")
"""Runs of punctuation, spaces and control characters."""

CJK_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
"""Runs of Chinese characters."""


@functools.cache
def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, _LAST_ASCII_TWIN + 1)}
    table |= {0x3000: " ", 0xA0: " "}
    source = resources.files("cms.search").joinpath("words/traditional.txt").read_text("utf-8")
    pairs = "".join(line for line in source.splitlines() if not line.startswith("#"))
    table |= {ord(pairs[at]): pairs[at + 1] for at in range(0, len(pairs), 2)}
    return table


def fold(text: str) -> str:
    """Fold full width to half width, traditional to simplified, upper to lower case; the length stays."""
    folded = text.translate(_table())
    lowered = folded.lower()
    if len(lowered) == len(text):
        return lowered
    # A few letters (İ) grow when lowered; they stay as they are.
    return "".join(small if len(small := char.lower()) == 1 else char for char in folded)


def bare(text: str) -> str:
    """Fold ``text`` and drop everything but letters and digits: the key by which titles are equal."""
    return NOT_TEXT.sub("", fold(text))
