"""Formats of the report: declarative files, read into typed, checked values.

Which format a year has is said by the files alone. A mistake in a file is told with its place and what is allowed.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self, TypeVar

from flask import has_app_context
from pydantic import Field, StringConstraints, ValidationError, model_validator

from cms.api import Edition, NotFound, Unavailable, editions, get_cms
from cms.api import gettext as _

from .table_file import CellSpec, Spec, TableSpec, Texts, Years
from .tokens import WORDS, FigureToken, tokens_of

FOLDER = Path(__file__).parent
#: Folder in the site folder with files that correct formats or add new ones.
SITE_FOLDER = "report-formats"


class FormatError(Unavailable):
    """A format file is wrong; the message, which pages show, names file, place and problem."""


class FigureSpec(Spec):
    """A figure of the report.

    ``manual`` figures are entered by hand, the others are looked up by the codes of ``source`` or else by their own.

    :param needs_record: where no source has a record the value is not known, because nobody may have kept a register.
    """

    code: str
    label: str
    unit: str
    manual: bool = False
    source: Texts = ()
    needs_record: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the codes in the figure registry that are added up."""
        return () if self.manual else self.source or (self.code,)


class Identity(Spec):
    """``total`` must be the sum of ``parts``."""

    total: str
    parts: Annotated[tuple[str, ...], Field(min_length=1)]


class SentenceSpec(Spec):
    """A sentence of a draft. One with ``{problem}`` is written for each problem that last year's report named.

    :param when: codes of numbers that must be above 0. :param zero: of numbers that must be 0.
    :param after_problems: only if last year's report named problems.
    """

    text: str
    when: Texts = ()
    zero: Texts = ()
    begins_paragraph: bool = False
    after_problems: bool = False


class ChapterSpec(Spec):
    """A chapter: the text it begins with, where ``{figure:CODE}`` stands for a number, or the table it consists of.

    :param sentences: of which its draft is made, in place of ``text``. :param follows: codes of the chapter in last
        year's report whose problems are quoted.
    """

    code: str
    title: str
    text: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    table: str = ""
    sentences: tuple[SentenceSpec, ...] = ()
    follows: Texts = ()


class SeriesSpec(Spec):
    """A line of a chart: the first of ``codes`` that a year's report has, because formats name the same thing apart."""

    label: str
    codes: Annotated[tuple[str, ...], Field(min_length=1)]


class ChartSpec(Spec):
    """Figures or cells side by side over the years."""

    title: str
    unit: str
    series: Annotated[tuple[SeriesSpec, ...], Field(min_length=1)]


class Format(Spec):
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
    charts: tuple[ChartSpec, ...] = ()

    def __repr_args__(self) -> list[tuple[str, object]]:
        """Keep it short where it is printed: a format has hundreds of cells."""
        return [("id", self.id), ("years", self.years)]

    @property
    def charted(self) -> frozenset[str]:
        """Return the codes that charts may show."""
        return frozenset(code for chart in self.charts for series in chart.series for code in series.codes)

    def tables_of(self, year: int) -> tuple[TableSpec, ...]:
        """Return the tables that the report of ``year`` has."""
        return tuple(table for table in self.tables if table.years[0] <= year <= table.years[1])

    def chapter_of(self, table: str) -> str:
        """Return the code of the chapter that consists of ``table``; empty if it is annexed."""
        return next((chapter.code for chapter in self.chapters if chapter.table == table), "")

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
        cells = {cell.code: cell for table in self.tables for cell in table.cells()}
        shown = {row.code for table in self.tables if table.is_list for row in table.rows if row.figure}
        _unique("figure", [figure.code for figure in self.figures])
        _unique("chapter", [chapter.code for chapter in self.chapters])
        _unique("row", [row.code for table in self.tables if table.is_list for row in table.rows])
        _unique("cell", [cell.code for table in self.tables for cell in table.cells()])
        known = figures | shown | {*cells}
        problems = [*_unknown_codes(self, figures, known), *_circles(cells), *_unknown_tokens(self, known)]
        problems += _chapter_problems(self)
        if self.years[0] > self.years[1]:
            problems.append("years must be [first, last]")
        if problems:
            raise ValueError("; ".join(problems))
        return self


