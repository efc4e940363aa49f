"""咨询信件: mailbox, counter, telephone, hotline; registered, assigned, answered in time, published, counted."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import ClassVar

from flask import Blueprint

from cms.api import (
    CalendarChanged,
    Entrance,
    Importer,
    MenuItem,
    Outlet,
    Plugin,
    RecurringJob,
    Role,
    SettingsTab,
    get_cms,
    on,
)  # fmt: skip

from . import desk, desk_tally, site
from .addresses import HOME
from .alarms import raise_alarms, reckon_open
from .crosstabs import CROSSTABS
from .dashboard import panel
from .erasing import RETENTION
from .exchange import export_letters, import_letter, import_limit
from .figures import FIGURES, METRICS
from .settings import LetterSettings
from .sheets import SHEETS
from .terms import TOPICS

_WRITERS = frozenset({Role.EDITOR, Role.REVIEWER, Role.PUBLISHER, Role.OFFICER})
_OFFICER = frozenset({Role.OFFICER})


class Letters(Plugin):
    """Letters of citizens."""

    metrics = METRICS
    topics = TOPICS
    figures = FIGURES
    crosstabs = CROSSTABS
    permissions: ClassVar[Mapping[str, frozenset[Role]]] = {
        "letters.view": _WRITERS,
        "letters.register": _WRITERS,
        "letters.answer": _WRITERS,
        "letters.reveal": _WRITERS,
        "letters.review": frozenset({Role.REVIEWER, Role.PUBLISHER, Role.OFFICER}),
        "letters.publish": frozenset({Role.PUBLISHER, Role.OFFICER}),
        "letters.screen": _OFFICER,
        "letters.assign": _OFFICER,
        "letters.configure": _OFFICER,
    }
    menu = (
        MenuItem(
            label="信件办理", endpoint="letters_desk.index", permission="letters.view", icon="mail", group="互动交流"
        ),
        MenuItem(
            label="快速计数", endpoint="letters_tally.counter", permission="tally.record", icon="plus", group="互动交流"
        ),
        MenuItem(
            label="信件统计", endpoint="letters_desk.statistics", permission="letters.view", icon="chart",
            group="互动交流",
        ),
        MenuItem(
            label="答复期限", endpoint="letters_desk.limits", permission="letters.configure", icon="clock",
            group="互动交流",
        ),
    )  # fmt: skip
    entrances = (Entrance(label="互动交流", path=HOME),)
    settings = (
        SettingsTab(
            settings=LetterSettings, label="咨询信件", lead="网上来信的表单、告知和保存期限。",
            permission="letters.configure",
        ),
    )  # fmt: skip
    sheets = SHEETS
    jobs = (RecurringJob(name="alarms", every=timedelta(minutes=5), run=raise_alarms),)
    retentions = (RETENTION,)
    importers: ClassVar[Mapping[str, Importer]] = {"letter_limit": import_limit, "letter": import_letter}
    exporters = (export_letters,)
    outlets: ClassVar[Mapping[Outlet, Callable[..., str]]] = {Outlet.DESK_DASHBOARD: panel}
    reserved_paths = frozenset({"letters"})

    def blueprints(self) -> Iterable[Blueprint]:
        """Return the pages of the desk and the public ones."""
        return (desk.make_blueprint(), desk_tally.make_blueprint(), site.make_blueprint())

    @on(CalendarChanged)
    def reckon(self, event: CalendarChanged) -> None:
        """Reckon the limits of open letters anew when a year's holidays are known or changed."""
        with get_cms().unit_of_work() as uow:
            reckon_open(uow, event.years)


plugin = Letters()
