"""The way of an application as one table: state and step give the next state (条例 arts 29 to 42).

Pure: no database, no dates. Everything that changes an application asks :func:`after` first, and the desk offers
exactly the steps that the table has.
"""

from enum import StrEnum

from cms.api import NotAllowed
from cms.api import gettext as _


class State(StrEnum):
    """Where an application stands."""

    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    REGISTERED = "registered"
    AWAIT_CORRECTION = "await_correction"
    AWAIT_REASON = "await_reason"
    AWAIT_FEE = "await_fee"
    PROCESSING = "processing"
    CONSULTING = "consulting"
    REVIEW = "review"
    SIGNED = "signed"
    ANSWERED = "answered"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REPROCESSING = "reprocessing"
    REDO_REVIEW = "redo_review"
    REDO_SIGNED = "redo_signed"


class Step(StrEnum):
    """What can happen to an application; each one is a line of its history."""

    SUBMIT = "submit"
    REGISTER = "register"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    ACCEPT = "accept"
    ASK_CORRECTION = "ask_correction"
    CORRECT = "correct"
    CORRECTION_LAPSED = "correction_lapsed"
    ASK_REASON = "ask_reason"
    REASON_ACCEPTED = "reason_accepted"
    ASK_FEE = "ask_fee"
    FEE_PAID = "fee_paid"
    FEE_WAIVED = "fee_waived"
    FEE_LAPSED = "fee_lapsed"
    CONSULT = "consult"
    CONSULTED = "consulted"
    EXTEND = "extend"
    SUBMIT_ANSWER = "submit_answer"
    RETURN_ANSWER = "return_answer"
    SIGN = "sign"
    SERVE = "serve"
    ARCHIVE = "archive"
    REOPEN = "reopen"


_S, _T = State, Step
#: In hand: the organ works on it and nothing outside is awaited.
IN_HAND = (State.REGISTERED, State.PROCESSING)
#: Registered and not closed.
_RUNNING = (
    State.REGISTERED, State.AWAIT_CORRECTION, State.AWAIT_REASON, State.AWAIT_FEE, State.PROCESSING,
    State.CONSULTING, State.REVIEW, State.SIGNED,
)  # fmt: skip

TRANSITIONS: dict[tuple[State | None, Step], State] = {
    (None, _T.SUBMIT): _S.SUBMITTED,
    (None, _T.REGISTER): _S.REGISTERED,
    (_S.SUBMITTED, _T.REGISTER): _S.REGISTERED,
    (_S.SUBMITTED, _T.WITHDRAW): _S.WITHDRAWN,
    **{(state, _T.WITHDRAW): _S.CLOSED for state in _RUNNING},
    **{(state, _T.CLOSE): _S.CLOSED for state in _RUNNING},
    (_S.REGISTERED, _T.ACCEPT): _S.PROCESSING,
    **{(state, _T.ASK_CORRECTION): _S.AWAIT_CORRECTION for state in IN_HAND},
    # The corrected application counts as received on its own day, and the clock starts again (art. 30, 33).
    (_S.AWAIT_CORRECTION, _T.CORRECT): _S.REGISTERED,
    (_S.AWAIT_CORRECTION, _T.CORRECTION_LAPSED): _S.CLOSED,
    **{(state, _T.ASK_REASON): _S.AWAIT_REASON for state in IN_HAND},
    (_S.AWAIT_REASON, _T.REASON_ACCEPTED): _S.PROCESSING,
    (_S.AWAIT_REASON, _T.SUBMIT_ANSWER): _S.REVIEW,
    **{(state, _T.ASK_FEE): _S.AWAIT_FEE for state in IN_HAND},
    (_S.AWAIT_FEE, _T.FEE_PAID): _S.PROCESSING,
    (_S.AWAIT_FEE, _T.FEE_WAIVED): _S.PROCESSING,
    (_S.AWAIT_FEE, _T.FEE_LAPSED): _S.CLOSED,
    **{(state, _T.CONSULT): _S.CONSULTING for state in (*IN_HAND, State.CONSULTING)},
    (_S.CONSULTING, _T.CONSULTED): _S.PROCESSING,
    **{(state, _T.EXTEND): state for state in (*IN_HAND, State.CONSULTING, State.REVIEW)},
    **{(state, _T.SUBMIT_ANSWER): _S.REVIEW for state in IN_HAND},
    (_S.REVIEW, _T.RETURN_ANSWER): _S.PROCESSING,
    (_S.REVIEW, _T.SIGN): _S.SIGNED,
    (_S.SIGNED, _T.RETURN_ANSWER): _S.PROCESSING,
    (_S.SIGNED, _T.SERVE): _S.ANSWERED,
    (_S.ANSWERED, _T.ARCHIVE): _S.ARCHIVED,
    (_S.CLOSED, _T.ARCHIVE): _S.ARCHIVED,
    **{(state, _T.REOPEN): _S.REPROCESSING for state in (State.ANSWERED, State.CLOSED, State.ARCHIVED)},
    (_S.REPROCESSING, _T.SUBMIT_ANSWER): _S.REDO_REVIEW,
    (_S.REDO_REVIEW, _T.RETURN_ANSWER): _S.REPROCESSING,
    (_S.REDO_REVIEW, _T.SIGN): _S.REDO_SIGNED,
    (_S.REDO_SIGNED, _T.RETURN_ANSWER): _S.REPROCESSING,
    (_S.REDO_SIGNED, _T.SERVE): _S.ANSWERED,
}

