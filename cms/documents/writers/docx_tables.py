"""Tables of Word documents. Built element by element, because python-docx merges cells only after it made them all."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from cms.documents.blocks import Cell, Table
from cms.documents.grid import Placed

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

#: Writes the content of a cell into its element: element, cell, width in millimetres.
Fill = Callable[["BaseOxmlElement", Placed[Cell], float], None]
_TWIPS_PER_MM = 1440 / 25.4
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = {"w": _W}


def element(tag: str, **attributes: str | int) -> "BaseOxmlElement":
    """Return a new element; ``val=1`` is its attribute ``w:val``."""
    given = {f"{{{_W}}}{name}": str(value) for name, value in attributes.items()}
    return _maker()(f"{{{_W}}}{tag}", given, _NAMESPACES)


@cache
def _maker() -> "Callable[[str, dict[str, str], dict[str, str]], BaseOxmlElement]":
    """Return the function that makes elements of python-docx's own classes; its wrapper takes twice as long."""
    from docx.oxml.parser import oxml_parser  # noqa: PLC0415 — slow

    made: Callable[[str, dict[str, str], dict[str, str]], BaseOxmlElement] = oxml_parser.makeelement
    return made


def table_element(table: Table, width: float, fill: Fill) -> "BaseOxmlElement":
    """Return ``table`` as an element ``width`` millimetres wide; ``fill`` writes the content of a cell's element."""
    whole = element("tbl")
    properties = element("tblPr")
    properties.append(element("tblStyle", val="TableGrid"))
    properties.append(element("tblW", w=round(width * _TWIPS_PER_MM), type="dxa"))
    properties.append(element("jc", val="center"))
    properties.append(element("tblLayout", type="fixed"))
    properties.append(element("tblLook", val="04A0", firstRow=1, firstColumn=1, noVBand=1))
    whole.append(properties)
    widths = [share * width for share in table.shares]
    grid = element("tblGrid")
    for column in widths:
        grid.append(element("gridCol", w=round(column * _TWIPS_PER_MM)))
    whole.append(grid)
    covers = {(row, cell.column): cell for cell in table.placed for row in range(cell.row, cell.row + cell.rowspan)}
    for number in range(len(table.rows)):
        whole.append(_row(table, number, covers, widths, fill))
    return whole


def _row(
    table: Table,
    number: int,
    covers: dict[tuple[int, int], Placed[Cell]],
    widths: Sequence[float],
    fill: Fill,
) -> "BaseOxmlElement":
    row, properties = element("tr"), element("trPr")
    properties.append(element("cantSplit"))
    if number < table.header_rows:
        properties.append(element("tblHeader"))
    row.append(properties)
    column = 0
    while column < table.columns:
        placed = covers.get((number, column))
        span = placed.colspan if placed else 1
        width = sum(widths[column : column + span])
        cell = _cell(placed, number, width)
        row.append(cell)
        if placed is not None and placed.row == number:
            fill(cell, placed, width)
        else:
            cell.append(element("p"))
        column += span
    return row


def _cell(placed: Placed[Cell] | None, row: int, width: float) -> "BaseOxmlElement":
    cell, properties = element("tc"), element("tcPr")
    properties.append(element("tcW", w=round(width * _TWIPS_PER_MM), type="dxa"))
    if placed is not None and placed.colspan > 1:
        properties.append(element("gridSpan", val=placed.colspan))
    if placed is not None and placed.rowspan > 1:
        properties.append(element("vMerge", val="restart" if placed.row == row else "continue"))
    properties.append(element("vAlign", val="center"))
    cell.append(properties)
    return cell
