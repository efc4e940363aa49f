"""Reply limits as data: which one a letter has, and when it ends (disclosure-rules f.3).

Pure: no database. A limit is named by channel and category; the most special one counts, of equals the newest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cms.api import local_instant

from .terms import Category, Channel


class Unit(StrEnum):
    """In what a limit is counted."""

    WORKDAY = "WD"
    DAY = "day"
    HOUR = "hour"


#: Stands in place of a category for letters that are marked as urgent.
URGENT = "urgent"
#: A valid message that is unanswered for longer fails the national inspection (国办秘函〔2019〕19号).
RED_LINE_MONTHS = 3


@dataclass(frozen=True, kw_only=True)
class LimitSpec:
    """A limit for letters that come on ``valid_from`` or later.

    :param channel: empty for any. :param category: empty for any; ``urgent`` for urgent letters of any category.
    :param n: how many ``unit``; nothing means that there is no limit. :param warn_before: in the same unit.
    :param basis: the rule that it comes from.
    """

    channel: str = ""
    category: str = ""
    n: int | None
    unit: Unit = Unit.WORKDAY
    warn_before: int = 1
    basis: str = ""
    valid_from: date = date.min

    @property
    def key(self) -> tuple[str, str]:
        """Return channel and category."""
        return self.channel, self.category


_HOTLINE, _ERROR = Channel.HOTLINE_12345.value, Channel.SITE_ERROR.value
_CONSULT, _HELP = Category.CONSULT.value, Category.HELP.value
_LOCAL = "12345办理规定（各地不同，请按本地规定修改）"
#: What a site begins with. Unverified sources and local examples stay changeable in the desk.
DEFAULTS: tuple[LimitSpec, ...] = (
    LimitSpec(n=15, warn_before=3, basis="默认：其他诉求15个工作日"),
    LimitSpec(category=_CONSULT, n=5, warn_before=2, basis="政府网站检查指标：简单咨询5个工作日内答复"),
    LimitSpec(channel=_ERROR, n=3, warn_before=1, basis="国办发〔2017〕47号"),
    LimitSpec(channel=_HOTLINE, n=13, warn_before=3, basis=_LOCAL),
    LimitSpec(channel=_HOTLINE, category=_CONSULT, n=3, warn_before=1, basis=_LOCAL),
    LimitSpec(channel=_HOTLINE, category=_HELP, n=3, warn_before=1, basis=_LOCAL),
    LimitSpec(channel=_HOTLINE, category=URGENT, n=0, unit=Unit.DAY, warn_before=0, basis=_LOCAL),
    LimitSpec(
        channel=Channel.PETITION.value, n=15, unit=Unit.DAY, warn_before=5, basis="信访工作条例第二十三条：告知是否受理"
    ),
)  # fmt: skip


def limit_for(
    limits: Iterable[LimitSpec], *, channel: str, category: str, is_urgent: bool, day: date
) -> LimitSpec | None:
    """Return the limit of a letter that came on ``day``; nothing if it has none.

    Urgency weighs more than the channel, the channel more than the category.
    """
    wanted = {"", category, *([URGENT] if is_urgent else [])}
    fitting = [one for one in limits if one.channel in {"", channel} and one.category in wanted]
    current = [(number, one) for number, one in enumerate(fitting) if one.valid_from <= day]
    if not current:
        return None
    _number, best = max(current, key=lambda pair: (*_weight(pair[1]), pair[1].valid_from, pair[0]))
    return best if best.n is not None else None


def _weight(limit: LimitSpec) -> tuple[bool, bool, bool]:
    return limit.category == URGENT, bool(limit.channel), bool(limit.category)


def red_line(day: date) -> date:
    """Return the last day on which a letter that came on ``day`` may be unanswered under the national inspection."""
    months = day.year * 12 + day.month - 1 + RED_LINE_MONTHS
    first = date(months // 12, months % 12 + 1, 1)
    last = date((months + 1) // 12, (months + 1) % 12 + 1, 1) - timedelta(days=1)
    # A shorter month ends before the day that it lacks.
    return first.replace(day=min(day.day, last.day))


def end_of(day: date) -> datetime:
    """Return the last minute of a day: a limit ends at 24:00 (民法典 art. 203)."""
    return local_instant(day, 23, 59)
