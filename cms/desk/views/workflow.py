"""Submitting, publishing, withdrawing, deleting: one page to ask where a question is due, one service call each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField

from cms.content import queries, services
from cms.content.enums import Exclusion
from cms.content.models import Content
from cms.content.services import require_edit
from cms.desk.blueprint import blueprint
from cms.desk.contexts import Crumb, DeskPage, DeskValues, content_crumbs, desk_values
from cms.desk.items import ItemRow, item_rows
from cms.kernel.clock import local, parse_instant
from cms.kernel.errors import Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.sections.queries import tree
from cms.web.forms.controls import ChoiceField, MomentField
from cms.web.forms.fixed import DeskForm, Problem, fields_by_name, show_errors
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session


class PublishForm(DeskForm):
    """When: now, or at a time in Asia/Shanghai."""

    when = StringField(_("发布时间"), default="now")
    at = MomentField(_("定时发布的时间"), description=_("北京时间，精确到分钟。"))


class WithdrawForm(DeskForm):
    """Why, and whether it should have been counted."""

    reason = TextAreaField(_("撤回原因"), description=_("记入发布日志，长期保存。"))
    exclusion = ChoiceField(
        _("是否计入统计"),
        [
            ("", _("照常计入（正常撤回）")),
            (Exclusion.MISTAKE, _("误发，不计入")),
            (Exclusion.DUPLICATE, _("重复，不计入")),
        ],
    )


@dataclass(frozen=True, kw_only=True)
class StepPage(DeskPage):
    """A question before a step: what will happen, and what has to be said."""

    item: ItemRow
    problems: Sequence[Problem]


@dataclass(frozen=True, kw_only=True)
class PublishPage(StepPage):
    """``/desk/content/<id>/publish``."""

    template: ClassVar[str] = "desk/content/publish.html"
    form: PublishForm
    earliest: str


@dataclass(frozen=True, kw_only=True)
class WithdrawPage(StepPage):
    """``/desk/content/<id>/withdraw``."""

    template: ClassVar[str] = "desk/content/withdraw.html"
    form: WithdrawForm


@dataclass(frozen=True, kw_only=True)
class DeletePage(StepPage):
    """``/desk/content/<id>/delete``."""

    template: ClassVar[str] = "desk/content/delete.html"


class StepValues(DeskValues):
    """The fields of :class:`StepPage` that every step has."""

    title: str
    crumbs: list[Crumb]
    item: ItemRow


def _step(content: Content, title: str) -> StepValues:
    session = read_session()
    item = item_rows(session, get_cms().types, tree(session), [content], current_actor())[0]
    way = [*content_crumbs(), Crumb(item.title, item.url), Crumb(title)]
    return {**desk_values(), "title": title, "crumbs": way, "item": item}


def _problems(refused: NotAllowed) -> list[Problem]:
    return [Problem(line) for line in refused.problems]


def _to_item(content_id: int) -> ResponseReturnValue:
    return redirect(url_for("desk.content_show", content_id=content_id))


@blueprint.post("/content/<int:content_id>/submit")
@permission("content.edit_own")
def content_submit(content_id: int) -> ResponseReturnValue:
    """Hand the newest revision in."""
    cms = get_cms()
    try:
        with cms.unit_of_work() as uow:
            content = queries.get(uow.session, content_id)
            services.submit(uow, cms.types.require(content.type), content, actor=current_actor())
    except NotAllowed as refused:
        flash(_("还不能提交：{problems}").format(problems=" ".join(refused.problems)), "error")
    else:
        flash(_("已提交。"), "success")
    return _to_item(content_id)


@blueprint.route("/content/<int:content_id>/publish", methods=["GET", "POST"])
@permission("content.publish")
def content_publish(content_id: int) -> ResponseReturnValue:
    """Publish now, or at the time that is given."""
    form, problems = PublishForm(request.form), []
    if request.method == "POST":
        try:
            _publish(content_id, form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except NotAllowed as refused:
            problems = _problems(refused)
        else:
            return _to_item(content_id)
    values = _step(queries.get(read_session(), content_id), _("发布"))
    earliest = f"{local(get_cms().clock.now()):%Y-%m-%dT%H:%M}"
    return render(PublishPage(**values, problems=problems, form=form, earliest=earliest)), 422 if problems else 200


def _publish(content_id: int, form: PublishForm) -> None:
    at = _moment(form.at.data or "") if form.when.data == "later" else None
    cms = get_cms()
    with cms.unit_of_work() as uow:
        content = queries.get(uow.session, content_id)
        kind = cms.types.require(content.type)
        if at is None:
            services.publish(uow, kind, content, actor=current_actor())
        else:
            services.schedule(uow, kind, content, actor=current_actor(), at=at)
    if at is None:
        flash(_("已发布。"), "success")
    else:
        flash(_("将于 {at} 自动发布。").format(at=f"{local(at):%Y-%m-%d %H:%M}"), "success")


def _moment(text: str) -> datetime:
    try:
        return parse_instant(text.strip())
    except (ValueError, OverflowError):
        raise Invalid({"at": [_("请填写日期和时间，例如 2016-06-30 09:00。")]}) from None


@blueprint.route("/content/<int:content_id>/withdraw", methods=["GET", "POST"])
@permission("content.withdraw")
def content_withdraw(content_id: int) -> ResponseReturnValue:
    """Take an item off the site, with the reason."""
    form, problems = WithdrawForm(request.form), []
    if request.method == "POST":
        try:
            _withdraw(content_id, form)
        except Invalid as refused:
            problems = show_errors(fields_by_name(form), refused.errors)
        except NotAllowed as refused:
            problems = _problems(refused)
        else:
            flash(_("已撤回，原网址今后显示“内容已撤回”。"), "success")
            return _to_item(content_id)
    values = _step(queries.get(read_session(), content_id), _("撤回"))
    return render(WithdrawPage(**values, problems=problems, form=form)), 422 if problems else 200


def _withdraw(content_id: int, form: WithdrawForm) -> None:
    chosen = form.exclusion.value
    if chosen not in set(Exclusion):
        raise Invalid({"exclusion": [_("请选择是否计入统计。")]})
    with get_cms().unit_of_work() as uow:
        content = queries.get(uow.session, content_id)
        services.withdraw(
            uow, content, actor=current_actor(), reason=form.reason.data or "", exclusion=Exclusion(chosen)
        )


@blueprint.route("/content/<int:content_id>/delete", methods=["GET", "POST"])
@permission("content.edit_own")
def content_delete(content_id: int) -> ResponseReturnValue:
    """Put an item into the recycle bin."""
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            with get_cms().unit_of_work() as uow:
                services.delete(uow, queries.get(uow.session, content_id), actor=current_actor())
        except NotAllowed as refused:
            problems = _problems(refused)
        else:
            flash(_("已移入回收站，可以恢复。"), "success")
            return _to_item(content_id)
    content = queries.get(read_session(), content_id)
    require_edit(current_actor(), content)
    return render(DeletePage(**_step(content, _("删除")), problems=problems)), 403 if problems else 200


@blueprint.post("/content/<int:content_id>/undelete")
@permission("content.edit_own")
def content_undelete(content_id: int) -> ResponseReturnValue:
    """Take an item out of the recycle bin."""
    with get_cms().unit_of_work() as uow:
        services.undelete(uow, queries.get(uow.session, content_id), actor=current_actor())
    flash(_("已从回收站恢复。"), "success")
    return _to_item(content_id)
