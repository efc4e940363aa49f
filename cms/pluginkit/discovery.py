"""Finding plugins, without importing them: bundled folder, site folder, entry points."""

from dataclasses import dataclass, field
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from cms.kernel.errors import PluginError
from cms.kernel.interrupts import foreign_code
from cms.pluginkit import manifest
from cms.pluginkit.manifest import Manifest

ENTRY_POINTS = "cms.plugins"


def bundled(kind: str) -> Path:
    """Return the folder of bundled ``plugins`` or ``themes``: inside the wheel, else in the checkout."""
    package = Path(__file__).parents[1]
    inside = package / "_bundled" / kind
    return inside if inside.exists() else package.parent / kind


@dataclass
class Discovered:
    """What was found: readable manifests by key, and what could not be read."""

    manifests: dict[str, Manifest] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def _add(self, found: Manifest) -> None:
        other = self.manifests.get(found.key)
        if other is not None:
            # Never a silent override: shadowing is how sites become unmaintainable.
            self.problems[found.key] = f"found twice: {other.folder} and {found.folder}; remove one"
        else:
            self.manifests[found.key] = found

    def add_folder(self, folder: Path, *, is_bundled: bool = False) -> None:
        """Add the plugin in ``folder``, or the reason why it cannot be read."""
        try:
            self._add(manifest.read(folder, is_bundled=is_bundled))
        except PluginError as error:
            self.problems[error.key] = error.problem


def discover(site: Path) -> Discovered:
    """Return all plugins that this site could use."""
    found = Discovered()
    for folder, is_bundled in ((bundled("plugins"), True), (site / "plugins", False)):
        if folder.is_dir():
            for child in sorted(folder.iterdir()):
                if (child / manifest.FILE).exists():
                    found.add_folder(child, is_bundled=is_bundled)
    for point in entry_points(group=ENTRY_POINTS):
        try:
            with foreign_code():
                spec = find_spec(point.value)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 — looking imports the package around it, which may raise anything
            found.problems[point.name] = f"entry point {point.value!r}: {type(error).__name__}: {error}"
            continue
        for location in (spec.submodule_search_locations or []) if spec else []:
            found.add_folder(Path(location))
    return found
