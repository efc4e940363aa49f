"""The report as a value: everything that text, HTML, JSON and the snapshot show comes from here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .tokens import Fragment


class Origin(StrEnum):
    """Where a number comes from."""

    COMPUTED = "computed"
    MANUAL = "manual"
    SUM = "sum"
    IMPLIED = "implied"


class Severity(StrEnum):
    """How grave a finding is: E must be mended before approval, W should be, I is worth knowing."""

    ERROR = "E"
    WARNING = "W"
    NOTE = "I"


@dataclass(frozen=True, kw_only=True)
class Number:
    """A figure or a cell of the report.

    :param value: what is reported; nothing if it is not known, which is never the same as 0.
    :param computed: what the live query says, if there is one. :param reason: why another value is reported.
    :param source: what proves a value entered by hand; ``has_evidence`` tells whether a scan is attached.
    :param problem: why there is no value. :param has_list: a list of records stands behind it.
    :param is_public: citizens may see that list. :param figure: the figure that a cell shows, if it shows one.
    """

    code: str
    label: str
    unit: str
    value: Decimal | None
    origin: Origin
    computed: Decimal | None = None
    reason: str = ""
    source: str = ""
    problem: str = ""
    has_list: bool = False
    is_public: bool = False
    has_evidence: bool = False
    figure: str = ""

    @property
    def is_overridden(self) -> bool:
        """Tell whether another value is reported than the records give."""
        return self.origin is Origin.MANUAL and self.computed is not None

    @property
    def shown(self) -> str:
        """Return the number for people, or why there is none."""
        return plain(self.value) if self.value is not None else f"（{self.problem}）"

    @property
    def computed_shown(self) -> str:
        """Return the computed value for people; empty without one."""
        return plain(self.computed) if self.computed is not None else ""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a statistics table; ``number`` is missing in headings."""

    code: str
    label: str
    depth: int
    number: Number | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A statistics table with its rows in order."""

    code: str
    title: str
    basis: str
    rows: tuple[Row, ...]

    @property
    def cells(self) -> dict[str, Number]:
        """Return the cells by code."""
        return {row.code: row.number for row in self.rows if row.number is not None}


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter: ``text`` as written, ``paragraphs`` as rendered."""

    code: str
    title: str
    text: str
    paragraphs: tuple[tuple[Fragment, ...], ...]

    @property
    def lines(self) -> list[str]:
        """Return the rendered paragraphs as plain text."""
        return ["".join(fragment.text for fragment in paragraph) for paragraph in self.paragraphs]

    @property
    def plain(self) -> str:
        """Return the rendered text."""
        return "\n".join(self.lines)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is wrong or missing. ``start`` and ``end`` count characters of the rendered chapter."""

    rule: str
    severity: Severity
    message: str
    excerpt: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """The annual report of a year."""

    year: int
    format: str
    organ: str
    title: str
    opening: str
    figures: Mapping[str, Number]
    tables: Mapping[str, Table]
    chapters: tuple[Chapter, ...]
    findings: tuple[Finding, ...] = ()

    def numbers(self) -> Iterator[Number]:
        """Yield all figures, then all cells."""
        yield from self.figures.values()
        for table in self.tables.values():
            yield from table.cells.values()

    @property
    def errors(self) -> list[Finding]:
        """Return the findings that forbid approval."""
        return [finding for finding in self.findings if finding.severity is Severity.ERROR]


def plain(value: Decimal) -> str:
    """Return a number without needless zeros and without exponent."""
    return f"{value.normalize():f}"
