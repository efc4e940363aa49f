"""What can be done to an application in the desk: the forms of steps, and which of them are offered now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cms.api import Actor, can
from cms.api import gettext as _

from .dues import Proceedings
from .models import Answer, AnswerState, Application, InquiryKind
from .states import IN_HAND, State, Step, offered
from .terms import HANDLE, SIGN

_WHEN = ("on", "source", "evidence")


@dataclass(frozen=True)
class DeskStep:
    """A step with its form.

    :param label: what the button says. :param fields: names of the fields of :class:`.desk_forms.StepForm`.
    :param is_main: shown as a button, not in the menu. :param is_grave: cannot be taken back.
    """

    label: str
    fields: Sequence[str]
    permission: str = HANDLE
    lead: str = ""
    is_main: bool = True
    is_grave: bool = False


#: By the last part of their address; labels are in Chinese here and translated where they are shown.
_STEPS = {
    "confirm_organ": DeskStep(
        "确认收到", _WHEN,
        lead="告知申请人本机关已收到；申请人也确认后，即为收到申请之日（条例第三十一条）。",
    ),
    "confirm_applicant": DeskStep(
        "登记申请人确认", ("how", *_WHEN),
        lead="申请人以电话等方式确认的，登记确认之日；网上确认的自动登记。",
    ),
    "accept": DeskStep("分办", ("department_id", "handler_id", "note", *_WHEN), is_main=False),
    "ask_correction": DeskStep(
        "告知补正", ("text", "notified_on", "due_on", *_WHEN),
        lead="补正只能要求一次，请一次写全；等待补正期间停止计算答复期限，收到补正后重新计算（条例第三十条、第三十三条）。",
    ),
    "correct": DeskStep("登记补正", ("text", *_WHEN), lead="申请人书面或者口头补正的，在这里登记。"),
    "correction_lapsed": DeskStep(
        "逾期未补正，终结", ("note", *_WHEN), is_grave=True,
        lead="申请人无正当理由逾期不补正的，视为放弃申请（条例第三十条）。请先核实没有正当理由。",
    ),
    "ask_reason": DeskStep(
        "要求说明理由", ("text", "notified_on", "due_on", *_WHEN), is_main=False,
        lead="数量、频次明显超过合理范围的，可以要求说明理由（条例第三十五条）。",
    ),
    "give_reasons": DeskStep("登记申请人的理由", ("text", *_WHEN), is_main=False),
    "accept_reasons": DeskStep(
        "认可理由", ("due_on", "note", *_WHEN),
        lead="理由合理但不能按期答复的，填写延迟答复的合理期限并告知申请人。理由不合理的，起草“无正当理由大量反复申请”的答复。",
    ),
    "consult": DeskStep(
        "征求意见", ("kind", "name", "contact", "text", *_WHEN), is_main=False,
        lead="发出之日起停止计算答复期限，意见到齐后继续计算。",
    ),
    "arrived": DeskStep("登记对方收到", _WHEN, lead="对方提出意见的期限从收到征求意见书之日起算。"),
    "end_consultation": DeskStep(
        "登记意见", ("opinion", "text", *_WHEN),
        lead="第三方逾期不提出意见的，由本机关依照条例决定；共同制作机关逾期的，视为同意公开。",
    ),
    "extend": DeskStep(
        "延长答复期限", ("days", "consent", "notified", *_WHEN), is_main=False,
        lead="须经负责人同意并告知申请人，只能延长一次，在期限届满前办理（条例第三十三条）。",
    ),
    "ask_fee": DeskStep(
        "收费通知", ("basis", "pages", "waived", "reason", "notified_on", *_WHEN), is_main=False,
        lead="仅在数量、频次明显超过合理范围时收取；两种计收方式只能选一种。",
    ),
    "pay": DeskStep("登记缴费", ("receipt", *_WHEN)),
    "waive": DeskStep("减免", ("reason", *_WHEN), is_main=False),
    "fee_lapsed": DeskStep(
        "逾期未缴费，终结", ("note", *_WHEN), is_grave=True,
        lead="申请人逾期未按收费通知要求缴纳费用的，不再处理。",
    ),
    "submit_answer": DeskStep("答复稿送审", _WHEN),
    "review": DeskStep(
        "公开审查", ("note", *_WHEN), SIGN, "审查是否涉密、是否属于不予公开的内容（条例第十七条），写明结论。"
    ),
    "sign": DeskStep("签批", ("dated", "signer", *_WHEN), SIGN, "签批后编号，内容不再变动。"),
    "return_answer": DeskStep("退回修改", ("note", *_WHEN), SIGN, is_main=False),
    "serve": DeskStep("登记送达", ("served", "receipt", *_WHEN), lead="送达之日为办结之日，计入年报表三。"),
    "archive": DeskStep("归档", _WHEN),
    "withdraw": DeskStep(
        "申请人撤回", ("note", *_WHEN), is_main=False, is_grave=True, lead="登记申请人撤回申请，不能恢复。"
    ),
    "close": DeskStep(
        "作其他处理", ("note", *_WHEN), is_main=False, is_grave=True,
        lead="不作答复而终结，计入（六）其他处理 3.其他，例如申请人死亡。",
    ),
    "reopen": DeskStep(
        "重新办理", ("note", "due_on", *_WHEN), is_main=False,
        lead="复议决定、判决责令重新答复的，写明文书；重新答复不再计入年报表三，除非设置另有规定。",
    ),
    "reissue_code": DeskStep(
        "补发查询码", ("checked",), is_main=False, lead="核实身份后补发，原查询码随即失效。"
    ),
    "remark": DeskStep("记一笔", ("note", *_WHEN), is_main=False),
    "void": DeskStep(
        "作废", ("reason",), is_main=False, is_grave=True,
        lead="仅用于误登记、重复登记；作废后不计入任何统计，编号不再使用。",
    ),
}  # fmt: skip


def desk_steps() -> dict[str, DeskStep]:
    """Return all steps by the last part of their address, in the language of the reader."""
    return {
        name: replace(step, label=_(step.label), lead=_(step.lead) if step.lead else "")
        for name, step in _STEPS.items()
    }


_BY_STEP = {
    Step.ACCEPT: "accept", Step.ASK_CORRECTION: "ask_correction", Step.CORRECT: "correct",
    Step.ASK_REASON: "ask_reason", Step.REASON_ACCEPTED: "accept_reasons", Step.ASK_FEE: "ask_fee",
    Step.FEE_PAID: "pay", Step.FEE_WAIVED: "waive", Step.CONSULT: "consult", Step.EXTEND: "extend",
    Step.RETURN_ANSWER: "return_answer", Step.SERVE: "serve", Step.ARCHIVE: "archive", Step.REOPEN: "reopen",
    Step.WITHDRAW: "withdraw", Step.CLOSE: "close",
}  # fmt: skip


def names_offered(application: Application, found: Proceedings, answer: Answer | None, today: date) -> Iterator[str]:
    """Yield the steps that exist now, in the order in which they are usually taken."""
    steps = offered(application.state)
    if application.state is State.SUBMITTED:
        yield from _confirmations(application)
    passed = application.next_on is not None and application.next_on < today
    if Step.CORRECTION_LAPSED in steps and passed:
        yield "correction_lapsed"
    if Step.FEE_LAPSED in steps and passed:
        yield "fee_lapsed"
    if answer is not None and answer.state is AnswerState.DRAFT and Step.SUBMIT_ANSWER in steps:
        yield "submit_answer"
    if Step.SIGN in steps and answer is not None:
        yield "review" if answer.reviewed_at is None else "sign"
    left_out = _left_out(application, found)
    yield from (name for step, name in _BY_STEP.items() if step in steps and name not in left_out)
    reason = found.inquiry(InquiryKind.REASON)
    if application.state is State.AWAIT_REASON and reason is not None and reason.replied_on is None:
        yield "give_reasons"
    yield from ("remark", "reissue_code", "void")


def _confirmations(application: Application) -> Iterator[str]:
    if application.organ_confirmed_on is None:
        yield "confirm_organ"
    if application.applicant_confirmed_on is None:
        yield "confirm_applicant"


def _left_out(application: Application, found: Proceedings) -> set[str]:
    """Return steps that the table has and that can be taken once only, or not under this edition."""
    done = {
        "ask_correction": found.inquiry(InquiryKind.CORRECTION) is not None,
        "ask_reason": found.inquiry(InquiryKind.REASON) is not None, "extend": application.extension_days > 0,
        "ask_fee": found.fee is not None, "accept": application.state not in IN_HAND,
    }  # fmt: skip
    return {name for name, is_done in done.items() if is_done}


def allowed(names: Sequence[str], actor: Actor) -> list[tuple[str, DeskStep]]:
    """Return the steps that ``actor`` may take."""
    known = desk_steps()
    return [(name, known[name]) for name in names if can(actor, known[name].permission)]
