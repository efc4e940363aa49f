"""The text of a PDF in its order: lines become paragraphs, and tables that go on over the page become one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from cms.documents.readers.lattice import Lattice, lattices
from cms.documents.readers.pdf_graphics import PageContent
from cms.documents.readers.pdf_lines import Line, cell_text, joined, lines_of, without_furniture
from cms.documents.reading import Span

#: Column lines of two parts of a table are the same if they differ by less than this many points.
_SAME_COLUMN = 4.0
#: A line ends before the margin, or begins after it, by more than this many characters.
_SHORT, _INDENTED, _DEEPLY_INDENTED = 1.6, 0.9, 3.0
#: Lines of a paragraph are not farther apart than this many characters.
_FAR = 2.6
#: Titles are larger than the text by this factor.
_TITLE = 1.2
#: The right margin is wider than the left one by this factor at most.
_WIDER = 1.3
#: Pages with fewer lines do not show where the margins are.
_ENOUGH_LINES = 5


@dataclass(frozen=True)
class Grid:
    """A table, or the part of one on a page: the lines between its columns, its cells."""

    columns: tuple[float, ...]
    spans: tuple[Span, ...]

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return max(span.row + span.rowspan for span in self.spans)


@dataclass(frozen=True)
class _Margins:
    left: float
    right: float
    size: float


Item = Line | Grid
Block = str | Grid


def blocks_of(pages: Sequence[PageContent]) -> list[Block]:
    """Return paragraphs and tables in the order of the text, without the numbers of the pages."""
    items = [_items(page) for page in pages]
    lines = [[item for item in page if isinstance(item, Line)] for page in items]
    margins = _margins(lines, pages[0].width if pages else 0)
    blocks: list[Block] = []
    last: Line | None = None
    for page, own in zip(items, lines, strict=True):
        here = _of_page(own, margins)
        for number, item in enumerate(page):
            if isinstance(item, Grid):
                _add_table(blocks, item, is_first=number == 0)
                last = None
            elif last is not None and blocks and _continues(last, item, here, same_page=number > 0):
                blocks[-1] = joined(str(blocks[-1]), item.text)
                last = item
            else:
                blocks.append(item.text)
                last = item
    return blocks


def _items(page: PageContent) -> list[Item]:
    """Return the lines and tables of a page from top to bottom."""
    tables, outside = lattices(page.rules, page.characters)
    places: list[tuple[float, Item]] = [(table.top, grid) for table in tables if (grid := _grid(table)).spans]
    places += [(line.base, line) for line in without_furniture(lines_of(outside), page.height)]
    return [item for _place, item in sorted(places, key=lambda pair: -pair[0])]


def _grid(table: Lattice) -> Grid:
    spans = (
        Span(box.row, box.column, box.rowspan, box.colspan, cell_text(box.characters))
        for box in sorted(table.boxes, key=lambda box: (box.row, box.column))
    )
    kept = tuple(spans)
    return Grid(tuple(table.columns), kept if any(span.text for span in kept) else ())


def _margins(pages: Sequence[Sequence[Line]], width: float) -> _Margins:
    """Return where the text begins and ends on most pages; the right margin is not much wider than the left one."""
    full = [page for page in pages if len(page) >= _ENOUGH_LINES] or [page for page in pages if page]
    if not full:
        return _Margins(0, 0, 0)
    left = median(min(line.left for line in page) for page in full)
    right = median(max(line.right for line in page) for page in full)
    return _Margins(left, max(right, width - left * _WIDER), median(line.size for page in full for line in page))


def _of_page(lines: Sequence[Line], usual: _Margins) -> _Margins:
    """Return the margins of a page; a page on which no line reaches the margins has the usual ones."""
    left = min((line.left for line in lines), default=usual.left)
    right = max((line.right for line in lines), default=usual.right)
    slack = _SHORT * usual.size
    return replace(
        usual,
        left=left if abs(left - usual.left) < slack else usual.left,
        right=right if abs(right - usual.right) < slack else usual.right,
    )


def _continues(line: Line, following: Line, margins: _Margins, *, same_page: bool) -> bool:
    """Tell whether ``following`` goes on with the paragraph that ``line`` belongs to."""
    size = max(line.size, 1)
    if abs(line.size - following.size) > size / 8 or "\t" in line.text + following.text:
        return False
    if same_page and line.base - following.base > _FAR * size:
        return False
    if line.size > _TITLE * margins.size:
        return True
    return (
        margins.right - line.right < _SHORT * size
        and abs(following.left - margins.left) < _INDENTED * size
        and line.left - margins.left < _DEEPLY_INDENTED * size
    )


def _add_table(blocks: list[Block], table: Grid, *, is_first: bool) -> None:
    """Add a table; one that begins a page may go on with the one that ended the page before."""
    before = blocks[-1] if blocks else None
    if is_first and isinstance(before, Grid) and _fits(before.columns, table.columns):
        blocks[-1] = _continued(before, table)
    else:
        blocks.append(table)


def _fits(one: Sequence[float], other: Sequence[float]) -> bool:
    """Tell whether two parts have the same outer edges, and the columns of one are among those of the other."""
    few, many = sorted((one, other), key=len)
    return (
        abs(one[0] - other[0]) < _SAME_COLUMN
        and abs(one[-1] - other[-1]) < _SAME_COLUMN
        and (all(any(abs(edge - known) < _SAME_COLUMN for known in many) for edge in few))
    )


def _continued(table: Grid, more: Grid) -> Grid:
    columns = max(table.columns, more.columns, key=len)
    spans, rest = list(_moved(table, columns)), list(_moved(more, columns))
    rest = _without_head(spans, rest)
    height = table.height
    for span in rest:
        above = next((n for n, one in enumerate(spans) if _ends_above(one, span, height)), None)
        if span.row == 0 and not span.text and above is not None:
            # A merged cell that goes on over the page says what it says once.
            spans[above] = replace(spans[above], rowspan=spans[above].rowspan + span.rowspan)
        else:
            spans.append(replace(span, row=span.row + height))
    return Grid(columns, tuple(sorted(spans, key=lambda span: (span.row, span.column))))


def _ends_above(span: Span, below: Span, height: int) -> bool:
    return (
        span.row + span.rowspan == height
        and span.column == below.column
        and span.colspan == below.colspan
        and bool(span.text)
    )


def _moved(table: Grid, columns: Sequence[float]) -> Iterator[Span]:
    """Yield the cells with their columns counted in ``columns``, which has those of the table and more."""

    def place(edge: float) -> int:
        return min(range(len(columns)), key=lambda number: abs(columns[number] - edge))

    for span in table.spans:
        left, right = place(table.columns[span.column]), place(table.columns[span.column + span.colspan])
        yield replace(span, column=left, colspan=right - left)


def _without_head(spans: Sequence[Span], rest: Sequence[Span]) -> list[Span]:
    """Return ``rest`` without the rows at its top that repeat those at the top of the table."""
    height = 0
    bottom = max((span.row for span in rest), default=0)
    for row in range(bottom):
        if _row(spans, row) != _row(rest, row):
            break
        height = row + 1
    reach = max((span.row + span.rowspan for span in rest if span.row < height), default=0)
    if reach > height:
        return list(rest)
    return [replace(span, row=span.row - height) for span in rest if span.row >= height]


def _row(spans: Iterable[Span], row: int) -> list[tuple[int, int, int, str]]:
    return [(span.column, span.colspan, span.rowspan, span.text) for span in spans if span.row == row]
