"""The report in the desk: list of years, readiness, values entered by hand, chapters, approval, freezing, files."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from cms.api import (
    Actor,
    FigureRegistry,
    Invalid,
    NotAllowed,
    NotFound,
    UnitOfWork,
    current_actor,
    get_cms,
    local_date,
    permission,
    read_session,
    render_in_desk,
)  # fmt: skip
from cms.api import gettext as _

from . import (
    desk_chapter,
    desk_collecting,
    desk_entry,
    desk_grid,
    desk_lint,
    desk_past,
    desk_states,
    lifecycle,
    manual,
    reports,
)
from .charts import charts_of
from .desk_pages import (
    NAME,
    DeskReportPage,
    OpenForm,
    StandingFilter,
    YearLine,
    YearsPage,
    crumbs,
    current_of,
    origin_labels,
    origin_marks,
    report_url,
    state_label,
    tab_labels,
    tabs_of,
)  # fmt: skip
from .files import OUTPUTS, as_download, kind_of
from .format_file import Formats, formats
from .kept_files import file_of
from .models import AnnualReport, State
from .pages import desk_figure_links, grids_of, numerals
from .past import YEARS_BACK
from .readiness import (
    ATTENTION,
    Countdown,
    Group,
    Item,
    chosen,
    countdown,
    counts_of,
    grouped,
    items_of,
    standing_labels,
)  # fmt: skip
from .reports import Current


class ReadinessValues(TypedDict):
    """What the page of a report gets of :mod:`.readiness`."""

    counts: Mapping[str, int]
    countdown: Countdown
    filters: Sequence[StandingFilter]
    items: Sequence[Item | Group]


Step = Callable[[UnitOfWork, FigureRegistry, Formats, int, Actor], None]


def make_blueprint() -> Blueprint:
    """Return the routes below ``/desk/report/``."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/desk/report")
    guard = permission(manual.PERMISSION)
    blueprint.add_url_rule("/", "years", guard(years))
    blueprint.add_url_rule("/open", "open", guard(open_year), methods=["POST"])
    blueprint.add_url_rule("/<int:year>/", "overview", guard(overview))
    blueprint.add_url_rule("/<int:year>/manual/<code>", "manual", guard(desk_entry.enter), methods=["GET", "POST"])
    blueprint.add_url_rule("/<int:year>/values", "values", guard(desk_entry.enter_all), methods=["GET", "POST"])
    blueprint.add_url_rule("/<int:year>/grid/<code>", "grid", guard(desk_grid.enter), methods=["GET", "POST"])
    blueprint.add_url_rule("/past/<int:year>", "past", guard(desk_past.edit), methods=["GET", "POST"])
    blueprint.add_url_rule("/<int:year>/chapters/<code>", "chapter", guard(desk_chapter.edit), methods=["GET", "POST"])
    blueprint.add_url_rule("/<int:year>/state/<name>", "step", guard(step), methods=["POST"])
    blueprint.add_url_rule(
        "/<int:year>/subordinates", "subordinates", guard(desk_collecting.edit), methods=["GET", "POST"]
    )
    blueprint.add_url_rule("/<int:year>/submit", "submit", guard(desk_states.submit), methods=["GET", "POST"])
    blueprint.add_url_rule("/<int:year>/publish", "publish", guard(desk_states.publish), methods=["GET", "POST"])
    blueprint.add_url_rule("/<int:year>/errata", "errata", guard(desk_states.errata), methods=["GET", "POST"])
    blueprint.add_url_rule("/<int:year>/report.<kind>", "download", guard(download))
    desk_lint.add_routes(blueprint)
    return blueprint


def years() -> str:
    """List the reports, and offer the years that have none yet."""
    session = read_session()
    rows = list(session.scalars(select(AnnualReport).order_by(AnnualReport.year.desc())))
    lines = [
        YearLine(row.year, state_label(row.state), formats().named(row.format).label, report_url(row.year))
        for row in rows
    ]
    form = OpenForm()
    form.year.choices = [(year, str(year)) for year in _offered({row.year for row in rows})]
    lead = _("每个数字都来自网站记录和登记簿；固化后的报告不再变动，并在网站公布。")
    page = YearsPage(
        title=_("政府信息公开年度报告"), lead=lead, years=lines, past=_past({row.year for row in rows}), form=form
    )
    return render_in_desk(page)


def _past(made_here: set[int]) -> list[tuple[int, str]]:
    present = local_date(get_cms().clock.now()).year
    covered = {year for form in formats() for year in range(form.years[0], min(form.years[1], present - 1) + 1)}
    newest = sorted(covered - made_here, reverse=True)[:YEARS_BACK]
    return [(year, url_for(f"{NAME}.past", year=year)) for year in newest]


