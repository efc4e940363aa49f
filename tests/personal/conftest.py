import shutil
from pathlib import Path

import pytest

from cms.cli.plugins import enable_plugins
from cms.config import Settings
from cms.pluginkit.loader import unload

PLUGIN = Path(__file__).parent / "visits"


@pytest.fixture(scope="session")
def visits_template(site_template, tmp_path_factory):
    """Make the site with the plugin once; every test works on a copy."""
    folder = Path(shutil.copytree(site_template, tmp_path_factory.mktemp("visits") / "site"))
    shutil.copytree(PLUGIN, folder / "plugins" / PLUGIN.name)
    enable_plugins(Settings.load(folder, {}), [PLUGIN.name], trusted=True)
    unload(PLUGIN.name)
    return folder


@pytest.fixture
def site(visits_template, tmp_path):
    folder = Path(shutil.copytree(visits_template, tmp_path / "site"))
    yield folder
    # The next test has its own copy of the same plugin.
    unload(PLUGIN.name)


@pytest.fixture
def visits(app):
    """Return the module of the plugin, with nothing done by it yet."""
    import cms_plugins.visits as module

    module.RUNS.clear()
    return module
