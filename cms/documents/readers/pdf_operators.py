"""Follows the operators of a PDF page as far as they place text or draw straight lines (ISO 32000-1, 8 and 9)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from cms.documents.readers.pdf_fonts import Font
from cms.documents.readers.pdf_graphics import IDENTITY, Character, Matrix, Point, matrix_of, multiplied

if TYPE_CHECKING:
    from pypdf.generic import PdfObject

#: States saved inside states, and lines of one path.
_MAX_STACK, _MAX_PATHS = 500, 4000
#: Characters count as upright if their baseline rises less than this for each point to the right.
_SLANT = 0.1
_WHITE = 0.97
_SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
_MOVING = frozenset({b"BT", b"Tm", b"Td", b"TD", b"T*"})
_DRAWING = frozenset({b"m", b"l", b"h", b"re", b"c", b"v", b"y"})
#: Operators that end a path: whether they fill and whether they stroke it (8.5.3).
_PAINTING = {
    b"f": (True, False), b"F": (True, False), b"f*": (True, False), b"S": (False, True), b"s": (False, True),
    b"B": (True, True), b"B*": (True, True), b"b": (True, True), b"b*": (True, True), b"n": (False, False),
}  # fmt: skip
_FILL_COLOURS = frozenset({b"g", b"rg", b"k", b"sc", b"scn"})
_STROKE_COLOURS = frozenset({b"G", b"RG", b"K", b"SC", b"SCN"})


class Canvas(Protocol):
    """Takes what a stream shows, and knows its resources."""

    def font(self, resources: "Mapping[str, PdfObject]", name: str) -> Font | None:
        """Return the font that is called so."""
        ...

    def form(self, resources: "Mapping[str, PdfObject]", name: str, state: "State", depth: int) -> None:
        """Draw a form, which is a page inside the page."""
        ...

    def say(self, character: Character) -> None:
        """Note a character."""
        ...

    def miss(self) -> None:
        """Count a character whose text is not known."""
        ...

    def draw(self, points: Sequence[Point]) -> None:
        """Note a straight line, or an area that may be as thin as one."""
        ...


@dataclass(frozen=True)
class State:
    """The graphics state as far as it matters here (ISO 32000-1, 8.4 and 9.3)."""

    matrix: Matrix = IDENTITY
    font: Font | None = None
    size: float = 0
    spacing: float = 0
    word_spacing: float = 0
    scale: float = 1
    leading: float = 0
    rise: float = 0
    fills_white: bool = False
    strokes_white: bool = False


#: Operators that set one number of the state (9.3).
_SETTING: dict[bytes, Callable[[State, float], State]] = {
    b"Tc": lambda state, value: replace(state, spacing=value),
    b"Tw": lambda state, value: replace(state, word_spacing=value),
    b"Tz": lambda state, value: replace(state, scale=value / 100),
    b"TL": lambda state, value: replace(state, leading=value),
    b"Ts": lambda state, value: replace(state, rise=value),
}


class Run:
    """The state while one stream is followed."""

    def __init__(self, canvas: Canvas, resources: "Mapping[str, PdfObject]", state: State, depth: int) -> None:
        self._canvas, self._resources, self._depth = canvas, resources, depth
        self._state = state
        self._stack: list[State] = []
        self._text: Matrix = IDENTITY
        self._line: Matrix = IDENTITY
        self._paths: list[list[Point]] = []

    def step(self, operator: bytes, operands: "list[PdfObject]") -> None:
        """Do what one operator says."""
        numbers = [float(item) for item in operands if isinstance(item, (int, float))]
        if operator in _SHOWING:
            self._show(operator, operands, numbers)
        elif operator in _PAINTING:
            self._paint(*_PAINTING[operator])
        elif operator in _DRAWING:
            self._draw(operator, numbers)
        elif operator in _MOVING:
            self._move(operator, numbers)
        elif operator == b"Do" and operands:
            self._canvas.form(self._resources, str(operands[0]), self._state, self._depth)
        else:
            self._set(operator, operands, numbers)

    def _set(self, operator: bytes, operands: "list[PdfObject]", numbers: list[float]) -> None:
        if operator == b"q" and len(self._stack) < _MAX_STACK:
            self._stack.append(self._state)
        elif operator == b"Q" and self._stack:
            self._state = self._stack.pop()
        elif operator == b"cm" and (matrix := matrix_of(numbers)):
            self._state = replace(self._state, matrix=multiplied(matrix, self._state.matrix))
        elif operator == b"Tf" and operands and numbers:
            font = self._canvas.font(self._resources, str(operands[0]))
            self._state = replace(self._state, font=font, size=numbers[-1])
        elif operator in _SETTING and numbers:
            self._state = _SETTING[operator](self._state, numbers[0])
        elif operator in _FILL_COLOURS and numbers:
            self._state = replace(self._state, fills_white=_is_white(operator, numbers))
        elif operator in _STROKE_COLOURS and numbers:
            self._state = replace(self._state, strokes_white=_is_white(operator.lower(), numbers))

    def _move(self, operator: bytes, numbers: list[float]) -> None:
        """Move the place of the next text (9.4.2)."""
        if operator == b"BT":
            self._line = IDENTITY
        elif operator == b"Tm" and (matrix := matrix_of(numbers)):
            self._line = matrix
        elif operator == b"T*":
            self._line = multiplied((1, 0, 0, 1, 0, -self._state.leading), self._line)
        elif operator in {b"Td", b"TD"} and len(numbers) == 2:  # noqa: PLR2004 — right and up
            if operator == b"TD":
                self._state = replace(self._state, leading=-numbers[1])
            self._line = multiplied((1, 0, 0, 1, numbers[0], numbers[1]), self._line)
        self._text = self._line

    def _show(self, operator: bytes, operands: "list[PdfObject]", numbers: list[float]) -> None:
        if operator == b'"' and len(numbers) == 2:  # noqa: PLR2004 — both spacings
            self._state = replace(self._state, word_spacing=numbers[0], spacing=numbers[1])
        if operator in {b"'", b'"'}:
            self._move(b"T*", [])
        items = operands[0] if operator == b"TJ" and operands and isinstance(operands[0], list) else operands[-1:]
        for item in items:
            if isinstance(item, bytes):
                self._string(item)
            elif isinstance(item, (int, float)):
                self._advance(-float(item) / 1000 * self._state.size * self._state.scale)

    def _string(self, data: bytes) -> None:
        state = self._state
        if state.font is None:
            return
        for glyph in state.font.glyphs(data):
            whole = multiplied((state.size * state.scale, 0, 0, state.size, 0, state.rise), self._text)
            a, b, c, d, left, base = multiplied(whole, state.matrix)
            if abs(b) <= _SLANT * abs(a):
                size = (c * c + d * d) ** 0.5
                if glyph.text.strip():
                    self._canvas.say(Character(glyph.text, left, left + glyph.width * a, base, size))
                elif not glyph.text:
                    self._canvas.miss()
            extra = state.spacing + (state.word_spacing if glyph.is_space else 0)
            self._advance((glyph.width * state.size + extra) * state.scale)

    def _advance(self, distance: float) -> None:
        self._text = multiplied((1, 0, 0, 1, distance, 0), self._text)

    def _draw(self, operator: bytes, numbers: list[float]) -> None:
        """Build a path (8.5.2); curves are no lines of tables."""
        if operator == b"m" and len(numbers) == 2:  # noqa: PLR2004 — a point
            self._paths.append([self._point(*numbers)])
        elif operator == b"l" and len(numbers) == 2 and self._paths:  # noqa: PLR2004 — a point
            self._paths[-1].append(self._point(*numbers))
        elif operator == b"h" and self._paths and self._paths[-1]:
            self._paths[-1].append(self._paths[-1][0])
        elif operator == b"re" and len(numbers) == 4:  # noqa: PLR2004 — corner, width, height
            x, y, width, height = numbers
            corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y))
            self._paths.append([self._point(*corner) for corner in corners])
        elif operator in {b"c", b"v", b"y"} and self._paths:
            self._paths.pop()
            self._paths.append([])
        if len(self._paths) > _MAX_PATHS:
            self._paths = []

    def _point(self, x: float, y: float) -> "Point":
        _a, _b, _c, _d, right, up = multiplied((1, 0, 0, 1, x, y), self._state.matrix)
        return right, up

    def _paint(self, fills: bool, strokes: bool) -> None:  # noqa: FBT001 — from the table of operators
        for path in self._paths:
            if len(path) < 2:  # noqa: PLR2004 — a line has two ends
                continue
            if fills and not self._state.fills_white:
                self._canvas.draw(path)
            if strokes and not self._state.strokes_white:
                for pair in pairwise(path):
                    self._canvas.draw(pair)
        self._paths = []


def _is_white(operator: bytes, numbers: Sequence[float]) -> bool:
    if operator == b"k" or (operator in {b"sc", b"scn"} and len(numbers) == 4):  # noqa: PLR2004 — four inks
        return not any(numbers)
    return all(number >= _WHITE for number in numbers)
