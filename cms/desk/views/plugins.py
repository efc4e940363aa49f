"""Plugins: what there is, and changing it while the site runs."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.kernel.errors import CmsError, NotFound, PluginError
from cms.kernel.i18n import gettext as _
from cms.pluginkit import lifecycle, services
from cms.pluginkit.models import Status
from cms.pluginkit.state import STAMP, Known, known
from cms.settings.services import stamp
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class PluginLine:
    """A plugin in the list."""

    known: Known
    state_label: str
    is_enabled: bool
    can_enable: bool
    can_uninstall: bool
    is_bundled: bool


@dataclass(frozen=True, kw_only=True)
class PluginsPage(DeskPage):
    """``/desk/plugins``. ``is_pending``: this worker has not yet followed the last change."""

    template: ClassVar[str] = "desk/admin/plugins.html"
    lines: Sequence[PluginLine]
    is_pending: bool
    most_megabytes: int


@dataclass(frozen=True, kw_only=True)
class UninstallPage(DeskPage):
    """The question before a plugin is removed."""

    template: ClassVar[str] = "desk/admin/plugin_uninstall.html"
    line: PluginLine


def _state_label(state: str) -> str:
    return {
        "available": _("可用"), "installed": _("已安装"), "enabled": _("已启用"), "disabled": _("已停用"),
        "failed": _("加载失败"), "incompatible": _("不兼容"),
    }.get(state, state)  # fmt: skip


@blueprint.get("/plugins")
@permission("plugin.manage")
def plugins() -> str:
    """List the plugins as the database has them: this worker may follow a moment later."""
    cms = get_cms()
    page = PluginsPage(
        **desk_values(), title=_("插件"), lead=_("启用和停用立即生效，不需要重启；停用不会删除数据。"), lines=_lines(),
        is_pending=stamp(read_session(), STAMP) != cms.stamp, most_megabytes=services.MAX_ARCHIVE // _MEGABYTE,
    )  # fmt: skip
    return render(page)


@blueprint.post("/plugins/<key>/enable")
@permission("plugin.manage")
def plugin_enable(key: str) -> ResponseReturnValue:
    """Try a plugin in a process of its own, migrate its tables and enable it."""
    cms = get_cms()
    return _change(
        lambda: lifecycle.enable(cms.settings, cms.unit_of_work, [key], actor=current_actor()),
        _("插件“{key}”已启用。").format(key=key),
    )


@blueprint.post("/plugins/<key>/disable")
@permission("plugin.manage")
def plugin_disable(key: str) -> ResponseReturnValue:
    """Disable a plugin; its data stays."""
    cms = get_cms()

    def disable() -> None:
        with cms.unit_of_work() as uow:
            services.disable(uow, key, actor=current_actor(), site=cms.settings.site)

    return _change(disable, _("插件“{key}”已停用，数据仍然保留。").format(key=key))


@blueprint.post("/plugins/install")
@permission("plugin.manage")
def plugin_install() -> ResponseReturnValue:
    """Install a plugin from an uploaded ZIP file."""
    cms, upload = get_cms(), request.files.get("archive")
    if upload is None or not upload.filename:
        flash(_("请选择插件的 ZIP 文件。"), "error")
        return redirect(url_for("desk.plugins"))
    if request.form.get("trusted") != "1":
        flash(_("请先确认插件来源可信。"), "error")
        return redirect(url_for("desk.plugins"))
    with tempfile.TemporaryDirectory(dir=cms.settings.site / "run") as folder:
        archive = Path(folder) / "plugin.zip"
        upload.save(archive)
        return _change(
            lambda: lifecycle.install(cms.settings, cms.unit_of_work, archive, actor=current_actor()),
            _("插件已安装，确认无误后即可启用。"),
        )


@blueprint.route("/plugins/<key>/uninstall", methods=["GET", "POST"])
@permission("plugin.manage")
def plugin_uninstall(key: str) -> ResponseReturnValue:
    """Ask, then remove a disabled plugin, with its tables if that was chosen."""
    cms = get_cms()
    line = next((line for line in _lines() if line.known.key == key), None)
    if line is None:
        raise NotFound(_("没有找到插件“{key}”。").format(key=key))
    if request.method == "POST":
        purge = request.form.get("purge") == "1"
        return _change(
            lambda: lifecycle.uninstall(cms.settings, cms.unit_of_work, key, actor=current_actor(), purge=purge),
            _("插件“{key}”已卸载。").format(key=key),
        )
    title = _("卸载插件：{name}").format(name=line.known.name)
    crumbs = [Crumb(_("插件"), url_for("desk.plugins")), Crumb(title)]
    return render(UninstallPage(**desk_values(), title=title, crumbs=crumbs, line=line))


def _lines() -> list[PluginLine]:
    cms, session = get_cms(), read_session()
    # What this app had to leave out says nothing about a later decision that it has not followed yet.
    failing = cms.failing() if stamp(session, STAMP) == cms.stamp else {}
    return [_line(one) for one in known(session, cms.settings.site, failing=failing)]


def _line(one: Known) -> PluginLine:
    is_enabled = one.decision is Status.ENABLED
    return PluginLine(
        known=one, state_label=_state_label(one.state), is_enabled=is_enabled,
        can_enable=not is_enabled and one.manifest is not None and one.state != "incompatible",
        can_uninstall=not is_enabled and (one.decision is not None or not _is_bundled(one)),
        is_bundled=_is_bundled(one),
    )  # fmt: skip


def _is_bundled(one: Known) -> bool:
    return one.manifest is not None and one.manifest.is_bundled


def _change(action: Callable[[], object], message: str) -> ResponseReturnValue:
    try:
        action()
    except PluginError as refused:
        flash(_("插件“{key}”：{problem}").format(key=refused.key, problem=refused.problem), "error")
    except CmsError as refused:
        flash(str(refused), "error")
    else:
        flash(message, "success")
    return redirect(url_for("desk.plugins"))
