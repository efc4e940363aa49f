"""Reports of subordinate organs (JSON of the contract): taken in, added up cell by cell, compared with ours (X18)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import Actor, Invalid, NotFound, UnitOfWork, audit, one_line, require
from cms.api import gettext as _

from .contract_file import Tables, flat, numbers_of, read_contract
from .format_file import Format, Formats
from .lifecycle import require_open
from .models import AnnualReport, Collects, Subordinate
from .report import Report, plain


@dataclass(frozen=True, kw_only=True)
class Collected:
    """What subordinate organs reported.

    :param sums: sum of each cell over all organs. :param incomplete: cells that some organ left open.
    """

    organs: Sequence[Subordinate]
    sums: Mapping[str, Decimal]
    incomplete: frozenset[str]


def take_files(
    uow: UnitOfWork, known: Formats, form: Format, year: int, files: Iterable[tuple[str, bytes]], *, actor: Actor
) -> list[Subordinate]:
    """Take in the reports of organs; a newer one of the same organ supersedes.

    :raises NotAllowed: without permission, or when the report is not open any more.
    :raises Invalid: at ``files``, with the name of each file that cannot be taken; nothing should be kept then.
    """
    require(actor, "report.edit")
    require_open(uow.session, year)
    rows, problems = [], []
    for filename, content in files:
        try:
            rows.append(_row(known, form, year, filename, content))
        except Invalid as error:
            problems += [f"{filename}：{line}" for lines in error.errors.values() for line in lines]
    organs = [row.organ for row in rows]
    problems += [
        _("“{organ}”有两个文件。").format(organ=one) for one in sorted({o for o in organs if organs.count(o) > 1})
    ]
    if not rows and not problems:
        problems = [_("请选择文件。")]
    if problems:
        raise Invalid({"files": problems})
    for row in rows:
        row.recorded_at, row.recorded_by_id = uow.clock.now(), actor.id
        uow.session.add(row)
        audit(
            uow, "report.subordinate", actor_id=actor.id, subject_type="report", subject_id=year, organ=row.organ,
            sha256=row.digest,
        )  # fmt: skip
    return rows


def _row(known: Formats, form: Format, year: int, filename: str, content: bytes) -> Subordinate:
    found = read_contract(content, known)
    problems = []
    if found.year != year:
        problems.append(_("文件是 {n} 年度的报告，这里汇总 {m} 年度。").format(n=found.year, m=year))
    elif found.format != form.id:
        problems.append(_("文件的格式与本报告不同。"))
    if not found.organ:
        problems.append(_("文件没有写明机关名称（organ）。"))
    if problems:
        raise Invalid({"file": problems})
    return Subordinate(
        year=year, organ=found.organ, format=found.format, tables=dict(found.tables),
        filename=one_line(filename)[:200], digest=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


def withdraw(uow: UnitOfWork, year: int, organ: str, *, actor: Actor) -> None:
    """Take the report of an organ out of the sums; it stays in the history.

    :raises NotAllowed: without permission, or when the report is not open. :raises NotFound: if there is none.
    """
    require(actor, "report.edit")
    require_open(uow.session, year)
    row = next((one for one in organs_of(uow.session, year) if one.organ == organ), None)
    if row is None:
        raise NotFound(organ)
    uow.session.add(
        Subordinate(
            year=year, organ=organ, format=row.format, tables={}, is_withdrawn=True, recorded_at=uow.clock.now(),
            recorded_by_id=actor.id,
        )
    )  # fmt: skip
    audit(uow, "report.subordinate.withdraw", actor_id=actor.id, subject_type="report", subject_id=year, organ=organ)


def choose(uow: UnitOfWork, row: AnnualReport, collects: Collects, *, actor: Actor) -> None:
    """Say where the tables of the report come from.

    :raises NotAllowed: without permission, or when the report is not open any more.
    """
    require(actor, "report.edit")
    require_open(uow.session, row.year)
    row.collects = collects
    audit(
        uow, "report.collects", actor_id=actor.id, subject_type="report", subject_id=row.year, collects=collects.value
    )


def organs_of(session: Session, year: int) -> list[Subordinate]:
    """Return the newest report of each organ, in the order of their names."""
    newest = select(func.max(Subordinate.id)).where(Subordinate.year == year).group_by(Subordinate.organ)
    rows = session.scalars(select(Subordinate).where(Subordinate.id.in_(newest)).order_by(Subordinate.organ))
    return [row for row in rows if not row.is_withdrawn]


def collected(session: Session, year: int) -> Collected:
    """Return what subordinate organs reported for ``year``, added up."""
    organs = organs_of(session, year)
    sums, counts = added_up(row.tables for row in organs)
    incomplete = frozenset(code for code, count in counts.items() if count < len(organs))
    return Collected(organs=organs, sums=sums, incomplete=incomplete)


def added_up(tables: Iterable[Tables]) -> tuple[dict[str, Decimal], dict[str, int]]:
    """Return the sum of each cell that is known, and how many reports know it."""
    sums: dict[str, Decimal] = {}
    counts: dict[str, int] = {}
    for one in tables:
        for code, value in numbers_of(flat(one)).items():
            sums[code] = sums.get(code, Decimal()) + value
            counts[code] = counts.get(code, 0) + 1
    return sums, counts


def source_of(session: Session, year: int) -> tuple[Collects, Mapping[str, Decimal]]:
    """Return where the tables of ``year`` come from, with the sums to take if they are to be taken."""
    choice = session.scalar(select(AnnualReport.collects).where(AnnualReport.year == year)) or Collects.OWN
    return choice, collected(session, year).sums if choice is not Collects.OWN else {}


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A cell of our report that is not the sum of those of the organs."""

    code: str
    label: str
    own: Decimal | None
    sum: Decimal

    @property
    def own_shown(self) -> str:
        """Return our value for people; a dash where there is none."""
        return plain(self.own) if self.own is not None else "—"

    @property
    def sum_shown(self) -> str:
        """Return the sum for people."""
        return plain(self.sum)


def differences(report: Report, found: Collected) -> list[Difference]:
    """Return the cells in which our report differs from the sum of the organs (X18)."""
    cells = {code: cell for table in report.tables.values() for code, cell in table.cells.items()}
    return [
        Difference(code=code, label=cell.label, own=cell.value, sum=found.sums[code])
        for code, cell in cells.items() if code in found.sums and cell.value != found.sums[code]
    ]  # fmt: skip
