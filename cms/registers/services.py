"""Recording tallies."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from cms.accounts.models import Department
from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.db.uow import UnitOfWork
from cms.kernel.clock import local_date
from cms.kernel.errors import Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.kernel.text import one_line
from cms.registers.metrics import CHANNELS, MetricRegistry
from cms.registers.models import Tally

MAX_QUANTITY = 1_000_000


@dataclass(frozen=True, kw_only=True)
class TallyInput:
    """One line of a tally sheet."""

    metric: str
    occurred_on: date
    quantity: int
    source: str
    channel: str = ""
    topic: str = ""
    department_id: int | None = None
    note: str = ""
    external_id: str | None = None
    evidence_id: int | None = None


def add_tally(uow: UnitOfWork, metrics: MetricRegistry, given: TallyInput, *, actor: Actor) -> Tally:
    """Record one line; a line with quantity 0 states that there was nothing, with its source.

    :raises Invalid: by field.
    """
    require(actor, "tally.record")
    errors: dict[str, list[str]] = {}
    metric = metrics.get(given.metric)
    if metric is None:
        errors["metric"] = [_("请选择统计事项。")]
    elif metric.channels and given.channel not in dict(CHANNELS):
        errors["channel"] = [_("请选择渠道。")]
    if given.occurred_on > local_date(uow.clock.now()):
        errors["occurred_on"] = [_("日期不能晚于今天。")]
    if not 0 <= given.quantity <= MAX_QUANTITY:
        errors["quantity"] = [_("数量应为 0 到 {n} 的整数；更正请用“冲销”。").format(n=MAX_QUANTITY)]
    if not one_line(given.source):
        errors["source"] = [_("请写明依据，例如：来访登记簿第3页。")]
    if given.department_id is not None and uow.session.get(Department, given.department_id) is None:
        errors["department_id"] = [_("所选的科室已不存在，请重新选择。")]
    if errors:
        raise Invalid(errors)
    return _store(uow, given, actor=actor, corrects_id=None)


def counter_entry(uow: UnitOfWork, tally: Tally, *, actor: Actor, reason: str) -> Tally:
    """Take a wrong line back by a line of the opposite quantity; both stay in the register.

    :raises NotAllowed: if the line is a counter-entry itself or has been taken back already.
    :raises Invalid: without a reason.
    """
    require(actor, "tally.record")
    if not one_line(reason):
        raise Invalid({"reason": [_("请写明冲销的原因。")]})
    if tally.corrects_id or is_countered(uow.session, tally):
        raise NotAllowed(_("这一行已被冲销，或本身就是冲销记录。"))
    given = TallyInput(
        metric=tally.metric, occurred_on=tally.occurred_on, quantity=-tally.quantity, source=tally.source,
        channel=tally.channel, topic=tally.topic, department_id=tally.department_id, note=reason,
    )  # fmt: skip
    return _store(uow, given, actor=actor, corrects_id=tally.id)


def is_countered(session: Session, tally: Tally) -> bool:
    """Tell whether a line has been taken back."""
    return session.scalar(select(Tally.id).where(Tally.corrects_id == tally.id).limit(1)) is not None


def _store(uow: UnitOfWork, given: TallyInput, *, actor: Actor, corrects_id: int | None) -> Tally:
    tally = Tally(
        metric=given.metric, occurred_on=given.occurred_on, quantity=given.quantity, channel=given.channel,
        topic=one_line(given.topic)[:60], department_id=given.department_id, note=one_line(given.note)[:200],
        source=one_line(given.source)[:200], external_id=given.external_id, corrects_id=corrects_id,
        recorded_at=uow.clock.now(), recorded_by_id=actor.id, evidence_id=given.evidence_id,
    )  # fmt: skip
    uow.session.add(tally)
    # The audit entry names the id.
    uow.session.flush()
    record(
        uow, "tally.counter" if corrects_id else "tally.add", actor_id=actor.id, subject_type="tally",
        subject_id=tally.id, metric=given.metric, quantity=given.quantity,
    )  # fmt: skip
    return tally


def tallies(metric: str = "", year: int | None = None, channel: str = "") -> Select[Tally]:
    """Return the select of the register, newest day first."""
    query = select(Tally)
    if channel:
        query = query.where(Tally.channel == channel)
    if metric:
        query = query.where(Tally.metric == metric)
    if year:
        query = query.where(Tally.occurred_on >= date(year, 1, 1), Tally.occurred_on <= date(year, 12, 31))
    return query.order_by(Tally.occurred_on.desc(), Tally.id.desc())


def sums(session: Session, year: int) -> dict[str, int]:
    """Return the sum of each metric that has lines in ``year``; counter-entries take their part away."""
    lines = tallies(year=year).order_by(None).subquery()
    rows = session.execute(select(lines.c.metric, func.sum(lines.c.quantity)).group_by(lines.c.metric))
    return {metric: int(total) for metric, total in rows}
