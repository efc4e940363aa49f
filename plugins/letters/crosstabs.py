"""Cross tables of letters by the day of each event: received, answered, published; tallies count as received."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, Integer, Select, String, case, cast, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from cms.api import COLUMN_CODE, QUANTITY, ROW_CODE, AnySelect, Crosstab, ListColumn, Period, Tally

from .models import Letter
from .statistics import counted
from .terms import CATEGORY_LABELS, CHANNEL_LABELS, TOPICS, Channel

_EVENTS = (("received", "收到"), ("answered", "答复"), ("published", "公开"))
_COLUMNS = (
    ListColumn(name="id", label="内部编号", public=False),
    ListColumn(name="number", label="编号"),
    ListColumn(name="occurred_on", label="日期"),
    ListColumn(name=ROW_CODE, label="分类"),
    ListColumn(name=COLUMN_CODE, label="事项"),
    ListColumn(name=QUANTITY, label="数量"),
    ListColumn(name="source", label="依据", public=False),
)
#: Metric of the tally register → the channel that it counts; consultations name theirs.
_METRICS = {"letters.leader_mailbox": Channel.MAILBOX_LEADER, "letters.hotline_12345": Channel.HOTLINE_12345}
_OTHER = "other"
Headings = tuple[tuple[str, str], ...]
Query = Callable[[Session, Period], AnySelect]


def _letters(event: str, row: ColumnElement[str], period: Period) -> AnySelect:
    day, conditions = {
        "received": (Letter.occurred_on, counted(period)),
        "answered": (Letter.answered_on, _within(Letter.answered_on, period)),
        "published": (
            Letter.answered_on, [*_within(Letter.answered_on, period), Letter.published_at.is_not(None)],
        ),
    }[event]  # fmt: skip
    if event == "received":
        # What a tally sheet counts as well is counted there.
        conditions = [*conditions, Letter.is_tallied.is_(False)]
    return select(
        (-Letter.id).label("id"), Letter.number.label("number"), day.label("occurred_on"), row.label(ROW_CODE),
        literal(event, String).label(COLUMN_CODE), literal(1, Integer).label(QUANTITY), Letter.source.label("source"),
    ).where(*conditions)  # fmt: skip


def _within(day: InstrumentedAttribute[object], period: Period) -> list[ColumnElement[bool]]:
    return [day >= period.first, day <= period.last]


def _tallies(row: ColumnElement[str], period: Period) -> AnySelect:
    return select(
        Tally.id.label("id"), cast(Tally.id, String).label("number"), Tally.occurred_on.label("occurred_on"),
        row.label(ROW_CODE), literal("received", String).label(COLUMN_CODE), Tally.quantity.label(QUANTITY),
        Tally.source.label("source"),
    ).where(
        Tally.metric.in_([*_METRICS, "consultations"]), Tally.occurred_on >= period.first,
        Tally.occurred_on <= period.last,
    )  # fmt: skip


def _query(letter_row: ColumnElement[str], tally_row: ColumnElement[str] | None) -> Query:
    def query(_session: Session, period: Period) -> AnySelect:
        parts: list[Select[*tuple[object, ...]]] = [_letters(event, letter_row, period) for event, _label in _EVENTS]
        if tally_row is not None:
            parts.append(_tallies(tally_row, period))
        lines = union_all(*parts).subquery()
        return select(*lines.c).order_by(lines.c.occurred_on, lines.c.id)

    return query


def _topic_row(topic: InstrumentedAttribute[str]) -> ColumnElement[str]:
    """Return the code of a topic: those that a site begins with have one of their own, all others share one."""
    return case(*((topic == label, code) for code, label in _TOPICS if code != _OTHER), else_=_OTHER)


_TOPICS = (*((f"t{number}", label) for number, label in enumerate(TOPICS, 1) if label != "其他"), (_OTHER, "其他"))
_TALLY_CHANNEL = case(
    *((Tally.metric == metric, channel.value) for metric, channel in _METRICS.items()), else_=Tally.channel
)


def _crosstab(code: str, label: str, rows: Headings, query: Query, note: str) -> Crosstab:
    return Crosstab(
        code=code, label=label, unit="件", rows=rows, columns=_EVENTS, query=query, list_columns=_COLUMNS, is_sum=True,
        help=note,
    )  # fmt: skip


_WITH_TALLIES = "收到的含计数登记；答复、公开按答复日期。"
CROSSTABS = (
    _crosstab(
        "letters.channel", "信件分渠道", tuple((one.value, label) for one, label in CHANNEL_LABELS.items()),
        _query(cast(Letter.channel, String), _TALLY_CHANNEL), _WITH_TALLIES,
    ),
    _crosstab(
        "letters.topic", "信件分主题", _TOPICS, _query(_topic_row(Letter.topic), _topic_row(Tally.topic)), _WITH_TALLIES
    ),
    _crosstab(
        "letters.category", "信件分类型", tuple((one.value, label) for one, label in CATEGORY_LABELS.items()),
        _query(cast(Letter.category, String), None), "只含逐件登记的信件。",
    ),
)  # fmt: skip
