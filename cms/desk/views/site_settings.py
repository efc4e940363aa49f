"""What the office says of itself and how the site looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, desk_values
from cms.desk.forms.settings import Group, groups_of, open_form, typed_settings
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.settings.services import SiteSettings, load, missing_labels
from cms.theming.services import change_site
from cms.web.forms.fixed import Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session
from cms.web.themes import installed_themes


@dataclass(frozen=True, kw_only=True)
class SettingsPage(DeskPage):
    """``/desk/settings``. ``missing`` are the statutory items that are not filled in."""

    template: ClassVar[str] = "desk/admin/settings.html"
    groups: Sequence[Group]
    problems: Sequence[Problem]
    missing: Sequence[str]


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
    )  # fmt: skip
    return render(page), 422 if problems else 200
