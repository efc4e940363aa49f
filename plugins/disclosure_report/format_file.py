"""Formats of the report: declarative files, read into typed, checked values.

Which format a year has is said by the files alone. A mistake in a file is told with its place and what is allowed.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from cms.api import CmsError, Edition, NotFound, editions
from cms.api import gettext as _

from .tokens import WORDS, FigureToken, tokens_of

FOLDER = Path(__file__).parent
Years = tuple[int, int]
#: One level of a code: a number, or a letter.
_STEP = re.compile(r"\d+|[a-z](?![a-zA-Z])")


class FormatError(CmsError):
    """A format file is wrong; the message names file, place and problem."""


class _Spec(BaseModel):
    """A table of a file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FigureSpec(_Spec):
    """A figure of the report. ``manual`` figures are entered by hand, the others are looked up by code."""

    code: str
    label: str
    unit: str
    manual: bool = False


class Identity(_Spec):
    """``total`` must be the sum of ``parts``."""

    total: str
    parts: Annotated[tuple[str, ...], Field(min_length=1)]


class ChapterSpec(_Spec):
    """A chapter with the text it begins with, in which ``{figure:CODE}`` stands for a number."""

    code: str
    title: str
    text: Annotated[str, StringConstraints(strip_whitespace=True)]


class RowSpec(_Spec):
    """A row of a statistics table: a heading without unit, or a cell bound in exactly one way.

    :param figure: code of a figure. :param manual: entered by hand. :param sum: codes of the cells that are added up.
    :param zero_with: figure or cell that this one is a part of: where it is 0, this is 0 without any entry.
    :param equals: figure that must have the same value. :param at_most: cells that this one may not exceed.
    """

    code: str
    label: str
    unit: str = ""
    figure: str = ""
    manual: bool = False
    sum: tuple[str, ...] = ()
    zero_with: str = ""
    equals: str = ""
    at_most: tuple[str, ...] = ()

    @property
    def is_heading(self) -> bool:
        """Tell whether the row only groups those below it."""
        return not self.unit

    @property
    def depth(self) -> int:
        """Return how deep the row lies, from the form of its code: ``S2.2.1a`` is a part of ``S2.2.1``."""
        return len(_STEP.findall(self.code)) - 1

    @model_validator(mode="after")
    def _check(self) -> Self:
        bindings = sum((bool(self.figure), self.manual, bool(self.sum)))
        if bindings != (0 if self.is_heading else 1):
            raise ValueError("a row with a unit has exactly one of figure, manual, sum; a heading has none")
        if self.zero_with and not self.manual:
            raise ValueError("zero_with is for manual cells only")
        return self


class TableSpec(_Spec):
    """A statistics table, required in the report years from the first to the last of ``years``."""

    code: str
    title: str
    basis: str = ""
    years: Years
    rows: Annotated[tuple[RowSpec, ...], Field(min_length=1)]


class Format(_Spec):
    """How the report of certain years looks: figures, chapters, tables."""

    id: str
    alias: str
    label: str
    years: Years
    edition: str
    title: str
    opening: str
    figures: tuple[FigureSpec, ...]
    identities: tuple[Identity, ...] = ()
    chapters: Annotated[tuple[ChapterSpec, ...], Field(min_length=1)]
    tables: tuple[TableSpec, ...] = ()

    def tables_of(self, year: int) -> tuple[TableSpec, ...]:
        """Return the tables that the report of ``year`` has."""
        return tuple(table for table in self.tables if table.years[0] <= year <= table.years[1])

    def chapter(self, code: str) -> ChapterSpec:
        """Return a chapter.

        :raises NotFound: if the format has none of that code.
        """
        found = next((chapter for chapter in self.chapters if chapter.code == code), None)
        if found is None:
            raise NotFound(_("报告没有“{code}”这一章。").format(code=code))
        return found

    @model_validator(mode="after")
    def _check(self) -> Self:
        figures = {figure.code for figure in self.figures}
        cells = {row.code: row for table in self.tables for row in table.rows if not row.is_heading}
        _unique("figure", [figure.code for figure in self.figures])
        _unique("chapter", [chapter.code for chapter in self.chapters])
        _unique("row", [row.code for table in self.tables for row in table.rows])
        problems = [*_unknown_codes(self, figures, cells), *_circles(cells), *_unknown_tokens(self, figures | {*cells})]
        if self.years[0] > self.years[1]:
            problems.append("years must be [first, last]")
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _unique(kind: str, codes: list[str]) -> None:
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueError(f"{kind} {', '.join(twice)} is declared twice")


