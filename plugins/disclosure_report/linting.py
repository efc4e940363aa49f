"""Checking a report that somebody has: reading the file, finding year, format and organ, asking the rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cms.api import Invalid, ReadDocument, ReadParagraph, ReadTable, RemedyKind, editions, read_document
from cms.api import gettext as _

from .format_file import Format, Formats
from .lint import catalogue
from .lint.document import Document
from .lint.organs import Level
from .lint.reading import ReadTable as TableAsRead
from .lint.registry import ChapterShape, Context, Finding, Form, Severity, run
from .lint.shapes import RowShape, Shape
from .lint.source import GridCell, Source, SourceBuilder, TooLongError, from_text
from .table_file import ColumnSpec, TableSpec

_LIST_HEADS = ("统计指标", "单位", "统计数", "指标", "数量", "序号")
_HEADS = ("项目", "类别", "信息内容", "申请人情况", "法人或其他组织")


def source_of_text(text: str) -> Source:
    """Return pasted text as a source.

    :raises Invalid: field ``text``, if it is empty or too long.
    """
    if not text.strip():
        raise Invalid({"text": [_("请粘贴报告的文字，或选择文件。")]})
    try:
        return from_text(text)
    except TooLongError as error:
        raise _too_long("text") from error


def source_of_file(content: bytes, filename: str) -> Source:
    """Return a file (TXT, HTML, DOCX, PDF) as a source.

    :raises Invalid: field ``file``, if it cannot be read or is too long.
    """
    read = read_document(content, filename)
    try:
        return from_text(read.text) if filename.lower().endswith(".txt") else _from_blocks(read)
    except TooLongError as error:
        raise _too_long("file") from error


def _too_long(field: str) -> Invalid:
    return Invalid({field: [_("文字或表格过长，不像一份年度报告；请只保留报告正文后再试。")]})


def _from_blocks(read: ReadDocument) -> Source:
    builder = SourceBuilder()
    for block in read.blocks:
        if isinstance(block, ReadParagraph):
            builder.paragraph(block.text, is_heading=block.level > 0)
        else:
            builder.grid(_rows(block))
    return builder.build()


def _rows(table: ReadTable) -> list[list[GridCell]]:
    rows: list[list[GridCell]] = [[] for _row in table.rows]
    for span in table.spans:
        rows[span.row].append(GridCell(span.text, span.colspan, span.rowspan))
    return rows


def form_of(form: Format, year: int) -> Form:
    """Return a format as the rules need it, with the tables that the report of ``year`` has."""
    edition = next(one for one in editions() if one.id == form.edition)
    review_first = [one.in_force_from.year for one in edition.remedies if one.kind is RemedyKind.REVIEW_FIRST]
    due = edition.report_due
    return Form(
        id=form.id, edition=form.edition, label=form.label,
        due={False: (due.department.month, due.department.day), True: (due.government.month, due.government.day)},
        chapters=tuple(ChapterShape(one.code, one.title) for one in form.chapters),
        shapes=tuple(shape_of(table) for table in form.tables_of(year)),
        chapters_are_law=any(one.table for one in form.chapters), review_first_since=min(review_first, default=None),
    )  # fmt: skip


def shape_of(table: TableSpec) -> Shape:
    """Return a table of a format file as the reader of published tables needs it."""
    if table.is_list:
        rows = [row for row in table.rows if not row.is_heading]
        return Shape(
            table.code, table.title, tuple(RowShape(row.code, row.label, ("n",), unit=row.unit) for row in rows),
            heads=(*_LIST_HEADS, table.title, *(row.label for row in table.rows if row.is_heading)), is_flat=True,
            sums=tuple((row.code, row.sum) for row in rows if row.sum),
            bounds=tuple((row.code, limit) for row in rows for limit in row.at_most),
        )  # fmt: skip
    blocks = table.all_blocks()
    columns = [column for block in blocks for column in block.columns]
    return Shape(
        table.code, table.title, tuple(_block_rows(table)), in_one_row=table.layout.value == "across",
        heads=(*_HEADS, table.corner, *(block.title for block in blocks), *(one for c in columns for one in c.above)),
        column_labels=_labels(columns), signed=frozenset(column.code for column in columns if column.signed),
        total_column=next((column.code for column in columns if column.sum), ""),
    )  # fmt: skip


def _block_rows(table: TableSpec) -> Iterator[RowShape]:
    for block in table.all_blocks():
        for row in block.rows:
            units = {column.code: column.unit or row.unit for column in block.columns}
            yield RowShape(row.code, row.label, tuple(units), group="/".join(row.above), units=units)


def _labels(columns: Sequence[ColumnSpec]) -> dict[str, str]:
    labels: dict[str, str] = {}
    for column in columns:
        labels.setdefault(column.code, column.label)
    return labels


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How a report is to be checked. What is not given is found in its text.

    :param previous: last year's report of the same organ. :param parts: reports of the organs that this one sums up.
    """

    year: int | None = None
    level: Level | None = None
    published: date | None = None
    previous: Source | None = None
    parts: Sequence[Source] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the check found, and as what it read the report."""

    context: Context
    form: Format
    findings: tuple[Finding, ...]

    @property
    def has_errors(self) -> bool:
        """Tell whether one of the findings is an error."""
        return any(one.severity is Severity.ERROR for one in self.findings)


def check(source: Source, formats: Formats, wanted: Wanted) -> Outcome:
    """Ask all rules about a report of anybody.

    :raises Invalid: field ``year``, if it is neither given nor named in the text.
    :raises NotFound: if no format has it.
    """
    year = wanted.year or year_of(source)
    if year is None:
        raise Invalid({"year": [_("标题和正文中都没有找到报告年度，请填写。")]})
    form = formats.for_year(year)
    before = _context(wanted.previous, formats, year - 1, wanted) if wanted.previous else None
    parts = [_context(part, formats, year, Wanted()).tables for part in wanted.parts]
    context = _context(source, formats, year, wanted, before=before, parts=parts)
    return Outcome(context=context, form=form, findings=tuple(run(catalogue.RULES, context)))


def _context(
    source: Source, formats: Formats, year: int, wanted: Wanted, *, before: Context | None = None,
    parts: Sequence[Mapping[str, TableAsRead]] = (),
) -> Context:  # fmt: skip
    form = form_of(formats.for_year(year), year)
    return Context(
        source, form, year=year, level=wanted.level, previous=before, parts=parts, published=wanted.published
    )


def year_of(source: Source) -> int | None:
    """Return the year that the title names; else the one that the text names most often."""
    document = Document(source)
    title = document.title
    years = [one for one in document.numbers.years if title and title.start <= one.start < title.end]
    if years:
        return years[0].value
    named = [one.value for one in document.numbers.years]
    return max(named, key=lambda value: (named.count(value), value), default=None)


def contract(outcome: Outcome) -> dict[str, object]:
    """Return what ``cms report lint --json`` prints; ``tables`` is absent if the report holds none."""
    context = outcome.context
    found: dict[str, object] = {
        "findings": [one.as_json() for one in outcome.findings],
        "year": context.year,
        "format": context.form.id,
        "level": context.level.value,
        "organ": context.organ.name if context.organ else None,
    }
    if context.tables:
        found["tables"] = {code: table.as_json() for code, table in context.tables.items()}
    return found
