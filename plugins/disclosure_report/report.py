"""The report as a value: everything that text, HTML, JSON and the snapshot show comes from here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from .lint.registry import Finding
from .tokens import Fragment


class Origin(StrEnum):
    """Where a number comes from."""

    COMPUTED = "computed"
    MANUAL = "manual"
    SUM = "sum"
    IMPLIED = "implied"
    #: 上年结转: what last year's report left over.
    CARRIED = "carried"
    #: 下级汇总: the sum of the reports of subordinate organs.
    COLLECTED = "collected"


@dataclass(frozen=True, kw_only=True)
class Number:
    """A figure or a cell of the report.

    :param value: what is reported; nothing if it is not known, which is never the same as 0.
    :param computed: what the live query says, if there is one. :param reason: why another value is reported.
    :param source: what proves a value entered by hand; ``has_evidence`` tells whether a scan is attached.
    :param problem: why there is no value. :param has_list: a list of records stands behind it.
    :param is_public: citizens may see that list. :param figure: the figure that a cell shows, if it shows one.
    :param sources: codes in the figure registry of what was counted; more than one are added up.
    :param parts: cells that a sum adds up.
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
    sources: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()

    @property
    def lists(self) -> tuple[str, ...]:
        """Return the codes of the figures whose lists stand behind it; snapshots of early versions do not name them."""
        return self.sources or ((self.code,) if self.has_list and not self.parts else ())

    @property
    def is_overridden(self) -> bool:
        """Tell whether another value is reported than the records give."""
        return self.origin is Origin.MANUAL and self.computed is not None and self.computed != self.value

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
    """A row of a table.

    :param number: the one number of a row of a list; missing in headings.
    :param above: headings that the row shares with its neighbours, the widest first.
    :param cells: the numbers of a row of a block, one for each of its columns.
    """

    code: str
    label: str
    depth: int = 0
    number: Number | None = None
    above: tuple[str, ...] = ()
    cells: tuple[Number, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a block, with the headings that it shares with its neighbours, the widest first."""

    code: str
    label: str
    above: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Block:
    """Rows and columns of numbers; a table of several blocks gives each a title."""

    title: str = ""
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


class Layout(StrEnum):
    """How a table is printed: a list of single numbers, rows below column heads, or everything side by side."""

    LIST = "list"
    ROWS = "rows"
    ACROSS = "across"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A statistics table: ``rows`` if it is a list, else ``blocks``.

    A cell of a list has the code of its row (``S1.1``), one of a block ``TABLE.ROW.COLUMN`` (``T3.A1.NP``).

    :param corner: text above the row headings. :param chapter: code of the chapter it stands in; empty: it is annexed.
    """

    code: str
    title: str
    basis: str
    rows: tuple[Row, ...] = ()
    blocks: tuple[Block, ...] = ()
    layout: Layout = Layout.LIST
    corner: str = ""
    chapter: str = ""

    @property
    def cells(self) -> dict[str, Number]:
        """Return the cells by code."""
        found = {row.code: row.number for row in self.rows if row.number is not None}
        return found | {number.code: number for block in self.blocks for row in block.rows for number in row.cells}


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter: ``text`` as written, ``paragraphs`` as rendered, ``table``: code of the table it consists of."""

    code: str
    title: str
    text: str
    paragraphs: tuple[tuple[Fragment, ...], ...]
    table: str = ""

    @property
    def lines(self) -> list[str]:
        """Return the rendered paragraphs as plain text."""
        return ["".join(fragment.text for fragment in paragraph) for paragraph in self.paragraphs]

    @property
    def plain(self) -> str:
        """Return the rendered text."""
        return "\n".join(self.lines)


@dataclass(frozen=True, kw_only=True)
class Previous:
    """What is known of the report of the year before: from our own frozen one, or from one that was entered.

    :param source: where it comes from, for people. :param figures: value by code. :param cells: value by cell.
    :param chapters: rendered text by code.
    """

    year: int
    source: str
    figures: Mapping[str, Decimal]
    cells: Mapping[str, Decimal]
    chapters: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A number as an erratum corrects it; ``old`` is empty where there was none."""

    code: str
    label: str
    unit: str
    old: str
    new: Decimal

    @property
    def new_shown(self) -> str:
        """Return the right value for people."""
        return plain(self.new)


@dataclass(frozen=True, kw_only=True)
class Correction:
    """更正: an erratum to a frozen report, which itself stays as it is."""

    corrected_on: date
    text: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The annual report of a year.

    :param contact: the sentence that says where to ask. :param previous: what is known of the year before.
    :param history: year before → figures and cells that charts show. :param errata: what was corrected after freezing.
    """

    year: int
    format: str
    organ: str
    title: str
    opening: str
    figures: Mapping[str, Number]
    tables: Mapping[str, Table]
    chapters: tuple[Chapter, ...]
    findings: tuple[Finding, ...] = ()
    contact: str = ""
    previous: Previous | None = None
    history: Mapping[int, Mapping[str, Decimal]] = field(default_factory=dict)
    errata: tuple[Correction, ...] = ()

    def numbers(self) -> Iterator[Number]:
        """Yield all figures, then all cells."""
        yield from self.figures.values()
        for table in self.tables.values():
            yield from table.cells.values()

    @property
    def corrected(self) -> dict[str, Decimal]:
        """Return the right value of each number that errata correct, by code."""
        return {change.code: change.new for erratum in self.errata for change in erratum.changes}

    @property
    def annexes(self) -> list[Table]:
        """Return the tables that stand in no chapter."""
        return [table for table in self.tables.values() if not table.chapter]

    @property
    def errors(self) -> list[Finding]:
        """Return the findings that forbid approval."""
        return [finding for finding in self.findings if finding.is_open_error]


def plain(value: Decimal) -> str:
    """Return a number without needless zeros and without exponent."""
    return f"{value.normalize():f}"
