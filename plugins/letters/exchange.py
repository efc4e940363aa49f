"""The register in exports, and how it comes back: whole letters with their history, or plain records of old ones.

Personal data travel sealed, and only if they are asked for. They can be opened where the same data key is; elsewhere
the masked text is all there is.
Attached files stay behind; a backup holds them.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import Date, select
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import Session

from cms.api import Actor, Invalid, KeyMissing, SealBroken, UnitOfWork, departments, get_cms, names_of, one_line
from cms.api import gettext as _

from .models import Draft, Happening, Letter, Limit, Series
from .offices import office_phones
from .publishing import PublicText, publish
from .receiving import LetterInput, RegisterInput, Sender, register
from .terms import Category, Channel

#: Columns that mean something on another site, by their own names.
_PLAIN = (
    "number", "external_no", "channel", "category", "topic", "title", "text", "page_url", "wants_public", "is_urgent",
    "is_tallied", "occurred_on", "received_at", "recorded_at", "source", "personal", "code", "state",
    "verdict", "handed_on", "handed_ref", "due_at", "warn_at", "is_estimated", "clock_from", "red_on", "extension",
    "urged_on", "alarm", "answer", "answered_at", "answered_on", "was_late", "published_at", "public_title",
    "public_text", "public_answer", "satisfaction", "rated_at", "closed_on", "ended_on", "legal_hold", "erased_at",
)  # fmt: skip
_EVENT = ("action", "before", "after", "occurred_on", "recorded_at", "note", "detail")
_LIMIT = ("channel", "category", "n", "unit", "warn_before", "basis", "valid_from", "recorded_at")
_BATCH = 200


def export_letters(session: Session) -> Iterator[Mapping[str, Any]]:
    """Yield the limits that were set, then every letter with its history and the versions of its answer."""
    for limit in session.scalars(select(Limit).order_by(Limit.id)):
        yield {"record": "letter_limit", **_values(limit, _LIMIT)}
    offices = {one.id: one.name for one in departments(session)}
    numbers = dict(session.execute(select(Letter.id, Letter.number)).all())
    for letter in session.scalars(select(Letter).order_by(Letter.id).execution_options(yield_per=_BATCH)):
        yield {
            "record": "letter", "external_id": letter.external_id or f"export-{letter.number}",
            **_values(letter, _PLAIN), "department": offices.get(letter.department_id or 0, ""),
            "answered_by": offices.get(letter.answered_by_id or 0, ""),
            "duplicate_of": numbers.get(letter.duplicate_of_id or 0, ""), "history": _history(session, letter, offices),
            "drafts": [
                {"text": one.text, "recorded_at": one.recorded_at.isoformat()}
                for one in session.scalars(select(Draft).where(Draft.letter_id == letter.id).order_by(Draft.number))
            ],
        }  # fmt: skip


def _history(session: Session, letter: Letter, offices: Mapping[int, str]) -> list[dict[str, Any]]:
    lines = session.scalars(select(Happening).where(Happening.letter_id == letter.id).order_by(Happening.id)).all()
    people = names_of(session, {line.actor_id for line in lines})
    found = []
    for line in lines:
        values = _values(line, _EVENT)
        # Numbers of accounts and departments mean nothing elsewhere; their names do.
        values["detail"] = {name: value for name, value in line.detail.items() if name not in {"department", "handler"}}
        if line.detail.get("department"):
            values["detail"]["office"] = offices.get(line.detail["department"], "")
        if line.actor_id is not None:
            values["detail"]["by"] = people.get(line.actor_id, "")
        found.append(values)
    return found


def _values(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def import_letter(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Take in a letter; one with a known ``external_id`` is there already. Tell whether it was new.

    With ``history`` it is a whole letter from an export. Without, it is registered like one entered by hand:
    ``channel``, ``category``, ``title``, ``received_on``, ``source`` and what else is known, ``answered_on`` and
    ``answer``, ``published`` with the text that citizens read.

    :raises Invalid: by key.
    """
    external_id = one_line(str(raw.get("external_id") or ""))[:200]
    if external_id and (_is_here(uow, external_id) or _came_from_here(uow, raw)):
        return False
    if "history" in raw:
        _restore(uow, raw, external_id or None)
    else:
        _register(uow, raw, external_id or None, actor)
    return True


def _is_here(uow: UnitOfWork, external_id: str) -> bool:
    return uow.session.scalar(select(Letter.id).where(Letter.external_id == external_id)) is not None


def _came_from_here(uow: UnitOfWork, raw: Mapping[str, Any]) -> bool:
    """Tell whether the record is an export of a letter that this site has: same number, entered at the same moment."""
    entered = uow.session.scalar(select(Letter.recorded_at).where(Letter.number == str(raw.get("number"))))
    return entered is not None and entered.isoformat() == raw.get("recorded_at")


