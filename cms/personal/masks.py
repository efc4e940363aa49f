"""Masking: what lists, letters and published replies show of a person. Pure functions; originals stay sealed."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from cms.personal.identity import INVISIBLE, is_birthday, is_id_number, normalise, passes_luhn

_STAR = "*"
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_AREA = re.compile(r"(?P<area>010|02\d|0[3-9]\d\d)(?P<rest>\d{7,8})", re.ASCII)
#: What an address may show: down to the village or community (site-rules d.5).
_DOWN_TO = re.compile(r".*(?:省|自治[区州县]|[市县旗盟乡镇村]|(?<!小)区|街道|社区|居委会|村委会|村民委员会)", re.DOTALL)


def mask_name(name: str) -> str:
    """Return a name as 张* or 张*三; of names in other scripts the first letter stays."""
    text = name.strip()
    if not text:
        return ""
    if not _HAN.fullmatch(text):
        return text[0] + _STAR * 3
    if len(text) <= 2:  # noqa: PLR2004 — surname and one character
        return text[0] + _STAR if len(text) > 1 else _STAR
    return text[0] + _STAR * (len(text) - 2) + text[-1]


def mask_phone(number: str) -> str:
    """Return a telephone number as 138****5678, of a fixed line the area code and two digits: 0734-*****45."""
    digits = normalise("phone", number)
    if _MOBILE.fullmatch(digits):
        return f"{digits[:3]}****{digits[-4:]}"
    fixed = _AREA.fullmatch(digits)
    if fixed is not None:
        return f"{fixed['area']}-{_ends(fixed['rest'], 0, 2)}"
    return _ends(digits, 0, 2)


def mask_id(number: str) -> str:
    """Return an identity number with its first three and last two characters, of short ones the last two."""
    text = normalise("id_number", number)
    return _ends(text, 3 if len(text) > 10 else 0, 2)  # noqa: PLR2004 — passports and military ids are shorter


def mask_email(address: str) -> str:
    """Return an e-mail address as w***@example.cn."""
    name, at, host = address.strip().partition("@")
    return f"{name[:1]}***@{host}" if at else _STAR * 3 if name else ""


def mask_address(address: str) -> str:
    """Return an address down to the village or community, without street and house: 衡山县开云镇***."""
    text = address.strip()
    if not text:
        return ""
    shown = _DOWN_TO.match(text)
    kept = re.sub(r"[0-9０-９]", _STAR, shown.group()) if shown else ""
    return kept if len(kept) == len(text) else f"{kept}***"


def mask_card(number: str) -> str:
    """Return a bank card number with its last four digits."""
    return _ends(re.sub(r"\D", "", number), 0, 4)


@dataclass(frozen=True)
class PersonalValue:
    """A personal value in a running text, from ``start`` to ``end``.

    ``kind`` is ``id_number``, ``id_like`` (an identity number but for its check digit), ``card``, ``mobile``,
    ``phone`` or ``email``.
    """

    kind: str
    start: int
    end: int
    text: str


def find_personal(text: str, *, keep: Iterable[str] = ()) -> list[PersonalValue]:
    """Find identity numbers, bank cards, telephone numbers and e-mail addresses in ``text``, in order.

    Full-width digits, separators and invisible characters between digits hide nothing. Whether somebody lives at an
    address or bears a name cannot be told from the text: a person has to look.

    :param keep: numbers and addresses that may be published, for instance the office's own telephone.
    """
    plain, places = _folded(text)
    allowed = {_bare(value) for value in keep}
    found: list[PersonalValue] = []
    taken = bytearray(len(text))
    for kind, start, end in _matches(plain):
        first, last = places[start], places[end - 1] + 1
        if not any(taken[first:last]):
            taken[first:last] = b"\1" * (last - first)
            if _bare(plain[start:end]) not in allowed:
                found.append(PersonalValue(kind, first, last, text[first:last]))
    return sorted(found, key=lambda one: one.start)


def mask_personal(text: str, *, keep: Iterable[str] = ()) -> str:
    """Return ``text`` with what :func:`find_personal` finds masked; used before a reply is published."""
    pieces, at = [], 0
    for value in find_personal(text, keep=keep):
        pieces += [text[at : value.start], _MASKS[value.kind](_folded(value.text)[0])]
        at = value.end
    return "".join([*pieces, text[at:]])


_MASKS: Mapping[str, Callable[[str], str]] = {
    "id_number": mask_id, "id_like": mask_id, "card": mask_card, "mobile": mask_phone, "phone": mask_phone,
    "email": mask_email,
}  # fmt: skip

_GAP = r"[ \-]?"
_EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}", re.ASCII)
_ID = re.compile(rf"(?<!\d)[1-9]\d{{5}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{3}}[\dXx](?!\d)", re.ASCII)
_OLD_ID = re.compile(r"(?<!\d)[1-9]\d{5}(?P<day>\d{6})\d{3}(?!\d)", re.ASCII)
_CARD = re.compile(rf"(?<![\dA-Za-z])\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{1,3}})?(?![\dA-Za-z])", re.ASCII)
_MOBILE_IN_TEXT = re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)", re.ASCII)
_PHONE_IN_TEXT = re.compile(
    rf"(?<!\d)(?:\+86{_GAP})?\(?(?:010|02\d|0[3-9]\d\d)\)?{_GAP}\d{{7,8}}(?!\d)", re.ASCII
)  # fmt: skip
#: Seven or eight digits alone may be anything; after such a word they are a telephone number.
_AFTER_WORD = re.compile(r"(?:电话|座机|传真|手机|致电|[Tt]el)[^\d\n]{0,4}(?P<number>[2-9]\d{6,7})(?!\d)", re.ASCII)
_PROVINCES = frozenset({11, 12, 13, 14, 15, *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
                        *range(61, 66), 71, 81, 82, 83})  # fmt: skip


def _matches(plain: str) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of what looks personal; what is surest comes first, later ones may overlap it."""
    yield from (("email", *match.span()) for match in _EMAIL.finditer(plain))
    for match in _ID.finditer(plain):
        number = re.sub(r"[ \-]", "", match.group())
        if is_id_number(number):
            yield ("id_number", *match.span())
        elif int(number[:2]) in _PROVINCES and is_birthday(number[6:14]):
            yield ("id_like", *match.span())
    for match in _OLD_ID.finditer(plain):
        if int(match.group()[:2]) in _PROVINCES and is_birthday(f"19{match['day']}"):
            yield ("id_number", *match.span())
    for match in _CARD.finditer(plain):
        if passes_luhn(re.sub(r"\D", "", match.group())):
            yield ("card", *match.span())
    yield from (("mobile", *match.span()) for match in _MOBILE_IN_TEXT.finditer(plain))
    yield from (("phone", *match.span()) for match in _PHONE_IN_TEXT.finditer(plain))
    yield from (("phone", *match.span("number")) for match in _AFTER_WORD.finditer(plain))


