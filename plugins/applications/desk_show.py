"""The page of one application in the desk: what was asked, how it stands, what can be done, what happened."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from cms.api import (
    Clock,
    StripDay,
    accesses_of,
    can,
    current_actor,
    day_strip,
    files_of,
    get_cms,
    load_calendar,
    load_settings,
    local,
    mask_personal,
    names_of,
    read_session,
    render_in_desk,
)  # fmt: skip
from cms.api import gettext as _

from . import answering, casework, desk_parts, dues, terms
from .desk_pages import (
    NAME,
    Fact,
    FileLink,
    ShowPage,
    StepLink,
    TimelineStep,
    alarm_tag,
    countdown,
    crumbs,
    show_url,
    state_tag,
    today,
)  # fmt: skip
from .desk_steps import allowed, names_offered
from .history import get, history
from .models import Application, Event
from .notices import notice_kinds
from .people import others_of, repeated
from .settings import ApplicationSettings
from .states import IN_HAND, Step, step_label
from .terms import HANDLE
from .watching import alarm_of, soon_until

_GOOD = frozenset({Step.REGISTER, Step.SIGN, Step.SERVE, Step.CORRECT, Step.FEE_PAID})
_BAD = frozenset({Step.CORRECTION_LAPSED, Step.FEE_LAPSED, Step.RETURN_ANSWER, Step.WITHDRAW, Step.CLOSE})
_ACCESS_SHOWN = 8


def show(application_id: int) -> str:
    """Show an application without personal data."""
    session, cms, actor = read_session(), get_cms(), current_actor()
    one = get(session, application_id)
    found, day = dues.Proceedings.of(session, one.id), today()
    soon = soon_until(session, day)
    may_handle = can(actor, HANDLE)
    values = cms.keyring.open(one.particulars, Application.particulars)
    page = ShowPage(
        title=_("申请 {number}").format(number=one.number), crumbs=crumbs(), application=one,
        lead=one.title or one.doc_no, state=state_tag(one), alarm=alarm_tag(alarm_of(one, day, soon)),
        subject=list(_subject(one)), text=mask_personal(values.get("text", "")), people=list(_people(one)),
        hints=list(_hints(session, one)) if may_handle else [], earlier=_earlier(session, one) if may_handle else [],
        steps=_steps(session, one, found, day), parts=list(desk_parts.parts(one, found)),
        answers=list(desk_parts.answers(session, one)),
        cases=list(desk_parts.cases(casework.cases_of(session, one.id))),
        files=_files(session, one) if may_handle else [], notices=_notices(one, found) if may_handle else [],
        timeline=_timeline(session, history(session, one.id)), clock=list(_clock_facts(session, one, found, day)),
        strip=_strip(session, one, found), links=_links(one, may_handle=may_handle),
        accesses=_accesses(session, one) if may_handle else [],
    )  # fmt: skip
    return render_in_desk(page)


def _subject(one: Application) -> Iterator[Fact]:
    yield Fact(_("信息名称"), one.title or "—")
    yield Fact(_("文号"), one.doc_no or "—")
    yield Fact(_("获取方式"), terms.medium_labels()[one.medium])
    yield Fact(_("获取途径"), terms.delivery_labels()[one.delivery])
    yield Fact(_("申请方式"), terms.channel_labels()[one.channel])
    yield Fact(_("申请日期"), one.occurred_on.isoformat())
    if one.external_no:
        yield Fact(_("纸质登记簿编号"), one.external_no)


def _people(one: Application) -> Iterator[Fact]:
    yield Fact(_("申请人"), one.masked_name or _("（已删除）"))
    yield Fact(_("类型"), terms.class_labels()[one.applicant_class])
    yield Fact(_("代理人"), _("有") if one.agent else _("无"))
    if one.co_count:
        yield Fact(_("共同申请人"), _("{n} 名").format(n=one.co_count))
    if one.erased_at is not None:
        yield Fact(_("个人信息"), _("已于 {day} 删除").format(day=local(one.erased_at).date()))


def _hints(session: Session, one: Application) -> Iterator[Fact]:
    keyring = get_cms().keyring
    again = repeated(session, keyring, one)
    if again:
        numbers = "、".join(other.number for other in again[:5])
        yield Fact(_("可能是重复申请"), _("同一申请人曾申请相同内容：{numbers}").format(numbers=numbers))


def _earlier(session: Session, one: Application) -> list[tuple[str, str]]:
    found = others_of(session, get_cms().keyring, one, limit=10)
    return [(f"{other.number} {other.title or other.doc_no}", show_url(other.id)) for other in found]


def _steps(session: Session, one: Application, found: dues.Proceedings, day: date) -> list[StepLink]:
    if one.voided_at is not None:
        return []
    answer = answering.current_answer(session, one)
    offers = allowed(list(names_offered(one, found, answer, day)), current_actor())
    return [
        StepLink(step.label, step_url(one.id, name), is_main=step.is_main, is_grave=step.is_grave)
        for name, step in offers
    ]


def step_url(application_id: int, name: str, item: int | None = None) -> str:
    """Return the address of the form of a step."""
    return url_for(f"{NAME}.step", application_id=application_id, name=name, item=item)


def _clock_facts(session: Session, one: Application, found: dues.Proceedings, day: date) -> Iterator[Fact]:
    if one.organ_confirmed_on is not None and one.received_on is None:
        yield Fact(_("本机关确认"), one.organ_confirmed_on.isoformat())
    if one.applicant_confirmed_on is not None:
        how = terms.confirmed_labels().get(one.confirmed_how, "")
        yield Fact(_("申请人确认"), f"{one.applicant_confirmed_on} {how}".strip())
    if one.received_on is None:
        return
    edition = dues.edition_of(one)
    yield Fact(_("收到申请之日"), one.received_on.isoformat())
    yield Fact(_("适用法规"), f"{edition.title}（{edition.number}）")
    if one.clock_from is not None and one.clock_from != one.received_on:
        yield Fact(_("重新起算"), one.clock_from.isoformat())
    notify = edition.clock("correct_notice")
    if notify is not None and one.state in IN_HAND and not found.inquiries:
        last, _estimated = dues.due(notify, one.received_on, load_calendar(session))
        yield Fact(_("需要补正的，最迟告知"), last.isoformat())
    if one.extension_days:
        yield Fact(_("延长"), _("{n} 个工作日，{who}同意").format(n=one.extension_days, who=one.extension_consent))
    if one.due_on is not None:
        mark = _("（预估）") if one.is_estimated else ""
        yield Fact(_("答复期限"), f"{one.due_on}{mark}")
    if one.closed_on is not None:
        yield Fact(_("办结"), one.closed_on.isoformat())
        yield Fact(_("办理结果"), _result(one))
    waiting = countdown(one, day)
    if waiting:
        yield Fact(_("还有多久"), waiting)


def _result(one: Application) -> str:
    known = {result.code: result for edition in (dues.edition_of(one),) for result in edition.results}
    found = known.get(one.result)
    return f"{one.result} {found.group}{found.label}" if found is not None else one.result


def _strip(session: Session, one: Application, found: dues.Proceedings) -> Sequence[StripDay]:
    if one.received_on is None:
        return ()
    restarts = load_settings(session, ApplicationSettings).fee_restarts
    clock: Clock = dues.answer_clock(one, found, fee_restarts=restarts)
    return day_strip(clock, load_calendar(session), estimate=True)


def _files(session: Session, one: Application) -> list[FileLink]:
    cms, labels = get_cms(), terms.file_labels()
    subjects = [terms.subject_of(one), *(terms.files_of_answer(a) for a in answering.answers_of(session, one.id))]
    return [
        FileLink(line, labels.get(line.purpose, line.purpose), url_for(
            f"{NAME}.file", application_id=one.id, file_id=line.id
        )) for subject in subjects for line in files_of(session, cms.sealed_files, subject)
    ]  # fmt: skip


def _notices(one: Application, found: dues.Proceedings) -> list[StepLink]:
    return [
        StepLink(label, url_for(f"{NAME}.notice", application_id=one.id, kind=kind, extension="docx"), False, False)
        for kind, label in notice_kinds(one, found).items()
    ]


def _timeline(session: Session, events: Sequence[Event]) -> list[TimelineStep]:
    names = names_of(session, {event.recorded_by_id for event in events})
    return [_line(event, names) for event in reversed(events)]


def _line(event: Event, names: dict[int, str]) -> TimelineStep:
    who = _("申请人") if event.by_applicant else names.get(event.recorded_by_id or 0, _("系统"))
    kind = "good" if event.step in _GOOD else "bad" if event.step in _BAD or event.remark == "lapse_noted" else ""
    recorded = local(event.recorded_at)
    late = "" if recorded.date() == event.occurred_on else _("（{day} 补录）").format(day=recorded.date())
    comment = "；".join(
        filter(None, (event.note, _("依据：{source}").format(source=event.source) if event.source else ""))
    )
    return TimelineStep(
        title=step_label(event.step) if event.step is not None else desk_parts.remark_label(event.remark), who=who,
        at=event.occurred_on.isoformat(), shown_at=f"{event.occurred_on}{late}", comment=comment, kind=kind,
    )  # fmt: skip


def _links(one: Application, *, may_handle: bool) -> dict[str, str]:
    found = dict.fromkeys(("personal", "redact", "case", "answer", "publicise"), "")
    if not may_handle:
        return found
    if one.erased_at is None:
        found["personal"] = url_for(f"{NAME}.personal", application_id=one.id)
    if one.received_on is not None and one.voided_at is None:
        found["redact"] = url_for(f"{NAME}.redact", application_id=one.id)
        found["case"] = url_for(f"{NAME}.case_new", application=one.number)
    if answering.may_draft(one):
        found["answer"] = url_for(f"{NAME}.compose", application_id=one.id)
    if one.closed_on is not None and one.content_id is None:
        found["publicise"] = url_for(f"{NAME}.publicise", application_id=one.id)
    return found


def _accesses(session: Session, one: Application) -> list[Fact]:
    lines = accesses_of(session, terms.subject_of(one), limit=_ACCESS_SHOWN)
    return [Fact(f"{local(line.access.recorded_at):%Y-%m-%d %H:%M} {line.actor}", line.access.why) for line in lines]
