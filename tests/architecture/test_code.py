"""Rules about the code itself that no linter has; each exception is listed with its reason and may only shrink."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(path for folder in ("cms", "plugins") for path in (ROOT / folder).rglob("*.py"))
CODE = [path for path in PRODUCT if "versions" not in path.parts and "node_modules" not in path.parts]
TEMPLATES = sorted(
    path for folder in ("cms/templates", "plugins", "themes") for path in (ROOT / folder).rglob("*.html")
)
MAX_LINES, MAX_FUNCTION = 400, 45

#: Path → why it may be longer for now.
LONG_FILES: dict[str, str] = {}
#: ``path:function`` → why it may be longer for now.
LONG_FUNCTIONS: dict[str, str] = {}


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", CODE, ids=name)
def test_file_is_small(path):
    lines = len(path.read_text("utf-8").splitlines())

    assert lines <= MAX_LINES or name(path) in LONG_FILES


@pytest.mark.parametrize("path", CODE, ids=name)
def test_functions_are_small_and_nothing_is_printed(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= MAX_FUNCTION or f"{name(path)}:{node.name}" in LONG_FUNCTIONS, f"{node.name}: {length}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"line {node.lineno}"


PLUGIN_CODE = [path for path in CODE if name(path).startswith("plugins/")]


@pytest.mark.parametrize("path", PLUGIN_CODE, ids=name)
def test_plugin_imports_of_the_product_only_its_api(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        modules = []
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            modules = [node.module or ""]
        for module in modules:
            root = module.split(".")[0]
            assert root not in {"cms", "cms_plugins"} or module == "cms.api", f"line {node.lineno}: {module}"


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)|<style\b|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_has_nothing_inline_and_nothing_from_elsewhere(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)

    # Structured data is no script that runs.
    text = re.sub(r"<script type=\"application/ld\+json\">.*?</script>", "", text, flags=re.DOTALL)
    assert INLINE.search(text) is None
    assert not re.search(r"\b(?:src|href)=[\"']?(?:https?:)?//", text)


def test_marks_of_unfinished_work_are_absent():
    mark = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError")

    found = [name(path) for path in CODE if mark.search(path.read_text("utf-8"))]

    assert found == []


def test_no_file_names_a_package_index_host():
    # Split, so that this file does not name them either.
    hosts = re.compile("|".join(("pypi" + r"\.org/simple", "files\\.python" + "hosted", "registry\\.npm" + "js")))
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    suffixes = (".png", ".jpg", ".jpeg", ".docx", ".woff2")

    found = [
        path for path in filter(None, tracked)
        if not path.endswith(suffixes) and (ROOT / path).is_file()
        and hosts.search((ROOT / path).read_text("utf-8", errors="ignore"))
    ]  # fmt: skip

    assert found == []


HEAVY = (
    "alembic",
    "PIL",
    "pypinyin",
    "feedgen",
    "lxml",
    "rich",
    "docx",
    "openpyxl",
    "segno",
    "granian",
    "cryptography",
    "weasyprint",
    "pypdf",
    "xlsxwriter",
    "fontTools",
    "chinese_calendar",
    "holidays",
)


def test_create_app_does_not_pull_in_heavy_libraries(site_template):
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom cms.app import create_app\nfrom cms.config import Settings\n"
        f"create_app(Settings.load(Path({str(site_template)!r}), {{}}))\n"
        f"print(' '.join(name for name in {HEAVY!r} if name in sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


def test_building_an_app_asks_the_database_only_for_what_is_enabled(make_app):
    from sqlalchemy import Engine, event

    statements = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("PRAGMA", "BEGIN")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        make_app()
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert [re.search(r"FROM (\w+)", statement)[1] for statement in statements] == ["stamp", "plugin_state", "setting"]


def test_architecture_page_names_every_package():
    page = (ROOT / "docs/explanation/architecture.md").read_text("utf-8")

    packages = [path.name for path in (ROOT / "cms").iterdir() if (path / "__init__.py").exists()]

    assert [package for package in packages if f"`{package}`" not in page] == []
