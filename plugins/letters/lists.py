"""Taking in a list of letters or work orders: columns, what a row means, all rows or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from cms.api import Actor, Invalid, Keyring, UnitOfWork, departments, one_line
from cms.api import gettext as _

from .list_files import ListRow
from .models import Letter
from .receiving import LetterInput, RegisterInput, Sender, register
from .terms import CATEGORY_LABELS, CHANNEL_LABELS, Category, Channel

K = TypeVar("K", Channel, Category)
#: Field → heading; others are named as errors, so that nothing is lost by a slip.
COLUMNS: Mapping[str, str] = {
    "channel": "渠道", "category": "诉求类型", "external_no": "工单编号", "title": "标题", "text": "内容",
    "topic": "主题", "received_on": "收到时间", "name": "来信人", "phone": "电话", "email": "电子邮箱",
    "address": "地址", "department": "承办科室", "answered_on": "答复日期", "answer": "答复内容", "source": "依据",
    "is_urgent": "加急", "wants_public": "同意公开", "page_url": "网页地址",
}  # fmt: skip
REQUIRED = ("title", "received_on")
_YES, _NO = frozenset({"是", "√", "1", "y", "yes", "true"}), frozenset({"", "否", "0", "n", "no", "false"})
_FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d",
    "%Y年%m月%d日",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What counts where the list says nothing."""

    channel: Channel
    category: Category
    source: str


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in a line: the heading it is about, if it is about one."""

    line: int
    heading: str
    text: str


@dataclass
class ListResult:
    """What came of a list. With problems nothing was kept."""

    new: int = 0
    known: int = 0
    problems: list[RowProblem] = field(default_factory=list)


def take_list(
    uow: UnitOfWork, keyring: Keyring, rows: Sequence[ListRow], defaults: Defaults, *, actor: Actor
) -> ListResult:
    """Register every row as a letter; one whose number is registered already is passed over.

    The caller keeps the unit of work only if there are no problems.

    :raises Invalid: field ``file``, for headings that are missing or unknown.
    """
    fields = _fields(rows[0].cells)
    offices = {one.name: one.id for one in departments(uow.session)}
    result = ListResult()
    for row in rows:
        texts = {name: row.cells.get(heading, "") for name, heading in fields.items()}
        try:
            if _is_known(uow, texts, defaults):
                result.known += 1
                continue
            with uow.session.begin_nested():
                register(uow, keyring, _given(texts, offices, defaults), actor=actor)
            result.new += 1
        except Invalid as refused:
            result.problems += _problems(row.number, refused)
    return result


def _fields(cells: Mapping[str, str]) -> dict[str, str]:
    labels = {_(heading): name for name, heading in COLUMNS.items()}
    unknown = [heading for heading in cells if heading not in labels]
    missing = [_(COLUMNS[name]) for name in REQUIRED if _(COLUMNS[name]) not in cells]
    lines = []
    if unknown:
        known = "、".join(labels)
        lines.append(_("不认识的列：{names}。可用的列：{known}。").format(names="、".join(unknown), known=known))
    if missing:
        lines.append(_("缺少列：{names}。").format(names="、".join(missing)))
    if lines:
        raise Invalid({"file": lines})
    return {labels[heading]: heading for heading in cells}


def _is_known(uow: UnitOfWork, texts: Mapping[str, str], defaults: Defaults) -> bool:
    number = one_line(texts.get("external_no", ""))[:60]
    if not number:
        return False
    channel = _code(CHANNEL_LABELS, texts.get("channel", ""), Channel) or defaults.channel
    found = select(Letter.id).where(Letter.channel == channel, Letter.external_no == number)
    return uow.session.scalar(found) is not None


def _given(texts: Mapping[str, str], offices: Mapping[str, int], defaults: Defaults) -> RegisterInput:
    errors: dict[str, list[str]] = {}

    def said(name: str) -> str:
        return texts.get(name, "")

    channel = _chosen(CHANNEL_LABELS, said("channel"), Channel, defaults.channel, "channel", errors)
    category = _chosen(CATEGORY_LABELS, said("category"), Category, defaults.category, "category", errors)
    received = _moment(said("received_on"), "received_on", errors)
    answered = _moment(said("answered_on"), "answered_on", errors) if said("answered_on") else None
    if said("department") and said("department") not in offices:
        errors["department"] = [_("没有这个科室。")]
    flags = {name: _flag(said(name), name, errors) for name in ("is_urgent", "wants_public")}
    if errors or received is None:
        raise Invalid(errors)
    return RegisterInput(
        letter=LetterInput(
            channel=channel, category=category, title=said("title"), text=said("text"), topic=said("topic"),
            page_url=said("page_url"), wants_public=flags["wants_public"],
            sender=Sender(name=said("name"), phone=said("phone"), email=said("email"), address=said("address")),
        ),
        received_on=received.date(), time=(received.hour, received.minute), external_no=said("external_no"),
        source=said("source") or defaults.source, department_id=offices.get(said("department")),
        is_urgent=flags["is_urgent"], answered_on=answered.date() if answered else None, answer=said("answer"),
    )  # fmt: skip


def _code(labels: Mapping[K, str], text: str, kind: type[K]) -> K | None:
    """Return the code that a label, or the code itself, stands for."""
    by_label = {_(label): code for code, label in labels.items()}
    return by_label.get(text) or (kind(text) if text in set(kind) else None)


def _chosen(  # noqa: PLR0917 — the parts of one cell
    labels: Mapping[K, str], text: str, kind: type[K], default: K, name: str, errors: dict[str, list[str]]
) -> K:
    if not text:
        return default
    code = _code(labels, text, kind)
    if code is None:
        errors[name] = [_("应为：{words}。").format(words="、".join(_(label) for label in labels.values()))]
    return code or default


def _moment(text: str, name: str, errors: dict[str, list[str]]) -> datetime | None:
    for pattern in _FORMATS:
        try:
            return datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 — wall time in Asia/Shanghai, as the list has it
        except ValueError:
            continue
    errors[name] = [_("请填写日期或时间，例如 2016-03-08 或 2016-03-08 09:30。")]
    return None


def _flag(text: str, name: str, errors: dict[str, list[str]]) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        errors[name] = [_("请填写“是”或“否”。")]
    return word in _YES


def _problems(line: int, refused: Invalid) -> list[RowProblem]:
    headings = {**COLUMNS, "time": COLUMNS["received_on"], "department_id": COLUMNS["department"]}
    return [
        RowProblem(line, _(headings[name]) if name in headings else "", text)
        for name, lines in refused.errors.items()
        for text in lines
    ]
