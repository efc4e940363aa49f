"""Typed contexts of the pages of the core; what they share with plugins' pages lies in :mod:`cms.web.public`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from cms.content.fields import FieldValue
from cms.web.public import Attachment, ItemLine, Link, NavigationItem, Pager, Picture, SitePage

__all__ = [
    "Attachment", "Block", "FacetLink", "Fragment", "Hit", "HomePage", "ItemLine", "ItemPage", "Link",
    "NavigationItem", "Pager", "Picture", "SearchPage", "SectionPage", "SiteErrorPage", "SitePage",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Block:
    """A section with its newest items, as the home page shows it."""

    section: Link
    type: str
    items: Sequence[ItemLine]


@dataclass(frozen=True, kw_only=True)
class HomePage(SitePage):
    """``/``. ``headlines`` are the newest items with a cover picture."""

    template: ClassVar[str] = "site/home.html"
    headlines: Sequence[ItemLine]
    blocks: Sequence[Block]


@dataclass(frozen=True, kw_only=True)
class SectionPage(SitePage):
    """``/<section path>/``. ``children`` are the sections below; ``siblings`` those of the side menu."""

    template: ClassVar[str] = "site/section.html"
    path: str
    description: str
    type: str
    children: Sequence[Link]
    siblings: Sequence[Link]
    items: Sequence[ItemLine]
    pager: Pager
    #: What the plugin of ``type`` adds, computed by its ``ContentType.list_extras`` (groups of guides, for instance).
    extras: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ItemPage(SitePage):
    """``/<section path>/<id>.html``. ``fields`` and ``catalogue`` hold the filled metadata by name, in order."""

    template: ClassVar[str] = "site/item.html"
    id: int
    type: str
    type_label: str
    body: str
    summary: str
    source: str
    issuer: str
    department: str
    keywords: Sequence[str]
    published_at: datetime | None
    updated_at: datetime
    fields: Mapping[str, FieldValue]
    catalogue: Mapping[str, FieldValue]
    pictures: Sequence[Picture]
    attachments: Sequence[Attachment]
    section: Link
    older: ItemLine | None
    newer: ItemLine | None
    related: Sequence[ItemLine]
    is_preview: bool = False
    #: What the type's plugin adds, computed by its ``ContentType.extras`` (relations of regulations, for instance).
    extras: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Fragment:
    """A run of text; ``is_hit`` runs are marked."""

    text: str
    is_hit: bool


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A found item, its title and snippet cut into fragments."""

    item: ItemLine
    title: Sequence[Fragment]
    snippet: Sequence[Fragment]
    type_label: str


@dataclass(frozen=True)
class FacetLink:
    """A way to narrow or widen the search."""

    label: str
    count: int
    path: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class SearchPage(SitePage):
    """``/search``."""

    template: ClassVar[str] = "site/search.html"
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[FacetLink]]
    pager: Pager
    sorts: Sequence[FacetLink]
    suggestion: str | None
    took_ms: int
    chosen: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class SiteErrorPage(SitePage):
    """404, 410, 500 … in the clothes of the site."""

    template: ClassVar[str] = "site/error.html"
    status: int
    lines: Sequence[str]
