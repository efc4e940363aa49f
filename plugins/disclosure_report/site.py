"""Public pages of frozen reports: the list of years and the report itself, as a page and as files."""

from flask import Blueprint, Response, url_for

from cms.api import absolute, frame, get_cms, read_session, render
from cms.api import gettext as _

from .charts import charts_of
from .format_file import formats
from .outputs import as_json, as_text
from .pages import ReportPage, ReportsPage, YearLink, grids_of, numerals
from .reports import Current, final, final_years, public_codes
from .site_lists import NAME, breadcrumbs, figure


def make_blueprint() -> Blueprint:
    """Return the routes below ``/reports/``."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/reports")
    blueprint.add_url_rule("/", view_func=reports)
    blueprint.add_url_rule("/<int:year>/", view_func=report)
    blueprint.add_url_rule("/<int:year>/report.txt", view_func=report_text)
    blueprint.add_url_rule("/<int:year>/report.json", view_func=report_json)
    blueprint.add_url_rule("/<int:year>/figures/<code>", view_func=figure)
    return blueprint


def reports() -> str:
    """List the years whose report has been published."""
    here, session = frame(), read_session()
    years = [
        YearLink(year, final(session, formats(), year).report.title, url_for(f"{NAME}.report", year=year))
        for year in final_years(session)
    ]
    title = _("政府信息公开年度报告")
    return render(
        ReportsPage(
            **here.values(), title=title, breadcrumbs=here.breadcrumbs(),
            labels=here.labels(), canonical=absolute("/reports/"), years=years,
        )
    )  # fmt: skip


def report(year: int) -> str:
    """Show the report of a year; its numbers link to the records they count."""
    found, here = _final(year), frame()
    shown = found.report
    codes = public_codes(shown, get_cms().contributions.figures)
    files = [
        (_("文本"), url_for(f"{NAME}.report_text", year=year)),
        ("JSON", url_for(f"{NAME}.report_json", year=year)),
    ]
    return render(
        ReportPage(
            **here.values(), title=shown.title, breadcrumbs=breadcrumbs(), labels=here.labels(),
            canonical=absolute(f"/reports/{year}/"), report=shown, numerals=numerals(shown), digest=found.digest,
            grids=grids_of(shown), charts=charts_of(shown, found.form),
            links={code: url_for(f"{NAME}.figure", year=year, code=code) for code in codes}, files=files,
        )
    )  # fmt: skip


def report_text(year: int) -> Response:
    """Give the report of a year as plain text."""
    return Response(as_text(_final(year).report), mimetype="text/plain")


def report_json(year: int) -> Response:
    """Give the report of a year as JSON."""
    return Response(as_json(_final(year).report), mimetype="application/json")


def _final(year: int) -> Current:
    return final(read_session(), formats(), year)
