"""Pictures: bounded, upright, without the data cameras leave in them."""

import io
import struct
import warnings
from collections.abc import Iterator

from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.media.kinds import MAX_PIXELS

#: Larger pictures are scaled down to this many pixels on their longer side.
MAX_SIDE = 2400
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
#: MPO is what many phones write as .jpg: a JPEG with further pictures (depth, second lens) behind it (CIPA DC-007).
_READABLE = frozenset({"JPEG", "MPO", "PNG", "WEBP", "GIF"})
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Chunks that make the picture, its colours and its animation (PNG, third edition); text, time and EXIF are not here.
_PNG_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split()
)  # fmt: skip
#: The same for WebP (RFC 9649); EXIF and XMP are not here.
_WEBP_CHUNKS = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
#: Flags in the first byte of VP8X that promise EXIF and XMP.
_WEBP_PROMISES = 0x08 | 0x04


def tidy(content: bytes, media_type: str) -> tuple[bytes, int, int]:
    """Return the picture re-encoded, with its width and height.

    Re-encoding drops EXIF (the place where a photo was taken is personal data) and anything hidden behind the picture.
    Animations keep their frames as they are and lose the same; GIF has no EXIF and is left alone.

    :raises Invalid: field ``file``, if it cannot be decoded or is too large to be decoded safely.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 — slow; not needed for serving pages

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            Image.MAX_IMAGE_PIXELS = MAX_PIXELS
            with Image.open(io.BytesIO(content)) as opened:
                if opened.format not in _READABLE:
                    raise Invalid({"file": [_("图片无法读取，可能已损坏。")]})
                is_animated = getattr(opened, "is_animated", False) and opened.format != "MPO"
                if is_animated or media_type not in _FORMATS:
                    opened.load()
                    return _without_remarks(content, str(opened.format)), opened.width, opened.height
                picture = ImageOps.exif_transpose(opened)
                picture.thumbnail((MAX_SIDE, MAX_SIDE))
                if media_type == "image/jpeg" and picture.mode not in {"RGB", "L"}:
                    picture = picture.convert("RGB")
                # Pillow writes the comment of a JPEG again.
                picture.info.pop("comment", None)
                written = io.BytesIO()
                picture.save(written, _FORMATS[media_type], quality=88, optimize=True)
                return written.getvalue(), picture.width, picture.height
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Invalid({"file": [_("图片无法读取，可能已损坏，或尺寸过大。")]}) from error


def _without_remarks(content: bytes, image_format: str) -> bytes:
    """Return an animation without what is said about it: EXIF, XMP, text, and whatever follows its end.

    :raises ValueError: if its parts do not fit together.
    """
    if image_format == "PNG":
        return _PNG_SIGNATURE + b"".join(_png_parts(content))
    if image_format == "WEBP":
        (size,) = struct.unpack_from("<I", content, 4)
        parts = b"".join(_webp_parts(content[12 : 8 + size]))
        return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts
    return content


def _png_parts(content: bytes) -> Iterator[bytes]:
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(content):
        (length,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + length
        if end > len(content):
            break
        if name in _PNG_CHUNKS:
            yield content[at:end]
        if name == b"IEND":
            return
        at = end
    raise ValueError("the PNG file ends too early")


def _webp_parts(content: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(content):
        if at + 8 > len(content):
            raise ValueError("the WebP file ends within a chunk")
        name, (length,) = content[at : at + 4], struct.unpack_from("<I", content, at + 4)
        body = content[at + 8 : at + 8 + length]
        if len(body) < length:
            raise ValueError("the WebP file ends within a chunk")
        if name == b"VP8X" and body:
            body = bytes([body[0] & ~_WEBP_PROMISES]) + body[1:]
        elif name == b"ANMF":
            # A frame holds chunks of its own behind 16 bytes of position, size and duration.
            body = body[:16] + b"".join(_webp_parts(body[16:]))
        if name in _WEBP_CHUNKS:
            yield name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        at += 8 + length + length % 2
