"""Reading the catalogue (信息公开目录): lines, counts by facet, coverage of the clauses. Bounded at any size."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, extract, func, select
from sqlalchemy.orm import Session

from cms.catalogue.models import CatalogueEntry
from cms.content.models import Content

#: Facets in the order in which pages show them.
FACETS = ("clause", "subject", "kind", "year")


class Group(NamedTuple):
    """How many items share these four values."""

    clause: str
    subject: str
    kind: str
    year: str
    items: int


@dataclass(frozen=True, kw_only=True)
class CatalogueFilter:
    """What is asked of the catalogue; an empty value asks for nothing. ``year`` is that of 生成日期."""

    clause: str = ""
    subject: str = ""
    kind: str = ""
    year: str = ""

    def without(self, name: str) -> "CatalogueFilter":
        """Return the filter without one of its facets."""
        return replace(self, **{name: ""})

    def fits(self, group: Group) -> bool:
        """Tell whether the items of ``group`` are asked for."""
        return all(getattr(self, name) in {"", getattr(group, name)} for name in FACETS)

    @property
    def condition(self) -> ColumnElement[bool]:
        """Return the filter as a condition on :class:`~cms.catalogue.models.CatalogueEntry`."""
        asked = [CatalogueEntry.openness == "public"]
        if self.clause:
            asked.append(CatalogueEntry.catalog_node == self.clause)
        if self.subject:
            asked.append(CatalogueEntry.subject == self.subject)
        if self.kind:
            asked.append(CatalogueEntry.doc_kind == self.kind)
        if self.year:
            number = int(self.year)
            asked += [CatalogueEntry.formed_on >= date(number, 1, 1), CatalogueEntry.formed_on <= date(number, 12, 31)]
        return and_(*asked)


@dataclass(frozen=True)
class CatalogueLine:
    """A line of the catalogue: 条例 (2019) art. 12 asks for 索引, 名称, 内容概述, 生成日期."""

    id: int
    section_id: int
    title: str
    summary: str
    issuer: str
    published_at: datetime | None
    index_no: str
    doc_no: str
    formed_on: date | None


def _lines(visible: ColumnElement[bool], asked: CatalogueFilter) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Content.id, Content.section_id, Content.title, Content.summary, Content.issuer, Content.published_at,
            func.coalesce(CatalogueEntry.index_no, ""), CatalogueEntry.doc_no, CatalogueEntry.formed_on,
        )
        .join(CatalogueEntry, CatalogueEntry.content_id == Content.id)
        .where(visible, asked.condition)
        .order_by(Content.published_at.desc(), Content.id.desc())
    )  # fmt: skip


def lines(
    session: Session, visible: ColumnElement[bool], asked: CatalogueFilter, *, limit: int, offset: int = 0
) -> list[CatalogueLine]:
    """Return the newest lines of the catalogue that are asked for, in one query."""
    rows = session.execute(_lines(visible, asked).limit(limit).offset(offset))
    return [CatalogueLine(*row) for row in rows]


def all_lines(
    session: Session, visible: ColumnElement[bool], asked: CatalogueFilter, *, size: int = 1000
) -> Iterator[CatalogueLine]:
    """Yield every line that is asked for from one query, ``size`` in memory at a time."""
    query = _lines(visible, asked).execution_options(yield_per=size)
    for row in session.execute(query):
        yield CatalogueLine(*row)


def groups(session: Session, visible: ColumnElement[bool]) -> list[Group]:
    """Return how many public items share each clause, subject, kind and year: all facets from one query."""
    year = extract("year", CatalogueEntry.formed_on)
    entry = (CatalogueEntry.catalog_node, CatalogueEntry.subject, CatalogueEntry.doc_kind, year)
    query = (
        select(*entry, func.count())
        .select_from(Content)
        .join(CatalogueEntry, CatalogueEntry.content_id == Content.id)
        .where(visible, CatalogueFilter().condition)
        .group_by(*entry)
    )
    return [
        Group(clause, subject, kind, f"{int(formed):04d}" if formed is not None else "", count)
        for clause, subject, kind, formed, count in session.execute(query)
    ]


@dataclass(frozen=True)
class Facet:
    """The values of one facet with their counts under the other facets, the largest first; years newest first."""

    name: str
    values: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Counted:
    """How many items are asked for, and the facets around them."""

    total: int
    facets: Sequence[Facet] = field(default=())


def counted(found: Sequence[Group], asked: CatalogueFilter) -> Counted:
    """Return total and facets of ``asked``: each facet counts under the other ones."""
    facets = []
    for name in FACETS:
        other, values = asked.without(name), dict[str, int]()
        for group in found:
            value = getattr(group, name)
            if value and other.fits(group):
                values[value] = values.get(value, 0) + group.items
        ordered = sorted(values.items(), key=lambda one: (-one[1], one[0]))
        if name in {"clause", "year"}:
            ordered = sorted(values.items(), reverse=name == "year")
        facets.append(Facet(name, ordered))
    return Counted(sum(group.items for group in found if asked.fits(group)), facets)


@dataclass(frozen=True)
class ClauseCoverage:
    """What was published under a clause: items ever, in the year, and the moment of the last one."""

    ever: int = 0
    in_year: int = 0
    last_at: datetime | None = None


def coverage(
    session: Session, visible: ColumnElement[bool], begin: datetime, end: datetime
) -> Mapping[str, ClauseCoverage]:
    """Return what is public under each clause, in one query; the year runs from ``begin`` to before ``end``."""
    in_year = case((and_(Content.published_at >= begin, Content.published_at < end), 1), else_=0)
    query = (
        select(CatalogueEntry.catalog_node, func.count(), func.sum(in_year), func.max(Content.published_at))
        .select_from(Content)
        .join(CatalogueEntry, CatalogueEntry.content_id == Content.id)
        .where(visible, CatalogueFilter().condition, CatalogueEntry.catalog_node != "")
        .group_by(CatalogueEntry.catalog_node)
    )
    return {code: ClauseCoverage(ever, year, last) for code, ever, year, last in session.execute(query)}
