"""What pages of the desk show of letters: plain values in the words of the trade, never rows of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cms.api import gettext as _
from cms.api import is_late_entry, local, local_date

from .alarms import level_of
from .models import Happening, Letter
from .states import ACTION_LABELS, STATE_LABELS, Action, State
from .steps import is_dismissed
from .terms import (
    CATEGORY_LABELS,
    CHANNEL_LABELS,
    SATISFACTION_LABELS,
    VERDICT_LABELS,
    Category,
    Channel,
    Satisfaction,
    Verdict,
)

#: State → look of its tag in ``ui/tag.html``.
_TAGS: Mapping[State, str] = {
    State.RECEIVED: "review", State.SCREENED: "review", State.ASSIGNED: "scheduled", State.ACCEPTED: "scheduled",
    State.RETURNED: "returned", State.DRAFTED: "review", State.REVIEWED: "approved", State.ANSWERED: "enabled",
    State.PUBLISHED: "published", State.CALLBACK: "enabled", State.CLOSED: "withdrawn",
}  # fmt: skip
_LEVEL_KINDS = {"soon": "warning", "late": "bad", "red": "bad"}
_NO_DEPARTMENT = "—"


def moment_of(instant: datetime) -> str:
    """Return day and time; of entries whose time nobody knows, which stand at midnight, the day alone."""
    text = f"{local(instant):%Y-%m-%d %H:%M}"
    return text.removesuffix(" 00:00")


def state_label(letter: Letter) -> str:
    """Return the state in words; of a letter that was dismissed or handed over, how it ended."""
    if letter.state is State.CLOSED and is_dismissed(letter) and letter.verdict is not None:
        return _(VERDICT_LABELS[letter.verdict])
    return _(STATE_LABELS[letter.state])


@dataclass(frozen=True, kw_only=True)
class Countdown:
    """How long there is to answer; ``kind`` is "", "warning" or "bad", the text says the same."""

    text: str
    kind: str = ""
    moment: datetime | None = None
    is_estimated: bool = False


def countdown(letter: Letter, now: datetime) -> Countdown:
    """Return how long there is to answer, or that it was answered in time or late."""
    if letter.answered_at is not None:
        words = {None: _("已答复"), False: _("按期答复"), True: _("超期答复")}[letter.was_late]
        return Countdown(text=words, kind="bad" if letter.was_late else "")
    if is_dismissed(letter):
        return Countdown(text=_("不需答复"))
    if letter.due_at is None:
        return Countdown(text=_("不设期限"))
    days = (local_date(letter.due_at) - local_date(now)).days
    if letter.due_at < now:
        text = _("已超期 {n} 天").format(n=-days) if days else _("今天已超期")
    elif days:
        text = _("还有 {n} 天").format(n=days)
    else:
        text = _("今天 {time} 前").format(time=f"{local(letter.due_at):%H:%M}")
    level = level_of(letter, now)
    if level == "red":
        text = _("{text}，超过 3 个月").format(text=text)
    return Countdown(
        text=text, kind=_LEVEL_KINDS.get(level, ""), moment=letter.due_at, is_estimated=letter.is_estimated
    )


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """A letter in a list of the desk."""

    id: int
    number: str
    title: str
    channel: str
    category: str
    topic: str
    department: str
    state: str
    tag: str
    received_at: datetime
    countdown: Countdown
    is_urgent: bool
    was_urged: bool
    is_late_entry: bool


def line_of(letter: Letter, offices: Mapping[int, str], now: datetime, late: int) -> LetterLine:
    """Return ``letter`` as lists show it.

    :param late: after how many days an entry counts as back-entry.
    """
    return LetterLine(
        id=letter.id, number=letter.number, title=letter.title, channel=_(CHANNEL_LABELS[letter.channel]),
        category=_(CATEGORY_LABELS[letter.category]), topic=letter.topic,
        department=offices.get(letter.department_id or 0, _NO_DEPARTMENT), state=state_label(letter),
        tag=_TAGS[letter.state], received_at=letter.received_at, countdown=countdown(letter, now),
        is_urgent=letter.is_urgent, was_urged=letter.urged_on is not None,
        is_late_entry=is_late_entry(letter.occurred_on, letter.recorded_at, late),
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Event:
    """A line of the history, as ``ui/timeline.html`` takes it."""

    title: str
    who: str
    at: str
    shown_at: str
    comment: str = ""
    kind: str = ""


_KINDS: Mapping[Action, str] = {
    Action.REVIEW: "good", Action.ANSWER: "good", Action.RECORD_ANSWER: "good", Action.PUBLISH: "good",
    Action.CLOSE: "current", Action.DISMISS: "bad", Action.GIVE_BACK: "bad", Action.REFUSE: "bad",
    Action.TAKE_OFF: "bad", Action.ALERT: "bad", Action.REDO: "bad",
}  # fmt: skip


def event_of(line: Happening, people: Mapping[int, str], offices: Mapping[int, str]) -> Event:
    """Return a line of the history. A day that is not the day of entry is named: it was entered later."""
    said = [line.note] if line.note else []
    said += _details(line, people, offices)
    if line.occurred_on != local_date(line.recorded_at):
        said.append(_("发生日期 {day}，补录").format(day=line.occurred_on.isoformat()))
    who = line.detail.get("by") or people.get(line.actor_id or 0, _("来信人") if _is_by_writer(line) else _("系统"))
    return Event(
        title=_(ACTION_LABELS[line.action]), who=who, at=line.recorded_at.isoformat(),
        shown_at=f"{local(line.recorded_at):%Y-%m-%d %H:%M}", comment="；".join(said),
        kind=_KINDS.get(line.action, ""),
    )  # fmt: skip


def _is_by_writer(line: Happening) -> bool:
    return line.action in {Action.RECEIVE, Action.RATE}


def _details(line: Happening, people: Mapping[int, str], offices: Mapping[int, str]) -> list[str]:
    given, found = line.detail, []
    if given.get("department") and line.action in {Action.ASSIGN, Action.GIVE_BACK, Action.URGE}:
        found.append(_("承办科室：{name}").format(name=offices.get(given["department"], _NO_DEPARTMENT)))
    if given.get("office"):
        found.append(_("承办科室：{name}").format(name=given["office"]))
    if given.get("handler"):
        found.append(_("承办人：{name}").format(name=people.get(given["handler"], _NO_DEPARTMENT)))
    if "verdict" in given:
        found.append(_(VERDICT_LABELS[Verdict(given["verdict"])]))
    if "reference" in given:
        found.append(_("单号：{reference}").format(reference=given["reference"]))
    if "satisfaction" in given:
        found.append(_(SATISFACTION_LABELS[Satisfaction(given["satisfaction"])]))
    if "level" in given:
        found.append({"soon": _("即将到期"), "late": _("已超期"), "red": _("超过 3 个月未答复")}[given["level"]])
    if line.action in {Action.EXTEND, Action.RECKON}:
        found.append(_("期限由 {before} 改为 {after}").format(before=_day(given["before"]), after=_day(given["after"])))
    if line.action is Action.AMEND:
        found += [_("{name}：{before} → {after}").format(name=_(_FIELDS[name]), before=_word(name, pair[0]),
                                                         after=_word(name, pair[1]))
                  for name, pair in given.items() if name in _FIELDS]  # fmt: skip
    return found


_FIELDS = {
    "channel": "渠道", "category": "诉求类型", "topic": "主题", "occurred_on": "收到日期", "is_urgent": "加急",
    "is_tallied": "已计数", "external_no": "外部编号",
}  # fmt: skip


def _word(name: str, value: str) -> str:
    if name == "channel":
        return channel_label(value)
    if name == "category":
        return _(CATEGORY_LABELS[Category(value)])
    return {"True": _("是"), "False": _("否"), "": "—"}.get(value, value)


def _day(text: str) -> str:
    return f"{local(datetime.fromisoformat(text)):%Y-%m-%d}" if text else "—"


def tag_of(letter: Letter) -> str:
    """Return the look of the state in ``ui/tag.html``."""
    return _TAGS[letter.state]


def channel_label(code: str) -> str:
    """Return the Chinese name of a channel code."""
    return _(CHANNEL_LABELS[Channel(code)]) if code in set(Channel) else code


def mentioned(lines: Sequence[Happening]) -> set[int | None]:
    """Return the people that a history names."""
    return {line.actor_id for line in lines} | {line.detail.get("handler") for line in lines}
