"""The words of a Word paragraph."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from cms.documents.readers.docx_xml import child, is_on, name_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: What was deleted, moved away, or is said of the text instead of in it.
_DROPPED = frozenset({"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "Fallback", "rt", "annotationRef"})


def text_of(paragraph: "_Element", boxes: "list[_Element]") -> str:
    """Return the text of a paragraph with tabs and line ends; the text boxes in it are added to ``boxes``.

    Hidden text and tracked deletions are left out; insertions count.
    """
    parts: list[str] = []
    _collect(paragraph, parts.append, boxes)
    return "".join(parts).replace("\xa0", " ")


def _collect(element: "_Element", say: Callable[[str], None], boxes: "list[_Element]") -> None:
    for part in element:
        name = name_of(part)
        if name == "t":
            say(part.text or "")
        elif name in _SIGNS:
            say(_SIGNS[name])
        elif name == "txbxContent":
            boxes.append(part)
        elif name not in _DROPPED and not (name == "r" and is_on(child(part, "rPr", "vanish"))):
            _collect(part, say, boxes)
