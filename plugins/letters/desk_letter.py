"""The page of one letter in the desk: facts, masked writer, history, days of the limit, what can be done now."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from cms.api import (
    Actor,
    Problem,
    accesses_of,
    can,
    current_actor,
    departments,
    files_of,
    get_cms,
    hand_over_of,
    late_after,
    local,
    local_date,
    names_of,
    offered_topics,
    read_session,
)  # fmt: skip
from cms.api import gettext as _

from . import queries
from .addresses import letter_path
from .answering import latest
from .clocks import LimitSpec
from .desk_forms import FORMS, ActionForm
from .desk_pages import ActionView, LetterPage, crumbs, limit_words
from .limits import limit_of, limits, strip_of
from .models import Letter
from .offices import office_phones
from .publishing import proposal
from .screening import ORIGIN
from .shown import countdown, event_of, line_of, mentioned, state_label, tag_of
from .states import ACTION_LABELS, Action, State
from .steps import LEADS, is_own, problem_of
from .terms import CATEGORY_LABELS, CHANNEL_LABELS, ONLINE, SATISFACTION_LABELS, Verdict
from .viewing import masked, may_see, subject_of

Typed = tuple[Action, ActionForm]
#: State → what is usually done next, the most usual first; the rest follows in the order of the forms.
_NEXT: Mapping[State, Sequence[Action]] = {
    State.RECEIVED: (Action.SCREEN, Action.DISMISS, Action.HAND_OVER), State.SCREENED: (Action.ASSIGN,),
    State.ASSIGNED: (Action.ACCEPT, Action.GIVE_BACK), State.ACCEPTED: (Action.DRAFT, Action.GIVE_BACK),
    State.RETURNED: (Action.ASSIGN, Action.DISMISS, Action.HAND_OVER), State.DRAFTED: (Action.REVIEW, Action.REFUSE),
    State.REVIEWED: (Action.ANSWER, Action.REFUSE), State.ANSWERED: (Action.PUBLISH, Action.CALL_BACK, Action.CLOSE),
    State.PUBLISHED: (Action.CALL_BACK, Action.CLOSE), State.CALLBACK: (Action.CLOSE,),
}  # fmt: skip
_DANGEROUS = {Action.DISMISS, Action.HAND_OVER, Action.GIVE_BACK, Action.REFUSE, Action.TAKE_OFF, Action.REDO}


def letter_page(
    letter: Letter, *, typed: Typed | None = None, problems: Sequence[Problem] = (),
    revealed: Mapping[str, str] | None = None, why: str = "",
) -> LetterPage:  # fmt: skip
    """Return the page of ``letter``.

    :param typed: a form that was refused, shown again. :param revealed: the writer in clear, if it was asked for.
    """
    session, actor, cms = read_session(), current_actor(), get_cms()
    now, offices = cms.clock.now(), {one.id: one.name for one in departments(session)}
    history = queries.happenings(session, letter.id)
    newest = latest(session, letter.id)
    people = names_of(session, {*mentioned(history), letter.handler_id, newest.author_id if newest else None})
    limit = limit_of(letter, limits(session))
    return LetterPage(
        title=letter.title, crumbs=crumbs(letter.number), id=letter.id, version=letter.version,
        lead=_("{number}，{day} 收到").format(number=letter.number, day=f"{local(letter.received_at):%Y-%m-%d %H:%M}"),
        state=state_label(letter), tag_kind=tag_of(letter), countdown=countdown(letter, now), text=letter.text,
        page_url=letter.page_url, facts=_facts(letter, offices, people), writer=masked(cms.keyring, letter),
        revealed=revealed or {}, may_reveal=may_see(letter, actor), why=why, answer=letter.answer,
        answered=_answered(letter, offices), draft=newest if letter.answered_at is None else None,
        draft_author=people.get((newest.author_id if newest else 0) or 0, "—"),
        public_url=letter_path(letter.id) if letter.published_at else "",
        events=[event_of(one, people, offices) for one in history], strip=strip_of(session, letter),
        limit=_limit_words(letter, limit), actions=_actions(session, letter, actor, typed),
        others=[
            line_of(one, offices, now, late_after(session)) for one in queries.same_sender(session, letter, actor)
        ],
        files=_files(session, letter, actor), seen_by=_seen_by(session, letter, actor),
        hand_over=_hand_over(session, letter), problems=problems,
        topics=offered_topics(session, cms.contributions.metrics),
    )  # fmt: skip


def _facts(letter: Letter, offices: Mapping[int, str], people: Mapping[int, str]) -> list[tuple[str, str]]:
    handler = people.get(letter.handler_id or 0, "")
    found = [
        (_("渠道"), _(CHANNEL_LABELS[letter.channel])), (_("诉求类型"), _(CATEGORY_LABELS[letter.category])),
        (_("主题"), letter.topic), (_("外部编号"), letter.external_no),
        (_("承办"), " · ".join(filter(None, (offices.get(letter.department_id or 0, ""), handler)))),
        (_("公开意愿"), _("同意公开") if letter.wants_public else _("不公开")), (_("依据"), letter.source),
        (_("加急"), _("是") if letter.is_urgent else ""),
        (_("计数"), _("已在计数登记中计过数") if letter.is_tallied else ""),
        (_("满意度"), _(SATISFACTION_LABELS[letter.satisfaction]) if letter.satisfaction else ""),
        (_("转办"), f"{letter.handed_on} {letter.handed_ref}" if letter.handed_on else ""),
    ]  # fmt: skip
    return [(label, value) for label, value in found if value]


def _answered(letter: Letter, offices: Mapping[int, str]) -> str:
    if letter.answered_at is None or letter.answered_on is None:
        return ""
    office = offices.get(letter.answered_by_id or 0, "")
    same = local_date(letter.answered_at) == letter.answered_on and local(letter.answered_at).hour
    moment = f"{local(letter.answered_at):%Y-%m-%d %H:%M}" if same else letter.answered_on.isoformat()
    return " · ".join(filter(None, (moment, office)))


def _limit_words(letter: Letter, limit: LimitSpec | None) -> str:
    if limit is None:
        return _("这类信件没有设答复期限。")
    words = _("收到后 {limit}").format(limit=limit_words(limit))
    if letter.extension:
        words += _("，延长 {n}").format(n=letter.extension)
    if letter.clock_from:
        words += _("，自 {day} 重新办理起算").format(day=letter.clock_from.isoformat())
    return _("{words}（{basis}）").format(words=words, basis=limit.basis)


def _seen_by(session: Session, letter: Letter, actor: Actor) -> list[str]:
    if not can(actor, LEADS):
        return []
    return [
        _("{moment} {who}：{why}").format(
            moment=f"{local(line.access.recorded_at):%Y-%m-%d %H:%M}", who=line.actor, why=line.access.why
        )
        for line in accesses_of(session, subject_of(letter), limit=10)
    ]


def _files(session: Session, letter: Letter, actor: Actor) -> list[tuple[int, str, int]]:
    """Return id, name and size of the scans; their names may tell who wrote, so only to those who handle the letter."""
    if not (can(actor, LEADS) or is_own(letter, actor)):
        return []
    return [(one.id, one.name, one.size) for one in files_of(session, get_cms().sealed_files, subject_of(letter))]


def _hand_over(session: Session, letter: Letter) -> str:
    if letter.verdict is not Verdict.APPLICATION:
        return ""
    found = hand_over_of(session, ORIGIN, letter.id)
    if found is None or found.taken_at is None:
        return _("已转依申请公开，尚待登记为申请。")
    return _("依申请公开已登记为 {number}。").format(number=found.taken_as)


def _actions(session: Session, letter: Letter, actor: Actor, typed: Typed | None) -> list[ActionView]:
    """Return what ``actor`` can do now, the usual next step first."""
    allowed = [one for one in FORMS if not problem_of(letter, one, actor) and _makes_sense(letter, one)]
    usual = [one for one in _NEXT.get(letter.state, ()) if one in allowed]
    following = usual[:1]
    views = []
    for action in [*usual, *(one for one in allowed if one not in usual)]:
        is_typed = typed is not None and typed[0] is action
        form = typed[1] if typed is not None and is_typed else _fresh_form(session, letter, action)
        form.offer(session)
        views.append(
            ActionView(
                action.value, _(ACTION_LABELS[action]), form, action in following, is_typed or action in following,
                "danger" if action in _DANGEROUS else "",
            )
        )  # fmt: skip
    return views


def _makes_sense(letter: Letter, action: Action) -> bool:
    if action is Action.PUBLISH:
        return letter.wants_public
    if action is Action.TAKE_OFF:
        return letter.published_at is not None
    if action is Action.RECORD_ANSWER:
        return not (letter.channel in ONLINE and letter.code)
    return not (action is Action.EXTEND and letter.due_at is None)


def _fresh_form(session: Session, letter: Letter, action: Action) -> ActionForm:
    today = local_date(get_cms().clock.now()).isoformat()
    values: dict[str, object] = {}
    if action is Action.DRAFT:
        newest = latest(session, letter.id)
        values = {"text": newest.text if newest else ""}
    elif action is Action.PUBLISH:
        offered = proposal(letter, keep=office_phones(session))
        values = {"title": offered.title, "text": offered.text, "answer": offered.answer}
    elif action is Action.AMEND:
        values = {
            "channel": letter.channel.value, "category": letter.category.value, "topic": letter.topic,
            "occurred_on": letter.occurred_on.isoformat(), "external_no": letter.external_no,
            "is_urgent": letter.is_urgent, "is_tallied": letter.is_tallied,
        }  # fmt: skip
    elif action is Action.ASSIGN:
        values = {"department_id": str(letter.department_id or ""), "handler_id": str(letter.handler_id or "")}
    elif action in {Action.HAND_OVER, Action.CALL_BACK, Action.RECORD_ANSWER}:
        values = {"on": today}
    return FORMS[action](data=values, prefix=f"{action}-")