def _restore(uow: UnitOfWork, raw: Mapping[str, Any], external_id: str | None) -> None:
    unknown = sorted(
        set(raw) - {*_PLAIN, "external_id", "department", "answered_by", "duplicate_of", "history", "drafts"}
    )
    if unknown:
        raise Invalid({name: [_("未知的键。")] for name in unknown})
    offices = {one.name: one.id for one in departments(uow.session)}
    letter = Letter(**_read(Letter, raw, _PLAIN), external_id=external_id, version=1)
    if uow.session.scalar(select(Letter.id).where(Letter.number == letter.number)):
        raise Invalid({"number": [_("编号 {number} 已被另一封信件使用。").format(number=letter.number)]})
    letter.department_id = offices.get(str(raw.get("department", "")))
    letter.answered_by_id = offices.get(str(raw.get("answered_by", "")))
    letter.duplicate_of_id = uow.session.scalar(select(Letter.id).where(Letter.number == str(raw.get("duplicate_of"))))
    letter.sender_key = _sender_key(letter)
    uow.session.add(letter)
    # History and drafts name the id.
    uow.session.flush()
    for line in raw["history"]:
        uow.session.add(Happening(letter_id=letter.id, **_read(Happening, line, _EVENT)))
        # Their order is that of their ids.
        uow.session.flush()
    for number, one in enumerate(raw.get("drafts") or (), 1):
        at = datetime.fromisoformat(one["recorded_at"])
        uow.session.add(Draft(letter_id=letter.id, number=number, text=one["text"], recorded_at=at))
    _advance(uow, letter.number)


def _sender_key(letter: Letter) -> str:
    """Return the fingerprint of the writer by the keys of this site; nothing if they do not open what was sealed."""
    ring = get_cms().keyring
    try:
        return ring.fingerprint("phone", ring.open(letter.personal, Letter.personal).get("phone", ""))
    except (KeyMissing, SealBroken):
        return ""


def _read(model: type[Any], raw: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the values of columns from JSON.

    :raises Invalid: by key, for what is missing or cannot be read.
    """
    columns, values = model.__table__.c, {}
    for name in names:
        try:
            values[name] = _parse(columns[name].type, raw[name])
        except (KeyError, ValueError, TypeError) as error:
            raise Invalid({name: [_("缺少或无法读取：{value}").format(value=str(raw.get(name))[:60])]}) from error
    return values


def _parse(kind: object, value: Any) -> Any:  # noqa: ANN401 — a value of JSON
    if value is None:
        return None
    if isinstance(kind, EnumType) and kind.enum_class is not None:
        return kind.enum_class(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if kind.__class__.__name__ == "TZDateTime":
        return datetime.fromisoformat(value)
    return value


def _advance(uow: UnitOfWork, number: str) -> None:
    """Let the next receipt number follow the one that was brought along."""
    prefix, _dash, last = number.partition("-")
    if prefix[:2] == "XJ" and prefix[2:].isdecimal() and last.isdecimal():
        row = uow.session.get(Series, int(prefix[2:])) or Series(year=int(prefix[2:]), last=0)
        row.last = max(row.last, int(last))
        uow.session.merge(row)
        uow.session.flush()


_KEYS = frozenset({
    "external_id", "channel", "category", "topic", "title", "text", "page_url", "received_on", "source", "external_no",
    "name", "phone", "email", "address", "wants_public", "is_urgent", "is_tallied", "department", "answered_on",
    "answer", "published",
})  # fmt: skip


def _register(uow: UnitOfWork, raw: Mapping[str, Any], external_id: str | None, actor: Actor) -> None:
    errors = {name: [_("未知的键。")] for name in sorted(set(raw) - _KEYS)}
    texts = {name: str(raw.get(name) or "") for name in _KEYS}
    days = {name: _day(texts[name], name, errors) for name in ("received_on", "answered_on")}
    if texts["channel"] not in set(Channel):
        errors["channel"] = [_("应为：{words}。").format(words="、".join(Channel))]
    if texts["category"] not in set(Category):
        errors["category"] = [_("应为：{words}。").format(words="、".join(Category))]
    received = days["received_on"]
    if errors or received is None:
        raise Invalid(errors or {"received_on": [_("缺少收到日期。")]})
    office = next((one.id for one in departments(uow.session) if one.name == texts["department"]), None)
    given = RegisterInput(
        letter=LetterInput(
            channel=Channel(texts["channel"]), category=Category(texts["category"]), title=texts["title"],
            text=texts["text"], topic=texts["topic"], page_url=texts["page_url"],
            wants_public=raw.get("wants_public") is True,
            sender=Sender(name=texts["name"], phone=texts["phone"], email=texts["email"], address=texts["address"]),
        ),
        received_on=received, source=texts["source"], external_no=texts["external_no"], external_id=external_id,
        department_id=office, is_urgent=raw.get("is_urgent") is True, is_tallied=raw.get("is_tallied") is True,
        answered_on=days["answered_on"], answer=texts["answer"],
    )  # fmt: skip
    letter = register(uow, get_cms().keyring, given, actor=actor)
    shown = raw.get("published")
    if isinstance(shown, Mapping):
        text = PublicText(
            title=str(shown.get("title", letter.title)), text=str(shown.get("text", letter.text)),
            answer=str(shown.get("answer", letter.answer)), is_checked=True,
        )  # fmt: skip
        publish(uow, letter, text, actor=actor, keep=office_phones(uow.session))


def _day(text: str, name: str, errors: dict[str, list[str]]) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        errors[name] = [_("应为日期，例如 2016-03-08。")]
        return None


def import_limit(uow: UnitOfWork, raw: Mapping[str, Any], actor: Actor) -> bool:
    """Take in a reply limit of an export, with the day from which it is in force; tell whether it was new."""
    values = _read(Limit, raw, _LIMIT)
    same = select(Limit.id).where(*(getattr(Limit, name) == value for name, value in values.items()))
    if uow.session.scalar(same):
        return False
    uow.session.add(Limit(**values, recorded_by_id=actor.id))
    return True
