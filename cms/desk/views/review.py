"""What waits for a signature, and signing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from sqlalchemy.orm import Session
from wtforms import StringField, TextAreaField

from cms.accounts.queries import names_of
from cms.content import queries, services, worklists
from cms.content.enums import State
from cms.content.models import Content
from cms.content.snapshot import Snapshot
from cms.desk.blueprint import blueprint
from cms.desk.changes import ShownChange, changes
from cms.desk.contexts import Crumb, DeskPage, desk_values
from cms.desk.items import ItemRow, item_rows
from cms.desk.trail import Event, signatures, step_label
from cms.kernel.errors import Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.sections.queries import tree
from cms.web.forms.content import Choices
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session

QUEUE = 50
#: Conclusions of the disclosure review (条例 art. 17); only the first lets an item pass.
DISCLOSURES = ("公开", "部分公开", "不公开", "报批")


class ReviewForm(DeskForm):
    """The conclusion of the disclosure review, and what the author should know."""

    disclosure = StringField(_("公开审查结论"))
    comment = TextAreaField(_("审核意见"), description=_("退回时必填，写明要改什么。"))


@dataclass(frozen=True, kw_only=True)
class QueuePage(DeskPage):
    """``/desk/review``. ``others`` wait too, but for somebody else's signature."""

    template: ClassVar[str] = "desk/review/queue.html"
    rows: Sequence[ItemRow]
    total: int
    others: Sequence[ItemRow]


@dataclass(frozen=True, kw_only=True)
class ReviewPage(DeskPage):
    """``/desk/content/<id>/review``. ``obstacle`` says why this person cannot sign; they may still send back."""

    template: ClassVar[str] = "desk/review/review.html"
    item: ItemRow
    form: ReviewForm
    problems: Sequence[Problem]
    changes: Sequence[ShownChange]
    is_new: bool
    signed: Sequence[Event]
    step: str
    steps_shown: str
    disclosures: Choices
    obstacle: str
    may_sign: bool
    skip_url: str
    revision_id: int
    saved_by: str
    note: str


@blueprint.get("/review")
@permission("content.review")
def review_queue() -> str:
    """List what waits for the signature of the signed-in person."""
    session, actor = read_session(), current_actor()
    mine = worklists.to_sign(actor.id)
    ids = set(session.scalars(mine.with_only_columns(Content.id)))
    others = worklists.in_review().where(Content.id.not_in(ids)) if ids else worklists.in_review()
    page = QueuePage(
        **desk_values(), title=_("待我审核"), rows=_rows(session, mine), total=len(ids), others=_rows(session, others)
    )
    return render(page)


def _rows(session: Session, query: Select[Content]) -> list[ItemRow]:
    found = session.scalars(query.limit(QUEUE)).all()
    return item_rows(session, get_cms().types, tree(session), found, current_actor())


@blueprint.route("/content/<int:content_id>/review", methods=["GET", "POST"])
@permission("content.review")
def content_review(content_id: int) -> ResponseReturnValue:
    """Show what is to be signed; sign it or send it back, then go on with the next one."""
    form, problems = ReviewForm(request.form), []
    if request.method == "POST":
        try:
            _sign(content_id, form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except NotAllowed as refused:
            problems = [Problem(line) for line in refused.problems]
        else:
            return redirect(_next(content_id))
    return render(_review_page(content_id, form, problems)), 422 if problems else 200


def _sign(content_id: int, form: ReviewForm) -> None:
    disclosure, comment, actor = form.disclosure.data or "", form.comment.data or "", current_actor()
    if disclosure not in DISCLOSURES:
        raise Invalid({"disclosure": [_("请选择公开审查结论。")]})
    is_good = request.form.get("conclusion") == "approve"
    with get_cms().unit_of_work() as uow:
        content = queries.get(uow.session, content_id)
        _require_seen(content)
        if is_good:
            services.approve(uow, content, actor=actor, comment=comment, disclosure=disclosure)
        else:
            services.send_back(uow, content, actor=actor, comment=comment, disclosure=disclosure)
    title = content.title
    done = _("《{title}》已通过。") if is_good else _("《{title}》已退回。")
    flash(done.format(title=title), "success")


def _require_seen(content: Content) -> None:
    """Refuse to sign what the reviewer has not seen."""
    if request.form.get("revision", type=int) != content.latest_revision_id:
        raise NotAllowed(_("在您审核期间，内容有新的修改。请核对下面的最新版本后再审核。"))


def _next(content_id: int) -> str:
    """Return where to go on: the item that waits longest, else the queue."""
    following = worklists.to_sign(current_actor().id).where(Content.id != content_id).limit(1)
    with get_cms().reading() as session:
        found = session.scalars(following).first()
    return url_for("desk.content_review", content_id=found.id) if found else url_for("desk.review_queue")


def _review_page(content_id: int, form: ReviewForm, problems: Sequence[Problem]) -> ReviewPage:
    session, cms, actor = read_session(), get_cms(), current_actor()
    content = queries.get(session, content_id)
    sections, newest = tree(session), queries.latest_revision(session, content)
    live = queries.revision_by_id(session, content.live_revision_id)
    steps = services.steps_of(session, content)
    item = item_rows(session, cms.types, sections, [content], actor)[0]
    obstacle = services.review_obstacle(session, content, actor)
    return ReviewPage(
        **desk_values(), title=item.title, form=form, problems=problems, item=item, is_new=live is None,
        crumbs=[Crumb(_("待我审核"), url_for("desk.review_queue")), Crumb(_("审核"))],
        changes=changes(
            session, sections, cms.types.get(content.type), Snapshot.from_json(live.snapshot) if live else None,
            Snapshot.from_json(newest.snapshot),
        ),
        signed=signatures(session, content, steps), step=step_label(content.review_step + 1, steps),
        steps_shown=f"{min(content.review_step + 1, steps)}/{steps}", obstacle=obstacle,
        may_sign=content.state is State.REVIEW and not obstacle, disclosures=_disclosures(), skip_url=_next(content_id),
        revision_id=newest.id, note=newest.note,
        saved_by=names_of(session, {newest.author_id}).get(newest.author_id or 0, _("系统")),
    )  # fmt: skip


def _disclosures() -> list[tuple[str, str]]:
    notes = {
        "公开": _("公开：不涉及国家秘密、工作秘密、商业秘密和个人隐私"), "部分公开": _("部分公开：须区分处理后公开"),
        "不公开": _("不公开"), "报批": _("报批：不能确定，报有关主管部门或保密部门确定"),
    }  # fmt: skip
    return [(value, notes[value]) for value in DISCLOSURES]
