"""What is to be removed: phrases and kinds of numbers, rectangles on pages, whole pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cms.api import Invalid, find_personal
from cms.api import gettext as _

#: Stands where something was removed; always the same, so that its length tells nothing.
MARK = "■■■"
#: One character would remove half of a text.
MIN_PHRASE = 2
MAX_PHRASE, MAX_PHRASES, MAX_BOXES = 200, 200, 500
#: What may stand between two characters of a phrase without making it another one: spaces, line ends, soft hyphens,
#: characters without width.
_BETWEEN = "[\\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*"
_ASCII_TO_FULL = 0xFEE0

#: Kinds of numbers that officers look for, by key, with what the product calls them in running text.
KINDS: dict[str, frozenset[str]] = {
    "identity": frozenset({"id_number", "id_like"}), "phone": frozenset({"mobile", "phone"}),
    "card": frozenset({"card"}), "email": frozenset({"email"}),
}  # fmt: skip


def kind_labels() -> dict[str, str]:
    """Return the Chinese names of :data:`KINDS`."""
    return {
        "identity": _("身份证号码"), "phone": _("电话号码"), "card": _("银行卡号"), "email": _("电子邮箱"),
    }  # fmt: skip


@dataclass(frozen=True)
class Box:
    """A rectangle on a page or picture: ``page`` from 1, the other values as parts of its width and height (0 to 1)."""

    page: int
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be removed from a file.

    :param kinds: keys of :data:`KINDS`. :param drop_pages: pages of a PDF that are left out, from 1.
    :param keep_pictures: leave the pictures of a text document in it; only text in them that is no text can tell then.
    :param as_text: make a PDF anew from its text instead of from pictures of its pages.
    """

    phrases: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    boxes: tuple[Box, ...] = ()
    drop_pages: frozenset[int] = frozenset()
    keep_pictures: bool = False
    as_text: bool = False
    _patterns: tuple[re.Pattern[str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_patterns", tuple(map(pattern_of, self.phrases)))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where ``text`` has something to remove, as half-open ranges in order that do not overlap."""
        wanted = frozenset().union(*(KINDS.get(kind, frozenset()) for kind in self.kinds))
        numbers = [(one.start, one.end) for one in find_personal(text) if one.kind in wanted] if wanted else []
        phrases = (match.span() for pattern in self._patterns for match in pattern.finditer(text))
        found = sorted([*phrases, *numbers])
        merged: list[tuple[int, int]] = []
        for start, end in found:
            if merged and start < merged[-1][1]:
                merged[-1] = merged[-1][0], max(end, merged[-1][1])
            elif start < end:
                merged.append((start, end))
        return merged

    def without(self, text: str, mark: str = MARK) -> str:
        """Return ``text`` with ``mark`` in place of everything that is to be removed."""
        parts, at = [], 0
        for start, end in self.spans(text):
            parts += [text[at:start], mark]
            at = end
        return "".join([*parts, text[at:]])


def pattern_of(phrase: str) -> re.Pattern[str]:
    """Return what finds ``phrase``: broken by spaces or line ends, in half or full width, in any case."""
    letters = [character for character in phrase if not re.fullmatch(_BETWEEN, character)]
    return re.compile(_BETWEEN.join(map(_either_width, letters)), re.IGNORECASE)


def _either_width(character: str) -> str:
    code = ord(character)
    if 0x21 <= code <= 0x7E:  # noqa: PLR2004 — the printable ASCII characters, each with a full-width twin
        return f"[{re.escape(character)}{chr(code + _ASCII_TO_FULL)}]"
    if 0xFF01 <= code <= 0xFF5E:  # noqa: PLR2004 — their twins
        return f"[{character}{re.escape(chr(code - _ASCII_TO_FULL))}]"
    return re.escape(character)


@dataclass(frozen=True, kw_only=True)
class Redacted:
    """A file without what was to be removed. ``removed`` counts the places; ``notes`` say what else was left behind."""

    content: bytes
    extension: str
    media_type: str
    removed: int
    notes: Sequence[str] = ()


def checked(order: Order) -> Order:
    """Return ``order`` if it can be carried out.

    :raises Invalid: by field: phrases that are too short, too long or too many, rectangles outside the page.
    """
    errors: dict[str, list[str]] = {}
    lengths = [len(re.sub(_BETWEEN, "", phrase)) for phrase in order.phrases]
    if any(length < MIN_PHRASE for length in lengths):
        errors["phrases"] = [_("要去除的文字每行至少 {n} 个字。").format(n=MIN_PHRASE)]
    if any(length > MAX_PHRASE for length in lengths) or len(lengths) > MAX_PHRASES:
        errors["phrases"] = [_("最多 {n} 行，每行最多 {m} 个字。").format(n=MAX_PHRASES, m=MAX_PHRASE)]
    if order.kinds - KINDS.keys():
        errors["kinds"] = [_("请从列出的种类中选择。")]
    if len(order.boxes) > MAX_BOXES or not all(_is_inside(box) for box in order.boxes):
        errors["boxes"] = [_("遮盖区域应在页面之内，最多 {n} 处。").format(n=MAX_BOXES)]
    if errors:
        raise Invalid(errors)
    return order


def _is_inside(box: Box) -> bool:
    sizes = 0 < box.width <= 1 and 0 < box.height <= 1
    return box.page >= 1 and 0 <= box.left < 1 and 0 <= box.top < 1 and sizes
