"""What a figure is, and how its value and its list come from the one Select."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cms.kernel.clock import local_instant

#: Label of the column of a sum figure's Select whose values are added up.
QUANTITY = "quantity"


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included, in Asia/Shanghai."""

    first: date
    last: date

    @classmethod
    def year(cls, year: int) -> "Period":
        """Return the calendar year."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def begins_at(self) -> datetime:
        """Return the first instant of the period."""
        return local_instant(self.first)

    @property
    def ends_before(self) -> datetime:
        """Return the first instant after the period."""
        return local_instant(date.fromordinal(self.last.toordinal() + 1))


@dataclass(frozen=True, kw_only=True)
class ListColumn:
    """A column of the list behind a figure: name in the Select and Chinese heading.

    :param public: citizens see it where they see the list; evidence and remarks are for the desk only.
    """

    name: str
    label: str
    public: bool = True


#: A select of any columns.
AnySelect = Select[*tuple[Any, ...]]
Query = Callable[[Session, Period], AnySelect]


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number of the product.

    ``query`` gives labelled columns. A count figure's value is the number of its rows; a sum figure (``is_sum``) adds
    up the column labelled ``quantity``. Value and list cannot disagree, because they are the same Select.

    :param public: citizens may see the list; the desk always may.
    :param value_labels: column → stored code → Chinese label that lists show for it.
    """

    code: str
    label: str
    unit: str
    query: Query
    columns: tuple[ListColumn, ...]
    is_sum: bool = False
    public: bool = False
    help: str = ""
    value_labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def value(self, session: Session, period: Period) -> int:
        """Return the number for ``period``."""
        behind = self.query(session, period).order_by(None).subquery()
        number = func.coalesce(func.sum(behind.c[QUANTITY]), 0) if self.is_sum else func.count()
        return int(session.scalar(select(number).select_from(behind)) or 0)

    def rows(
        self, session: Session, period: Period, *, limit: int | None = None, offset: int = 0
    ) -> list[dict[str, Any]]:
        """Return the records behind the number."""
        query = self.query(session, period).limit(limit).offset(offset)
        return [dict(row._mapping) for row in session.execute(query)]  # noqa: SLF001 — SQLAlchemy's documented accessor

    def size(self, session: Session, period: Period) -> int:
        """Return how many records stand behind the number."""
        behind = self.query(session, period).order_by(None).subquery()
        return int(session.scalar(select(func.count()).select_from(behind)) or 0)
