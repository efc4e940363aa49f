"""Reports of years before: what this product froze, and what was published without it and entered afterwards."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    FigureRegistry,
    Invalid,
    NotAllowed,
    Period,
    UnitOfWork,
    audit,
    clean,
    local_date,
    one_line,
    require,
)  # fmt: skip
from cms.api import gettext as _

from .cells import Known, table_of
from .contract_file import flat, numbers_of, table_problems
from .format_file import Format
from .manual import parse_value
from .measuring import Measures
from .models import FINAL, AnnualReport, ManualValue, PastReport
from .report import Previous, Table, plain
from .snapshot import unseal_report
from .submission import corrections_of

#: Years that charts and comparisons go back.
YEARS_BACK = 5


@dataclass(frozen=True, kw_only=True)
class PastInput:
    """A past report as it was entered; ``tables`` and ``chapters`` in the shape of the JSON contract."""

    source: str
    tables: Mapping[str, Any]
    figures: Mapping[str, Any]
    chapters: Sequence[Mapping[str, str]]
    evidence_id: int | None = None


def newest(session: Session, year: int) -> PastReport | None:
    """Return the past report of ``year`` that counts."""
    return session.scalar(select(PastReport).where(PastReport.year == year).order_by(PastReport.id.desc()).limit(1))


def record_past(uow: UnitOfWork, form: Format, year: int, given: PastInput, *, actor: Actor) -> PastReport:
    """Record the published report of a past year; it supersedes what was entered before.

    :raises NotAllowed: without permission, for a year that is not over, or one whose report this product has frozen.
    :raises Invalid: by field: no source, nothing entered, unknown cells, values that are no numbers.
    """
    require(actor, "report.edit")
    if year >= local_date(uow.clock.now()).year:
        raise NotAllowed(_("{year} 年还没有结束，没有已公布的报告。").format(year=year))
    if _final(uow.session, year) is not None:
        raise NotAllowed(_("{year} 年度报告已在本系统固化，以固化的报告为准。").format(year=year))
    problems = list(table_problems(form, given.tables))
    errors = {"tables": problems} if problems else {}
    if not one_line(given.source):
        errors["source"] = [_("请写明出处，例如公布报告的网址。")]
    if not numbers_of(flat(given.tables)) and not any(clean(one["text"]) for one in given.chapters):
        errors.setdefault("tables", [_("没有录入任何数值或正文。")])
    if errors:
        raise Invalid(errors)
    row = PastReport(
        year=year, format=form.id, source=one_line(given.source)[:200], tables=dict(given.tables),
        figures=dict(given.figures), chapters=[dict(one) for one in given.chapters], evidence_id=given.evidence_id,
        recorded_at=uow.clock.now(), recorded_by_id=actor.id,
    )  # fmt: skip
    uow.session.add(row)
    # The audit entry names the id.
    uow.session.flush()
    audit(uow, "report.past", actor_id=actor.id, subject_type="report.past", subject_id=row.id, year=year)
    return row


def export_past(session: Session) -> Iterator[dict[str, Any]]:
    """Yield the past report that counts of each year, as the records that imports take in."""
    last = select(func.max(PastReport.id)).group_by(PastReport.year)
    for row in session.scalars(select(PastReport).where(PastReport.id.in_(last)).order_by(PastReport.year)):
        figures = {code: {"value": value} for code, value in row.figures.items()}
        yield {
            "record": "past_report", "year": row.year, "source": row.source, "tables": row.tables, "figures": figures,
            "chapters": row.chapters,
        }  # fmt: skip


def is_frozen(session: Session, year: int) -> bool:
    """Tell whether this product has frozen the report of ``year``; then nothing is entered for it."""
    return _final(session, year) is not None


def with_evidence(given: PastInput, asset_id: int) -> PastInput:
    """Return ``given`` with the scan that proves it."""
    return replace(given, evidence_id=asset_id)


def tables_from(session: Session, form: Format, year: int, typed: Mapping[str, str]) -> list[Table]:
    """Return the tables of ``year`` with values as they were typed, by code; sums follow.

    :raises Invalid: by code, for what is no number.
    """
    specs = [table.as_entered() for table in form.tables_of(year)]
    cells = {cell.code: cell for spec in specs for cell in spec.cells()}
    entered: dict[str, ManualValue] = {}
    errors: dict[str, list[str]] = {}
    for code, text in typed.items():
        cell = cells[code]
        amount, problems = parse_value(text, cell.unit, is_signed=cell.signed)
        if problems:
            errors[code] = problems["value"]
        if amount is not None:
            entered[code] = ManualValue(
                year=year, code=code, value=plain(amount), unit=cell.unit, source="", reason=""
            )  # fmt: skip
    if errors:
        raise Invalid(errors)
    measures = Measures(session, FigureRegistry(), Period.year(year))
    known = Known(entered=entered, measures=measures, previous={})
    return [table_of(spec, {}, known, chapter=form.chapter_of(spec.code)) for spec in specs]


def previous_of(session: Session, year: int) -> Previous | None:
    """Return what is known of the report of the year before ``year``: the frozen one, else the newest that was entered.

    :raises BrokenSnapshotError: if the frozen one was tampered with.
    """
    row = _final(session, year - 1)
    if row is not None:
        return _of_report(session, row)
    entered = newest(session, year - 1)
    return _of_past(entered) if entered is not None else None


def history_of(session: Session, year: int, previous: Previous | None) -> dict[int, Mapping[str, Decimal]]:
    """Return the figures and cells of the years before ``year``, newest first, as far as they are known."""
    found: dict[int, Mapping[str, Decimal]] = {}
    if previous is not None:
        found[previous.year] = {**previous.figures, **previous.cells}
    missing = range(year - YEARS_BACK + 1, year - 1)
    rows = session.scalars(
        select(AnnualReport).where(AnnualReport.year.in_(missing), AnnualReport.state.in_(FINAL))
    ).all()
    for row in rows:
        report = _of_report(session, row)
        found[row.year] = {**report.figures, **report.cells}
    last = select(func.max(PastReport.id)).where(PastReport.year.in_(missing)).group_by(PastReport.year)
    for entered in session.scalars(select(PastReport).where(PastReport.id.in_(last))):
        if entered.year not in found:
            past = _of_past(entered)
            found[entered.year] = {**past.figures, **past.cells}
    return dict(sorted(found.items(), reverse=True))


def _final(session: Session, year: int) -> AnnualReport | None:
    return session.scalar(select(AnnualReport).where(AnnualReport.year == year, AnnualReport.state.in_(FINAL)))


def _of_report(session: Session, row: AnnualReport) -> Previous:
    report = replace(unseal_report(row), errata=corrections_of(session, row))
    right = report.corrected
    cells = {code: cell for table in report.tables.values() for code, cell in table.cells.items()}
    return Previous(
        year=report.year, source=_("{year} 年度报告（已固化）").format(year=report.year),
        figures={code: right.get(code, one.value) for code, one in report.figures.items() if one.value is not None},
        cells={code: right.get(code, one.value) for code, one in cells.items() if one.value is not None},
        chapters={chapter.code: chapter.plain for chapter in report.chapters if not chapter.table},
    )  # fmt: skip


def _of_past(row: PastReport) -> Previous:
    return Previous(
        year=row.year, source=row.source, figures=numbers_of(row.figures), cells=numbers_of(flat(row.tables)),
        chapters={one["code"]: one["text"] for one in row.chapters if one.get("text")},
    )  # fmt: skip
