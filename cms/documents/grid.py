"""Where the cells of a table with spans stand; shared by writers and readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Spanning(Protocol):
    """Anything that takes several rows and columns of a table."""

    @property
    def colspan(self) -> int:
        """Return how many columns it takes."""
        ...

    @property
    def rowspan(self) -> int:
        """Return how many rows it takes."""
        ...


S = TypeVar("S", bound=Spanning)
#: More columns and places than any table on paper; a table that claims more is a mistake or an attack.
MAX_COLUMNS, MAX_PLACES = 1000, 200_000


@dataclass(frozen=True)
class Placed(Generic[S]):
    """A cell and its place; rows and columns count from 0. Spans end with the table at the latest."""

    cell: S
    row: int
    column: int
    rowspan: int
    colspan: int

    @property
    def area(self) -> set[tuple[int, int]]:
        """Return all places that the cell takes."""
        return {
            (row, column)
            for row in range(self.row, self.row + self.rowspan)
            for column in range(self.column, self.column + self.colspan)
        }


def place(rows: Sequence[Sequence[S]], max_places: int = MAX_PLACES) -> list[Placed[S]]:
    """Return the cells with their places, as browsers find them (HTML, 4.9.12.1).

    A cell goes to the first place of its row that nothing covers; what it overlaps to the right of it, it overlaps.

    :raises ValueError: if there are more than :data:`MAX_COLUMNS` columns or ``max_places`` places.
    """
    found: list[Placed[S]] = []
    places = 0
    covered: list[int] = []  # For each column, the first row that is free again.
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while column < len(covered) and covered[column] > number:
                column += 1
            if column + cell.colspan > MAX_COLUMNS:
                raise ValueError(f"more than {MAX_COLUMNS} columns")
            rowspan = min(cell.rowspan, len(rows) - number)
            found.append(Placed(cell, number, column, rowspan, cell.colspan))
            covered += [0] * (column + cell.colspan - len(covered))
            for taken in range(column, column + cell.colspan):
                covered[taken] = max(covered[taken], number + rowspan)
            column += cell.colspan
        places += len(covered)
        if places > max_places:
            raise ValueError(f"more than {max_places} places")
    return found
