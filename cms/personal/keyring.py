"""The keys that seal personal data. A key seals, opens and makes fingerprints; the newest one seals.

AES-256-GCM. From each key of the site three others are derived (HKDF-SHA256): for texts, for files, for fingerprints.
What was sealed is bound to its place, the table and column it was made for, so that it cannot be moved elsewhere.
"""

import base64
import binascii
import hashlib
import hmac
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cms.config import MIN_KEY_LENGTH, Settings, data_key_file, split_keys
from cms.kernel.errors import Unavailable
from cms.kernel.i18n import gettext as _
from cms.personal.columns import Place, place_of
from cms.personal.identity import normalise

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

#: A sealed text is ``gk1.`` + id of its key + ``.`` + base64; the id has eight hexadecimal digits.
PREFIX = "gk1."
KEY_ID_LENGTH = 8
_FILE_PREFIX = b"GKF1"
_NONCE = 12
#: Lengths are rounded up to a multiple of this, so that a sealed text does not tell how long a name is.
_PAD = 64


class KeyMissing(Unavailable):
    """It was sealed with a key that the site does not have (503); the message says what to do."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            _(
                "缺少编号为 {key_id} 的数据密钥，无法读取已加密的个人信息。"
                "请系统管理员把备份中的 keys/data_key 放回网站目录，或在 CMS_DATA_KEY 中补上这个密钥，然后重试。"
            ).format(key_id=key_id)
        )
        self.key_id = key_id


class SealBroken(Unavailable):
    """What should be opened was changed, cut, or sealed for another place (503)."""

    def __init__(self, place: str) -> None:
        super().__init__(
            _("{place} 中已加密的个人信息被改动过或已损坏，无法读取。请系统管理员与备份比对。").format(place=place)
        )


@dataclass(frozen=True)
class _Key:
    """One key of the site with what is derived from it."""

    secret: str

    @cached_property
    def id(self) -> str:
        return self._derive("id", KEY_ID_LENGTH // 2).hex()

    @cached_property
    def texts(self) -> "AESGCM":
        return self._cipher("texts")

    @cached_property
    def files(self) -> "AESGCM":
        return self._cipher("files")

    @cached_property
    def fingerprints(self) -> bytes:
        return self._derive("fingerprints", 32)

    def _cipher(self, purpose: str) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 — slow; most requests need none

        return AESGCM(self._derive(purpose, 32))

    def _derive(self, purpose: str, length: int) -> bytes:
        from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 — slow; most requests need none
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415 — as above

        info = f"gongkai data key, {purpose}".encode()
        return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(self.secret.encode())


class Keyring:
    """The data keys of a site, newest first.

    :param read: returns the keys at each call; a rotation adds one while servers run, and they must see it.
    """

    def __init__(self, read: Callable[[], Sequence[str]]) -> None:
        self._read = read
        self._known: tuple[Sequence[str], dict[str, _Key]] = ((), {})

    @classmethod
    def of(cls, settings: Settings) -> "Keyring":
        """Return the keyring of a site: ``data_key`` of the settings, else the file that belongs to it."""
        if settings.data_key:
            keys = split_keys(settings.data_key)
            return cls(lambda: keys)
        return cls(_FileOfKeys(data_key_file(settings.site)))

    @property
    def key_ids(self) -> Sequence[str]:
        """Return the ids of all keys, newest first."""
        return tuple(self._keys())

    @property
    def newest(self) -> str:
        """Return the id of the key that seals."""
        return next(iter(self._keys()))

    def seal(self, values: Mapping[str, str], at: Place) -> str:
        """Return ``values`` as a sealed text for the column ``at``.

        :param at: the mapped column, ``Application.personal``, or its name ``table.column``.
        """
        text = json.dumps(dict(values), separators=(",", ":")).encode()
        text += b" " * (-len(text) % _PAD)
        key, nonce = self._newest(), os.urandom(_NONCE)
        sealed = nonce + key.texts.encrypt(nonce, text, place_of(at).encode())
        return f"{PREFIX}{key.id}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, token: str, at: Place) -> dict[str, str]:
        """Return what was sealed; an empty text holds nothing (it was erased, or never filled).

        Opening leaves no trace by itself: :func:`cms.personal.access.reveal` is for showing it to a person.

        :raises KeyMissing: if its key is not here. :raises SealBroken: if it was changed or belongs elsewhere.
        """
        if not token:
            return {}
        place = place_of(at)
        key_id = key_id_of(token)
        if key_id is None:
            raise SealBroken(place)
        key = self._key(key_id)
        text = token[len(PREFIX) + KEY_ID_LENGTH + 1 :]
        try:
            sealed = base64.b64decode(text, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise SealBroken(place) from error
        if base64.urlsafe_b64encode(sealed).decode() != text:
            # The last character has spare bits: the same bytes can be spelled in several ways.
            raise SealBroken(place)
        values: dict[str, str] = json.loads(_decrypt(key.texts, sealed, place))
        return values

    def knows(self, token: str) -> bool:
        """Tell whether the key that sealed ``token`` is here."""
        return key_id_of(token) in self._keys()

    def seal_bytes(self, content: bytes, at: Place) -> bytes:
        """Return ``content`` sealed for the place ``at``; for files."""
        key, nonce = self._newest(), os.urandom(_NONCE)
        sealed = key.files.encrypt(nonce, content, place_of(at).encode())
        return _FILE_PREFIX + bytes.fromhex(key.id) + nonce + sealed

    def open_bytes(self, sealed: bytes, at: Place) -> bytes:
        """Return the bytes that were sealed.

        :raises KeyMissing: if their key is not here. :raises SealBroken: if they were changed or belong elsewhere.
        """
        place, start = place_of(at), len(_FILE_PREFIX) + KEY_ID_LENGTH // 2
        if not sealed.startswith(_FILE_PREFIX) or len(sealed) < start:
            raise SealBroken(place)
        key = self._key(sealed[len(_FILE_PREFIX) : start].hex())
        return _decrypt(key.files, sealed[start:], place)

    def fingerprint(self, kind: str, value: str) -> str:
        """Return a keyed hash of ``value``, by which the same person is found again without opening anything.

        Spellings of the same value have the same fingerprint (:func:`cms.personal.identity.normalise`); an empty
        value has none. Old keys make other fingerprints: compare with :meth:`fingerprints`.
        """
        return self._fingerprint(self._newest(), kind, value)

    def fingerprints(self, kind: str, value: str) -> Sequence[str]:
        """Return the fingerprints of ``value`` by all keys, for looking it up while keys change; none if empty."""
        found = (self._fingerprint(key, kind, value) for key in self._keys().values())
        return tuple(filter(None, found))

    def _fingerprint(self, key: _Key, kind: str, value: str) -> str:
        normal = normalise(kind, value)
        if not normal:
            return ""
        digest = hmac.new(key.fingerprints, f"{kind}\0{normal}".encode(), hashlib.sha256).digest()
        return f"{key.id}.{base64.urlsafe_b64encode(digest[:24]).decode()}"

    def _keys(self) -> dict[str, _Key]:
        secrets = self._read()
        if secrets != self._known[0]:
            self._known = (secrets, {key.id: key for key in map(_Key, secrets)})
        return self._known[1]

    def _newest(self) -> _Key:
        return next(iter(self._keys().values()))

    def _key(self, key_id: str) -> _Key:
        key = self._keys().get(key_id)
        if key is None:
            raise KeyMissing(key_id)
        return key


class _FileOfKeys:
    """Reads the keys in a file, anew only when the file has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._keys: Sequence[str] = ()

    def __call__(self) -> Sequence[str]:
        try:
            state = self._path.stat()
            if (state.st_mtime_ns, state.st_ino) != self._seen:
                keys = split_keys(self._path.read_text("ascii"))
                if not keys or min(map(len, keys)) < MIN_KEY_LENGTH:
                    raise Unavailable(_("数据密钥文件 {path} 内容不完整。").format(path=self._path))
                self._keys = keys
                self._seen = (state.st_mtime_ns, state.st_ino)
        except (OSError, UnicodeDecodeError) as error:
            if not self._keys:
                raise Unavailable(_("数据密钥文件 {path} 无法读取。").format(path=self._path)) from error
        return self._keys


def key_id_of(token: str) -> str | None:
    """Return the id of the key that sealed ``token``, or nothing if it is no sealed text."""
    end = len(PREFIX) + KEY_ID_LENGTH
    return token[len(PREFIX) : end] if token.startswith(PREFIX) and token[end : end + 1] == "." else None


def _decrypt(cipher: "AESGCM", sealed: bytes, place: str) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 — slow; most requests need none

    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken(place) from error