#: Registered, without a result: counted in 四、结转下年度继续办理 while the year ends in one of these.
OPEN = frozenset(_RUNNING)
#: With exactly one result. A redone answer has kept the result of the first one.
DONE = frozenset({
    State.ANSWERED, State.CLOSED, State.ARCHIVED, State.REPROCESSING, State.REDO_REVIEW, State.REDO_SIGNED,
})  # fmt: skip
#: Never received in the sense of art. 31, so no row of any table counts them.
UNCOUNTED = frozenset({State.SUBMITTED, State.WITHDRAWN})


def after(state: State | None, step: Step) -> State:
    """Return the state that ``step`` leads to.

    :raises NotAllowed: if the step does not exist in this state.
    """
    found = TRANSITIONS.get((state, step))
    if found is None:
        raise NotAllowed(
            _("现在的状态是“{state}”，不能{step}。").format(
                state=state_label(state) if state else _("未提交"), step=step_label(step)
            )
        )
    return found


def offered(state: State) -> frozenset[Step]:
    """Return the steps that exist in ``state``."""
    return frozenset(step for (before, step) in TRANSITIONS if before is state)


def state_label(state: State) -> str:
    """Return the Chinese name of a state."""
    return {
        State.SUBMITTED: _("待确认"), State.WITHDRAWN: _("登记前撤回"), State.REGISTERED: _("已登记"),
        State.AWAIT_CORRECTION: _("待补正"), State.AWAIT_REASON: _("待说明理由"), State.AWAIT_FEE: _("待缴费"),
        State.PROCESSING: _("办理中"), State.CONSULTING: _("征求意见中"), State.REVIEW: _("待审签"),
        State.SIGNED: _("待送达"), State.ANSWERED: _("已答复"), State.CLOSED: _("已终结"),
        State.ARCHIVED: _("已归档"), State.REPROCESSING: _("重新办理"), State.REDO_REVIEW: _("重新办理待审签"),
        State.REDO_SIGNED: _("重新办理待送达"),
    }[state]  # fmt: skip


def step_label(step: Step) -> str:
    """Return the Chinese name of a step, as a verb."""
    return {
        Step.SUBMIT: _("提交申请"), Step.REGISTER: _("登记收到"), Step.WITHDRAW: _("撤回申请"),
        Step.CLOSE: _("作其他处理"), Step.ACCEPT: _("开始办理"), Step.ASK_CORRECTION: _("告知补正"),
        Step.CORRECT: _("收到补正"), Step.CORRECTION_LAPSED: _("逾期未补正，终结"),
        Step.ASK_REASON: _("要求说明理由"), Step.REASON_ACCEPTED: _("认可理由"), Step.ASK_FEE: _("发出收费通知"),
        Step.FEE_PAID: _("收到缴费"), Step.FEE_WAIVED: _("减免费用"), Step.FEE_LAPSED: _("逾期未缴费，终结"),
        Step.CONSULT: _("征求意见"), Step.CONSULTED: _("意见征求完毕"), Step.EXTEND: _("延长答复期限"),
        Step.SUBMIT_ANSWER: _("答复稿送审"), Step.RETURN_ANSWER: _("退回答复稿"), Step.SIGN: _("签批答复"),
        Step.SERVE: _("送达答复"), Step.ARCHIVE: _("归档"), Step.REOPEN: _("重新办理"),
    }[step]  # fmt: skip
