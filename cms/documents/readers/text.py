"""Plain text files: their encoding, their lines, and the tables that people keep in them with tabs."""

import codecs
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from cms.documents.readers.radicals import unified
from cms.documents.readers.text_drawn import drawn_height, drawn_spans
from cms.documents.reading import (
    MAX_PLACES,
    ReadBlock,
    ReadDocument,
    ReadKind,
    ReadParagraph,
    Span,
    table_of,
    too_large,
)
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import printable

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CANDIDATES = ("utf-8", "gb18030")


def has_mark(data: bytes) -> bool:
    """Tell whether ``data`` begins with a byte order mark, that is, with text."""
    return data.startswith(tuple(mark for mark, _encoding in _MARKS))


def decoded(data: bytes) -> str:
    r"""Return ``data`` as text: byte order mark, then strict UTF-8, then strict GB 18030; nothing is guessed.

    Line ends are ``\n``; control characters are gone; radicals that stand for characters are characters.

    :raises Invalid: field ``file``, if it is none of them.
    """
    encodings = next(((encoding,) for mark, encoding in _MARKS if data.startswith(mark)), _CANDIDATES)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return unified(printable(text.replace("\r\n", "\n").replace("\r", "\n")))
    raise Invalid({"file": [_("文件不是 UTF-8 或 GB18030（GBK）编码的文字，请用记事本打开后另存为 UTF-8 再上传。")]})


def read_text(text: str) -> ReadDocument:
    """Return the lines of ``text``; lines with tabs one below the other are a table, and so is one that is drawn.

    :raises Invalid: if there is nothing to read.
    """
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    blocks: list[ReadBlock] = []
    number = 0
    while number < len(lines):
        end = number + max(drawn_height(lines, number), 1)
        drawn = table_of(drawn_spans(lines[number:end])) if end > number + 1 else None
        if drawn is not None:
            blocks.append(replace(drawn, start=starts[number], end=starts[end] - 1))
        else:
            while end < len(lines) and not drawn_height(lines, end):
                end += 1
            blocks += _plain(lines[number:end], starts[number:end])
        number = end
    if not blocks:
        raise Invalid({"file": [_("文件里没有可以读取的文字。")]})
    return ReadDocument(ReadKind.TXT, tuple(blocks), text)


def _plain(lines: Sequence[str], starts: Sequence[int]) -> list[ReadBlock]:
    """Return the blocks of lines among which no table is drawn."""
    blocks: list[ReadBlock] = []
    rows: list[tuple[int, str]] = []
    for line, start in zip(lines, starts, strict=True):
        if "\t" in line.strip():
            rows.append((start, line))
            continue
        blocks += [*_tabbed(rows), *_paragraph(line, start)]
        rows = []
    return [*blocks, *_tabbed(rows)]


def _paragraph(line: str, start: int) -> list[ReadBlock]:
    stripped = line.strip()
    return [ReadParagraph(stripped, start + line.index(stripped))] if stripped else []


def _tabbed(rows: Sequence[tuple[int, str]]) -> list[ReadBlock]:
    """Return one table of several lines; a single line with tabs is a line."""
    if len(rows) < 2:  # noqa: PLR2004 — a table has two rows at least
        return [block for start, line in rows for block in _paragraph(line, start)]
    if sum(line.count("\t") + 1 for _start, line in rows) > MAX_PLACES:
        raise too_large()
    cells = [
        Span(number, column, 1, 1, cell.strip())
        for number, (_start, line) in enumerate(rows)
        for column, cell in enumerate(line.split("\t"))
    ]
    table, end = table_of(cells), rows[-1][0] + len(rows[-1][1])
    return [] if table is None else [replace(table, start=rows[0][0], end=end)]
