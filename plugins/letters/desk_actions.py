"""What the forms of a letter do: parse what was typed, call the one service."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cms.api import Actor, Cms, Invalid, UnitOfWork, local_date
from cms.api import gettext as _

from . import amending, answering, following, publishing, screening
from .desk_forms import ActionForm, day_of, id_of, number_of
from .models import Letter
from .offices import office_phones
from .states import Action
from .terms import Category, Channel, Satisfaction, Verdict

W = TypeVar("W", Verdict, Satisfaction, Channel, Category)


@dataclass(frozen=True)
class Call:
    """Everything that an action gets."""

    cms: Cms
    uow: UnitOfWork
    letter: Letter
    form: ActionForm
    actor: Actor

    def typed(self, name: str) -> str:
        """Return what was typed into a field."""
        data = self.form[name].data
        return str(data) if data is not None else ""


def perform(call: Call, action: Action) -> str:
    """Do what was asked for; return what has to be shown once, if anything.

    :raises Invalid: by field. :raises NotAllowed: if it may not be done. :raises Conflict: if somebody was faster.
    """
    return _DO[action](call) or ""


def _plain(service: Callable[..., None]) -> Callable[[Call], None]:
    return lambda call: service(call.uow, call.letter, actor=call.actor)


def _with_note(service: Callable[..., None]) -> Callable[[Call], None]:
    return lambda call: service(call.uow, call.letter, actor=call.actor, note=call.typed("note"))


def _screen(call: Call) -> None:
    screening.screen(call.uow, call.letter, actor=call.actor)
    office = id_of(call.typed("department_id"))
    if office is not None:
        screening.assign(call.uow, call.letter, office, actor=call.actor)


def _dismiss(call: Call) -> None:
    verdict = _one_of(Verdict, call.typed("verdict"))
    screening.dismiss(
        call.uow, call.letter, verdict or Verdict.VALID, actor=call.actor, note=call.typed("note"),
        duplicate_of=call.typed("duplicate_of"),
    )  # fmt: skip


def _forward(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    today = local_date(call.uow.clock.now())
    on = day_of(call.typed("on"), "on", errors) or today
    given = screening.ForwardInput(
        verdict=_one_of(Verdict, call.typed("verdict")) or Verdict.VALID, on=on, reference=call.typed("reference"),
        note=call.typed("note"),
    )  # fmt: skip
    _refuse(errors)
    screening.forward(call.uow, call.cms.keyring, call.letter, given, actor=call.actor)


def _assign(call: Call) -> None:
    screening.assign(
        call.uow, call.letter, id_of(call.typed("department_id")), actor=call.actor,
        handler_id=id_of(call.typed("handler_id")), note=call.typed("note"),
    )  # fmt: skip


def _draft(call: Call) -> None:
    answering.draft(call.uow, call.letter, call.typed("text"), actor=call.actor)


def _answer(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    on = day_of(call.typed("on"), "on", errors, empty=True)
    _refuse(errors)
    answering.answer(call.uow, call.letter, actor=call.actor, on=on)


def _record_answer(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    on = day_of(call.typed("on"), "on", errors) or local_date(call.uow.clock.now())
    _refuse(errors)
    answering.record_answer(call.uow, call.letter, call.typed("text"), actor=call.actor, on=on)


def _publish(call: Call) -> None:
    given = publishing.PublicText(
        title=call.typed("title"), text=call.typed("text"), answer=call.typed("answer"),
        is_checked=bool(call.form["is_checked"].data),
    )  # fmt: skip
    publishing.publish(call.uow, call.letter, given, actor=call.actor, keep=office_phones(call.uow.session))


def _call_back(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    on = day_of(call.typed("on"), "on", errors, empty=True)
    _refuse(errors)
    following.call_back(
        call.uow, call.letter, _one_of(Satisfaction, call.typed("satisfaction")), actor=call.actor,
        note=call.typed("note"), on=on,
    )  # fmt: skip


def _extend(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    units = number_of(call.typed("units"), "units", errors) or 0
    _refuse(errors)
    screening.extend(call.uow, call.letter, units, actor=call.actor, note=call.typed("note"))


def _reissue(call: Call) -> str:
    note = call.typed("note")
    code = following.reissue_code(call.uow, call.cms.keyring, call.letter, actor=call.actor, note=note)
    return _("新的查询码：{code}。请告知来信人；只显示这一次，原来的查询码已失效。").format(code=code)


def _amend(call: Call) -> None:
    errors: dict[str, list[str]] = {}
    on = day_of(call.typed("occurred_on"), "occurred_on", errors) or call.letter.occurred_on
    _refuse(errors)
    given = amending.Correction(
        channel=_one_of(Channel, call.typed("channel")) or call.letter.channel,
        category=_one_of(Category, call.typed("category")) or call.letter.category,
        topic=call.typed("topic"), occurred_on=on, is_urgent=bool(call.form["is_urgent"].data),
        is_tallied=bool(call.form["is_tallied"].data), external_no=call.typed("external_no"),
    )  # fmt: skip
    amending.amend(call.uow, call.letter, given, actor=call.actor, note=call.typed("note"))


def _one_of(kind: type[W], value: str) -> W | None:
    return kind(value) if value in set(kind) else None


def _refuse(errors: Mapping[str, list[str]]) -> None:
    if errors:
        raise Invalid(errors)


_DO: Mapping[Action, Callable[[Call], str | None]] = {
    Action.SCREEN: _screen, Action.DISMISS: _dismiss, Action.HAND_OVER: _forward,
    Action.RESTORE: _with_note(screening.restore), Action.ASSIGN: _assign, Action.ACCEPT: _plain(screening.accept),
    Action.GIVE_BACK: _with_note(screening.give_back), Action.DRAFT: _draft,
    Action.REFUSE: _with_note(answering.refuse), Action.REVIEW: _with_note(answering.review), Action.ANSWER: _answer,
    Action.RECORD_ANSWER: _record_answer, Action.PUBLISH: _publish, Action.TAKE_OFF: _with_note(publishing.take_off),
    Action.CALL_BACK: _call_back, Action.CLOSE: _with_note(following.close), Action.REDO: _with_note(answering.redo),
    Action.EXTEND: _extend, Action.URGE: _with_note(screening.urge), Action.AMEND: _amend, Action.REISSUE: _reissue,
}  # fmt: skip
