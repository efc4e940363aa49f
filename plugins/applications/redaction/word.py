"""Removing from Word files: characters are cut out of the runs that hold them, however a phrase is spread over runs."""

import io
import zipfile
from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING

from cms.api import Invalid
from cms.api import gettext as _

from .order import MARK, Order, Redacted
from .package import RELATED, TEXT_PARTS, WORD, Package, opened, written

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
#: Gone with everything inside: what was deleted or moved away, instructions of fields, embedded objects, marks of what
#: the package no longer has.
_DROPPED = (
    "del", "moveFrom", "delText", "delInstrText", "instrText", "object", "altChunk", "subDoc", "control", "sdtPr",
    "commentReference", "commentRangeStart", "commentRangeEnd", "annotationRef", "bookmarkStart", "bookmarkEnd",
    "proofErr", "permStart", "permEnd", "printerSettings", "numPicBullet", "rPrChange", "pPrChange", "sectPrChange",
    "tblPrChange", "trPrChange", "tcPrChange", "tblGridChange", "numberingChange", "cellIns", "cellDel", "cellMerge",
    "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "docPartObj", "smartTagPr",
    "customXmlPr", "dataBinding", "fldData", "ffData", "fldChar",
)  # fmt: skip
#: Gone themselves; their content stays.
_UNWRAPPED = ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "fldSimple", "sdt", "sdtContent")
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}
#: An attribute in ASCII may be a measure or an id; a match of this length is neither.
_NO_MEASURE = 8


def redact_word(content: bytes, order: Order) -> Redacted:
    """Return the Word file without what ``order`` removes.

    :raises Invalid: field ``file``, if it cannot be read, or if something could not be removed for certain.
    """
    package = opened(content, keep_pictures=order.keep_pictures)
    removed = 0
    for name, tree in package.trees.items():
        _tidy(tree, package, name)
        if TEXT_PARTS.fullmatch(name):
            removed += _cut(tree, order)
        _clean_attributes(tree, order)
    made = written(package)
    _verify(made, order)
    notes = [_("批注、修订痕迹、文档属性、域代码和嵌入对象已一并去除。")]
    if package.pictures:
        notes.append(_("文件中保留了 {n} 张图片，图片里的文字没有检查，请逐张核对。").format(n=len(package.pictures)))
    return Redacted(content=made, extension=".docx", media_type=MEDIA_TYPE, removed=removed, notes=notes)


def _word(tag: str) -> str:
    return f"{{{WORD}}}{tag}"


def _tidy(tree: "Element", package: Package, name: str) -> None:
    """Take out of a part what is not its visible text and layout."""
    for tag in _DROPPED:
        for one in list(tree.iter(_word(tag))):
            _remove(one)
    for run in [*tree.iter(_word("r"))]:
        if run.find(f"{_word('rPr')}/{_word('vanish')}") is not None:
            _remove(run)
    for tag in _UNWRAPPED:
        for one in list(tree.iter(_word(tag))):
            _unwrap(one)
    _take_off_references(tree, package, name)
    for one in tree.iter():
        for key in [key for key in one.attrib if key.rsplit("}", 1)[-1].startswith("rsid")]:
            del one.attrib[key]


def _take_off_references(tree: "Element", package: Package, name: str) -> None:
    """Take out what points to parts that are not kept: pictures, charts, printer settings."""
    kept = package.relations.get(name, {})
    for one in list(tree.iter()):
        lost = [key for key, value in one.attrib.items() if key.startswith(f"{{{RELATED}}}") and value not in kept]
        if lost:
            _remove(_drawing_around(one))


def _drawing_around(one: "Element") -> "Element":
    at: Element | None = one
    while at is not None:
        if at.tag in {_word("drawing"), _word("pict")}:
            return at
        at = at.getparent()
    return one


def _remove(one: "Element") -> None:
    parent = one.getparent()
    if parent is not None:
        parent.remove(one)


def _unwrap(one: "Element") -> None:
    parent = one.getparent()
    if parent is not None:
        at = parent.index(one)
        for child in reversed(list(one)):
            parent.insert(at, child)
        parent.remove(one)


def _pieces(tree: "Element") -> Iterator[tuple["Element | None", str]]:
    """Yield the text of a part in order: elements with their text, and breaks between them, which no element holds."""
    for one in tree.iter():
        tag = one.tag
        if tag in {_word("t"), f"{{{_DRAWING}}}t"}:
            yield one, one.text or ""
        elif tag in {_word("p"), f"{{{_DRAWING}}}p", _word("tc")}:
            yield None, "\n"
        elif isinstance(tag, str) and tag.startswith(f"{{{WORD}}}") and tag.rsplit("}", 1)[1] in _BREAKS:
            yield None, _BREAKS[tag.rsplit("}", 1)[1]]


def _cut(tree: "Element", order: Order) -> int:
    """Cut what is to be removed out of the text elements; return in how many places."""
    pieces = list(_pieces(tree))
    offsets = list(accumulate((len(text) for _element, text in pieces), initial=0))
    spans = order.spans("".join(text for _element, text in pieces))
    # From the end, so that what comes before a place keeps its offset.
    for start, end in reversed(spans):
        touched = [
            number for number, (element, text) in enumerate(pieces)
            if element is not None and offsets[number] < end and start < offsets[number] + len(text)
        ]  # fmt: skip
        for number in touched:
            element = pieces[number][0]
            if element is not None:
                text = element.text or ""
                first = max(start - offsets[number], 0)
                last = min(end, offsets[number + 1]) - offsets[number]
                element.text = text[:first] + (MARK if number == touched[0] else "") + text[last:]
                element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return len(spans)


def _speaks(value: str, order: Order) -> bool:
    """Tell whether an attribute holds something to remove: what is ASCII and short is a measure or an id."""
    spans = order.spans(value)
    return bool(spans) and (not value.isascii() or max(end - start for start, end in spans) >= _NO_MEASURE)


def _clean_attributes(tree: "Element", order: Order) -> None:
    for one in tree.iter():
        for key, value in one.attrib.items():
            if _speaks(value, order):
                one.attrib[key] = order.without(value, "")


def _verify(made: bytes, order: Order) -> None:
    """Read the file that was made as a stranger would; refuse it if anything is still there.

    :raises Invalid: field ``file``.
    """
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        package = opened(made, keep_pictures=True)
    texts = ["".join(text for _element, text in _pieces(tree)) for tree in package.trees.values()]
    spoken = [value for tree in package.trees.values() for one in tree.iter() for value in one.attrib.values()]
    if any(order.spans(text) for text in texts) or any(_speaks(value, order) for value in [*spoken, *names]):
        raise Invalid({"file": [_("有内容未能完全去除，没有生成文件。请改用转为图片的方式，或联系管理员。")]})
