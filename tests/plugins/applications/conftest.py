"""Loads the plugin, so that test modules can import it."""

from cms.pluginkit.discovery import bundled
from cms.pluginkit.loader import load
from cms.pluginkit.manifest import read

load(read(bundled("plugins") / "applications", is_bundled=True))
