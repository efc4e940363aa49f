"""``cms theme``."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from cms.cli import cli
from cms.db.engine import make_engine
from cms.settings.services import SiteSettings, load, stamp


@pytest.fixture
def run(site, monkeypatch):
    monkeypatch.setenv("CMS_SITE", str(site))
    monkeypatch.setenv("CMS_SEARCH_URL", "memory:")
    return lambda *words: CliRunner().invoke(cli, ["theme", *words])


def write_theme(site, templates, key="snow", parent="default"):
    folder = site / "themes" / key
    for name, text in templates.items():
        (folder / "templates" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "templates" / name).write_text(text, "utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "theme.toml").write_text(
        f'key = "{key}"\nname = "雪"\nversion = "1.0"\nparent = "{parent}"\n', encoding="utf-8"
    )
    return folder


def test_list_marks_the_active_theme(run, site):
    write_theme(site, {})

    lines = {line["key"]: line for line in json.loads(run("list", "--json").output)}

    assert (lines["default"]["active"], lines["snow"]["active"]) == (True, False)
    assert lines["snow"]["parent"] == "default"
    assert run("list").output.splitlines()[0].startswith("* default")


def test_use_stores_the_theme_and_touches_the_stamp(run, site, settings):
    write_theme(site, {})
    engine = make_engine(settings.database)
    with Session(engine) as session:
        before = stamp(session, "plugins")

    result = run("use", "snow")

    assert result.exit_code == 0, result.output
    with Session(engine) as session:
        assert load(session, SiteSettings).theme == "snow"
        assert stamp(session, "plugins") == before + 1
    engine.dispose()


def test_a_theme_that_is_not_there_is_refused(run):
    result = run("use", "nothing")

    assert result.exit_code == 1
    assert "theme 'nothing' does not exist; there are default" in str(result.exception)


def test_a_theme_that_cannot_be_read_does_not_stop_the_others(run, site):
    write_theme(site, {})
    (site / "themes" / "torn").mkdir()
    (site / "themes" / "torn" / "theme.toml").write_text("key = ", "utf-8")

    keys = [line["key"] for line in json.loads(run("list", "--json").stdout)]

    assert "snow" in keys
    assert "torn" not in keys


def test_check_accepts_the_default_theme(run):
    result = run("check", "default")

    assert (result.exit_code, result.output) == (0, "default: ok\n")


def test_check_names_every_problem(run, site):
    write_theme(site, {"site/frame.html": "{% block top %}{% endblock %}{% block inner %}{% endblock %}"}, key="base")
    write_theme(
        site,
        {
            "site/good.html": "{% extends 'site/frame.html' %}"
            "{% block top %}{% block new %}{% endblock %}{% endblock %}",
            "site/lost.html": "{% extends 'site/frame.html' %}\n{% block side %}{% endblock %}",
            "site/open.html": "\n{% if title %}",
            "site/filter.html": "{{ title | sparkle }}",
            "site/orphan.html": "{% extends 'site/none.html' %}",
            "site/part.html": "{% include 'site/gone.html' %}{% include 'site/maybe.html' ignore missing %}",
            "site/circle.html": "{% extends 'site/circle.html' %}",
            "desk/base.html": "mine",
        },
        parent="base",
    )

    result = run("check", "snow")

    assert result.exit_code == 1
    found = dict(line.split(": ", 1) for line in result.stderr.splitlines())
    assert set(found) == {
        "site/lost.html", "site/open.html", "site/filter.html", "site/orphan.html", "site/part.html",
        "site/circle.html", "desk/base.html",
    }  # fmt: skip
    assert found["site/lost.html"] == "line 2: block 'side' does not exist in the parent; it is never shown"
    assert "No filter named 'sparkle'" in found["site/filter.html"]
    assert found["site/orphan.html"] == "extends 'site/none.html', which does not exist"
    assert found["site/part.html"] == "uses 'site/gone.html', which does not exist"
    assert found["site/circle.html"] == "the templates extend each other in a circle"
    assert "themes cannot replace this" in found["desk/base.html"]
