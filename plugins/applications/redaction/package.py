"""The parts of a Word file that are kept: text, layout and, if wanted, pictures. Everything else stays behind.

Comments, earlier versions, properties, macros, embedded files, document variables, thumbnails and links to elsewhere
are not carried over, so nothing can hide in them.
"""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cms.api import Invalid
from cms.api import gettext as _

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "word/document.xml"
#: Parts with text, and parts that say how it looks.
TEXT_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
_LOOK_PARTS = re.compile(r"word/(styles|numbering|theme/theme\d*)\.xml")
_PICTURES = re.compile(r"word/media/[\w .()-]+\.(png|jpe?g|gif|bmp)", re.IGNORECASE)
_KEPT_RELATIONS = ("officeDocument", "header", "footer", "footnotes", "endnotes", "styles", "numbering", "theme")
MAX_PARTS, MAX_PART, MAX_TOTAL = 3000, 40_000_000, 120_000_000
_UNREADABLE = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError, zlib.error)
#: A fixed date: when the file was made is not said in it.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass
class Package:
    """The kept parts: parsed ones by name, pictures as bytes, relations by the part they belong to."""

    trees: dict[str, "Element"]
    pictures: dict[str, bytes]
    relations: dict[str, dict[str, tuple[str, str]]]

    def has(self, name: str) -> bool:
        """Tell whether the part is kept."""
        return name in self.trees or name in self.pictures


def opened(content: bytes, *, keep_pictures: bool) -> Package:
    """Read the parts that are kept.

    :raises Invalid: field ``file``, if it is no Word file, damaged, or too large when unpacked.
    """
    broken = Invalid({"file": [_("Word 文件已损坏或过大，无法处理。")]})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            wanted = [name for name in sizes if _is_kept(name, keep_pictures=keep_pictures)]
            too_large = max((sizes[name] for name in wanted), default=0) > MAX_PART
            if len(sizes) > MAX_PARTS or too_large or sum(sizes[name] for name in wanted) > MAX_TOTAL:
                raise broken
            raw = {name: archive.read(name) for name in wanted}
    except _UNREADABLE as error:
        raise broken from error
    if MAIN not in raw:
        raise broken
    trees = {name: _parsed(data) for name, data in raw.items() if name.endswith(".xml")}
    package = Package(trees, {name: data for name, data in raw.items() if _PICTURES.fullmatch(name)}, {})
    for name in trees:
        package.relations[name] = _relations(raw.get(_relations_name(name)), name, package)
    _rename_pictures(package)
    return package


def _rename_pictures(package: Package) -> None:
    """Keep only the pictures that some part shows, under names that say nothing."""
    shown = sorted(
        {target for known in package.relations.values() for kind, target in known.values() if kind == "image"}
    )
    names = {old: f"word/media/image{at}.{old.rsplit('.', 1)[1].lower()}" for at, old in enumerate(shown, 1)}
    package.pictures = {new: package.pictures[old] for old, new in names.items()}
    for part, known in package.relations.items():
        package.relations[part] = {key: (kind, names.get(target, target)) for key, (kind, target) in known.items()}


def _is_kept(name: str, *, keep_pictures: bool) -> bool:
    part = name
    if name.startswith("word/_rels/") and name.endswith(".rels"):
        part = "word/" + name.removeprefix("word/_rels/").removesuffix(".rels")
    if keep_pictures and _PICTURES.fullmatch(name):
        return True
    return bool(TEXT_PARTS.fullmatch(part) or _LOOK_PARTS.fullmatch(part))


def _parsed(data: bytes) -> "Element":
    from lxml import etree  # noqa: PLC0415 — slow; few requests need it

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Invalid({"file": [_("Word 文件已损坏或过大，无法处理。")]}) from error


