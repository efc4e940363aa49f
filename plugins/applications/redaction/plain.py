"""Removing from text files."""

from cms.api import Invalid
from cms.api import gettext as _

from .order import Order, Redacted


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8 or GB 18030.

    :raises Invalid: field ``file``, if it is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid({"file": [_("文本文件的编码无法识别，请另存为 UTF-8。")]})


def redact_text(content: bytes, order: Order) -> Redacted:
    """Return the text file, in UTF-8, without what ``order`` removes."""
    text = decoded(content)
    return Redacted(
        content=order.without(text).encode(), extension=".txt", media_type="text/plain", removed=len(order.spans(text))
    )
