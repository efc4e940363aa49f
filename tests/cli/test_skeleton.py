"""``cms plugin new`` and the recipe docs/how-to/content-type.md: every command and file is what is documented."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cms.cli.plugins import enable_plugins
from cms.cli.skeleton import write_plugin
from cms.kernel.errors import PluginError
from cms.pluginkit.loader import unload
from cms.testing.factories import make_published

ROOT = Path(__file__).parents[2]
RECIPE = (ROOT / "docs" / "how-to" / "content-type.md").read_text("utf-8")
KEY = "activities"


@pytest.fixture
def folder(site):
    yield write_plugin(site / "plugins", KEY)
    unload(KEY)


def run(site, *command):
    environ = {**os.environ, "CMS_SITE": str(site), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", *command], env=environ, cwd=site, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files_of(recipe, marker=""):
    return dict(re.findall(rf"^`{KEY}/(\S+)`{marker}\n\n```\w+\n(.*?)```$", recipe, re.MULTILINE | re.DOTALL))


def test_the_skeleton_is_a_plugin_that_passes_the_real_trial(settings, make_app, folder):
    enable_plugins(settings, [KEY])
    cms = make_app().extensions["cms"]

    assert cms.failures == []
    assert KEY in cms.types.keys
    client = make_app().test_client()
    content_id = make_published(cms, KEY, "开放日", meta={"place": "服务大厅"})
    assert "服务大厅" in client.get(f"/{KEY}/{content_id}.html").text
    assert "开放日" in client.get(f"/{KEY}/").text


def test_its_own_test_passes(site, folder):
    out = run(site, "pytest", "-q", "-p", "cms.testing.plugin", "-p", "no:cacheprovider", f"plugins/{KEY}/tests")

    assert "2 passed" in out


def test_its_own_test_can_fail(site, folder):
    template = folder / "templates" / KEY / f"{KEY}.html"
    template.write_text(template.read_text("utf-8").replace("value.shown", "value.field.name"), "utf-8")

    with pytest.raises(AssertionError, match="1 failed, 1 passed"):
        run(site, "pytest", "-q", "-p", "cms.testing.plugin", "-p", "no:cacheprovider", f"plugins/{KEY}/tests")


def test_the_recipe_shows_the_files_of_the_skeleton(folder):
    shown = files_of(RECIPE)

    assert set(shown) == {"models.py", "__init__.py", f"templates/{KEY}/{KEY}.html"}
    for name, text in shown.items():
        assert (folder / name).read_text("utf-8") == text, name


def test_the_recipe_for_a_new_field_works_on_a_filled_table(site, settings, make_app, folder):
    enable_plugins(settings, [KEY])
    cms = make_app().extensions["cms"]
    make_published(cms, KEY, "开放日", meta={"place": "服务大厅"})
    cms.close()
    unload(KEY)
    before = set((folder / "migrations" / "versions").iterdir())

    (folder / "models.py").write_text(files_of(RECIPE, ", changed")["models.py"], "utf-8")
    for command in re.findall(r"^cms (db .*)$", RECIPE, re.MULTILINE):
        run(site, "cms", *[word.strip('"') for word in command.split()])

    (written,) = (path for path in set((folder / "migrations" / "versions").iterdir()) - before if path.is_file())
    (line,) = re.findall(r"^batch_op\.add_column.*$", RECIPE, re.MULTILINE)
    # Compared as code: the formatter has its own quotation marks.
    assert ast.unparse(ast.parse(line)) in ast.unparse(ast.parse(written.read_text("utf-8")))
    changed = make_app()
    state = changed.extensions["cms"]
    content_id = make_published(state, KEY, "又一个", meta={"place": "广场", "audience": "全体居民"})
    assert "参加对象：全体居民" in changed.test_client().get(f"/{KEY}/{content_id}.html").text


@pytest.mark.parametrize("key", ["", "Big", "two__parts", "with-dash", "core", "search", "letters", "news", "x" * 41])
def test_a_key_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, key):
    with pytest.raises(PluginError):
        write_plugin(tmp_path / "plugins", key)

    assert not (tmp_path / "plugins").exists()


def test_a_plugin_is_never_written_over_another(tmp_path):
    written = write_plugin(tmp_path, KEY) / "models.py"
    written.write_text("mine", "utf-8")

    with pytest.raises(PluginError, match="already"):
        write_plugin(tmp_path, KEY)

    assert written.read_text("utf-8") == "mine"
