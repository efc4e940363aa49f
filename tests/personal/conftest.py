from pathlib import Path

import pytest


@pytest.fixture
def plugin_folder():
    return Path(__file__).parent / "visits"


@pytest.fixture
def visits(app):
    """Return the module of the plugin, with nothing done by it yet."""
    import cms_plugins.visits as module

    module.RUNS.clear()
    return module
