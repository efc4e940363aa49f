"""The form of a step in the desk: shown on GET, taken on POST."""

from collections.abc import Iterator, Sequence

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cms.api import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    UnitOfWork,
    add_asset,
    current_actor,
    departments,
    fields_by_name,
    get_cms,
    load_calendar,
    load_settings,
    read_session,
    render_in_desk,
    require,
    show_errors,
    staff,
    standing,
)  # fmt: skip
from cms.api import gettext as _

from . import answer_letters, answering, dues, fees
from .desk_actions import Call, perform
from .desk_forms import StepForm
from .desk_pages import Fact, StepPage, crumbs, show_url, today
from .desk_steps import DeskStep, desk_steps
from .history import expect, get
from .letters import Letter
from .models import Application, InquiryKind
from .notices import yuan
from .settings import ApplicationSettings

_TEXT_LABELS = {
    "ask_correction": "需要补正的事项", "correct": "补正的内容", "ask_reason": "需要说明的事项",
    "give_reasons": "申请人的理由", "consult": "征求意见的内容", "end_consultation": "意见内容",
}  # fmt: skip
_NOTE_LABELS = {"review": "审查结论", "return_answer": "退回意见", "reopen": "依据的文书", "remark": "内容"}


def step(application_id: int, name: str) -> ResponseReturnValue:
    """Show the form of a step; take the step."""
    steps = desk_steps()
    if name not in steps:
        raise NotFound(name)
    require(current_actor(), steps[name].permission)
    session = read_session()
    one = get(session, application_id)
    form = StepForm.from_request(
        on=today().isoformat(), version=str(one.lock_version), item=request.args.get("item", "")
    ).offer()
    _offer(session, one, form, name)
    problems: list[Problem] = []
    code = 200
    if request.method == "POST":
        try:
            told = _take(application_id, name, steps[name], form)
        except Invalid as refused:
            problems, code = show_errors(fields_by_name(form), refused.errors), 422
        except NotAllowed as refused:
            problems, code = [Problem(line) for line in refused.problems], 422
        except Conflict as refused:
            problems, code = [Problem(str(refused))], 409
        else:
            flash(told or _("已登记：{step}。").format(step=steps[name].label), "success")
            return redirect(show_url(application_id))
    return render_in_desk(_page(session, one, name, form=form, problems=problems)), code


def _take(application_id: int, name: str, about: DeskStep, form: StepForm) -> str:
    cms, actor = get_cms(), current_actor()
    with cms.unit_of_work() as uow:
        one = get(uow.session, application_id)
        version = form.typed("version")
        if version.isdigit():
            expect(one, int(version))
        evidence = evidence_of(uow) if "evidence" in about.fields else None
        return perform(Call(cms, uow, one, form, actor, evidence), name)


def evidence_of(uow: UnitOfWork) -> int | None:
    """Keep the scan that came with the form; return its id, if there is one.

    :raises Invalid: field ``evidence``.
    """
    upload = request.files.get("evidence")
    if upload is None or not upload.filename:
        return None
    cms = get_cms()
    try:
        return add_asset(
            uow, cms.store, actor=current_actor(), filename=upload.filename, content=upload.read(),
            max_mb=cms.settings.max_upload_mb,
        ).id  # fmt: skip
    except Invalid as refused:
        raise Invalid({"evidence": refused.errors.get("file", [])}) from refused


def _offer(session: Session, one: Application, form: StepForm, name: str) -> None:
    """Fill in what can be chosen, and labels that say what the field is for in this step."""
    if name in _TEXT_LABELS:
        form.text.label.text = _(_TEXT_LABELS[name])
    if name in _NOTE_LABELS:
        form.note.label.text = _(_NOTE_LABELS[name])
    if name == "accept":
        form.department_id.choices = (("", _("（未指定）")), *((str(d.id), d.name) for d in departments(session)))
        form.handler_id.choices = (("", _("（本人）")), *((str(p.id), p.name) for p in staff(session)))
    if name == "extend" and request.method == "GET" and one.edition:
        form.days.data = str(dues.edition_of(one).clocks["extend"].n)
    if name == "ask_fee":
        rules = dues.edition_of(one).fees
        form.basis.choices = tuple((basis.code, basis.label) for basis in (rules.bases if rules is not None else ()))
    if name == "accept_reasons":
        form.due_on.description = _("能够按期答复的不填。")


def _page(session: Session, one: Application, name: str, *, form: StepForm, problems: Sequence[Problem]) -> StepPage:
    about = desk_steps()[name]
    preview: Letter | None = None
    answer = answering.current_answer(session, one)
    if name in {"submit_answer", "review", "sign"} and answer is not None:
        preview = answer_letters.shown_letter(session, get_cms().keyring, one, answer, dated=today())
    return StepPage(
        title=about.label, crumbs=crumbs(one), lead=about.lead, fields=[form[field] for field in about.fields],
        hidden=[form.version, form.item], problems=problems, back=show_url(one.id), is_grave=about.is_grave,
        facts=list(_facts(session, one, name)), preview=_lines(preview),
    )  # fmt: skip


def _lines(letter: Letter | None) -> list[str]:
    if letter is None:
        return []
    return [letter.title, f"{letter.addressee}：", *letter.paragraphs, letter.organ]


def _facts(session: Session, one: Application, name: str) -> Iterator[Fact]:
    """Yield what somebody wants to know before taking the step."""
    if name == "ask_fee":
        yield from _fee_facts(session, one)
    if name in {"extend", "consult", "ask_correction", "serve"} and one.due_on is not None:
        restarts = load_settings(session, ApplicationSettings).fee_restarts
        clock = dues.answer_clock(one, dues.Proceedings.of(session, one.id), fee_restarts=restarts)
        now = standing(clock, load_calendar(session), today(), estimate=True)
        yield Fact(_("答复期限"), one.due_on.isoformat())
        yield Fact(_("已用 / 剩余"), _("{used} / {left} 个工作日").format(used=now.used, left=now.left))
    if name == "ask_correction" and one.received_on is not None:
        spec = dues.edition_of(one).clock("correct_notice")
        if spec is not None:
            last, _estimated = dues.due(spec, one.received_on, load_calendar(session))
            yield Fact(_("最迟告知"), last.isoformat())
    if name in {"accept_reasons", "correction_lapsed", "fee_lapsed"} and one.next_on is not None:
        yield Fact(_("期限"), one.next_on.isoformat())
    if name == "accept_reasons":
        found = dues.Proceedings.of(session, one.id).inquiry(InquiryKind.REASON)
        if found is not None and found.replied_on is not None:
            yield Fact(_("申请人的理由"), get_cms().keyring.open(found.reply, type(found).reply).get("text", ""))


def _fee_facts(session: Session, one: Application) -> Iterator[Fact]:
    """Yield what the application would cost by each basis, so that nobody has to calculate."""
    rules = fees.fees_of(one)
    number = fees.number_in_month(session, get_cms().keyring, one)
    for basis in rules.bases:
        if basis.code == fees.PER_CASE:
            price = (basis.total(number) - basis.total(number - 1)) * 100
            yield Fact(basis.label, _("本月累计第 {n} 件，应收 {yuan} 元").format(n=number, yuan=yuan(price)))
        else:
            samples = "，".join(
                _("{n} 页 {yuan} 元").format(n=pages, yuan=basis.total(pages)) for pages in (30, 100, 200, 300)
            )
            yield Fact(basis.label, samples)
