"""Taking in at the desk: what came on paper or was spoken, and what another register has handed over."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from cms.api import (
    HandOver,
    Invalid,
    Problem,
    current_actor,
    fields_by_name,
    get_cms,
    read_session,
    render_in_desk,
    show_errors,
    take_up,
)  # fmt: skip
from cms.api import gettext as _

from . import intake
from .desk_forms import day_of, id_of
from .desk_pages import NewPage, crumbs, show_url, today
from .forms import PaperForm, one_of
from .history import Entry
from .models import Channel


def new() -> ResponseReturnValue:
    """Register an application that came at the counter, by post or fax, or was spoken."""
    form = PaperForm.from_request(**_suggested()).offer()
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            number, code, url = _register(form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        else:
            flash(
                _("已登记，申请编号 {number}，查询码 {code}。查询码只显示这一次，请告知申请人。").format(
                    number=number, code=code
                ),
                "success",
            )
            return redirect(url)
    page = NewPage(
        title=_("登记申请"), crumbs=crumbs(), form=form, problems=problems,
        lead=_("当面、邮寄、传真、口头提出的申请在这里登记；口头申请由工作人员代为填写。"),
        has_agent=any(field.data or field.errors for field in form.agent_fields),
        has_others=any(field.data or field.errors for row in form.co_rows() for field in row),
    )  # fmt: skip
    return render_in_desk(page), 422 if problems else 200


def _suggested() -> dict[str, str]:
    """Return what the form begins with: today, or what was handed over from another register."""
    found = {"on": today().isoformat(), "made_on": today().isoformat()}
    waiting = read_session().get(HandOver, id_of(request.args.get("take", "")) or 0)
    if waiting is None or waiting.taken_at is not None:
        return found
    values = get_cms().keyring.open(waiting.personal, HandOver.personal)
    known = {name: values[name] for name in ("name", "phone", "email", "address", "text") if values.get(name)}
    return {
        **found, **known, "title": waiting.title, "made_on": waiting.received_on.isoformat(), "channel": Channel.WEB,
        "source": _("由 {number} 转来").format(number=waiting.number),
    }  # fmt: skip


def _register(form: PaperForm) -> tuple[str, str, str]:
    errors = form.unchosen()
    made, on, signed = (day_of(str(form[name].data or ""), name, errors) for name in ("made_on", "on", "signed_on"))
    if not form.channel.value:
        errors["channel"] = [_("请选择申请方式。")]
    for name, day in (("made_on", made), ("on", on)):
        if day is None:
            errors.setdefault(name, [_("请填写日期。")])
    cms, actor = get_cms(), current_actor()
    with cms.unit_of_work() as uow:
        given = form.request(
            channel=one_of(Channel, form.channel.value, Channel.ONSITE), made_on=made or today(), has_authority=True
        )
        try:
            application, code = intake.register(
                uow, cms.keyring, given, actor=actor, signed_on=signed, external_no=str(form.external_no.data or ""),
                entry=Entry(on=on, source=str(form.source.data or "")),
            )  # fmt: skip
        except Invalid as refused:
            raise Invalid(refused.errors | errors) from refused
        if errors:
            raise Invalid(errors)
        taken = uow.session.get(HandOver, id_of(request.args.get("take", "")) or 0)
        if taken is not None:
            take_up(uow, taken, application.number, actor=actor)
    return application.number, code, show_url(application.id)
