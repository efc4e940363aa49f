"""What a page of a PDF shows, whatever draws it: the page itself or forms inside of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cms.documents.readers.pdf_fonts import Font
from cms.documents.readers.pdf_graphics import (
    IDENTITY,
    Character,
    Matrix,
    PageContent,
    Point,
    Rule,
    matrix_of,
    multiplied,
)
from cms.documents.readers.pdf_operators import Run, State

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf.generic import PdfObject

#: A filled area is a line if it is not wider than this many points.
_THICKEST = 3.0
_MAX_FORMS, _MAX_CHARACTERS, _MAX_RULES = 2000, 200_000, 4000
#: Forms inside forms.
_MAX_DEPTH = 8


def content_of(page: "PageObject") -> PageContent:
    """Return what the page shows, turned as it is read."""
    box, turn = page.mediabox, int(page.rotation) % 360
    left, bottom, width, height = float(box.left), float(box.bottom), float(box.width), float(box.height)
    turns: dict[int, Matrix] = {
        0: (1, 0, 0, 1, -left, -bottom),
        90: (0, -1, 1, 0, -bottom, width + left),
        180: (-1, 0, 0, -1, width + left, height + bottom),
        270: (0, 1, -1, 0, height + bottom, -left),
    }
    found = PageContent(*((height, width) if turn in {90, 270} else (width, height)))
    contents = page.get("/Contents")
    if contents is not None:
        _Reader(found, page.pdf).run(contents, page.get("/Resources"), State(turns.get(turn, IDENTITY)), 0)
    return found


class _Reader:
    """Follows the operators of a page and of the forms that it draws."""

    def __init__(self, found: PageContent, pdf: object) -> None:
        self._found, self._pdf = found, pdf
        self._fonts: dict[int, Font] = {}
        self._forms = 0

    def run(self, stream: "PdfObject", resources: "PdfObject | None", state: State, depth: int) -> None:
        """Follow the operators of one stream; what they leave changed in the state ends with it."""
        from pypdf.generic import ContentStream  # noqa: PLC0415 — slow

        named = _resolved(resources)
        run = Run(self, named if isinstance(named, dict) else {}, state, depth)
        for operands, operator in ContentStream(stream.get_object(), self._pdf, "bytes").operations:
            run.step(operator, operands)

    def font(self, resources: "Mapping[str, PdfObject]", name: str) -> Font | None:
        """Return the font that is called so."""
        fonts = _resolved(resources.get("/Font"))
        font = _resolved(fonts.get(name)) if isinstance(fonts, dict) else None
        if not isinstance(font, dict):
            return None
        if id(font) not in self._fonts:
            self._fonts[id(font)] = Font(font)
        return self._fonts[id(font)]

    def form(self, resources: "Mapping[str, PdfObject]", name: str, state: State, depth: int) -> None:
        """Draw a form, which is a page inside the page."""
        forms = _resolved(resources.get("/XObject"))
        form = _resolved(forms.get(name)) if isinstance(forms, dict) else None
        if not isinstance(form, dict) or form.get("/Subtype") != "/Form" or depth >= _MAX_DEPTH:
            return
        self._forms += 1
        if self._forms <= _MAX_FORMS:
            matrix = matrix_of([item.get_object() for item in form.get("/Matrix") or ()]) or IDENTITY
            inner = replace(state, matrix=multiplied(matrix, state.matrix))
            self.run(form, form.get("/Resources") or resources, inner, depth + 1)

    def say(self, character: Character) -> None:
        """Note a character."""
        if len(self._found.characters) < _MAX_CHARACTERS:
            self._found.characters.append(character)

    def miss(self) -> None:
        """Count a character whose text is not known."""
        self._found.unknown += 1

    def draw(self, points: "Sequence[Point]") -> None:
        """Note a straight line, or an area that is as thin as one."""
        left, right = min(x for x, _y in points), max(x for x, _y in points)
        bottom, top = min(y for _x, y in points), max(y for _x, y in points)
        if len(self._found.rules) >= _MAX_RULES:
            return
        if top - bottom <= _THICKEST < right - left:
            middle = (top + bottom) / 2
            self._found.rules.append(Rule(left, middle, right, middle))
        elif right - left <= _THICKEST < top - bottom:
            middle = (left + right) / 2
            self._found.rules.append(Rule(middle, bottom, middle, top))


def _resolved(value: "PdfObject | None") -> "PdfObject | None":
    return None if value is None else value.get_object()
