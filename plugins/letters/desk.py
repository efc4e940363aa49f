"""Letters in the desk: the register with filters, one letter with what can be done, the limits."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    can,
    current_actor,
    departments,
    get_cms,
    late_after,
    offered_topics,
    open_file,
    paging,
    permission,
    read_session,
    render_in_desk,
    sealed_response,
    show_errors,
)  # fmt: skip
from cms.api import gettext as _

from . import desk_entry, desk_limits, desk_statistics, queries
from .addresses import with_query
from .alarms import alarm_counts
from .desk_actions import Call, perform
from .desk_forms import CATEGORIES, CHANNELS, FORMS
from .desk_letter import letter_page
from .desk_pages import NAME, ListPage, Tab
from .models import Letter
from .shown import line_of
from .states import ACTION_LABELS, STATE_LABELS, Action
from .steps import expect_version, get_letter, may_read
from .viewing import REVEAL, may_see, see, subject_of

PER_PAGE = 30
_FILTERS = ("q", "state", "channel", "category", "topic", "department", "from", "to", "level", "group")


def make_blueprint() -> Blueprint:
    """Return the routes of letters in the desk."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/desk")
    view, register = permission("letters.view"), permission("letters.register")
    both = ["GET", "POST"]
    blueprint.add_url_rule("/letters", "index", view(index))
    blueprint.add_url_rule("/letters/<int:letter_id>", "letter", view(letter))
    blueprint.add_url_rule("/letters/<int:letter_id>/do/<name>", "act", view(act), methods=["POST"])
    blueprint.add_url_rule("/letters/<int:letter_id>/reveal", "reveal", view(reveal), methods=["POST"])
    blueprint.add_url_rule("/letters/<int:letter_id>/files/<int:file_id>", "file", view(file), methods=["POST"])
    blueprint.add_url_rule("/letters/new", "register", register(desk_entry.enter), methods=both)
    configure = permission("letters.configure")
    blueprint.add_url_rule("/letter-limits", "limits", configure(desk_limits.limits_page), methods=both)
    blueprint.add_url_rule("/letter-statistics", "statistics", view(desk_statistics.statistics_page))
    blueprint.add_url_rule("/letter-statistics.csv", "statistics_csv", view(desk_statistics.statistics_csv))
    return blueprint


def index() -> str:
    """List the letters that the person may see."""
    session, actor, now = read_session(), current_actor(), get_cms().clock.now()
    chosen = {name: request.args.get(name, "").strip() for name in _FILTERS}
    conditions = _filter(chosen).conditions(actor, now)
    here = paging(queries.size(session, conditions), PER_PAGE)
    offices = {one.id: one.name for one in departments(session)}
    found, late = (
        session.scalars(queries.letters(conditions).limit(here.per_page).offset(here.offset)).all(),
        late_after(session),
    )
    page = ListPage(
        title=_("信件办理"), lead=_("来信、来电、来访和工单，按答复期限排列。"), paging=here,
        lines=[line_of(one, offices, now, late) for one in found], tabs=_tabs(chosen), filters=chosen,
        is_filtered=any(chosen[name] for name in _FILTERS if name not in {"level", "group"}),
        states=[(one.value, _(label)) for one, label in STATE_LABELS.items()], channels=CHANNELS,
        categories=CATEGORIES, topics=offered_topics(session, get_cms().contributions.metrics),
        offices=[(str(number), name) for number, name in offices.items()], may_register=can(actor, "letters.register"),
        import_url=_import_url(),
    )  # fmt: skip
    return render_in_desk(page)


def _import_url() -> str:
    """Return the address of the back-entry of work orders; without the desk's view there is none."""
    if "desk.sheet" not in current_app.view_functions or not can(current_actor(), "letters.register"):
        return ""
    return url_for("desk.sheet", code="letters.hotline")


