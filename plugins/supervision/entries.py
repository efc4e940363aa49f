"""Recording lines of the registers, ending them, taking them back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from secrets import token_urlsafe

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from cms.api import Actor, Invalid, NotAllowed, Period, UnitOfWork, audit, local_date, one_line, require
from cms.api import gettext as _

from .kinds import REGISTERS, SUMS, Kind, Register
from .models import Entry

#: The permission for everything in these registers.
PERMISSION = "supervision.record"
MAX_QUANTITY, MAX_PEOPLE = 10_000, 1_000_000
#: 万元 with six decimals are 分.
FEN, _DECIMALS, _MAX_AMOUNT = 1_000_000, 6, 1_000_000


@dataclass(frozen=True, kw_only=True)
class EntryInput:
    """A line as it was written down. ``amount`` is in 万元; ``until`` ends it at once, for lines of past years."""

    occurred_on: date
    subject: str
    source: str
    category: str = ""
    quantity: int = 1
    people: int | None = None
    amount: Decimal | None = None
    until: date | None = None
    outcome: str = ""
    note: str = ""
    external_id: str = ""
    evidence_id: int | None = None


def add_entry(uow: UnitOfWork, kind: Kind, given: EntryInput, *, actor: Actor) -> Entry:
    """Record a line; one with 0 states that there was nothing, with its source.

    :raises NotAllowed: without permission. :raises Invalid: by field.
    """
    require(actor, PERMISSION)
    register = REGISTERS[kind]
    errors = _problems(register, given, today=local_date(uow.clock.now()))
    if given.external_id and find(uow.session, given.external_id) is not None:
        errors["external_id"] = [_("这个编号已经登记过。")]
    if errors:
        raise Invalid(errors)
    entry = Entry(
        kind=kind, category=given.category if register.categories else "", subject=one_line(given.subject)[:120],
        quantity=given.quantity if register.number else 0, people=(given.people or 0) if register.people else 0,
        fen=int(given.amount * FEN) if register.has_amount and given.amount is not None else 0,
        outcome=one_line(given.outcome)[:200] if register.outcome else "", note=one_line(given.note)[:200],
        occurred_on=given.occurred_on, source=one_line(given.source)[:200], evidence_id=given.evidence_id,
        external_id=given.external_id or _key(),
    )  # fmt: skip
    _store(uow, entry, "supervision.add", actor=actor)
    if given.until is not None:
        end_entry(uow, entry, given.until, source=given.source, actor=actor)
    return entry


def _problems(register: Register, given: EntryInput, *, today: date) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if given.occurred_on > today:
        errors["occurred_on"] = [_("日期不能晚于今天。")]
    if not one_line(given.subject):
        errors["subject"] = [_("请填写{name}。").format(name=_(register.subject))]
    if not one_line(given.source):
        errors["source"] = [_("请写明依据，例如：培训签到册第3页。")]
    if register.categories and given.category not in dict(register.categories):
        errors["category"] = [_("请选择{name}。").format(name=_(register.category))]
    if register.number and not 0 <= given.quantity <= MAX_QUANTITY:
        errors["quantity"] = [_("应为 0 到 {n} 的整数；更正请用“冲销”。").format(n=MAX_QUANTITY)]
    if register.is_state and given.until is not None:
        errors |= _problem_of_end(given.occurred_on, given.until, today)
    return errors | _problems_of_people(register, given) | _problems_of_amount(register, given)


def _problems_of_people(register: Register, given: EntryInput) -> dict[str, list[str]]:
    if not register.people:
        return {}
    if given.people is None:
        return {"people": [_("请填写{name}。").format(name=_(register.people))]} if register.needs_people else {}
    if not 0 <= given.people <= MAX_PEOPLE:
        return {"people": [_("应为 0 到 {n} 的整数；更正请用“冲销”。").format(n=MAX_PEOPLE)]}
    if given.people and not given.quantity:
        return {"people": [_("{name}为 0 时，人数也应为 0。").format(name=_(register.number))]}
    return {}


def _problems_of_amount(register: Register, given: EntryInput) -> dict[str, list[str]]:
    if not register.has_amount:
        return {}
    amount = given.amount
    if amount is None:
        return {"amount": [_("请填写金额，单位为万元；没有支出填 0。")]}
    if not 0 <= amount <= _MAX_AMOUNT:
        return {"amount": [_("金额应为 0 到 {n} 万元；更正请用“冲销”。").format(n=_MAX_AMOUNT)]}
    return {"amount": [_("最多保留 {n} 位小数。").format(n=_DECIMALS)]} if amount * FEN % 1 else {}


def _problem_of_end(begun: date, until: date, today: date) -> dict[str, list[str]]:
    if until < begun:
        return {"until": [_("不能早于开始的日期。")]}
    return {"until": [_("日期不能晚于今天。")]} if until > today else {}


def end_entry(uow: UnitOfWork, entry: Entry, until: date, *, source: str, actor: Actor) -> Entry:
    """Say that a line was in force until ``until``, that day included, by a further line.

    :raises NotAllowed: if the line is none that can end, has ended, or was taken back.
    :raises Invalid: by field: ``until``, ``source``.
    """
    require(actor, PERMISSION)
    if not can_end(uow.session, entry):
        raise NotAllowed(_("这一行不能终止：已经终止、已被冲销，或者不是在岗、存续的登记。"))
    errors = _problem_of_end(entry.occurred_on, until, local_date(uow.clock.now()))
    if not one_line(source):
        errors["source"] = [_("请写明依据，例如：人事调动通知。")]
    if errors:
        raise Invalid(errors)
    ending = Entry(
        kind=entry.kind, category=entry.category, subject=entry.subject, quantity=-entry.quantity, occurred_on=until,
        source=one_line(source)[:200], ends_id=entry.id, external_id=_key(),
    )  # fmt: skip
    return _store(uow, ending, "supervision.end", actor=actor)


def counter_entry(uow: UnitOfWork, entry: Entry, *, reason: str, actor: Actor) -> Entry:
    """Take a wrong line back by a line of the opposite numbers; both stay. That of an ending puts it in force again.

    :raises NotAllowed: if the line takes another back itself, or was taken back. :raises Invalid: without a reason.
    """
    require(actor, PERMISSION)
    if not one_line(reason):
        raise Invalid({"reason": [_("请写明冲销的原因。")]})
    if not can_counter(uow.session, entry):
        raise NotAllowed(_("这一行已被冲销，或本身就是冲销记录。"))
    counter = Entry(
        kind=entry.kind, category=entry.category, subject=entry.subject, quantity=-entry.quantity,
        people=-entry.people, fen=-entry.fen, occurred_on=entry.occurred_on, source=entry.source,
        note=one_line(reason)[:200], corrects_id=entry.id, external_id=_key(),
    )  # fmt: skip
    return _store(uow, counter, "supervision.counter", actor=actor)


def _store(uow: UnitOfWork, entry: Entry, action: str, *, actor: Actor) -> Entry:
    entry.recorded_at, entry.recorded_by_id = uow.clock.now(), actor.id
    uow.session.add(entry)
    # The audit entry names the id, as may the next line.
    uow.session.flush()
    audit(
        uow, action, actor_id=actor.id, subject_type="supervision", subject_id=entry.id, kind=entry.kind.value,
        occurred_on=entry.occurred_on.isoformat(), quantity=entry.quantity, people=entry.people, fen=entry.fen,
    )  # fmt: skip
    return entry


def _key() -> str:
    return f"entry-{token_urlsafe(12)}"


def find(session: Session, external_id: str) -> Entry | None:
    """Return the line with this key."""
    return session.scalar(select(Entry).where(Entry.external_id == external_id))


def _is_countered(id_: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    counter = aliased(Entry)
    return select(counter.id).where(counter.corrects_id == id_).exists()


def can_counter(session: Session, entry: Entry) -> bool:
    """Tell whether a line can be taken back."""
    counter = select(Entry.id).where(Entry.corrects_id == entry.id).limit(1)
    return entry.corrects_id is None and session.scalar(counter) is None


def can_end(session: Session, entry: Entry) -> bool:
    """Tell whether a line is in force and can be ended."""
    if not REGISTERS[entry.kind].is_state or entry.ends_id is not None or not can_counter(session, entry):
        return False
    ending = select(Entry.id).where(Entry.ends_id == entry.id, ~_is_countered(Entry.id))
    return session.scalar(ending.limit(1)) is None


def valid(kind: Kind, period: Period, category: str = "") -> list[ColumnElement[bool]]:
    """Return what the lines that count for ``period`` fulfil: neither countered nor counter-entries.

    Of registers of states those in force on its last day, else those of its days.
    """
    conditions: list[ColumnElement[bool]] = [
        Entry.kind == kind, Entry.corrects_id.is_(None), Entry.ends_id.is_(None), Entry.occurred_on <= period.last,
        ~_is_countered(Entry.id),
    ]  # fmt: skip
    if category:
        conditions.append(Entry.category == category)
    if not REGISTERS[kind].is_state:
        return [*conditions, Entry.occurred_on >= period.first]
    ending = aliased(Entry)
    ended = select(ending.id).where(
        ending.ends_id == Entry.id, ending.occurred_on < period.last, ~_is_countered(ending.id)
    )
    return [*conditions, ~ended.exists()]


def sums(session: Session, kind: Kind, year: int) -> dict[str, int]:
    """Return the sums that count for ``year``, by what is added up, for each category too (``part_time.quantity``)."""
    period = Period.year(year)
    totals = [func.coalesce(func.sum(getattr(Entry, name)), 0) for name in SUMS]
    query = select(Entry.category, *totals).where(*valid(kind, period)).group_by(Entry.category)
    found: dict[str, int] = dict.fromkeys(SUMS, 0)
    for category, *values in session.execute(query):
        for name, value in zip(SUMS, values, strict=True):
            found[name] += int(value)
            found[f"{category}.{name}"] = int(value)
    return found


def lines(kind: Kind, year: int) -> Select[Entry]:
    """Return the select of a register, newest day first: the lines of a year, or of states all up to its end."""
    period = Period.year(year)
    query = select(Entry).where(Entry.kind == kind, Entry.occurred_on <= period.last)
    if not REGISTERS[kind].is_state:
        query = query.where(Entry.occurred_on >= period.first)
    return query.order_by(Entry.occurred_on.desc(), Entry.id.desc())
