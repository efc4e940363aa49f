"""The documentation says what the code says: generated pages are current, links lead somewhere, commands exist."""

import ast
import importlib
import json
import re
import textwrap
import tomllib
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from werkzeug.exceptions import HTTPException

from cms import api
from cms.cli import COMMANDS, cli
from cms.cli.dev import reference_pages
from cms.cli.reference.bundled import bundled_plugins
from cms.cli.reference.declarations import fields_of
from cms.cli.reference.plugins import exported_hooks, summary_of
from cms.config import Settings
from cms.desk.menu import CORE
from cms.kernel.errors import CmsError

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GENERATED = ["commands.md", "hooks.md", "page-contexts.md", "permissions.md", "plugin-api.md", "settings.md"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```", re.DOTALL)


def name(path):
    return path.relative_to(ROOT).as_posix()


@cache
def generated():
    with click.Context(cli, info_name="cms") as context:
        return reference_pages(context)


@pytest.mark.parametrize("page", GENERATED)
def test_generated_page_is_current(page):
    assert (REFERENCE / page).read_text("utf-8") == generated()[page], "run: make docs"


def test_check_names_the_pages_that_are_out_of_date(tmp_path, monkeypatch):
    monkeypatch.setattr("cms.cli.dev.ROOT", tmp_path)
    (tmp_path / "pyproject.toml").touch()
    runner = CliRunner()

    assert runner.invoke(cli, ["dev", "docs"]).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "docs/reference").iterdir()) == GENERATED
    assert runner.invoke(cli, ["dev", "docs", "--check"]).exit_code == 0

    (tmp_path / "docs/reference/hooks.md").write_text("old", "utf-8")
    late = runner.invoke(cli, ["dev", "docs", "--check"])
    assert late.exit_code == 1
    assert late.stderr == "out of date: docs/reference/hooks.md; run: make docs\n"


def test_docs_are_made_in_a_checkout_only(tmp_path, monkeypatch):
    monkeypatch.setattr("cms.cli.dev.ROOT", tmp_path)

    with pytest.raises(CmsError, match="is no checkout"):
        CliRunner().invoke(cli, ["dev", "docs"], catch_exceptions=False)


@pytest.mark.parametrize("hook", exported_hooks(), ids=lambda hook: hook.__name__)
def test_every_hook_says_when_it_is_sent(hook):
    assert hook.__doc__
    assert f"## `{hook.__name__}` (" in (REFERENCE / "hooks.md").read_text("utf-8")


def test_every_name_of_the_api_is_explained():
    assert [exported for exported in api.__all__ if not summary_of(exported)] == []


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings) if field.name != "site"])
def test_every_setting_is_explained(setting):
    said = {one.name: one.text for one in fields_of(Settings)}

    assert said[setting]
    assert f"| `{setting}` | `CMS_{setting.upper()}` |" in (REFERENCE / "settings.md").read_text("utf-8")


def headings(path):
    """Return the anchors that the headings of a page have on the usual code hosts."""
    lines = re.findall(r"^#+ (.+)$", CODE.sub("", path.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-") for line in lines}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_between_pages_lead_somewhere(page):
    broken = []
    for target in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        address, _hash, anchor = target.partition("#")
        if "://" in address or address.startswith("mailto:"):
            continue
        file = (page.parent / address).resolve() if address else page
        if not file.exists() or (anchor and anchor not in headings(file)):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_page_of_the_documentation_can_be_reached_from_its_index(page):
    index = ROOT / "docs" / "README.md"
    linked, waiting = set(), [index, *READMES]
    while waiting:
        here = waiting.pop()
        if here in linked or here.suffix != ".md":
            continue
        linked.add(here)
        targets = (target.partition("#")[0] for target in LINK.findall(here.read_text("utf-8")) if "://" not in target)
        waiting += [file for file in ((here.parent / target).resolve() for target in targets) if file.is_file()]

    assert page in linked


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_named_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    said = re.findall(r"(?:^|[`$(] ?)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)

    assert [target for target in said if target not in targets] == []


def command_of(words):
    """Return what is wrong with a command line that begins with ``cms``; nothing if its commands exist."""
    extra = {command.name: command for plugin in bundled_plugins().values() for command in plugin.commands()}
    found, context = cli, click.Context(cli)
    if words[0] not in {*COMMANDS, *extra, "COMMAND"}:
        return " ".join(words)
    for word in words:
        if not isinstance(found, click.Group) or not re.fullmatch(r"[a-z][a-z-]*", word):
            return ""
        below = extra.get(word) if found is cli and word in extra else found.get_command(context, word)
        if below is None:
            return " ".join(words)
        found, context = below, click.Context(below)
    return ""


