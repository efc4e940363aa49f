"""The states of an item and the steps between them, as one table (design §5; 三审三校, site-rules d.4)."""

from enum import StrEnum

from cms.content.enums import State
from cms.kernel.errors import NotAllowed
from cms.kernel.i18n import gettext as _


class Step(StrEnum):
    """Something that can be done with an item."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    DELETE = "delete"


_S = State
#: From which states a step may be taken. What state follows is decided by the services, by name of the step.
TRANSITIONS: dict[Step, frozenset[State]] = {
    Step.EDIT: frozenset(State),
    Step.SUBMIT: frozenset({_S.DRAFT, _S.RETURNED}),
    Step.APPROVE: frozenset({_S.REVIEW}),
    Step.SEND_BACK: frozenset({_S.REVIEW, _S.APPROVED, _S.SCHEDULED}),
    Step.PUBLISH: frozenset({_S.DRAFT, _S.RETURNED, _S.APPROVED, _S.SCHEDULED}),
    Step.SCHEDULE: frozenset({_S.DRAFT, _S.RETURNED, _S.APPROVED, _S.SCHEDULED}),
    Step.WITHDRAW: frozenset(State),
    Step.EXPIRE: frozenset(State),
    Step.DELETE: frozenset({_S.DRAFT, _S.RETURNED, _S.WITHDRAWN, _S.EXPIRED}),
}

#: Chinese names of the states, as shown in the desk.
STATE_LABELS: dict[State, str] = {
    _S.DRAFT: "草稿",
    _S.REVIEW: "待审核",
    _S.RETURNED: "已退回",
    _S.APPROVED: "待发布",
    _S.SCHEDULED: "定时发布",
    _S.PUBLISHED: "已发布",
    _S.EXPIRED: "已过期",
    _S.WITHDRAWN: "已撤回",
}

#: Names of the signatures, by how many a section asks for.
REVIEW_LABELS: dict[int, tuple[str, ...]] = {0: (), 1: ("审核",), 2: ("初审", "终审"), 3: ("初审", "复审", "终审")}


def require_step(step: Step, state: State) -> None:
    """Refuse a step that the state does not allow.

    :raises NotAllowed: with a sentence that names the state.
    """
    if state not in TRANSITIONS[step]:
        raise NotAllowed(_("“{state}”状态的内容不能进行这项操作，请刷新页面。").format(state=STATE_LABELS[state]))
