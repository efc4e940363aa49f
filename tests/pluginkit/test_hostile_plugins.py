"""Plugins that are malformed or misbehave are named and listed; the site goes on as before."""

import zipfile

import pytest
from sqlalchemy import select

from cms.accounts.policy import MACHINE
from cms.audit.models import AuditEntry
from cms.cli.plugins import enable_plugins
from cms.db.engine import make_engine
from cms.db.uow import unit_of_work
from cms.kernel.errors import PluginError
from cms.pluginkit import manifest, services
from cms.pluginkit.loader import unload
from cms.pluginkit.models import Status
from cms.pluginkit.state import known, set_state

SOUND = 'key = "odd"\nname = "Odd"\nversion = "1.0"\n'
PLAIN = "from cms.api import Plugin\nplugin = Plugin()\n"


@pytest.fixture(autouse=True)
def _forget():
    """Every test has its own code under the same key."""
    yield
    unload("odd")


def write(site, text=SOUND, code=PLAIN, key="odd"):
    folder = site / "plugins" / key
    folder.mkdir(parents=True)
    (folder / "plugin.toml").write_text(text, "utf-8")
    (folder / "__init__.py").write_text(code, "utf-8")
    return folder


def line_of(settings, key="odd", failing=None):
    engine = make_engine(settings.database)
    try:
        with unit_of_work(engine) as uow:
            return next(line for line in known(uow.session, settings.site, failing=failing) if line.key == key)
    finally:
        engine.dispose()


def decide_enabled(settings, key="odd"):
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        set_state(uow, key, Status.ENABLED)
    engine.dispose()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (SOUND + "requires = 3\n", "'requires' must be a list of keys"),
        (SOUND + 'requires = "news"\n', "'requires' must be a list of keys"),
        (SOUND + "requires = [3]\n", "'requires' must be a list of keys"),
        (SOUND + "requires_cms = 3\n", "'requires_cms' must be text"),
        (SOUND + f'requires_cms = ">={"9" * 5000}"\n', "'requires_cms' is longer than"),
        (SOUND + "author = {}\n", "'author' must be text"),
        (SOUND.replace('"Odd"', "[]"), "'name' must be text"),
        (SOUND.replace('"1.0"', "1.0"), "'version' must be text"),
        (SOUND.replace('"odd"', "3"), "'key' must be text"),
        (SOUND.replace('"Odd"', '""'), "'name' is missing"),
        (SOUND + f"author = {'9' * 5000}\n", "plugin.toml: "),
        (SOUND + f"author = {'[' * 5000}\n", "plugin.toml: "),
    ],
)
def test_malformed_manifest_is_listed_and_stops_nothing(settings, make_app, text, problem):
    folder = write(settings.site, text)
    decide_enabled(settings)

    with pytest.raises(PluginError) as raised:
        manifest.read(folder)
    line = line_of(settings)
    app = make_app()

    assert problem in raised.value.problem
    assert (line.state, line.error) == ("failed", raised.value.problem)
    assert app.test_client().get("/news/").status_code == 200


def test_manifest_keeps_what_it_requires(site):
    folder = write(site, SOUND + 'requires = ["news"]\n')

    assert manifest.read(folder).requires == ("news",)


@pytest.mark.parametrize("error", ["SystemExit", "GeneratorExit", "BaseException"])
def test_plugin_that_ends_the_process_at_import_is_left_out(settings, make_app, error):
    write(settings.site, code=f"raise {error}(0)\n")

    with pytest.raises(PluginError, match=f"{error} during import"):
        enable_plugins(settings, ["odd"])
    decide_enabled(settings)
    app = make_app()

    assert app.test_client().get("/news/").status_code == 200
    assert app.extensions["cms"].failing()["odd"][0] == f"{error} during import"


FALSE_INTERRUPT = "FalseInterruptError: KeyboardInterrupt without Ctrl-C"
IN_ROUTES = "from cms.api import Plugin\nclass P(Plugin):\n    def blueprints(self):\n        {}\nplugin = P()\n"


@pytest.mark.parametrize("code", ["raise KeyboardInterrupt", IN_ROUTES.format("raise KeyboardInterrupt")])
def test_plugin_that_claims_an_interrupt_is_left_out(settings, make_app, code):
    write(settings.site, code=code)

    with pytest.raises(PluginError, match=FALSE_INTERRUPT):
        enable_plugins(settings, ["odd"])
    decide_enabled(settings)
    app = make_app()

    assert app.test_client().get("/news/").status_code == 200
    assert app.extensions["cms"].failing()["odd"][0] == FALSE_INTERRUPT


@pytest.mark.parametrize("code", ["{}", IN_ROUTES])
def test_ctrl_c_while_plugins_are_loaded_stops(settings, make_app, code):
    write(settings.site, code=code.format("import signal; signal.raise_signal(signal.SIGINT)"))
    decide_enabled(settings)

    with pytest.raises(KeyboardInterrupt):
        make_app()


