"""One way in for all kinds of files."""

from cms.api import Invalid
from cms.api import gettext as _

from .order import Order, Redacted, checked
from .pages import redact_pages
from .picture import redact_picture
from .plain import redact_text
from .retyped import redact_retyped
from .word import MEDIA_TYPE as WORD
from .word import redact_word

PDF, TEXT = "application/pdf", "text/plain"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


def redact(content: bytes, media_type: str, order: Order) -> Redacted:
    """Return the file without what ``order`` removes.

    :param media_type: what the content is, as the upload check found it.
    :raises Invalid: by field, if the order cannot be carried out or the file cannot be read or is of another kind.
    """
    order = checked(order)
    if media_type in PICTURES:
        return redact_picture(content, media_type, order)
    if media_type == PDF and not order.as_text:
        return redact_pages(content, order)
    if not order.phrases and not order.kinds:
        raise Invalid({"phrases": [_("请写明要去除的文字，每行一处。")]})
    if media_type == WORD:
        return redact_word(content, order)
    if media_type == TEXT:
        return redact_text(content, order)
    if media_type == PDF:
        return redact_retyped(content, order)
    raise Invalid({"file": [_("这种文件不能在这里处理，请先另存为 docx、pdf、txt 或图片。")]})
