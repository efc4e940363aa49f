"""Hashing and judging passwords (等保2.0 身份鉴别; site-rules d.2)."""

import secrets
import string
from datetime import timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from cms.kernel.i18n import gettext as _

MIN_LENGTH = 10
MIN_CLASSES = 3
#: A password older than this has to be changed at the next login.
MAX_AGE = timedelta(days=90)
#: A new password must differ from this many before it.
REMEMBERED = 5
_COMMON = ("password", "12345678", "qwerty", "admin", "mima", "abcd1234", "1qaz2wsx")


class _Hashing:
    """The hasher of this process; the library recommends its cost."""

    hasher = PasswordHasher()


def set_hasher(hasher: PasswordHasher) -> PasswordHasher:
    """Hash with ``hasher`` from now on and return the one before; for tests, which protect nothing."""
    before, _Hashing.hasher = _Hashing.hasher, hasher
    _decoy.cache_clear()
    return before


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``."""
    return _Hashing.hasher.hash(password)


def verify(hashed: str, password: str) -> bool:
    """Tell whether ``password`` is the one that was hashed."""
    try:
        return _Hashing.hasher.verify(hashed, password)
    except VerificationError:
        return False


def needs_rehash(hashed: str) -> bool:
    """Tell whether the cost parameters have moved on since ``hashed`` was made."""
    return _Hashing.hasher.check_needs_rehash(hashed)


def waste_time(password: str) -> None:
    """Take as long as a real check, so that an unknown user name cannot be told from a wrong password."""
    verify(_decoy(), password)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hash_password(secrets.token_hex(16))


def problems(password: str, username: str, old_hashes: list[str]) -> list[str]:
    """Return everything that is wrong with a new password, as sentences for its owner."""
    found = []
    if len(password) < MIN_LENGTH:
        found.append(_("密码至少 {n} 个字符。").format(n=MIN_LENGTH))
    classes = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
    if sum(any(test(c) for c in password) for test in classes) < MIN_CLASSES:
        found.append(_("密码应包含小写字母、大写字母、数字、符号中的至少 {n} 种。").format(n=MIN_CLASSES))
    lowered = password.lower()
    if username.lower() in lowered or any(word in lowered for word in _COMMON):
        found.append(_("密码不能包含用户名或常见弱口令。"))
    if any(verify(hashed, password) for hashed in old_hashes):
        found.append(_("不能使用最近 {n} 次用过的密码。").format(n=REMEMBERED))
    return found


def make_password() -> str:
    """Return a random password that meets the rules; shown once to the person who hands it over."""
    letters = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
    body = "".join(secrets.choice(letters) for _index in range(11))
    return f"{secrets.choice('ABCDEFGH')}{body}{secrets.choice('23456789')}-{secrets.choice('abcdefgh')}"
