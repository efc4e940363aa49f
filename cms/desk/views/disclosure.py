"""The coverage of the clauses of 条例 art. 20, and the guide that the officer confirms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.catalogue import listing, terms
from cms.catalogue.disclosure import DisclosureSettings
from cms.catalogue.guide import GuideState, confirm, guide, state_of
from cms.catalogue.listing import ClauseCoverage
from cms.content.queries import visible
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.figures.figure import Period
from cms.kernel.clock import local_date
from cms.kernel.errors import Conflict
from cms.kernel.i18n import gettext as _
from cms.sections.queries import SectionTree, tree
from cms.web.disclosure import guide_facts
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session
from cms.web.urls import path_of

_FIRST_YEAR, _LAST_YEAR = 1990, 2100


@dataclass(frozen=True)
class CoverageRow:
    """A clause with what is public under it, its public page, and where to write an item for it."""

    code: str
    label: str
    in_year: int
    ever: int
    last_at: datetime | None
    url: str
    new_url: str


@dataclass(frozen=True, kw_only=True)
class CoveragePage(DeskPage):
    """``/desk/coverage``."""

    template: ClassVar[str] = "desk/disclosure/coverage.html"
    rows: Sequence[CoverageRow]
    year: int
    empty: int


@dataclass(frozen=True, kw_only=True)
class GuideDeskPage(DeskPage):
    """``/desk/guide``. ``missing`` are the facts of art. 12 that nobody has filled in."""

    template: ClassVar[str] = "desk/disclosure/guide.html"
    state: GuideState
    missing: Sequence[str]
    public_url: str
    settings_url: str


@blueprint.get("/coverage")
@permission("catalogue.manage")
def coverage() -> str:
    """Show under which clauses nothing has been published."""
    session, cms = read_session(), get_cms()
    now = cms.clock.now()
    year = request.args.get("year", 0, type=int)
    year = year if _FIRST_YEAR <= year <= _LAST_YEAR else local_date(now).year
    period = Period.year(year)
    found = listing.coverage(session, visible(now, cms.types.keys), period.begins_at, period.ends_before)
    sections = tree(session)
    rows = [_row(sections, code, label, found.get(code, ClauseCoverage())) for code, label in terms.ARTICLE_20]
    page = CoveragePage(
        **desk_values(), title=_("公开目录"), rows=rows, year=year, empty=sum(not one.in_year for one in rows),
        lead=_("按条例第二十条、第二十一条逐项查看公开情况，只计公众现在看得到的主动公开内容。"),
    )  # fmt: skip
    return render(page)


def _row(sections: SectionTree, code: str, label: str, found: ClauseCoverage) -> CoverageRow:
    """Link to the form of a section whose items get this clause; else to the choice of types."""
    section = next(
        (
            one
            for one in sections.walk()
            if one.defaults.get("catalog_node") == code and get_cms().types.get(one.default_type)
        ),
        None,
    )
    new_url = (
        url_for("desk.content_create", kind=section.default_type, section=section.id)
        if section
        else url_for("desk.content_new")
    )
    return CoverageRow(
        code, label, found.in_year, found.ever, found.last_at, path_of(f"/zwgk/content/{code}/"), new_url
    )


@blueprint.get("/guide", endpoint="guide")
@permission("catalogue.manage")
def show_guide() -> str:
    """Show whether the guide is what was confirmed, and what has changed since."""
    session = read_session()
    facts = guide_facts(get_cms(), session)
    page = GuideDeskPage(
        **desk_values(), title=_("公开指南"), state=state_of(session, guide(facts)), missing=facts.missing,
        public_url=path_of("/zwgk/guide/"), settings_url=url_for("desk.settings_tab", key=DisclosureSettings.key),
        lead=_("指南由设置和现行条例自动生成；内容有变化时请重新核对。"),
    )  # fmt: skip
    return render(page)


@blueprint.post("/guide/confirm")
@permission("catalogue.manage")
def guide_confirm() -> ResponseReturnValue:
    """Confirm the guide that was shown."""
    cms = get_cms()
    try:
        with cms.unit_of_work() as uow:
            document = guide(guide_facts(cms, uow.session))
            confirm(uow, document, actor=current_actor(), digest=request.form.get("digest", ""))
    except Conflict as refused:
        flash(str(refused), "warning")
    else:
        flash(_("已确认公开指南。"), "success")
    return redirect(url_for("desk.guide"))
