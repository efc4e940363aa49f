"""Removing from pictures: rectangles are painted, then the picture is written anew from its pixels alone."""

import io
import math
import warnings
from typing import TYPE_CHECKING

from cms.api import Invalid
from cms.api import gettext as _

from .order import Box, Order, Redacted

if TYPE_CHECKING:
    from PIL.Image import Image

#: Pixels that a picture may have.
MAX_PIXELS = 80_000_000
_BLACK = (0, 0, 0)


def redact_picture(content: bytes, media_type: str, order: Order) -> Redacted:
    """Return the picture with the rectangles painted, upright, one frame, without metadata.

    :raises Invalid: field ``file``, if it cannot be read; field ``boxes``, without a rectangle.
    """
    if not order.boxes:
        raise Invalid({"boxes": [_("请标出图片中要去除的区域。")]})
    picture = painted(opened(content), order.boxes)
    written = io.BytesIO()
    if media_type == "image/jpeg":
        picture.save(written, "JPEG", quality=90)
        return Redacted(content=written.getvalue(), extension=".jpg", media_type="image/jpeg", removed=len(order.boxes))
    picture.save(written, "PNG")
    return Redacted(content=written.getvalue(), extension=".png", media_type="image/png", removed=len(order.boxes))


def opened(content: bytes) -> "Image":
    """Return the first frame of a picture, upright.

    :raises Invalid: field ``file``, if it cannot be decoded or is too large.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 — slow; few requests need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as found:
                if found.width * found.height > MAX_PIXELS:
                    raise Invalid({"file": [_("图片尺寸过大。")]})
                return flat(ImageOps.exif_transpose(found))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid({"file": [_("图片无法读取，可能已损坏，或尺寸过大。")]}) from error


def flat(picture: "Image") -> "Image":
    """Return the picture as people see it on white paper; what is transparent in it does not come to light."""
    from PIL import Image  # noqa: PLC0415 — as above

    seen = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def painted(picture: "Image", boxes: tuple[Box, ...]) -> "Image":
    """Return a picture of the same pixels, black inside ``boxes``, which carries nothing else of the old one."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 — as above

    fresh = Image.new("RGB", picture.size)
    fresh.paste(picture)
    brush = ImageDraw.Draw(fresh)
    for box in boxes:
        left, top = math.floor(box.left * fresh.width), math.floor(box.top * fresh.height)
        right, bottom = (
            math.ceil((box.left + box.width) * fresh.width),
            math.ceil((box.top + box.height) * fresh.height),
        )
        brush.rectangle((left, top, right, bottom), fill=_BLACK)
    return fresh
