"""What the office says of itself and how the site looks; settings of other parts on tabs beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.accounts.policy import can, require
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.desk.forms.settings import Group, groups_of, open_form, typed_settings
from cms.kernel.errors import Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.settings.services import SiteSettings, change, load, missing_labels
from cms.theming.services import change_site
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session
from cms.web.themes import installed_themes


@dataclass(frozen=True, kw_only=True)
class SettingsPage(DeskPage):
    """``/desk/settings`` and its tabs. ``missing`` are the statutory items that are not filled in."""

    template: ClassVar[str] = "desk/admin/settings.html"
    groups: Sequence[Group]
    problems: Sequence[Problem]
    missing: Sequence[str]
    settings_tabs: Sequence[Mapping[str, object]]


@blueprint.route("/settings", methods=["GET", "POST"])
@permission("settings.manage")
def site_settings() -> ResponseReturnValue:
    """Show and change the settings of the site."""
    cms = get_cms()
    stored = load(read_session(), SiteSettings)
    themes = installed_themes(cms.settings.site)
    form = open_form(stored, themes)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            with cms.unit_of_work() as uow:
                change_site(uow, typed_settings(SiteSettings, form), actor=current_actor(), themes=themes)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(_("网站设置已保存。"), "success")
            return redirect(url_for("desk.site_settings"))
    page = SettingsPage(
        **desk_values(), title=_("网站设置"), lead=_("网页标签、页脚和索引号都取自这里。"),
        groups=groups_of(SiteSettings, form), problems=problems, missing=missing_labels(stored),
        settings_tabs=_tabs(""),
    )  # fmt: skip
    return render(page), 422 if problems else 200


@blueprint.route("/settings/<key>", methods=["GET", "POST"])
@permission("desk.open")
def settings_tab(key: str) -> ResponseReturnValue:
    """Show and change the settings of one tab."""
    cms, actor = get_cms(), current_actor()
    tab = cms.contributions.settings.get(key)
    if tab is None:
        raise NotFound(key)
    require(actor, tab.permission)
    form = open_form(load(read_session(), tab.settings))
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            with cms.unit_of_work() as uow:
                change(uow, tab, typed_settings(tab.settings, form), actor=actor)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(_("“{label}”设置已保存。").format(label=_(tab.label)), "success")
            return redirect(url_for("desk.settings_tab", key=key))
    page = SettingsPage(
        **desk_values(), title=_("网站设置"), lead=_(tab.lead) if tab.lead else "",
        groups=groups_of(tab.settings, form), problems=problems, missing=(), settings_tabs=_tabs(key),
    )  # fmt: skip
    return render(page), 422 if problems else 200


def _tabs(active: str) -> list[Mapping[str, object]]:
    """Return the tabs that the signed-in person may open; the site itself has no key."""
    actor, tabs = current_actor(), get_cms().contributions.settings
    found: list[Mapping[str, object]] = []
    if can(actor, "settings.manage"):
        found.append({"label": _("网站"), "url": url_for("desk.site_settings"), "active": not active})
    return found + [
        {"label": _(tab.label), "url": url_for("desk.settings_tab", key=key), "active": key == active}
        for key, tab in tabs.items() if can(actor, tab.permission)
    ]  # fmt: skip
