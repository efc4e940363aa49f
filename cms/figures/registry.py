"""Where figures and cross tables of core and plugins meet, by code."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cms.figures.crosstab import CellAddress, Crosstab
from cms.figures.figure import Figure
from cms.kernel.errors import NotFound
from cms.kernel.i18n import gettext as _


@dataclass
class FigureRegistry:
    """The figures of one app; plugins meet here, by code. Iterating gives single figures, without cells of tables."""

    _figures: dict[str, Figure] = field(default_factory=dict, repr=False)
    _crosstabs: dict[str, Crosstab] = field(default_factory=dict, repr=False)

    def add(self, figure: Figure) -> None:
        """Register a figure.

        :raises ValueError: if its code is taken.
        """
        self._refuse_taken(figure.code)
        self._figures[figure.code] = figure

    def add_crosstab(self, crosstab: Crosstab) -> None:
        """Register a cross table; each of its cells can be found as a figure.

        :raises ValueError: if its code is taken.
        """
        self._refuse_taken(crosstab.code)
        self._crosstabs[crosstab.code] = crosstab

    def get(self, code: str) -> Figure | None:
        """Return a figure, or nothing if no enabled plugin has it; its value is then unknown, never 0.

        ``CODE.ROW.COLUMN`` is a cell of a cross table; a row or column left out means all of it.
        """
        found = self._figures.get(code)
        cell = None if found else self.cell(code)
        return cell[0].figure(*cell[1]) if cell else found

    def cell(self, code: str) -> tuple[Crosstab, CellAddress] | None:
        """Return the cross table whose cell, row, column or whole ``code`` names, with codes of row and column."""
        parts = code.split(".")
        for end in range(len(parts), 0, -1):
            crosstab = self._crosstabs.get(".".join(parts[:end]))
            address = crosstab.address(code) if crosstab else None
            if crosstab is not None and address is not None:
                return crosstab, address
        return None

    def require(self, code: str) -> Figure:
        """Return a figure.

        :raises NotFound: if no enabled plugin has it.
        """
        found = self.get(code)
        if found is None:
            raise NotFound(_("指标“{code}”不存在，或来源插件已停用。").format(code=code))
        return found

    def crosstabs(self) -> Iterator[Crosstab]:
        """Yield the cross tables."""
        yield from self._crosstabs.values()

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._figures.values())

    def _refuse_taken(self, code: str) -> None:
        if self.get(code) is not None:
            raise ValueError(f"figure {code!r} is already registered")
