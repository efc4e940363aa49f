"""Making a PDF anew from its text: searchable and readable for screen readers, without pictures and original layout."""

from collections.abc import Iterator

from cms.api import (
    Block,
    Cell,
    Document,
    Heading,
    Invalid,
    Paragraph,
    ReadParagraph,
    ReadTable,
    Table,
    as_pdf,
    read_document,
)
from cms.api import gettext as _

from .order import Order, Redacted

_MAX_LEVEL = 4


def redact_retyped(content: bytes, order: Order) -> Redacted:
    """Return a new PDF of the text that is left.

    A phrase is found inside a paragraph or cell; one that is spread over two of them is not, so the whole is checked
    at the end.

    :raises Invalid: field ``file``, if it cannot be read or something is still there.
    """
    read = read_document(content, "")
    blocks = list(_blocks(read.blocks, order))
    left = "\n".join(_words(blocks))
    if order.spans(left):
        raise Invalid({"file": [_("有内容跨段落，未能完全去除。请改用转为图片的方式。")]})
    document = Document(title=_("政府信息（已作区分处理）"), blocks=blocks)
    return Redacted(
        content=as_pdf(document), extension=".pdf", media_type="application/pdf", removed=len(order.spans(read.text)),
        notes=[_("按文字重新生成，原有图片、印章和版式没有保留。")],
    )  # fmt: skip


def _blocks(read: tuple[ReadParagraph | ReadTable, ...], order: Order) -> Iterator[Block]:
    for block in read:
        if isinstance(block, ReadTable):
            yield Table([
                [Cell(order.without(cell), is_header=at == 0) for cell in row] for at, row in enumerate(block.rows)
            ])  # fmt: skip
        elif block.level:
            yield Heading(order.without(block.text), min(block.level, _MAX_LEVEL))
        else:
            yield Paragraph(order.without(block.text))


def _words(blocks: list[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Table):
            yield from (str(cell.content) for row in block.rows for cell in row)
        elif isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Paragraph):
            yield str(block.content)
