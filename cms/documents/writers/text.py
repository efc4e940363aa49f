"""Blocks as plain text for fixed-width fonts, in which a Chinese character takes two columns."""

from collections.abc import Iterable, Iterator

from cms.documents.blocks import (
    Block,
    BulletedList,
    Cell,
    Document,
    Heading,
    Image,
    Letterhead,
    NumberedList,
    PageBreak,
    Paragraph,
    Signature,
    Table,
    Title,
    plain,
)
from cms.documents.writers.text_tables import draw
from cms.kernel.text import printable

_INDENT = "　" * 2
#: Tables wider than this many columns get their longest columns broken.
TABLE_WIDTH = 110


def as_text(document: Document) -> str:
    """Return the document as plain text with a line end at its end.

    Paragraphs are one line each, first lines move by two characters; tables are drawn with ``+``, ``-`` and ``|``, so
    that merged cells are seen. Pictures are their alternative text.
    """
    return printable("\n".join(line.rstrip() for line in as_lines(document.whole))).strip("\n") + "\n"


def as_lines(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the lines of the blocks."""
    for block in blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:  # noqa: C901 — one answer for each kind of block
    match block:
        case Title(text):
            yield from [text, ""]
        case Heading(text):
            yield from ["", text]
        case Paragraph():
            yield (_INDENT if block.is_indented else "") + plain(block.content)
        case NumberedList(items, start=start):
            yield from (f"{_INDENT}{number}. {plain(item)}" for number, item in enumerate(items, start))
        case BulletedList(items):
            yield from (f"{_INDENT}· {plain(item)}" for item in items)
        case Table():
            yield from ["", *([block.caption] if block.caption else []), *_table(block), ""]
        case Image():
            yield f"[{block.alt}]" if block.alt else ""
        case PageBreak():
            yield ""
        case Signature(organ):
            yield from ["", f"{_INDENT}{organ}", f"{_INDENT}{block.day}"]
        case Letterhead(organ, doc_no):
            yield from [organ, *([doc_no] if doc_no else []), ""]


def _table(table: Table) -> list[str]:
    return draw(
        [(placed, _cell_text(placed.cell), placed.cell.alignment) for placed in table.placed],
        rows=len(table.rows), columns=table.columns, limit=TABLE_WIDTH,
    )  # fmt: skip


def _cell_text(cell: Cell) -> str:
    text = "\n".join(line.strip() for line in as_lines(cell.blocks)).strip("\n")
    return printable(text).replace("\t", " ")
