"""Small operations on text that several packages need."""

import re
import unicodedata

_TAG = re.compile(r"<[^>]*>")
_BLOCK_END = re.compile(r"</(p|h[1-6]|li|tr|td|th|div|blockquote|figcaption)>|<br\s*/?>", re.IGNORECASE)
_ENTITY = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&nbsp;": " "}
_ENTITIES = re.compile("|".join(_ENTITY))
_SPACE = re.compile(r"\s+")
_ONES = "零一二三四五六七八九"
_TEN = 10
# C0 and C1 controls except tab and line ends, the surrogates that no encoding can carry, and what XML forbids.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


#: Spreadsheets run what begins like this.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """Return a text of a CSV file that spreadsheets do not run as a formula: an apostrophe makes it text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_text(html: str) -> str:
    """Return the text of sanitised ``html``: blocks become lines, tags and entities go."""
    text = _TAG.sub("", _BLOCK_END.sub("\n", html))
    text = _ENTITIES.sub(lambda match: _ENTITY[match.group()], text)
    return "\n".join(line for line in (_SPACE.sub(" ", part).strip() for part in text.split("\n")) if line)


def excerpt(text: str, length: int = 120) -> str:
    """Return the first ``length`` characters of ``text`` on one line, with an ellipsis where it was cut."""
    line = _SPACE.sub(" ", text).strip()
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def printable(text: str) -> str:
    """Return ``text`` without the characters that no file format can carry; everything else stays as it is."""
    return _CONTROL.sub("", text)


def clean(text: str) -> str:
    """Return ``text`` without control characters, NFC-composed, stripped; what every text input goes through."""
    return unicodedata.normalize("NFC", printable(text)).replace("\r\n", "\n").strip()


def one_line(text: str) -> str:
    """Return ``text`` cleaned and folded to a single line; for titles and names."""
    return _SPACE.sub(" ", clean(text)).strip()


def chinese_number(number: int) -> str:
    """Return 1 to 99 as a Chinese numeral, as chapters are numbered."""
    tens, ones = divmod(number, _TEN)
    if not tens:
        return _ONES[ones]
    return (_ONES[tens] if tens > 1 else "") + "十" + (_ONES[ones] if ones else "")
