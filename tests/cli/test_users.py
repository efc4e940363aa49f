"""``cms user``: the machine's own commands may do what one administrator alone may not."""

import pytest
from click.testing import CliRunner

from cms.cli import cli


@pytest.fixture
def run(site, monkeypatch):
    monkeypatch.setenv("CMS_SITE", str(site))
    monkeypatch.setenv("CMS_SEARCH_URL", "memory:")
    return lambda *words, **more: CliRunner().invoke(cli, ["user", *words], **more)


def test_add_gives_roles_at_once(run):
    result = run("add", "wangmin", "--role", "editor", "--role", "reviewer", "--full-name", "王敏")

    assert result.exit_code == 0, result.output
    assert "added: wangmin, password: " in result.output
    assert "王敏 编辑、审核员" in run("list").output


def test_add_refuses_roles_that_exclude_each_other(run):
    result = run("add", "both", "--role", "system_admin", "--role", "publisher")

    assert result.exit_code == 1
    assert "三员分立" in str(result.exception)
    assert "both" not in run("list").output


def test_disable_enable_and_unlock(run):
    run("add", "wangmin", "--role", "editor")

    run("disable", "wangmin")
    assert "(disabled)" in run("list").output
    run("enable", "wangmin")
    assert "(disabled)" not in run("list").output
    assert run("unlock", "wangmin").output == "unlocked: wangmin\n"


def test_roles_of_an_account_can_be_replaced(run):
    run("add", "wangmin", "--role", "editor")

    assert run("set-roles", "wangmin", "--role", "audit_admin").exit_code == 0

    assert "审计管理员" in run("list").output
    assert "编辑" not in run("list").output
