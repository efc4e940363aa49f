"""Tables found by the lines that are drawn around their cells: on a page of a PDF, or with characters in a text."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import neg

from cms.documents.readers.pdf_graphics import Character, Rule

#: Lines closer than this many points are one line; ends closer than this meet.
_NEAR = 3.0
#: More places than any table on one page.
_MAX_PLACES = 40_000


@dataclass
class Box:
    """A cell on the page: its place in the grid and the characters in it."""

    row: int
    column: int
    rowspan: int
    colspan: int
    characters: list[Character] = field(default_factory=list)


@dataclass
class Lattice:
    """A table on the page: the lines between its columns from the left and between its rows from the top."""

    columns: list[float]
    rows: list[float]
    boxes: list[Box]

    def __post_init__(self) -> None:
        self._at = {
            (row, column): box
            for box in self.boxes
            for row in range(box.row, box.row + box.rowspan)
            for column in range(box.column, box.column + box.colspan)
        }

    @property
    def top(self) -> float:
        """Return the upper edge."""
        return self.rows[0]

    def holds(self, character: Character) -> bool:
        """Tell whether the middle of a character is inside."""
        x, y = _middle(character)
        return self.columns[0] <= x <= self.columns[-1] and self.rows[-1] <= y <= self.rows[0]

    def put(self, character: Character) -> None:
        """Put a character that is inside into its cell."""
        x, y = _middle(character)
        column = bisect_right(self.columns, x, 1, len(self.columns) - 1) - 1
        # Rows go down, so their edges are compared with the sign turned.
        row = bisect_right(self.rows, -y, 1, len(self.rows) - 1, key=neg) - 1
        self._at[row, column].characters.append(character)


def lattices(rules: Sequence[Rule], characters: Iterable[Character]) -> tuple[list[Lattice], list[Character]]:
    """Return the tables that ``rules`` draw, filled with their characters, and the characters outside of them."""
    tables = [table for group in _connected(_whole(rules)) if (table := _lattice(group)) is not None]
    outside = []
    for character in characters:
        table = next((table for table in tables if table.holds(character)), None)
        if table is None:
            outside.append(character)
        else:
            table.put(character)
    return sorted(tables, key=lambda table: -table.top), outside


def _middle(character: Character) -> tuple[float, float]:
    return (character.left + character.right) / 2, character.base + character.size * 0.35


def _whole(rules: Sequence[Rule]) -> list[Rule]:
    """Return the lines with those joined that lie end to end: programs draw a piece for each cell."""
    upright = [(rule.left, rule.bottom, rule.top) for rule in rules if rule.left == rule.right]
    level = [(rule.bottom, rule.left, rule.right) for rule in rules if rule.left != rule.right]
    return [
        *(Rule(at, begin, at, end) for at, begin, end in _end_to_end(upright)),
        *(Rule(begin, at, end, at) for at, begin, end in _end_to_end(level)),
    ]


def _end_to_end(pieces: Iterable[tuple[float, float, float]]) -> Iterator[tuple[float, float, float]]:
    """Yield pieces ``(position, begin, end)`` joined where they touch."""
    groups: list[list[tuple[float, float, float]]] = []
    for piece in sorted(pieces):
        if groups and piece[0] - groups[-1][-1][0] <= _NEAR:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    for group in groups:
        at = sum(piece[0] for piece in group) / len(group)
        ordered = sorted((begin, end) for _at, begin, end in group)
        first, last = ordered[0]
        for begin, end in ordered[1:]:
            if begin > last + _NEAR:
                yield at, first, last
                first, last = begin, end
            last = max(last, end)
        yield at, first, last


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return the groups of lines that touch each other."""
    groups = _Groups(len(rules))
    upright = [n for n, rule in enumerate(rules) if rule.left == rule.right]
    level = [n for n, rule in enumerate(rules) if rule.left != rule.right]
    for number in level:
        rule = rules[number]
        for other in upright:
            post = rules[other]
            if rule.left - _NEAR <= post.left <= rule.right + _NEAR and (
                post.bottom - _NEAR <= rule.bottom <= post.top + _NEAR
            ):
                groups.join(number, other)
    return [[rules[n] for n in group] for group in groups.all() if len(group) > 3]  # noqa: PLR2004 — four sides


class _Groups:
    """Puts numbers that belong together into groups."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        self._parent[self.find(one)] = self.find(other)

    def all(self) -> list[list[int]]:
        groups: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parent)):
            groups[self.find(number)].append(number)
        return list(groups.values())


def _lattice(rules: Sequence[Rule]) -> Lattice | None:
    """Return the table that a group of lines draws, None if it is a frame or a figure."""
    columns = _positions(rule.left for rule in rules if rule.left == rule.right)
    rows = _positions(rule.bottom for rule in rules if rule.left != rule.right)[::-1]
    wide, high = len(columns) - 1, len(rows) - 1
    if wide < 1 or high < 1 or wide * high < 2 or wide * high > _MAX_PLACES:  # noqa: PLR2004 — one cell is a frame
        return None
    walls = _Walls(rules, columns, rows)
    groups = _Groups(wide * high)
    for row in range(high):
        for column in range(wide):
            if column + 1 < wide and not walls.right_of(row, column):
                groups.join(row * wide + column, row * wide + column + 1)
            if row + 1 < high and not walls.below(row, column):
                groups.join(row * wide + column, (row + 1) * wide + column)
    boxes = [box for group in groups.all() for box in _boxes(group, wide)]
    return Lattice(columns, rows, boxes) if len(boxes) > 1 else None


def _boxes(places: Sequence[int], wide: int) -> list[Box]:
    """Return the cell that covers these places; places that make no rectangle are cells of their own."""
    rows, columns = [place // wide for place in places], [place % wide for place in places]
    box = Box(min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1)
    if box.rowspan * box.colspan == len(places):
        return [box]
    return [Box(row, column, 1, 1) for row, column in zip(rows, columns, strict=True)]


def _positions(values: Iterable[float]) -> list[float]:
    """Return the positions of lines, those close together as one, ascending."""
    groups: list[list[float]] = []
    for value in sorted(values):
        if groups and value - groups[-1][-1] <= _NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(group) / len(group) for group in groups]


class _Walls:
    """Knows where lines stand between neighbouring places."""

    def __init__(self, rules: Sequence[Rule], columns: Sequence[float], rows: Sequence[float]) -> None:
        self._columns, self._rows = columns, rows
        self._upright: dict[int, list[tuple[float, float]]] = defaultdict(list)
        self._level: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for rule in rules:
            if rule.left == rule.right:
                self._upright[_nearest(columns, rule.left)].append((rule.bottom, rule.top))
            else:
                self._level[_nearest(rows, rule.bottom)].append((rule.left, rule.right))

    def right_of(self, row: int, column: int) -> bool:
        """Tell whether a line closes the right side of a place."""
        return _covers(self._upright[column + 1], (self._rows[row] + self._rows[row + 1]) / 2)

    def below(self, row: int, column: int) -> bool:
        """Tell whether a line closes the lower side of a place."""
        return _covers(self._level[row + 1], (self._columns[column] + self._columns[column + 1]) / 2)


def _nearest(positions: Sequence[float], value: float) -> int:
    distance: Callable[[int], float] = lambda number: abs(positions[number] - value)  # noqa: E731 — a key, typed
    return min(range(len(positions)), key=distance)


def _covers(lines: Iterable[tuple[float, float]], at: float) -> bool:
    return any(begin <= at <= end for begin, end in lines)
