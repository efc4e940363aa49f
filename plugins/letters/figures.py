"""What letters tell other parts: metrics of the tally register, figures over tallies and letters, cross tables.

A figure is the union of what was tallied and of the letters in the register. Nothing counts twice: a letter that a
tally sheet counts as well is marked so (``is_tallied``) and left out here.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Integer, String, cast, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from cms.api import (
    QUANTITY,
    AnySelect,
    Figure,
    ListColumn,
    Metric,
    Period,
    Tally,
)  # fmt: skip

from .models import Letter
from .statistics import counted
from .terms import CHANNEL_LABELS, Category, Channel

METRICS = (
    Metric(code="letters.leader_mailbox", label="书记县长信箱信件", unit="条", topics=True),
    Metric(code="letters.hotline_12345", label="12345服务热线", unit="条", topics=True),
    Metric(
        code="consultations", label="咨询", unit="人次", channels=True, topics=True,
        help="现场、电话、网上接受咨询的人次；已逐件登记的信件不要重复计数。",
    ),
    Metric(code="letters.web_replies", label="网上回复", unit="条", topics=True),
)  # fmt: skip

#: ``id`` is that of the tally, or the letter's with a minus sign: one number for each record, as snapshots keep it.
_COLUMNS = (
    ListColumn(name="id", label="内部编号", public=False),
    ListColumn(name="number", label="编号"),
    ListColumn(name="occurred_on", label="日期"),
    ListColumn(name="channel", label="渠道"),
    ListColumn(name="topic", label="主题"),
    ListColumn(name=QUANTITY, label="数量"),
    ListColumn(name="source", label="依据", public=False),
)
_Day = InstrumentedAttribute[date] | InstrumentedAttribute[date | None]
_LABELS = {"channel": {channel.value: label for channel, label in CHANNEL_LABELS.items()}}


def _tallies(metric: str, channel: str, period: Period) -> AnySelect:
    query = select(
        Tally.id.label("id"), cast(Tally.id, String).label("number"), Tally.occurred_on.label("occurred_on"),
        Tally.channel.label("channel"), Tally.topic.label("topic"), Tally.quantity.label(QUANTITY),
        Tally.source.label("source"),
    ).where(Tally.metric == metric, Tally.occurred_on >= period.first, Tally.occurred_on <= period.last)  # fmt: skip
    return query.where(Tally.channel == channel) if channel else query


def _letters(conditions: Sequence[ColumnElement[bool]], day: _Day) -> AnySelect:
    return select(
        (-Letter.id).label("id"), Letter.number.label("number"), day.label("occurred_on"),
        cast(Letter.channel, String).label("channel"), Letter.topic.label("topic"),
        literal(1, Integer).label(QUANTITY), Letter.source.label("source"),
    ).where(Letter.is_tallied.is_(False), *conditions)  # fmt: skip


def _both(tallies: AnySelect, letters: AnySelect) -> AnySelect:
    # Filters and sums are added by those who ask; a union takes them only from outside.
    lines = union_all(tallies, letters).subquery()
    return select(*lines.c).order_by(lines.c.occurred_on, lines.c.id)


def _received(code: str, label: str, unit: str, metric: str, channels: tuple[Channel, ...], *, channel: str = "",
              category: Category | None = None) -> Figure:  # fmt: skip
    """Return the figure of what was tallied under ``metric``, and of the letters that came on ``channels``."""

    def query(_session: Session, period: Period) -> AnySelect:
        conditions = [*counted(period), Letter.channel.in_(channels)]
        if category is not None:
            conditions.append(Letter.category == category)
        return _both(_tallies(metric, channel, period), _letters(conditions, Letter.occurred_on))

    return Figure(
        code=code, label=label, unit=unit, query=query, columns=_COLUMNS, is_sum=True, public=True,
        value_labels=_LABELS, help="计数登记与逐件登记的信件之和；已在计数登记中计过数的信件不重复计。",
    )  # fmt: skip


def _web_replies() -> Figure:
    def query(_session: Session, period: Period) -> AnySelect:
        answered = (
            Letter.answered_on >= period.first, Letter.answered_on <= period.last, Letter.published_at.is_not(None),
        )  # fmt: skip
        letters = _letters(answered, Letter.answered_on)
        return _both(_tallies("letters.web_replies", "", period), letters)

    return Figure(
        code="letters.web_replies", label="网上回复", unit="条", query=query, columns=_COLUMNS, is_sum=True,
        public=True, value_labels=_LABELS, help="计数登记与在网站公开答复的信件之和，按答复日期。",
    )  # fmt: skip


_WEB = (Channel.WEB, Channel.MAILBOX_BUREAU)
_CONSULT = Category.CONSULT
FIGURES = (
    _received("letters.leader_mailbox", "书记县长信箱信件", "条", "letters.leader_mailbox", (Channel.MAILBOX_LEADER,)),
    _received("letters.hotline_12345", "12345服务热线", "条", "letters.hotline_12345", (Channel.HOTLINE_12345,)),
    _web_replies(),
    _received(
        "consultations.total", "咨询", "人次", "consultations", (Channel.ONSITE, Channel.PHONE, *_WEB),
        category=_CONSULT,
    ),
    _received(
        "consultations.onsite", "现场咨询", "人次", "consultations", (Channel.ONSITE,), channel="onsite",
        category=_CONSULT,
    ),
    _received(
        "consultations.phone", "电话咨询", "人次", "consultations", (Channel.PHONE,), channel="phone", category=_CONSULT
    ),
    _received("consultations.web", "网上咨询", "人次", "consultations", _WEB, channel="web", category=_CONSULT),
)  # fmt: skip
