"""The way of a letter as one table (disclosure-rules f.2): action → from which states to which, and who may do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a letter stands."""

    RECEIVED = "received"
    SCREENED = "screened"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    DRAFTED = "drafted"
    REVIEWED = "reviewed"
    ANSWERED = "answered"
    PUBLISHED = "published"
    CALLBACK = "callback"
    CLOSED = "closed"


STATE_LABELS: Mapping[State, str] = {
    State.RECEIVED: "待甄别",
    State.SCREENED: "待分办",
    State.ASSIGNED: "已分办",
    State.ACCEPTED: "办理中",
    State.RETURNED: "退回重分",
    State.DRAFTED: "待审核",
    State.REVIEWED: "待答复",
    State.ANSWERED: "已答复",
    State.PUBLISHED: "已公开",
    State.CALLBACK: "已回访",
    State.CLOSED: "已办结",
}
#: States before the answer. A letter in one of them has no answer, a letter in none of them has one or was dismissed.
OPEN = frozenset({
    State.RECEIVED, State.SCREENED, State.ASSIGNED, State.ACCEPTED, State.RETURNED, State.DRAFTED, State.REVIEWED,
})  # fmt: skip
#: States after the answer; a letter that was dismissed or handed over is closed as well, but has no answer.
DONE = frozenset({State.ANSWERED, State.PUBLISHED, State.CALLBACK, State.CLOSED})


class Action(StrEnum):
    """What can be done with a letter."""

    RECEIVE = "receive"
    SCREEN = "screen"
    DISMISS = "dismiss"
    HAND_OVER = "hand_over"
    RESTORE = "restore"
    ASSIGN = "assign"
    ACCEPT = "accept"
    GIVE_BACK = "give_back"
    DRAFT = "draft"
    REFUSE = "refuse"
    REVIEW = "review"
    ANSWER = "answer"
    RECORD_ANSWER = "record_answer"
    PUBLISH = "publish"
    TAKE_OFF = "take_off"
    RATE = "rate"
    CALL_BACK = "call_back"
    CLOSE = "close"
    REDO = "redo"
    EXTEND = "extend"
    URGE = "urge"
    AMEND = "amend"
    REISSUE = "reissue"
    #: By the machine: a limit comes near or has passed.
    ALERT = "alert"
    #: By the machine: the calendar has changed, and with it the limit.
    RECKON = "reckon"
    #: Personal data was erased, because its time was over or on request.
    ERASE = "erase"


ACTION_LABELS: Mapping[Action, str] = {
    Action.RECEIVE: "收到",
    Action.SCREEN: "甄别为有效",
    Action.DISMISS: "不予办理",
    Action.HAND_OVER: "转办",
    Action.RESTORE: "恢复办理",
    Action.ASSIGN: "分办",
    Action.ACCEPT: "受理",
    Action.GIVE_BACK: "退回",
    Action.DRAFT: "拟答复",
    Action.REFUSE: "退回修改",
    Action.REVIEW: "审核通过",
    Action.ANSWER: "答复",
    Action.RECORD_ANSWER: "登记答复",
    Action.PUBLISH: "公开",
    Action.TAKE_OFF: "撤下公开",
    Action.RATE: "评价",
    Action.CALL_BACK: "回访",
    Action.CLOSE: "办结",
    Action.REDO: "重新办理",
    Action.EXTEND: "延期",
    Action.URGE: "催办",
    Action.AMEND: "更正登记",
    Action.REISSUE: "补发查询码",
    Action.ALERT: "期限提醒",
    Action.RECKON: "期限重算",
    Action.ERASE: "删除个人信息",
}

_HERE = {state: state for state in State}


@dataclass(frozen=True, kw_only=True)
class Step:
    """An action of the table.

    :param moves: state before → state after; in other states the action is refused. :param permission: who may;
        nothing for what the writer or the machine does. :param reason: a reason has to be given.
    :param own: people who do not lead the register may do it with letters of their own department only.
    """

    moves: Mapping[State, State]
    permission: str = ""
    reason: bool = False
    own: bool = False


def _to(target: State, *sources: State) -> dict[State, State]:
    return dict.fromkeys(sources, target)


_BEFORE_DRAFT = (State.RECEIVED, State.SCREENED, State.ASSIGNED, State.ACCEPTED, State.RETURNED)

STEPS: Mapping[Action, Step] = {
    Action.SCREEN: Step(moves=_to(State.SCREENED, State.RECEIVED), permission="letters.screen"),
    Action.DISMISS: Step(moves=_to(State.CLOSED, *_BEFORE_DRAFT), permission="letters.screen", reason=True),
    Action.HAND_OVER: Step(moves=_to(State.CLOSED, *_BEFORE_DRAFT), permission="letters.screen", reason=True),
    Action.RESTORE: Step(moves=_to(State.RECEIVED, State.CLOSED), permission="letters.screen", reason=True),
    Action.ASSIGN: Step(
        moves=_to(State.ASSIGNED, State.SCREENED, State.ASSIGNED, State.ACCEPTED, State.RETURNED, State.DRAFTED),
        permission="letters.assign",
    ),
    Action.ACCEPT: Step(moves=_to(State.ACCEPTED, State.ASSIGNED), permission="letters.answer", own=True),
    Action.GIVE_BACK: Step(
        moves=_to(State.RETURNED, State.ASSIGNED, State.ACCEPTED), permission="letters.answer", reason=True, own=True
    ),
    Action.DRAFT: Step(
        moves=_to(State.DRAFTED, State.ACCEPTED, State.DRAFTED), permission="letters.answer", own=True
    ),
    Action.REFUSE: Step(
        moves=_to(State.ACCEPTED, State.DRAFTED, State.REVIEWED), permission="letters.review", reason=True
    ),
    Action.REVIEW: Step(moves=_to(State.REVIEWED, State.DRAFTED), permission="letters.review"),
    Action.ANSWER: Step(moves=_to(State.ANSWERED, State.REVIEWED), permission="letters.answer", own=True),
    Action.RECORD_ANSWER: Step(moves=_to(State.ANSWERED, *_BEFORE_DRAFT), permission="letters.register"),
    Action.PUBLISH: Step(
        moves={
            State.ANSWERED: State.PUBLISHED, State.PUBLISHED: State.PUBLISHED, State.CALLBACK: State.CALLBACK,
            State.CLOSED: State.CLOSED,
        },
        permission="letters.publish",
    ),
    Action.TAKE_OFF: Step(
        moves={State.PUBLISHED: State.ANSWERED, State.CALLBACK: State.CALLBACK, State.CLOSED: State.CLOSED},
        permission="letters.publish", reason=True,
    ),
    Action.RATE: Step(moves={state: state for state in DONE}),
    Action.CALL_BACK: Step(moves=_to(State.CALLBACK, State.ANSWERED, State.PUBLISHED), permission="letters.screen"),
    Action.CLOSE: Step(
        moves=_to(State.CLOSED, State.ANSWERED, State.PUBLISHED, State.CALLBACK), permission="letters.screen"
    ),
    Action.REDO: Step(moves=_to(State.SCREENED, *DONE), permission="letters.assign", reason=True),
    Action.EXTEND: Step(
        moves={state: state for state in OPEN - {State.RECEIVED}}, permission="letters.assign", reason=True
    ),
    Action.URGE: Step(moves={state: state for state in OPEN}, permission="letters.screen"),
    Action.AMEND: Step(moves=_HERE, permission="letters.screen", reason=True),
    Action.REISSUE: Step(moves=_HERE, permission="letters.screen", reason=True),
}  # fmt: skip
