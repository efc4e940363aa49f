"""The page for authors of themes: page contexts, and the blocks and macros that templates meet in."""

import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterator

from cms.cli.reference import declarations as said
from cms.cli.reference.bundled import bundled_plugins
from cms.cli.reference.markdown import code, table
from cms.db.owned import owner_of_module
from cms.pluginkit.discovery import bundled
from cms.site import contexts
from cms.web import public
from cms.web.public import Frame, SitePage
from cms.web.render import Page

_BLOCK = re.compile(r"{%-?\s*block\s+(\w+)")
_MACRO = re.compile(r"{%-?\s*macro\s+(.+?)\s*-?%}")


def page_contexts_page() -> Iterator[str]:
    """Yield the page."""
    yield "# Page contexts"
    yield (
        "What each public page hands to its template. The fields are the template's variables; `page` is the whole. "
        "Templates are strict: a name that is not listed here is an error. How to write a theme is told in "
        "[A theme](../how-to/theme.md)."
    )
    yield "## Pages"
    for kind in (Page, SitePage, *_pages()):
        yield from _context(kind)
    yield "## Values"
    for module in (public.__name__, contexts.__name__):
        for kind in _classes(module):
            if dataclasses.is_dataclass(kind) and not issubclass(kind, (SitePage, Frame)):
                yield from _context(kind)
    yield from _names_of_templates()


def _names_of_templates() -> Iterator[str]:
    yield "## Blocks"
    yield "Blocks of the default theme that other templates fill or replace."
    names = ("site/base.html", "site/item.html", "site/section.html")
    found = {name: ", ".join(map(code, _found(_BLOCK, name))) for name in names}
    yield "\n".join(f"- `{name}`: {blocks}" for name, blocks in found.items() if blocks)
    yield "## Macros"
    yield "Templates of plugins call these; a theme that replaces `site/macros.html` has to provide them."
    yield "\n".join(f"- `{macro}`" for macro in _found(_MACRO, "site/macros.html") if not macro.startswith("_"))


def _found(pattern: re.Pattern[str], template: str) -> list[str]:
    path = bundled("themes") / "default" / "templates" / template
    return list(dict.fromkeys(pattern.findall(path.read_text("utf-8")))) if path.exists() else []


def _pages() -> list[type]:
    """Return the pages of the core in the order of their source, then those of bundled plugins by name."""
    keys = bundled_plugins()
    found = {f"{kind.__module__}.{kind.__name__}": kind for kind in _below(SitePage)}
    core = [kind for kind in _classes(contexts.__name__) if issubclass(kind, SitePage)]
    return core + [found[name] for name in sorted(found) if owner_of_module(found[name].__module__) in keys]


def _below(kind: type[object]) -> Iterator[type[object]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _classes(module: str) -> list[type]:
    """Return the classes that ``module`` defines, in the order of its source."""
    return [one for one in vars(sys.modules[module]).values() if inspect.isclass(one) and one.__module__ == module]


def _context(kind: type) -> Iterator[str]:
    template = getattr(kind, "template", "")
    base = next((one.__name__ for one in kind.__bases__ if issubclass(one, Page)), "")
    yield f"### `{kind.__name__}`" + (f" – `{template}`" if template else "")
    yield said.paragraphs(kind)
    yield f"Everything of `{base}`, and:" if base else ""
    fields = [one for one in said.fields_of(kind) if not one.annotation.startswith("ClassVar")]
    if any(one.text for one in fields):
        yield table(("Field", "Type", "Meaning"), ((code(one.name), code(one.annotation), one.text) for one in fields))
    else:
        yield table(("Field", "Type"), ((code(one.name), code(one.annotation)) for one in fields))
    yield "\n".join(f"- `{signature(name, one)}`: {said.first_line(one)}" for name, one in said.methods_of(kind))


def signature(name: str, member: Callable[..., object] | property) -> str:
    """Return how a method is called or a property is read."""
    if isinstance(member, property):
        return name
    return f"{name}({', '.join(one for one in inspect.signature(member).parameters if one != 'self')})"
