"""Addresses: every path goes through here, so that a base path and a public address hold everywhere."""

from urllib.parse import quote, urlsplit

from cms.web.state import get_cms


def path_of(path: str) -> str:
    """Return ``path`` (from the root of the site) as browsers need it, below the base path."""
    return get_cms().settings.base_path + quote(path, safe="/?&=%#:@,;+~")


def absolute(path: str) -> str:
    """Return the public address of ``path`` (from the root of the site)."""
    settings = get_cms().settings
    parts = urlsplit(settings.public_url)
    return f"{parts.scheme}://{parts.netloc}{path_of(path)}"


def item_path(section_path: str, content_id: int) -> str:
    """Return the path of an item from the root of the site."""
    return f"/{section_path}/{content_id}.html"


def is_local(target: str) -> bool:
    """Tell whether ``target`` stays on this site: a path without scheme, host, backslash or control character."""
    parts = urlsplit(target)
    clean = not any(ord(character) < ord(" ") or character == "\\" for character in target)
    return clean and not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
