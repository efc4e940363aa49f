"""Loads the plugin, so that test modules can import it; a way to record lines and to ask figures."""

from datetime import UTC, date, datetime

import pytest

from cms.accounts.policy import MACHINE, Role
from cms.figures.figure import Period
from cms.kernel.clock import FixedClock
from cms.pluginkit.discovery import bundled
from cms.pluginkit.loader import load
from cms.pluginkit.manifest import read

load(read(bundled("plugins") / "supervision", is_bundled=True))


@pytest.fixture
def clock():
    """Return a clock that stands after the years that the tests record."""
    return FixedClock(datetime(2018, 1, 8, 2, 0, tzinfo=UTC))


@pytest.fixture
def officer(sign_in):
    return sign_in(Role.OFFICER, username="zhuanyuan")


@pytest.fixture
def add(cms):
    """Return a function that records a line and gives its id."""
    from cms_plugins.supervision.entries import EntryInput, add_entry
    from cms_plugins.supervision.kinds import Kind

    def add(kind, day="2016-03-08", subject="新条例学习", source="培训签到册第3页", actor=MACHINE, **more):
        given = EntryInput(occurred_on=date.fromisoformat(day), subject=subject, source=source, **more)
        with cms.unit_of_work() as uow:
            return add_entry(uow, Kind(kind), given, actor=actor).id

    return add


@pytest.fixture
def change(cms):
    """Return a function that runs a service on a stored line."""
    from cms_plugins.supervision.models import Entry

    def change(service, entry_id, *arguments, actor=MACHINE, **more):
        with cms.unit_of_work() as uow:
            return service(uow, uow.session.get_one(Entry, entry_id), *arguments, actor=actor, **more).id

    return change


@pytest.fixture
def figure(cms):
    """Return a function that gives value and number of records of a figure in a year."""

    def figure(code, year=2016):
        with cms.reading() as session:
            found = cms.contributions.figures.require(code)
            return found.value(session, Period.year(year)), found.size(session, Period.year(year))

    return figure
