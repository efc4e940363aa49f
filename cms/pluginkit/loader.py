"""Loading plugins: import, check, contribute. A plugin that fails is left out, and nothing of it stays behind.

Imported code is as global as Python's own modules; what is *active* belongs to the app that was built with it.
"""

import importlib.util
import logging
import sys
import threading
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from cms.db import owned
from cms.kernel.errors import PluginError
from cms.kernel.interrupts import foreign_code
from cms.pluginkit.manifest import Manifest
from cms.pluginkit.plugin import Contributions, Plugin

log = logging.getLogger(__name__)
_lock = threading.RLock()


@dataclass(frozen=True)
class Loaded:
    """A plugin that is part of an app."""

    manifest: Manifest
    plugin: Plugin


@dataclass(frozen=True)
class Failure:
    """A plugin that was left out, and why."""

    key: str
    problem: str
    traceback: str


def load(manifest: Manifest) -> Plugin:
    """Import the plugin of ``manifest``, or return what was imported before.

    :raises PluginError: if it is incompatible, its import fails, its tables cannot be mapped, or it offers no plugin.
    """
    if reason := manifest.incompatibility():
        raise PluginError(manifest.key, reason)
    name = f"{owned.NAMESPACE}.{manifest.key}"
    with _lock:
        module = sys.modules.get(name)
        if module is None:
            module = _import(manifest, name)
        elif Path(str(module.__file__)).parent != manifest.folder:
            raise PluginError(manifest.key, f"this process uses another plugin of the same key: {module.__file__}")
    plugin: object = getattr(module, "plugin", None)
    if not isinstance(plugin, Plugin):
        raise PluginError(manifest.key, "__init__.py must end with: plugin = YourPlugin()")
    return plugin


def _import(manifest: Manifest, name: str) -> ModuleType:
    _open_namespace()
    spec = importlib.util.spec_from_file_location(
        name, manifest.folder / "__init__.py", submodule_search_locations=[str(manifest.folder)]
    )
    if spec is None or spec.loader is None:
        raise PluginError(manifest.key, f"{manifest.folder}/__init__.py cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        with foreign_code():
            spec.loader.exec_module(module)
        owned.configure(manifest.key)
    except KeyboardInterrupt:
        unload(manifest.key)
        raise
    except BaseException as error:
        # SystemExit as well: a plugin that ends the process in its import must not end the server.
        unload(manifest.key)
        raise failed(manifest.key, error, "during import") from error
    return module


def failed(key: str, error: BaseException, when: str) -> PluginError:
    """Return ``error``, raised by code of the plugin ``key``, as a PluginError with the traceback as its note."""
    if isinstance(error, PluginError):
        problem = PluginError(key, error.problem)
    elif isinstance(error, Exception):
        problem = PluginError(key, f"{type(error).__name__}: {error}")
    else:
        problem = PluginError(key, f"{type(error).__name__} {when}")
    problem.add_note("".join(traceback.format_exception(error)))
    return problem


def unload(key: str) -> None:
    """Forget the modules and tables of a plugin, so that mended code can be loaded."""
    prefix = f"{owned.NAMESPACE}.{key}"
    for name in [name for name in sys.modules if name == prefix or name.startswith(f"{prefix}.")]:
        del sys.modules[name]
    owned.discard(key)


def load_all(manifests: Iterable[Manifest], contributions: Contributions) -> tuple[list[Loaded], list[Failure]]:
    """Load ``manifests`` in the order of their requirements and add what they bring."""
    loaded: list[Loaded] = []
    failures: list[Failure] = []
    for manifest in in_order(manifests):
        try:
            _require_loaded(manifest, loaded)
            plugin = load(manifest)
            with foreign_code():
                contributions.add(manifest.key, plugin)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 — a plugin may raise anything; it is left out and listed
            log.warning("plugin %s was left out: %s", manifest.key, error)
            problem = failed(manifest.key, error, "while its parts were added").problem
            failures.append(Failure(manifest.key, problem, traceback.format_exc()))
        else:
            loaded.append(Loaded(manifest, plugin))
    return loaded, failures


def _require_loaded(manifest: Manifest, loaded: list[Loaded]) -> None:
    missing = set(manifest.requires) - {one.manifest.key for one in loaded}
    if missing:
        raise PluginError(manifest.key, f"requires {', '.join(sorted(missing))}, which is not enabled")


def in_order(manifests: Iterable[Manifest]) -> list[Manifest]:
    """Return ``manifests`` so that each comes after those it requires; circles keep the order of their keys."""
    waiting = {manifest.key: manifest for manifest in sorted(manifests, key=lambda one: one.key)}
    ordered: list[Manifest] = []
    while waiting:
        ready = [one for one in waiting.values() if not set(one.requires) & set(waiting)]
        ordered += [waiting.pop(manifest.key) for manifest in ready or list(waiting.values())]
    return ordered


def _open_namespace() -> None:
    if owned.NAMESPACE not in sys.modules:
        package = ModuleType(owned.NAMESPACE)
        package.__path__ = []
        sys.modules[owned.NAMESPACE] = package