def _filter(chosen: Mapping[str, str]) -> queries.LetterFilter:
    office = chosen["department"]
    return queries.LetterFilter(
        words=chosen["q"][:100], state=chosen["state"], channel=chosen["channel"], category=chosen["category"],
        topic=chosen["topic"], department_id=int(office) if office.isdecimal() and len(office) < 10 else None,  # noqa: PLR2004 — ids are smaller
        first=_day(chosen["from"]), last=_day(chosen["to"]), level=chosen["level"], group=chosen["group"],
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _tabs(chosen: Mapping[str, str]) -> list[Tab]:
    """Return the usual views with how much waits in each."""
    session, actor, now = read_session(), current_actor(), get_cms().clock.now()
    visible = [queries.visible_to(actor)]
    levels = alarm_counts(session, visible, now)
    views: list[tuple[str, dict[str, str], int | None]] = [
        (_("全部"), {}, None),
        (_("在办"), {"group": "open"}, None),
        (_("我承办的"), {"group": "mine"}, None),
        (_("即将到期"), {"level": "soon"}, levels["soon"]),
        (_("已超期"), {"level": "late"}, levels["late"]),
    ]
    if levels["red"]:
        views.append((_("超过 3 个月"), {"level": "red"}, levels["red"]))
    mine = {name: chosen[name] for name in ("level", "group") if chosen[name]}
    return [
        {"label": label, "url": with_query(f"{NAME}.index", values), "active": mine == values, "count": count}
        for label, values, count in views
    ]


def letter(letter_id: int) -> str:
    """Show a letter with its history and what can be done."""
    return render_in_desk(letter_page(_readable(letter_id)))


def _readable(letter_id: int) -> Letter:
    found = get_letter(read_session(), letter_id)
    if not may_read(found, current_actor()):
        raise NotFound(f"letter {letter_id}")
    return found


def act(letter_id: int, name: str) -> ResponseReturnValue:
    """Take a step; what cannot be taken is shown above the letter, with what was typed."""
    if name not in set(Action) or Action(name) not in FORMS:
        raise NotFound(name)
    action, actor, cms = Action(name), current_actor(), get_cms()
    _readable(letter_id)
    form = FORMS[action](request.form, prefix=f"{name}-")
    try:
        with cms.unit_of_work() as uow:
            found = get_letter(uow.session, letter_id)
            expect_version(found, request.form.get("version", type=int))
            shown_once = perform(Call(cms, uow, found, form, actor), action)
    except Invalid as refused:
        problems = show_errors({field.short_name: field for field in form}, refused.errors)
        return render_in_desk(letter_page(_readable(letter_id), typed=(action, form), problems=problems)), 422
    except (NotAllowed, Conflict) as refused:
        flash(str(refused), "error")
    else:
        flash(shown_once or _("已完成：{action}。").format(action=_(ACTION_LABELS[action])), "success")
    return redirect(url_for(f"{NAME}.letter", letter_id=letter_id))


def reveal(letter_id: int) -> ResponseReturnValue:
    """Show who wrote the letter, and the letter as it was written; noted in the access log."""
    found, cms = _readable(letter_id), get_cms()
    why = request.form.get("why", "")
    try:
        with cms.unit_of_work() as uow:
            values = see(uow, cms.keyring, get_letter(uow.session, letter_id), actor=current_actor(), why=why)
    except Invalid as refused:
        for lines in refused.errors.values():
            flash(lines[0], "error")
        return redirect(url_for(f"{NAME}.letter", letter_id=letter_id))
    return render_in_desk(letter_page(found, revealed=values, why=why))


def file(letter_id: int, file_id: int) -> Response:
    """Give a scan or attachment of a letter; noted in the access log."""
    found, cms, actor = _readable(letter_id), get_cms(), current_actor()
    if not may_see(found, actor):
        raise NotAllowed(_("只有承办人员可以查看来信的附件。"))
    with cms.unit_of_work() as uow:
        opened = open_file(
            uow, cms.sealed_files, file_id, subject=subject_of(found), actor=actor, why=_("查看附件"),
            permission=REVEAL,
        )  # fmt: skip
    return sealed_response(opened)
