"""The wheel: all that belongs to the product is in it, nothing else, and a site runs from it alone."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).resolve().parents[2]
#: Where the folders of the repository are in the wheel.
PLACES = {"cms": "cms", "plugins": "cms/_bundled/plugins", "themes": "cms/_bundled/themes"}
UNSHIPPED = {"__pycache__", "node_modules"}
BUNDLED = {manifest.parent.name for manifest in ROOT.glob("plugins/*/plugin.toml")}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, need):
    """Build the wheel with the tools that are installed; nothing is downloaded."""
    if not find_spec("build") or not find_spec("hatchling"):
        need("wheel", "the wheel cannot be built: pip install build hatchling")
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Install the wheel into an environment that borrows our libraries; return the environment's ``cms``."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    libraries = next((folder / "lib").glob("python*/site-packages"))
    # A path file of a borrowed folder is not followed, so an editable install of this checkout stays out.
    (libraries / "borrowed.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    assert Path(run(python, "-c", "import cms; print(cms.__file__)", cwd=folder).strip()).is_relative_to(libraries)
    return folder / "bin" / "cms"


def run(*command, cwd=None, **variables):
    """Run a command outside the checkout's settings; return what it printed."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("CMS_", "PYTHON"))}
    done = subprocess.run(
        [str(word) for word in command], env={**kept, **variables}, cwd=cwd, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_wheel_holds_the_product_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    own = {name for name in names if not name.split("/")[0].endswith(".dist-info")}
    expected = {
        f"{place}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, place in PLACES.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and not UNSHIPPED & set(path.parts)
    }

    assert sorted(expected ^ own) == []
    assert {name.split("/")[0] for name in own} == {"cms"}
    assert {
        "cms/py.typed", "cms/migrations/env.py", "cms/templates/desk/base.html", "cms/static/desk/desk.css",
        "cms/demo/data/items.jsonl", "cms/_bundled/plugins/news/plugin.toml",
        "cms/_bundled/themes/default/templates/site/base.html",
    } <= own  # fmt: skip


def test_site_runs_from_the_wheel_alone(installed, tmp_path, cms_run):
    site = tmp_path / "new"
    run(installed, "init", site, cwd=tmp_path)

    listed = json.loads(run(installed, "plugin", "list", "--json", cwd=tmp_path, CMS_SITE=str(site)))
    assert {line["key"]: line["state"] for line in listed} == dict.fromkeys(BUNDLED, "enabled")

    server = cms_run(site=site, command=[str(installed)], cwd=tmp_path)
    status, text = server.get("/")
    assert (status, "</html>" in text) == (200, True)
    assert server.get("/desk/login")[0] == 200
