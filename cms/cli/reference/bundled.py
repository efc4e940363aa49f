"""The plugins that come with the product; what they add belongs to the reference."""

from cms.pluginkit import manifest
from cms.pluginkit.discovery import bundled
from cms.pluginkit.loader import load
from cms.pluginkit.plugin import Plugin


def bundled_plugins() -> dict[str, Plugin]:
    """Return the bundled plugins by key, loaded.

    :raises PluginError: if one of them cannot be loaded.
    """
    folders = [folder for folder in sorted(bundled("plugins").iterdir()) if (folder / manifest.FILE).exists()]
    return {folder.name: load(manifest.read(folder, is_bundled=True)) for folder in folders}
