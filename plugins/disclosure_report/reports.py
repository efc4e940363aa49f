"""The report of a year as it is now: live, or what was frozen; and the steps from the one to the other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import Actor, CellEntry, Figure, FigureRegistry, NotFound, Period, UnitOfWork, local_date
from cms.api import gettext as _

from . import lifecycle
from .building import build
from .format_file import Format, Formats
from .models import FINAL, AnnualReport, State
from .records import records_behind
from .report import Number, Report
from .snapshot import Snapshot, seal, unseal
from .submission import corrections_of


@dataclass(frozen=True, kw_only=True)
class Current:
    """The report of a year with its format and state; ``records`` are those that were frozen with it.

    :param frozen_on: the day on which it was frozen, in China.
    """

    report: Report
    form: Format
    state: State | None
    digest: str = ""
    records: Mapping[str, tuple[CellEntry, ...]] | None = None
    frozen_on: date | None = None


def format_of(session: Session, formats: Formats, year: int, name: str = "auto") -> Format:
    """Return the format ``name``; ``auto`` is the one the report was opened in, else the one of the year.

    :raises NotFound: if there is none.
    """
    if name != "auto":
        return formats.named(name)
    row = lifecycle.find(session, year)
    return formats.named(row.format) if row is not None else formats.for_year(year)


def current(
    session: Session, figures: FigureRegistry, formats: Formats, year: int, format_name: str = "auto"
) -> Current:
    """Return the report of ``year``: from its snapshot once it is frozen, else from the live records.

    :raises NotFound: if there is no format for it. :raises BrokenSnapshotError: if the snapshot was tampered with.
    """
    form = format_of(session, formats, year, format_name)
    row = lifecycle.find(session, year)
    if row is not None and row.state in FINAL and row.format == form.id:
        return _frozen(session, row, form)
    report = build(session, figures, year=year, form=form)
    return Current(report=report, form=form, state=row.state if row is not None else None)


def newest_year(session: Session) -> int | None:
    """Return the newest year whose report has been opened, if there is one."""
    return session.scalar(select(func.max(AnnualReport.year)))


def final(session: Session, formats: Formats, year: int) -> Current:
    """Return the frozen report of ``year``, the only one that citizens see.

    :raises NotFound: if it is not frozen yet.
    """
    row = lifecycle.find(session, year)
    if row is None or row.state not in FINAL:
        raise NotFound(_("{year} 年度报告尚未公布。").format(year=year))
    return _frozen(session, row, formats.named(row.format))


def _frozen(session: Session, row: AnnualReport, form: Format) -> Current:
    kept = unseal(row)
    report = replace(kept.report, errata=corrections_of(session, row))
    return Current(
        report=report, form=form, state=row.state, digest=row.digest, records=kept.records,
        frozen_on=local_date(row.frozen_at) if row.frozen_at is not None else None,
    )  # fmt: skip


def final_years(session: Session) -> list[int]:
    """Return the years whose reports citizens see, newest first."""
    query = select(AnnualReport.year).where(AnnualReport.state.in_(FINAL)).order_by(AnnualReport.year.desc())
    return list(session.scalars(query))


def approve(uow: UnitOfWork, figures: FigureRegistry, formats: Formats, year: int, *, actor: Actor) -> None:
    """Approve the report of ``year`` as it is now; see :func:`.lifecycle.approve`."""
    now = current(uow.session, figures, formats, year)
    lifecycle.approve(uow, lifecycle.get(uow.session, year), now.report, actor=actor)


def freeze(uow: UnitOfWork, figures: FigureRegistry, formats: Formats, year: int, *, actor: Actor) -> None:
    """Freeze the report of ``year`` with the records behind its figures; see :func:`.lifecycle.freeze`."""
    report = current(uow.session, figures, formats, year).report
    kept = Snapshot(report=report, records=records_behind(uow.session, figures, report))
    lifecycle.freeze(uow, lifecycle.get(uow.session, year), report, seal(kept), actor=actor)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A record behind a frozen figure; ``row`` is missing if the record has been withdrawn or corrected since."""

    record_id: int
    quantity: int
    row: Mapping[str, object] | None


def lines_behind(session: Session, figure: Figure, year: int, records: tuple[CellEntry, ...]) -> list[Line]:
    """Return the frozen records of a figure with what they say now; their sum stays that of the frozen report."""
    key = figure.columns[0].name
    live = {int(row[key]): row for row in figure.rows(session, Period.year(year))}
    return [Line(record_id=number, quantity=quantity, row=live.get(number)) for number, quantity in records]


def public_codes(report: Report, figures: FigureRegistry) -> frozenset[str]:
    """Return the codes of the numbers whose list of records, or whose parts, citizens can see now."""
    every = {number.code: number for number in report.numbers()}
    return frozenset(code for code, number in every.items() if _is_open(number, every, figures))


def _is_open(number: Number, every: Mapping[str, Number], figures: FigureRegistry) -> bool:
    if not (number.has_list and number.is_public):
        return False
    if number.parts:
        return any(_is_open(every[part], every, figures) for part in number.parts)
    return bool(number.lists) and all(figures.get(code) is not None for code in number.lists)
