"""The sheet of the tally register."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor
from cms.accounts.queries import departments
from cms.db.uow import UnitOfWork
from cms.registers.metrics import CHANNELS, MetricRegistry
from cms.registers.models import Tally
from cms.registers.services import TallyInput, add_tally, counter_entry, is_countered
from cms.sheets.spec import CellKind, SheetColumn, SheetSpec, Value


def tally_sheet(metrics: MetricRegistry) -> SheetSpec:
    """Return the sheet of 计数登记 for the metrics of one app."""

    def take(uow: UnitOfWork, row: Mapping[str, Value], /, *, actor: Actor) -> int | None:
        key = str(row["external_id"]) or None
        if key and uow.session.scalar(select(Tally.id).where(Tally.external_id == key)):
            return None
        return add_tally(uow, metrics, _input(row, key), actor=actor).id

    def undo(uow: UnitOfWork, entry_id: int, /, *, actor: Actor, reason: str) -> bool:
        tally = uow.session.get_one(Tally, entry_id)
        # A list that was taken in by mistake gives its numbers back, so that the right one can bring them.
        tally.external_id = None
        if is_countered(uow.session, tally):
            return False
        counter_entry(uow, tally, actor=actor, reason=reason)
        return True

    def describe(session: Session, ids: Sequence[int]) -> dict[int, str]:
        labels = {metric.code: (metric.label, metric.unit) for metric in metrics}
        return {
            one.id: _words(one, *labels.get(one.metric, (one.metric, "")))
            for one in session.scalars(select(Tally).where(Tally.id.in_(ids)))
        }

    def offered(_session: Session) -> list[tuple[str, str]]:
        return [(metric.code, metric.label) for metric in metrics]

    return SheetSpec(
        code="tallies", label="计数登记", permission="tally.record", take=take, undo=undo, describe=describe,
        lead="来信、来访、来电等的台账，一天一行；没有发生填 0，并写明依据。",
        columns=(
            SheetColumn(name="metric", label="统计事项", kind=CellKind.CHOICE, is_required=True, choices=offered),
            SheetColumn(name="occurred_on", label="日期", kind=CellKind.DAY, is_required=True),
            SheetColumn(name="quantity", label="数量", kind=CellKind.WHOLE, is_required=True),
            SheetColumn(name="source", label="依据", is_required=True, help="台账名称和页码，例如：来访登记簿第3页。"),
            SheetColumn(name="channel", label="渠道", kind=CellKind.CHOICE, choices=lambda _session: CHANNELS),
            SheetColumn(name="topic", label="主题", length=60),
            SheetColumn(name="department_id", label="经办科室", kind=CellKind.CHOICE, choices=_offices),
            SheetColumn(name="note", label="备注"),
            SheetColumn(name="external_id", label="编号", help="原系统的编号；编号相同的行只登记一次。"),
        ),
    )  # fmt: skip


def _words(tally: Tally, label: str, unit: str) -> str:
    return f"{tally.occurred_on} {label} {tally.quantity} {unit}"


def _offices(session: Session) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in departments(session)]


def _input(row: Mapping[str, Value], key: str | None) -> TallyInput:
    day, quantity = row["occurred_on"], row["quantity"]
    if not isinstance(day, date) or not isinstance(quantity, int):
        raise TypeError("required columns are filled before a row is taken")
    office = row["department_id"]
    return TallyInput(
        metric=str(row["metric"]), occurred_on=day, quantity=quantity, source=str(row["source"]),
        channel=str(row["channel"]), topic=str(row["topic"]), department_id=int(str(office)) if office else None,
        note=str(row["note"]), external_id=key,
    )  # fmt: skip
