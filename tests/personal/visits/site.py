from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Blueprint, redirect, request, url_for
from sqlalchemy import select
from wtforms import StringField, TextAreaField

from cms.api import (
    CITIZEN,
    Invalid,
    NotFound,
    Problem,
    ServiceForm,
    SitePage,
    Subject,
    Upload,
    current_actor,
    fields_by_name,
    files_of,
    frame,
    get_cms,
    look_up,
    new_code,
    one_line,
    open_file,
    open_gate,
    permission,
    receipt_of,
    render,
    reveal,
    seal_code,
    seal_into,
    sealed_response,
    show_errors,
    status_of,
)

from .models import Visit

UPLOADS = {"papers": Upload("identity", "身份证明", "身份证正反面照片。")}


class VisitForm(ServiceForm):
    name = StringField("姓名")
    id_number = StringField("证件号码")
    text = TextAreaField("事由")


class StatusForm(ServiceForm):
    number = StringField("编号")
    code = StringField("查询码")


@dataclass(frozen=True, kw_only=True)
class FormPage(SitePage):
    template: ClassVar[str] = "visits/form.html"
    gate: Any
    form: VisitForm
    problems: Sequence[Problem]


@dataclass(frozen=True, kw_only=True)
class ReceiptPage(SitePage):
    template: ClassVar[str] = "visits/receipt.html"
    number: str
    code: str


@dataclass(frozen=True, kw_only=True)
class StatusPage(SitePage):
    template: ClassVar[str] = "visits/status.html"
    form: StatusForm
    problems: Sequence[Problem]
    outcome: str


def submit(uow, keyring, given: Mapping[str, str], *, actor):
    assert actor is CITIZEN
    errors = {
        name: [f"请填写{label}。"] for name, label in (("name", "姓名"), ("text", "事由")) if not one_line(given[name])
    }
    if errors:
        raise Invalid(errors)
    visit = Visit(outcome="等待答复")
    seal_into(keyring, visit, Visit.personal, given)
    code = new_code()
    visit.code = seal_code(keyring, code, Visit.code)
    uow.session.add(visit)
    uow.session.flush()
    visit.number = f"V{visit.id:04d}"
    return visit, code


def form_page():
    gate = open_gate("visits", uploads=UPLOADS, most_files=3)
    form, problems, status = VisitForm.from_request(), (), 200
    if request.method == "POST":
        if gate.receipt is None:
            try:
                with gate.unit_of_work() as uow:
                    visit, code = submit(uow, get_cms().keyring, form.data, actor=CITIZEN)
                    gate.claim_files(uow, Subject("visit", visit.id))
                    gate.accept(uow, {"number": visit.number, "code": code})
            except Invalid as refused:
                problems, status = gate.problems(form, refused), status_of(refused)
        if not problems:
            return redirect(url_for("visits.receipt", form=gate.form_id))
    here = frame()
    page = FormPage(
        **here.values(),
        title="预约来访",
        breadcrumbs=here.breadcrumbs(),
        labels=here.labels(),
        gate=gate,
        form=form,
        problems=problems,
    )
    return render(page), status


def receipt():
    found = receipt_of("visits", request.args.get("form", ""))
    if found is None:
        raise NotFound("receipt")
    here = frame()
    return render(
        ReceiptPage(**here.values(), title="已收到", breadcrumbs=here.breadcrumbs(), labels=here.labels(), **found)
    )


def find(session, number):
    visit = session.scalars(select(Visit).where(Visit.number == number)).first()
    return (visit, visit.code) if visit else None


def status():
    form, problems, answer, outcome = StatusForm.from_request(), (), 200, ""
    if request.method == "POST":
        try:
            outcome = look_up("visits", number=form.number.data, code=form.code.data, find=find, at=Visit.code).outcome
        except Invalid as refused:
            problems, answer = show_errors(fields_by_name(form), refused.errors), status_of(refused)
    here = frame()
    page = StatusPage(
        **here.values(),
        title="查询",
        breadcrumbs=here.breadcrumbs(),
        labels=here.labels(),
        form=form,
        problems=problems,
        outcome=outcome,
    )
    return render(page), answer


def person(visit_id):
    cms = get_cms()
    with cms.unit_of_work() as uow:
        visit = uow.session.get_one(Visit, visit_id)
        subject = Subject("visit", visit.id)
        shown = reveal(
            uow,
            cms.keyring,
            visit.personal,
            Visit.personal,
            subject=subject,
            actor=current_actor(),
            why=request.args.get("why", ""),
            fields=("name",),
        )
        return {"values": shown, "files": [one.id for one in files_of(uow.session, cms.sealed_files, subject)]}


def file(visit_id, file_id):
    cms = get_cms()
    with cms.unit_of_work() as uow:
        opened = open_file(
            uow, cms.sealed_files, file_id, subject=Subject("visit", visit_id), actor=current_actor(), why="核验身份"
        )
    return sealed_response(opened)


def make_blueprint():
    blueprint = Blueprint("visits", __name__)
    blueprint.add_url_rule("/visits/", "form", form_page, methods=["GET", "POST"])
    blueprint.add_url_rule("/visits/receipt", "receipt", receipt)
    blueprint.add_url_rule("/visits/status", "status", status, methods=["GET", "POST"])
    guard = permission("desk.open")
    blueprint.add_url_rule("/desk/visits/<int:visit_id>", "person", guard(person))
    blueprint.add_url_rule("/desk/visits/<int:visit_id>/files/<int:file_id>", "file", guard(file))
    return blueprint