def _folded(text: str) -> tuple[str, list[int]]:
    """Return ``text`` with every digit and full-width character as ASCII, without invisible ones.

    :returns: also the place in ``text`` of each character of the result.
    """
    folded, places = [], []
    for place, character in enumerate(text):
        if INVISIBLE.match(character):
            continue
        digit = unicodedata.decimal(character, None)
        code = ord(character)
        if digit is not None:
            character = str(digit)  # noqa: PLW2901 — the same character, spelled in ASCII
        elif 0xFF01 <= code <= 0xFF5E:  # noqa: PLR2004 — the full-width forms of ASCII
            character = chr(code - 0xFEE0)  # noqa: PLW2901 — as above
        elif character in _DASHES:
            character = "-"  # noqa: PLW2901 — as above
        folded.append(character)
        places.append(place)
    return "".join(folded), places


_DASHES: Collection[str] = frozenset("‐‑‒–—−－·")


def _bare(value: str) -> str:
    return re.sub(r"[\s()\-+]", "", _folded(value)[0]).casefold()


def _ends(text: str, first: int, last: int) -> str:
    """Return ``text`` with stars in the middle; of a text too short for that, only stars."""
    if len(text) <= first + last:
        return _STAR * len(text)
    return text[:first] + _STAR * (len(text) - first - last) + text[len(text) - last :]
