"""Plugins through the desk, on a site that follows its stamp like a running server."""

import io
import zipfile

import pytest
from werkzeug.test import Client

from cms.accounts.policy import Role
from cms.audit.models import AuditEntry
from cms.live import LiveSite
from cms.pluginkit import lifecycle
from cms.pluginkit.loader import unload
from cms.pluginkit.models import PluginState, Status
from cms.testing.factories import PASSWORD, make_user

MANIFEST = 'key = "{key}"\nname = "问候"\nversion = "1.2"\ndescription = "向群众问好"\n{more}'
GOOD = """
from flask import Blueprint
from cms.api import Plugin


class Greeting(Plugin):
    def blueprints(self):
        routes = Blueprint("{key}", __name__)
        routes.add_url_rule("/{key}/hello", "hello", lambda: "您好")
        return [routes]


plugin = Greeting()
"""
BROKEN = GOOD + "\nraise RuntimeError('墨水用完了')\n"


def source(key="greet", code=GOOD, more=""):
    return {"plugin.toml": MANIFEST.format(key=key, more=more), "__init__.py": code.replace("{key}", key)}


def write(site, key="greet", code=GOOD, more=""):
    folder = site / "plugins" / key
    folder.mkdir(parents=True)
    for name, text in source(key, code, more).items():
        (folder / name).write_text(text, "utf-8")
    return folder


def archive(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    target.seek(0)
    return target


@pytest.fixture
def live(settings):
    """A site as a worker serves it; the test decides when it looks at the stamp."""
    served = LiveSite(settings, poll=None)
    make_user(served.app.extensions["cms"], "xitong", Role.SYSTEM_ADMIN)
    yield served
    served.close()
    # The next test has plugins of the same keys in another folder, and a process holds one of each.
    for key in ("greet", "second", "broken"):
        unload(key)


@pytest.fixture
def browser(live):
    client = Client(live)
    live.app.config["WTF_CSRF_ENABLED"] = False
    client.post("/desk/login", data={"username": "xitong", "password": PASSWORD})
    return client


def post(live, browser, path, **data):
    # A swap builds a new app; its forms are guarded again.
    live.app.config["WTF_CSRF_ENABLED"] = False
    return browser.post(f"/desk/plugins/{path}", data=data, follow_redirects=True)


def state(live, key):
    with live.app.extensions["cms"].reading() as session:
        return session.get(PluginState, key)


def test_enabling_gives_routes_and_disabling_takes_them_while_the_site_runs(live, browser, site):
    write(site)
    page = browser.get("/desk/plugins").text
    assert "问候" in page
    assert "向群众问好" in page
    assert "可用" in page
    assert browser.get("/greet/hello").status_code == 404

    page = post(live, browser, "greet/enable").text
    assert "插件“greet”已启用。" in page
    assert "更改正在生效" in page
    assert state(live, "greet").status is Status.ENABLED
    assert live.refresh() is True
    assert browser.get("/greet/hello").text == "您好"
    assert "更改正在生效" not in browser.get("/desk/plugins").text

    page = post(live, browser, "greet/disable").text
    assert "插件“greet”已停用" in page
    assert live.refresh() is True
    assert browser.get("/greet/hello").status_code == 404
    with live.app.extensions["cms"].reading() as session:
        actions = [entry.action for entry in session.query(AuditEntry).filter_by(subject_id="greet")]
    assert actions == ["plugin.enable", "plugin.disable"]


def test_a_broken_plugin_is_listed_with_its_traceback_and_nothing_else_suffers(live, browser, site):
    write(site)
    write(site, "broken", BROKEN)
    post(live, browser, "greet/enable")
    live.refresh()

    page = post(live, browser, "broken/enable").text

    assert "插件“broken”：RuntimeError: 墨水用完了" in page
    assert "加载失败" in page
    assert "<summary>错误详情</summary>" in page
    assert "raise RuntimeError" in page
    assert live.refresh() is False
    assert browser.get("/greet/hello").text == "您好"
    assert state(live, "broken").status is None


def test_mending_a_broken_plugin_clears_its_failure(live, browser, site):
    folder = write(site, "broken", BROKEN)
    post(live, browser, "broken/enable")
    (folder / "__init__.py").write_text(GOOD.replace("{key}", "broken"), "utf-8")

    page = post(live, browser, "broken/enable").text

    assert "插件“broken”已启用。" in page
    assert "加载失败" not in page
    assert live.refresh() is True
    assert browser.get("/broken/hello").text == "您好"


def test_an_incompatible_plugin_cannot_be_enabled(live, browser, site):
    write(site, more='requires_cms = ">=99"\n')

    page = browser.get("/desk/plugins").text

    assert "不兼容" in page
    assert "/desk/plugins/greet/enable" not in page
    assert "requires cms &gt;=99" in post(live, browser, "greet/enable").text


def test_what_others_require_stays_enabled(live, browser, site):
    write(site)
    write(site, "second", more='requires = ["greet"]\n')

    refused = post(live, browser, "second/enable").text
    assert "requires greet, which is not enabled" in refused
    post(live, browser, "greet/enable")
    post(live, browser, "second/enable")

    assert "请先停用依赖它的插件：second" in post(live, browser, "greet/disable").text
    assert state(live, "greet").status is Status.ENABLED


def test_install_from_a_zip_then_uninstall(live, browser, site):
    upload = archive({f"greet/{name}": text for name, text in source().items()})

    page = post(live, browser, "install", archive=(upload, "greet-1.2.zip"), trusted="1").text
    assert "插件已安装" in page
    assert state(live, "greet").status is Status.INSTALLED
    assert (site / "plugins" / "greet" / "plugin.toml").exists()

    question = browser.get("/desk/plugins/greet/uninstall").text
    assert "同时删除它的数据表" in question
    assert (site / "plugins" / "greet").exists()
    assert "插件“greet”已卸载。" in post(live, browser, "greet/uninstall").text
    assert not (site / "plugins" / "greet").exists()
    assert state(live, "greet") is None


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"../evil/plugin.toml": "x", "greet/plugin.toml": "x"}, "climb out"),
        ({"readme.txt": "x"}, "exactly one folder"),
        ({f"greet/{name}": text for name, text in source("other").items()}, "must be the same"),
        ({f"greet/{name}": text for name, text in source(code=BROKEN).items()}, "墨水用完了"),
    ],
)
def test_archives_that_are_no_good_plugin_leave_nothing(live, browser, site, files, sentence):
    page = post(live, browser, "install", archive=(archive(files), "x.zip"), trusted="1").text

    assert sentence in page
    assert list((site / "plugins").iterdir()) == []
    assert not (site / "evil").exists()


