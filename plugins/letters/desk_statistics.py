"""The statistics of letters in the desk: identities checked, rates with their base, each number with its list."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask import Response, request
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from cms.api import (
    Period,
    current_actor,
    departments,
    get_cms,
    local_date,
    offered_topics,
    read_session,
    render_in_desk,
)  # fmt: skip
from cms.api import gettext as _

from .addresses import with_query
from .desk_forms import CATEGORIES, CHANNELS
from .desk_pages import NAME, SplitRow, StatisticsPage
from .models import Letter
from .queries import visible_to
from .statistics import Statistics, cross, split, statistics
from .terms import CATEGORY_LABELS, CHANNEL_LABELS, SATISFACTION_LABELS

_DIMENSIONS = (("channel", "渠道"), ("category", "诉求类型"), ("topic", "主题"), ("department", "承办科室"))
_LONGEST = 3660


@dataclass(frozen=True)
class Asked:
    """What was asked for: a period, two ways to split it, and what it is limited to."""

    period: Period
    by: str
    across: str
    chosen: Mapping[str, str]
    conditions: tuple[ColumnElement[bool], ...]


def _asked() -> Asked:
    today = local_date(get_cms().clock.now())
    first = _day(request.args.get("from", "")) or date(today.year, 1, 1)
    last = _day(request.args.get("to", "")) or today
    if last < first or (last - first).days > _LONGEST:
        first, last = date(today.year, 1, 1), today
    names = dict(_DIMENSIONS)
    by, across = request.args.get("by", "channel"), request.args.get("across", "category")
    chosen = {name: request.args.get(name, "") for name in ("channel", "category", "topic")}
    columns = {"channel": Letter.channel, "category": Letter.category, "topic": Letter.topic}
    limits = [columns[name] == value for name, value in chosen.items() if value]
    return Asked(
        Period(first, last), by if by in names else "channel", across if across in names else "category", chosen,
        (visible_to(current_actor()), *limits),
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def statistics_page() -> str:
    """Show the statistics of a period."""
    session, cms, asked = read_session(), get_cms(), _asked()
    numbers = statistics(session, asked.period, cms.clock.now(), *asked.conditions)
    labels = _labels(session)
    page = StatisticsPage(
        title=_("信件统计"), first=asked.period.first, last=asked.period.last, by=asked.by, across=asked.across,
        lead=_("按收到日期统计；误登的不计。"), numbers=numbers, problems=[_(one) for one in numbers.problems],
        satisfied=[(_(SATISFACTION_LABELS[one]), number) for one, number in numbers.satisfied.items()],
        rows=_rows(session, asked, labels), columns=_columns(session, asked, labels), dimensions=_DIMENSIONS,
        cells=cross(session, asked.period, asked.by, asked.across, *asked.conditions), channels=CHANNELS,
        categories=CATEGORIES, topics=offered_topics(session, cms.contributions.metrics), chosen=asked.chosen,
        links=_links(asked), csv_url=with_query(f"{NAME}.statistics_csv", _query(asked)),
    )  # fmt: skip
    return render_in_desk(page)


def _labels(session: Session) -> Mapping[str, Mapping[str, str]]:
    return {
        "channel": {one.value: _(label) for one, label in CHANNEL_LABELS.items()},
        "category": {one.value: _(label) for one, label in CATEGORY_LABELS.items()},
        "department": {str(one.id): one.name for one in departments(session)},
        "topic": {},
    }


def _rows(session: Session, asked: Asked, labels: Mapping[str, Mapping[str, str]]) -> list[SplitRow]:
    lines = split(session, asked.period, asked.by, *asked.conditions)
    return [
        SplitRow(
            _label(asked.by, line.code, labels), _list_url(asked, **{asked.by: line.code, "group": "counted"}), line
        )
        for line in lines
    ]


def _columns(session: Session, asked: Asked, labels: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    lines = split(session, asked.period, asked.across, *asked.conditions)
    return [(line.code, _label(asked.across, line.code, labels)) for line in lines]


def _label(dimension: str, code: str, labels: Mapping[str, Mapping[str, str]]) -> str:
    return labels[dimension].get(code, code) or _("（未填）")


def _query(asked: Asked) -> dict[str, str]:
    period = {"from": asked.period.first.isoformat(), "to": asked.period.last.isoformat()}
    return {**period, **asked.chosen, "by": asked.by, "across": asked.across}


def _list_url(asked: Asked, **more: str) -> str:
    period = {"from": asked.period.first.isoformat(), "to": asked.period.last.isoformat()}
    return with_query(f"{NAME}.index", {**period, **asked.chosen, **more})


def _links(asked: Asked) -> dict[str, str]:
    """Return the list behind each number."""
    groups = ("counted", "open", "answered", "public", "dismissed", "handed")
    return {name: _list_url(asked, group=name) for name in groups}


def statistics_csv() -> Response:
    """Give the numbers of the page as a file for spreadsheets."""
    session, asked = read_session(), _asked()
    numbers = statistics(session, asked.period, get_cms().clock.now(), *asked.conditions)
    labels = _labels(session)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_("统计期间"), f"{asked.period.first}", f"{asked.period.last}"])
    writer.writerows(_summary(numbers))
    writer.writerow([])
    writer.writerow([_(dict(_DIMENSIONS)[asked.by]), _("收到"), _("有效"), _("已答复"), _("在办")])
    for row in _rows(session, asked, labels):
        line = row.numbers
        writer.writerow([_safe(row.label), line.received, line.valid, line.answered, line.open])
    # A mark at the beginning lets spreadsheet programs see that the text is UTF-8.
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    name = quote(_("信件统计 {first} 至 {last}.csv").format(first=asked.period.first, last=asked.period.last))
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _summary(numbers: Statistics) -> list[list[object]]:
    answer, on_time = numbers.answer_rate, numbers.on_time_rate
    return [
        [_("收到"), numbers.received], [_("有效"), numbers.valid], [_("无效、重复"), numbers.dismissed],
        [_("转办"), numbers.handed_over], [_("已答复"), numbers.answered], [_("在办"), numbers.open],
        [_("答复率"), answer.percent, _("{part} ÷ {whole}").format(part=answer.part, whole=answer.whole)],
        [_("按期率"), on_time.percent, _("{part} ÷ {whole}").format(part=on_time.part, whole=on_time.whole)],
        [_("公开答复"), numbers.public], [_("平均办理天数"), numbers.average_days],
    ]  # fmt: skip


def _safe(text: str) -> str:
    """Return a text that spreadsheets do not run as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
