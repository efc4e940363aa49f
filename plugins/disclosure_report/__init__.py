"""政府信息公开年度报告: the annual report, every figure of which is a query over live records."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import ClassVar

import click
from flask import Blueprint, has_app_context

from cms.api import (
    Actor,
    Cms,
    ContentPublished,
    Importer,
    MenuItem,
    Outlet,
    Plugin,
    QueuedJob,
    RecurringJob,
    UnitOfWork,
    get_cms,
    on,
)  # fmt: skip

from . import commands, dashboard, decisions, desk, kept_files, lifecycle, site, submission
from .format_file import formats
from .importing import take_past, take_report
from .metrics import FIGURES, METRICS
from .past import export_past
from .settings import TAB


def import_report(uow: UnitOfWork, record: Mapping[str, object], actor: Actor) -> bool:
    """Take in the record of a report and tell whether it changed anything; see :func:`.importing.take_report`."""
    return take_report(uow, get_cms().contributions.figures, formats(), record, actor=actor)


def note_publications(cms: Cms) -> None:
    """Note the reports whose item has become public; most of the time there is none, and nothing is written."""
    with cms.reading() as session:
        waiting = submission.awaits_publication(session)
    if waiting:
        with cms.unit_of_work() as uow:
            submission.note_publications(uow)


def import_past(uow: UnitOfWork, record: Mapping[str, object], actor: Actor) -> bool:
    """Take in the published report of a past year and tell whether it was new; see :func:`.importing.take_past`."""
    return take_past(uow, formats(), record, actor=actor)


class DisclosureReport(Plugin):
    """The annual report."""

    metrics = (*METRICS, *decisions.METRICS)
    figures = FIGURES
    crosstabs = decisions.CROSSTABS
    menu = (
        MenuItem(
            label="年度报告", endpoint="disclosure_report_desk.years", permission="report.edit", icon="book",
            group="登记与统计",
        ),
    )  # fmt: skip
    reserved_paths = frozenset({"reports"})
    importers: ClassVar[Mapping[str, Importer]] = {"report": import_report, "past_report": import_past}
    exporters = (export_past,)

    settings = (TAB,)
    outlets: ClassVar[Mapping[Outlet, Callable[..., str]]] = {Outlet.DESK_DASHBOARD: dashboard.panel}
    jobs = (
        RecurringJob(name="publications", every=timedelta(minutes=1), run=note_publications),
        QueuedJob(name=lifecycle.FILES_JOB, run=kept_files.make_files),
    )

    @on(ContentPublished)
    def notice_publication(self, _event: ContentPublished) -> None:
        """See at once when the item of a submitted report becomes public; the job does it for scheduled ones."""
        if has_app_context():
            note_publications(get_cms())

    def blueprints(self) -> Iterable[Blueprint]:
        """Return the pages of the desk and the public ones."""
        return (desk.make_blueprint(), site.make_blueprint())

    def commands(self) -> Iterable[click.Command]:
        """Return ``cms report``."""
        return (commands.report_group(),)


plugin = DisclosureReport()
