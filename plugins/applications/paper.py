"""The paper year: an application or case entered in one go from its ledger, with everything that has happened to it.

Nothing of it raises an alarm for what was over when it was entered. The line in the ledger is the evidence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from cms.api import Actor, Edition, Invalid, Keyring, UnitOfWork, edition_on, get_cms, local_date, one_line, require
from cms.api import gettext as _

from . import casework, dues
from .casework import CaseInput
from .closing import OTHER, close, result_of
from .history import Entry, note_step
from .intake import create
from .models import ApplicantClass, Application, Case, CaseKind, CaseResult, Channel, Inquiry, InquiryKind, Outcome
from .requests import Party, Request, problems
from .states import State, Step
from .terms import HANDLE


@dataclass(frozen=True, kw_only=True)
class PaperRecord:
    """A line of the ledger of applications.

    :param received_on: the day of receipt by art. 31; the day it was made if left out. :param corrected_on: when a
        correction came in. :param extension_days: working days by which the answer was put off.
    :param closed_on: with ``result``; both are left out while it is open. :param source: ledger and page.
    """

    channel: Channel
    applicant_class: ApplicantClass
    made_on: date
    source: str
    received_on: date | None = None
    corrected_on: date | None = None
    extension_days: int = 0
    closed_on: date | None = None
    result: str = ""
    outcome: Outcome = Outcome.ANSWERED
    external_no: str = ""
    external_id: str | None = None
    title: str = ""
    doc_no: str = ""
    text: str = ""
    applicant: Party = field(default_factory=Party)
    evidence_id: int | None = None

    @property
    def received(self) -> date:
        """Return the day of receipt."""
        return self.received_on or self.made_on


def enter_paper(uow: UnitOfWork, keyring: Keyring, given: PaperRecord, *, actor: Actor) -> Application:
    """Enter an application from the ledger; a name is not needed where the ledger has none.

    :raises NotAllowed: without permission. :raises Invalid: by field.
    """
    require(actor, HANDLE)
    request = Request(
        channel=given.channel, made_on=given.made_on, applicant_class=given.applicant_class, title=given.title,
        applicant=given.applicant, doc_no=given.doc_no, text=given.text,
    ).tidied()  # fmt: skip
    errors = {**problems(request, is_strict=False), **_problems(uow, given)}
    if not request.applicant.name:
        errors.pop("name", None)
    if errors:
        raise Invalid(errors)
    entry = Entry(source=given.source, evidence_id=given.evidence_id)
    one, _code = create(uow, keyring, request, actor=actor, entry=entry)
    one.external_no, one.external_id = one_line(given.external_no)[:60], given.external_id
    one.received_on = one.clock_from = given.received
    one.edition = edition_on(given.received).id
    _step(uow, one, Step.REGISTER, State.REGISTERED, given.received, actor=actor, entry=entry)
    if given.corrected_on is not None:
        _correct(uow, one, given.corrected_on, actor=actor, entry=entry)
    if given.extension_days:
        one.extension_days = given.extension_days
    if given.closed_on is not None:
        is_answered = given.outcome is Outcome.ANSWERED
        step, state = (Step.SERVE, State.ANSWERED) if is_answered else (Step.CLOSE, State.CLOSED)
        _step(uow, one, step, state, given.closed_on, actor=actor, entry=entry)
        close(one, given.closed_on, given.result, given.outcome)
    dues.store(uow, one)
    return one


def _step(
    uow: UnitOfWork, one: Application, step: Step, state: State, day: date, *, actor: Actor, entry: Entry
) -> None:  # fmt: skip
    on = Entry(on=day, source=entry.source, evidence_id=entry.evidence_id)
    note_step(uow, one, step, state, day, actor=actor, entry=on)


def _correct(uow: UnitOfWork, one: Application, day: date, *, actor: Actor, entry: Entry) -> None:
    uow.session.add(Inquiry(
        application_id=one.id, kind=InquiryKind.CORRECTION, text="", notified_on=one.received_on, due_on=day,
        replied_on=day, reply="", occurred_on=one.received_on, recorded_at=uow.clock.now(), recorded_by_id=actor.id,
        source=one_line(entry.source)[:200],
    ))  # fmt: skip
    _step(uow, one, Step.CORRECT, State.REGISTERED, day, actor=actor, entry=entry)


def _problems(uow: UnitOfWork, given: PaperRecord) -> dict[str, list[str]]:
    today, errors = local_date(uow.clock.now()), dict[str, list[str]]()
    days = (
        ("made_on", given.made_on), ("received_on", given.received), ("corrected_on", given.corrected_on),
        ("closed_on", given.closed_on),
    )  # fmt: skip
    last = date.min
    for name, day in days:
        if day is None:
            continue
        if day > today:
            errors[name] = [_("日期不能晚于今天。")]
        elif day < last:
            errors[name] = [_("日期先后不对，不能早于 {day}。").format(day=last)]
        last = max(last, day)
    if not one_line(given.source):
        errors["source"] = [_("请写明依据，例如：依申请公开登记簿第3页。")]
    if (given.closed_on is None) != (not given.result):
        errors["result"] = [_("办结日期和办理结果要么都填，要么都不填。")]
    elif given.result and given.result not in _results(edition_on(given.received)):
        errors["result"] = [_("“{code}”不是这件申请适用的法规版本的办理结果。").format(code=given.result[:20])]
    most = edition_on(given.received).clocks["extend"].n
    if not 0 <= given.extension_days <= most:
        errors["extension_days"] = [_("延长 0 到 {n} 个工作日。").format(n=most)]
    return errors


def _results(edition: Edition) -> set[str]:
    """Return the results of an edition, and the rows of later ones that it has none for (see :mod:`.closing`)."""
    return {one.code for one in edition.results} | {result_of(edition, OTHER)}


_TEXTS = ("external_no", "title", "doc_no", "text", "source", "result")
_DAYS = ("made_on", "received_on", "corrected_on", "closed_on")
_PARTY = ("name", "id_number", "uscc", "phone", "email", "address")


def import_paper(uow: UnitOfWork, raw: Mapping[str, Any], external_id: str | None, actor: Actor) -> None:
    """Take in a line of a ledger as it is written in an import file.

    :raises Invalid: by key.
    """
    known = {
        *_TEXTS,
        *_DAYS,
        *_PARTY,
        "record",
        "external_id",
        "channel",
        "applicant_class",
        "extension_days",
        "outcome",
    }
    errors = {name: [_("未知的键。")] for name in sorted(set(raw) - known)}
    days = {name: _day(raw.get(name), name, errors) for name in _DAYS}
    channel = _member(Channel, raw.get("channel"), "channel", errors)
    kind = _member(ApplicantClass, raw.get("applicant_class"), "applicant_class", errors)
    outcome = _member(Outcome, raw.get("outcome") or Outcome.ANSWERED.value, "outcome", errors)
    extension = raw.get("extension_days") or 0
    if not isinstance(extension, int):
        errors["extension_days"] = [_("应为整数。")]
    made = days["made_on"] or days["received_on"]
    if made is None:
        errors.setdefault("made_on", [_("缺少申请日期。")])
    if errors or channel is None or kind is None or outcome is None or made is None:
        raise Invalid(errors)
    given = PaperRecord(
        channel=channel, applicant_class=kind, made_on=made, received_on=days["received_on"], outcome=outcome,
        corrected_on=days["corrected_on"], closed_on=days["closed_on"], extension_days=extension,
        external_id=external_id, applicant=Party(**_texts(raw, _PARTY)), **_texts(raw, _TEXTS),
    )  # fmt: skip
    enter_paper(uow, get_cms().keyring, given, actor=actor)


def _texts(raw: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: str(raw.get(name) or "") for name in names}


def import_paper_case(uow: UnitOfWork, raw: Mapping[str, Any], external_id: str | None, actor: Actor) -> None:
    """Take in a case as it is written in an import file: kind, body, received_on, decided_on, result, source.

    :raises Invalid: by key.
    """
    texts = ("body", "number", "matter", "decision", "source", "application")
    known = {*texts, "record", "external_id", "kind", "result", "received_on", "decided_on"}
    errors = {name: [_("未知的键。")] for name in sorted(set(raw) - known)}
    received, decided = (_day(raw.get(name), name, errors) for name in ("received_on", "decided_on"))
    kind = _member(CaseKind, raw.get("kind"), "kind", errors)
    result = _member(CaseResult, raw["result"], "result", errors) if raw.get("result") else None
    if (decided is None) != (result is None):
        errors.setdefault("result", [_("审结日期和结果要么都填，要么都不填。")])
    about = _application(uow, str(raw.get("application") or ""), errors)
    if received is None:
        errors.setdefault("received_on", [_("缺少收到日期。")])
    if errors or kind is None:
        raise Invalid(errors)
    case = casework.open_case(
        uow, CaseInput(
            kind=kind, body=str(raw.get("body") or ""), number=str(raw.get("number") or ""),
            matter=str(raw.get("matter") or ""), application_id=about, external_id=external_id,
        ), actor=actor, entry=Entry(on=received, source=str(raw.get("source") or "")),
    )  # fmt: skip
    if decided is not None and result is not None:
        _decide(uow, case, result, decided, raw, actor=actor)


def _decide(
    uow: UnitOfWork, case: Case, result: CaseResult, day: date, raw: Mapping[str, Any], *, actor: Actor
) -> None:  # fmt: skip
    entry = Entry(on=day, source=str(raw.get("source") or ""))
    casework.decide(uow, case, actor=actor, result=result, decision=str(raw.get("decision") or ""), entry=entry)


def _application(uow: UnitOfWork, number: str, errors: dict[str, list[str]]) -> int | None:
    if not number:
        return None
    named = or_(Application.number == number, Application.external_no == number)
    found = uow.session.scalars(select(Application.id).where(named)).all()
    if len(found) != 1:
        errors["application"] = [_("没有编号为 {number} 的申请，或者不止一件。").format(number=number[:40])]
        return None
    return found[0]


def _day(value: object, name: str, errors: dict[str, list[str]]) -> date | None:
    if value in {None, ""}:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        errors[name] = [_("应为日期，例如 2016-03-08。")]
        return None


def _member(kind: type[Any], value: object, name: str, errors: dict[str, list[str]]) -> Any:  # noqa: ANN401 — of any enum
    found = next((one for one in kind if one.value == value), None)
    if found is None:
        errors[name] = [_("应为：{words}。").format(words="、".join(one.value for one in kind))]
    return found
