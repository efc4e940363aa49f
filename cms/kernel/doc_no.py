"""Document numbers (发文字号) in their one official form.

GB/T 9704-2012: 机关代字〔four-digit year〕number号, hexagonal brackets, Arabic digits, no 第, no leading
zeros. People type them with every other kind of bracket, with spaces and with zeros; all of these mean the
same number.
"""

import re

OFFICIAL = re.compile(r"^(?P<org>[\u4e00-\u9fff]{2,12})〔(?P<year>(?:19|20)\d{2})〕(?P<no>[1-9]\d*)号$")
"""The official form, with its three parts."""

_DIGITS = {ord(full): str(digit) for digit, full in enumerate("０１２３４５６７８９")}
_GAP = r"[ \t\u3000\xa0]{0,4}"
# The search starts at the bracket, not at the words before it: those can be any text, and trying each of its
# characters as a beginning would make long texts slow.
_NUMBER = re.compile(
    rf"[〔\[(（［【{{｛〖《<＜﹝]{_GAP}(?P<year>(?:19|20)[0-9]{{2}}){_GAP}年?{_GAP}[〕\])）］】}}｝〗》>＞﹞]"
    rf"{_GAP}第?{_GAP}0{{0,6}}(?P<no>[1-9][0-9]{{0,5}}){_GAP}[号號]"
)
_ORG = re.compile(rf"(?:(?![号號])[\u4e00-\u9fff]{_GAP}){{0,12}}\Z")  # 号 ends the number before.


def normalise_doc_no(text: str) -> str | None:
    """Return ``text`` as an official document number, or None when it is none.

    ``衡民发 [2016] 第012号`` → ``衡民发〔2016〕12号``. Nothing but the number may stand in ``text``.
    """
    if len(text) > 80:  # noqa: PLR2004 — far longer than any number, with room for spaces
        return None
    found = find_doc_nos(text.strip())
    if len(found) != 1 or found[0][1:] != (0, len(text.strip())):
        return None
    return found[0][0] if OFFICIAL.match(found[0][0]) else None


def find_doc_nos(text: str) -> list[tuple[str, int, int]]:
    """Find the document numbers in running text: ``(number, start, end)`` each, in order.

    Chinese is written without spaces, so the words before an 机关代字 cannot be told from it
    (根据衡民发〔2016〕12号): ``number`` begins with up to twelve characters before the bracket, and
    ``start`` is where they begin. A number whose 机关代字 was left out is returned as ``〔2016〕12号``.
    """
    text = text.translate(_DIGITS)
    numbers = []
    for match in _NUMBER.finditer(text):
        before = _ORG.search(text, max(0, match.start() - 60), match.start())
        start = match.start() if before is None else before.start()
        org = re.sub(r"\s", "", text[start : match.start()])
        numbers.append((f"{org}〔{match['year']}〕{match['no']}号", start, match.end()))
    return numbers
