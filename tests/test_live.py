"""LiveSite: swaps without restart, survives what cannot be built, keeps two sites apart."""

from dataclasses import replace

import psutil
import pytest
from werkzeug.test import Client

from cms.accounts.policy import MACHINE
from cms.cli.plugins import enable_plugins
from cms.cli.site import make_site
from cms.config import Settings
from cms.db.engine import make_engine
from cms.db.uow import unit_of_work
from cms.live import LiveSite
from cms.pluginkit import services
from cms.settings.services import SiteSettings, load, save, touch

GREETING = '''
from flask import Blueprint
from cms.api import Plugin


class Greeting(Plugin):
    """Says hello."""

    reserved_paths = frozenset({{"{key}"}})

    def blueprints(self):
        blueprint = Blueprint("{key}", __name__)
        blueprint.add_url_rule("/{key}/hello", "hello", lambda: "hello from {key}")
        return [blueprint]


plugin = Greeting()
'''


BAD_RELATIONSHIP = """
from cms.api import Model, Plugin
from sqlalchemy.orm import Mapped, mapped_column, relationship


class Bad(Model, table="bad"):
    id: Mapped[int] = mapped_column(primary_key=True)
    other: Mapped["Nowhere"] = relationship("Nowhere")


plugin = Plugin()
"""


def write_plugin(site, key, code, *, manifest=""):
    folder = site / "plugins" / key
    folder.mkdir(parents=True)
    text = f'key = "{key}"\nname = "{key}"\nversion = "1.0"\n{manifest}'
    (folder / "plugin.toml").write_text(text, "utf-8")
    (folder / "__init__.py").write_text(code, "utf-8")
    return folder


def set_enabled(settings, key, *, enabled):
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        if enabled:
            services.enable(uow, services.find(settings.site, key), actor=MACHINE)
        else:
            services.disable(uow, key, actor=MACHINE, site=settings.site)
    engine.dispose()


@pytest.fixture
def live(settings):
    live = LiveSite(settings, poll=None)
    yield live
    live.close()


def get(live, path):
    # Buffered: an answer that is not read to its end counts as a request in flight.
    return Client(live).get(path, buffered=True)


def status(live, path):
    return get(live, path).status_code


def test_enabling_and_disabling_a_site_plugin_swaps_the_app(live, settings):
    write_plugin(settings.site, "greeting", GREETING.format(key="greeting"))
    assert status(live, "/greeting/hello") == 404

    enable_plugins(settings, ["greeting"])
    assert live.refresh() is True
    assert get(live, "/greeting/hello").text == "hello from greeting"

    set_enabled(settings, "greeting", enabled=False)
    assert live.refresh() is True
    assert status(live, "/greeting/hello") == 404


def test_refresh_without_a_change_keeps_the_app(live):
    app = live.app

    assert live.refresh() is False
    assert live.app is app


def test_app_that_cannot_be_built_leaves_the_old_one_serving(live, settings, monkeypatch):
    old = live.app
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        touch(uow, "plugins")
    engine.dispose()
    monkeypatch.setattr("cms.live.create_app", lambda *_args, **_kwargs: 1 / 0)

    assert live.refresh() is False
    assert live.app is old
    assert status(live, "/healthz") == 200


def test_request_in_flight_finishes_on_the_old_app(live, settings):
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "SERVER_NAME": "x", "SERVER_PORT": "80",
               "wsgi.url_scheme": "http", "wsgi.input": None}  # fmt: skip
    old = live.app.extensions["cms"]
    closed = []
    old.close, close = (lambda: closed.append(True)), old.close
    body = live(environ, lambda *_args: None)
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        touch(uow, "plugins")
    engine.dispose()

    assert live.refresh() is True
    assert closed == []
    assert b"".join(body) == b'{"status":"ok"}\n'
    body.close()
    assert closed == [True]
    close()


def test_fifty_toggles_leave_descriptors_and_memory_bounded(live, settings):
    write_plugin(settings.site, "toggled", GREETING.format(key="toggled"))
    enable_plugins(settings, ["toggled"])
    process = psutil.Process()

    def cycle(times):
        for number in range(times):
            set_enabled(settings, "toggled", enabled=bool(number % 2))
            assert live.refresh() is True
            assert status(live, "/healthz") == 200

    cycle(10)
    descriptors, memory = process.num_fds(), process.memory_info().rss
    cycle(50)

    assert process.num_fds() <= descriptors + 3
    assert process.memory_info().rss <= memory + 60_000_000


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        (
            BAD_RELATIONSHIP,
            "Nowhere",
        ),
        ("from cms.api import Plugin\n", "__init__.py must end with"),
    ],
)
def test_broken_plugin_is_refused_listed_and_harmless(live, settings, code, problem, runner):
    from cms.cli import cli
    from cms.kernel.errors import PluginError

    write_plugin(settings.site, "broken", code)

    with pytest.raises(PluginError, match=problem):
        enable_plugins(settings, ["broken"])

    line = next(one for one in runner(cli, "plugin", "list", "--json") if one["key"] == "broken")
    assert line["state"] == "failed"
    assert problem in line["error"]
    live.refresh()
    assert status(live, "/readyz") == 200


