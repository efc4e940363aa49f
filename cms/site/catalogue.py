"""The catalogue of government information (政府信息公开目录, 条例 2019 art. 12): table, facets, files."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from math import ceil
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from cms.catalogue import listing, terms
from cms.catalogue.listing import CatalogueFilter, CatalogueLine, Counted
from cms.documents.blocks import Cell, Table
from cms.documents.writers.xlsx import Sheet, as_xlsx
from cms.kernel.errors import NotFound
from cms.kernel.i18n import gettext as _
from cms.kernel.text import inert
from cms.site.contexts import FacetLink, Link, Pager
from cms.site.entrance import HOME, breadcrumbs, home_section
from cms.site.entrance_pages import CataloguePage, CatalogueRow, FacetList
from cms.site.frame import Frame, frame
from cms.web.render import day, render
from cms.web.state import read_session
from cms.web.urls import absolute, item_path, path_of

PER_PAGE = 30
#: Values of one facet that are shown; free words can be many.
MAX_VALUES = 20
#: A spreadsheet is built in memory, so it ends here; the CSV file goes on.
MAX_XLSX = 5000
_PATH = f"{HOME}catalogue/"
_LABELS = {"clause": "公开类别", "subject": "主题分类", "kind": "公文种类", "year": "生成年份"}
_COLUMNS = ("索引号", "名称", "内容概述", "生成日期", "文号", "公开日期", "发布机构", "网址")
_FIRST_YEAR, _LAST_YEAR = 1900, 9998

blueprint = Blueprint("catalogue", __name__, url_prefix=_PATH.rstrip("/"))


def asked_for() -> CatalogueFilter:
    """Return what the request asks for; a year that is none is left out."""
    values = {name: request.args.get(name, "").strip()[:80] for name in listing.FACETS}
    year = values["year"]
    is_year = year.isascii() and year.isdigit() and _FIRST_YEAR <= int(year[:6]) <= _LAST_YEAR
    return CatalogueFilter(**{**values, "year": year if is_year else ""})


@blueprint.get("/")
def catalogue() -> str:
    """Show the catalogue, newest first.

    :raises NotFound: if there is no such page.
    """
    here, session, asked = frame(), read_session(), asked_for()
    found = listing.counted(listing.groups(session, here.condition), asked)
    number, pages = max(1, request.args.get("page", 1, type=int)), max(1, ceil(found.total / PER_PAGE))
    if number > pages:
        raise NotFound(_PATH)
    lines = listing.lines(session, here.condition, asked, limit=PER_PAGE, offset=(number - 1) * PER_PAGE)
    section = home_section(here)
    name = _("政府信息公开目录")
    labels = here.labels(section) | {
        "ColumnName": name, "ColumnDescription": name, "ColumnKeywords": name, "ColumnType": _("信息公开目录"),
    }  # fmt: skip
    page = CataloguePage(
        **here.values(section), title=name, breadcrumbs=breadcrumbs(here), labels=labels,
        canonical=absolute(_address(CatalogueFilter(), page=number)), rows=[_row(here, one) for one in lines],
        facets=_facets(found, asked), chosen=_chosen(asked),
        pager=Pager(page=number, pages=pages, total=found.total, path=path_of(_address(asked, page="{page}"))),
        downloads=[
            Link("Excel", path_of(_address(asked, file="catalogue.xlsx"))),
            Link("CSV", path_of(_address(asked, file="catalogue.csv"))),
        ],
    )  # fmt: skip
    return render(page)


def _address(asked: CatalogueFilter, *, file: str = "", page: int | str = 1) -> str:
    """Return the address of a choice, from the root of the site; ``{page}`` stays for the pager."""
    query = urlencode({name: value for name, value in asdict(asked).items() if value})
    if page != 1:
        query += f"{'&' if query else ''}page={page}"
    return f"{_PATH}{file}" + (f"?{query}" if query else "")


def _row(here: Frame, line: CatalogueLine) -> CatalogueRow:
    section = here.sections.by_id[line.section_id]
    return CatalogueRow(
        index_no=line.index_no, title=line.title, path=path_of(item_path(section.path, line.id)), summary=line.summary,
        formed_on=line.formed_on, doc_no=line.doc_no, published_at=line.published_at,
        publisher=line.issuer or here.settings.organ_name or here.settings.site_name,
    )  # fmt: skip


def _shown(name: str, value: str) -> str:
    if name == "clause":
        return dict(terms.ARTICLE_20).get(value, value)
    return _("{year} 年").format(year=value) if name == "year" else value


def _facets(found: Counted, asked: CatalogueFilter) -> list[FacetList]:
    lists = []
    for facet in found.facets:
        mine = getattr(asked, facet.name)
        values = [one for n, one in enumerate(facet.values) if n < MAX_VALUES or one[0] == mine]
        links = []
        for value, count in values:
            target = (
                asked.without(facet.name) if value == mine else CatalogueFilter(**asdict(asked) | {facet.name: value})
            )
            label = _shown(facet.name, value)
            links.append(FacetLink(label, count, path_of(_address(target)), is_chosen=value == mine))
        lists.append(FacetList(name=facet.name, label=_(_LABELS[facet.name]), links=links, is_chosen=bool(mine)))
    return [one for one in lists if one.links]


def _chosen(asked: CatalogueFilter) -> list[Link]:
    values = [(name, value) for name, value in asdict(asked).items() if value]
    return [Link(_shown(name, value), path_of(_address(asked.without(name)))) for name, value in values]


def _cells(here: Frame, line: CatalogueLine) -> Sequence[str]:
    row = _row(here, line)
    section = here.sections.by_id[line.section_id]
    return (
        row.index_no, row.title, row.summary, day(row.formed_on), row.doc_no, day(row.published_at), row.publisher,
        absolute(item_path(section.path, line.id)),
    )  # fmt: skip


@blueprint.get("/catalogue.csv")
def catalogue_csv() -> Response:
    """Give every line that is asked for, written while it is read, so that its size does not matter."""
    here, asked = frame(), asked_for()
    condition, settings = here.condition, here.cms
    # Addresses and settings belong to the request, which is over when most lines are written.
    addresses = {one.id: absolute(f"/{one.path}/") for one in here.sections.walk()}
    publisher = here.settings.organ_name or here.settings.site_name

    def rows() -> Iterator[str]:
        yield "\ufeff" + _csv_line([_(label) for label in _COLUMNS])
        with settings.reading() as session:
            for line in listing.all_lines(session, condition, asked):
                yield _csv_line([
                    line.index_no, line.title, line.summary, day(line.formed_on), line.doc_no, day(line.published_at),
                    line.issuer or publisher, f"{addresses[line.section_id]}{line.id}.html",
                ])  # fmt: skip

    return _download(Response(rows(), mimetype="text/csv"), "csv")


def _csv_line(cells: Sequence[str]) -> str:
    target = io.StringIO()
    csv.writer(target).writerow([inert(cell) for cell in cells])
    return target.getvalue()


@blueprint.get("/catalogue.xlsx")
def catalogue_xlsx() -> Response:
    """Give the newest lines as a spreadsheet, ``MAX_XLSX`` at most; a note says if there are more."""
    here, asked = frame(), asked_for()
    lines = listing.lines(read_session(), here.condition, asked, limit=MAX_XLSX + 1)
    head = [Cell(_(label), is_header=True) for label in _COLUMNS]
    table = Table([head, *([Cell(text) for text in _cells(here, line)] for line in lines[:MAX_XLSX])])
    notes = [_("只列出最新的 {n} 条，完整目录请下载 CSV 文件。").format(n=MAX_XLSX)] if len(lines) > MAX_XLSX else []
    name = _("政府信息公开目录")
    content = as_xlsx([Sheet(name, table, title=name, notes=notes)], title=name)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(Response(content, mimetype=kind), "xlsx")


def _download(response: Response, ending: str) -> Response:
    name = quote(f"{_('政府信息公开目录')}.{ending}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
