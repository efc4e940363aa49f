"""What most commands begin with: the settings of the site, its app, and the lock of its leader."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask

from cms.app import create_app
from cms.config import Settings, default_site
from cms.db import migrate
from cms.db.engine import make_engine
from cms.db.uow import unit_of_work
from cms.jobs.leader import leader_lock
from cms.kernel.errors import CmsError
from cms.pagecache.folder import drop_stale
from cms.pluginkit.lifecycle import OpenUnit
from cms.web.background import work
from cms.web.state import Cms


def settings_of(site: Path | None = None, *, must_exist: bool = True) -> Settings:
    """Return the settings of the chosen site.

    :raises CmsError: if it has not been made yet.
    """
    settings = Settings.load(site or default_site(), os.environ)
    if must_exist:
        engine = make_engine(settings.database)
        try:
            if migrate.is_empty(engine):
                raise CmsError(f"there is no site in {settings.site}; make one with: cms init {settings.site}")
        finally:
            engine.dispose()
    return settings


@contextmanager
def opened(site: Path | None = None) -> Iterator[Cms]:
    """Open the app of the site for one command; what it holds open is closed afterwards."""
    app = app_of(site)
    cms: Cms = app.extensions["cms"]
    with app.app_context():
        try:
            yield cms
        finally:
            cms.close()
            drop_stale(cms.settings)


@contextmanager
def units_of(settings: Settings) -> Iterator[OpenUnit]:
    """Give a function that opens units of work of a site without building its app."""
    engine = make_engine(settings.database)
    try:
        yield lambda: unit_of_work(engine)
    finally:
        engine.dispose()
        drop_stale(settings)


def app_of(site: Path | None = None) -> Flask:
    """Return a fresh app of the site."""
    return create_app(settings_of(site))


def drain(cms: Cms) -> None:
    """After writing: do what the leader would do, if there is none; a running leader follows by itself."""
    lock = leader_lock(cms.settings.site)
    if lock.acquire():
        try:
            work(cms)
        finally:
            lock.release()


def done(message: str) -> None:
    """Say that a command has succeeded."""
    click.echo(message)
