"""Removing from PDF files: pages become pictures in which the places are painted; no text is left to be copied."""

import io
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from cms.api import DrawnPage, Invalid, draw_pdf
from cms.api import gettext as _

from .order import Box, Order, Redacted
from .picture import opened, painted

if TYPE_CHECKING:
    from PIL.Image import Image

#: Painted beyond each letter on every side, as a part of its height: boxes of fonts are often too tight.
_MARGIN = 0.15


def redact_pages(content: bytes, order: Order) -> Redacted:
    """Return the PDF as pictures of its pages, without what ``order`` removes and the pages it drops.

    :raises Invalid: field ``file``, if it cannot be read; field ``drop_pages``, if no page is left.
    """
    drawing = draw_pdf(content)
    kept = [page for page in drawing.pages if page.number not in order.drop_pages]
    if not kept:
        raise Invalid({"drop_pages": [_("至少要保留一页。")]})
    own = {page.number: [box for box in order.boxes if box.page == page.number] for page in kept}
    pictures = [painted(opened(page.png), (*own[page.number], *_text_boxes(page, order))) for page in kept]
    return Redacted(
        content=_joined(pictures), extension=".pdf", media_type="application/pdf",
        removed=sum(len(own[page.number]) + len(order.spans(_text(page))) for page in kept),
        notes=_notes(kept, order, drawing.total - len(kept)),
    )  # fmt: skip


def _text(page: DrawnPage) -> str:
    return "".join(letter.text for letter in page.letters)


def _text_boxes(page: DrawnPage, order: Order) -> Iterator[Box]:
    # A letter of the PDF may stand for several characters (a ligature) or none: each one remembers where it is from.
    origin = list(chain.from_iterable([at] * len(letter.text) for at, letter in enumerate(page.letters)))
    for start, end in order.spans(_text(page)):
        for at in dict.fromkeys(origin[start:end]):
            one = page.letters[at]
            margin = _MARGIN * (one.bottom - one.top)
            left, top = max(0.0, one.left - margin), max(0.0, one.top - margin)
            right, bottom = min(1.0, one.right + margin), min(1.0, one.bottom + margin)
            if right > left and bottom > top:
                yield Box(page.number, left, top, right - left, bottom - top)


def _joined(pictures: "Sequence[Image]") -> bytes:
    written = io.BytesIO()
    pictures[0].save(written, "PDF", save_all=True, append_images=pictures[1:], resolution=150.0, quality=85)
    return written.getvalue()


def _notes(kept: Sequence[DrawnPage], order: Order, dropped: int) -> list[str]:
    notes = [_("各页已转为图片，文字不能再复制或检索。")]
    unread = [str(page.number) for page in kept if not _text(page).strip()]
    if unread and (order.phrases or order.kinds):
        notes.append(
            _("第 {pages} 页是扫描图像，不能按文字查找，请用遮盖区域并逐页核对。").format(pages="、".join(unread))
        )
    if dropped:
        notes.append(_("去掉了 {n} 页。").format(n=dropped))
    return notes
