"""What a plugin is: things are attributes, behaviour is ``@on(HookType)`` methods."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from cms.accounts.policy import Policy, Role
from cms.catalogue.models import CatalogueEntry
from cms.content.types import ContentType, TypeRegistry
from cms.db.uow import UnitOfWork
from cms.exchange.exporting import Exporter
from cms.exchange.importing import Importer
from cms.figures.crosstab import Crosstab
from cms.figures.figure import Figure
from cms.figures.registry import FigureRegistry
from cms.jobs.services import JobRegistry
from cms.kernel.hooks import HookBus, Subscribed
from cms.personal.retention import Retention
from cms.pluginkit.tasks import PluginJob
from cms.registers.metrics import Metric, MetricRegistry
from cms.sections.services import RESERVED
from cms.settings.declaration import SettingsTab
from cms.sheets.spec import SheetSpec
from cms.sheets.tallies import tally_sheet

if TYPE_CHECKING:
    import click
    from flask import Blueprint

#: Name of the snapshot part that holds the catalogue entry.
CATALOGUE = "catalogue"


class Outlet(Enum):
    """A named slot in a page that plugins may fill; the value describes it."""

    DESK_DASHBOARD = "a panel on the dashboard of the desk"
    ITEM_AFTER_BODY = "below the text of a public item; receives its page as item (id, type, is_preview …)"


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """An entry of the desk menu: endpoint of the view, and the permission without which it is not shown."""

    label: str
    endpoint: str
    permission: str
    icon: str = "file"
    group: str = "业务"


@dataclass(frozen=True)
class Entrance:
    """An entry of the site's main menu, after its sections: label and path of a page of the plugin, ``/letters/``."""

    label: str
    path: str


class Plugin:
    """Base of all plugins; every attribute and method is optional."""

    #: Kinds of items that the plugin adds.
    content_types: ClassVar[Sequence[ContentType]] = ()
    #: What can be tallied by day in 计数登记.
    metrics: ClassVar[Sequence[Metric]] = ()
    #: Topics that tallies may name, added to those of other plugins.
    topics: ClassVar[Sequence[str]] = ()
    #: Numbers with the query behind them; others find them by code.
    figures: ClassVar[Sequence[Figure]] = ()
    #: Tables of numbers over one query each; every cell is a figure.
    crosstabs: ClassVar[Sequence[Crosstab]] = ()
    #: Permission → roles that have it.
    permissions: ClassVar[Mapping[str, frozenset[Role]]] = {}
    #: Entries of the desk menu.
    menu: ClassVar[Sequence[MenuItem]] = ()
    #: Entries of the site's main menu.
    entrances: ClassVar[Sequence[Entrance]] = ()
    #: Outlet → function that returns rendered HTML for it.
    outlets: ClassVar[Mapping[Outlet, Callable[..., str]]] = {}
    #: Kind of record that is no content item (an annual report, say) → what takes one in; called inside an app.
    importers: ClassVar[Mapping[str, Importer]] = {}
    #: What writes the registers that the plugin keeps into an export; its importers read them again.
    exporters: ClassVar[Sequence[Exporter]] = ()
    #: Work that the leader does: again and again, or once for each time it is asked for.
    jobs: ClassVar[Sequence[PluginJob]] = ()
    #: Settings that the office changes on further tabs of 网站设置; their keys begin with the plugin's.
    settings: ClassVar[Sequence[SettingsTab]] = ()
    #: How long personal data of the plugin's records are kept; the leader erases what is due.
    retentions: ClassVar[Sequence[Retention[Any]]] = ()
    #: Registers of the plugin that can be filled from lists; their codes begin with the plugin's key.
    sheets: ClassVar[Sequence[SheetSpec]] = ()
    #: First path segments that the plugin's routes use.
    reserved_paths: ClassVar[frozenset[str]] = frozenset()

    def blueprints(self) -> "Iterable[Blueprint]":
        """Return the plugin's routes; a new object at each call, because each app registers its own."""
        return ()

    def commands(self) -> "Iterable[click.Command]":
        """Return commands for the ``cms`` command line."""
        return ()

    def on_enable(self, uow: UnitOfWork) -> None:
        """Prepare the site for the plugin, in the transaction that enables it."""

    def on_disable(self, uow: UnitOfWork) -> None:
        """Tidy up, in the transaction that disables it; data stays."""

    def handlers(self) -> Iterator[tuple[Subscribed, Callable[..., object]]]:
        """Yield the methods marked with ``@on``."""
        for name in dir(type(self)):
            marked = getattr(getattr(type(self), name), "__cms_hook__", None)
            if isinstance(marked, Subscribed):
                yield marked, getattr(self, name)


