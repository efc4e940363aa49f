"""What a page of a PDF consists of for us: characters with their places, and straight lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

#: a b c d e f as in the ``cm`` operator (ISO 32000-1, 8.3.3).
Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
Point = tuple[float, float]


@dataclass(frozen=True)
class Character:
    """A character with its left and right edge, baseline and size, in points from the lower left corner."""

    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True)
class Rule:
    """A straight line, horizontal if ``top`` equals ``bottom``, otherwise vertical."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass
class PageContent:
    """All that was found on a page."""

    width: float
    height: float
    characters: list[Character] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    unknown: int = 0
    """Characters whose text the file does not tell."""


def multiplied(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that does ``first``, then ``second``."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def matrix_of(numbers: Sequence[object]) -> Matrix | None:
    """Return six finite numbers as a matrix, None if they are none."""
    values = tuple(float(number) for number in numbers if isinstance(number, (int, float)))
    if len(values) != 6 or not all(map(isfinite, values)):  # noqa: PLR2004 — a to f
        return None
    return values
