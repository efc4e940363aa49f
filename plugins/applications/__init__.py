"""依申请公开: applications for information, answered inside the legal clocks (条例 arts 27 to 45)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import ClassVar

from flask import Blueprint

from cms.api import CalendarChanged, Entrance, Importer, MenuItem, Outlet, Plugin, RecurringJob, Role, get_cms, on

from . import desk, models, site, terms
from .exchange import export_applications, import_application, import_case
from .figures import CROSSTABS, FIGURES, METRICS
from .keeping import RETENTION
from .settings import TAB
from .watching import mark_lapses, recompute

__all__ = ["models", "plugin"]

_SIGNERS = frozenset({Role.REVIEWER, Role.PUBLISHER})


class Applications(Plugin):
    """The register of applications."""

    metrics = METRICS
    figures = FIGURES
    crosstabs = CROSSTABS
    settings = (TAB,)
    retentions = (RETENTION,)
    jobs = (RecurringJob(name="terms", every=timedelta(hours=1), run=mark_lapses),)
    menu = (
        MenuItem(
            label="依申请公开", endpoint="applications_desk.index", permission=terms.VIEW, icon="mail",
            group="登记与统计",
        ),
        MenuItem(
            label="复议诉讼", endpoint="applications_desk.cases", permission=terms.HANDLE, icon="scale",
            group="登记与统计",
        ),
    )  # fmt: skip
    outlets: ClassVar[Mapping[Outlet, Callable[..., str]]] = {Outlet.DESK_DASHBOARD: desk.panel}
    permissions: ClassVar[Mapping[str, frozenset[Role]]] = {
        terms.VIEW: _SIGNERS | {Role.OFFICER},
        terms.HANDLE: frozenset({Role.OFFICER}),
        terms.SIGN: _SIGNERS,
        TAB.permission: frozenset({Role.OFFICER, Role.SYSTEM_ADMIN}),
    }
    entrances = (Entrance("依申请公开", "/applications/", block="apply"),)
    exporters = (export_applications,)
    importers: ClassVar[Mapping[str, Importer]] = {
        "application": import_application, "application_case": import_case,
    }  # fmt: skip
    reserved_paths = frozenset({"applications"})

    def blueprints(self) -> Iterable[Blueprint]:
        """Return the public pages and those of the desk."""
        return (site.make_blueprint(), desk.make_blueprint())

    @on(CalendarChanged)
    def recompute(self, event: CalendarChanged) -> None:
        """Compute the days of open applications anew when a calendar is imported or changed."""
        del event
        recompute(get_cms())


plugin = Applications()
