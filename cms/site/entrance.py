"""The disclosure entrance ``/zwgk/`` (政府信息公开专栏), its guide, and the pages of the clauses of 条例 art. 20."""

from math import ceil

from flask import Blueprint, request

from cms.catalogue import listing, terms
from cms.catalogue.disclosure import BLOCKS, COLUMN_TYPES
from cms.catalogue.guide import guide as guide_of
from cms.catalogue.guide import state_of
from cms.catalogue.listing import CatalogueFilter, Group
from cms.content import queries
from cms.content.models import Content
from cms.documents.writers.html import as_html
from cms.kernel.errors import NotFound
from cms.kernel.i18n import gettext as _
from cms.sections.models import Section
from cms.site.contexts import ItemLine, Link, Pager
from cms.site.entrance_pages import Clause, ClausesPage, DisclosurePage, EntranceBlock, GuidePage
from cms.site.frame import Frame, frame
from cms.web.disclosure import guide_facts
from cms.web.public import DISCLOSURE
from cms.web.render import render
from cms.web.state import read_session
from cms.web.urls import absolute, path_of

PER_PAGE = 20
_NEWEST, _PER_BLOCK = 8, 5
HOME = f"/{DISCLOSURE}/"
#: Addresses of the pages that every site has.
PAGES = (HOME, f"{HOME}guide/", f"{HOME}content/", f"{HOME}catalogue/")

blueprint = Blueprint("disclosure", __name__, url_prefix=f"/{DISCLOSURE}")


def home_section(here: Frame) -> Section | None:
    """Return the section whose place the entrance takes, if the site has it."""
    found = here.sections.by_path.get(DISCLOSURE)
    return found if found is not None and here.is_active(found) else None


def breadcrumbs(here: Frame, *more: Link) -> list[Link]:
    """Return the way to a page of the entrance."""
    section = home_section(here)
    way = here.breadcrumbs(section) if section else [*here.breadcrumbs(), Link(_("政府信息公开"), path_of(HOME))]
    return [*way, *more]


def clauses_of(found: list[Group]) -> list[Clause]:
    """Return all clauses with their counts; those without items as well, because the list is the law's."""
    counts: dict[str, int] = {}
    for group in found:
        counts[group.clause] = counts.get(group.clause, 0) + group.items
    return [
        Clause(code=code, label=label, path=path_of(f"{HOME}content/{code}/"), count=counts.get(code, 0))
        for code, label in terms.ARTICLE_20
    ]


@blueprint.get("/")
def entrance() -> str:
    """Show the blocks of the entrance in the order that the office has chosen."""
    here, session = frame(), read_session()
    facts, section = guide_facts(here.cms, session), home_section(here)
    found = listing.groups(session, here.condition)
    sections = _sections_by_block(here)
    newest = queries.latest_by_section(
        session, here.condition, [one.id for code in sections for one in sections[code]], limit=_PER_BLOCK
    )
    lines = listing.lines(session, here.condition, CatalogueFilter(), limit=_NEWEST)
    blocks = [_block(here, code, sections[code], newest) for code in facts.own.blocks]
    page = DisclosurePage(
        **here.values(section), title=section.title if section else _("政府信息公开"), breadcrumbs=breadcrumbs(here),
        labels=_labels(here, section), canonical=absolute(HOME), blocks=[one for one in blocks if one.links],
        clauses=clauses_of(found), facts=[(label, value) for label, value in facts.contact if value],
        items=[_line(here, one) for one in lines], catalogue_path=path_of(f"{HOME}catalogue/"),
    )  # fmt: skip
    return render(page)


def _labels(here: Frame, section: Section | None) -> dict[str, str]:
    labels = here.labels(section)
    if section is None:
        name = _("政府信息公开")
        labels |= dict.fromkeys(("ColumnName", "ColumnDescription", "ColumnKeywords"), name)
        labels["ColumnType"] = _("信息公开目录")
    return labels


def _sections_by_block(here: Frame) -> dict[str, list[Section]]:
    return {
        code: [one for one in here.sections.walk() if one.column_type == COLUMN_TYPES[code] and here.is_active(one)]
        for code in BLOCKS
    }