@pytest.mark.parametrize("page", [page for page in PAGES if "decisions" not in page.parts], ids=name)
def test_named_commands_exist(page):
    text = page.read_text("utf-8")
    lines = re.findall(r"`cms ([^`\n]+)`", CODE.sub("", text))
    lines += [line for block in CODE.findall(text) for line in re.findall(r"^(?:\$ )?cms (.+)$", block, re.MULTILINE)]

    assert list(filter(None, (command_of(re.split(r"[\s|]+", line)) for line in lines))) == []


@pytest.mark.parametrize("page", [page for page in PAGES if "decisions" not in page.parts], ids=name)
def test_named_files_of_the_product_exist(page):
    text = page.read_text("utf-8")
    paths = re.findall(r"`((?:cms|plugins|themes|tests|bench|deploy|docs)/[\w./-]+)`", text)

    # A recipe makes this one, in the site folder.
    missing = [path for path in paths if not (ROOT / path).exists() and path != "plugins/activities/"]
    assert missing == []


ADDRESS = re.compile(r"`(/(?:<[^>]+>|[^`\s<])*)`")


def endpoint_of(rules, address):
    """Return the endpoint of an address as the documentation writes it; nothing if only the catch-all has it."""
    path = re.sub(r"<section path>", "a/b", address)
    path = re.sub(r"<file name>|<[a-z]+>|…", "1", path)
    for method in ("GET", "POST"):
        try:
            endpoint, _arguments = rules.match(path, method)
        except HTTPException:
            continue
        if endpoint != "site.page" or "<section path>" in address:
            return endpoint
    return None


@pytest.mark.parametrize("page", [*READMES, REFERENCE / "http.md"], ids=name)
def test_named_addresses_exist(app, page):
    rules = app.url_map.bind("localhost")
    addresses = [one for one in ADDRESS.findall(page.read_text("utf-8")) if one not in {"/mzj", "/srv/gongkai"}]

    assert addresses
    assert [address for address in addresses if endpoint_of(rules, address) is None] == []


def test_every_public_address_and_every_page_of_the_desk_is_named(app):
    rules, text = app.url_map.bind("localhost"), (REFERENCE / "http.md").read_text("utf-8")
    named = {endpoint_of(rules, address) for address in ADDRESS.findall(text)}

    public = {rule.endpoint for rule in app.url_map.iter_rules() if not rule.rule.startswith("/desk/")}
    entries = {item.endpoint for item in [*CORE, *app.extensions["cms"].contributions.menu]}
    assert sorted((public | entries) - named) == []


BLOCK = re.compile(r"^( *)```(python|toml)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", [page for page in PAGES if BLOCK.search(page.read_text("utf-8"))], ids=name)
def test_examples_are_valid(page):
    for _indent, language, text in BLOCK.findall(page.read_text("utf-8")):
        {"python": ast.parse, "toml": tomllib.loads}[language](textwrap.dedent(text))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_examples_import_what_exists(page):
    for _indent, language, text in BLOCK.findall(page.read_text("utf-8")):
        if language != "python":
            continue
        for node in ast.walk(ast.parse(textwrap.dedent(text))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cms"):
                module = importlib.import_module(node.module)
                assert [alias.name for alias in node.names if not hasattr(module, alias.name)] == []


def test_every_dependency_has_its_reasons():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    editor = json.loads((ROOT / "cms/editor/package.json").read_text("utf-8"))
    names = {re.match(r"[\w-]+", line)[0] for line in wanted} | set(editor["devDependencies"])

    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/dependencies.md").read_text("utf-8"), re.MULTILINE)
    said = {word.strip(",") for row in rows for word in row.split()}
    assert sorted(names - said) == []


def test_both_readmes_have_the_same_parts():
    english, chinese = (
        [line.split(" ", 1)[0] for line in CODE.sub("", path.read_text("utf-8")).splitlines() if line.startswith("#")]
        for path in READMES
    )

    assert english == chinese


def test_both_readmes_name_the_same_commands_addresses_and_pages():
    named = re.compile(r"`((?:cms|make|/|[a-z_]+/)[^`\n]*)`|\]\(([^)#]+)\)")
    english, chinese = (sorted(map("".join, named.findall(path.read_text("utf-8")))) for path in READMES)

    assert [text for text in english if text != "README.zh.md"] == [text for text in chinese if text != "README.md"]


def test_change_log_begins_with_the_present_version():
    from cms import __version__

    first = next(line for line in (ROOT / "CHANGES.md").read_text("utf-8").splitlines() if line.startswith("## "))
    assert first.removeprefix("## ").split()[0] == __version__
