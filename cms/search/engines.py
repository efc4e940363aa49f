"""Choosing the engine: the only place that knows more than one."""

import warnings

from cms.config import Settings
from cms.search.index import SearchIndex
from cms.search.memory_index import MemoryIndex
from cms.search.words import SearchWords


def open_index(settings: Settings, words: SearchWords | None = None) -> SearchIndex:
    """Return the index of a site, as its settings say; nothing is read yet.

    :param words: the site's own synonyms and dictionary.
    """
    words = words or SearchWords()
    segmenter, synonyms = words.segmenter(), words.all_synonyms()
    if settings.search_url == "memory:":
        return MemoryIndex(segmenter, synonyms)
    with warnings.catch_warnings():
        # Whoosh is frozen; newer Pythons frown at some of its spellings when they compile it.
        warnings.simplefilter("ignore", SyntaxWarning)
        from cms.search.whoosh_index import WhooshIndex  # noqa: PLC0415 — slow, and needed by this engine only

    return WhooshIndex(settings.site / "search", segmenter, synonyms)