def _block(here: Frame, code: str, sections: list[Section], newest: dict[int, list[queries.Listed]]) -> EntranceBlock:
    own = {
        "guide": [Link(_("查看公开指南"), path_of(f"{HOME}guide/"))],
        "content": [
            Link(_("按条例第二十条查看"), path_of(f"{HOME}content/")),
            Link(_("政府信息公开目录"), path_of(f"{HOME}catalogue/")),
        ],
    }
    offered = [Link(_(one.label), path_of(one.path)) for one in here.cms.contributions.entrances if one.block == code]
    items = sorted(
        (listed for one in sections for listed in newest[one.id]),
        key=lambda listed: (listed.published_at is not None, listed.published_at), reverse=True,
    )  # fmt: skip
    return EntranceBlock(
        code=code, title=_(BLOCKS[code]), links=[*own.get(code, []), *offered, *map(here.link, sections)],
        items=[here.line(one) for one in items[:_PER_BLOCK]],
    )  # fmt: skip


def _line(here: Frame, line: listing.CatalogueLine) -> ItemLine:
    return here.line(
        queries.Listed(line.id, "", line.section_id, line.title, line.summary, "", line.published_at, None)
    )


@blueprint.get("/guide/")
def guide() -> str:
    """Show the guide, generated from what the office has said of itself and the edition in force."""
    here, session = frame(), read_session()
    facts = guide_facts(here.cms, session)
    document = guide_of(facts)
    sections = [one.id for one in here.sections.walk() if one.column_type == COLUMN_TYPES["guide"]]
    condition = here.condition & Content.section_id.in_(sections)
    related = queries.listing(session, condition, limit=_PER_BLOCK) if sections else []
    labels = here.labels(home_section(here)) | {
        "ColumnName": _("政府信息公开指南"), "ColumnDescription": document.title, "ColumnKeywords": document.title,
        "ColumnType": COLUMN_TYPES["guide"],
    }  # fmt: skip
    page = GuidePage(
        **here.values(home_section(here)), title=document.title, breadcrumbs=breadcrumbs(here), labels=labels,
        canonical=absolute(f"{HOME}guide/"), body=as_html(document),
        confirmed_on=state_of(session, document).confirmation.confirmed_on,
        related=[here.line(one) for one in related],
    )  # fmt: skip
    return render(page)


@blueprint.get("/content/")
def clauses() -> str:
    """Show the clauses of 条例 art. 20 with how much is public under each."""
    here = frame()
    found = clauses_of(listing.groups(read_session(), here.condition))
    page = ClausesPage(
        **here.values(home_section(here)), title=_("法定主动公开内容"), breadcrumbs=breadcrumbs(here),
        labels=_labels(here, home_section(here)), canonical=absolute(f"{HOME}content/"), clauses=found,
    )  # fmt: skip
    return render(page)


@blueprint.get("/content/<code>/")
def clause(code: str) -> str:
    """Show the items of a clause.

    :raises NotFound: if there is no such clause, or no such page of it.
    """
    here, session = frame(), read_session()
    known = clauses_of(listing.groups(session, here.condition))
    chosen = next((one for one in known if one.code == code), None)
    number = max(1, request.args.get("page", 1, type=int))
    if chosen is None or number > (pages := max(1, ceil(chosen.count / PER_PAGE))):
        raise NotFound(code)
    lines = listing.lines(
        session, here.condition, CatalogueFilter(clause=code), limit=PER_PAGE, offset=(number - 1) * PER_PAGE
    )
    path = f"{HOME}content/{code}/"
    page = ClausesPage(
        **here.values(home_section(here)), title=chosen.label, labels=_labels(here, home_section(here)),
        breadcrumbs=breadcrumbs(here, Link(_("法定主动公开内容"), path_of(f"{HOME}content/"))), clauses=known,
        clause=chosen, items=[_line(here, one) for one in lines],
        canonical=absolute(path) + (f"?page={number}" if number > 1 else ""),
        pager=Pager(page=number, pages=pages, total=chosen.count, path=path_of(path) + "?page={page}"),
    )  # fmt: skip
    return render(page)
