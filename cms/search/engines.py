"""Choosing the engine: the only place that knows more than one."""

from cms.config import Settings
from cms.search.index import SearchIndex
from cms.search.memory_index import MemoryIndex


def open_index(settings: Settings) -> SearchIndex:
    """Return the index of a site, as its settings say; nothing is read yet."""
    if settings.search_url == "memory:":
        return MemoryIndex()
    from cms.search.whoosh_index import WhooshIndex  # noqa: PLC0415 — slow, and needed by this engine only

    return WhooshIndex(settings.site / "search")
