"""Typed contexts of the pages below ``/zwgk/``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from cms.site.contexts import FacetLink, ItemLine, Link, Pager, SitePage


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A clause of 条例 (2019) art. 20 or 21 with how many public items it has."""

    code: str
    label: str
    path: str
    count: int


@dataclass(frozen=True, kw_only=True)
class EntranceBlock:
    """A block of the entrance. ``links`` lead to its pages and sections, ``items`` are the newest of its sections."""

    code: str
    title: str
    links: Sequence[Link]
    items: Sequence[ItemLine] = ()


@dataclass(frozen=True, kw_only=True)
class DisclosurePage(SitePage):
    """``/zwgk/``: the blocks in the order of the office. ``facts`` are label and value of the office's contact."""

    template: ClassVar[str] = "site/disclosure.html"
    blocks: Sequence[EntranceBlock]
    clauses: Sequence[Clause]
    facts: Sequence[tuple[str, str]]
    items: Sequence[ItemLine]
    catalogue_path: str


@dataclass(frozen=True, kw_only=True)
class GuidePage(SitePage):
    """``/zwgk/guide/``: the generated guide; ``confirmed_on`` is empty until an officer has confirmed it."""

    template: ClassVar[str] = "site/disclosure_guide.html"
    body: str
    confirmed_on: str
    related: Sequence[ItemLine]


@dataclass(frozen=True, kw_only=True)
class ClausesPage(SitePage):
    """``/zwgk/content/`` and, with ``clause``, ``/zwgk/content/<code>/``."""

    template: ClassVar[str] = "site/clauses.html"
    clauses: Sequence[Clause]
    clause: Clause | None = None
    items: Sequence[ItemLine] = ()
    pager: Pager | None = None


@dataclass(frozen=True, kw_only=True)
class CatalogueRow:
    """A line of the catalogue, ready to be shown."""

    index_no: str
    title: str
    path: str
    summary: str
    formed_on: date | None
    doc_no: str
    published_at: datetime | None
    publisher: str


@dataclass(frozen=True, kw_only=True)
class FacetList:
    """The values of a facet as links; the first link takes the choice back."""

    name: str
    label: str
    links: Sequence[FacetLink]
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class CataloguePage(SitePage):
    """``/zwgk/catalogue/``. ``downloads`` give the same lines as files; ``chosen`` take one choice back each."""

    template: ClassVar[str] = "site/catalogue.html"
    rows: Sequence[CatalogueRow]
    facets: Sequence[FacetList]
    chosen: Sequence[Link]
    pager: Pager
    downloads: Sequence[Link]
