"""Building the report of a year from live records: one function, one value, all outputs."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy.orm import Session

from cms.api import Figure, FigureRegistry, Period, SiteSettings, load_settings
from cms.api import gettext as _

from .checks import find_all
from .format_file import FigureSpec, Format, RowSpec, TableSpec
from .manual import valid_values
from .models import ManualValue
from .report import Chapter, Number, Origin, Report, Row, Table
from .texts import edited_texts
from .tokens import Fragment, fill

Entered = Mapping[str, ManualValue]


def build(session: Session, figures: FigureRegistry, *, year: int, form: Format) -> Report:
    """Return the report of ``year`` in the format ``form``, as the records stand now.

    A figure whose plugin is disabled has no value; it is never taken for 0.
    """
    settings = load_settings(session, SiteSettings)
    organ = settings.organ_name or settings.site_name
    entered = valid_values(session, year)
    period = Period.year(year)
    numbers = {
        spec.code: _figure(spec, figures.get(spec.code), session, period, entered) for spec in form.figures
    }  # fmt: skip
    tables = {spec.code: _table(spec, numbers, entered) for spec in form.tables_of(year)}
    every = numbers | {code: cell for table in tables.values() for code, cell in table.cells.items()}
    shown = {code: number.shown for code, number in every.items()}
    words = _words(form, year, organ)
    chapters = _chapters(session, form, year, shown, words)
    draft = Report(
        year=year, format=form.id, organ=organ, title=_plain(fill(form.title, shown, words)),
        opening=_plain(fill(form.opening, shown, words)), figures=numbers, tables=tables, chapters=chapters,
    )  # fmt: skip
    return find_all(draft, form)


def _figure(spec: FigureSpec, figure: Figure | None, session: Session, period: Period, entered: Entered) -> Number:
    computed = Decimal(figure.value(session, period)) if figure is not None and not spec.manual else None
    by_hand = entered.get(spec.code)
    if by_hand is not None:
        return _manual(spec.code, spec.label, spec.unit, by_hand, computed)
    problem = _("尚未填报") if spec.manual else _("来源插件已停用")
    return Number(
        code=spec.code, label=spec.label, unit=spec.unit, value=computed, computed=computed,
        origin=Origin.MANUAL if spec.manual else Origin.COMPUTED, problem="" if computed is not None else problem,
        has_list=computed is not None, is_public=computed is not None and figure is not None and figure.public,
    )  # fmt: skip


def _manual(code: str, label: str, unit: str, entry: ManualValue, computed: Decimal | None) -> Number:
    return Number(
        code=code, label=label, unit=unit, value=entry.amount, origin=Origin.MANUAL, computed=computed,
        reason=entry.reason, source=entry.source, has_evidence=entry.evidence_id is not None,
        has_list=computed is not None,
    )  # fmt: skip


def _table(spec: TableSpec, numbers: Mapping[str, Number], entered: Entered) -> Table:
    cells: dict[str, Number] = {}
    rows = {row.code: row for row in spec.rows if not row.is_heading}

    def cell(code: str) -> Number:
        if code in numbers:
            return numbers[code]
        if code not in cells:
            row = rows[code]
            if row.figure:
                cells[code] = _bound(row, numbers[row.figure])
            elif row.sum:
                cells[code] = _sum(row, [cell(part) for part in row.sum])
            else:
                whole = cell(row.zero_with) if row.zero_with else None
                cells[code] = _entered(row, entered.get(code), whole)
        return cells[code]

    lines = tuple(
        Row(code=row.code, label=row.label, depth=row.depth, number=None if row.is_heading else cell(row.code))
        for row in spec.rows
    )
    return Table(code=spec.code, title=spec.title, basis=spec.basis, rows=lines)


def _bound(row: RowSpec, figure: Number) -> Number:
    return Number(
        code=row.code, label=row.label, unit=row.unit, value=figure.value, origin=figure.origin,
        computed=figure.computed, reason=figure.reason, source=figure.source, problem=figure.problem,
        has_evidence=figure.has_evidence, figure=figure.code,
    )  # fmt: skip


def _sum(row: RowSpec, parts: list[Number]) -> Number:
    values = [part.value for part in parts if part.value is not None]
    is_whole = len(values) == len(parts)
    return Number(
        code=row.code, label=row.label, unit=row.unit, origin=Origin.SUM,
        value=sum(values, Decimal()) if is_whole else None, problem="" if is_whole else _("分项尚未填报"),
    )  # fmt: skip


def _entered(row: RowSpec, entry: ManualValue | None, whole: Number | None) -> Number:
    if entry is not None:
        return _manual(row.code, row.label, row.unit, entry, None)
    if whole is not None and whole.value == 0:
        return Number(code=row.code, label=row.label, unit=row.unit, value=Decimal(), origin=Origin.IMPLIED)
    return Number(
        code=row.code, label=row.label, unit=row.unit, value=None, origin=Origin.MANUAL, problem=_("尚未填报")
    )


def _chapters(
    session: Session, form: Format, year: int, shown: Mapping[str, str], words: Mapping[str, str]
) -> tuple[Chapter, ...]:
    edited = edited_texts(session, year)
    chapters = []
    for spec in form.chapters:
        text = edited[spec.code].text if spec.code in edited else spec.text
        paragraphs = _paragraphs(text, shown, words)
        chapters.append(Chapter(code=spec.code, title=spec.title, text=text, paragraphs=paragraphs))
    return tuple(chapters)


def preview(report: Report, form: Format, text: str) -> tuple[tuple[Fragment, ...], ...]:
    """Return ``text`` as a chapter of ``report`` would show it."""
    shown = {number.code: number.shown for number in report.numbers()}
    return _paragraphs(text, shown, _words(form, report.year, report.organ))


def _paragraphs(text: str, shown: Mapping[str, str], words: Mapping[str, str]) -> tuple[tuple[Fragment, ...], ...]:
    return tuple(fill(line.strip(), shown, words) for line in text.splitlines() if line.strip())


def _words(form: Format, year: int, organ: str) -> dict[str, str]:
    titles = _("、").join(chapter.title for chapter in form.chapters)
    return {"year": str(year), "organ": organ, "chapters": titles}


def _plain(fragments: tuple[Fragment, ...]) -> str:
    return "".join(fragment.text for fragment in fragments)
