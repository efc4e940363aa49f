"""Blocks as HTML: a fragment for a page of the site, and a page that stands alone."""

import base64
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import count

from cms.documents.blocks import (
    Block,
    BulletedList,
    Cell,
    Document,
    Heading,
    Image,
    Inline,
    Letterhead,
    NumberedList,
    PageBreak,
    Paragraph,
    Signature,
    Table,
    Title,
    runs_of,
    shown,
)
from cms.documents.grid import Placed
from cms.documents.writers.stylesheet import stylesheet
from cms.kernel.text import printable

#: The beginnings by which the kinds of pictures are told apart.
_PICTURES = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif"))
ImageAddress = Callable[[Image], str]


def as_html(document: Document, *, image_address: ImageAddress | None = None) -> str:
    """Return the document as a fragment: no styles, headers of tables with their scope, all text escaped.

    Headings begin at ``h2``, because the page around has the only ``h1``; a title is an ``h2``, and chapters are
    one deeper then. Pictures are data addresses, which the policy of the site's pages blocks;
    ``image_address`` gives others.
    """
    writer = _Writer(image_address or data_address, first_level=2)
    return writer.whole(document)


def as_html_page(document: Document) -> str:
    """Return the document as a page that stands alone, with its style sheet inside: for files and for PDF."""
    writer = _Writer(data_address, first_level=1)
    body = writer.whole(document)
    head = [
        f"<title>{_text(document.title)}</title>",
        f'<meta name="author" content="{_text(document.author)}">' if document.author else "",
        f'<meta name="dcterms.created" content="{document.made_at.isoformat()}">' if document.made_at else "",
        f"<style>{stylesheet(document, writer.widths)}</style>",
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(document.language)}">\n<head><meta charset="utf-8">'
        f"{''.join(head)}</head>\n<body>\n{body}</body>\n</html>\n"
    )


def data_address(image: Image) -> str:
    """Return the picture itself as an address."""
    kind = next((kind for begin, kind in _PICTURES if image.content.startswith(begin)), "application/octet-stream")
    return f"data:{kind};base64,{base64.b64encode(image.content).decode('ascii')}"


class _Writer:
    """Writes blocks; ``widths`` collects the shares of the columns of each table for the style sheet."""

    def __init__(self, image_address: ImageAddress, first_level: int) -> None:
        self.widths: dict[str, Sequence[float]] = {}
        self._image_address = image_address
        self._level = first_level
        self._numbers = count(1)
        self._has_title = False

    def whole(self, document: Document) -> str:
        self._has_title = any(isinstance(block, Title) for block in document.whole)
        return self._blocks(document.whole)

    def _blocks(self, blocks: Iterable[Block]) -> str:
        return "".join(f"{self._block(block)}\n" for block in blocks)

    def _block(self, block: Block) -> str:  # noqa: C901, PLR0911 — one answer for each kind of block
        match block:
            case Title(text):
                return f'<h{self._level} class="doc-title">{_text(text)}</h{self._level}>'
            case Heading(text, level):
                number = min(self._level + self._has_title + level - 1, 6)
                return f'<h{number} class="doc-heading-{level}">{_text(text)}</h{number}>'
            case Paragraph():
                return _paragraph(block)
            case NumberedList(items, start=start):
                first = f' start="{start}"' if start != 1 else ""
                return f"<ol{first}>{_items(items)}</ol>"
            case BulletedList(items):
                return f"<ul>{_items(items)}</ul>"
            case Table():
                return self._table(block)
            case Image():
                address, width = escape(self._image_address(block)), round(block.width / 25.4 * 96)
                return f'<p class="align-center"><img src="{address}" alt="{_text(block.alt)}" width="{width}"></p>'
            case PageBreak():
                return '<hr class="doc-page-break">'
            case Signature(organ, signed_on):
                day = f'<time datetime="{signed_on.isoformat()}">{block.day}</time>'
                return f'<p class="doc-signature align-right">{_text(organ)}<br>{day}</p>'
            case Letterhead(organ, doc_no):
                number_line = f'<p class="doc-number align-center">{_text(doc_no)}</p>' if doc_no else ""
                mark = f'<p class="doc-mark align-center">{_text(organ)}</p>'
                return f'<div class="doc-letterhead">{mark}{number_line}</div>'

    def _table(self, table: Table) -> str:
        name = f"doc-table-{next(self._numbers)}"
        if table.widths:
            self.widths[name] = table.shares
        caption = f"<caption>{_text(table.caption)}</caption>" if table.caption else ""
        columns = f"<colgroup>{'<col>' * table.columns}</colgroup>" if table.widths else ""
        lines = ["".join(self._cell(table, placed) for placed in line) for line in table.lines]
        rows = [f"<tr>{line}</tr>\n" for line in lines]
        number = table.header_rows
        head = f"<thead>\n{''.join(rows[:number])}</thead>\n" if number else ""
        body = f"<tbody>\n{''.join(rows[number:])}</tbody>"
        return f'<table class="doc-table {name}">{caption}{columns}\n{head}{body}</table>'

    def _cell(self, table: Table, placed: Placed[Cell]) -> str:
        cell = placed.cell
        tag = "th" if cell.is_header else "td"
        attributes = [f' class="align-{cell.alignment.value}"']
        if cell.is_header:
            attributes.append(f' scope="{table.scope_of(placed).value}"')
        if placed.colspan > 1:
            attributes.append(f' colspan="{placed.colspan}"')
        if placed.rowspan > 1:
            attributes.append(f' rowspan="{placed.rowspan}"')
        inside = self._blocks(cell.blocks).rstrip() if cell.value is None else _text(shown(cell.value))
        return f"<{tag}{''.join(attributes)}>{inside}</{tag}>"


def _paragraph(paragraph: Paragraph) -> str:
    classes = [
        f"align-{paragraph.align.value}",
        "indent" if paragraph.is_indented else "noindent",
        *(["doc-keep"] if paragraph.keep_with_next else []),
    ]
    return f'<p class="{" ".join(classes)}">{_inline(paragraph.content)}</p>'


def _items(items: Iterable[Inline]) -> str:
    return "".join(f"<li>{_inline(item)}</li>" for item in items)


def _inline(inline: Inline) -> str:
    parts = []
    for run in runs_of(inline):
        text = _text(run.text)
        if run.bold:
            text = f"<strong>{text}</strong>"
        if run.underline:
            text = f"<u>{text}</u>"
        if run.href:
            text = f'<a href="{escape(run.href)}">{text}</a>'
        parts.append(text)
    return "".join(parts)


def _text(text: str) -> str:
    return escape(printable(text)).replace("\n", "<br>")
