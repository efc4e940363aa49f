"""Paper, margins and page numbers of Word documents."""

from typing import TYPE_CHECKING

from cms.documents.blocks import Document, PageNumbers
from cms.documents.writers.docx_tables import element
from cms.kernel.text import printable

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.section import _Footer
    from docx.text.paragraph import Paragraph

#: From the lower edge of the paper to the footer, in millimetres: 7 below the text.
_FOOTER_RISE = 7


def set_pages(word: "Word", document: Document) -> None:
    """Give the only section of ``word`` its paper, margins and footer."""
    from docx.enum.section import WD_ORIENTATION  # noqa: PLC0415 — slow
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 — slow
    from docx.shared import Mm  # noqa: PLC0415 — slow

    section, page = word.sections[0], document.page
    width, height = page.size
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENTATION.LANDSCAPE if page.landscape else WD_ORIENTATION.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    section.header_distance = Mm(page.top / 2)
    section.footer_distance = Mm(max(page.bottom - 2 * _FOOTER_RISE, _FOOTER_RISE))
    if document.page_numbers is PageNumbers.NONE and not document.footer:
        return
    sides = {section.footer: WD_ALIGN_PARAGRAPH.CENTER}
    if document.page_numbers is PageNumbers.OUTER:
        word.settings.odd_and_even_pages_header_footer = True
        sides = {section.footer: WD_ALIGN_PARAGRAPH.RIGHT, section.even_page_footer: WD_ALIGN_PARAGRAPH.LEFT}
    for footer, alignment in sides.items():
        paragraph = _first(footer)
        paragraph.alignment = alignment
        _write(paragraph, document)


def _first(footer: "_Footer") -> "Paragraph":
    footer.is_linked_to_previous = False
    paragraph: Paragraph = footer.paragraphs[0]
    paragraph._p.get_or_add_pPr().append(element("pStyle", val="Footer"))  # noqa: SLF001 — by its id, without a search
    return paragraph


def _write(paragraph: "Paragraph", document: Document) -> None:
    if document.footer:
        paragraph.add_run(printable(document.footer))
    if document.page_numbers is PageNumbers.NONE:
        return
    paragraph.add_run("  — " if document.footer else "— ")
    run = paragraph.add_run()
    begin, code, end = (
        element("fldChar", fldCharType="begin"),
        element("instrText"),
        element("fldChar", fldCharType="end"),
    )
    code.text = "PAGE"
    for part in (begin, code, end):
        run._r.append(part)  # noqa: SLF001 — python-docx has no fields
    paragraph.add_run(" —")
