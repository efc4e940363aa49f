"""Addresses: every path goes through here, so that a base path and a public address hold everywhere."""

from functools import lru_cache
from urllib.parse import quote, urlsplit

from cms.web.state import get_cms


def path_of(path: str) -> str:
    """Return ``path`` (from the root of the site) as browsers need it, below the base path."""
    return get_cms().base_path + quoted(path)


def absolute(path: str) -> str:
    """Return the public address of ``path`` (from the root of the site)."""
    cms = get_cms()
    return cms.origin + cms.base_path + quoted(path)


@lru_cache(maxsize=16_384)
def quoted(path: str) -> str:
    """Return ``path`` with everything escaped that an address cannot hold."""
    return quote(path, safe="/?&=%#:@,;+~")


def item_path(section_path: str, content_id: int) -> str:
    """Return the path of an item from the root of the site."""
    return f"/{section_path}/{content_id}.html"


def is_local(target: str) -> bool:
    """Tell whether ``target`` stays on this site: a path without scheme, host, backslash or control character."""
    parts = urlsplit(target)
    clean = not any(ord(character) < ord(" ") or character == "\\" for character in target)
    return clean and not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
