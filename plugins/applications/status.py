"""What an applicant may see of an application, and do with it, on the status page: never personal data."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.api import gettext as _
from cms.api import mask_personal

from . import dues
from .models import Answer, AnswerState, Application, InquiryKind
from .site_pages import Action, Fact
from .states import DONE, OPEN, State, state_label
from .terms import outcome_labels, served_labels

#: What the inner states are for whoever waits outside.
_OUTSIDE = {State.REVIEW: State.PROCESSING, State.SIGNED: State.PROCESSING}
CONFIRM, CORRECT, REASONS, WITHDRAW = "confirm", "correct", "reasons", "withdraw"


def find(session: Session, number: str) -> tuple[Application, str] | None:
    """Return the application of that number with its sealed code; for :func:`cms.api.look_up`."""
    found = session.scalar(select(Application).where(Application.number == number, Application.voided_at.is_(None)))
    return (found, found.code) if found is not None else None


def outside_state(application: Application) -> str:
    """Return the state as the applicant is told."""
    if application.state in {State.REDO_REVIEW, State.REDO_SIGNED}:
        return state_label(State.REPROCESSING)
    if application.state is State.ARCHIVED:
        return state_label(State.CLOSED if application.outcome != "answered" else State.ANSWERED)
    return state_label(_OUTSIDE.get(application.state, application.state))


def facts(session: Session, application: Application) -> Iterator[Fact]:
    """Yield the days of the application."""
    yield Fact(_("申请编号"), application.number)
    yield Fact(_("提交日期"), application.occurred_on.isoformat())
    if application.received_on is not None:
        yield Fact(_("收到申请之日"), application.received_on.isoformat())
    elif application.state is State.SUBMITTED:
        yield Fact(_("收到申请之日"), _("待双方确认"))
    if application.clock_from is not None and application.clock_from != application.received_on:
        yield Fact(_("答复期限重新起算"), application.clock_from.isoformat())
    if application.extension_days:
        yield Fact(_("延长答复"), _("{n} 个工作日").format(n=application.extension_days))
    yield from _due(application)
    if application.closed_on is not None:
        outcome = outcome_labels()[application.outcome] if application.outcome else ""
        yield Fact(_("办结"), f"{application.closed_on.isoformat()} {outcome}")
    yield from _served(session, application)


def _due(application: Application) -> Iterator[Fact]:
    if application.state not in OPEN:
        if application.redo_due_on is not None:
            yield Fact(_("重新答复期限"), application.redo_due_on.isoformat())
        return
    if application.due_on is None:
        yield Fact(_("答复期限"), _("暂停计算"))
    else:
        mark = _("（预估，{year} 年的放假安排公布后确定）").format(year=application.due_on.year)
        yield Fact(_("答复期限"), application.due_on.isoformat() + (mark if application.is_estimated else ""))


def _served(session: Session, application: Application) -> Iterator[Fact]:
    served = select(Answer).where(Answer.application_id == application.id, Answer.state == AnswerState.SERVED)
    for answer in session.scalars(served.order_by(Answer.position)):
        how = served_labels().get(answer.served_how, "")
        yield Fact(_("答复送达"), f"{answer.served_on} {how} {answer.number or ''}".strip())


def actions(session: Session, application: Application) -> Iterator[Action]:
    """Yield what the applicant can do now."""
    from .forms import ReplyForm  # noqa: PLC0415 — forms are built for each request

    if application.state is State.SUBMITTED and application.applicant_confirmed_on is None:
        yield Action(
            CONFIRM, _("确认申请"),
            _("根据《政府信息公开条例》第三十一条，通过互联网提交的申请以双方确认之日为收到申请之日。请确认这件申请由您提交。"),
        )  # fmt: skip
    found = dues.Proceedings.of(session, application.id)
    correction, reason = found.inquiry(InquiryKind.CORRECTION), found.inquiry(InquiryKind.REASON)
    if application.state is State.AWAIT_CORRECTION and correction is not None:
        lead = _("请在 {day} 前一次补正；逾期不补正的，视为放弃申请。").format(day=correction.due_on)
        yield Action(CORRECT, _("提交补正"), lead, mask_personal(correction.text), ReplyForm())
    if application.state is State.AWAIT_REASON and reason is not None and reason.replied_on is None:
        form = ReplyForm()
        form.text.label.text = _("理由")
        lead = _("请在 {day} 前说明理由。").format(day=reason.due_on)
        yield Action(REASONS, _("提交理由"), lead, mask_personal(reason.text), form)
    if application.state not in DONE and application.state is not State.WITHDRAWN:
        lead = _("撤回后本机关不再办理这件申请，不能恢复；需要时可以重新申请。")
        yield Action(WITHDRAW, _("撤回申请"), lead, is_grave=True)
