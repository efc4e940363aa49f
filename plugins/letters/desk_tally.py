"""Counting at the counter: a page of large buttons, and the weekly sheet on paper and on the screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_urlsafe
from typing import ClassVar
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from cms.api import (
    Invalid,
    NotFound,
    Page,
    SiteSettings,
    add_asset,
    as_docx,
    as_pdf,
    current_actor,
    get_cms,
    load_settings,
    local_date,
    offered_topics,
    permission,
    read_session,
    render_in_desk,
)  # fmt: skip
from cms.api import gettext as _

from .desk_pages import Crumb
from .models import Letter
from .tally_sheet import WEEKDAYS, sheet_document
from .tallying import CHANNELS, SheetCell, SheetInput, counts, last_tap, save_sheet, tap, undo, week_of

NAME = "letters_tally"
_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
}  # fmt: skip


def make_blueprint() -> Blueprint:
    """Return the routes below ``/desk/letter-tally``."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/desk/letter-tally")
    guard, both = permission("tally.record"), ["GET", "POST"]
    blueprint.add_url_rule("", "counter", guard(counter), methods=both)
    blueprint.add_url_rule("/sheet", "sheet", guard(sheet), methods=both)
    blueprint.add_url_rule("/sheet.<kind>", "paper", guard(paper))
    return blueprint


@dataclass(frozen=True)
class Key:
    """A button: what it counts, how often it was counted today, and whether it was pressed last."""

    value: str
    label: str
    count: int
    is_last: bool


@dataclass(frozen=True, kw_only=True)
class CounterPage(Page):
    """``/desk/letter-tally``: rows of buttons by topic, columns by channel."""

    template: ClassVar[str] = "desk/letters/counter.html"
    lead: str
    channels: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Key]]]
    total: int
    last: str
    registered: int
    sheet_url: str


def counter() -> ResponseReturnValue:
    """Show the buttons; count what was pressed."""
    cms, actor = get_cms(), current_actor()
    if request.method == "POST":
        pressed = request.form.get("tap", "")
        channel, _bar, topic = pressed.partition("|")
        try:
            with cms.unit_of_work() as uow:
                if "undo" in request.form:
                    taken = undo(uow, actor=actor)
                    flash(_("已撤销：{name}。").format(name=_name(taken.channel, taken.topic)), "success")
                    return redirect(url_for(f"{NAME}.counter"))
                tap(uow, cms.contributions.metrics, channel, topic, actor=actor)
        except Invalid as refused:
            flash(next(iter(refused.errors.values()))[0], "error")
            return redirect(url_for(f"{NAME}.counter"))
        return redirect(url_for(f"{NAME}.counter", last=pressed))
    return render_in_desk(_counter_page())


def _name(channel: str, topic: str) -> str:
    return _("{channel} · {topic}").format(channel=_(dict(CHANNELS).get(channel, channel)), topic=topic)


def _counter_page() -> CounterPage:
    session, cms, actor = read_session(), get_cms(), current_actor()
    today = local_date(cms.clock.now())
    found = {(channel, topic): number for (_day, channel, topic), number in counts(session, today, today).items()}
    topics = offered_topics(session, cms.contributions.metrics)
    last, newest = request.args.get("last", ""), last_tap(session, actor, today)
    # Topics that were counted today stay visible when the list has changed.
    topics = (*topics, *sorted({topic for _channel, topic in found} - set(topics)))
    rows = [(topic, [_key(code, label, topic, found, last) for code, label in CHANNELS]) for topic in topics]
    registered = session.scalar(
        select(func.count()).select_from(Letter).where(
            Letter.occurred_on == today, Letter.channel.in_([code for code, _label in CHANNELS])
        )
    ) or 0  # fmt: skip
    return CounterPage(
        title=_("快速计数"), lead=_("{day}，来一人次点一下。").format(day=today.isoformat()),
        channels=[_(label) for _code, label in CHANNELS], rows=rows, total=sum(found.values()),
        last=_name(newest.channel, newest.topic) if newest else "", registered=registered,
        sheet_url=url_for(f"{NAME}.sheet"),
    )  # fmt: skip


def _key(code: str, label: str, topic: str, found: Mapping[tuple[str, str], int], last: str) -> Key:
    value = f"{code}|{topic}"
    return Key(value, _(label), found.get((code, topic), 0), value == last)


@dataclass(frozen=True)
class SheetField:
    """A cell of the sheet: name, what was typed, what is recorded already, what is wrong with it."""

    name: str
    label: str
    value: str
    recorded: int
    problem: str


@dataclass(frozen=True, kw_only=True)
class SheetPage(Page):
    """``/desk/letter-tally/sheet``: the week's sheet to be typed in."""

    template: ClassVar[str] = "desk/letters/sheet.html"
    crumbs: Sequence[Crumb]
    lead: str
    days: Sequence[tuple[date, str, bool]]
    blocks: Sequence[tuple[str, Sequence[tuple[str, Sequence[SheetField]]]]]
    topics: Sequence[str]
    day: date
    token: str
    source: str
    source_problem: str
    problems: Sequence[str]
    earlier_url: str
    later_url: str
    files: Sequence[tuple[str, str]]


