"""Pages of a PDF as pictures, with the place of each letter; drawn in a child process of limited time and memory."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cms.documents.child import ChildError, Limits, Task, run
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _

_LIMITS = Limits(wall=120, cpu=100, megabytes=1500)
_LENGTH = 4


class Letter(NamedTuple):
    """A letter on a page; its edges are parts of the page's width and height, from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class DrawnPage:
    """A page, numbered from 1, as a PNG picture. A scanned page has no letters."""

    number: int
    png: bytes
    letters: Sequence[Letter]


@dataclass(frozen=True)
class Drawing:
    """Pages of a PDF that has ``total`` pages."""

    total: int
    pages: Sequence[DrawnPage]


def draw_pdf(data: bytes, pages: Sequence[int] = ()) -> Drawing:
    """Return pages of a PDF as pictures of 150 pixels an inch.

    :param pages: numbers from 1; all pages if there are none.
    :raises Invalid: field ``file``, if it is damaged, locked, too long, or takes too much.
    """
    wanted = json.dumps({"pages": list(pages)}).encode()
    try:
        answer = run(Task.DRAW_PDF, len(wanted).to_bytes(_LENGTH, "big") + wanted + data, _LIMITS)
    except ChildError as error:
        raise Invalid({"file": [_said(error.reason)]}) from error
    head, *pictures = _parts(answer)
    said = json.loads(head)
    return Drawing(
        said["total"],
        [
            DrawnPage(page["number"], png, [Letter(*letter) for letter in page["letters"]])
            for page, png in zip(said["pages"], pictures, strict=True)
        ],
    )


def _parts(answer: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(answer):
        end = at + _LENGTH + int.from_bytes(answer[at : at + _LENGTH], "big")
        yield answer[at + _LENGTH : end]
        at = end


def _said(reason: str) -> str:
    return {
        "too-long": _("PDF 超过 200 页，请拆分后再处理。"), "no-page": _("没有这一页。"),
    }.get(reason, _("PDF 无法打开，可能已损坏、设有密码或过于复杂。"))  # fmt: skip
