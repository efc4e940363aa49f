"""Pictures: bounded, upright, without the data cameras leave in them."""

import io
import warnings

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.media.kinds import MAX_PIXELS

#: Larger pictures are scaled down to this many pixels on their longer side.
MAX_SIDE = 2400
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def tidy(content: bytes, media_type: str) -> tuple[bytes, int, int]:
    """Return the picture re-encoded, with its width and height; animations stay as they are.

    Re-encoding drops EXIF (the place where a photo was taken is personal data) and anything hidden behind the picture.

    :raises Invalid: field ``file``, if it cannot be decoded or is too large to be decoded safely.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 — slow; not needed for serving pages

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.MAX_IMAGE_PIXELS = MAX_PIXELS
            with Image.open(io.BytesIO(content)) as opened:
                if opened.format not in {"JPEG", "PNG", "WEBP", "GIF"}:
                    raise Invalid({"file": [_("图片无法读取，可能已损坏。")]})
                if getattr(opened, "is_animated", False) or media_type not in _FORMATS:
                    opened.load()
                    return content, opened.width, opened.height
                picture = ImageOps.exif_transpose(opened)
                picture.thumbnail((MAX_SIDE, MAX_SIDE))
                if media_type == "image/jpeg" and picture.mode not in {"RGB", "L"}:
                    picture = picture.convert("RGB")
                written = io.BytesIO()
                picture.save(written, _FORMATS[media_type], quality=88, optimize=True)
                return written.getvalue(), picture.width, picture.height
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid({"file": [_("图片无法读取，可能已损坏，或尺寸过大。")]}) from error