def _unique(kind: str, codes: list[str]) -> None:
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueError(f"{kind} {', '.join(twice)} is declared twice")


def _unknown_codes(form: Format, figures: set[str], known: set[str]) -> Iterable[str]:
    for identity in form.identities:
        for code in sorted({identity.total, *identity.parts} - figures):
            yield f"identity of {identity.total}: there is no figure {code!r}"
    for row in (row for table in form.tables if table.is_list for row in table.rows):
        for code in {row.figure, row.equals, row.witness} - {""} - figures:
            yield f"{row.code}: there is no figure {code!r}"
        for code in sorted({*row.sum, *row.at_most} - (known - figures)):
            yield f"{row.code}: there is no cell {code!r}"
        if row.zero_with and row.zero_with not in known:
            yield f"{row.code}: there is no figure or cell {row.zero_with!r}"
    for table in form.tables:
        named = {table.witness, *(row.witness for block in table.all_blocks() for row in block.rows)} - {""}
        yield from (f"{table.code}: there is no figure {code!r}" for code in sorted(named - figures))


def _circles(cells: Mapping[str, CellSpec]) -> Iterable[str]:
    def below(code: str, above: tuple[str, ...]) -> bool:
        if code in above:
            return True
        cell = cells.get(code)
        needed = {*cell.parts, cell.zero_with} if cell else set()
        return any(below(part, (*above, code)) for part in needed)

    for code, cell in cells.items():
        if cell.parts and any(below(part, (code,)) for part in cell.parts):
            yield f"{code}: its sum contains itself"


def _chapter_problems(form: Format) -> Iterable[str]:
    tables = {table.code for table in form.tables}
    for chapter in form.chapters:
        if chapter.table and chapter.table not in tables:
            yield f"{chapter.code}: there is no table {chapter.table!r}"
        if sum((bool(chapter.table), bool(chapter.text), bool(chapter.sentences))) > 1:
            yield f"{chapter.code}: a chapter has one of text, sentences, table"


def _unknown_tokens(form: Format, codes: set[str]) -> Iterable[str]:
    texts = [("title", form.title), ("opening", form.opening)]
    texts += [(chapter.code, chapter.text) for chapter in form.chapters]
    sentences = [(chapter.code, sentence) for chapter in form.chapters for sentence in chapter.sentences]
    for place, text in [*texts, *((code, sentence.text.replace("{problem}", "")) for code, sentence in sentences)]:
        for token in tokens_of(text):
            known = token.code in codes if isinstance(token, FigureToken) else token.word in WORDS
            if not known:
                yield f"{place}: unknown token {token.text}"
    for place, sentence in sentences:
        yield from (f"{place}: there is no figure or cell {code!r}" for code in (*sentence.when, *sentence.zero)
                    if code not in codes)  # fmt: skip


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


S = TypeVar("S", bound=Spec)


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


def read_all(folder: Path | None = None) -> Formats:
    """Read the bundled formats; files in ``folder`` take the place of those with the same id, or add to them.

    :raises FormatError: if one of them is wrong, or two formats claim the same year.
    """
    bundled = [read(path, Format) for path in sorted((FOLDER / "formats").glob("*.toml"))]
    own = [read(path, Format) for path in sorted(folder.glob("*.toml"))] if folder is not None else []
    corrected = {form.id for form in own}
    return Formats([*(form for form in bundled if form.id not in corrected), *own])


def formats() -> Formats:
    """Return the formats as the site of the present app has them; outside any app, as the product brings them.

    A file of the site is read again when it has changed, so that a correction needs no restart.

    :raises FormatError: if a file of the site is wrong.
    """
    if not has_app_context():
        return _read_once(None, ())
    folder = get_cms().settings.site / SITE_FOLDER
    stats = [(path.name, path.stat()) for path in sorted(folder.glob("*.toml"))]
    return _read_once(folder, tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


@lru_cache(maxsize=16)
def _read_once(folder: Path | None, stamp: tuple[tuple[str, int, int], ...]) -> Formats:
    """Read the formats; ``stamp`` tells a changed folder from the one that was read."""
    return read_all(folder if stamp else None)
