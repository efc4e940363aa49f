"""Settings of one site: defaults < ``config.toml`` in the site folder < ``CMS_*`` environment < overrides.

Everything that is wrong is reported in one :class:`~cms.kernel.errors.ConfigError`.
"""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from cms.kernel.errors import ConfigError

MIN_KEY_LENGTH = 32


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How one site runs. Every field can be set in ``config.toml`` or as ``CMS_<NAME>`` in the environment."""

    site: Path
    """Folder of the site: database, index, media, plugins, themes, keys."""
    database_url: str = ""
    """SQLAlchemy URL; empty means ``cms.db`` (SQLite) in the site folder."""
    search_url: str = ""
    """``whoosh:`` (default) keeps the index in the site folder; ``memory:`` keeps it in memory, for tests."""
    redis_url: str = ""
    """Reserved for limits and stamps shared by several servers; nothing reads it yet."""
    public_url: str = "http://127.0.0.1:8000"
    """Address of the site as citizens see it, with the base path of a sub-site if it has one (``https://…/mzj``)."""
    trusted_proxies: int = 0
    """How many proxies in front of the server set ``X-Forwarded-*``; 0 means their headers are ignored."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names the site answers to; empty means any. The host of ``public_url`` always belongs to them."""
    secret_key: str = field(default="", repr=False)
    """Signs sessions and forms; made once into the site folder if not given."""
    data_key: str = field(default="", repr=False)
    """Seals personal data; never the same as ``secret_key``. Several keys are separated by commas, newest first: the
    newest seals, the others open. Empty means the file ``keys/data_key``, made once, one key on each line."""
    locale: str = "zh_Hans"
    """Language of the interface: ``zh_Hans`` or ``en``."""
    max_upload_mb: int = 50
    """Largest file that can be uploaded, in megabytes."""
    session_idle_minutes: int = 30
    """A desk session ends after this many minutes without a request (等保2.0 身份鉴别)."""
    page_cache: str = "memory"
    """``memory`` keeps finished public pages in each worker, ``files`` also writes them for nginx, ``off`` makes every
    page anew."""
    page_cache_mb: int = 32
    """Memory for finished pages in each worker, in megabytes."""
    page_folder: str = ""
    """Where finished pages are written for nginx; empty means ``run/pages`` in the site folder."""
    page_files_mb: int = 200
    """Space for the files of finished pages that each worker writes, in megabytes."""
    log_level: str = "INFO"
    """``DEBUG``, ``INFO``, ``WARNING`` or ``ERROR``; checked, but nothing reads it yet."""
    testing: bool = False
    """Handler failures raise and cookies need no HTTPS; set by tests only."""

    @property
    def base_path(self) -> str:
        """Return the path under which the site lives, without trailing slash; empty at the root."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def database(self) -> str:
        """Return the database URL, the embedded one if none is set."""
        return self.database_url or f"sqlite:///{self.site / 'cms.db'}"

    @property
    def is_https(self) -> bool:
        """Tell whether citizens reach the site by HTTPS, so that cookies may be limited to it."""
        return urlsplit(self.public_url).scheme == "https"

    @classmethod
    def load(cls, site: Path, environ: Mapping[str, str] | None = None, **overrides: object) -> "Settings":
        """Read the settings of the site in ``site``; make its keys if it has none yet.

        :raises ConfigError: with every problem found.
        """
        problems: list[str] = []
        raw: dict[str, tuple[object, str]] = {}
        names = {f.name for f in fields(cls)} - {"site"}
        _read_file(site / "config.toml", names, raw, problems)
        _read_environment(os.environ if environ is None else environ, names, raw, problems)
        raw.update({name: (value, "override") for name, value in overrides.items()})
        values = {name: _convert(name, value, origin, problems) for name, (value, origin) in raw.items()}
        settings = cls(site=site.resolve(), **{k: v for k, v in values.items() if v is not None})  # type: ignore[arg-type]  # converted by field type just above
        problems += _check(settings)
        if problems:
            raise ConfigError(problems)
        return _with_keys(settings)


#: Variables that are no settings: the site folder itself, the process of the server, and what tests insist on.
_KNOWN_ELSEWHERE = {"CMS_SITE", "CMS_SERVER_PID", "CMS_TEST_REQUIRE"}


def _read_file(path: Path, names: set[str], raw: dict[str, tuple[object, str]], problems: list[str]) -> None:
    if not path.exists():
        return
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problems.append(f"{path}: not valid TOML: {error}")
        return
    for name, value in table.items():
        if name in names:
            raw[name] = (value, str(path))
        else:
            problems.append(f"{path}: unknown setting {name!r}; known are {', '.join(sorted(names))}")


def _read_environment(
    environ: Mapping[str, str], names: set[str], raw: dict[str, tuple[object, str]], problems: list[str]
) -> None:
    for variable, value in environ.items():
        if not variable.startswith("CMS_") or variable in _KNOWN_ELSEWHERE:
            continue
        name = variable.removeprefix("CMS_").lower()
        if name in names:
            raw[name] = (value, variable)
        else:
            problems.append(f"{variable}: unknown variable; known are CMS_" + ", CMS_".join(sorted(names)).upper())


_WORDS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _convert(name: str, value: object, origin: str, problems: list[str]) -> object:
    kind = next(f.type for f in fields(Settings) if f.name == name)
    converted: object = str(value)
    if kind is bool:
        converted = value if isinstance(value, bool) else _WORDS.get(str(value).lower())
    elif kind is int:
        converted = int(str(value)) if re.fullmatch(r"-?\d{1,9}", str(value)) else None
    elif kind == tuple[str, ...]:
        parts = value if isinstance(value, (list, tuple)) else str(value).split(",")
        converted = tuple(str(part).strip() for part in parts if str(part).strip())
    if converted is None:
        allowed = "true and false" if kind is bool else "whole numbers"
        problems.append(f"{origin}: {name} is {value!r}; allowed are {allowed}")
    return converted


_ALLOWED = {
    "search_url": ("", "whoosh:", "memory:"),
    "locale": ("zh_Hans", "en"),
    "page_cache": ("memory", "files", "off"),
    "log_level": ("DEBUG", "INFO", "WARNING", "ERROR"),
}
_LEAST = {"page_cache_mb": 1, "page_files_mb": 1, "max_upload_mb": 1, "session_idle_minutes": 5, "trusted_proxies": 0}


def _check(settings: Settings) -> list[str]:
    problems = []
    url = urlsplit(settings.public_url)
    if url.scheme not in {"http", "https"} or not url.hostname or url.query or url.fragment:
        problems.append(f"public_url is {settings.public_url!r}; needed is http(s)://host[:port][/path] without query")
    if settings.database_url and "://" not in settings.database_url:
        problems.append(f"database_url is {settings.database_url!r}; needed is a SQLAlchemy URL such as sqlite:///…")
    for name, allowed in _ALLOWED.items():
        if getattr(settings, name) not in allowed:
            problems.append(f"{name} is {getattr(settings, name)!r}; allowed are {', '.join(filter(None, allowed))}")
    for name, least in _LEAST.items():
        if getattr(settings, name) < least:
            problems.append(f"{name} is {getattr(settings, name)}; it must be at least {least}")
    return problems + _check_keys(settings)


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys in ``text``, separated by commas or line ends, newest first."""
    return tuple(filter(None, re.split(r"[,\s]+", text)))


def data_key_file(site: Path) -> Path:
    """Return the file that holds the data keys of ``site``, unless its settings name them."""
    return site / "keys" / "data_key"


def _check_keys(settings: Settings) -> list[str]:
    data_keys = split_keys(settings.data_key)
    problems = [
        f"{name} is too short; at least {MIN_KEY_LENGTH} characters are needed"
        for name, keys in (("secret_key", filter(None, [settings.secret_key])), ("data_key", data_keys))
        if any(len(key) < MIN_KEY_LENGTH for key in keys)
    ]
    if settings.secret_key and settings.secret_key in data_keys:
        problems.append("secret_key and data_key are the same; personal data needs a key of its own")
    return problems


def _with_keys(settings: Settings) -> Settings:
    if not settings.data_key:
        # It is read where it is used: a rotation adds keys to the file while servers run.
        _key_file(data_key_file(settings.site))
    if settings.secret_key:
        return settings
    return replace(settings, secret_key=_key_file(settings.site / "keys" / "secret_key"))


def make_key() -> str:
    """Return a new random key."""
    return secrets.token_urlsafe(48)


def _key_file(path: Path) -> str:
    """Return the content of ``path``; make a key there, readable by the owner only, the first time."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(descriptor, "w") as file:
        key = make_key()
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def default_site(environ: Mapping[str, str] | None = None) -> Path:
    """Return the site folder: ``CMS_SITE``, else ``instance/`` of a checkout, else ``instance/`` here."""
    chosen = (os.environ if environ is None else environ).get("CMS_SITE")
    if chosen:
        return Path(chosen)
    checkout = Path(__file__).parents[1]
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / "instance"
