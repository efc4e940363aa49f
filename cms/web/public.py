"""What public pages of the core and of plugins share: their typed base, menu, breadcrumbs, labels.

Plain values, never database rows. Themes may rely on every field. The frame is read once for each request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

from flask import g, request
from sqlalchemy import ColumnElement

from cms.content import queries
from cms.content.queries import Listed
from cms.kernel.i18n import gettext as _
from cms.media.models import Asset
from cms.sections.models import Section
from cms.sections.queries import SectionTree, tree
from cms.settings.services import SiteSettings, load
from cms.web.render import Page
from cms.web.state import Cms, get_cms, read_session
from cms.web.urls import absolute, item_path, path_of

#: First path segment of the disclosure entrance; a section that has it gives the entrance name and place in the menu.
DISCLOSURE = "zwgk"


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


class FrameValues(TypedDict):
    """The fields of :class:`SitePage` that do not depend on the page."""

    site: SiteSettings
    navigation: list[NavigationItem]
    is_noindex: bool


@dataclass(frozen=True)
class Frame:
    """Settings, sections and visibility for one request."""

    cms: Cms
    settings: SiteSettings
    sections: SectionTree

    @property
    def condition(self) -> ColumnElement[bool]:
        """Return the condition under which citizens see an item now."""
        return queries.visible(self.cms.clock.now(), self.cms.types.keys)

    def is_active(self, section: Section) -> bool:
        """Tell whether the section has a page: its content type, if it has one, is enabled."""
        return not section.default_type or self.cms.types.get(section.default_type) is not None

    def link(self, section: Section, current: Section | None = None) -> Link:
        """Return the link to a section."""
        return Link(section.title, path_of(f"/{section.path}/"), current is section)

    def values(self, current: Section | None = None) -> FrameValues:
        """Return what every page gets; ``current`` is the section it lies in."""
        line = self.sections.ancestors(current) if current else []
        navigation = [
            NavigationItem(
                section.title,
                path_of(f"/{section.path}/"),
                section in line,
                [
                    self.link(child, current)
                    for child in self.sections.children.get(section.id, [])
                    if self.is_active(child)
                ],
            )
            for section in self.sections.navigation()
            if self.is_active(section)
        ]
        here = request.path if current is None else ""
        own = self.sections.by_path.get(DISCLOSURE)
        if own is None or not self.is_active(own):
            home = f"/{DISCLOSURE}/"
            navigation.append(NavigationItem(_("政府信息公开"), path_of(home), here.startswith(home)))
        navigation += [
            NavigationItem(_(one.label), path_of(one.path), here.startswith(one.path))
            for one in self.cms.contributions.entrances
            if one.in_menu
        ]
        return {"site": self.settings, "navigation": navigation, "is_noindex": self.settings.is_demo}

    def breadcrumbs(self, section: Section | None = None) -> list[Link]:
        """Return the links from the home page down to ``section``."""
        line = self.sections.ancestors(section) if section else []
        return [Link(_("首页"), path_of("/")), *(self.link(one) for one in line)]

    def labels(self, section: Section | None = None) -> dict[str, str]:
        """Return the 网站标签 and, inside a section, the 栏目标签 (site-rules a.4)."""
        labels = {
            "SiteName": self.settings.site_name,
            "SiteDomain": absolute("/").split("//", 1)[1].split("/", 1)[0],
            "SiteIDCode": self.settings.site_id_code,
        }
        if section is not None:
            labels["ColumnName"] = section.title
            labels["ColumnDescription"] = section.description or section.title
            labels["ColumnKeywords"] = section.keywords or section.title
            labels["ColumnType"] = section.column_type or section.title
        return labels

    def line(self, listed: Listed, covers: dict[int, Asset] | None = None) -> ItemLine:
        """Return a row of a query as themes get it."""
        section = self.sections.by_id[listed.section_id]
        cover = (covers or {}).get(listed.cover_id or 0)
        return ItemLine(
            id=listed.id, type=listed.type, title=listed.title, path=path_of(item_path(section.path, listed.id)),
            summary=listed.summary, source=listed.source, published_at=listed.published_at,
            section=self.link(section), cover=picture(cover) if cover else None,
        )  # fmt: skip


def picture(asset: Asset, caption: str = "", alt: str = "") -> Picture:
    """Return an image asset as themes get it; ``alt`` is what the item says of it in place of the asset's own text."""
    return Picture(
        path=path_of(asset.path), alt=alt or asset.alt or caption, width=asset.width, height=asset.height,
        caption=caption,
    )  # fmt: skip


def frame() -> Frame:
    """Return the frame of the present request."""
    found: Frame | None = g.get("cms_frame")
    if found is None:
        session = read_session()
        found = g.cms_frame = Frame(get_cms(), load(session, SiteSettings), tree(session))
    return found
