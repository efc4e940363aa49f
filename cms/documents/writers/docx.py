"""Blocks as a Word document: real headings and lists, Chinese typefaces, merged cells, page numbers."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cms.documents.blocks import (
    Align,
    Block,
    BulletedList,
    Cell,
    Document,
    Heading,
    Image,
    Inline,
    Letterhead,
    NumberedList,
    PageBreak,
    Paragraph,
    Signature,
    Table,
    Title,
    runs_of,
)
from cms.documents.grid import Placed
from cms.documents.typography import BODY_STYLE, TABLE_STYLE, mark_size
from cms.documents.writers.docx_pages import set_pages
from cms.documents.writers.docx_tables import element, table_element
from cms.documents.writers.docx_template import (
    BULLETED,
    DOC_NO,
    MARK,
    NUMBERED,
    SIGNATURE,
    TABLE_TEXT,
    style_id,
    template,
)
from cms.documents.writers.packing import repacked
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import printable

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.oxml.xmlchemy import BaseOxmlElement

#: Files need a time; this one stands for "not known".
_NEVER = datetime(1980, 1, 1, tzinfo=UTC)
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_JUSTIFICATION = {Align.LEFT: "left", Align.CENTER: "center", Align.RIGHT: "right", Align.JUSTIFY: "both"}
#: Longest value of a property of the file.
_MAX_PROPERTY = 250


def as_docx(document: Document) -> bytes:
    """Return the document as the bytes of a .docx file; equal documents give equal bytes.

    Typefaces are named, not embedded: Word and WPS take those of the machine, or the stand-ins that the file names.

    :raises Invalid: if a picture cannot be read.
    """
    import docx  # noqa: PLC0415 — slow

    word = docx.Document(io.BytesIO(template(document.language)))
    set_pages(word, document)
    _Writer(word).whole(document)
    properties, made_at = word.core_properties, (document.made_at or _NEVER).astimezone(UTC)
    properties.title = printable(document.title)[:_MAX_PROPERTY]
    properties.author = properties.last_modified_by = printable(document.author)[:_MAX_PROPERTY]
    properties.language, properties.revision = document.language, 1
    properties.created = properties.modified = made_at
    file = io.BytesIO()
    word.save(file)
    return repacked(file.getvalue())


class _Writer:
    """Writes blocks at the end of ``word``."""

    def __init__(self, word: "Word") -> None:
        self._word = word
        self._end = word.element.body.sectPr
        self._width = 0.0
        self._page_begins = False

    def whole(self, document: Document) -> None:
        self._width = document.page.text_width
        for block in document.whole:
            if isinstance(block, PageBreak):
                self._page_begins = True
                continue
            for made in self._block(block, self._width, "Normal"):
                self._add(made)

    def _add(self, made: "BaseOxmlElement") -> None:
        if self._page_begins and not made.tag.endswith("}p"):
            self._page_begins = False
            self._add(self._new_page(self._paragraph(TABLE_TEXT, "")))
        elif self._page_begins:
            self._page_begins = False
            self._new_page(made)
        self._end.addprevious(made)

    def _new_page(self, paragraph: "BaseOxmlElement") -> "BaseOxmlElement":
        paragraph.pPr.pStyle.addnext(element("pageBreakBefore"))
        return paragraph

    def _block(self, block: Block, width: float, style: str) -> "list[BaseOxmlElement]":  # noqa: C901, PLR0911 — one each
        match block:
            case Title(text):
                return [self._paragraph("Title", text)]
            case Heading(text, level):
                return [self._paragraph(f"Heading {level}", text)]
            case Paragraph():
                return [self._text(block, style)]
            case NumberedList(items, start=start):
                return self._items(items, style, NUMBERED, start)
            case BulletedList(items):
                return self._items(items, style, BULLETED)
            case Table():
                caption = [self._paragraph("Caption", block.caption)] if block.caption else []
                # Two tables in a row would become one.
                return [*caption, table_element(block, width, self._fill), self._paragraph(TABLE_TEXT, "")]
            case Image():
                return [self._picture(block, width)]
            case Signature(organ):
                return self._signature(organ, block.day)
            case Letterhead(organ, doc_no):
                mark = self._paragraph(MARK, organ, size=mark_size(organ))
                return [mark, self._paragraph(DOC_NO, doc_no)]
            case PageBreak():
                return []

    def _paragraph(self, style: str, content: Inline, *, size: float = 0) -> "BaseOxmlElement":
        paragraph, properties = element("p"), element("pPr")
        properties.append(element("pStyle", val=style_id(style)))
        paragraph.append(properties)
        for run in runs_of(content):
            made = _run(run.text, bold=run.bold, underline=run.underline, size=size, is_link=bool(run.href))
            if run.href:
                made = self._linked(made, run.href)
            paragraph.append(made)
        return paragraph

    def _linked(self, run: "BaseOxmlElement", address: str) -> "BaseOxmlElement":
        from docx.oxml.ns import qn  # noqa: PLC0415 — slow

        link = element("hyperlink")
        link.set(qn("r:id"), self._word.part.relate_to(address, _LINK, is_external=True))
        link.append(run)
        return link

    def _text(self, paragraph: Paragraph, style: str) -> "BaseOxmlElement":
        made = self._paragraph(style, paragraph.content)
        if paragraph.keep_with_next:
            made.pPr.append(element("keepNext"))
        if paragraph.is_indented:
            size = (TABLE_STYLE if style == TABLE_TEXT else BODY_STYLE).size
            made.pPr.append(element("ind", firstLineChars=200, firstLine=round(size * 40)))
        made.pPr.append(element("jc", val=_JUSTIFICATION[paragraph.align]))
        return made

    def _items(
        self, items: Sequence[Inline], style: str, counter: int, start: int = 1
    ) -> "list[BaseOxmlElement]":  # fmt: skip
        number = self._word.part.numbering_part.element.add_num(counter)
        number.add_lvlOverride(ilvl=0).add_startOverride(start)
        made = [self._paragraph(style, item) for item in items]
        for paragraph in made:
            properties = element("numPr")
            properties.append(element("ilvl", val=0))
            properties.append(element("numId", val=number.numId))
            paragraph.pPr.append(properties)
        return made

    def _picture(self, image: Image, width: float) -> "BaseOxmlElement":
        from docx.image.exceptions import (  # noqa: PLC0415 — slow
            InvalidImageStreamError,
            UnexpectedEndOfFileError,
            UnrecognizedImageError,
        )
        from docx.shared import Mm  # noqa: PLC0415 — slow

        broken = (InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError)
        try:
            inline = self._word.part.new_pic_inline(io.BytesIO(image.content), width=Mm(min(image.width, width)))
        except broken as error:
            raise Invalid(
                {"image": [_("图片“{alt}”无法读取，应为 PNG、JPEG 或 GIF。").format(alt=image.alt)]}
            ) from error
        inline.docPr.set("descr", printable(image.alt))
        paragraph, run, drawing = self._paragraph("Normal", ""), element("r"), element("drawing")
        paragraph.pPr.append(element("spacing", line=240, lineRule="auto"))
        paragraph.pPr.append(element("jc", val="center"))
        drawing.append(inline)
        run.append(drawing)
        paragraph.append(run)
        return paragraph

    def _signature(self, organ: str, day: str) -> "list[BaseOxmlElement]":
        lines = [self._paragraph(SIGNATURE, organ), self._paragraph(SIGNATURE, day)]
        lines[0].pPr.append(element("keepNext"))
        lines[0].pPr.append(element("spacing", before=round(BODY_STYLE.line * 40)))
        return lines

    def _fill(self, cell: "BaseOxmlElement", placed: Placed[Cell], width: float) -> None:
        for block in placed.cell.blocks:
            for made in self._block(block, width, TABLE_TEXT):
                cell.append(made)
        if not cell[-1].tag.endswith("}p"):
            cell.append(self._paragraph(TABLE_TEXT, ""))  # Word demands that a cell ends in a paragraph.


def _run(text: str, *, bold: bool, underline: bool, size: float, is_link: bool) -> "BaseOxmlElement":
    run, properties = element("r"), element("rPr")
    if is_link:
        properties.append(element("rStyle", val="Hyperlink"))
    if bold:
        properties.append(element("b"))
    if size:
        properties.append(element("sz", val=round(size * 2)))
    if underline:
        properties.append(element("u", val="single"))
    if len(properties):
        run.append(properties)
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            run.append(element("br"))
        if line:
            words = element("t")
            words.text = line
            words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(words)
    return run
