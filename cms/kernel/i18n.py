"""Texts of the interface: Chinese is the source language, other languages are gettext catalogues.

The locale is a context variable, so that rules below the web can speak the user's language without knowing Flask.
"""

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

DEFAULT_LOCALE = "zh_Hans"
_locale: ContextVar[str] = ContextVar("cms_locale", default=DEFAULT_LOCALE)
_folder = Path(__file__).parents[1] / "translations"


@lru_cache(maxsize=8)
def _catalogue(locale: str) -> _gettext.NullTranslations:
    return _gettext.translation("cms", _folder, languages=[locale], fallback=True)


def gettext(message: str) -> str:
    """Return ``message`` in the language of the present context."""
    locale = _locale.get()
    return message if locale == DEFAULT_LOCALE else _catalogue(locale).gettext(message)


def get_locale() -> str:
    """Return the language of the present context, for instance ``zh_Hans``."""
    return _locale.get()


def set_locale(locale: str) -> None:
    """Speak ``locale`` from now on in this context; each request begins with it."""
    _locale.set(locale)


@contextmanager
def use_locale(locale: str) -> Iterator[None]:
    """Speak ``locale`` inside the block."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)
