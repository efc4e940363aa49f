"""The panel of the annual report on the dashboard of the desk: what is due next, and how far it is."""

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from cms.api import NotFound, Page, can, current_actor, get_cms, load_settings, local_date, read_session, render
from cms.api import gettext as _

from . import lifecycle
from .desk_pages import report_url, state_label
from .format_file import Formats, formats
from .manual import PERMISSION
from .models import State
from .readiness import Countdown, Standing, countdown, counts_of, items_of
from .reports import current
from .settings import ReportSettings, due_on


@dataclass(frozen=True, kw_only=True)
class ReportPanel(Page):
    """The panel; its template gets the counts by the name of the state."""

    template: ClassVar[str] = "desk/disclosure_report/panel.html"
    year: int
    state: str
    countdown: Countdown
    missing: int
    without_evidence: int
    contradictory: int
    url: str
    readiness_url: str


def panel(**_others: object) -> str:
    """Return the panel for those who make the report, nothing for others."""
    if not can(current_actor(), PERMISSION):
        return ""
    session, known = read_session(), formats()
    year = year_due(session, known)
    if year is None:
        return ""
    found = current(session, get_cms().contributions.figures, known, year)
    counts = counts_of(items_of(found.report))
    due = due_on(known.edition_of(found.form), load_settings(session, ReportSettings), year)
    page = ReportPanel(
        title=_("{year} 年度报告").format(year=year), year=year, state=state_label(found.state),
        countdown=countdown(due, local_date(get_cms().clock.now()), found.state),
        missing=counts.get(Standing.MISSING, 0) + counts.get(Standing.OFF, 0),
        without_evidence=counts.get(Standing.WITHOUT_EVIDENCE, 0), contradictory=counts.get(Standing.CONTRADICTORY, 0),
        url=report_url(year), readiness_url=report_url(year, "readiness"),
    )  # fmt: skip
    return render(page)


def year_due(session: Session, known: Formats) -> int | None:
    """Return the year whose report is to be made now: last year until it is published, then the present one."""
    present = local_date(get_cms().clock.now()).year
    last = lifecycle.find(session, present - 1)
    year = present if last is not None and last.state is State.PUBLISHED else present - 1
    try:
        known.for_year(year)
    except NotFound:
        return None
    return year
