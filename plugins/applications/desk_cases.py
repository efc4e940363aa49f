"""Cases in the desk: 行政复议, 行政诉讼, 申诉, 举报投诉; and making an answer actively public."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.api import (
    Invalid,
    NotAllowed,
    Page,
    Paging,
    Problem,
    UnitOfWork,
    current_actor,
    fields_by_name,
    get_cms,
    paging,
    read_session,
    render_in_desk,
    show_errors,
    tree,
)  # fmt: skip
from cms.api import gettext as _

from . import casework, publicising
from .casework import CaseInput
from .desk_forms import CaseForm, day_of, id_of
from .desk_pages import NAME, Crumb, Fact, Tag, crumbs, show_url, today
from .desk_step import evidence_of
from .history import Entry, get
from .models import Application, Case, CaseKind, CaseResult
from .terms import case_labels, case_result_labels

PER_PAGE = 30


@dataclass(frozen=True)
class CaseRow:
    """A case in the list."""

    title: str
    url: str
    kind: str
    body: str
    received_on: str
    decided_on: str
    tag: Tag


@dataclass(frozen=True, kw_only=True)
class CasesPage(Page):
    """``/desk/applications/cases``: all cases."""

    template: ClassVar[str] = "desk/applications/cases.html"
    crumbs: Sequence[Crumb]
    lead: str
    rows: Sequence[CaseRow]
    paging: Paging
    new_url: str


@dataclass(frozen=True, kw_only=True)
class CasePage(Page):
    """``/desk/applications/cases/<id>`` and ``…/new``: a case with its forms."""

    template: ClassVar[str] = "desk/applications/case.html"
    crumbs: Sequence[Crumb]
    lead: str
    form: CaseForm
    fields: Sequence[str]
    action: str
    problems: Sequence[Problem]
    facts: Sequence[Fact]
    may_void: bool
    back: str


def cases() -> str:
    """List the cases, pending ones first."""
    session = read_session()
    query = select(Case)
    here = paging(session.scalar(select(func.count()).select_from(query.subquery())) or 0, PER_PAGE)
    newest = query.order_by(Case.decided_on.is_not(None), Case.occurred_on.desc(), Case.id.desc())
    page = CasesPage(
        title=_("复议、诉讼、申诉和举报投诉"), crumbs=crumbs(),
        lead=_("年报表四由这里的登记得出；未审结的结转到下一年度。"),
        rows=[_row(one) for one in session.scalars(newest.limit(here.per_page).offset(here.offset))], paging=here,
        new_url=url_for(f"{NAME}.case_new"),
    )  # fmt: skip
    return render_in_desk(page)


def _row(one: Case) -> CaseRow:
    tag = Tag(_("尚未审结"), "review")
    if one.result is not None:
        tag = Tag(case_result_labels()[one.result], "published")
    if one.voided_at is not None:
        tag = Tag(_("已作废"), "withdrawn")
    return CaseRow(
        title=one.number or one.matter or _("第 {n} 号").format(n=one.id), kind=case_labels()[one.kind],
        url=url_for(f"{NAME}.case", case_id=one.id), body=one.body, received_on=one.occurred_on.isoformat(),
        decided_on=one.decided_on.isoformat() if one.decided_on else "", tag=tag,
    )  # fmt: skip


_NEW_FIELDS = ("kind", "body", "number", "matter", "application", "follows", "on", "source", "evidence")
_DECIDE_FIELDS = ("result", "decision", "on", "source", "evidence")


def case_new() -> ResponseReturnValue:
    """Record a case."""
    session = read_session()
    form = CaseForm.from_request(on=today().isoformat(), application=request.args.get("application", "")).offer()
    form.follows.choices = (("", _("（没有）")), *_reviews(session))
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                made = _open(uow, form)
        except Invalid as refused:
            renamed = {"application_id": "application", "follows_id": "follows"}
            errors = {renamed.get(name, name): lines for name, lines in refused.errors.items()}
            problems = show_errors(fields_by_name(form), errors)
        else:
            flash(_("已登记。"), "success")
            return redirect(url_for(f"{NAME}.case", case_id=made))
    return _case_page(_("登记案件"), form, _NEW_FIELDS, problems=problems, action="open"), 422 if problems else 200


def _reviews(session: Session) -> list[tuple[str, str]]:
    query = select(Case).where(Case.kind == CaseKind.REVIEW, Case.voided_at.is_(None)).order_by(Case.id.desc())
    return [(str(one.id), f"{one.number or one.body} {one.occurred_on}") for one in session.scalars(query.limit(50))]


def _open(uow: UnitOfWork, form: CaseForm) -> int:
    errors: dict[str, list[str]] = {}
    on = day_of(str(form.on.data or ""), "on", errors)
    kind = next((one for one in CaseKind if one.value == form.kind.value), None)
    if kind is None:
        errors["kind"] = [_("请选择种类。")]
    number, found = str(form.application.data or "").strip(), None
    if number:
        found = uow.session.scalar(select(Application).where(Application.number == number))
        if found is None:
            errors["application"] = [_("没有编号为 {number} 的申请。").format(number=number[:20])]
    if errors or kind is None:
        raise Invalid(errors)
    given = CaseInput(
        kind=kind, body=str(form.body.data or ""), number=str(form.number.data or ""),
        matter=str(form.matter.data or ""), application_id=found.id if found is not None else None,
        follows_id=id_of(form.follows.value) if kind is CaseKind.SUIT_AFTER_REVIEW else None,
    )  # fmt: skip
    entry = Entry(on=on, source=str(form.source.data or ""), evidence_id=evidence_of(uow))
    return casework.open_case(uow, given, actor=current_actor(), entry=entry).id


def case(case_id: int) -> ResponseReturnValue:
    """Show a case; record its decision, or take it out of all counts."""
    form = CaseForm.from_request(on=today().isoformat()).offer()
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                _change(uow, casework.get_case(uow.session, case_id), form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except NotAllowed as refused:
            problems = [Problem(line) for line in refused.problems]
        else:
            flash(_("已登记。"), "success")
            return redirect(url_for(f"{NAME}.case", case_id=case_id))
    one = casework.get_case(read_session(), case_id)
    is_pending = one.decided_on is None and one.voided_at is None
    page = _case_page(
        case_labels()[one.kind], form, _DECIDE_FIELDS if is_pending else (), problems=problems, action="decide", one=one
    )
    return page, 422 if problems else 200


def _change(uow: UnitOfWork, one: Case, form: CaseForm) -> None:
    if request.form.get("action") == "void":
        casework.void_case(uow, one, actor=current_actor(), reason=str(form.reason.data or ""))
        return
    errors: dict[str, list[str]] = {}
    on = day_of(str(form.on.data or ""), "on", errors)
    result = next((value for value in CaseResult if value.value == form.result.value), None)
    if result is None:
        errors["result"] = [_("请选择结果。")]
    if errors or result is None:
        raise Invalid(errors)
    entry = Entry(on=on, source=str(form.source.data or ""), evidence_id=evidence_of(uow))
    casework.decide(uow, one, actor=current_actor(), result=result, decision=str(form.decision.data or ""), entry=entry)


def _case_page(
    title: str, form: CaseForm, fields: Sequence[str], *, problems: Sequence[Problem], action: str,
    one: Case | None = None,
) -> str:  # fmt: skip
    above: list[Crumb] = [*crumbs(), {"label": _("案件"), "url": url_for(f"{NAME}.cases")}]
    return render_in_desk(
        CasePage(
            title=title, crumbs=above, form=form, fields=fields, action=action, problems=problems,
            lead=_("审结的案件在审结的年度按结果统计，以前各年度为尚未审结。"),
            facts=list(_facts(one)) if one is not None else [], back=url_for(f"{NAME}.cases"),
            may_void=one is not None and one.voided_at is None,
        )
    )  # fmt: skip


def _facts(one: Case) -> list[Fact]:
    found = [
        Fact(_("机关"), one.body), Fact(_("案号"), one.number or "—"), Fact(_("事由"), one.matter or "—"),
        Fact(_("收到"), one.occurred_on.isoformat()), Fact(_("依据"), one.source or "—"),
    ]  # fmt: skip
    if one.decided_on is not None and one.result is not None:
        found.append(Fact(_("审结"), f"{one.decided_on} {case_result_labels()[one.result]}"))
        found.append(Fact(_("裁决说明"), one.decision or "—"))
    if one.voided_at is not None:
        found.append(Fact(_("作废"), one.void_reason))
    return found


@dataclass(frozen=True, kw_only=True)
class PublicisePage(Page):
    """``/desk/applications/<id>/publicise``: which section, under which title."""

    template: ClassVar[str] = "desk/applications/publicise.html"
    crumbs: Sequence[Crumb]
    lead: str
    problems: Sequence[Problem]
    sections: Sequence[tuple[int, str]]
    chosen: int
    subject: str
    back: str


def publicise(application_id: int) -> ResponseReturnValue:
    """Make a draft for everybody of what was given to one applicant."""
    session, cms = read_session(), get_cms()
    one = get(session, application_id)
    problems: list[Problem] = []
    chosen, subject = (
        id_of(request.form.get("section_id", "")) or 0,
        request.form.get("subject", one.title or one.doc_no),
    )
    if request.method == "POST":
        try:
            with cms.unit_of_work() as uow:
                made = publicising.publicise(
                    uow, cms, get(uow.session, one.id), actor=current_actor(), section_id=chosen, title=subject
                )
        except Invalid as refused:
            problems = [Problem(line) for lines in refused.errors.values() for line in lines]
        except NotAllowed as refused:
            problems = [Problem(line) for line in refused.problems]
        else:
            flash(_("已建立草稿，请补充内容和目录信息，按流程审核发布。"), "success")
            return redirect(url_for("desk.content_edit", content_id=made))
    page = PublicisePage(
        title=_("转为主动公开"), crumbs=crumbs(one), problems=problems, chosen=chosen, subject=subject,
        sections=publicising.sections_for(cms, tree(session)), back=show_url(one.id),
        lead=_("多个申请人申请相同信息、或者适合公开的，可以转为主动公开（条例第四十四条）。"),
    )  # fmt: skip
    return render_in_desk(page), 422 if problems else 200