def test_upload_needs_a_file_and_the_confirmation(live, browser, site):
    upload = archive({f"greet/{name}": text for name, text in source().items()})

    assert "请选择插件的 ZIP 文件" in post(live, browser, "install", trusted="1").text
    assert "请先确认插件来源可信" in post(live, browser, "install", archive=(upload, "x.zip")).text
    assert list((site / "plugins").iterdir()) == []


def test_enabled_plugins_cannot_be_uninstalled(live, browser, site):
    write(site)
    post(live, browser, "greet/enable")

    assert "请先停用" in browser.get("/desk/plugins/greet/uninstall").text
    assert "请先停用插件“greet”。" in post(live, browser, "greet/uninstall").text
    assert (site / "plugins" / "greet").exists()


def test_a_plugin_whose_files_are_gone_can_be_forgotten(live, browser, site):
    folder = write(site)
    post(live, browser, "greet/enable")
    post(live, browser, "greet/disable")
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()

    assert "the files of the plugin are gone" in browser.get("/desk/plugins").text
    post(live, browser, "greet/uninstall")

    assert "greet" not in browser.get("/desk/plugins").text.split("已卸载。")[-1]


def test_services_ask_for_the_permission_before_anything_runs(cms, site, monkeypatch):
    write(site)
    actor = make_user(cms, "anquan", Role.SECURITY_ADMIN)
    monkeypatch.setattr("subprocess.run", lambda *_args, **_more: pytest.fail("the trial ran"))

    for action in (
        lambda: lifecycle.enable(cms.settings, cms.unit_of_work, ["greet"], actor=actor),
        lambda: lifecycle.install(cms.settings, cms.unit_of_work, "greet", actor=actor),
        lambda: lifecycle.uninstall(cms.settings, cms.unit_of_work, "greet", actor=actor, purge=True),
    ):
        with pytest.raises(Exception, match="您没有这项操作的权限"):
            action()
