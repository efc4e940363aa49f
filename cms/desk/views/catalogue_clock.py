"""公开时限: what waits beyond its limit, and what became public late, with the days that were counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from flask import request, url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cms.accounts.queries import departments
from cms.catalogue.clock import PublicationClock, spec_on
from cms.catalogue.waiting import waiting, waiting_count
from cms.content.models import Content, Publication
from cms.desk.blueprint import blueprint
from cms.desk.catalogue_tabs import Tab, catalogue_tabs
from cms.desk.contexts import DeskPage, desk_values
from cms.figures.catalogue import LATE, PUBLISHED
from cms.figures.figure import Period
from cms.kernel.clock import local_date
from cms.kernel.i18n import gettext as _
from cms.web.lists import Paging, paging
from cms.web.login import permission
from cms.web.render import render
from cms.web.state import get_cms, read_session
from cms.workdays.calendar import WorkCalendar
from cms.workdays.clocks import Clock, StripDay, day_strip, standing
from cms.workdays.queries import load_calendar

#: Each line carries its strip of days.
PER_PAGE = 20
_FIRST_YEAR, _LAST_YEAR = 2008, 2100


@dataclass(frozen=True)
class LateLine:
    """An item that is or was late; ``late`` counts working days after the limit. ``public_on`` is nothing yet."""

    title: str
    url: str
    department: str
    formed_on: date
    due_on: date
    limit_days: int
    is_estimated: bool
    public_on: date | None
    late: int
    strip: Sequence[StripDay]


@dataclass(frozen=True, kw_only=True)
class ClockPage(DeskPage):
    """``/desk/catalogue``: ``view`` is ``waiting`` or ``late``; ``year`` is that of publication."""

    template: ClassVar[str] = "desk/catalogue/clock.html"
    tabs: Sequence[Tab]
    view: str
    views: Sequence[Tab]
    lines: Sequence[LateLine]
    paging: Paging
    year: int
    department: str
    departments: Sequence[tuple[str, str]]
    published: int
    late: int


@blueprint.get("/catalogue")
@permission("catalogue.manage")
def catalogue() -> str:
    """Show what is late: what is not public yet, or what became public late in a year."""
    session, cms = read_session(), get_cms()
    now, office = cms.clock.now(), request.args.get("department", "")
    year = request.args.get("year", 0, type=int)
    year = year if _FIRST_YEAR <= year <= _LAST_YEAR else local_date(now).year
    view = "late" if request.args.get("view") == "late" else "waiting"
    period, figures = Period.year(year), cms.contributions.figures
    counts = {"waiting": waiting_count(session, now), "late": figures.require(LATE).value(session, period)}
    query = _late(session, period, office) if view == "late" else _waiting(office)
    here = paging(session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0, PER_PAGE)
    offices = [(str(one.id), one.name) for one in departments(session)]
    page = ClockPage(
        **desk_values(), title=_("公开时限"), tabs=catalogue_tabs("desk.catalogue"), view=view, year=year,
        views=_views(view, year, counts), lines=_lines(session, query.limit(here.per_page).offset(here.offset)),
        paging=here, department=office, departments=offices, late=counts["late"],
        published=figures.require(PUBLISHED).value(session, period),
        lead=_("自形成或者变更之日起 20 个工作日内公开（《条例》第二十六条）；标准目录另有规定的，从其规定。"),
    )  # fmt: skip
    return render(page)


def _views(view: str, year: int, counts: dict[str, int]) -> list[Tab]:
    labels = (("waiting", _("逾期未公开")), ("late", _("{year} 年逾期公开").format(year=year)))
    return [
        Tab(label=label, url=url_for("desk.catalogue", view=key, year=year), active=key == view, count=counts[key])
        for key, label in labels
    ]


def _waiting(office: str) -> Select[*tuple[Any, ...]]:
    clock = PublicationClock
    query = waiting(get_cms().clock.now()).with_only_columns(
        Content.id.label("content_id"), Content.title, Content.department_id, clock.formed_on, clock.due_on,
        clock.limit_days, clock.is_estimated,
    )  # fmt: skip
    return query.where(Content.department_id == int(office)) if office.isdecimal() else query


def _late(session: Session, period: Period, office: str) -> Select[*tuple[Any, ...]]:
    """Return the very list behind the figure."""
    query = get_cms().contributions.figures.require(LATE).query(session, period)
    query = query.add_columns(PublicationClock.is_estimated)
    return query.where(Publication.department_id == int(office)) if office.isdecimal() else query


def _lines(session: Session, query: Select[*tuple[Any, ...]]) -> list[LateLine]:
    found = session.execute(query).all()
    calendar = load_calendar(session) if found else WorkCalendar(())
    offices = {one.id: one.name for one in departments(session)}
    return [_line(row, calendar, offices) for row in found]


def _line(row: Any, calendar: WorkCalendar, offices: dict[int, str]) -> LateLine:  # noqa: ANN401 — a row of either select
    cms = get_cms()
    at = getattr(row, "effective_at", None)
    public_on, today = (local_date(at) if at else None), local_date(cms.clock.now())
    spec = spec_on(cms.editions, row.formed_on, row.limit_days)
    clock = Clock(spec, row.formed_on, stopped_on=public_on) if spec else None
    return LateLine(
        title=row.title, url=url_for("desk.content_show", content_id=row.content_id), public_on=public_on,
        department=offices.get(row.department_id or 0, ""), formed_on=row.formed_on, due_on=row.due_on,
        limit_days=row.limit_days, is_estimated=row.is_estimated,
        late=standing(clock, calendar, today, estimate=True).late if clock else 0,
        strip=day_strip(clock, calendar, estimate=True) if clock else (),
    )  # fmt: skip
