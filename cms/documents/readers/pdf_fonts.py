"""From the bytes of a PDF's text to characters and their widths (ISO 32000-1, 9.6 to 9.10)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cms.documents.readers.radicals import unified
from cms.kernel.text import printable

if TYPE_CHECKING:
    from pypdf.generic import DictionaryObject, PdfObject

#: Encodings by name whose codes are those of a character set: Adobe's names begin so.
_CHARACTER_SETS = (("UniGB-", "utf-16-be"), ("GB", "gb18030"), ("UniCNS-", "utf-16-be"), ("UniJIS-", "utf-16-be"))
_SIMPLE = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
_CODES = re.compile(rb"begincodespacerange(.*?)endcodespacerange", re.DOTALL)
#: No font has more characters.
_MAX_CHARACTERS = 70_000
_BYTE = 0x80


@dataclass(frozen=True)
class Glyph:
    """What one code shows: its text, empty if it is not known, and its width for a font of size 1."""

    text: str
    width: float
    is_space: bool


class Font:
    """Decodes the strings that are shown in one font."""

    def __init__(self, font: "DictionaryObject") -> None:
        self._is_composite = font.get("/Subtype") == "/Type0"
        self._character_set = ""
        self._texts: dict[int, str] = {}
        self._widths: dict[int, float] = {}
        self._known: dict[int, Glyph] = {}
        self._width = 1.0
        cmap = _stream(font.get("/ToUnicode"))
        if cmap:
            self._texts = _mapping(cmap)
        if self._is_composite:
            self._composite(font)
        else:
            self._simple(font)
        self._length = 1 if not self._is_composite or _is_single_byte(cmap) else 2

    def glyphs(self, data: bytes) -> Iterator[Glyph]:
        """Yield what the codes of a string show."""
        for code, is_space in self._codes(data):
            if code not in self._known:
                text = unified(printable(self._texts.get(code, "")) or self._from_character_set(code))
                self._known[code] = Glyph(text, self._widths.get(code, self._width_of(code)), is_space)
            yield self._known[code]

    def _codes(self, data: bytes) -> Iterator[tuple[int, bool]]:
        at = 0
        while at < len(data):
            is_short = self._length == 1 or (self._character_set == "gb18030" and data[at] < _BYTE)
            length = 1 if is_short else self._length
            code = int.from_bytes(data[at : at + length], "big")
            yield code, is_short and code == ord(" ")
            at += length

    def _from_character_set(self, code: int) -> str:
        if not self._character_set:
            return ""
        is_short = self._character_set == "gb18030" and code < _BYTE
        return code.to_bytes(1 if is_short else 2, "big").decode(self._character_set, "ignore")

    def _width_of(self, code: int) -> float:
        return 0.5 if self._character_set == "gb18030" and code < _BYTE else self._width

    def _composite(self, font: "DictionaryObject") -> None:
        encoding = str(font.get("/Encoding", "")).removeprefix("/")
        if not self._texts:
            self._character_set = next((codec for begin, codec in _CHARACTER_SETS if encoding.startswith(begin)), "")
        descendants = _resolved(font.get("/DescendantFonts"))
        descendant = _resolved(descendants[0]) if isinstance(descendants, list) and descendants else None
        if not isinstance(descendant, dict):
            return
        self._width = _number(descendant.get("/DW"), 1000) / 1000
        if not self._character_set:  # Widths go by the number of the glyph, which is the code then.
            self._widths = _glyph_widths(_resolved(descendant.get("/W")))

    def _simple(self, font: "DictionaryObject") -> None:
        from fontTools.agl import toUnicode  # noqa: PLC0415 — slow

        encoding = _resolved(font.get("/Encoding"))
        base = encoding.get("/BaseEncoding") if isinstance(encoding, dict) else encoding
        codec = _SIMPLE.get(str(base), "latin-1")
        texts = {code: bytes([code]).decode(codec, "ignore") for code in range(256)}
        if isinstance(encoding, dict):
            code = 0
            for item in _list(encoding.get("/Differences")):
                if isinstance(item, int):
                    code = int(item)
                else:
                    texts[code] = toUnicode(str(item).removeprefix("/"))
                    code += 1
        self._texts = texts | self._texts
        descriptor = _resolved(font.get("/FontDescriptor"))
        missing = descriptor.get("/MissingWidth") if isinstance(descriptor, dict) else None
        # The fonts that every viewer has bring no widths; this is the middle of theirs.
        self._width = _number(missing, 500) / 1000
        first = int(_number(font.get("/FirstChar"), 0))
        # Fonts whose characters are drawings have a scale of their own (9.6.5).
        matrix = _list(font.get("/FontMatrix")) if font.get("/Subtype") == "/Type3" else []
        scale = _number(matrix[0], 0.001) if matrix else 0.001
        for code, width in enumerate(_list(font.get("/Widths"))[:256], first):
            self._widths[code] = _number(width, 500) * scale


def _resolved(value: "PdfObject | None") -> "PdfObject | None":
    return None if value is None else value.get_object()


def _list(value: "PdfObject | None") -> "list[PdfObject]":
    found = _resolved(value)
    return [item.get_object() for item in found] if isinstance(found, list) else []


def _number(value: object, default: float) -> float:
    return float(value) if isinstance(value, (int, float)) else default


def _stream(value: "PdfObject | None") -> bytes:
    found = _resolved(value)
    data = getattr(found, "get_data", None)
    return bytes(data()) if data is not None else b""


def _glyph_widths(array: object) -> dict[int, float]:
    """Return the widths by glyph: ``first [w w …]`` or ``first last w`` (9.7.4.3)."""
    widths: dict[int, float] = {}
    items = [item.get_object() for item in array] if isinstance(array, list) else []
    at = 0
    while at + 1 < len(items) and len(widths) < _MAX_CHARACTERS:
        first, second = items[at], items[at + 1]
        if isinstance(second, list):
            widths |= {int(_number(first, 0)) + n: _number(w.get_object(), 1000) / 1000 for n, w in enumerate(second)}
            at += 2
        else:
            last = min(int(_number(second, 0)), int(_number(first, 0)) + _MAX_CHARACTERS)
            width = _number(items[at + 2], 1000) / 1000 if at + 2 < len(items) else 1.0
            widths |= dict.fromkeys(range(int(_number(first, 0)), last + 1), width)
            at += 3
    return widths


def _is_single_byte(cmap: bytes) -> bool:
    """Tell whether the codes of a composite font are single bytes, which only its map can say."""
    ranges = _CODES.search(cmap)
    lengths = {len(token[1].split(b"\n")[0].strip()) for token in _TOKEN.finditer(ranges[1])} if ranges else set()
    return lengths == {2}


def _mapping(cmap: bytes) -> dict[int, str]:
    """Return the texts by code from a ToUnicode map (9.10.3)."""
    texts: dict[int, str] = {}
    for section in _SECTION.finditer(cmap):
        tokens = [_token(token) for token in _TOKEN.finditer(section[2])]
        pairs = _characters(tokens) if section[1] == b"bfchar" else _ranges(tokens)
        for code, text in pairs:
            if len(texts) > _MAX_CHARACTERS:
                return texts
            texts[code] = text
    return texts


def _token(match: re.Match[bytes]) -> bytes | str:
    if match[2] or match[3]:
        return "[" if match[2] else "]"
    digits = re.sub(rb"\s", b"", match[1]).decode("ascii")
    return bytes.fromhex(digits + "0" * (len(digits) % 2))


def _text(token: bytes) -> str:
    return token.decode("utf-16-be", "ignore") if len(token) > 1 else token.decode("latin-1")


def _characters(tokens: list[bytes | str]) -> Iterator[tuple[int, str]]:
    for code, text in zip(tokens[::2], tokens[1::2], strict=False):
        if isinstance(code, bytes) and isinstance(text, bytes):
            yield int.from_bytes(code, "big"), _text(text)


def _ranges(tokens: list[bytes | str]) -> Iterator[tuple[int, str]]:
    at = 0
    while at + 2 < len(tokens):
        low, high, target = tokens[at : at + 3]
        at += 3
        if not isinstance(low, bytes) or not isinstance(high, bytes):
            return
        first = int.from_bytes(low, "big")
        last = min(int.from_bytes(high, "big"), first + _MAX_CHARACTERS)
        if isinstance(target, bytes):
            start = int.from_bytes(target, "big")
            for code in range(first, last + 1):
                yield code, _text((start + code - first).to_bytes(len(target) + 1, "big")[-max(len(target), 1) :])
            continue
        code = first
        while at < len(tokens) and (text := tokens[at]) != "]":
            if isinstance(text, bytes):
                yield code, _text(text)
            code, at = code + 1, at + 1
        at += 1
