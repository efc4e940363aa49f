"""Numbers that name persons and organs: their one normal form, and their check digits."""

import re
import unicodedata
from collections.abc import Callable, Mapping

#: Soft hyphens, zero-width characters, marks of direction.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")
_NOT_ALNUM = re.compile(r"[^0-9A-Z]")
_NOT_DIGIT = re.compile(r"\D")
#: Dots between the parts of names in other scripts; people type every one of them.
_MIDDLE_DOTS = re.compile("[·•‧∙⋅・･.]")
#: Country code before a mobile number, or before an area code with or without its 0.
_COUNTRY = re.compile(r"(?:00)?86(?:(?P<whole>1[3-9]\d{9}|0\d{9,11})|(?P<short>[2-9]\d{8,10}))")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_OLD_ID, _ID = 15, 18


def normalise(kind: str, value: str) -> str:
    """Return the form that all spellings of ``value`` share; empty if nothing is left.

    Full-width and compatibility characters fold (NFKC), spaces and invisible characters go, case does not matter.
    ``id_number``: separators go, 15 digits become 18 (GB 11643). ``phone``: digits only, without the country code.
    ``uscc``: letters and digits only. ``name``: the dots between parts do not matter.
    """
    folded = _SPACE.sub("", INVISIBLE.sub("", unicodedata.normalize("NFKC", value))).casefold()
    return _BY_KIND.get(kind, str)(folded)


def id_check_digit(first: str) -> str:
    """Return the last character of a citizen's number from the 17 digits before it (GB 11643-1999: MOD 11-2)."""
    return _CHECK_DIGITS[sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True)) % 11]


def is_id_number(text: str) -> bool:
    """Tell whether ``text`` is a citizen's number of 18 characters: day of birth and check digit are right."""
    return (
        re.fullmatch(r"[1-9]\d{16}[\dXx]", text, re.ASCII) is not None
        and is_birthday(text[6:14])
        and id_check_digit(text[:17]) == text[17].upper()
    )


def passes_luhn(digits: str) -> bool:
    """Tell whether ``digits`` end in their check digit by the Luhn rule, as bank card numbers do (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = int(digit) * (1 + place % 2)
        total += double - 9 if double > 9 else double  # noqa: PLR2004 — the sum of the digits of a two-digit number
    return total % 10 == 0


def is_birthday(digits: str) -> bool:
    """Tell whether ``YYYYMMDD`` is a day somebody may have been born."""
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:])
    lengths = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1800 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= lengths[month - 1]  # noqa: PLR2004 — a calendar


def _id_number(folded: str) -> str:
    text = _NOT_ALNUM.sub("", folded.upper())
    if re.fullmatch(rf"\d{{{_OLD_ID}}}", text, re.ASCII):
        # Numbers of 15 digits leave out the century and the check digit; their bearers were born in the 20th.
        first = f"{text[:6]}19{text[6:]}"
        return first + id_check_digit(first)
    return text


def _phone(folded: str) -> str:
    digits = _NOT_DIGIT.sub("", folded)
    found = _COUNTRY.fullmatch(digits)
    if found is None:
        return digits
    return found["whole"] or f"0{found['short']}"


_BY_KIND: Mapping[str, Callable[[str], str]] = {
    "id_number": _id_number,
    "phone": _phone,
    "uscc": lambda folded: _NOT_ALNUM.sub("", folded.upper()),
    "name": lambda folded: _MIDDLE_DOTS.sub("", folded),
}
