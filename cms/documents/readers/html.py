"""Web pages: paragraphs, headings and tables of what a reader sees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING

from cms.documents.grid import MAX_PLACES, place
from cms.documents.reading import Composer, ReadDocument, ReadKind, Span, too_large
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

if TYPE_CHECKING:
    from lxml.etree import _Element

#: Never text of the page: scripts and what stands for them, menus, forms' parts, drawings.
_DROPPED = frozenset({
    "script", "style", "noscript", "template", "nav", "head", "iframe", "object", "embed", "svg", "math", "canvas",
    "select", "button", "textarea", "audio", "video", "map",
})  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset({
    *_HEADINGS, "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "section", "article", "header",
    "footer", "aside", "main", "figure", "figcaption", "form", "fieldset", "address", "center", "hr", "table",
    "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "body", "html", "details", "summary",
})  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"[\s\xa0]+")
#: Marks the end of a line inside a cell while its white space is still that of the source.
_BREAK = "\x00"
_NUMBERED = re.compile(r"\s*[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[、.．）)]")
#: Spans that HTML itself allows (4.9.11).
_MAX_COLSPAN, _MAX_ROWSPAN = 1000, 65534


def read_html(text: str) -> ReadDocument:
    """Return what a reader sees of a page; menus, scripts and hidden parts are dropped, page furniture is not.

    A table that holds tables, has one cell, or says that it is for presentation, is layout: its cells are read as text.

    :raises Invalid: field ``file``, if nothing can be read, a table is too large, or elements are nested too deeply.
    """
    composer = Composer()
    root = parsed(text)
    if root is not None:
        _Walk(composer).whole(root)
    title = "" if root is None else root.findtext(".//title") or ""
    return composer.finish(ReadKind.HTML, " ".join(title.split()))


def compose_html(text: str, composer: Composer) -> None:
    """Add what a reader sees of a page to ``composer``; for pages inside other files."""
    root = parsed(text)
    if root is not None:
        _Walk(composer).whole(root)


def parsed(text: str) -> "_Element | None":
    """Return the root of the page, None if there is none. Nothing is fetched, no entity but those of HTML is known.

    :raises Invalid: field ``file``, if elements are nested so deeply that the rest would be lost.
    """
    from lxml import etree  # noqa: PLC0415 — slow

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )  # fmt: skip
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    # Bad markup is an error that browsers repair; fatal is only that the parser stopped.
    if any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log):
        raise Invalid({"file": [_("网页的层次过多，无法完整读取，请把正文复制到文本文件后再上传。")]})
    return root


class _Walk:
    """Walks through elements and hands lines and tables to ``composer``."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._line: list[str] = []
        self._label = ""
        self._level = 0

    def whole(self, root: "_Element") -> None:
        self._element(root)
        self._flush()

    def _flush(self) -> None:
        text = _flat("".join(self._line))
        if text:
            self._composer.paragraph(self._label + text, self._level)
            self._label = ""
        self._line = []

    def _element(self, element: "_Element") -> None:
        """Walk through one element and the text behind it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag == "table" and not _is_hidden(element) and not _is_layout(element):
            self._flush()
            self._composer.table(_spans(element, self._composer.room), _caption(element))
        elif tag == "br":
            self._break()
        elif not _is_hidden(element):
            self._inside(element, tag)
        self._line.append(element.tail or "")

    def _inside(self, element: "_Element", tag: str) -> None:
        is_block = tag in _BLOCKS
        outer = self._level
        if is_block:
            self._flush()
            self._level = _HEADINGS.get(tag, outer)
        self._line.append(element.text or "")
        number = _number(element.get("start")) if tag == "ol" else 0
        for child in element:
            if number and child.tag == "li":
                self._flush()
                number = _number(child.get("value"), number)
                self._label = _label(child, number)
                number += 1
            self._element(child)
        if is_block:
            self._flush()
            self._level = outer

    def _break(self) -> None:
        """End a line: old pages have nothing but breaks between their paragraphs; a heading stays one."""
        if self._level:
            self._line.append(" ")
        else:
            self._flush()


def _label(item: "_Element", number: int) -> str:
    """Return the number that a browser puts before the item, unless the author wrote one as well."""
    begin = "".join(islice(item.itertext(), 5))
    return "" if _NUMBERED.match(begin) else f"{number}. "


def _flat(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _is_hidden(element: "_Element") -> bool:
    tag = element.tag
    return (
        not isinstance(tag, str)
        or tag in _DROPPED
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") == "navigation"
        or _HIDDEN.search(element.get("style", "")) is not None
    )


def _is_layout(table: "_Element") -> bool:
    if table.get("role") in {"presentation", "none"} or table.find(".//table") is not None:
        return True
    cells = (cell for cell in table.iter("td", "th"))
    return len(list(islice(cells, 2))) <= 1


@dataclass(frozen=True)
class _Cell:
    text: str
    colspan: int
    rowspan: int
    is_header: bool


def _spans(table: "_Element", room: int) -> Iterator[Span]:
    """Yield the cells of the table with their places."""
    if len(list(islice(table.iter("td", "th"), room + 1))) > room:
        raise too_large()
    rows: list[list[_Cell]] = []
    for group in _groups(table):
        rows += [[_cell(cell, len(group) - number) for cell in row] for number, row in enumerate(group)]
    try:
        placed = place(rows, min(room, MAX_PLACES))
    except ValueError as error:
        raise too_large() from error
    for at in placed:
        yield Span(at.row, at.column, at.rowspan, at.colspan, at.cell.text, at.cell.is_header)


def _caption(table: "_Element") -> str:
    caption = table.find("caption")
    return "" if caption is None else _flat("".join(_texts(caption)).replace(_BREAK, " "))


def _groups(table: "_Element") -> Iterator[list[list["_Element"]]]:
    """Yield the visible cells by group and row: heads, bodies and loose rows, feet, in whatever order they stand."""
    parts = [part for part in table if part.tag in {"thead", "tbody", "tfoot", "tr"} and not _is_hidden(part)]
    order = {"thead": 0, "tfoot": 2}
    for _place, run in groupby(sorted(parts, key=lambda part: order.get(str(part.tag), 1)), key=_group_of):
        group = list(run)
        rows = group if group[0].tag == "tr" else [row for row in group[0] if row.tag == "tr" and not _is_hidden(row)]
        yield [[cell for cell in row if cell.tag in {"td", "th"} and not _is_hidden(cell)] for row in rows]


def _group_of(part: "_Element") -> object:
    return "rows" if part.tag == "tr" else part


def _cell(cell: "_Element", rows_left: int) -> _Cell:
    # A rowspan of 0 goes on to the end of the group; a colspan of 0 means 1 (4.9.11).
    colspan, rowspan = _number(cell.get("colspan")) or 1, _number(cell.get("rowspan")) or rows_left
    return _Cell(
        "\n".join(filter(None, map(_flat, "".join(_texts(cell)).split(_BREAK)))),
        colspan if colspan <= _MAX_COLSPAN else 1,
        min(rowspan, _MAX_ROWSPAN, rows_left),
        cell.tag == "th",
    )


def _number(value: str | None, otherwise: int = 1) -> int:
    match = re.match(r"\s*\+?(\d{1,9})", value or "")
    return int(match[1]) if match else otherwise


def _texts(element: "_Element") -> Iterator[str]:
    """Yield the visible text inside a cell, with :data:`_BREAK` where a line ends."""
    yield element.text or ""
    for child in element:
        is_block = child.tag in _BLOCKS or child.tag == "br"
        if is_block:
            yield _BREAK
        if not _is_hidden(child):
            yield from _texts(child)
        if is_block and child.tag != "br":
            yield _BREAK
        yield child.tail or ""
