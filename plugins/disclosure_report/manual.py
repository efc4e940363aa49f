"""Values entered by hand: reading the valid ones, recording a new one. Nothing is ever changed or removed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import Actor, FigureRegistry, Invalid, Period, UnitOfWork, audit, one_line, require
from cms.api import gettext as _

from .collecting import source_of
from .format_file import Format
from .lifecycle import require_open
from .measuring import Measures
from .models import ManualValue
from .report import plain

#: The permission for everything that changes the report.
PERMISSION = "report.edit"
_LARGEST = Decimal(1_000_000_000)
#: 万元 with six decimals are 分.
_DECIMALS = 6
#: Codes that one message names.
_NAMED = 6


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
    """Something that may be entered by hand; the rest says what the records would say instead, as in a cell's file."""

    code: str
    label: str
    unit: str
    sources: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    needs_record: bool = False
    signed: bool = False


def enterable(form: Format, year: int) -> dict[str, Enterable]:
    """Return what may be entered for ``year``, by code.

    Figures always may. Of the cells all but those that show a figure or a sum: these are changed where they come from,
    so that prose and table cannot disagree.
    """
    found = {
        figure.code: Enterable(
            code=figure.code, label=figure.label, unit=figure.unit, sources=figure.sources,
            needs_record=figure.needs_record,
        ) for figure in form.figures
    }  # fmt: skip
    for cell in (cell for table in form.tables_of(year) for cell in table.cells()):
        if not cell.parts:
            found[cell.code] = Enterable(
                code=cell.code, label=cell.label, unit=cell.unit, sources=cell.sources, otherwise=cell.otherwise,
                needs_record=cell.needs_record, signed=cell.signed,
            )  # fmt: skip
    return found


def only_people_know(figures: FigureRegistry, about: Enterable) -> bool:
    """Tell whether no enabled plugin can say the value for sure, so that it has to be entered."""
    return about.needs_record or not about.sources or any(figures.get(code) is None for code in about.sources)


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
    :raises Invalid: by field: unknown code, no number, no source, no reason although the records give another value.
    """
    return _Entry(uow, figures, form, year, actor).record(given)


class _Entry:
    """Entering values of one year; what is asked of the database is asked once, however many values there are."""

    def __init__(self, uow: UnitOfWork, figures: FigureRegistry, form: Format, year: int, actor: Actor) -> None:
        require(actor, PERMISSION)
        require_open(uow.session, year)
        self._uow, self._year, self._actor = uow, year, actor
        self._about = enterable(form, year)
        self._measures = Measures(uow.session, figures, Period.year(year))
        self.known = valid_values(uow.session, year)
        _collects, self._collected = source_of(uow.session, year)

    def record(self, given: ManualInput) -> ManualValue:
        about = self._about.get(given.code)
        if about is None:
            raise Invalid({"code": [_("“{code}”不是可以填报的项目。").format(code=given.code)]})
        amount, errors = parse_value(given.value, about.unit, is_signed=about.signed)
        if not one_line(given.source):
            errors["source"] = [_("请写明依据，例如：行政复议案件登记簿第3页。")]
        if not one_line(given.reason) and self._contradicts_records(about, amount):
            errors["reason"] = [_("该项由系统计算。填报不同的数值，请写明理由。")]
        if amount is None and given.code not in self.known:
            errors.setdefault("value", [_("请填写数值。")])
        if errors:
            raise Invalid(errors)
        return self._store(about, amount, given)

    def _contradicts_records(self, about: Enterable, amount: Decimal | None) -> bool:
        if about.code in self._collected:
            # Even if own records are added, another value than the sum of the organs has to be explained.
            return amount != self._collected[about.code]
        measured = self._measures.of(
            about.sources, about.unit, about.otherwise, needs_record=about.needs_record
        )  # fmt: skip
        return measured is not None and not measured.is_silent and measured.value != amount

    def _store(self, about: Enterable, amount: Decimal | None, given: ManualInput) -> ManualValue:
        row = ManualValue(
            year=self._year, code=about.code, value=None if amount is None else plain(amount), unit=about.unit,
            source=one_line(given.source)[:200], reason=one_line(given.reason)[:200], evidence_id=given.evidence_id,
            recorded_at=self._uow.clock.now(), recorded_by_id=self._actor.id,
        )  # fmt: skip
        self._uow.session.add(row)
        # The audit entry names the id.
        self._uow.session.flush()
        audit(
            self._uow, "report.manual", actor_id=self._actor.id, subject_type="report.manual", subject_id=row.id,
            year=self._year, code=row.code, value=row.value,
        )  # fmt: skip
        return row


def parse_value(text: str, unit: str, *, is_signed: bool = False) -> tuple[Decimal | None, dict[str, list[str]]]:
    """Return the number that was typed, nothing if the field was empty, and what is wrong with it at ``value``."""
    typed = one_line(text).replace(",", "").replace("，", "")
    if not typed:
        return None, {}
    try:
        amount = Decimal(typed)
    except InvalidOperation:
        return None, {"value": [_("请填写数字，例如 12。")]}
    least = -_LARGEST if is_signed else Decimal()
    if not amount.is_finite() or not least <= amount <= _LARGEST:
        return None, {"value": [_("数值应在 {m} 到 {n} 之间。").format(m=least, n=_LARGEST)]}
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
    entry = _Entry(uow, figures, form, year, actor)
    errors: dict[str, list[str]] = {}
    count = 0
    for line in given:
        before = entry.known.get(line.code)
        is_same = before is not None and (before.value, before.source) == (line.value, one_line(line.source))
        if not line.value or is_same:
            continue
        try:
            entry.record(line)
        except Invalid as error:
            errors |= {f"{line.code}.{name}": lines for name, lines in error.errors.items()}
        count += 1
    if errors:
        raise Invalid(errors)
    return count


def record_grid(
    uow: UnitOfWork, figures: FigureRegistry, form: Format, year: int, typed: Mapping[str, str], *, source: str,
    reason: str, actor: Actor,
) -> int:  # fmt: skip
    """Record a table as it was typed, by code, with one source for all that is new; return how many cells changed.

    An empty cell that had a value takes it back.

    :raises Invalid: by code, and at ``source`` and ``reason``; nothing should be kept then.
    """
    entry = _Entry(uow, figures, form, year, actor)
    errors: dict[str, list[str]] = {}
    contradicting: list[str] = []
    count = 0
    for code, text in typed.items():
        before = entry.known.get(code)
        if (not text.strip() and before is None) or (before is not None and _is_same(text, before)):
            continue
        try:
            entry.record(ManualInput(code=code, value=text.strip(), source=source, reason=reason))
        except Invalid as error:
            contradicting += [code] if error.errors.pop("reason", None) else []
            if "source" in error.errors:
                errors["source"] = error.errors.pop("source")
            if error.errors:
                errors[code] = [line for lines in error.errors.values() for line in lines]
        count += 1
    if contradicting:
        named = _("、").join(contradicting[:_NAMED]) + ("…" if len(contradicting) > _NAMED else "")
        errors["reason"] = [_("{codes}与系统计算的数值不同，请写明理由。").format(codes=named)]
    if errors:
        raise Invalid(errors)
    return count


def _is_same(text: str, before: ManualValue) -> bool:
    try:
        return Decimal(text.strip()) == before.amount
    except InvalidOperation:
        return False
