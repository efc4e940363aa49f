"""Public pages of frozen reports: the list of years and the report itself, as a page and as files."""

from flask import Blueprint, Response, url_for

from cms.api import NotFound, absolute, frame, get_cms, read_session, render
from cms.api import gettext as _

from .charts import charts_of
from .files import OUTPUTS, as_download, kind_of
from .format_file import formats
from .kept_files import file_of, size_of
from .pages import FileLink, ReportPage, ReportsPage, YearLink, grids_of, numerals
from .reports import Current, final, final_years, public_codes
from .site_lists import NAME, breadcrumbs, figure

#: Files that a browser shows; the others are downloads. The page that stands alone has styles of its own, which the
#: site's rules for pages do not let in.
_SHOWN = frozenset({"json", "txt"})


def make_blueprint() -> Blueprint:
    """Return the routes below ``/reports/``."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/reports")
    blueprint.add_url_rule("/", view_func=reports)
    blueprint.add_url_rule("/<int:year>/", view_func=report)
    blueprint.add_url_rule("/<int:year>/report.<extension>", view_func=report_file)
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
        FileLink(
            kind.label, url_for(f"{NAME}.report_file", year=year, extension=kind.extension),
            kind.extension, size_of(found, kind),
        ) for kind in OUTPUTS.values()
    ]  # fmt: skip
    return render(
        ReportPage(
            **here.values(), title=shown.title, breadcrumbs=breadcrumbs(), labels=here.labels(),
            canonical=absolute(f"/reports/{year}/"), report=shown, numerals=numerals(shown), digest=found.digest,
            grids=grids_of(shown), charts=charts_of(shown, found.form),
            links={code: url_for(f"{NAME}.figure", year=year, code=code) for code in codes}, files=files,
        )
    )  # fmt: skip


def report_file(year: int, extension: str) -> Response:
    """Give the report of a year as a file."""
    kind = kind_of(extension)
    if kind is None:
        raise NotFound(extension)
    found = _final(year)
    content = file_of(found, kind)
    if extension in _SHOWN:
        return Response(content, mimetype=kind.media_type)
    return as_download(content, kind, found.report.title)


def _final(year: int) -> Current:
    return final(read_session(), formats(), year)
