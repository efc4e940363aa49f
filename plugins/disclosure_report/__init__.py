"""政府信息公开年度报告: the annual report, every figure of which is a query over live records."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

import click
from flask import Blueprint

from cms.api import Actor, Importer, MenuItem, Plugin, UnitOfWork, get_cms

from . import commands, decisions, desk, site
from .format_file import formats
from .importing import take_report
from .metrics import FIGURES, METRICS


def import_report(uow: UnitOfWork, record: Mapping[str, object], actor: Actor) -> bool:
    """Take in the record of a report and tell whether it changed anything; see :func:`.importing.take_report`."""
    return take_report(uow, get_cms().contributions.figures, formats(), record, actor=actor)


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
    importers: ClassVar[Mapping[str, Importer]] = {"report": import_report}

    def blueprints(self) -> Iterable[Blueprint]:
        """Return the pages of the desk and the public ones."""
        return (desk.make_blueprint(), site.make_blueprint())

    def commands(self) -> Iterable[click.Command]:
        """Return ``cms report``."""
        return (commands.report_group(),)


plugin = DisclosureReport()
