"""Changing what the whole site shows: its settings and its theme. Rules of themes and index numbers meet here."""

from collections.abc import Mapping
from dataclasses import replace

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.catalogue.index_numbers import check_template
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.settings import declaration
from cms.settings.services import APP_STAMP, SiteSettings, changed_names, load, save, touch
from cms.theming.themes import Theme, ThemeError, chain


def change_site(
    uow: UnitOfWork,
    site: SiteSettings,
    *,
    actor: Actor,
    themes: Mapping[str, Theme],
    problems: Mapping[str, list[str]] | None = None,
) -> None:
    """Store ``site``; a new theme makes every worker rebuild its app.

    :param themes: the installed themes by key. :param problems: what was already found wrong while reading the form.
    :raises NotAllowed: if ``actor`` may not. :raises Invalid: by field, everything at once.
    """
    require(actor, "settings.manage")
    errors = {**site_problems(site, themes), **(problems or {})}
    if errors:
        raise Invalid(errors)
    before = load(uow.session, SiteSettings)
    names = changed_names(before, site)
    if not names:
        return
    save(uow, site)
    if site.theme != before.theme:
        touch(uow, APP_STAMP)
    record(uow, "settings.change", actor_id=actor.id, subject_type="settings", subject_id=site.key, names=names)


def use_theme(uow: UnitOfWork, key: str, *, actor: Actor, themes: Mapping[str, Theme]) -> None:
    """Give the site another theme; every worker follows.

    :raises NotAllowed: if ``actor`` may not. :raises ThemeError: if there is no such theme, or it lacks a parent.
    """
    require(actor, "theme.manage")
    chain(themes, key)
    site = load(uow.session, SiteSettings)
    save(uow, replace(site, theme=key))
    touch(uow, APP_STAMP)
    record(uow, "theme.use", actor_id=actor.id, subject_type="theme", subject_id=key)


def site_problems(site: SiteSettings, themes: Mapping[str, Theme]) -> dict[str, list[str]]:
    """Return what is wrong with ``site``, by field."""
    errors = declaration.problems(site)
    try:
        check_template(site.index_template)
    except Invalid as error:
        for name, lines in error.errors.items():
            errors.setdefault(name, []).extend(lines)
    try:
        chain(themes, site.theme)
    except ThemeError:
        errors["theme"] = [_("没有可用的主题“{key}”。").format(key=site.theme)]
    return errors
