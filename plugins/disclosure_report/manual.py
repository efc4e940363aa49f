"""Values entered by hand: reading the valid ones, recording a new one. Nothing is ever changed or removed."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import Actor, FigureRegistry, Invalid, UnitOfWork, audit, one_line, require
from cms.api import gettext as _

from .format_file import Format
from .lifecycle import require_open
from .models import ManualValue
from .report import plain

#: The permission for everything that changes the report.
PERMISSION = "report.edit"
_LARGEST = Decimal(1_000_000_000)
#: 万元 with six decimals are 分.
_DECIMALS = 6


@dataclass(frozen=True, kw_only=True)
class ManualInput:
    """A value as it was typed. ``value`` left empty takes the earlier value back."""

    code: str
    value: str
    source: str
    reason: str = ""
    evidence_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Enterable:
    """Something that may be entered by hand; ``is_computed`` means that this replaces a computed value."""

    code: str
    label: str
    unit: str
    is_computed: bool = False


def enterable(form: Format, year: int) -> dict[str, Enterable]:
    """Return what may be entered for ``year``, by code.

    Figures always may. Of the cells only those that are bound to nothing else: a cell that shows a figure or a sum is
    changed where it comes from, so that prose and table cannot disagree.
    """
    found = {
        figure.code: Enterable(
            code=figure.code, label=figure.label, unit=figure.unit, is_computed=not figure.manual
        ) for figure in form.figures
    }  # fmt: skip
    for table in form.tables_of(year):
        for row in table.rows:
            if row.manual:
                found[row.code] = Enterable(code=row.code, label=row.label, unit=row.unit)
    return found


def valid_values(session: Session, year: int) -> dict[str, ManualValue]:
    """Return the value that counts, by code; values that were taken back are left out."""
    newest = select(func.max(ManualValue.id)).where(ManualValue.year == year).group_by(ManualValue.code)
    rows = session.scalars(select(ManualValue).where(ManualValue.id.in_(newest)))
    return {row.code: row for row in rows if row.value is not None}


def history(session: Session, year: int, code: str) -> list[ManualValue]:
    """Return everything that was ever entered for ``code``, newest first."""
    query = select(ManualValue).where(ManualValue.year == year, ManualValue.code == code)
    return list(session.scalars(query.order_by(ManualValue.id.desc())))


def record_value(
    uow: UnitOfWork, figures: FigureRegistry, form: Format, year: int, given: ManualInput, *, actor: Actor
) -> ManualValue:
    """Record a value; it supersedes the earlier one, which stays in the history.

    :raises NotAllowed: without permission, or when the report is not open any more.
    :raises Invalid: by field: unknown code, no number, no source, no reason although there is a computed value.
    """
    require(actor, PERMISSION)
    require_open(uow.session, year)
    about = enterable(form, year).get(given.code)
    if about is None:
        raise Invalid({"code": [_("“{code}”不是可以填报的项目。").format(code=given.code)]})
    amount, errors = _parsed(given.value, about.unit)
    if not one_line(given.source):
        errors["source"] = [_("请写明依据，例如：行政复议案件登记簿第3页。")]
    if about.is_computed and figures.get(given.code) is not None and not one_line(given.reason):
        errors["reason"] = [_("该项由系统计算。填报不同的数值，请写明理由。")]
    if amount is None and given.code not in valid_values(uow.session, year):
        errors.setdefault("value", [_("请填写数值。")])
    if errors:
        raise Invalid(errors)
    return _store(uow, year, about, amount, given, actor=actor)


def _store(
    uow: UnitOfWork, year: int, about: Enterable, amount: Decimal | None, given: ManualInput, *, actor: Actor
) -> ManualValue:
    row = ManualValue(
        year=year, code=about.code, value=None if amount is None else plain(amount), unit=about.unit,
        source=one_line(given.source)[:200], reason=one_line(given.reason)[:200], evidence_id=given.evidence_id,
        recorded_at=uow.clock.now(), recorded_by_id=actor.id,
    )  # fmt: skip
    uow.session.add(row)
    # The audit entry names the id.
    uow.session.flush()
    audit(
        uow, "report.manual", actor_id=actor.id, subject_type="report.manual", subject_id=row.id, year=year,
        code=row.code, value=row.value,
    )  # fmt: skip
    return row


def _parsed(text: str, unit: str) -> tuple[Decimal | None, dict[str, list[str]]]:
    typed = one_line(text).replace(",", "").replace("，", "")
    if not typed:
        return None, {}
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        return None, {"value": [_("请填写数字，例如 12。")]}
    if not amount.is_finite() or not 0 <= amount <= _LARGEST:
        return None, {"value": [_("数值应在 0 到 {n} 之间。").format(n=_LARGEST)]}
    if unit != "万元" and amount != amount.to_integral_value():
        return None, {"value": [_("以“{unit}”为单位的数值应为整数。").format(unit=unit)]}
    if amount != round(amount, _DECIMALS):
        return None, {"value": [_("最多保留 {n} 位小数。").format(n=_DECIMALS)]}
    return amount, {}


def record_changes(
    uow: UnitOfWork, figures: FigureRegistry, form: Format, year: int, given: Iterable[ManualInput], *, actor: Actor
) -> int:
    """Record those of ``given`` whose value or source differs from what counts now; return how many there were.

    Lines without a value are passed over: taking a value back is a step of its own.

    :raises Invalid: with all problems, by ``CODE.field``; nothing should be kept then.
    """
    known = valid_values(uow.session, year)
    errors: dict[str, list[str]] = {}
    count = 0
    for line in given:
        before = known.get(line.code)
        is_same = before is not None and (before.value, before.source) == (line.value, one_line(line.source))
        if not line.value or is_same:
            continue
        try:
            record_value(uow, figures, form, year, line, actor=actor)
        except Invalid as error:
            errors |= {f"{line.code}.{name}": lines for name, lines in error.errors.items()}
        count += 1
    if errors:
        raise Invalid(errors)
    return count
