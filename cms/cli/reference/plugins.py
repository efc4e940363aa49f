"""The pages for authors of plugins: hooks and outlets, and the plugin API."""

import inspect
from collections.abc import Iterator

from cms import api
from cms.cli.reference import declarations as said
from cms.cli.reference.bundled import bundled_plugins
from cms.cli.reference.markdown import code, table
from cms.cli.reference.templates import signature
from cms.content.types import ContentType
from cms.kernel.hooks import Check, Event, Filter, Hook
from cms.personal.retention import Retention
from cms.pluginkit.plugin import MenuItem, Outlet, Plugin
from cms.pluginkit.tasks import QueuedJob, RecurringJob
from cms.settings.declaration import SettingsTab

_BASES: tuple[type[Hook], ...] = (Hook, Event, Check, Filter)


def exported_hooks() -> list[type[Hook]]:
    """Return the hooks that plugins may handle: those that ``cms.api`` exports, without their bases."""
    things = (getattr(api, name) for name in sorted(api.__all__))
    return [thing for thing in things if inspect.isclass(thing) and issubclass(thing, Hook) and thing not in _BASES]


def summary_of(name: str) -> str:
    """Return the line that explains a name of ``cms.api``; empty if the code says nothing."""
    return said.said_of(*said.home_of(api, name))


def hooks_page() -> Iterator[str]:
    """Yield the page of hooks and outlets."""
    yield "# Hooks"
    yield (
        "A hook is its payload: a handler is a method of the plugin that takes exactly that object. Mark it with "
        "`@on(HookType)`; a lower `order` runs first. What failing handlers do is told in "
        "[Plugins](../explanation/plugins.md)."
    )
    kinds = {Event: "event", Check: "check", Filter: "filter"}
    yield "\n".join(f"- **{name}**: {said.first_line(base)}" for base, name in kinds.items())
    for hook in exported_hooks():
        yield f"## `{hook.__name__}` ({next(name for base, name in kinds.items() if issubclass(hook, base))})"
        yield said.paragraphs(hook)
        yield table(("Field", "Type"), ((code(one.name), code(one.annotation)) for one in said.fields_of(hook)))
        users = [
            key for key, plugin in bundled_plugins().items() if hook in {mark.hook for mark, _ in plugin.handlers()}
        ]
        yield f"Handled by {', '.join(map(code, users))}." if users else "No bundled plugin handles it."
    yield "# Outlets"
    yield "A plugin fills an outlet through `Plugin.outlets`; a fill that fails contributes nothing and is logged."
    yield table(("Outlet", "Where"), ((f"`Outlet.{one.name}`", one.value) for one in Outlet))


def plugin_api_page() -> Iterator[str]:
    """Yield the page of the plugin API."""
    yield "# Plugin API"
    yield said.paragraphs(api)
    yield "## `Plugin`"
    yield said.first_line(Plugin)
    yield table(
        ("Attribute", "Type", "Meaning"),
        ((code(one.name), code(_value_type(one.annotation)), one.text) for one in said.fields_of(Plugin)),
    )
    methods = ((code(signature(name, one)), said.first_line(one)) for name, one in said.methods_of(Plugin))
    yield table(("Method", "Meaning"), methods)
    for kind in (ContentType, MenuItem, RecurringJob, QueuedJob, SettingsTab, Retention):
        yield f"## `{kind.__name__}`"
        yield said.paragraphs(kind)
        fields = (
            (code(one.name), code(one.annotation), code(one.default) or "required") for one in said.fields_of(kind)
        )
        yield table(("Field", "Type", "Default"), fields)
    yield "## Names in `cms.api`"
    yield table(("Name", "Meaning"), ((code(name), summary_of(name)) for name in sorted(api.__all__, key=str.lower)))


def _value_type(annotation: str) -> str:
    return annotation.removeprefix("ClassVar[").removesuffix("]") if annotation.startswith("ClassVar[") else annotation
