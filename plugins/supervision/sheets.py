"""Lists of past years, one for each register, as the back-entry of the desk and ``cms sheets`` take them in."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from cms.api import Actor, CellKind, CellValue, SheetColumn, SheetSpec, UnitOfWork
from cms.api import gettext as _

from .entries import PERMISSION, EntryInput, add_entry, find
from .kinds import REGISTERS, Kind, Register


def _columns(register: Register) -> tuple[SheetColumn, ...]:
    columns = [
        SheetColumn(name="occurred_on", label=register.day, kind=CellKind.DAY, is_required=True),
        SheetColumn(
            name="subject", label=register.subject, is_required=True, length=120, help=_(register.subject_help)
        ),
    ]
    if register.categories:
        columns.append(
            SheetColumn(
                name="category", label=register.category, kind=CellKind.CHOICE, is_required=True,
                choices=lambda _session: register.categories,
            )
        )  # fmt: skip
    if register.number:
        columns.append(
            SheetColumn(name="quantity", label=register.number, kind=CellKind.WHOLE, help="留空为 1；没有发生填 0。")
        )
    if register.people:
        columns.append(
            SheetColumn(name="people", label=register.people, kind=CellKind.WHOLE, is_required=register.needs_people)
        )
    if register.has_amount:
        columns.append(
            SheetColumn(
                name="amount", label="金额（万元）", kind=CellKind.DECIMAL, is_required=True, help="没有支出填 0。"
            )
        )
    if register.is_state:
        columns.append(
            SheetColumn(name="until", label=register.until, kind=CellKind.DAY, help="最后一天；仍在的留空。")
        )
    if register.outcome:
        columns.append(SheetColumn(name="outcome", label=register.outcome))
    return (
        *columns,
        SheetColumn(name="source", label="依据", is_required=True, help="台账名称和页码，例如：培训签到册第3页。"),
        SheetColumn(name="note", label="备注"),
        SheetColumn(name="external_id", label="编号", help="台账中的编号；编号相同的行只登记一次。"),
    )


def _sheet(kind: Kind) -> SheetSpec:
    def take(uow: UnitOfWork, row: Mapping[str, CellValue], /, *, actor: Actor) -> int | None:
        number = str(row["external_id"])
        # Ledgers number their own lines, so the same number in another register is another line.
        key = f"{kind.value}-{number}"[:200] if number else ""
        if key and find(uow.session, key) is not None:
            return None
        return add_entry(uow, kind, _given(row, key), actor=actor).id

    register = REGISTERS[kind]
    return SheetSpec(
        code=f"supervision.{kind.value}", label=register.label, permission=PERMISSION, columns=_columns(register),
        take=take, lead=register.lead,
    )  # fmt: skip


def _given(row: Mapping[str, CellValue], key: str) -> EntryInput:
    day, until, amount = row["occurred_on"], row.get("until"), row.get("amount")
    quantity, people = row.get("quantity"), row.get("people")
    if not isinstance(day, date):
        raise TypeError("required columns are filled before a row is taken")
    return EntryInput(
        occurred_on=day, subject=str(row["subject"]), source=str(row["source"]), category=str(row.get("category", "")),
        quantity=quantity if isinstance(quantity, int) else 1, people=people if isinstance(people, int) else None,
        amount=amount if isinstance(amount, Decimal) else None, until=until if isinstance(until, date) else None,
        outcome=str(row.get("outcome", "")), note=str(row["note"]), external_id=key,
    )  # fmt: skip


SHEETS = tuple(map(_sheet, Kind))
