"""What the records say: values of figures and of cells of cross tables, each cross table by one query."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from cms.api import CellAddress, CellMeasure, Crosstab, Figure, FigureRegistry, Period

from .format_file import FormatError

#: Units of money, in 分.
_MONEY = {"分": 1, "元": 100, "万元": 1_000_000}


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A value with the codes that were added up.

    :param is_public: citizens may see all lists behind it. :param records: how many records say so; nothing where that
        would take a query of its own.
    :param is_silent: not one cell of the cross tables has a record, so that a value entered by hand replaces nothing.
    """

    value: Decimal
    sources: tuple[str, ...]
    is_public: bool
    records: int | None
    is_silent: bool


class Measures:
    """The values of one period; what has been computed is kept."""

    def __init__(self, session: Session, figures: FigureRegistry, period: Period) -> None:
        self._session, self._figures, self._period = session, figures, period
        self._tables: dict[str, Mapping[CellAddress, CellMeasure]] = {}

    def has(self, sources: tuple[str, ...]) -> bool:
        """Tell whether enabled plugins have all of ``sources``."""
        return bool(sources) and all(self._figures.get(code) is not None for code in sources)

    def of(
        self, sources: tuple[str, ...], unit: str, otherwise: tuple[str, ...] = (), *, needs_record: bool = False
    ) -> Measured | None:
        """Return the sum of ``sources`` in ``unit``; nothing if one of them belongs to no enabled plugin.

        :param otherwise: taken instead where ``sources`` are missing or have no record at all.
        :param needs_record: without any record nothing is known either.
        :raises FormatError: if a source counts things and the unit is money, or the reverse.
        """
        counts = needs_record or bool(otherwise)
        found = self._sum(sources, unit, counts=counts) if self.has(sources) else None
        if self.has(otherwise) and (found is None or found.records == 0):
            other = self._sum(otherwise, unit, counts=True)
            found = other if other.records or found is None else found
        return None if found is not None and needs_record and found.records == 0 else found

    def _sum(self, sources: tuple[str, ...], unit: str, *, counts: bool) -> Measured:
        parts = [self._one(code, unit, counts=counts) for code in sources]
        records = [part.records for part in parts]
        return Measured(
            value=sum((part.value for part in parts), Decimal()), sources=sources,
            is_public=all(part.is_public for part in parts), is_silent=all(part.is_silent for part in parts),
            records=None if None in records else sum(one for one in records if one is not None),
        )  # fmt: skip

    def _one(self, code: str, unit: str, *, counts: bool) -> Measured:
        cell = self._figures.cell(code)
        if cell is not None:
            return self._in_table(code, *cell, unit)
        figure = self._figures.require(code)
        return Measured(
            value=figure.value(self._session, self._period) * _factor(figure, unit), sources=(code,),
            is_public=figure.public, is_silent=False,
            records=figure.size(self._session, self._period) if counts else None,
        )  # fmt: skip

    def _in_table(self, code: str, crosstab: Crosstab, address: CellAddress, unit: str) -> Measured:
        if crosstab.code not in self._tables:
            self._tables[crosstab.code] = crosstab.measures(self._session, self._period)
        row, column = address
        cells = [
            cell for (one, other), cell in self._tables[crosstab.code].items()
            if row in ("", one) and column in ("", other)
        ]  # fmt: skip
        return Measured(
            value=sum(cell.value for cell in cells) * _factor(crosstab, unit), sources=(code,),
            is_public=crosstab.public, records=sum(cell.records for cell in cells),
            is_silent=not self._tables[crosstab.code],
        )  # fmt: skip


def _factor(counted: Figure | Crosstab, unit: str) -> Decimal:
    if counted.unit in _MONEY and unit in _MONEY:
        return Decimal(_MONEY[counted.unit]) / _MONEY[unit]
    if counted.unit in _MONEY or unit in _MONEY:
        raise FormatError(f"{counted.code} counts {counted.unit}, the cell is in {unit}")
    return Decimal(1)
