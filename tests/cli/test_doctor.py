"""``cms doctor``."""

import json

import pytest
from click.testing import CliRunner

from cms.cli import cli
from cms.db.engine import make_engine


@pytest.fixture
def run(site, monkeypatch):
    monkeypatch.setenv("CMS_SITE", str(site))
    monkeypatch.setenv("CMS_SEARCH_URL", "memory:")
    return lambda *words: CliRunner().invoke(cli, ["doctor", *words])


def test_json_lists_every_check(run):
    result = run("--json")

    assert result.exit_code == 0
    checks = json.loads(result.stdout)
    assert all(set(check) == {"id", "label", "level", "message", "hint"} for check in checks)
    assert {"database", "migrations", "search", "leader", "jobs", "disk", "public_url", "plugins"} <= {
        check["id"] for check in checks
    }
    assert {check["level"] for check in checks} == {"ok", "warn"}


def test_text_shows_what_to_do(run):
    result = run()

    assert "! 后台任务进程：未运行" in result.stdout
    assert "→ 用 cms run 启动的网站会自带" in result.stdout


def test_a_failure_ends_with_one(run, settings):
    engine = make_engine(settings.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schema_version_core SET version_num = '0'")
    engine.dispose()

    result = run()

    assert result.exit_code == 1
    assert "✗ 表结构" in result.stdout


def test_lack_of_a_chinese_typeface_is_a_warning_with_advice(run, tmp_path, monkeypatch):
    (tmp_path / "fonts.conf").write_text(
        f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}</cachedir></fontconfig>"
    )
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))

    result = run()

    assert result.exit_code == 0
    assert "! PDF 生成：服务器" in result.stdout
    assert "→ 其他格式（docx、xlsx、html、txt）不受影响。" in result.stdout