def _relations_name(part: str) -> str:
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _relations(data: bytes | None, part: str, package: Package) -> dict[str, tuple[str, str]]:
    """Return the relations of a part that lead to kept parts: id → kind and name of the part."""
    found: dict[str, tuple[str, str]] = {}
    if data is None:
        return found
    for one in _parsed(data).iter(f"{{{_RELATIONSHIPS}}}Relationship"):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(part), one.get("Target", "")))
        target = one.get("Target", "").lstrip("/") if one.get("Target", "").startswith("/") else target
        kind = one.get("Type", "").rsplit("/", 1)[-1]
        inside = one.get("TargetMode") != "External" and package.has(target)
        if inside and kind in {*_KEPT_RELATIONS, "image"}:
            found[one.get("Id", "")] = kind, target
    return found


def written(package: Package) -> bytes:
    """Return the parts as a Word file."""
    from lxml import etree  # noqa: PLC0415 — as above

    parts: dict[str, bytes] = {"[Content_Types].xml": _content_types(package), "_rels/.rels": _root()}
    for name, tree in package.trees.items():
        parts[name] = etree.tostring(tree, encoding="UTF-8", xml_declaration=True, standalone=True)
        if package.relations.get(name):
            parts[_relations_name(name)] = _relations_part(package.relations[name], name)
    parts |= package.pictures
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _tree(root: str, namespace: str, lines: list[tuple[str, Mapping[str, str]]]) -> bytes:
    from lxml import etree  # noqa: PLC0415 — as above

    top = etree.Element(f"{{{namespace}}}{root}", nsmap={None: namespace})
    for tag, attributes in lines:
        etree.SubElement(top, f"{{{namespace}}}{tag}", dict(attributes))
    made: bytes = etree.tostring(top, encoding="UTF-8", xml_declaration=True, standalone=True)
    return made


def _root() -> bytes:
    line = {"Id": "rId1", "Type": f"{RELATED}/officeDocument", "Target": MAIN}
    return _tree("Relationships", _RELATIONSHIPS, [("Relationship", line)])


def _relations_part(relations: Mapping[str, tuple[str, str]], part: str) -> bytes:
    folder = posixpath.dirname(part)
    return _tree("Relationships", _RELATIONSHIPS, [
        ("Relationship", {"Id": key, "Type": f"{RELATED}/{kind}", "Target": posixpath.relpath(target, folder)})
        for key, (kind, target) in relations.items()
    ])  # fmt: skip


#: Part → its content type, below ``application/vnd.openxmlformats-officedocument.``.
_TYPES = {
    r"word/document\.xml": "wordprocessingml.document.main+xml",
    r"word/header\d*\.xml": "wordprocessingml.header+xml", r"word/footer\d*\.xml": "wordprocessingml.footer+xml",
    r"word/footnotes\.xml": "wordprocessingml.footnotes+xml", r"word/endnotes\.xml": "wordprocessingml.endnotes+xml",
    r"word/styles\.xml": "wordprocessingml.styles+xml", r"word/numbering\.xml": "wordprocessingml.numbering+xml",
    r"word/theme/theme\d*\.xml": "theme+xml",
}  # fmt: skip


def _content_types(package: Package) -> bytes:
    lines: list[tuple[str, Mapping[str, str]]] = [
        ("Default", {"Extension": "rels", "ContentType": "application/vnd.openxmlformats-package.relationships+xml"}),
        ("Default", {"Extension": "xml", "ContentType": "application/xml"}),
    ]
    extensions = sorted({name.rsplit(".", 1)[1].lower() for name in package.pictures})
    pictured = {"jpg": "jpeg"}
    lines += [("Default", {"Extension": one, "ContentType": f"image/{pictured.get(one, one)}"}) for one in extensions]
    for name in package.trees:
        kind = next(value for pattern, value in _TYPES.items() if re.fullmatch(pattern, name))
        kind = f"application/vnd.openxmlformats-officedocument.{kind}"
        lines.append(("Override", {"PartName": f"/{name}", "ContentType": kind}))
    return _tree("Types", _CONTENT_TYPES, lines)