@dataclass(repr=False)
class Contributions:
    """What the core and the enabled plugins bring to one app."""

    bus: HookBus = field(default_factory=HookBus)
    policy: Policy = field(default_factory=Policy)
    types: TypeRegistry = field(default_factory=TypeRegistry)
    metrics: MetricRegistry = field(default_factory=MetricRegistry)
    figures: FigureRegistry = field(default_factory=FigureRegistry)
    jobs: JobRegistry = field(default_factory=JobRegistry)
    menu: list[MenuItem] = field(default_factory=list)
    entrances: list[Entrance] = field(default_factory=list)
    outlets: dict[Outlet, list[tuple[str, Callable[..., str]]]] = field(default_factory=dict)
    importers: dict[str, Importer] = field(default_factory=dict)
    exporters: list[Exporter] = field(default_factory=list)
    settings: dict[str, SettingsTab] = field(default_factory=dict)
    retentions: dict[str, Retention[Any]] = field(default_factory=dict)
    sheets: dict[str, SheetSpec] = field(default_factory=dict)
    reserved_paths: frozenset[str] = RESERVED

    def __post_init__(self) -> None:
        """Add the sheet of the core's own register."""
        sheet = tally_sheet(self.metrics)
        self.sheets.setdefault(sheet.code, sheet)

    def add(self, key: str, plugin: Plugin) -> None:
        """Take in everything that ``plugin`` brings.

        :raises ValueError: if a key or code is taken already.
        """
        self._refuse_clashes(plugin)
        _refuse_strange_names(key, plugin)
        for kind in plugin.content_types:
            parts = {CATALOGUE: CatalogueEntry} if kind.is_disclosed else {}
            self.types.add(kind, key, parts)
        for metric in plugin.metrics:
            self.metrics.add(metric)
        self.metrics.topics += tuple(plugin.topics)
        for figure in plugin.figures:
            self.figures.add(figure)
        for crosstab in plugin.crosstabs:
            self.figures.add_crosstab(crosstab)
        for permission, roles in plugin.permissions.items():
            self.policy.grant(permission, roles)
        self.menu += plugin.menu
        self.entrances += plugin.entrances
        for outlet, fill in plugin.outlets.items():
            self.outlets.setdefault(outlet, []).append((key, fill))
        self.importers.update(plugin.importers)
        self.exporters += plugin.exporters
        self.retentions.update({rule.code: rule for rule in plugin.retentions})
        self.sheets.update({sheet.code: sheet for sheet in plugin.sheets})
        self.settings.update({tab.settings.key: tab for tab in plugin.settings})
        self.reserved_paths |= plugin.reserved_paths
        for marked, method in plugin.handlers():
            self.bus.subscribe(marked.hook, method, owner=key, order=marked.order)

    def _refuse_clashes(self, plugin: Plugin) -> None:
        """Look before anything is taken in, so that a plugin that is left out leaves nothing behind."""
        taken = [f"content type {kind.key!r}" for kind in plugin.content_types if self.types.get(kind.key)]
        taken += [f"metric {metric.code!r}" for metric in plugin.metrics if self.metrics.get(metric.code)]
        taken += [f"figure {figure.code!r}" for figure in plugin.figures if self.figures.get(figure.code)]
        taken += [f"crosstab {table.code!r}" for table in plugin.crosstabs if self.figures.get(table.code)]
        taken += [f"importer of {name!r}" for name in plugin.importers if name in self.importers]
        if taken:
            raise ValueError(f"taken by another plugin: {', '.join(taken)}")


def _refuse_strange_names(key: str, plugin: Plugin) -> None:
    """Refuse names that could meet those of another plugin, or each other."""
    jobs = [job.name for job in plugin.jobs]
    if len(jobs) != len(set(jobs)):
        raise ValueError(f"two jobs have the same name: {', '.join(sorted(jobs))}")
    for what, names in (
        ("keys of settings", [tab.settings.key for tab in plugin.settings]),
        ("codes of retentions", [rule.code for rule in plugin.retentions]),
        ("codes of sheets", [sheet.code for sheet in plugin.sheets]),
    ):
        strange = [name for name in names if name != key and not name.startswith(f"{key}.")]
        if strange or len(names) != len(set(names)):
            raise ValueError(f"{what} must be {key!r} or begin with {key + '.'!r}, each once: {', '.join(names)}")
