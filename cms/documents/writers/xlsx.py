"""Tables as a spreadsheet: numbers as numbers, sums as formulas, text as nothing but text."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from cms.documents.blocks import Align, Cell, Formula, Table, shown
from cms.documents.grid import Placed
from cms.documents.writers.text import as_lines
from cms.documents.writers.text_tables import width
from cms.kernel.text import printable

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: What Excel allows (specifications and limits of Excel): letters of a name, characters of a cell, exact digits.
_MAX_NAME, _MAX_TEXT, _MAX_EXACT = 31, 32_767, 10**15
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]|^'|'$")
#: Together all columns are this wide, in characters; a column is at least and at most so wide.
_SHEET_WIDTH, _NARROWEST, _WIDEST = 110, 7, 50
_FONT = "宋体"
#: Files need a time; this one stands for "not known".
_NEVER = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sheet:
    """One sheet: a table, the title above it and notes below it."""

    name: str
    table: Table
    title: str = field(default="", kw_only=True)
    notes: Sequence[str] = field(default=(), kw_only=True)

    @property
    def top(self) -> int:
        """Return the row, from 0, in which the table begins."""
        return 1 if self.title else 0


def as_xlsx(sheets: Sequence[Sheet], *, title: str = "", author: str = "", made_at: datetime | None = None) -> bytes:
    """Return the sheets as the bytes of an .xlsx file; equal sheets give equal bytes.

    Integers, decimals and :class:`~cms.documents.blocks.Formula` are numbers and formulas. Strings are text whatever
    they begin with, so that no input becomes a formula. Integers too long for a spreadsheet are text as well. Names of
    sheets lose what Excel forbids and get numbers where they are equal.

    :raises ValueError: without sheets, or if a formula names a sheet that is not there.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 — slow

    if not sheets:
        raise ValueError("a spreadsheet has one sheet at least")
    file = io.BytesIO()
    workbook = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = (made_at or _NEVER).astimezone(UTC).replace(tzinfo=None)
    workbook.set_properties({"title": printable(title), "author": printable(author), "created": created})
    names = _names(sheets)
    places = {sheet.name: (names[n], sheet.top) for n, sheet in enumerate(sheets)}
    formats = _Formats(workbook)
    for sheet, name in zip(sheets, names, strict=True):
        _Writer(workbook.add_worksheet(name), sheet, formats, places).whole()
    workbook.close()
    return file.getvalue()


def _names(sheets: Sequence[Sheet]) -> list[str]:
    names: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        name = _NOT_IN_NAMES.sub("", printable(sheet.name)).strip()[:_MAX_NAME] or f"Sheet{number}"
        if name.lower() in {known.lower() for known in names} | {"history"}:
            name = f"{name[: _MAX_NAME - 4]}({number})"
        names.append(name)
    return names


class _Formats:
    """Makes each format of cells once."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._known: dict[tuple[tuple[str, object], ...], Format] = {}

    def of(self, **properties: object) -> "Format":
        key = tuple(sorted(properties.items()))
        if key not in self._known:
            base: dict[str, object] = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True}
            self._known[key] = self._workbook.add_format(base | properties)
        return self._known[key]

    def cell(self, cell: Cell) -> "Format":
        align = {Align.JUSTIFY: "left"}.get(cell.alignment, cell.alignment.value)
        head: dict[str, object] = {"bold": True, "bg_color": "#F2F2F2"} if cell.is_header else {}
        return self.of(border=1, align=align, **head)


class _Writer:
    """Writes one sheet; ``places`` tells the name in the file and the first row of each sheet."""

    def __init__(
        self, worksheet: "Worksheet", sheet: Sheet, formats: _Formats, places: Mapping[str, tuple[str, int]]
    ) -> None:
        self._worksheet, self._sheet, self._formats, self._places = worksheet, sheet, formats, places

    def whole(self) -> None:
        table, top = self._sheet.table, self._sheet.top
        last = max(table.columns - 1, 0)
        if self._sheet.title:
            self._text(0, last, self._sheet.title, self._formats.of(bold=True, font_size=14, align="center"))
            self._worksheet.set_row(0, 30)
        for placed in table.placed:
            self._cell(placed)
        for number, note in enumerate(self._sheet.notes, top + len(table.rows)):
            self._text(number, last, note, self._formats.of(align="left"))
        for column, characters in enumerate(_widths(table)):
            self._worksheet.set_column(column, column, characters)
        head = top + table.header_rows
        if head:
            self._worksheet.freeze_panes(head, 0)
            self._worksheet.repeat_rows(0, head - 1)
        self._worksheet.set_paper(9)  # A4
        self._worksheet.fit_to_pages(1, 0)
        if table.columns > 6:  # noqa: PLR2004 — what fits upright
            self._worksheet.set_landscape()

    def _text(self, row: int, last: int, text: str, look: "Format") -> None:
        if last:
            self._worksheet.merge_range(row, 0, row, last, "", look)
        self._worksheet.write_string(row, 0, _fitting(text), look)

    def _cell(self, placed: Placed[Cell]) -> None:
        row, column, look = placed.row + self._sheet.top, placed.column, self._formats.cell(placed.cell)
        if placed.rowspan > 1 or placed.colspan > 1:
            end = (row + placed.rowspan - 1, column + placed.colspan - 1)
            self._worksheet.merge_range(row, column, *end, "", look)
        content = placed.cell.content
        if isinstance(content, Formula):
            self._worksheet.write_formula(row, column, self._formula(content), look, shown(content.result))
        elif isinstance(content, (int, Decimal)) and -_MAX_EXACT < content < _MAX_EXACT:
            self._worksheet.write_number(row, column, content, look)
        else:
            value = placed.cell.value
            text = "\n".join(as_lines(placed.cell.blocks)) if value is None else shown(value)
            self._worksheet.write_string(row, column, _fitting(text), look)

    def _formula(self, formula: Formula) -> str:
        return "=" + formula.pattern.format(*(self._address(cell) for cell in formula.cells))

    def _address(self, cell: tuple[int, int] | tuple[str, int, int]) -> str:
        from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell  # noqa: PLC0415 — slow

        if len(cell) == 2:  # noqa: PLR2004 — without the name of a sheet
            return str(xl_rowcol_to_cell(cell[0] + self._sheet.top, cell[1]))
        if cell[0] not in self._places:
            raise ValueError(f"a formula names the sheet {cell[0]!r}, which is not there")
        name, top = self._places[cell[0]]
        return f"{quote_sheetname(name)}!{xl_rowcol_to_cell(cell[1] + top, cell[2])}"


def _fitting(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"


def _widths(table: Table) -> list[float]:
    """Return the widths of the columns in characters: by their shares, otherwise by what they hold."""
    if table.widths:
        return [max(share * _SHEET_WIDTH, _NARROWEST) for share in table.shares]
    widths = [float(_NARROWEST)] * table.columns
    for placed in table.placed:
        if placed.colspan == 1 and placed.cell.value is not None:
            lines = shown(placed.cell.value).split("\n")
            widths[placed.column] = max(widths[placed.column], min(max(map(width, lines)) + 2, _WIDEST))
    return widths
