"""``create_app()``: the one place where the parts meet. An app is a function of settings, enabled plugins and theme."""

import logging
import os
import traceback
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from flask_openapi3 import Info, OpenAPI
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from cms import __version__, desk, rest, site
from cms.config import Settings, default_site
from cms.db import migrate
from cms.db.extension import db, init_database
from cms.editions.loading import load_editions
from cms.figures.core import core_figures
from cms.intake.settings import TAB as INTAKE
from cms.kernel.clock import SYSTEM_CLOCK, Clock
from cms.kernel.hooks import HookBus
from cms.kernel.i18n import use_locale
from cms.media.store import FolderStore
from cms.personal.files import SealedFiles
from cms.personal.keyring import Keyring
from cms.pluginkit.discovery import discover
from cms.pluginkit.loader import Failure, load_all
from cms.pluginkit.plugin import Contributions
from cms.pluginkit.state import STAMP, enabled_keys
from cms.pluginkit.tasks import register_jobs
from cms.registers.late import REGISTERS_TAB
from cms.registers.topics import TOPICS_TAB
from cms.search.engines import open_index
from cms.search.words import SearchWords
from cms.settings.services import SiteSettings, load_both, stamp
from cms.theming.themes import DEFAULT, Theme, ThemeError, chain
from cms.web import assets, citizen_routes, health
from cms.web.background import register_core_jobs
from cms.web.errors import init_errors
from cms.web.login import init_login
from cms.web.render import init_rendering
from cms.web.security import init_security
from cms.web.state import Cms
from cms.web.themes import installed_themes

log = logging.getLogger(__name__)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock = SYSTEM_CLOCK,
    extra_plugins: frozenset[str] = frozenset(),
) -> Flask:
    """Build one app from what is enabled now.

    One read of the database, for the enabled plugins, the theme and the search words; none else.

    :param extra_plugins: keys to load as if they were enabled; how a plugin is tried before it is.
    :raises ConfigError: if the settings are wrong. :raises EditionError: if a file of the site that corrects an edition
        of the regulation is wrong. :raises ThemeError: if not even the default theme can be read.
    :raises SQLAlchemyError: if the database cannot be read. Whatever is raised, nothing stays open.
    """
    settings = settings or Settings.load(default_site(), os.environ)
    left_out: list[Failure] = []
    while True:
        app = _empty_app(settings)
        try:
            with app.app_context(), use_locale(settings.locale):
                broken = _assemble(app, settings, clock, extra_plugins, left_out)
        except BaseException:
            _discard(app)
            raise
        if broken is None:
            return app
        # Flask cannot take back half a plugin, so a new app is built without it.
        _discard(app)
        left_out.append(broken)


def _discard(app: Flask) -> None:
    """Give back what an app that will never serve holds open."""
    cms: Cms | None = app.extensions.get("cms")
    if cms is not None:
        cms.close()
        return
    with app.app_context():
        db.engine.dispose()


def _empty_app(settings: Settings) -> OpenAPI:
    app = OpenAPI(
        "cms",
        info=Info(title="Gongkai", version=__version__),
        # The document is served by cms.rest; pages that explain it would load scripts from elsewhere.
        doc_ui=False,
        static_folder=None,
        template_folder=None,
        instance_path=str(settings.site),
    )
    app.config["TESTING"] = settings.testing
    init_database(app, settings.database)
    return app


def _assemble(
    app: OpenAPI, settings: Settings, clock: Clock, extra: frozenset[str], left_out: Sequence[Failure]
) -> Failure | None:
    """Put the parts into ``app``; return the plugin whose routes could not be registered, if there is one."""
    cms = _build_state(app, settings, clock, extra, left_out)
    # After this line the contributions of plugins are complete.
    csrf = init_security(app, settings)
    init_login(app)
    init_rendering(app, cms)
    init_errors(app)
    app.register_blueprint(assets.blueprint)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(citizen_routes.blueprint)
    rest.register(app, csrf)
    desk.register(app)
    site.register(app)
    register_core_jobs(cms)
    register_jobs(cms)
    for loaded in cms.loaded:
        try:
            for blueprint in loaded.plugin.blueprints():
                app.register_blueprint(blueprint)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 — a plugin may raise anything; it is left out and listed
            log.warning("plugin %s was left out: its routes cannot be registered", loaded.manifest.key)
            return Failure(loaded.manifest.key, f"{type(error).__name__}: {error}", traceback.format_exc())
    return None


def _build_state(
    app: Flask, settings: Settings, clock: Clock, extra: frozenset[str], left_out: Sequence[Failure]
) -> Cms:
    with Session(db.engine) as session:
        try:
            now, enabled = stamp(session, STAMP), enabled_keys(session)
            own, words = load_both(session, SiteSettings, SearchWords)
        except (OperationalError, ProgrammingError):
            session.rollback()
            if not migrate.is_empty(db.engine):
                # Busy or broken is not empty: an app without plugins would take the site's pages away.
                raise
            # A database before its first migration: an app without plugins can still say so.
            now, enabled, own, words = 0, frozenset(), SiteSettings(), SearchWords()
    found, gone = discover(settings.site), {failure.key for failure in left_out}
    wanted = [manifest for key, manifest in found.manifests.items() if key in (enabled | extra) - gone]
    contributions = Contributions(bus=HookBus(reraise=settings.testing))
    for figure in core_figures():
        contributions.figures.add(figure)
    for tab in (TOPICS_TAB, REGISTERS_TAB, INTAKE):
        contributions.settings[tab.settings.key] = tab
    loaded, failures = load_all(wanted, contributions)
    themes = _themes(settings.site, own.theme)
    keyring = Keyring.of(settings)
    cms = Cms(
        settings=settings, contributions=contributions, clock=clock, engine=db.engine,
        store=FolderStore(settings.site / "media"), keyring=keyring,
        sealed_files=SealedFiles.of(settings, keyring), index=open_index(settings, words),
        themes=themes, editions=load_editions(settings.site / "editions"), loaded=loaded,
        failures=[*left_out, *failures], stamp=now,
    )  # fmt: skip
    app.extensions["cms"] = cms
    return cms


def _themes(folder: Path, key: str) -> list[Theme]:
    found = installed_themes(folder)
    try:
        return chain(found, key)
    except ThemeError as error:
        log.warning("theme %s cannot be used, the default one is: %s", key, error)
        return chain(found, DEFAULT)