def _offered(taken: set[int]) -> list[int]:
    newest = local_date(get_cms().clock.now()).year
    covered = {year for form in formats() for year in range(form.years[0], min(form.years[1], newest) + 1)}
    return sorted(covered - taken, reverse=True)


def open_year() -> ResponseReturnValue:
    """Begin the report of a year."""
    year = request.form.get("year", type=int)
    if year is None:
        raise Invalid({"year": [_("请选择年度。")]})
    form = formats().for_year(year)
    with get_cms().unit_of_work() as uow:
        lifecycle.open_report(uow, year, form, actor=current_actor())
    return redirect(report_url(year))


def overview(year: int) -> str:
    """Show the report with its readiness, numbers, findings and chapters."""
    found = current_of(year)
    row = lifecycle.find(read_session(), year)
    is_open = row is not None and found.state == State.OPEN
    codes = manual.enterable(found.form, year) if is_open else {}
    tab = request.args.get("tab", "")
    tab = tab if tab in tab_labels() else "overview"
    enter = {code: url_for(f"{NAME}.manual", year=year, code=code) for code in codes}
    links = desk_figure_links(found.report)
    page = DeskReportPage(
        title=found.report.title, crumbs=crumbs(), report=found.report, row=row, state=state_label(found.state),
        state_kind=found.state or "", links=links, enter=enter, **_readiness(found, row),
        doubts={spec.code: spec.doubts() for spec in found.form.tables_of(year)},
        charts=charts_of(found.report, found.form), standings=standing_labels(),
        past_url=url_for(f"{NAME}.past", year=year - 1) if is_open and found.report.previous is None else "",
        cell_links=links | enter, grids=grids_of(found.report), marks=origin_marks(), origins=origin_labels(),
        table_urls={code: report_url(year, "tables", code) for code in found.report.tables},
        numerals=numerals(found.report), tab=tab, tabs=tabs_of(year, tab),
        panel=desk_lint.own_panel(found, is_open=is_open),
        files=[(kind.label, url_for(f"{NAME}.download", year=year, kind=kind.extension)) for kind in OUTPUTS.values()],
    )  # fmt: skip
    return render_in_desk(page)


def _readiness(found: Current, row: AnnualReport | None) -> ReadinessValues:
    year, wanted = found.report.year, request.args.get("standing", "")
    items = items_of(found.report)
    counts = counts_of(items)
    shown = [("", _("需要处理"), sum(counts.get(one, 0) for one in ATTENTION))]
    shown += [(one.value, standing_labels()[one], count) for one, count in counts.items()]
    shown.append(("all", _("全部"), len(items)))
    return {
        "counts": {one.value: count for one, count in counts.items()},
        "countdown": countdown(
            desk_states.due_of(year), local_date(get_cms().clock.now()), row.state if row is not None else None
        ),
        "filters": [
            StandingFilter(label, count, report_url(year, "readiness", standing=name), name == wanted)
            for name, label, count in shown
        ],
        "items": grouped(chosen(items, wanted)),
    }


def _approve(uow: UnitOfWork, figures: FigureRegistry, known: Formats, year: int, actor: Actor) -> None:
    reports.approve(uow, figures, known, year, actor=actor)


def _reopen(uow: UnitOfWork, _figures: FigureRegistry, _known: Formats, year: int, actor: Actor) -> None:
    lifecycle.reopen(uow, lifecycle.get(uow.session, year), actor=actor)


def _freeze(uow: UnitOfWork, figures: FigureRegistry, known: Formats, year: int, actor: Actor) -> None:
    reports.freeze(uow, figures, known, year, actor=actor)


_STEPS: dict[str, Step] = {"approve": _approve, "reopen": _reopen, "freeze": _freeze}


def step(year: int, name: str) -> ResponseReturnValue:
    """Approve the report, take the approval back, or freeze it."""
    if name not in _STEPS:
        raise NotFound(name)
    cms = get_cms()
    try:
        with cms.unit_of_work() as uow:
            _STEPS[name](uow, cms.contributions.figures, formats(), year, current_actor())
    except NotAllowed as error:
        for problem in error.problems:
            flash(problem, "error")
    else:
        flash(_("已完成。"), "success")
    return redirect(report_url(year))


def download(year: int, kind: str) -> Response:
    """Give the report as a file."""
    wanted = kind_of(kind)
    if wanted is None:
        raise NotFound(kind)
    found = current_of(year)
    return as_download(file_of(found, wanted), wanted, found.report.title)
