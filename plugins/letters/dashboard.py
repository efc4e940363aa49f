"""A panel on the dashboard of the desk: what waits, what is near its limit, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from cms.api import Page, can, current_actor, get_cms, read_session, render
from cms.api import gettext as _

from . import queries
from .alarms import alarm_counts
from .desk_pages import NAME
from .models import Letter
from .states import State
from .steps import LEADS


@dataclass(frozen=True)
class Waiting:
    """How much waits, with the list behind it."""

    label: str
    number: int
    url: str
    is_bad: bool = False


@dataclass(frozen=True, kw_only=True)
class Panel(Page):
    """Letters on the dashboard."""

    template: ClassVar[str] = "desk/letters/panel.html"
    lines: Sequence[Waiting]


def panel() -> str:
    """Return the panel; nothing if nothing waits for the person."""
    actor = current_actor()
    if not can(actor, "letters.view"):
        return ""
    session, now = read_session(), get_cms().clock.now()
    visible = queries.visible_to(actor)
    levels = alarm_counts(session, [visible], now)
    lines = [
        Waiting(_("超过 3 个月未答复"), levels["red"], url_for(f"{NAME}.index", level="red"), True),
        Waiting(_("已超过答复期限"), levels["late"], url_for(f"{NAME}.index", level="late"), True),
        Waiting(_("即将到期"), levels["soon"], url_for(f"{NAME}.index", level="soon")),
    ]
    states = [(State.ASSIGNED, _("待受理")), (State.DRAFTED, _("待审核")), (State.REVIEWED, _("待答复"))]
    if can(actor, LEADS):
        states = [
            (State.RECEIVED, _("待甄别")),
            (State.SCREENED, _("待分办")),
            (State.RETURNED, _("退回重分")),
            *states,
        ]
    for state, label in states:
        number = queries.size(session, [visible, Letter.state == state])
        lines.append(Waiting(label, number, url_for(f"{NAME}.index", state=state.value)))
    found = [line for line in lines if line.number]
    return render(Panel(title=_("咨询信件"), lines=found)) if found else ""
