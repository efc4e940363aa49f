"""Statistics of letters by day of arrival (disclosure-rules f.4): two views of one register that have to agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from cms.api import Period

from .models import Letter
from .states import OPEN
from .terms import Satisfaction, Verdict

_HANDED = (Verdict.PETITION, Verdict.APPLICATION)
_DISMISSED = (Verdict.INVALID, Verdict.DUPLICATE)


def counted(period: Period) -> list[ColumnElement[bool]]:
    """Return the condition that a letter counts for ``period``: it came in it, and was not entered by mistake."""
    return [
        Letter.occurred_on >= period.first, Letter.occurred_on <= period.last,
        or_(Letter.verdict.is_(None), Letter.verdict != Verdict.MISTAKE),
    ]  # fmt: skip


_IS_VALID = or_(Letter.verdict.is_(None), Letter.verdict == Verdict.VALID)
_IS_ANSWERED = Letter.answered_at.is_not(None)


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A part of a whole. Never shown as a percentage alone: the two numbers stand beside it."""

    part: int
    whole: int

    @property
    def percent(self) -> str:
        """Return the percentage with two decimals at most; a dash without a base."""
        if not self.whole:
            return "—"
        # Never rounded up to a whole that it is not.
        hundredths = self.part * 10_000 // self.whole
        return f"{hundredths / 100:.2f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """Letters that came in a period.

    :param received: all but those entered by mistake. :param valid: without invalid, repeated and handed-over ones.
    :param answered: those of ``valid`` that have their answer. :param open: those whose state says that they are open.
    :param due: those whose limit has passed or that have been answered; :param on_time: those of them answered in time.
    :param public: published answers. :param days: sum of days from arrival to answer.
    """

    received: int
    valid: int
    dismissed: int
    handed_over: int
    answered: int
    open: int
    due: int
    on_time: int
    public: int
    days: int
    satisfied: Mapping[Satisfaction, int]

    @property
    def answer_rate(self) -> Rate:
        """Return 答复率 = 答复数 ÷ 有效留言数."""
        return Rate(part=self.answered, whole=self.valid)

    @property
    def on_time_rate(self) -> Rate:
        """Return 按期率 = 按期答复 ÷ 应当答复."""
        return Rate(part=self.on_time, whole=self.due)

    @property
    def average_days(self) -> str:
        """Return the mean time from arrival to answer in days, with one decimal; a dash without answers."""
        return f"{self.days / self.answered:.1f}" if self.answered else "—"

    @property
    def problems(self) -> list[str]:
        """Return which identities do not hold; nothing in a sound register."""
        checks = (
            ("收到 = 有效 + 无效重复 + 转办", self.received, self.valid + self.dismissed + self.handed_over),
            ("正在办理 = 有效 − 已答复", self.open, self.valid - self.answered),
        )
        return [f"{name}：{left} ≠ {right}" for name, left, right in checks if left != right]


def statistics(session: Session, period: Period, now: datetime, *more: ColumnElement[bool]) -> Statistics:
    """Return the statistics of a period, of all letters or of those that meet ``more``; two queries."""
    due = or_(_IS_ANSWERED, Letter.due_at < now)
    limited = Letter.due_at.is_not(None) | Letter.was_late.is_not(None)
    numbers = {
        "received": func.count(),
        "valid": func.count().filter(_IS_VALID),
        "dismissed": func.count().filter(Letter.verdict.in_(_DISMISSED)),
        "handed_over": func.count().filter(Letter.verdict.in_(_HANDED)),
        "answered": func.count().filter(_IS_ANSWERED),
        "open": func.count().filter(Letter.state.in_(OPEN)),
        "due": func.count().filter(_IS_VALID, limited, due),
        "on_time": func.count().filter(_IS_ANSWERED, Letter.was_late.is_(False)),
        "public": func.count().filter(Letter.published_at.is_not(None)),
    }
    conditions = [*counted(period), *more]
    row = session.execute(select(*(value.label(name) for name, value in numbers.items())).where(*conditions)).one()
    return Statistics(
        **dict(row._mapping),  # noqa: SLF001 — SQLAlchemy's documented accessor
        days=_days(session, conditions), satisfied=_satisfied(session, conditions),
    )  # fmt: skip


def year_counts(session: Session, period: Period) -> tuple[int, int, int]:
    """Return valid, answered and open letters of a period, from an index alone: every citizen's visit asks for them."""
    numbers = (
        func.count().filter(_IS_VALID), func.count().filter(Letter.answered_on.is_not(None)),
        func.count().filter(Letter.state.in_(OPEN)),
    )  # fmt: skip
    valid, answered, is_open = session.execute(select(*numbers).where(*counted(period))).one()
    return valid, answered, is_open


def _days(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    """Return the days from arrival to answer; dates are subtracted here, because databases differ about it."""
    rows = session.execute(select(Letter.occurred_on, Letter.answered_on).where(_IS_ANSWERED, *conditions))
    return sum((answered - came).days for came, answered in rows if answered is not None)


def _satisfied(session: Session, conditions: Sequence[ColumnElement[bool]]) -> dict[Satisfaction, int]:
    query = select(Letter.satisfaction, func.count()).where(Letter.satisfaction.is_not(None), *conditions)
    rows = session.execute(query.group_by(Letter.satisfaction)).all()
    return {word: sum(number for found, number in rows if found is word) for word in Satisfaction}


#: Ways to split the statistics.
DIMENSIONS: Mapping[str, InstrumentedAttribute[object]] = {
    "channel": Letter.channel,
    "category": Letter.category,
    "topic": Letter.topic,
    "department": Letter.department_id,
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of the table: what it stands for (nothing in the sum), and its numbers."""

    code: str
    received: int
    valid: int
    answered: int
    open: int


def split(session: Session, period: Period, dimension: str, *more: ColumnElement[bool]) -> list[Line]:
    """Return the statistics by one dimension, from one query."""
    column = DIMENSIONS[dimension]
    query = select(
        column, func.count(), func.count().filter(_IS_VALID), func.count().filter(_IS_ANSWERED),
        func.count().filter(Letter.state.in_(OPEN)),
    ).where(*counted(period), *more)  # fmt: skip
    rows = session.execute(query.group_by(column)).all()
    lines = [Line(code=str(row[0] or ""), received=row[1], valid=row[2], answered=row[3], open=row[4]) for row in rows]
    return sorted(lines, key=lambda line: (-line.received, line.code))


def cross(
    session: Session, period: Period, row: str, column: str, *more: ColumnElement[bool]
) -> dict[tuple[str, str], int]:
    """Return how many letters came by two dimensions, from one query."""
    first, second = DIMENSIONS[row], DIMENSIONS[column]
    query = select(first, second, func.count()).where(*counted(period), *more).group_by(first, second)
    return {(str(one[0] or ""), str(one[1] or "")): int(one[2]) for one in session.execute(query)}
