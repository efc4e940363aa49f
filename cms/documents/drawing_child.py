"""What draws the pages of a PDF, in the child process of :mod:`cms.documents.child`. Loads pypdfium2."""

import io
import json
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pypdfium2 import PdfDocument, PdfiumError

from cms.documents.child import ChildError

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfPosConv

#: Words that the parent turns into sentences.
LOCKED, TOO_LONG, NO_PAGE = "locked", "too-long", "no-page"
MAX_PAGES = 200
#: Pictures of 150 pixels an inch print legibly and stay small; points are 1/72 inch.
_SCALE = 150 / 72
#: The longer side of a page's picture, in pixels.
_MAX_SIDE = 4000
#: Length of a part, before the part itself.
LENGTH = struct.Struct(">I")


def draw(data: bytes) -> bytes:
    """Return the wanted pages: a JSON part with sizes and letters, then a PNG part for each page.

    :param data: a JSON part with ``pages`` (numbers from 1, empty for all), then the file.
    """
    (length,) = LENGTH.unpack_from(data)
    wanted = json.loads(data[LENGTH.size : LENGTH.size + length])["pages"]
    try:
        document = PdfDocument(data[LENGTH.size + length :])
    except PdfiumError as error:
        raise ChildError(LOCKED) from error
    total = len(document)
    if total > MAX_PAGES:
        raise ChildError(TOO_LONG)
    numbers = wanted or list(range(1, total + 1))
    if any(not 1 <= number <= total for number in numbers):
        raise ChildError(NO_PAGE)
    drawn = [_page(document[number - 1]) for number in numbers]
    head = {
        "total": total,
        "pages": [{"number": n, "letters": letters} for n, (_png, letters) in zip(numbers, drawn, strict=True)],
    }
    return b"".join(_parts([json.dumps(head).encode(), *(png for png, _letters in drawn)]))


def _parts(parts: list[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield LENGTH.pack(len(part)) + part


def _page(page: "PdfPage") -> tuple[bytes, list[list[Any]]]:
    longer = max(page.get_size())
    bitmap = page.render(scale=min(_SCALE, _MAX_SIDE / max(longer, 1)), may_draw_forms=True)
    written = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(written, "PNG")
    letters = list(_letters(page, bitmap.get_posconv(page), (bitmap.width, bitmap.height)))
    page.close()
    return written.getvalue(), letters


def _letters(page: "PdfPage", conversion: "PdfPosConv", size: tuple[int, int]) -> Iterator[list[Any]]:
    text = page.get_textpage()
    for at in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(at, loose=True)
        first, second = conversion.to_bitmap(left, top), conversion.to_bitmap(right, bottom)
        x, y = sorted((first[0], second[0])), sorted((first[1], second[1]))
        yield [text.get_text_range(at, 1), x[0] / size[0], y[0] / size[1], x[1] / size[0], y[1] / size[1]]
    text.close()
