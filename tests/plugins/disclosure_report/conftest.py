"""Loads the plugin, so that test modules can import it, and offers what most of its tests begin with."""

from datetime import UTC, date, datetime

import pytest

from cms.accounts.policy import MACHINE
from cms.pluginkit.discovery import bundled
from cms.pluginkit.loader import load
from cms.pluginkit.manifest import read
from cms.registers.services import TallyInput, add_tally

ORGAN = "衡山县民政局"

load(read(bundled("plugins") / "disclosure_report", is_bundled=True))


@pytest.fixture
def form():
    """Return the format of 2016."""
    from cms_plugins.disclosure_report.format_file import formats

    return formats().for_year(2016)


@pytest.fixture
def report_of(cms, form):
    """Return a function that builds the live report of a year."""
    from cms_plugins.disclosure_report.building import build

    def report_of(year=2016):
        with cms.reading() as session:
            return build(session, cms.contributions.figures, year=year, form=form)

    return report_of


@pytest.fixture
def tally(cms):
    """Return a function that records a line of the tally register."""

    def tally(metric, quantity, *, on=date(2016, 3, 1), channel="", uow=None):
        given = TallyInput(metric=metric, occurred_on=on, quantity=quantity, source="登记簿第1页", channel=channel)
        if uow is not None:
            return add_tally(uow, cms.contributions.metrics, given, actor=MACHINE)
        with cms.unit_of_work() as own:
            return add_tally(own, cms.contributions.metrics, given, actor=MACHINE)

    return tally


@pytest.fixture
def opened(app, cms, form):
    """Open the report of 2016."""
    from cms_plugins.disclosure_report.lifecycle import open_report

    with app.app_context(), cms.unit_of_work() as uow:
        open_report(uow, 2016, form, actor=MACHINE)


@pytest.fixture
def enter(cms, form, opened):
    """Return a function that enters a value of 2016 by hand."""
    from cms_plugins.disclosure_report.manual import ManualInput, record_value

    def enter(code, value, source="登记簿第1页", actor=MACHINE, **more):
        given = ManualInput(code=code, value=str(value), source=source, **more)
        with cms.unit_of_work() as uow:
            return record_value(uow, cms.contributions.figures, form, 2016, given, actor=actor)

    return enter


@pytest.fixture
def complete(cms, enter, form):
    """Enter every value of 2016 that has to be entered, as 0, except one."""
    from cms_plugins.disclosure_report.manual import enterable, only_people_know

    for code, about in enterable(form, 2016).items():
        if only_people_know(cms.contributions.figures, about):
            enter(code, 1 if code == "S9.1" else 0)


@pytest.fixture
def after_the_year(clock):
    """Move the clock to January 2017."""
    clock.at = datetime(2017, 1, 12, 2, 0, tzinfo=UTC)


@pytest.fixture
def frozen(cms, complete, tally, after_the_year):
    """Freeze the report of 2016 with 5 letters and 3 visits."""
    from cms_plugins.disclosure_report import reports
    from cms_plugins.disclosure_report.format_file import formats

    tally("letters.leader_mailbox", 5)
    tally("consultations", 3, channel="onsite")
    with cms.unit_of_work() as uow:
        reports.approve(uow, cms.contributions.figures, formats(), 2016, actor=MACHINE)
        reports.freeze(uow, cms.contributions.figures, formats(), 2016, actor=MACHINE)
