"""Lists of letters and work orders, as the back-entry of the desk and ``cms sheets`` take them in."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    CellKind,
    CellValue,
    Invalid,
    NotAllowed,
    SheetColumn,
    SheetSpec,
    UnitOfWork,
    day_of,
    departments,
    get_cms,
    one_line,
)  # fmt: skip
from cms.api import gettext as _

from .answering import redo
from .models import Letter
from .receiving import MAX_TEXT, LetterInput, RegisterInput, Sender, register
from .screening import dismiss
from .steps import get_letter
from .terms import CATEGORY_LABELS, CHANNEL_LABELS, Category, Channel, Verdict

_YES = (("yes", "是"), ("no", "否"))
_CLOCK = ("%H:%M:%S", "%H:%M")
_TEXT, _CHOICE = CellKind.TEXT, CellKind.CHOICE


def _offices(session: Session) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in departments(session)]


def _labels(labels: Mapping[Channel, str] | Mapping[Category, str]) -> Callable[[Session], list[tuple[str, str]]]:
    return lambda _session: [(code.value, _(label)) for code, label in labels.items()]


def _columns(*, has_channel: bool) -> tuple[SheetColumn, ...]:
    channel = SheetColumn(name="channel", label="渠道", kind=_CHOICE, is_required=True, choices=_labels(CHANNEL_LABELS))
    page = SheetColumn(name="page_url", label="网页地址", length=500, help="只用于政府网站找错。")
    return (
        *([channel] if has_channel else []),
        SheetColumn(
            name="external_no", label="工单编号", length=60, is_required=not has_channel,
            help="编号相同的只登记一次；上级信箱等填对方的信件编号。",
        ),
        SheetColumn(name="title", label="标题", is_required=True, length=100),
        SheetColumn(
            name="received", label="收到时间", is_required=True, help="日期，或日期和时间，例如 2016-05-30 09:30。"
        ),
        SheetColumn(
            name="category", label="诉求类型", kind=_CHOICE, is_required=True, choices=_labels(CATEGORY_LABELS)
        ),
        SheetColumn(
            name="source", label="依据", is_required=True, help="例如：12345平台导出，2016年5月；来信登记簿第3页。"
        ),
        SheetColumn(name="text", label="内容", length=MAX_TEXT),
        SheetColumn(name="topic", label="主题", length=60),
        SheetColumn(name="name", label="来信人", length=60),
        SheetColumn(name="phone", label="电话", length=60),
        SheetColumn(name="address", label="地址", length=120),
        SheetColumn(
            name="department_id", label="承办科室", kind=_CHOICE, choices=_offices, help="填写的直接分办给该科室。"
        ),
        SheetColumn(name="answered_on", label="答复日期", kind=CellKind.DAY, help="填写的登记为已答复。"),
        SheetColumn(name="answer", label="答复内容", length=10_000),
        SheetColumn(name="is_urgent", label="加急", kind=_CHOICE, choices=lambda _session: _YES),
        SheetColumn(
            name="is_tallied", label="已计数", kind=_CHOICE, choices=lambda _session: _YES,
            help="计数登记已经数过的填“是”，不重复统计。",
        ),
        SheetColumn(name="wants_public", label="同意公开", kind=_CHOICE, choices=lambda _session: _YES),
        *([page] if has_channel else []),
    )  # fmt: skip


def take_letter(uow: UnitOfWork, row: Mapping[str, CellValue], /, *, actor: Actor) -> int | None:
    """Register the letter of a row; one whose number is registered already is passed over.

    :raises Invalid: by column.
    """
    channel = Channel(str(row.get("channel", Channel.HOTLINE_12345)))
    number = one_line(str(row["external_no"]))
    # One that was registered by mistake does not stand in the way of the right one.
    counted = or_(Letter.verdict.is_(None), Letter.verdict != Verdict.MISTAKE)
    known = select(Letter.id).where(Letter.channel == channel, Letter.external_no == number, counted)
    if number and uow.session.scalar(known) is not None:
        return None
    try:
        return register(uow, get_cms().keyring, _given(row, channel), actor=actor).id
    except Invalid as refused:
        columns = {"received_on": "received", "time": "received"}
        raise Invalid({columns.get(name, name): lines for name, lines in refused.errors.items()}) from refused


def undo_letter(uow: UnitOfWork, entry_id: int, /, *, actor: Actor, reason: str) -> bool:
    """Close a letter as registered by mistake; an answer that was entered with it is taken back first.

    :raises NotAllowed: without permission, or if the letter is public or somebody is at work on it.
    """
    letter = get_letter(uow.session, entry_id)
    if letter.verdict is Verdict.MISTAKE:
        return False
    if letter.published_at is not None:
        raise NotAllowed(_("{number} 已经公开，请先撤下。").format(number=letter.number))
    if letter.answered_at is not None:
        redo(uow, letter, actor=actor, note=reason)
    dismiss(uow, letter, Verdict.MISTAKE, actor=actor, note=reason)
    return True


def describe_letters(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return number, day and channel of letters; their titles may name people."""
    return {
        one.id: f"{one.number} {one.occurred_on} {_(CHANNEL_LABELS[one.channel])}"
        for one in session.scalars(select(Letter).where(Letter.id.in_(ids)))
    }


def _given(row: Mapping[str, CellValue], channel: Channel) -> RegisterInput:
    def said(name: str) -> str:
        return str(row.get(name) or "")

    received, time = moment_of(said("received"))
    answered = row["answered_on"]
    return RegisterInput(
        letter=LetterInput(
            channel=channel, category=Category(said("category")), title=said("title"), text=said("text"),
            topic=said("topic"), page_url=said("page_url"), wants_public=said("wants_public") == "yes",
            sender=Sender(name=said("name"), phone=said("phone"), address=said("address")),
        ),
        received_on=received, time=time, source=said("source"), external_no=said("external_no"),
        department_id=int(said("department_id")) if said("department_id") else None,
        answered_on=answered if isinstance(answered, date) else None, answer=said("answer"),
        is_urgent=said("is_urgent") == "yes", is_tallied=said("is_tallied") == "yes",
    )  # fmt: skip


def moment_of(text: str) -> tuple[date, tuple[int, int] | None]:
    """Return the day of a cell, and hour and minute if it has them.

    :raises Invalid: field ``received``, if it is no day.
    """
    day, _space, clock = text.strip().partition(" ")
    try:
        return day_of(day), _time_of(clock.strip()) if clock.strip() else None
    except ValueError as error:
        sentence = _("请填写日期，或日期和时间，例如 2016-03-08 09:30。")
        raise Invalid({"received": [sentence]}) from error


def _time_of(clock: str) -> tuple[int, int]:
    for pattern in _CLOCK:
        try:
            found = datetime.strptime(clock, pattern)  # noqa: DTZ007 — a time of day, as the list has it
        except ValueError:
            continue
        return found.hour, found.minute
    raise ValueError(clock)


SHEETS = (
    SheetSpec(
        code="letters.hotline", label="12345工单", permission="letters.register", take=take_letter,
        undo=undo_letter, describe=describe_letters,
        columns=_columns(has_channel=False), lead="由 12345 平台导出的工单整表导入；工单编号相同的只登记一次。",
    ),
    SheetSpec(
        code="letters", label="咨询信件", permission="letters.register", take=take_letter,
        undo=undo_letter, describe=describe_letters,
        columns=_columns(has_channel=True),
        lead="来信、来电、来访、上级信箱等，一件一行；补录过去年度的，写明收到日期和依据。",
    ),
)  # fmt: skip
