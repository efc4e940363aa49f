"""The report as a document in the official layout, for Word and PDF."""

from collections.abc import Iterable, Iterator

from cms.api import (
    Align,
    Block,
    BulletedList,
    Cell,
    Document,
    Heading,
    PageBreak,
    PageNumbers,
    PageSetup,
    Paragraph,
    Run,
    Signature,
    local_instant,
)  # fmt: skip
from cms.api import Table as Printed
from cms.api import gettext as _

from .charts import Chart, charts_of
from .export_tables import chart_table, placing
from .outputs import changed, chinese_number
from .report import Correction, Report
from .reports import Current
from .tokens import Fragment

#: A little wider than running text alone would be, so that table 3 stays upright.
_PAGE = PageSetup(right=24, left=24)


def document_of(found: Current) -> Document:
    """Return the report in the official layout: title, opening, numbered chapters, signature, annexed tables.

    Errata stand first, as on the page. A report that is not frozen says so at the foot of each page and has no
    signature. Charts are printed as the tables that say the same.
    """
    report, frozen_on = found.report, found.frozen_on
    blocks: list[Block] = [*_errata(report.errata), Paragraph(report.opening)]
    for number, chapter in enumerate(report.chapters, 1):
        blocks.append(Heading(f"{chinese_number(number)}、{chapter.title}"))
        blocks += [Paragraph([_run(piece) for piece in fragments]) for fragments in chapter.paragraphs]
        if chapter.table:
            blocks.append(placing(report.tables[chapter.table]).table)
    blocks += _notes(report)
    if frozen_on is not None:
        blocks.append(Signature(report.organ, frozen_on))
    blocks += _annexes(report, charts_of(report, found.form))
    return Document(
        title=report.title, blocks=blocks, author=report.organ, page=_PAGE, page_numbers=PageNumbers.CENTER,
        footer="" if frozen_on is not None else _("未固化的稿件，数字仍随记录变化"),
        made_at=local_instant(frozen_on) if frozen_on is not None else None,
    )  # fmt: skip


def _run(piece: Fragment) -> str | Run:
    return Run(piece.text, underline=True) if piece.is_unknown else piece.text


def _errata(errata: Iterable[Correction]) -> Iterator[Block]:
    for one in errata:
        yield _label(_("更正（{day}）").format(day=one.corrected_on.isoformat()))
        yield Paragraph(one.text)
        if one.changes:
            yield BulletedList([changed(change) for change in one.changes])


def _label(text: str) -> Paragraph:
    """Return a line that titles what follows; a heading would be taken for a chapter."""
    return Paragraph(Run(text, bold=True), indent=False, keep_with_next=True)


def _notes(report: Report) -> Iterator[Block]:
    """Yield the figures reported with another value than the records give: both are shown, with the reason."""
    sentence = _("{label}：报告数 {value}{unit}，系统记录 {computed}{unit}；{reason}")
    notes = [
        sentence.format(
            label=one.label, value=one.shown, unit=one.unit, computed=one.computed_shown, reason=one.reason
        ) for one in report.numbers() if one.is_overridden and not one.figure
    ]  # fmt: skip
    if notes:
        yield _label(_("数据说明"))
        yield BulletedList(notes)


def _annexes(report: Report, charts: list[Chart]) -> Iterator[Block]:
    if report.annexes or charts:
        yield PageBreak()
    for table in report.annexes:
        yield _label(_("附：{title}（{year}年度）").format(title=table.title, year=report.year))
        yield placing(table).table
    for chart in charts:
        yield _label(_("附：年度对比——{title}（单位：{unit}）").format(title=chart.title, unit=chart.unit))
        yield _chart(chart)


def _chart(chart: Chart) -> Printed:
    return chart_table(chart, lambda value: Cell(value or "—", align=Align.CENTER))
