"""The public pages below ``/applications/``: how to apply, the form, the receipt, the state. Without JavaScript."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.api import (
    Document,
    Gate,
    Invalid,
    Link,
    NotAllowed,
    NotFound,
    Problem,
    Upload,
    absolute,
    as_docx,
    as_pdf,
    edition_on,
    fields_by_name,
    frame,
    get_cms,
    load_settings,
    local_date,
    look_up,
    open_gate,
    path_of,
    read_session,
    receipt_of,
    render,
    show_errors,
    status_of,
)  # fmt: skip
from cms.api import gettext as _

from . import closing, inquiries, intake, status, terms
from .forms import ApplicationForm, StatusForm
from .history import get
from .models import Application, Channel
from .office import office_of
from .receipts import blank_form, receipt_document
from .settings import ApplicationSettings
from .site_pages import ChoicePage, EntrancePage, NewPage, ReceiptPage, StatusPage

NAME = "applications"
_PERSON, _ORGAN = "person", "organisation"


def make_blueprint() -> Blueprint:
    """Return the routes below ``/applications/``."""
    blueprint = Blueprint(NAME, __name__, url_prefix="/applications")
    blueprint.add_url_rule("/", view_func=entrance)
    blueprint.add_url_rule("/new", view_func=new, methods=["GET", "POST"])
    blueprint.add_url_rule("/receipt", view_func=receipt)
    blueprint.add_url_rule("/receipt.<kind>", view_func=receipt_file)
    blueprint.add_url_rule("/form.<kind>", view_func=form_file)
    blueprint.add_url_rule("/status", view_func=state, methods=["GET", "POST"])
    return blueprint


def _today() -> date:
    return local_date(get_cms().clock.now())


def _breadcrumbs() -> list[Link]:
    return [*frame().breadcrumbs(), Link(_("依申请公开"), path_of("/applications/"))]


def entrance() -> str:
    """Explain how to apply."""
    here, session = frame(), read_session()
    own = load_settings(session, ApplicationSettings)
    return render(
        EntrancePage(
            **here.values(), title=_("依申请公开"), breadcrumbs=here.breadcrumbs(), labels=here.labels(),
            canonical=absolute("/applications/"), office=office_of(session), edition=edition_on(_today()),
            notice=[line for line in own.notice.split("\n") if line.strip()], is_open=own.is_open,
            new_path=url_for(f"{NAME}.new"), status_path=url_for(f"{NAME}.state"),
            form_path=url_for(f"{NAME}.form_file", kind="docx"),
        )
    )  # fmt: skip


def new() -> ResponseReturnValue:
    """Take an application."""
    chosen, here = request.args.get("kind", ""), frame()
    title, canonical = _("提出政府信息公开申请"), absolute("/applications/new")
    labels = {_PERSON: _("公民（自然人）"), _ORGAN: _("法人或者其他组织")}
    if chosen not in labels:
        choices = [Link(label, url_for(f"{NAME}.new", kind=key)) for key, label in labels.items()]
        return render(
            ChoicePage(
                **here.values(), title=title, breadcrumbs=_breadcrumbs(), labels=here.labels(), canonical=canonical,
                choices=choices,
            )
        )  # fmt: skip
    session = read_session()
    own = load_settings(session, ApplicationSettings)
    if not own.is_open:
        raise NotAllowed(_("本网站暂不受理网上申请，请当面提交、邮寄或传真。"))
    is_person = chosen == _PERSON
    gate = open_gate(NAME, uploads=_uploads())
    form = ApplicationForm.from_request().offer(is_person=is_person)
    if is_person:
        form.applicant_class.data = "NP"
    problems: list[Problem] = []
    code = 200
    if request.method == "POST":
        if gate.receipt is None:
            try:
                _submit(gate, form)
            except Invalid as refused:
                problems, code = gate.problems(form, refused), status_of(refused)
        if not problems:
            return redirect(url_for(f"{NAME}.receipt", form=gate.form_id))
    other = _ORGAN if is_person else _PERSON
    page = NewPage(
        **here.values(), title=title, breadcrumbs=_breadcrumbs(), labels=here.labels(), canonical=canonical, form=form,
        gate=gate, problems=problems, is_person=is_person, office=office_of(session),
        other=Link(labels[other], url_for(f"{NAME}.new", kind=other)), confirms_at_once=own.confirm_at_once,
        has_agent=any(field.data or field.errors for field in form.agent_fields),
        has_others=any(field.data or field.errors for row in form.co_rows() for field in row),
    )  # fmt: skip
    return render(page), code


def _uploads() -> dict[str, Upload]:
    return {
        "identity": Upload(terms.IDENTITY, _("身份证明"), _("身份证、营业执照等的照片或扫描件，可不传。")),
        "authority": Upload(terms.AUTHORITY, _("授权委托书"), _("由代理人提出申请的必须上传。")),
        "support": Upload(terms.SUPPORT, _("其他附件"), _("例如共同申请人名单、相关文件，可不传。")),
    }


def _submit(gate: Gate, form: ApplicationForm) -> None:
    cms = get_cms()
    with gate.unit_of_work() as uow:
        given = form.request(channel=Channel.WEB, made_on=_today(), has_authority=bool(gate.files_for("authority")))
        try:
            application, code = intake.submit(uow, cms.keyring, given)
        except Invalid as refused:
            raise Invalid(refused.errors | form.unchosen()) from refused
        if form.unchosen():
            raise Invalid(form.unchosen())
        gate.claim_files(uow, terms.subject_of(application))
        gate.accept(uow, {"number": application.number, "code": code, "on": application.occurred_on.isoformat()})


def receipt() -> ResponseReturnValue:
    """Show number and query code of an application that was submitted just now."""
    found = _receipt()
    here, session, form_id = frame(), read_session(), request.args.get("form", "")
    return render(
        ReceiptPage(
            **here.values(), title=_("申请已提交"), breadcrumbs=_breadcrumbs(), labels=here.labels(),
            number=found["number"], code=found["code"], submitted_on=date.fromisoformat(found["on"]),
            confirms_at_once=load_settings(session, ApplicationSettings).confirm_at_once,
            status_path=url_for(f"{NAME}.state"), office=office_of(session),
            files=[
                Link(label, url_for(f"{NAME}.receipt_file", kind=kind, form=form_id))
                for kind, label in ((("pdf", _("回执（PDF）")), ("docx", _("回执（Word）"))))
            ],
        )
    )  # fmt: skip


def receipt_file(kind: str) -> Response:
    """Give the receipt as a file."""
    found = _receipt()
    document = receipt_document(
        office_of(read_session()), number=found["number"], code=found["code"],
        submitted_on=date.fromisoformat(found["on"]), status_url=absolute("/applications/status"),
    )  # fmt: skip
    answer = _file(document, kind, f"回执-{found['number']}")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _receipt() -> dict[str, str]:
    found = receipt_of(NAME, request.args.get("form", ""))
    if not found:
        raise NotFound(_("回执只显示一小时。忘记查询码的，请与受理机构联系补发。"))
    return found


def form_file(kind: str) -> Response:
    """Give the blank form to be filled in on paper."""
    return _file(blank_form(office_of(read_session())), kind, _("政府信息公开申请表"))


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRITERS: dict[str, tuple[Callable[[Document], bytes], str]] = {
    "docx": (as_docx, _DOCX), "pdf": (as_pdf, "application/pdf"),
}  # fmt: skip


def _file(document: Document, kind: str, name: str) -> Response:
    if kind not in _WRITERS:
        raise NotFound(kind)
    write, media_type = _WRITERS[kind]
    answer = Response(write(document), mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return answer


def state() -> ResponseReturnValue:
    """Show how an application stands; confirm, correct, explain or take it back."""
    form, code, done = StatusForm.from_request(), 200, ""
    application: Application | None = None
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            application = _looked_up(form)
            done = _act(application.id, request.form.get("action", ""))
        except Invalid as refused:
            errors, code = refused.errors, status_of(refused)
        except NotAllowed as refused:
            errors, code = {"": list(refused.problems)}, 422
    return _state_page(form, errors, application.id if application else None, done), code


def _looked_up(form: StatusForm) -> Application:
    return look_up(
        NAME, number=form.number.data or "", code=form.code.data or "", find=status.find, at=Application.code
    )


def _act(application_id: int, action: str) -> str:
    """Do what the applicant asked for; return the sentence that says so."""
    cms, text = get_cms(), request.form.get("text", "")
    if action not in _DONE:
        return ""
    with cms.unit_of_work() as uow:
        application = get(uow.session, application_id)
        if action == status.CONFIRM:
            intake.confirm_by_applicant(uow, application)
        elif action == status.CORRECT:
            inquiries.correct(uow, cms.keyring, application, text=text)
        elif action == status.REASONS:
            inquiries.give_reasons(uow, cms.keyring, application, text=text)
        else:
            closing.withdraw(uow, application)
    return _(_DONE[action])


_DONE = {
    status.CONFIRM: "已确认。本机关确认后开始计算答复期限。", status.CORRECT: "补正已提交，答复期限自今天起重新计算。",
    status.REASONS: "理由已提交。", status.WITHDRAW: "申请已撤回。",
}  # fmt: skip


def _state_page(form: StatusForm, errors: dict[str, list[str]], application_id: int | None, done: str) -> str:
    here, cms = frame(), get_cms()
    values = here.values()
    title, office = _("查询申请办理状态"), office_of(read_session())
    if application_id is None:
        return render(
            StatusPage(
                **values, title=title, breadcrumbs=_breadcrumbs(), labels=here.labels(), office=office, form=form,
                problems=show_errors(fields_by_name(form), errors), canonical=absolute("/applications/status"),
            )
        )  # fmt: skip
    # What was done just now is not in the transaction that reads.
    with cms.reading() as session:
        application = get(session, application_id)
        actions = list(status.actions(session, application))
        tried = next((one for one in actions if one.name == request.form.get("action") and one.form), None)
        fields = fields_by_name(tried.form) if tried is not None and errors else {}
        if "text" in fields:
            fields["text"].data = request.form.get("text", "")
        return render(
            StatusPage(
                **values, title=title, breadcrumbs=_breadcrumbs(), labels=here.labels(), office=office, form=form,
                problems=show_errors(fields, errors), state=status.outside_state(application), actions=actions,
                facts=list(status.facts(session, application)), done=done,
            )
        )  # fmt: skip
