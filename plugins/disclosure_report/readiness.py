"""How far a report is, number by number: what is there, what is missing, what lacks proof, what contradicts itself."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cms.api import gettext as _

from .models import State
from .report import Number, Origin, Report


class Standing(StrEnum):
    """The state of one number, the gravest first."""

    CONTRADICTORY = "contradictory"
    OFF = "off"
    MISSING = "missing"
    WITHOUT_EVIDENCE = "without_evidence"
    ENTERED = "entered"
    CARRIED = "carried"
    COLLECTED = "collected"
    COMPUTED = "computed"
    DERIVED = "derived"


#: What people should look at before the report is approved.
ATTENTION = frozenset({Standing.CONTRADICTORY, Standing.OFF, Standing.MISSING, Standing.WITHOUT_EVIDENCE})
#: So many cells of a table in the same state are shown as one line.
_MANY = 7
_OF_ORIGIN: Mapping[Origin, Standing] = {
    Origin.COMPUTED: Standing.COMPUTED, Origin.SUM: Standing.DERIVED, Origin.IMPLIED: Standing.DERIVED,
    Origin.CARRIED: Standing.CARRIED, Origin.COLLECTED: Standing.COLLECTED,
}  # fmt: skip


def standing_labels() -> dict[Standing, str]:
    """Return the Chinese names of the states, in order."""
    return {
        Standing.CONTRADICTORY: _("前后矛盾"), Standing.OFF: _("来源插件已停用"), Standing.MISSING: _("缺少数据"),
        Standing.WITHOUT_EVIDENCE: _("没有依据附件"), Standing.ENTERED: _("人工填报"),
        Standing.CARRIED: _("上年结转"), Standing.COLLECTED: _("下级汇总"), Standing.COMPUTED: _("系统计算"),
        Standing.DERIVED: _("合计"),
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Item:
    """A number with its state. ``place`` is the table it stands in, empty for figures; ``problems``: what is wrong."""

    number: Number
    standing: Standing
    place: str
    problems: Sequence[str]
    table: str = ""


@dataclass(frozen=True, kw_only=True)
class Group:
    """Cells of one table in the same state that are shown as one line; ``table`` is the code of that table."""

    table: str
    title: str
    standing: Standing
    codes: Sequence[str]


def items_of(report: Report) -> list[Item]:
    """Return every number of the report but cells that only show a figure, in the order of the report."""
    wrong: dict[str, list[str]] = {}
    for finding in report.findings:
        if finding.cell and finding.is_open_error:
            wrong.setdefault(finding.cell, []).append(finding.message)
    placed = [("", "", number) for number in report.figures.values()]
    placed += [
        (table.title, table.code if table.blocks else "", number)
        for table in report.tables.values() for number in table.cells.values()
    ]  # fmt: skip
    return [
        Item(
            number=number, standing=_standing(number, wrong), place=place, problems=wrong.get(number.code, ()),
            table=table,
        ) for place, table, number in placed if not number.figure
    ]  # fmt: skip


def _standing(number: Number, wrong: Mapping[str, Sequence[str]]) -> Standing:
    if number.code in wrong:
        return Standing.CONTRADICTORY
    if number.origin is Origin.MANUAL and number.value is not None:
        return Standing.ENTERED if number.has_evidence else Standing.WITHOUT_EVIDENCE
    if number.value is None and not number.parts:
        return Standing.OFF if number.origin is Origin.COMPUTED else Standing.MISSING
    return _OF_ORIGIN[number.origin]


def counts_of(items: Sequence[Item]) -> dict[Standing, int]:
    """Return how many numbers are in each state, those without any left out, in the order of the states."""
    found = Counter(item.standing for item in items)
    return {standing: found[standing] for standing in Standing if found[standing]}


def chosen(items: Sequence[Item], wanted: str) -> list[Item]:
    """Return the numbers in the state ``wanted``, all of them for ``all``, else those that need attention."""
    if wanted == "all":
        return list(items)
    if wanted in list(Standing):
        return [item for item in items if item.standing == wanted]
    return [item for item in items if item.standing in ATTENTION]


def grouped(items: Sequence[Item]) -> list[Item | Group]:
    """Return the numbers; many cells of a table in the same state become one line, in place of the first of them."""
    together: dict[tuple[str, Standing], list[Item]] = {}
    for item in items:
        if item.table and not item.problems:
            together.setdefault((item.table, item.standing), []).append(item)
    found: list[Item | Group] = []
    for item in items:
        same = together.get((item.table, item.standing), [])
        if item.problems or len(same) < _MANY:
            found.append(item)
        elif item is same[0]:
            codes = [one.number.code for one in same]
            found.append(Group(table=item.table, title=item.place, standing=item.standing, codes=codes))
    return found


@dataclass(frozen=True)
class Countdown:
    """The statutory day, and how many days there are until then; negative when it has passed."""

    due: date
    days: int
    is_done: bool

    @property
    def is_late(self) -> bool:
        """Tell whether the day has passed without publication."""
        return self.days < 0 and not self.is_done

    @property
    def words(self) -> str:
        """Return it as a sentence."""
        if self.is_done:
            return _("已公布")
        if self.days < 0:
            return _("已逾期 {n} 天").format(n=-self.days)
        return _("还有 {n} 天").format(n=self.days) if self.days else _("今天到期")


def countdown(due: date, today: date, state: State | None) -> Countdown:
    """Return how long there is until the report has to be submitted and published."""
    return Countdown(due=due, days=(due - today).days, is_done=state is State.PUBLISHED)
