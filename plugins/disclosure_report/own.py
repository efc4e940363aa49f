"""Our own report as the linter sees it: its text with the places of chapters and cells, and last year's beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .format_file import Format
from .lint.layout import Lack, Value
from .lint.organs import Level, Organ
from .lint.reading import ReadTable
from .lint.registry import Context, Finding, Fix, Form, Identity
from .lint.source import GridCell, Source, SourceBuilder, Span
from .linting import form_of
from .outputs import chinese_number
from .report import Number, Previous, Report, Table


@dataclass(frozen=True)
class OwnText:
    """A report of ours as a text: where its chapters begin, and where each cell stands."""

    source: Source
    chapters: Mapping[str, Span]
    cells: Mapping[str, Span]


def text_of(report: Report) -> OwnText:
    """Return the report as a text; the prose of a chapter stands in it as :attr:`.report.Chapter.plain` has it."""
    builder = SourceBuilder()
    builder.paragraph(report.title)
    builder.paragraph(report.opening)
    chapters: dict[str, Span] = {}
    tables: list[Table] = []
    for place, chapter in enumerate(report.chapters, 1):
        builder.paragraph(f"{chinese_number(place)}、{chapter.title}", is_heading=True)
        chapters[chapter.code] = Span(builder.length, builder.length + len(chapter.plain))
        for line in chapter.lines:
            builder.paragraph(line)
        if chapter.table and chapter.table in report.tables:
            tables.append(report.tables[chapter.table])
            builder.grid(_grid(tables[-1]))
    for table in report.annexes:
        tables.append(table)
        builder.paragraph(f"附：{table.title}（{report.year}年度）")
        builder.grid(_grid(table))
    source = builder.build()
    cells = {
        code: place
        for table, grid in zip(tables, source.grids, strict=True)
        for line, row in zip(_lines(table), grid.rows, strict=True)
        for code, place in zip(line, row[len(row) - len(line) :], strict=True)
    }
    return OwnText(source, chapters, cells)


def _grid(table: Table) -> list[list[GridCell]]:
    wide = max((len(numbers) for numbers in _numbers(table)), default=1)
    rows = []
    for (label, unit), numbers in zip(_heads(table), _numbers(table), strict=True):
        values = [GridCell(number.shown if number.value is not None else "") for number in numbers]
        # Every row has as many places, so that none is taken for a paragraph.
        rows.append([GridCell(label), GridCell(unit), *[GridCell("")] * (wide - len(values)), *values])
    return rows


def _numbers(table: Table) -> list[tuple[Number, ...]]:
    listed = [(row.number,) if row.number else () for row in table.rows]
    return [*listed, *(row.cells for block in table.blocks for row in block.rows)]


def _heads(table: Table) -> list[tuple[str, str]]:
    listed = [(row.label, row.number.unit if row.number else "") for row in table.rows]
    return [*listed, *((row.label, "") for block in table.blocks for row in block.rows)]


def _lines(table: Table) -> list[tuple[str, ...]]:
    return [tuple(number.code for number in numbers) for numbers in _numbers(table)]


class OwnContext(Context):
    """Our own report under check. A cell that is not known is left out of its table, so that no rule compares it."""

    def __init__(self, report: Report, form: Format, *, level: Level = Level.COUNTY) -> None:
        self.report, self.format, self.text = report, form, text_of(report)
        shape = form_of(form, report.year)
        super().__init__(self.text.source, shape, year=report.year, level=level, organ=Organ(report.organ))
        self.tables = {one.code: _read(report, one.code, shape, self.text.cells) for one in shape.shapes}
        if report.previous is not None:
            self.previous = _previous(report.previous, form)

    def identities(self) -> Iterator[Identity]:
        """Yield the sums of the tables, and those of figures of the format."""
        yield from super().identities()
        every = {number.code: number for number in self.report.numbers()}

        def named(code: str) -> tuple[str, Decimal | None]:
            return f"{code} {every[code].label}", every[code].value

        for one in self.format.identities:
            name, amount = named(one.total)
            yield Identity(name=name, amount=amount, parts=tuple(map(named, one.parts)))
        for table in self.format.tables_of(self.year):
            for row in table.rows:
                if row.equals:
                    name, amount = named(row.code)
                    yield Identity(name=name, amount=amount, parts=(named(row.equals),), span=self.text.cells[row.code])


def _read(report: Report, code: str, form: Form, places: Mapping[str, Span]) -> ReadTable:
    shape = next(one for one in form.shapes if one.code == code)
    cells: dict[tuple[str, str], Value] = {}
    known = {number.code: number for number in report.tables[code].cells.values()}
    for row in shape.rows:
        for column in row.columns:
            number = known.get(row.code if shape.is_flat else f"{code}.{row.code}.{column}")
            if number is not None and number.value is not None:
                place = places[number.code]
                cells[row.code, column] = Value(place.start, place.end, number.shown, number.value, Lack.NONE)
    first = min((value.start for value in cells.values()), default=0)
    return ReadTable(first, max((value.end for value in cells.values()), default=0), shape, cells)


def _previous(previous: Previous, form: Format) -> Context:
    """Return last year's report as far as it is known: its prose and its cells."""
    builder = SourceBuilder()
    for place, chapter in enumerate(form.chapters, 1):
        builder.paragraph(f"{chinese_number(place)}、{chapter.title}", is_heading=True)
        for line in previous.chapters.get(chapter.code, "").splitlines():
            builder.paragraph(line)
    context = Context(builder.build(), form_of(form, previous.year), year=previous.year)
    for shape in context.form.shapes:
        cells = {}
        for row in shape.rows:
            for column in row.columns:
                amount = previous.cells.get(row.code if shape.is_flat else f"{shape.code}.{row.code}.{column}")
                if amount is not None:
                    cells[row.code, column] = Value(0, 0, f"{amount:f}", amount, Lack.NONE)
        if cells:
            context.tables[shape.code] = ReadTable(0, 0, shape, cells)
    return context


def placed(finding: Finding, text: OwnText) -> Finding:
    """Return a finding with its place in the rendered chapter, not in the whole text; elsewhere it may name a cell."""
    start, end = finding.start, finding.end
    if start is None or end is None:
        return finding
    for code, span in text.chapters.items():
        if span.start <= start and end <= span.end:
            fix = finding.fix
            if fix is not None:
                fix = Fix(start=fix.start - span.start, end=fix.end - span.start, text=fix.text)
            return replace(finding, chapter=code, start=start - span.start, end=end - span.start, fix=fix)
    cell = next((code for code, span in text.cells.items() if (span.start, span.end) == (start, end)), "")
    return replace(finding, start=None, end=None, fix=None, cell=cell)
