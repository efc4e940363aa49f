"""Document numbers (发文字号) in their normal form: ``衡民发〔2016〕12号`` (disclosure-rules d.4)."""

import re

_OPEN = "[(（［【{〔〈﹝"
_CLOSE = "])）］】}〕〉﹞"
_LOOSE = re.compile(
    rf"(?P<org>[\u4e00-\u9fff]{{2,12}})\s*[{re.escape(_OPEN)}]\s*(?P<year>(?:19|20)\d{{2}})\s*年?\s*[{re.escape(_CLOSE)}]"
    r"\s*第?\s*0*(?P<no>[1-9]\d{0,5})\s*号"
)


def normalise_doc_no(text: str) -> str | None:
    """Return the document number that ``text`` is, in normal form; nothing if it is none.

    Any bracket style, spaces, leading zeros and a 第 are accepted.
    """
    match = _LOOSE.fullmatch(text.strip().translate(_DIGITS))
    return _render(match) if match else None


def find_doc_nos(text: str) -> list[str]:
    """Return all document numbers that occur in ``text``, in normal form."""
    return [_render(match) for match in _LOOSE.finditer(text.translate(_DIGITS))]


_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def _render(match: re.Match[str]) -> str:
    return f"{match['org']}〔{match['year']}〕{match['no']}号"