def test_plugin_that_ends_the_process_in_its_routes_is_left_out(settings, make_app):
    code = "from cms.api import Plugin\nclass P(Plugin):\n    def blueprints(self):\n        raise SystemExit\nplugin = P()\n"
    write(settings.site, code=code)
    decide_enabled(settings)

    app = make_app()

    assert app.test_client().get("/news/").status_code == 200
    assert list(app.extensions["cms"].failing()) == ["odd"]


@pytest.mark.parametrize("error", ["RuntimeError('boom')", "SystemExit(3)"])
def test_plugin_whose_preparation_raises_changes_nothing_and_is_listed(settings, error):
    code = (
        "from cms.api import Plugin\nfrom cms.sections.models import Section\nclass P(Plugin):\n"
        f"    def on_enable(self, uow):\n        uow.session.delete(uow.session.query(Section).first())\n"
        f"        raise {error}\nplugin = P()\n"
    )
    write(settings.site, code=code)
    engine = make_engine(settings.database)

    with pytest.raises(PluginError, match=error.partition("(")[0]):
        enable_plugins(settings, ["odd"])

    line = line_of(settings)
    assert (line.state, line.decision) == ("failed", None)
    assert error.partition("(")[0] in line.error
    assert "in on_enable" in line.traceback
    with unit_of_work(engine) as uow:
        asked = select(AuditEntry).where(AuditEntry.action == "plugin.enable", AuditEntry.subject_id == "odd")
        assert uow.session.scalars(asked).all() == []
    engine.dispose()


def test_plugin_that_cannot_be_switched_off_politely_is_switched_off(settings):
    code = "from cms.api import Plugin\nclass P(Plugin):\n    def on_disable(self, uow):\n        raise SystemExit\nplugin = P()\n"
    write(settings.site, code=code)
    enable_plugins(settings, ["odd"])
    engine = make_engine(settings.database)

    with unit_of_work(engine) as uow:
        services.disable(uow, "odd", actor=MACHINE, site=settings.site)
    engine.dispose()

    assert line_of(settings).decision is Status.DISABLED


def archive_of(path, packing=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", packing) as archive:
        archive.writestr("odd/plugin.toml", SOUND + "# filling\n" * 50)
        archive.writestr("odd/__init__.py", PLAIN)
    return path.read_bytes()


def flagged(content, local, central, value):
    """Change one byte of the local and of the central header of every entry."""
    changed = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + offset] |= value
            at = changed.find(signature, at + 1)
    return bytes(changed)


def corrupt(content):
    at = content.index(b"plugin.toml") + len(b"plugin.toml")
    return content[:at] + b"\xff" * 20 + content[at + 20 :]


@pytest.mark.parametrize(
    "harm",
    [
        lambda content: flagged(content, 6, 8, 1),
        corrupt,
        lambda content: flagged(content, 8, 10, 0x60),
        lambda content: content[: len(content) // 2],
        lambda _content: b"no archive at all",
    ],
    ids=["encrypted", "corrupt", "unknown packing", "cut", "other"],
)
def test_archive_that_cannot_be_unpacked_is_refused(site, tmp_path, harm):
    path = tmp_path / "odd.zip"
    path.write_bytes(harm(archive_of(path)))
    before = sorted(site.iterdir())

    with pytest.raises(PluginError, match=r"odd\.zip is not a readable ZIP file"):
        services.install_archive(site, path)

    assert sorted(site.iterdir()) == before


def test_archive_with_spoilt_lzma_is_refused(site, tmp_path):
    path = tmp_path / "odd.zip"
    path.write_bytes(corrupt(archive_of(path, zipfile.ZIP_LZMA)))

    with pytest.raises(PluginError, match=r"odd\.zip is not a readable ZIP file"):
        services.install_archive(site, path)


def test_archive_does_not_land_inside_a_broken_plugin_of_the_same_key(site, tmp_path):
    folder = write(site, SOUND + "requires = 3\n")
    path = tmp_path / "odd.zip"
    archive_of(path)

    with pytest.raises(PluginError, match="a plugin of this key exists"):
        services.install_archive(site, path)

    assert sorted(child.name for child in folder.iterdir()) == ["__init__.py", "plugin.toml"]


def test_entry_point_that_cannot_be_found_is_listed(settings, tmp_path, monkeypatch):
    found = tmp_path / "lib" / "gone-1.0.dist-info"
    found.mkdir(parents=True)
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: gone\nVersion: 1.0\n")
    (found / "entry_points.txt").write_text("[cms.plugins]\ngone = no_such_package.plugin\n")
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))

    line = line_of(settings, "gone")

    assert line.state == "failed"
    assert "ModuleNotFoundError" in line.error
