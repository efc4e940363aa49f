"""Adding up the reports of subordinate organs in the desk: files in, sums and differences out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import Invalid, Page, current_actor, get_cms, read_session, render_in_desk
from cms.api import gettext as _

from . import collecting, lifecycle
from .contract_file import flat, numbers_of
from .desk_pages import NAME, Crumb, crumbs, current_of
from .format_file import formats
from .grid import Grid, grid_of
from .models import AnnualReport, Collects, State, Subordinate
from .report import Number, Origin, Table, plain

#: Cells that the list of organs shows: 新收, 办结, 结转, 行政复议, 收费; in old formats 收到 and 答复.
KEY_CELLS = ("T3.A1.T", "T3.A3.7.T", "T3.A4.T", "T4.R.total", "T2.FEE.amount", "S3.1", "S3.3")


@dataclass(frozen=True)
class OrganLine:
    """The report of an organ with some of its numbers."""

    row: Subordinate
    values: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CollectPage(Page):
    """``/desk/report/<year>/subordinates``.

    :param heads: labels of the numbers shown for each organ. :param totals: their sums. :param tables: the sums, laid
        out as in the report. :param differences: cells in which the report differs from the sums.
    """

    template: ClassVar[str] = "desk/disclosure_report/subordinates.html"
    crumbs: Sequence[Crumb]
    lead: str
    year: int
    row: AnnualReport | None
    is_open: bool
    collects: str
    heads: Sequence[str]
    organs: Sequence[OrganLine]
    totals: Sequence[str]
    tables: Sequence[tuple[Table, Grid]]
    differences: Sequence[collecting.Difference]
    incomplete: Sequence[str]
    problems: Sequence[str]


def edit(year: int) -> ResponseReturnValue:
    """Take files in, withdraw one, or choose where the tables come from; show the sums."""
    problems: Sequence[str] = ()
    if request.method == "POST":
        try:
            done = _act(year)
        except Invalid as error:
            problems = [line for lines in error.errors.values() for line in lines]
        else:
            flash(done, "success")
            return redirect(url_for(f"{NAME}.subordinates", year=year))
    return render_in_desk(_page(year, problems)), 422 if problems else 200


def _act(year: int) -> str:
    cms, actor, action = get_cms(), current_actor(), request.form.get("action", "upload")
    found = current_of(year)
    with cms.unit_of_work() as uow:
        if action == "withdraw":
            collecting.withdraw(uow, year, request.form.get("organ", ""), actor=actor)
            return _("已从汇总中去掉。")
        if action == "choose":
            wanted = request.form.get("collects", "")
            if wanted not in list(Collects):
                raise Invalid({"collects": [_("请选择数据来源。")]})
            collecting.choose(uow, lifecycle.get(uow.session, year), Collects(wanted), actor=actor)
            return _("已保存。")
        files = [(one.filename or "", one.read()) for one in request.files.getlist("files") if one.filename]
        rows = collecting.take_files(uow, formats(), found.form, year, files, actor=actor)
        return _("已收入 {n} 个机关的报告。").format(n=len(rows))


def _page(year: int, problems: Sequence[str]) -> CollectPage:
    session, found = read_session(), current_of(year)
    row = lifecycle.find(session, year)
    sums = collecting.collected(session, year)
    cells = {code: cell for table in found.report.tables.values() for code, cell in table.cells.items()}
    keys = [code for code in KEY_CELLS if code in cells]
    return CollectPage(
        title=_("汇总下级报告"), crumbs=crumbs(year), year=year, row=row,
        lead=_("上传所属机关年度报告的 JSON 文件，逐格相加，与本报告比对。"),
        is_open=row is not None and found.state == State.OPEN,
        collects=row.collects.value if row is not None else Collects.OWN.value,
        heads=[cells[code].label for code in keys], organs=[_organ(one, keys) for one in sums.organs],
        totals=[_shown(sums.sums.get(code)) for code in keys],
        tables=[(one, grid_of(one)) for one in _summed(found.report.tables.values(), sums.sums)],
        differences=collecting.differences(found.report, sums), incomplete=sorted(sums.incomplete), problems=problems,
    )  # fmt: skip


def _organ(row: Subordinate, keys: Sequence[str]) -> OrganLine:
    values = numbers_of(flat(row.tables))
    return OrganLine(row, [_shown(values.get(code)) for code in keys])


def _shown(value: Decimal | None) -> str:
    return plain(value) if value is not None else "—"


def _summed(tables: Iterable[Table], sums: Mapping[str, Decimal]) -> list[Table]:
    """Return the tables of blocks with the sums of the organs in place of their numbers."""
    found = []
    for table in tables:
        if table.blocks and sums:
            blocks = tuple(
                replace(block, rows=tuple(
                    replace(row, cells=tuple(_sum(number, sums) for number in row.cells)) for row in block.rows
                )) for block in table.blocks
            )  # fmt: skip
            found.append(replace(table, blocks=blocks))
    return found


def _sum(number: Number, sums: Mapping[str, Decimal]) -> Number:
    return Number(
        code=number.code, label=number.label, unit=number.unit, value=sums.get(number.code), origin=Origin.COLLECTED
    )
