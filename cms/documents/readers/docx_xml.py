"""XML of office files, which is data and nothing else: no entities, no fetching, limited depth."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

if TYPE_CHECKING:
    from lxml.etree import _Element


def parsed_xml(content: bytes) -> "_Element":
    """Return the root of the XML ``content``.

    :raises Invalid: field ``file``, if it is not well-formed, nested too deeply, or declares a document type: office
        programs write none, so it can only be meant to expand or fetch something.
    """
    from lxml import etree  # noqa: PLC0415 — slow

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid({"file": [_("文件已损坏，请用 Word 或 WPS 打开后另存为 .docx 再上传。")]}) from error
    if root.getroottree().docinfo.doctype:
        raise Invalid({"file": [_("文件含有不安全的引用，请用 Word 或 WPS 打开后另存为 .docx 再上传。")]})
    return root


def name_of(element: "_Element") -> str:
    """Return the name of an element without its namespace: both variants of the format are read."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: "_Element", *path: str) -> "_Element | None":
    """Return the first element at the end of ``path``, None if there is none."""
    found: _Element | None = element
    for name in path:
        found = next((one for one in found if name_of(one) == name), None) if found is not None else None
    return found


def children(element: "_Element", name: str) -> "Iterator[_Element]":
    """Yield the children of that name."""
    return (one for one in element if name_of(one) == name)


def attribute(element: "_Element | None", name: str, default: str = "") -> str:
    """Return an attribute whatever its namespace, ``default`` if element or attribute are not there."""
    if element is None:
        return default
    return next((str(said) for key, said in element.attrib.items() if str(key).rpartition("}")[2] == name), default)


def value(element: "_Element", *path: str, default: str = "") -> str:
    """Return the attribute ``val`` of the element at the end of ``path``."""
    return attribute(child(element, *path), "val", default)


def number(text: str, default: int) -> int:
    """Return ``text`` as a number of reasonable size."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default  # noqa: PLR2004 — fits 32 bits


def is_on(element: "_Element | None") -> bool:
    """Tell whether a switch such as ``w:vanish`` is there and not turned off."""
    return element is not None and attribute(element, "val", "1") not in {"0", "false", "off"}
