"""The themes that a site can use, and the check of one: every template compiles and fills blocks that exist."""

from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.loaders import split_template_path

from cms.pluginkit.discovery import bundled
from cms.theming.themes import Theme, chain, find_all
from cms.web.render import UNTHEMED, loader_for
from cms.web.state import Cms

_SUFFIXES = {".html", ".xml", ".txt"}
#: Templates of a longer chain than this extend each other in a circle.
_DEEPEST = 20


def installed_themes(site: Path) -> dict[str, Theme]:
    """Return the bundled themes and those of the site folder, by key."""
    return find_all(bundled("themes"), site / "themes")


def check_theme(app: Flask, key: str) -> list[str]:
    """Return what is wrong with a theme, one line for each problem; it need not be the one in use.

    :raises ThemeError: if there is no such theme, or one of its parents is missing.
    """
    cms: Cms = app.extensions["cms"]
    line = chain(installed_themes(cms.settings.site), key)
    environment = app.jinja_env.overlay(loader=loader_for(cms, line))
    found: list[str] = []
    for name in sorted(_templates(line[0].templates)):
        if split_template_path(name)[0] in UNTHEMED:
            found.append(f"{name}: themes cannot replace this; it would never be used")
            continue
        found += [f"{name}: {problem}" for problem in _problems(environment, line[0].templates / name)]
    return found


def _templates(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.suffix in _SUFFIXES:
            yield path.relative_to(folder).as_posix()


def _problems(environment: Environment, path: Path) -> Iterator[str]:
    source = path.read_text("utf-8")
    try:
        tree = environment.parse(source)
        environment.compile(source)
        above = _blocks_above(environment, tree)
    except TemplateNotFound as error:
        yield f"extends {error.name!r}, which does not exist"
    except TemplateSyntaxError as error:
        yield f"line {error.lineno}: {error.message}"
    except RecursionError as error:
        yield str(error)
    else:
        if above is not None:
            for block in tree.find_all(nodes.Block):
                # A block inside another one of the same file is new on purpose.
                if block.name not in above and block in tree.body:
                    yield f"line {block.lineno}: block {block.name!r} does not exist in the parent; it is never shown"
        for missing in _missing(environment, tree):
            yield f"uses {missing!r}, which does not exist"


def _blocks_above(environment: Environment, tree: nodes.Template) -> set[str] | None:
    """Return the blocks of the templates that ``tree`` extends; nothing if it extends none, or one chosen later."""
    blocks: set[str] | None = None
    for _step in range(_DEEPEST):
        extends = tree.find(nodes.Extends)
        if extends is None or not isinstance(extends.template, nodes.Const):
            return blocks
        source, _name, _fresh = _source(environment, str(extends.template.value))
        tree = environment.parse(source)
        blocks = (blocks or set()) | {block.name for block in tree.find_all(nodes.Block)}
    raise RecursionError("the templates extend each other in a circle")


def _missing(environment: Environment, tree: nodes.Template) -> Iterator[str]:
    """Yield templates named by include and import that nobody has."""
    for kind in (nodes.Include, nodes.Import, nodes.FromImport):
        for node in tree.find_all(kind):
            optional = isinstance(node, nodes.Include) and node.ignore_missing
            name: nodes.Expr = node.template  # type: ignore[attr-defined]  # all three have one
            if isinstance(name, nodes.Const) and not optional:
                try:
                    _source(environment, str(name.value))
                except TemplateNotFound:
                    yield str(name.value)


def _source(environment: Environment, name: str) -> tuple[str, str | None, object]:
    if environment.loader is None:
        raise TemplateNotFound(name)
    return environment.loader.get_source(environment, name)
