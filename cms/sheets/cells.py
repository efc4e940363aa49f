"""What the text of a cell means: numbers and days as people and spreadsheet programs write them."""

import re
import unicodedata
from datetime import date, timedelta
from decimal import Decimal

#: Days of 1990 to 2099 as serial numbers of spreadsheets; 1899-12-30 is day 0, as 1900 had no 29 February.
_SERIAL_ZERO, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 32_874, 73_050
_DAY = re.compile(r"([0-9]{4})(?:年|[-/.])([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})日?")
_TIGHT = re.compile(r"((?:19|20)[0-9][0-9])([0-9][0-9])([0-9][0-9])")
_SERIAL = re.compile(r"[0-9]{5}(?:\.0*)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?")


def day_of(text: str) -> date:
    """Return the day that ``text`` names: 2016-03-05, 2016年3月5日, 2016.3.5, 2016/3/5, 20160305 or a serial number.

    :raises ValueError: if it names none.
    """
    plain = _plain(text)
    if _SERIAL.fullmatch(plain):
        serial = int(plain.split(".", maxsplit=1)[0])
        if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
            raise ValueError(f"no day: {text!r}")
        return _SERIAL_ZERO + timedelta(days=serial)
    match = _DAY.fullmatch(plain) or _TIGHT.fullmatch(plain)
    if match is None:
        raise ValueError(f"no day: {text!r}")
    year, month, day = map(int, match.groups())
    return date(year, month, day)


def decimal_of(text: str) -> Decimal:
    """Return the number that ``text`` says, in half-width or full-width digits, with or without groups of three.

    :raises ValueError: if it is none.
    """
    plain = _plain(text)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(f"no number: {text!r}")
    return Decimal(plain)


def whole_of(text: str) -> int:
    """Return the whole number that ``text`` says; 3.0 is one, as programs write it.

    :raises ValueError: if it is none.
    """
    number = decimal_of(text)
    if number != number.to_integral_value():
        raise ValueError(f"no whole number: {text!r}")
    return int(number)


def _plain(text: str) -> str:
    """Return ``text`` in half-width characters without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split()).replace("。", ".")
