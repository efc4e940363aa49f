"""Removing from PDF files: pages become pictures in which the places are painted; no text is left to be copied."""

import io
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from cms.api import Invalid
from cms.api import gettext as _

from .order import Box, Order, Redacted
from .picture import painted

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage, PdfPosConv, PdfTextPage

MAX_PAGES = 200
#: Pictures of 150 pixels an inch print legibly and stay small; points are 1/72 inch.
_SCALE = 150 / 72
#: The longer side of a page's picture, in pixels.
_MAX_SIDE = 4000
#: Painted beyond each character on every side, as a part of its height: boxes of fonts are often too tight.
_MARGIN = 0.15


def redact_pages(content: bytes, order: Order) -> Redacted:
    """Return the PDF as pictures of its pages, without what ``order`` removes and the pages it drops.

    :raises Invalid: field ``file``, if it cannot be read, is locked or too long; field ``drop_pages``, if no page is
        left.
    """
    document = _open(content)
    try:
        total = len(document)
        if total > MAX_PAGES:
            raise Invalid({"file": [_("PDF 超过 {n} 页，请拆分后再处理。").format(n=MAX_PAGES)]})
        kept = [number for number in range(1, total + 1) if number not in order.drop_pages]
        if not kept:
            raise Invalid({"drop_pages": [_("至少要保留一页。")]})
        pages = [_page(document, number, order) for number in kept]
    finally:
        document.close()
    return Redacted(
        content=_joined([picture for picture, _count, _blind in pages]), extension=".pdf",
        media_type="application/pdf", removed=sum(count for _picture, count, _blind in pages),
        notes=_notes(kept, [blind for _picture, _count, blind in pages], order, total - len(kept)),
    )  # fmt: skip


def preview(content: bytes, number: int) -> bytes:
    """Return page ``number``, from 1, as a PNG picture on which places can be marked.

    :raises Invalid: field ``file``, if there is no such page.
    """
    document = _open(content)
    try:
        if not 1 <= number <= min(len(document), MAX_PAGES):
            raise Invalid({"file": [_("没有这一页。")]})
        written = io.BytesIO()
        _rendered(document[number - 1])[0].save(written, "PNG")
        return written.getvalue()
    finally:
        document.close()


def page_count(content: bytes) -> int:
    """Return how many pages the PDF has.

    :raises Invalid: field ``file``, if it cannot be read.
    """
    document = _open(content)
    try:
        return len(document)
    finally:
        document.close()


def _open(content: bytes) -> "PdfDocument":
    from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415 — slow; few requests need it

    try:
        return PdfDocument(content)
    except PdfiumError as error:
        raise Invalid({"file": [_("PDF 无法打开，可能已损坏或设有密码。")]}) from error


def _page(document: "PdfDocument", number: int, order: Order) -> tuple["Image", int, bool]:
    """Return the painted page, how many places were painted, and whether it has no text that could be searched."""
    page = document[number - 1]
    picture, conversion = _rendered(page)
    text = page.get_textpage()
    try:
        characters = [text.get_text_range(at, 1) for at in range(text.count_chars())]
        found = list(_text_boxes(text, characters, conversion, order, (picture.width, picture.height)))
        places = len(order.spans("".join(characters)))
    finally:
        text.close()
        page.close()
    own = [box for box in order.boxes if box.page == number]
    return painted(picture, (*own, *found)), places + len(own), not "".join(characters).strip()


def _rendered(page: "PdfPage") -> tuple["Image", "PdfPosConv"]:
    longer = max(page.get_size())
    bitmap = page.render(scale=min(_SCALE, _MAX_SIDE / max(longer, 1)), may_draw_forms=True)
    return bitmap.to_pil().convert("RGB"), bitmap.get_posconv(page)


def _text_boxes(
    text: "PdfTextPage", characters: list[str], conversion: "PdfPosConv", order: Order, size: tuple[int, int]
) -> Iterator[Box]:
    # A character of the PDF may be several letters (a ligature) or none: each letter remembers where it came from.
    origin = list(chain.from_iterable([at] * len(character) for at, character in enumerate(characters)))
    for start, end in order.spans("".join(characters)):
        for at in dict.fromkeys(origin[start:end]):
            yield from _char_box(text.get_charbox(at, loose=True), conversion, size)


def _char_box(
    corners: tuple[float, float, float, float], conversion: "PdfPosConv", size: tuple[int, int]
) -> Iterator[Box]:
    left, bottom, right, top = corners
    first, second = conversion.to_bitmap(left, top), conversion.to_bitmap(right, bottom)
    x, y = sorted((first[0], second[0])), sorted((first[1], second[1]))
    margin = max(2.0, _MARGIN * (y[1] - y[0]))
    x0, y0 = max(0.0, x[0] - margin), max(0.0, y[0] - margin)
    x1, y1 = min(float(size[0]), x[1] + margin), min(float(size[1]), y[1] + margin)
    if x1 > x0 and y1 > y0:
        yield Box(1, x0 / size[0], y0 / size[1], (x1 - x0) / size[0], (y1 - y0) / size[1])


def _joined(pictures: list["Image"]) -> bytes:
    written = io.BytesIO()
    pictures[0].save(written, "PDF", save_all=True, append_images=pictures[1:], resolution=150.0, quality=85)
    return written.getvalue()


def _notes(kept: list[int], blind: list[bool], order: Order, dropped: int) -> list[str]:
    notes = [_("各页已转为图片，文字不能再复制或检索。")]
    unread = [str(number) for number, is_blind in zip(kept, blind, strict=True) if is_blind]
    if unread and (order.phrases or order.kinds):
        notes.append(
            _("第 {pages} 页是扫描图像，不能按文字查找，请用遮盖区域并逐页核对。").format(pages="、".join(unread))
        )
    if dropped:
        notes.append(_("去掉了 {n} 页。").format(n=dropped))
    return notes