def test_plugin_whose_migration_fails_changes_nothing(live, settings, runner):
    from cms.cli import cli
    from cms.kernel.errors import PluginError

    folder = write_plugin(settings.site, "halfway", "from cms.api import Plugin\nplugin = Plugin()\n")
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "one.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'h1'\ndown_revision = None\n"
        "branch_labels = None\ndepends_on = None\n\n"
        "def upgrade():\n    op.create_table('halfway__thing', sa.Column('id', sa.Integer, primary_key=True))\n"
        "    op.execute('SELECT no_such_function()')\n\ndef downgrade():\n    op.drop_table('halfway__thing')\n"
    )

    with pytest.raises(PluginError, match="no_such_function"):
        enable_plugins(settings, ["halfway"])

    assert next(one for one in runner(cli, "plugin", "list", "--json") if one["key"] == "halfway")["state"] == "failed"
    engine = make_engine(settings.database)
    with engine.connect() as connection:
        assert not engine.dialect.has_table(connection, "halfway__thing")
    engine.dispose()


def test_plugin_whose_routes_clash_is_left_out_and_the_site_goes_on(live, settings, runner):
    from cms.kernel.errors import PluginError

    code = GREETING.format(key="clash").replace('Blueprint("clash"', 'Blueprint("desk"')
    write_plugin(settings.site, "clash", code)

    with pytest.raises(PluginError, match="already registered"):
        enable_plugins(settings, ["clash"])

    assert live.refresh() is False
    assert status(live, "/clash/hello") == 404


HOOKED = """
from cms.api import ContentPublished, Plugin, on


class Hooked(Plugin):
    @on(ContentPublished)
    def fail(self, event: ContentPublished) -> None:
        raise RuntimeError("cannot cope")


plugin = Hooked()
"""


def test_plugin_whose_handler_raises_is_listed_as_failed_and_the_write_stands(settings, runner):
    from dataclasses import replace

    from cms.app import create_app
    from cms.cli import cli
    from cms.testing.factories import make_published

    write_plugin(settings.site, "hooked", HOOKED)
    enable_plugins(settings, ["hooked"])
    app = create_app(replace(settings, testing=False))
    with app.app_context():
        published = make_published(app.extensions["cms"], "news", "照常发布")
    page = app.test_client().get(f"/news/{published}.html", buffered=True)
    app.extensions["cms"].close()

    assert page.status_code == 200
    line = next(one for one in runner(cli, "plugin", "list", "--json") if one["key"] == "hooked")
    assert line["state"] == "failed"
    assert line["error"] == "a handler of ContentPublished failed"


def test_mended_plugin_can_be_enabled(live, settings):
    from cms.kernel.errors import PluginError

    folder = write_plugin(settings.site, "mended", "raise RuntimeError('not yet')")
    with pytest.raises(PluginError, match="not yet"):
        enable_plugins(settings, ["mended"])
    (folder / "__init__.py").write_text(GREETING.format(key="mended"), "utf-8")

    enable_plugins(settings, ["mended"])
    live.refresh()

    assert get(live, "/mended/hello").text == "hello from mended"


def test_two_sites_in_one_process_do_not_see_each_other(settings, tmp_path):
    make_site(tmp_path / "other")
    other = Settings.load(tmp_path / "other", {}, testing=True, search_url="memory:", public_url="http://localhost")
    write_plugin(settings.site, "only_here", GREETING.format(key="only_here"))
    enable_plugins(settings, ["only_here"])
    engine = make_engine(other.database)
    with unit_of_work(engine) as uow:
        save(uow, replace(load(uow.session, SiteSettings), site_name="另一个局", theme="plain"))
        touch(uow, "plugins")
    engine.dispose()
    set_enabled(other, "news", enabled=False)
    first, second = LiveSite(settings, poll=None), LiveSite(other, poll=None)

    assert status(first, "/only_here/hello") == 200
    assert status(second, "/only_here/hello") == 404
    assert "news" in first.app.extensions["cms"].types.keys
    assert "news" not in second.app.extensions["cms"].types.keys
    assert [theme.key for theme in first.app.extensions["cms"].themes] == ["default"]
    assert [theme.key for theme in second.app.extensions["cms"].themes] == ["plain", "default"]
    assert "另一个局" in get(second, "/").text
    assert "另一个局" not in get(first, "/").text
    first.close()
    second.close()
