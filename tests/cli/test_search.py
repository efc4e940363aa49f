"""``cms search``, with the index that sites really have."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from cms.cli import cli
from cms.content.models import Change, Content
from cms.db.engine import make_engine
from cms.db.uow import unit_of_work


@pytest.fixture
def run(site, monkeypatch):
    monkeypatch.setenv("CMS_SITE", str(site))
    monkeypatch.setenv("CMS_PUBLIC_URL", "https://example.gov.cn/mzj")
    return lambda *words: CliRunner().invoke(cli, ["search", *words])


def test_status_and_rebuild(run, settings):
    assert json.loads(run("status", "--json").stdout)["needs_rebuild"] is True

    assert run("rebuild").stdout == "indexed: 0\n"

    assert json.loads(run("status", "--json").stdout) == {"documents": 0, "lag": 0, "needs_rebuild": False}


def test_status_counts_changes_that_nobody_applied(run, settings):
    run("rebuild")
    engine = make_engine(settings.database)
    with unit_of_work(engine) as uow:
        uow.session.add(Change(content_id=1, recorded_at=uow.clock.now()))

    assert json.loads(run("status", "--json").stdout)["lag"] == 1

    # A question applies what waits, because no leader runs.
    run("低保")
    assert json.loads(run("status", "--json").stdout)["lag"] == 0
    with Session(engine) as session:
        assert session.query(Content).count() == 0
    engine.dispose()


def test_a_question_answers_in_the_form_of_the_api(run):
    answer = json.loads(run("低保 标准", "--json", "--limit", "5").stdout)

    assert set(answer) == {"query", "total", "took_ms", "items", "facets", "suggestion"}
    assert (answer["query"], answer["total"], answer["items"]) == ("低保 标准", 0, [])


def test_options_may_come_first_and_words_need_no_quotes(run):
    assert json.loads(run("--json", "低保", "标准").stdout)["query"] == "低保 标准"
    assert run("find", "rebuild").stdout.startswith("0 found")


def test_help_is_help(run):
    result = run("--help")

    assert result.exit_code == 0
    assert "rebuild" in result.stdout
