"""Query codes: what a citizen needs, besides the number of a record, to ask how it stands.

The code is shown once and kept as a sealed digest: whoever steals the database cannot look for it, and a rotation of
keys seals it anew like everything else.
"""

import base64
import hashlib
import hmac
import secrets
import unicodedata

from cms.personal.columns import Place
from cms.personal.keyring import Keyring

#: Letters and digits that nobody mistakes for each other, on paper, on a screen or on the telephone.
ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
_GROUPS, _GROUP = 3, 4
_DIGEST = "digest"


def new_code() -> str:
    """Return a new code, three groups of four: ``7KMX-2QHA-9TRD`` (more than 57 bits)."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def seal_code(keyring: Keyring, code: str, at: Place) -> str:
    """Return what is stored of ``code`` in the sealed column ``at``."""
    return keyring.seal({_DIGEST: _digest(code)}, at)


def code_matches(keyring: Keyring, stored: str, typed: str, at: Place) -> bool:
    """Tell whether ``typed`` is the code of which ``stored`` is kept, in the same time whether it is or not.

    Case, width, spaces and hyphens do not matter. Without a record (``stored`` is empty) the same work is done for
    nothing, so that the time tells nobody which numbers exist.

    :raises KeyMissing: if the key that sealed it is not here. :raises SealBroken: if it was changed.
    """
    decoy = keyring.seal({_DIGEST: ""}, at)
    expected = keyring.open(stored or decoy, at).get(_DIGEST, "")
    return hmac.compare_digest(_digest(typed), expected)


def _digest(code: str) -> str:
    text = "".join(character for character in unicodedata.normalize("NFKC", code).upper() if character.isalnum())
    return base64.b64encode(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()).decode()
