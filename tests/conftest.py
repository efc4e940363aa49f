"""What only our own tests need; the fixtures for everybody are in cms.testing.plugin."""

import json

import pytest
from click.testing import CliRunner


@pytest.fixture
def runner(settings, monkeypatch):
    """Run a command on the test's site and return its output, read as JSON where it is."""
    monkeypatch.setenv("CMS_SITE", str(settings.site))
    monkeypatch.setenv("CMS_SEARCH_URL", "memory:")

    def run(command, *arguments, code=0):
        result = CliRunner().invoke(command, list(arguments), catch_exceptions=False)
        assert result.exit_code == code, result.output
        try:
            return json.loads(result.stdout)
        except json.JSONDecodeError:
            return result.stdout

    return run
