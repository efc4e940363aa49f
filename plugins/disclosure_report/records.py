"""The records behind a report's numbers as they were when it was frozen: few bytes, in the order of their lists."""

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer
from sqlalchemy.orm import Session

from cms.api import QUANTITY, CellEntry, Crosstab, FigureRegistry, Period

from .report import Report


def pack(entries: Iterable[CellEntry]) -> str:
    """Return entries as text: ``7`` a record, ``7..9`` three in a row, ``9..7`` backwards, ``12:5`` with a quantity."""
    runs: list[tuple[int, int, int]] = []
    for number, quantity in entries:
        first, last, counted = runs[-1] if runs else (0, 0, 0)
        step = number - last
        goes_on = step in (1, -1) and (first == last or (last > first) == (step > 0))
        if quantity == counted == 1 and goes_on:
            runs[-1] = (first, number, 1)
        else:
            runs.append((number, number, quantity))
    return " ".join(
        f"{first}:{quantity}" if quantity != 1 else str(first) if first == last else f"{first}..{last}"
        for first, last, quantity in runs
    )


def unpack(text: str) -> Iterator[CellEntry]:
    """Yield what :func:`pack` packed.

    :raises ValueError: if it is nothing of that kind.
    """
    for run in text.split():
        if ":" in run:
            number, _colon, quantity = run.partition(":")
            yield CellEntry(int(number), int(quantity))
        else:
            first, _dots, last = run.partition("..")
            begin, end = int(first), int(last or first)
            step = 1 if end >= begin else -1
            yield from (CellEntry(number, 1) for number in range(begin, end + step, step))


def _read(stored: object) -> object:
    # Reports that were frozen by earlier versions hold a list of pairs.
    return tuple(unpack(stored)) if isinstance(stored, str) else stored


#: The entries behind one figure; packed in JSON.
Entries = Annotated[tuple[CellEntry, ...], BeforeValidator(_read), PlainSerializer(pack, return_type=str)]


def records_behind(session: Session, figures: FigureRegistry, report: Report) -> dict[str, tuple[CellEntry, ...]]:
    """Return the records behind the counted numbers, by the code of the figure; each cross table takes one query."""
    period = Period.year(report.year)
    tables: dict[str, dict[tuple[str, str], tuple[CellEntry, ...]]] = {}
    found: dict[str, tuple[CellEntry, ...]] = {}
    for code in (code for number in report.numbers() for code in number.lists):
        cell = figures.cell(code)
        if code in found or (cell is None and figures.get(code) is None):
            continue
        if cell is None:
            figure = figures.require(code)
            key = figure.columns[0].name
            rows = figure.rows(session, period)
            found[code] = tuple(CellEntry(int(row[key]), int(row.get(QUANTITY, 1))) for row in rows)
        else:
            crosstab, address = cell
            if crosstab.code not in tables:
                tables[crosstab.code] = crosstab.entries(session, period)
            found[code] = _of_cells(tables[crosstab.code], crosstab, address)
    return found


def _of_cells(
    entries: dict[tuple[str, str], tuple[CellEntry, ...]], crosstab: Crosstab, address: tuple[str, str]
) -> tuple[CellEntry, ...]:
    row, column = address
    rows, columns = ([code for code, _label in heads] for heads in (crosstab.rows, crosstab.columns))
    return tuple(
        entry for one in ([row] if row else rows) for other in ([column] if column else columns)
        for entry in entries.get((one, other), ())
    )  # fmt: skip
