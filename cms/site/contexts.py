"""Typed contexts of the public pages: plain values, never database rows. Themes may rely on every field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from cms.content.fields import FieldValue
from cms.settings.services import SiteSettings
from cms.web.render import Page


@dataclass(frozen=True)
class Link:
    """A link; ``path`` is complete, with the base path of the site."""

    label: str
    path: str
    is_current: bool = False


@dataclass(frozen=True)
class NavigationItem:
    """A section in the menu, with those directly below it."""

    label: str
    path: str
    is_current: bool
    children: Sequence[Link] = ()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An image with everything an ``img`` element needs."""

    path: str
    alt: str
    width: int | None
    height: int | None
    caption: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file to download. ``size`` is in bytes, ``extension`` with its dot."""

    path: str
    name: str
    extension: str
    size: int


@dataclass(frozen=True, kw_only=True)
class ItemLine:
    """An item in a list."""

    id: int
    type: str
    title: str
    path: str
    summary: str
    source: str
    published_at: datetime | None
    section: Link
    cover: Picture | None = None


@dataclass(frozen=True, kw_only=True)
class Pager:
    """Pages of a list. ``path`` holds ``{page}`` where the number goes."""

    page: int
    pages: int
    total: int
    path: str

    def to(self, page: int) -> str:
        """Return the address of a page."""
        return self.path.replace("{page}", str(page))

    @property
    def window(self) -> list[int | None]:
        """Return the numbers to show; ``None`` stands for a gap."""
        near = {1, self.pages, *range(max(1, self.page - 2), min(self.pages, self.page + 2) + 1)}
        shown: list[int | None] = []
        for number in sorted(near):
            if shown and shown[-1] is not None and number - shown[-1] > 1:
                shown.append(None)
            shown.append(number)
        return shown


@dataclass(frozen=True, kw_only=True)
class SitePage(Page):
    """What every public page has.

    ``labels`` are the 网页标签 (``meta`` name → content, site-rules a.4); ``canonical`` is the public address.
    """

    site: SiteSettings
    navigation: Sequence[NavigationItem]
    breadcrumbs: Sequence[Link] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    canonical: str = ""
    is_noindex: bool = False
    feed_path: str = ""
    query: str = ""


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