def sheet() -> ResponseReturnValue:
    """Show the sheet of a week; record what was typed into it."""
    days, topics = week_of(_asked_day()), _topics()
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            count = _save(days, topics)
        except Invalid as refused:
            errors = refused.errors
        else:
            flash(_("已登记 {n} 格。").format(n=count), "success")
            return redirect(url_for(f"{NAME}.sheet", day=days[0].isoformat()))
    return render_in_desk(_sheet_page(days, topics, errors)), 422 if errors else 200


def _asked_day() -> date:
    today = local_date(get_cms().clock.now())
    try:
        return date.fromisoformat(request.values.get("day", ""))
    except ValueError:
        return today


def _topics() -> Sequence[str]:
    """Return the rows of the sheet: those of the form that was sent, else those offered now."""
    sent = [topic[:60] for topic in request.form.getlist("topic")[:60]]
    return sent or offered_topics(read_session(), get_cms().contributions.metrics)


def _cells(days: Sequence[date], topics: Sequence[str]) -> list[tuple[str, SheetCell]]:
    cells = []
    for code, _label in CHANNELS:
        for row, topic in enumerate(topics):
            for column, day in enumerate(days):
                name = f"{code}-{row}-{column}"
                cell = SheetCell(day=day, channel=code, topic=topic, text=request.form.get(name, ""))
                cells.append((name, cell))
    return cells


def _save(days: Sequence[date], topics: Sequence[str]) -> int:
    cms, actor, upload = get_cms(), current_actor(), request.files.get("file")
    with cms.unit_of_work() as uow:
        evidence = None
        if upload is not None and upload.filename:
            evidence = add_asset(
                uow, cms.store, actor=actor, filename=upload.filename, content=upload.read(),
                max_mb=cms.settings.max_upload_mb,
            ).id  # fmt: skip
        given = SheetInput(
            cells=[cell for _name, cell in _cells(days, topics)], source=request.form.get("source", ""),
            token=request.form.get("token", "")[:40], evidence_id=evidence,
        )  # fmt: skip
        return save_sheet(uow, cms.contributions.metrics, given, actor=actor)


def _sheet_page(days: Sequence[date], topics: Sequence[str], errors: Mapping[str, list[str]]) -> SheetPage:
    session, today = read_session(), local_date(get_cms().clock.now())
    found = counts(session, days[0], days[-1])
    fields = [_field(place, pair, found, errors) for place, pair in enumerate(_cells(days, topics))]
    width, height = len(days), len(days) * len(topics)
    blocks = []
    for number, (_code, label) in enumerate(CHANNELS):
        part = fields[number * height : (number + 1) * height]
        blocks.append((_(label), [(topic, part[row * width : (row + 1) * width]) for row, topic in enumerate(topics)]))
    problems = [line for name, lines in errors.items() if name in {"", "file"} for line in lines]
    if any(name.isdigit() for name in errors):
        problems.append(_("有数字填写不正确，已在表中标出；整张表都没有保存。"))
    week = timedelta(days=len(days))
    return SheetPage(
        title=_("周计数表"), crumbs=[{"label": _("快速计数"), "url": url_for(f"{NAME}.counter")}],
        lead=_("打印空表在窗口画“正”字，次日录入；没有发生的留空。"), blocks=blocks, topics=topics, day=days[0],
        days=[(day, _("周{weekday}").format(weekday=WEEKDAYS[day.weekday()]), day > today) for day in days],
        token=request.form.get("token", "") or token_urlsafe(12), source=request.form.get("source", ""),
        source_problem=" ".join(errors.get("source", [])), problems=problems,
        earlier_url=url_for(f"{NAME}.sheet", day=(days[0] - week).isoformat()),
        later_url=url_for(f"{NAME}.sheet", day=(days[0] + week).isoformat()),
        files=[(name, url_for(f"{NAME}.paper", kind=kind, day=days[0].isoformat()))
               for kind, name in (("pdf", "PDF"), ("docx", "Word"))],
    )  # fmt: skip


def _field(
    place: int, pair: tuple[str, SheetCell], found: Mapping[tuple[date, str, str], int], errors: Mapping[str, list[str]]
) -> SheetField:
    name, cell = pair
    label = _("{channel}，{topic}，{day}").format(
        channel=_(dict(CHANNELS)[cell.channel]), topic=cell.topic, day=cell.day.isoformat()
    )
    recorded = found.get((cell.day, cell.channel, cell.topic), 0)
    return SheetField(name, label, cell.text, recorded, " ".join(errors.get(str(place), [])))


def paper(kind: str) -> Response:
    """Give the empty sheet of a week for printing."""
    if kind not in _TYPES:
        raise NotFound(kind)
    session, days = read_session(), week_of(_asked_day())
    site = load_settings(session, SiteSettings)
    topics = offered_topics(session, get_cms().contributions.metrics)
    document = sheet_document(days, topics, site.organ_name or site.site_name)
    response = Response((as_pdf if kind == "pdf" else as_docx)(document), mimetype=_TYPES[kind])
    name = quote(f"{_('咨询计数表')}-{days[0].isoformat()}.{kind}")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
