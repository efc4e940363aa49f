"""The parts of an application's page: inquiries, consultations, the fee, answers, cases."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from cms.api import can, current_actor, get_cms, mask_name
from cms.api import gettext as _

from . import answering, dues, terms
from .desk_pages import NAME, Fact, Part, StepLink, Tag
from .desk_steps import desk_steps
from .models import (
    Answer,
    AnswerState,
    Application,
    Case,
    Consultation,
    ConsultationKind,
    FeeNotice,
    Inquiry,
    InquiryKind,
)  # fmt: skip
from .notices import OPINION, yuan
from .terms import HANDLE


def parts(one: Application, found: dues.Proceedings) -> Iterator[Part]:
    """Yield what happened between receipt and answer."""
    yield from map(_inquiry, found.inquiries)
    yield from (_consultation(one, consultation) for consultation in found.consultations)
    if found.fee is not None:
        yield _fee(found.fee)


def _inquiry(inquiry: Inquiry) -> Part:
    title = _("补正") if inquiry.kind is InquiryKind.CORRECTION else _("说明理由")
    facts = [
        Fact(_("发出"), inquiry.occurred_on.isoformat()), Fact(_("申请人收到"), inquiry.notified_on.isoformat()),
        Fact(_("期限"), _marked(inquiry.due_on, is_estimated=inquiry.is_estimated)),
    ]  # fmt: skip
    if inquiry.replied_on is not None:
        facts.append(Fact(_("收到答复"), inquiry.replied_on.isoformat()))
        facts.append(Fact(_("答复内容"), get_cms().keyring.open(inquiry.reply, Inquiry.reply).get("text", "")))
    if inquiry.lapsed_on is not None:
        facts.append(Fact(_("终结"), inquiry.lapsed_on.isoformat()))
    return Part(title, facts, inquiry.text, [])


def _consultation(one: Application, consultation: Consultation) -> Part:
    values = get_cms().keyring.open(consultation.party, Consultation.party)
    is_third = consultation.kind is ConsultationKind.THIRD_PARTY
    name = mask_name(values.get("name", "")) if is_third else values.get("name", "")
    facts = [Fact(_("对象"), name or _("（已删除）")), Fact(_("发出"), consultation.occurred_on.isoformat())]
    if consultation.party_received_on is not None:
        facts.append(Fact(_("对方收到"), consultation.party_received_on.isoformat()))
    if consultation.due_on is not None:
        facts.append(Fact(_("期限"), _marked(consultation.due_on, is_estimated=consultation.is_estimated)))
    if consultation.ended_on is not None:
        facts.append(Fact(_("结束"), consultation.ended_on.isoformat()))
    if consultation.opinion is not None:
        facts.append(Fact(_("意见"), terms.opinion_labels()[consultation.opinion]))
    title = _("征求意见：{whose}").format(whose=terms.consultation_labels()[consultation.kind])
    return Part(title, facts, values.get("opinion", ""), _consultation_links(one, consultation))


def _consultation_links(one: Application, consultation: Consultation) -> list[StepLink]:
    if not can(current_actor(), HANDLE):
        return []
    letter = url_for(f"{NAME}.notice", application_id=one.id, kind=OPINION, extension="docx", item=consultation.id)
    links = [StepLink(_("征求意见书（Word）"), letter, False, False)]
    if consultation.ended_on is not None or one.voided_at is not None:
        return links
    names = ["end_consultation"] if consultation.party_received_on is not None else ["arrived", "end_consultation"]
    known = desk_steps()
    return [*(StepLink(known[name].label, _url(one, name, consultation.id), True, False) for name in names), *links]


def _url(one: Application, name: str, item: int) -> str:
    return url_for(f"{NAME}.step", application_id=one.id, name=name, item=item)


def _fee(fee: FeeNotice) -> Part:
    facts = [
        Fact(_("发出"), fee.occurred_on.isoformat()), Fact(_("应收"), _("{n} 元").format(n=yuan(fee.amount))),
        Fact(_("期限"), _marked(fee.due_on, is_estimated=fee.is_estimated)),
    ]  # fmt: skip
    if fee.waived:
        facts.append(Fact(_("减免"), _("{n} 元：{why}").format(n=yuan(fee.waived), why=fee.waiver_reason)))
    if fee.paid_on is not None:
        facts.append(Fact(_("缴费"), f"{fee.paid_on} {fee.receipt}"))
    return Part(_("信息处理费"), facts, "", [])


def _marked(day: date, *, is_estimated: bool) -> str:
    return f"{day}{_('（预估）')}" if is_estimated else day.isoformat()


_STATES = {
    AnswerState.DRAFT: "draft", AnswerState.REVIEW: "review", AnswerState.SIGNED: "scheduled",
    AnswerState.SERVED: "published",
}  # fmt: skip


def answer_state(state: AnswerState) -> str:
    """Return the Chinese name of the state of an answer."""
    return {
        AnswerState.DRAFT: _("草稿"), AnswerState.REVIEW: _("待审签"), AnswerState.SIGNED: _("待送达"),
        AnswerState.SERVED: _("已送达"),
    }[state]  # fmt: skip


def answers(session: Session, one: Application) -> Iterator[Part]:
    """Yield the answers, newest first."""
    for answer in reversed(answering.answers_of(session, one.id)):
        yield _answer(one, answer)


def _answer(one: Application, answer: Answer) -> Part:
    edition = dues.edition_of(one)
    result = next((row for row in edition.results if row.code == answer.result), None)
    facts = [Fact(_("种类"), edition.answer(answer.kind).label)]
    facts.append(Fact(_("办理结果"), f"{answer.result} {result.group}{result.label}" if result else answer.result))
    if answer.number:
        facts.append(Fact(_("文号"), answer.number))
    if answer.dated is not None:
        facts.append(Fact(_("落款"), answer.dated.isoformat()))
    if answer.review_note:
        facts.append(Fact(_("公开审查"), answer.review_note))
    if answer.served_on is not None:
        how = terms.served_labels().get(answer.served_how, "")
        facts.append(Fact(_("送达"), f"{answer.served_on} {how}"))
    if answer.is_redo:
        facts.append(Fact(_("重新答复"), _("不再计入年报表三")))
    return Part(
        _("第 {n} 份答复").format(n=answer.position), facts, "", _answer_links(one, answer),
        Tag(answer_state(answer.state), _STATES[answer.state]),
    )  # fmt: skip


def _answer_links(one: Application, answer: Answer) -> list[StepLink]:
    links = [StepLink(_("预览"), url_for(f"{NAME}.letter", application_id=one.id, answer_id=answer.id), True, False)]
    if can(current_actor(), HANDLE):
        links += [
            StepLink(label, url_for(
                f"{NAME}.letter_file", application_id=one.id, answer_id=answer.id, extension=extension
            ), False, False) for extension, label in (("docx", _("Word")), ("pdf", _("PDF")))
        ]  # fmt: skip
        if answer.state is AnswerState.DRAFT and answering.may_draft(one):
            edit = url_for(f"{NAME}.compose", application_id=one.id)
            links.insert(0, StepLink(_("修改"), edit, True, False))
    return links


def cases(found: Sequence[Case]) -> Iterator[Part]:
    """Yield the cases about an application."""
    labels, results = terms.case_labels(), terms.case_result_labels()
    for case in found:
        facts = [Fact(_("机关"), case.body), Fact(_("收到"), case.occurred_on.isoformat())]
        if case.number:
            facts.append(Fact(_("案号"), case.number))
        if case.decided_on is not None and case.result is not None:
            facts.append(Fact(_("审结"), f"{case.decided_on} {results[case.result]}"))
        tag = Tag(_("尚未审结"), "review") if case.decided_on is None else Tag(_("已审结"), "published")
        if case.voided_at is not None:
            tag = Tag(_("已作废"), "withdrawn")
        links = []
        if can(current_actor(), HANDLE):
            links = [StepLink(_("打开"), url_for(f"{NAME}.case", case_id=case.id), False, False)]
        yield Part(labels[case.kind], facts, case.decision, links, tag)


def remark_label(what: str) -> str:
    """Return the Chinese name of a line of history that changes no state."""
    return {
        "organ_confirmed": _("本机关确认收到"), "applicant_confirmed": _("申请人确认"), "assigned": _("分办"),
        "reasons_given": _("收到申请人的理由"), "consultation_arrived": _("对方收到征求意见书"),
        "consultation_ended": _("一方意见征求完毕"), "code_reissued": _("补发查询码"), "voided": _("作废"),
        "reviewed": _("公开审查"), "lapse_noted": _("期限届满提示"), "redone_as": _("重新办理，另行登记"),
        "remark": _("备注"), "publicised": _("转为主动公开"), "redacted": _("作区分处理"),
    }.get(what, what)  # fmt: skip
