"""Fixtures: a migrated site in a temporary folder with all bundled plugins, an app, a client, signed-in clients."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from cms.accounts import passwords
from cms.accounts.policy import Role
from cms.app import create_app
from cms.cli.plugins import enable_plugins
from cms.cli.site import make_site
from cms.config import Settings
from cms.kernel.clock import FixedClock
from cms.pluginkit.loader import unload
from cms.settings.services import SiteSettings, save
from cms.testing.factories import PASSWORD, make_user
from cms.web.background import work
from cms.web.state import Cms

ORGAN = "衡山县民政局"


@pytest.fixture(scope="session")
def site_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site made once for each test process; tests work on copies."""
    folder = tmp_path_factory.mktemp("template") / "site"
    make_site(folder)
    return folder


@pytest.fixture
def plugin_folder() -> Path | None:
    """Return the folder of a plugin that the site shall have beside the bundled ones; its own tests override this."""
    return None


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Hash passwords at the lowest cost: tests make thousands of accounts that protect nothing."""
    before = passwords.set_hasher(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    yield
    passwords.set_hasher(before)


@pytest.fixture
def site(site_template: Path, tmp_path: Path, plugin_folder: Path | None) -> Iterator[Path]:
    """Return a fresh site folder."""
    folder = Path(shutil.copytree(site_template, tmp_path / "site"))
    if plugin_folder is None:
        yield folder
        return
    shutil.copytree(plugin_folder, folder / "plugins" / plugin_folder.name)
    enable_plugins(Settings.load(folder, {}), [plugin_folder.name], trusted=True)
    yield folder
    # The next test has its own copy of the same plugin.
    unload(plugin_folder.name)


@pytest.fixture
def settings(site: Path) -> Settings:
    """Return settings for tests: handlers that fail raise, the index is in memory."""
    return Settings.load(site, {}, testing=True, search_url="memory:", public_url="http://localhost")


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands at 10:00 on Wednesday, 1 June 2016, in Asia/Shanghai."""
    return FixedClock(datetime(2016, 6, 1, 2, 0, tzinfo=UTC))


@pytest.fixture
def make_app(settings: Settings, clock: FixedClock) -> Iterator[Callable[..., Flask]]:
    """Return a function that builds an app of the site, with changed settings if given; all are closed afterwards."""
    apps: list[Flask] = []

    def make(**changes: object) -> Flask:
        app = create_app(replace(settings, **changes), clock=clock)  # type: ignore[arg-type]  # settings by name
        apps.append(app)
        return app

    yield make
    for app in apps:
        app.extensions["cms"].close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """Return an app whose organ is 衡山县民政局."""
    app = make_app()
    with app.app_context():
        cms: Cms = app.extensions["cms"]
        with cms.unit_of_work() as uow:
            save(uow, SiteSettings(site_name="衡山县民政局网站", organ_name=ORGAN))
    return app


@pytest.fixture
def cms(app: Flask) -> Cms:
    """Return the state of the app."""
    state: Cms = app.extensions["cms"]
    return state


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a citizen's browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def drain(app: Flask, cms: Cms) -> Callable[[], int]:
    """Return a function that does what the leader would do: index, schedule, jobs."""

    def do() -> int:
        with app.app_context():
            return work(cms)

    return do


@pytest.fixture
def sign_in(app: Flask, cms: Cms) -> Callable[..., FlaskClient]:
    """Return a function that makes an account with roles and gives a client that is signed in as it."""
    app.config["WTF_CSRF_ENABLED"] = False

    def enter(*roles: Role, username: str = "") -> FlaskClient:
        name = username or f"u-{'-'.join(sorted(roles)).replace('_', '-')}"[:40]
        make_user(cms, name, *roles)
        client = app.test_client()
        answer = client.post("/desk/login", data={"username": name, "password": PASSWORD})
        if answer.status_code != HTTPStatus.FOUND:
            pytest.fail(f"{name} could not sign in: {answer.text}")
        return client

    return enter
