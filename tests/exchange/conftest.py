"""A second site to import into, and an import without the command line."""

import json
import shutil

import pytest

from cms.app import create_app
from cms.config import Settings
from cms.exchange.importing import ImportOptions, RecordReader, import_lines
from cms.exchange.registers import core_importers
from cms.settings.services import SiteSettings, save


@pytest.fixture
def take(tmp_path):
    """Import records (objects or lines as they are) into a site; return the report."""

    def take(cms, *records, **options):
        options = ImportOptions(**{"folder": tmp_path, "filename": "in.jsonl", **options})
        reader = RecordReader(cms.types, cms.store, options, core_importers(cms.contributions.metrics))
        lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
        return list(import_lines(lines, cms.unit_of_work, reader))[-1]

    return take


@pytest.fixture
def other(site_template, tmp_path, clock):
    """Return the state of another, empty site of the same organ."""
    folder = shutil.copytree(site_template, tmp_path / "other")
    app = create_app(
        Settings.load(folder, {}, testing=True, search_url="memory:", public_url="http://localhost"), clock=clock
    )
    state = app.extensions["cms"]
    with app.app_context():
        with state.unit_of_work() as uow:
            save(uow, SiteSettings(site_name="新站", organ_name="衡山县民政局"))
        yield state
    state.close()
