"""Taking letters in: from the forms of the site, and by hand from other ways, also long after they came."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime

from sqlalchemy import select, update

from cms.api import (
    CITIZEN,
    Actor,
    Invalid,
    Keyring,
    UnitOfWork,
    can,
    clean,
    departments,
    local_date,
    local_instant,
    mask_personal,
    new_code,
    one_line,
    require,
    seal_code,
    seal_into,
)  # fmt: skip
from cms.api import gettext as _

from .answering import note_answer
from .clocks import red_line
from .limits import reckon
from .models import Letter, Series
from .states import Action, State
from .steps import LEADS, write
from .terms import ONLINE, Category, Channel, Verdict

MAX_TITLE, MAX_TEXT, MAX_NAME, MAX_URL = 100, 5000, 60, 500
MIN_TEXT = 5


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What a writer says of themselves; everything may be left out where the channel allows it."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class LetterInput:
    """A letter as it was typed."""

    channel: Channel
    category: Category | None
    title: str
    text: str
    topic: str = ""
    sender: Sender = field(default_factory=Sender)
    wants_public: bool | None = None
    page_url: str = ""


@dataclass(frozen=True, kw_only=True)
class RegisterInput:
    """A letter that a person enters, with what a form of the site would know by itself.

    :param received_on: day of arrival, :param time: and hour if known. :param source: what proves it: ledger and page,
        number of the work order. :param is_tallied: a tally counts it already.
    :param answered_on: it has been answered on that day, with ``answer``, outside the system.
    """

    letter: LetterInput
    received_on: date
    source: str
    time: tuple[int, int] | None = None
    external_no: str = ""
    external_id: str | None = None
    department_id: int | None = None
    evidence_id: int | None = None
    is_urgent: bool = False
    is_tallied: bool = False
    answered_on: date | None = None
    answer: str = ""


def receive(uow: UnitOfWork, keyring: Keyring, given: LetterInput, *, topics: tuple[str, ...]) -> tuple[Letter, str]:
    """Take in a letter from a form of the site; return it with the query code, which is shown once.

    :param topics: those that the form offers. :raises Invalid: by field.
    """
    errors = problems_of(given, topics=topics)
    if given.channel not in ONLINE:
        errors["channel"] = [_("请选择渠道。")]
    if given.channel is not Channel.SITE_ERROR:
        errors |= _online_problems(given)
    if errors:
        raise Invalid(errors)
    code, now = new_code(), uow.clock.now()
    letter = _add(uow, keyring, given, received_at=now, actor=CITIZEN)
    letter.code = seal_code(keyring, code, Letter.code)
    reckon(uow.session, letter)
    write(uow, letter, Action.RECEIVE, actor=CITIZEN, before=None, on=letter.occurred_on)
    return letter, code


def problems_of(given: LetterInput, *, topics: tuple[str, ...]) -> dict[str, list[str]]:
    """Return what is wrong with a letter whatever its channel, by field."""
    errors: dict[str, list[str]] = {}
    if given.category is None:
        errors["category"] = [_("请选择诉求类型。")]
    if given.topic and topics and given.topic not in topics:
        errors["topic"] = [_("请从列表中选择主题。")]
    if not one_line(given.title):
        errors["title"] = [_("请填写标题。")]
    elif len(one_line(given.title)) > MAX_TITLE:
        errors["title"] = [_("标题最多 {n} 个字。").format(n=MAX_TITLE)]
    if len(clean(given.text)) > MAX_TEXT:
        errors["text"] = [_("内容最多 {n} 个字，请精简，或在标题中注明后分次提交。").format(n=MAX_TEXT)]
    for name, value in asdict(given.sender).items():
        if len(one_line(value)) > (MAX_NAME if name in {"name", "phone"} else 2 * MAX_NAME):
            errors[name] = [_("内容过长，请精简。")]
    if len(one_line(given.page_url)) > MAX_URL:
        errors["page_url"] = [_("网址最多 {n} 个字符。").format(n=MAX_URL)]
    if given.channel is Channel.SITE_ERROR and not one_line(given.page_url):
        errors["page_url"] = [_("请填写有错误的网页的网址。")]
    return errors


def _online_problems(given: LetterInput) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if len(clean(given.text)) < MIN_TEXT:
        errors["text"] = [_("请写清楚您要反映或咨询的事情。")]
    if not given.topic:
        errors["topic"] = [_("请选择主题；不清楚的选“其他”。")]
    if not one_line(given.sender.name):
        errors["name"] = [_("请填写姓名或称呼。")]
    if not one_line(given.sender.phone) and not one_line(given.sender.email):
        errors["phone"] = [_("请填写电话或电子邮箱，至少一项，便于核实情况。")]
    if given.wants_public is None:
        errors["wants_public"] = [_("请选择是否同意公开。")]
    return errors


def register(uow: UnitOfWork, keyring: Keyring, given: RegisterInput, *, actor: Actor) -> Letter:
    """Enter a letter that came on another way, with its day of arrival and what proves it.

    With ``answered_on`` it is entered as answered. A limit that has passed before the entry raises no alarm.

    :raises NotAllowed: without permission. :raises Invalid: by field.
    """
    require(actor, "letters.register")
    today = local_date(uow.clock.now())
    errors = problems_of(given.letter, topics=())
    errors |= _register_problems(uow, given, today, actor)
    if errors:
        raise Invalid(errors)
    hour, minute = given.time or (0, 0)
    arrived = local_instant(given.received_on, hour, minute)
    letter = _add(uow, keyring, given.letter, received_at=arrived, actor=actor)
    letter.source, letter.evidence_id = one_line(given.source)[:200], given.evidence_id
    letter.external_no, letter.external_id = one_line(given.external_no)[:60], given.external_id
    letter.is_urgent, letter.is_tallied = given.is_urgent, given.is_tallied
    letter.department_id = given.department_id
    reckon(uow.session, letter)
    write(uow, letter, Action.RECEIVE, actor=actor, before=None, on=given.received_on)
    if given.answered_on is not None:
        note_answer(uow, letter, given.answer, actor=actor, on=given.answered_on)
    elif given.department_id is not None:
        _send_on(uow, letter, actor=actor, on=given.received_on)
    return letter


def _send_on(uow: UnitOfWork, letter: Letter, *, actor: Actor, on: date) -> None:
    """Pass the first two steps for a letter that came with its department, as work orders do."""
    letter.verdict = Verdict.VALID
    for action, state in ((Action.SCREEN, State.SCREENED), (Action.ASSIGN, State.ASSIGNED)):
        before, letter.state = letter.state, state
        detail = {"department": letter.department_id} if action is Action.ASSIGN else {}
        write(uow, letter, action, actor=actor, before=before, on=on, detail=detail)


def _register_problems(uow: UnitOfWork, given: RegisterInput, today: date, actor: Actor) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if given.received_on > today:
        errors["received_on"] = [_("日期不能晚于今天。")]
    if not one_line(given.source):
        errors["source"] = [_("请写明依据，例如：来信登记簿第3页、工单编号。")]
    if given.department_id is not None and given.department_id not in {one.id for one in departments(uow.session)}:
        errors["department_id"] = [_("所选的科室已不存在，请重新选择。")]
    elif given.department_id not in {None, actor.department_id} and not can(actor, LEADS):
        errors["department_id"] = [_("只能登记由本科室承办的信件；其他的请留空，由信息公开专员分办。")]
    if given.answered_on is not None and not given.received_on <= given.answered_on <= today:
        errors["answered_on"] = [_("答复日期应在收到信件之后，且不能晚于今天。")]
    if given.answered_on is None and clean(given.answer):
        errors["answered_on"] = [_("已填写答复内容，请填写答复日期。")]
    if given.external_no and uow.session.scalar(
        select(Letter.id).where(
            Letter.channel == given.letter.channel, Letter.external_no == one_line(given.external_no)[:60]
        )
    ):
        errors["external_no"] = [_("这个编号已登记过。")]
    return errors


def _add(uow: UnitOfWork, keyring: Keyring, given: LetterInput, *, received_at: datetime, actor: Actor) -> Letter:
    title, text, day = one_line(given.title)[:MAX_TITLE], clean(given.text), local_date(received_at)
    letter = Letter(
        number=next_number(uow, day.year), channel=given.channel, category=given.category,
        topic=one_line(given.topic)[:60], title=mask_personal(title), text=mask_personal(text),
        page_url=one_line(given.page_url)[:MAX_URL], wants_public=bool(given.wants_public), received_at=received_at,
        occurred_on=day, red_on=red_line(day), recorded_at=uow.clock.now(), recorded_by_id=actor.id,
        state=State.RECEIVED, alarm="", extension=0, version=1,
    )  # fmt: skip
    personal = {name: one_line(value) for name, value in asdict(given.sender).items()}
    seal_into(keyring, letter, Letter.personal, {**personal, "title": title, "text": text})
    uow.session.add(letter)
    # The history names the id.
    uow.session.flush()
    return letter


def next_number(uow: UnitOfWork, year: int) -> str:
    """Return the next receipt number of ``year``; numbers are given once."""
    done = uow.session.execute(update(Series).where(Series.year == year).values(last=Series.last + 1))
    if not done.rowcount:  # type: ignore[attr-defined]  # an UPDATE returns a CursorResult
        uow.session.add(Series(year=year, last=1))
        uow.session.flush()
    number = uow.session.scalar(select(Series.last).where(Series.year == year))
    return f"XJ{year}-{number:05d}"
