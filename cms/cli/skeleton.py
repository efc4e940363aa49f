"""The skeleton of a plugin with a content type: small, complete, and with a test that passes."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from string import Template

from cms.kernel.errors import PluginError
from cms.pluginkit import manifest
from cms.pluginkit.discovery import bundled
from cms.sections.services import RESERVED

_FILES = Path(__file__).parent / "skeleton_files"
#: Keys of content types and first parts of addresses are no longer than this.
MAX_KEY = 40


def write_plugin(folder: Path, key: str) -> Path:
    """Write a plugin called ``key`` below ``folder`` and return its folder.

    Its content type has the same key; its table, migration, template and test are there.

    :raises PluginError: if the key is malformed or taken; nothing is written then.
    """
    path = key.replace("_", "-")
    if not manifest.is_key(key) or len(key) > MAX_KEY:
        raise PluginError(key, f"a key is lower_case letters, digits and single _, at most {MAX_KEY}; {key!r} is not")
    if path in RESERVED:
        raise PluginError(key, f"the address /{path}/ is used by the product; take another key")
    target = folder / key
    if target.exists() or (bundled("plugins") / key).exists():
        raise PluginError(key, f"there is a plugin {key!r} already")
    now = datetime.now(UTC)
    words = {
        "key": key, "path": path, "name": "".join(part.capitalize() for part in key.split("_")),
        "revision": secrets.token_hex(6), "created": f"{now:%Y-%m-%d %H:%M:%S}",
    }  # fmt: skip
    for source, name in _names(key, now).items():
        written = target / name
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(Template((_FILES / source).read_text("utf-8")).substitute(words), "utf-8")
    return target


def _names(key: str, now: datetime) -> dict[str, str]:
    return {
        "plugin.toml.txt": manifest.FILE,
        "init.py.txt": "__init__.py",
        "models.py.txt": "models.py",
        "migration.py.txt": f"migrations/versions/{now:%Y%m%d}_tables.py",
        "item.html.txt": f"templates/{key}/{key}.html",
        "test.py.txt": f"tests/test_{key}.py",
    }