def _unknown_codes(form: Format, figures: set[str], cells: Mapping[str, RowSpec]) -> Iterable[str]:
    for identity in form.identities:
        for code in sorted({identity.total, *identity.parts} - figures):
            yield f"identity of {identity.total}: there is no figure {code!r}"
    for row in cells.values():
        for code in {row.figure, row.equals} - {""} - figures:
            yield f"{row.code}: there is no figure {code!r}"
        for code in sorted({*row.sum, *row.at_most} - set(cells)):
            yield f"{row.code}: there is no cell {code!r}"
        if row.zero_with and row.zero_with not in figures | set(cells):
            yield f"{row.code}: there is no figure or cell {row.zero_with!r}"


def _circles(cells: Mapping[str, RowSpec]) -> Iterable[str]:
    def below(code: str, above: tuple[str, ...]) -> bool:
        if code in above:
            return True
        row = cells.get(code)
        needed = {*row.sum, row.zero_with} if row else set()
        return any(below(part, (*above, code)) for part in needed)

    for code, row in cells.items():
        if row.sum and any(below(part, (code,)) for part in row.sum):
            yield f"{code}: its sum contains itself"


def _unknown_tokens(form: Format, codes: set[str]) -> Iterable[str]:
    texts = {chapter.code: chapter.text for chapter in form.chapters} | {"title": form.title, "opening": form.opening}
    for place, text in texts.items():
        for token in tokens_of(text):
            known = token.code in codes if isinstance(token, FigureToken) else token.word in WORDS
            if not known:
                yield f"{place}: unknown token {token.text}"


class Formats:
    """The formats there are."""

    def __init__(self, formats: Iterable[Format]) -> None:
        self._formats = sorted(formats, key=lambda one: one.years)
        known = {edition.id for edition in editions()}
        for earlier, later in zip(self._formats, self._formats[1:], strict=False):
            if later.years[0] <= earlier.years[1]:
                raise FormatError(f"formats {earlier.id} and {later.id} both claim the year {later.years[0]}")
        for form in self._formats:
            if form.edition not in known:
                raise FormatError(f"format {form.id}: there is no edition {form.edition!r}")

    def __iter__(self) -> Iterator[Format]:
        return iter(self._formats)

    def for_year(self, year: int) -> Format:
        """Return the format that reports of ``year`` have.

        :raises NotFound: if no file covers the year; the message says which years are.
        """
        for form in self._formats:
            if form.years[0] <= year <= form.years[1]:
                return form
        known = "、".join(f"{form.years[0]}—{form.years[1]}" for form in self._formats)
        raise NotFound(
            _("没有适用于 {year} 年度的报告格式；现有格式适用的年度：{known}。").format(year=year, known=known)
        )

    def named(self, name: str) -> Format:
        """Return a format by id or alias.

        :raises NotFound: if there is none of that name.
        """
        for form in self._formats:
            if name in (form.id, form.alias):
                return form
        known = "、".join(form.alias for form in self._formats)
        raise NotFound(_("没有名为“{name}”的报告格式；现有：{known}。").format(name=name, known=known))

    def edition_of(self, form: Format) -> Edition:
        """Return the edition of the regulation that ``form`` belongs to, as this site has it."""
        return next(edition for edition in editions() if edition.id == form.edition)


S = TypeVar("S", bound=_Spec)


def read(path: Path, kind: type[S]) -> S:
    """Read one file.

    :raises FormatError: with the file, and every problem with its place.
    """
    try:
        return kind.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormatError(f"{path.name}: {error}") from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, one['loc'])) or '(file)'}: {one['msg']}" for one in error.errors()]
        raise FormatError(f"{path.name}: " + "; ".join(lines)) from error


def read_all(folder: Path = FOLDER) -> Formats:
    """Read all files below ``folder``.

    :raises FormatError: if one of them is wrong, or two formats claim the same year.
    """
    return Formats([read(path, Format) for path in sorted((folder / "formats").glob("*.toml"))])


@cache
def formats() -> Formats:
    """Return the bundled formats; read once, because they are part of the code."""
    return read_all()
