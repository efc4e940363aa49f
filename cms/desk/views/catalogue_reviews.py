"""定期评估: what is withheld, what is due for its re-assessment (条例 art. 18), and recording one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from wtforms import TextAreaField

from cms.accounts.queries import departments, names_of
from cms.catalogue import terms, withholding
from cms.catalogue.withholding import OUTCOMES, Outcome, ReassessmentInput, Withheld
from cms.content import queries
from cms.content.models import Content
from cms.desk.blueprint import blueprint
from cms.desk.catalogue_tabs import Tab, catalogue_tabs
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.kernel.clock import local_date
from cms.kernel.errors import Conflict, Invalid, NotFound
from cms.kernel.i18n import gettext as _
from cms.web.forms.controls import ChoiceField, DayField
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.lists import Paging, paging
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

PER_PAGE = 50


class ReassessmentForm(DeskForm):
    """What the officer decided."""

    outcome = ChoiceField(_("评估结论"), [("", _("（请选择）")), *((one.value, OUTCOMES[one]) for one in Outcome)])
    reason = TextAreaField(_("理由"), description=_("写明依据的事实和规定，例如：案件已办结，涉密期限已满。"))
    ground = ChoiceField(
        _("不予公开的依据"), [("", _("（请选择）")), *terms.DENIAL_GROUNDS], description=_("仍不主动公开的才填。")
    )
    next_review_on = DayField(_("下次评估日期"), description=_("仍不主动公开的才填。"))


@dataclass(frozen=True)
class WithheldLine:
    """A withheld item as the list shows it."""

    title: str
    url: str
    openness: str
    ground: str
    department: str
    since: date
    next_review_on: date
    is_due: bool
    assessed_on: date | None


@dataclass(frozen=True, kw_only=True)
class ReviewsPage(DeskPage):
    """``/desk/catalogue/reviews``: what is due, or with ``all`` everything that is withheld."""

    template: ClassVar[str] = "desk/catalogue/reviews.html"
    tabs: Sequence[Tab]
    views: Sequence[Tab]
    lines: Sequence[WithheldLine]
    paging: Paging
    shows_all: bool


@dataclass(frozen=True)
class PastAssessment:
    """An assessment as it was recorded."""

    assessed_on: date
    outcome: str
    ground: str
    reason: str
    next_review_on: date | None
    actor: str


@dataclass(frozen=True, kw_only=True)
class ReassessmentPage(DeskPage):
    """``/desk/catalogue/reviews/<id>``. ``line`` is nothing for what is actively public by now."""

    template: ClassVar[str] = "desk/catalogue/review.html"
    line: WithheldLine | None
    item_url: str
    form: ReassessmentForm
    problems: Sequence[Problem]
    past: Sequence[PastAssessment]


@blueprint.get("/catalogue/reviews")
@permission("catalogue.manage")
def catalogue_reviews() -> str:
    """List what is due for its re-assessment, or everything that is withheld."""
    session, today = read_session(), _today()
    shows_all = "all" in request.args
    query = withholding.withheld(due_by=None if shows_all else today)
    due = withholding.due_count(session, today)
    size = select(func.count()).select_from(withholding.withheld().with_only_columns(Content.id).subquery())
    total = session.scalar(size) or 0
    here = paging(total if shows_all else due, PER_PAGE)
    found = session.execute(query.limit(here.per_page).offset(here.offset)).all()
    assessed = withholding.last_assessed(session, [content.id for content, _held in found])
    offices = {one.id: one.name for one in departments(session)}
    views = [
        Tab(label=_("应评估"), url=url_for("desk.catalogue_reviews"), active=not shows_all, count=due),
        Tab(label=_("全部"), url=url_for("desk.catalogue_reviews", all=1), active=shows_all, count=total),
    ]
    page = ReviewsPage(
        **desk_values(), title=_("定期评估"), tabs=catalogue_tabs("desk.catalogue_reviews"), views=views, paging=here,
        lines=[_line(content, held, offices, assessed.get(content.id)) for content, held in found],
        shows_all=shows_all, lead=_("不主动公开的信息要定期评估，可以公开的应当公开（《条例》第十八条）。"),
    )  # fmt: skip
    return render(page)


def _today() -> date:
    return local_date(get_cms().clock.now())


def _line(content: Content, held: Withheld, offices: dict[int, str], assessed_on: date | None) -> WithheldLine:
    return WithheldLine(
        title=content.title, url=url_for("desk.catalogue_review", content_id=content.id),
        openness=dict(terms.OPENNESS).get(held.openness, held.openness),
        ground=dict(terms.DENIAL_GROUNDS).get(held.ground, held.ground),
        department=offices.get(content.department_id or 0, ""), since=held.since,
        next_review_on=held.next_review_on, is_due=held.next_review_on <= _today(), assessed_on=assessed_on,
    )  # fmt: skip


@blueprint.route("/catalogue/reviews/<int:content_id>", methods=["GET", "POST"])
@permission("catalogue.manage")
def catalogue_review(content_id: int) -> ResponseReturnValue:
    """Show a withheld item with its past assessments; record one."""
    session = read_session()
    content, held = queries.get(session, content_id), session.get(Withheld, content_id)
    if held is None and not withholding.reassessments(session, content_id):
        raise NotFound(f"content {content_id} is not withheld")
    start = withholding.next_review(session, _today()).isoformat()
    form = ReassessmentForm.from_request(ground=held.ground if held else "", next_review_on=start)
    problems: Sequence[Problem] = ()
    if request.method == "POST":
        try:
            return _assess(content_id, form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except Conflict as refused:
            problems = [Problem(str(refused))]
    return render(_review_page(content, held, form, problems)), 422 if problems else 200


def _assess(content_id: int, form: ReassessmentForm) -> ResponseReturnValue:
    cms = get_cms()
    given = ReassessmentInput(
        outcome=form.outcome.value, reason=form.reason.data or "", ground=form.ground.value,
        next_review_on=_day(form.next_review_on.data or ""),
    )  # fmt: skip
    with cms.unit_of_work() as uow:
        content = queries.get(uow.session, content_id)
        line = withholding.reassess(uow, cms.types.require(content.type), content, given, actor=current_actor())
    if line.outcome is Outcome.PUBLISH:
        flash(_("已记录。这条信息已改为主动公开的草稿，请提交审核后发布。"), "success")
        return redirect(url_for("desk.content_show", content_id=content_id))
    flash(_("已记录，下次评估：{day}。").format(day=line.next_review_on), "success")
    return redirect(url_for("desk.catalogue_reviews"))


def _day(text: str) -> date | None:
    """Return the day; what is none becomes nothing, and the service says what it should be."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _review_page(
    content: Content, held: Withheld | None, form: ReassessmentForm, problems: Sequence[Problem]
) -> ReassessmentPage:
    session = read_session()
    past = withholding.reassessments(session, content.id)
    names = names_of(session, {one.actor_id for one in past})
    offices = {one.id: one.name for one in departments(session)}
    grounds = dict(terms.DENIAL_GROUNDS)
    return ReassessmentPage(
        **desk_values(), title=content.title, form=form, problems=problems,
        crumbs=[Crumb(_("定期评估"), url_for("desk.catalogue_reviews")), Crumb(_("评估"))],
        line=_line(content, held, offices, past[0].assessed_on if past else None) if held else None,
        item_url=url_for("desk.content_show", content_id=content.id),
        past=[
            PastAssessment(
                one.assessed_on, OUTCOMES[one.outcome], grounds.get(one.ground, one.ground), one.reason,
                one.next_review_on, names.get(one.actor_id or 0, _("系统")),
            )
            for one in past
        ],
    )  # fmt: skip
