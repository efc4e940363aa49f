"""A question in words that people answer at once and simple robots do not, for instance 七加五等于多少.

Its token is signed and names the form and the time. The numbers follow from the token and the secret key of the site,
so the token does not show them; nothing is stored until it is used up.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from cms.kernel.i18n import gettext as _

#: An answer is taken for so long after the question was asked; long forms take their time.
LIFETIME = timedelta(hours=3)
_DIGITS = "零一二三四五六七八九"
_MOST = 20
_PLUS, _MINUS = "加", "减"
_SALT = "cms question"


@dataclass(frozen=True)
class Question:
    """A question that was asked: its token, its numbers and which form it belongs to."""

    token: str
    first: int
    operation: str
    second: int

    @property
    def text(self) -> str:
        """Return the question in words."""
        return _("{first}{operation}{second}等于多少？").format(
            first=in_words(self.first), operation=self.operation, second=in_words(self.second)
        )

    @property
    def answer(self) -> int:
        """Return the right answer."""
        return self.first + self.second if self.operation == _PLUS else self.first - self.second

    @property
    def words(self) -> Sequence[str]:
        """Return the words to be spoken, one after the other."""
        return ("请问", *in_words(self.first), self.operation, *in_words(self.second), "等于多少")

    def is_answered_by(self, typed: str) -> bool:
        """Tell whether ``typed`` is the right answer, in digits of any width or in words."""
        return number_in(typed) == self.answer


def ask(secret: str, form: str, now: datetime) -> Question:
    """Return a new question for the form called ``form``."""
    payload = {"form": form, "at": int(now.timestamp()), "nonce": secrets.token_urlsafe(12)}
    token = _signer(secret).dumps(payload)
    return _question(secret, token.decode() if isinstance(token, bytes) else token)


def read(secret: str, token: str) -> Question | None:
    """Return the question of a token, whatever its form and age; nothing if we did not sign it."""
    return None if _payload(secret, token) is None else _question(secret, token)


def is_valid(secret: str, token: str, form: str, now: datetime) -> bool:
    """Tell whether the token was made for this form and not too long ago."""
    payload = _payload(secret, token)
    if payload is None or payload.get("form") != form:
        return False
    return timedelta(0) <= now - datetime.fromtimestamp(int(str(payload["at"])), now.tzinfo) <= LIFETIME


def in_words(number: int) -> str:
    """Return a number from 0 to 99 as Chinese words: 十二, 二十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def number_in(typed: str) -> int | None:
    """Return the number that somebody typed: 12, １２, 十二, 一十二 or 12。 — or nothing."""
    text = re.sub(r"[\s。.，,]", "", unicodedata.normalize("NFKC", typed)).translate(_FORMAL)
    if re.fullmatch(r"\d{1,3}", text, re.ASCII):
        return int(text)
    for number in range(2 * _MOST + 1):
        if text in {in_words(number), f"一{in_words(number)}" if 10 <= number < 20 else ""}:  # noqa: PLR2004 — 一十二
            return number
    return None


#: Numerals of cheques and other ways to write the same.
_FORMAL = str.maketrans("〇壹贰叁肆伍陆柒捌玖拾两", "零一二三四五六七八九十二")


def _signer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=_SALT)


def _payload(secret: str, token: str) -> dict[str, object] | None:
    try:
        payload: object = _signer(secret).loads(token)
    except BadData:
        return None
    return payload if isinstance(payload, dict) else None


def _question(secret: str, token: str) -> Question:
    seed = hmac.new(secret.encode(), f"numbers\0{token}".encode(), hashlib.sha256).digest()
    first, second = 1 + seed[0] % _MOST, 1 + seed[1] % _MOST
    if seed[2] % 2:
        return Question(token, first, _PLUS, second)
    return Question(token, max(first, second), _MINUS, min(first, second))
