"""The committed editor bundle is exactly what its locked sources give."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "cms" / "editor"
BUNDLE = ROOT / "cms" / "static" / "desk" / "vendor" / "editor.js"


def lacking(advice: str) -> None:
    if "node" in os.environ.get("CMS_TEST_REQUIRE", "").split(","):
        pytest.fail(advice)
    pytest.skip(advice)


def test_the_bundle_can_be_rebuilt_byte_for_byte(tmp_path):
    if not (shutil.which("node") and shutil.which("npm")):
        lacking("rebuilding the editor needs Node 18 or newer with npm")
    work = tmp_path / "editor"
    shutil.copytree(SOURCES, work, ignore=shutil.ignore_patterns("node_modules"))
    install = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"], cwd=work, capture_output=True, text=True, check=False
    )
    if install.returncode != 0:
        lacking(f"npm ci could not fetch the locked packages: {install.stderr.strip()[-300:]}")
    rebuilt = tmp_path / "editor.js"
    subprocess.run(["node", "build.mjs", str(rebuilt)], cwd=work, check=True, capture_output=True)
    assert rebuilt.read_bytes() == BUNDLE.read_bytes(), "run: make editor"
    assert (tmp_path / "editor.LICENSES.txt").read_bytes() == BUNDLE.with_suffix(".LICENSES.txt").read_bytes()


def test_the_lock_names_no_package_host():
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert [name for name, package in lock["packages"].items() if name and not package.get("integrity")] == []


def test_the_tiptap_packages_have_one_version():
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    versions = {package["version"] for name, package in lock["packages"].items() if "/@tiptap/" in f"/{name}"}
    assert versions == {"3.31.3"}


def test_the_bundle_loads_nothing_from_elsewhere():
    text = BUNDLE.read_text("utf-8")
    assert re.findall(r"""(?:import|fetch)\(["']https?:""", text) == []
    assert "eval(" not in text
    assert "new Function(" not in text
