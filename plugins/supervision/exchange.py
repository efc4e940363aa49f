"""The registers in exports, and how they come back: every line, also those that end another or take it back."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import Actor, Invalid, UnitOfWork, one_line, require
from cms.api import gettext as _

from .entries import FEN, PERMISSION, EntryInput, add_entry, counter_entry, end_entry, find
from .kinds import REGISTERS, Kind
from .models import Entry

RECORD = "supervision_entry"
_TEXTS = ("category", "subject", "outcome", "source", "note")
_BATCH = 500


def export_entries(session: Session) -> Iterator[Mapping[str, Any]]:
    """Yield every line in the order in which it was recorded. Attached files stay behind; a backup holds them."""
    keys = dict(session.execute(select(Entry.id, Entry.external_id)).all())
    for entry in session.scalars(select(Entry).order_by(Entry.id).execution_options(yield_per=_BATCH)):
        yield {
            "record": RECORD, "external_id": entry.external_id, "kind": entry.kind.value,
            "occurred_on": entry.occurred_on.isoformat(), "recorded_at": entry.recorded_at.isoformat(),
            **{name: getattr(entry, name) for name in _TEXTS}, "quantity": entry.quantity, "people": entry.people,
            "amount": str(Decimal(entry.fen) / FEN), "corrects": keys.get(entry.corrects_id or 0, ""),
            "ends": keys.get(entry.ends_id or 0, ""),
        }  # fmt: skip


def import_entry(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Take in a line; one with a known ``external_id`` is there already. Tell whether it was new.

    Lines of an export keep the moment at which they were first recorded; others are recorded now.

    :raises Invalid: by key.
    """
    require(actor, PERMISSION)
    key = one_line(str(raw.get("external_id") or ""))[:200]
    if key and find(uow.session, key) is not None:
        return False
    entry = _taken(uow, raw, key, actor=actor)
    if key:
        entry.external_id = key
    if raw.get("recorded_at"):
        entry.recorded_at = _moment(str(raw["recorded_at"]), latest=uow.clock.now())
    return True


def _taken(uow: UnitOfWork, raw: Mapping[str, Any], key: str, *, actor: Actor) -> Entry:
    if raw.get("corrects"):
        return counter_entry(uow, _other(uow, raw, "corrects"), reason=str(raw.get("note", "")), actor=actor)
    if raw.get("ends"):
        until = _day(raw, "occurred_on")
        return end_entry(uow, _other(uow, raw, "ends"), until, source=str(raw.get("source", "")), actor=actor)
    try:
        kind = Kind(str(raw.get("kind")))
    except ValueError as error:
        kinds = _("、").join(one.value for one in Kind)
        raise Invalid({"kind": [_("应为：{kinds}。").format(kinds=kinds)]}) from error
    register, errors = REGISTERS[kind], dict[str, list[str]]()
    texts = {name: str(raw.get(name) or "") for name in _TEXTS}
    given = EntryInput(
        occurred_on=_day(raw, "occurred_on"), external_id=key,
        category=texts["category"], subject=texts["subject"], outcome=texts["outcome"], source=texts["source"],
        note=texts["note"],
        quantity=_whole(raw, "quantity", errors) if raw.get("quantity") is not None else 1,
        people=_whole(raw, "people", errors) if raw.get("people") is not None and register.people else None,
        amount=_amount(raw, errors) if register.has_amount else None,
        until=_day(raw, "until") if raw.get("until") else None,
    )  # fmt: skip
    if errors:
        raise Invalid(errors)
    return add_entry(uow, kind, given, actor=actor)


def _other(uow: UnitOfWork, raw: Mapping[str, Any], name: str) -> Entry:
    found = find(uow.session, str(raw[name]))
    if found is None:
        raise Invalid({name: [_("没有编号为“{key}”的登记。").format(key=raw[name])]})
    return found


def _day(raw: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(raw.get(name, "")))
    except ValueError as error:
        raise Invalid({name: [_("应为日期，例如 2016-03-08。")]}) from error


def _moment(text: str, *, latest: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid({"recorded_at": [_("应为时间。")]}) from error
    if moment.tzinfo is None or moment > latest:
        raise Invalid({"recorded_at": [_("登记时间应带时区，且不能晚于现在。")]})
    return moment


def _whole(raw: Mapping[str, Any], name: str, errors: dict[str, list[str]]) -> int:
    try:
        return int(raw[name])
    except (TypeError, ValueError):
        errors[name] = [_("应为整数。")]
        return 0


def _amount(raw: Mapping[str, Any], errors: dict[str, list[str]]) -> Decimal | None:
    try:
        amount = Decimal(str(raw.get("amount", "")))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        errors["amount"] = [_("应为数字，单位为万元。")]
        return None
    return amount
