"""The menu of the desk: what the core and the plugins offer, filtered by permission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, request, url_for

from cms.accounts.policy import Actor, can
from cms.kernel.i18n import gettext as _
from cms.pluginkit.plugin import MenuItem
from cms.web.state import get_cms

#: The page of settings, with tabs of its own permissions.
SETTINGS = "desk.site_settings"
#: The page of registers that can be filled, each by its own permission.
SHEETS = "desk.sheets"
#: Entries of the core, in order; the groups appear in the order of their first entry.
CORE: Sequence[MenuItem] = (
    MenuItem(label="工作台", endpoint="desk.home", permission="desk.open", icon="home", group="内容"),
    MenuItem(label="内容管理", endpoint="desk.content_list", permission="content.list", icon="file", group="内容"),
    MenuItem(label="待我审核", endpoint="desk.review_queue", permission="content.review", icon="check", group="内容"),
    MenuItem(label="计数登记", endpoint="desk.tallies", permission="tally.record", icon="list", group="登记与统计"),
    MenuItem(label="补录", endpoint=SHEETS, permission="tally.record", icon="upload", group="登记与统计"),
    MenuItem(label="统计指标", endpoint="desk.figures", permission="figures.view", icon="chart", group="登记与统计"),
    MenuItem(
        label="个人信息保存", endpoint="desk.retention", permission="personal.erase", icon="clock", group="登记与统计"
    ),
    MenuItem(label="栏目", endpoint="desk.sections", permission="section.manage", icon="tree", group="系统管理"),
    MenuItem(
        label="科室", endpoint="desk.departments", permission="department.manage", icon="building", group="系统管理"
    ),
    MenuItem(label="用户", endpoint="desk.users", permission="user.list", icon="users", group="系统管理"),
    MenuItem(label="插件", endpoint="desk.plugins", permission="plugin.manage", icon="plug", group="系统管理"),
    MenuItem(label="网站设置", endpoint=SETTINGS, permission="settings.manage", icon="settings", group="系统管理"),
    MenuItem(
        label="工作日历", endpoint="desk.workdays", permission="workdays.manage", icon="calendar", group="系统管理"
    ),
    MenuItem(label="检索词", endpoint="desk.search_words", permission="search.manage", icon="search", group="系统管理"),
    MenuItem(label="运行状况", endpoint="desk.system", permission="settings.manage", icon="activity", group="系统管理"),
    MenuItem(label="审计日志", endpoint="desk.audit_log", permission="audit.read", icon="shield", group="系统管理"),
    MenuItem(label="个人信息访问", endpoint="desk.access_log", permission="audit.read", icon="eye", group="系统管理"),
)


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu as the template shows it; ``badge`` counts what waits there."""

    label: str
    url: str
    icon: str
    active: bool
    badge: int = 0


@dataclass(frozen=True)
class MenuGroup:
    """A heading with its entries."""

    label: str
    items: Sequence[MenuEntry]


def menu_for(actor: Actor, badges: Mapping[str, int]) -> list[MenuGroup]:
    """Return what ``actor`` may open.

    :param badges: how much waits behind an entry, by endpoint.
    """
    groups: dict[str, list[MenuEntry]] = {}
    for item in [*CORE, *get_cms().contributions.menu]:
        url = _address(item, actor) if item.endpoint in current_app.view_functions else ""
        if url:
            is_open, badge = _is_open(item.endpoint, url), badges.get(item.endpoint, 0)
            entry = MenuEntry(_(item.label), url, item.icon, is_open, badge)
            groups.setdefault(item.group, []).append(entry)
    return [MenuGroup(_(label), entries) for label, entries in groups.items()]


def _address(item: MenuItem, actor: Actor) -> str:
    """Return where the entry leads ``actor``; nowhere if they may not open it."""
    if can(actor, item.permission):
        return url_for(item.endpoint)
    if item.endpoint == SHEETS and any(can(actor, one.permission) for one in get_cms().contributions.sheets.values()):
        return url_for(SHEETS)
    if item.endpoint == SETTINGS:
        # Some tabs of the settings belong to the officers whose work they are about.
        for key, tab in get_cms().contributions.settings.items():
            if can(actor, tab.permission):
                return url_for("desk.settings_tab", key=key)
    return ""


def _is_open(endpoint: str, url: str) -> bool:
    """Tell whether the page belongs to the entry: its own, or one below its address."""
    here = f"{request.root_path}{request.path}"
    if endpoint == SETTINGS and request.endpoint == "desk.settings_tab":
        return True
    return request.endpoint == endpoint or (not url.endswith("/") and here.startswith(f"{url}/"))
