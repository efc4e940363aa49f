"""Entering a letter by hand: one that came on paper, by telephone, at the counter or as a work order."""

import re
from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import (
    Invalid,
    Problem,
    Tally,
    UnitOfWork,
    current_actor,
    get_cms,
    keep_file,
    local_date,
    offered_topics,
    read_session,
    render_in_desk,
    show_errors,
)  # fmt: skip
from cms.api import gettext as _

from .desk_forms import RegisterForm, day_of, id_of
from .desk_pages import NAME, RegisterPage, crumbs
from .models import Letter
from .receiving import LetterInput, RegisterInput, Sender, register
from .terms import CHANNEL_LABELS, Category, Channel
from .viewing import subject_of

_TIME = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)")
#: What the next letter starts with, in the address after one was saved.
KEPT = ("channel", "category", "topic", "received_on", "source")
#: Channel → metric and channel of the tally register that count the same.
TALLIED = {
    Channel.MAILBOX_LEADER: ("letters.leader_mailbox", ""), Channel.HOTLINE_12345: ("letters.hotline_12345", ""),
    Channel.ONSITE: ("consultations", "onsite"), Channel.PHONE: ("consultations", "phone"),
    Channel.WEB: ("consultations", "web"),
}  # fmt: skip


def enter() -> ResponseReturnValue:
    """Enter a letter; the next one starts with the same channel, day and source."""
    form = RegisterForm(request.form) if request.method == "POST" else RegisterForm(data=_beginning())
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                letter = _register(uow, form)
        except Invalid as refused:
            problems = show_errors({field.name: field for field in form}, refused.errors)
        else:
            flash(_("已登记为 {number}，可继续登记下一件。").format(number=letter.number), "success")
            kept = {name: form[name].data for name in KEPT if form[name].data}
            return redirect(url_for(f"{NAME}.register", **kept))
    return render_in_desk(_page(form, problems)), 422 if problems else 200


def _beginning() -> dict[str, object]:
    today = local_date(get_cms().clock.now()).isoformat()
    return {"received_on": today, **{name: request.args[name] for name in KEPT if request.args.get(name)}}


def _page(form: RegisterForm, problems: Sequence[Problem]) -> RegisterPage:
    session = read_session()
    form.offer(session)
    return RegisterPage(
        title=_("登记信件"), crumbs=crumbs(_("登记信件")), form=form, problems=problems,
        lead=_("来信、来电、来访、上级信箱和 12345 工单；以前收到的也在这里补录，写明收到日期和依据。"),
        topics=offered_topics(session, get_cms().contributions.metrics), tallied=_tallied(session, form),
    )  # fmt: skip


def _tallied(session: Session, form: RegisterForm) -> list[str]:
    """Return what the tally register counts for the same channel and day, so that nothing is counted twice."""
    day = day_of(form.received_on.data, "received_on", {})
    channel = Channel(form.channel.value) if form.channel.value in set(Channel) else None
    if day is None or channel not in TALLIED:
        return []
    metric, tally_channel = TALLIED[channel]
    query = select(func.sum(Tally.quantity)).where(Tally.metric == metric, Tally.occurred_on == day)
    if tally_channel:
        query = query.where(Tally.channel == tally_channel)
    total = session.scalar(query) or 0
    if not total:
        return []
    return [
        _("计数登记中 {day} 的“{channel}”已有 {n} 件。这件如果已经数在里面，请勾选“已在计数登记中计过数”。").format(
            day=day.isoformat(), channel=_(CHANNEL_LABELS[channel]), n=total
        )
    ]


def _register(uow: UnitOfWork, form: RegisterForm) -> Letter:
    cms = get_cms()
    errors: dict[str, list[str]] = {}
    given = _given(form, errors)
    try:
        letter = register(uow, cms.keyring, given, actor=current_actor())
    except Invalid as refused:
        # What could not be read stands before what follows from it.
        raise Invalid(refused.errors | errors) from refused
    if errors:
        raise Invalid(errors)
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        keep_file(
            uow, cms.sealed_files, subject=subject_of(letter), purpose="scan", filename=upload.filename,
            content=upload.read(), max_mb=cms.settings.max_upload_mb,
        )  # fmt: skip
    return letter


def _given(form: RegisterForm, errors: dict[str, list[str]]) -> RegisterInput:
    texts = {field.name: str(field.data or "") for field in form if field.name != "file"}
    channel = Channel(form.channel.value) if form.channel.value in set(Channel) else None
    if channel is None:
        errors["channel"] = [_("请选择渠道。")]
    received = day_of(texts["received_on"], "received_on", errors)
    answered = day_of(texts["answered_on"], "answered_on", errors, empty=True)
    letter = LetterInput(
        channel=channel or Channel.POST,
        category=Category(form.category.value) if form.category.value in set(Category) else None,
        title=texts["title"], text=texts["text"], topic=texts["topic"], page_url=texts["page_url"],
        wants_public=bool(form.wants_public.data),
        sender=Sender(name=texts["name"], phone=texts["phone"], email=texts["email"], address=texts["address"]),
    )  # fmt: skip
    return RegisterInput(
        letter=letter, received_on=received or local_date(get_cms().clock.now()), source=texts["source"],
        time=time_of(texts["time"], errors), external_no=texts["external_no"],
        department_id=id_of(form.department_id.value), is_urgent=bool(form.is_urgent.data),
        is_tallied=bool(form.is_tallied.data), answered_on=answered, answer=texts["answer"],
    )  # fmt: skip


def time_of(text: str, errors: dict[str, list[str]]) -> tuple[int, int] | None:
    """Return hour and minute that were typed; nothing if none were."""
    typed = text.strip()
    if not typed:
        return None
    found = _TIME.fullmatch(typed)
    if found is None:
        errors["time"] = [_("请填写时间，例如 09:30。")]
        return None
    return int(found[1]), int(found[2])
