"""The page of one item, its history, and its preview."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from cms.accounts.queries import names_of
from cms.content import queries, services
from cms.content.models import Content, Revision
from cms.content.snapshot import Snapshot
from cms.desk.blueprint import blueprint
from cms.desk.changes import ShownChange, changes
from cms.desk.contexts import DeskPage, content_crumbs, desk_values
from cms.desk.items import Action, ItemRow, actions_for, item_rows
from cms.desk.previews import preview_page
from cms.desk.trail import Event, trail
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import plain_text
from cms.sections.queries import tree
from cms.site.views import template_of
from cms.web.login import current_actor, permission
from cms.web.render import moment, render
from cms.web.state import get_cms, read_session
from cms.web.urls import item_path, path_of


@dataclass(frozen=True, kw_only=True)
class ItemShowPage(DeskPage):
    """``/desk/content/<id>``: where an item stands and what can be done with it."""

    template: ClassVar[str] = "desk/content/show.html"
    item: ItemRow
    actions: Sequence[Action]
    public_url: str
    facts: Sequence[tuple[str, str]]
    summary: str
    words: int
    events: Sequence[Event]
    is_deleted: bool


@dataclass(frozen=True)
class RevisionRow:
    """A line of the list of revisions."""

    number: int
    author: str
    created_at: datetime
    note: str
    is_live: bool
    is_latest: bool


@dataclass(frozen=True, kw_only=True)
class HistoryPage(DeskPage):
    """``/desk/content/<id>/history``: all revisions, and the difference between two of them."""

    template: ClassVar[str] = "desk/content/history.html"
    item: ItemRow
    revisions: Sequence[RevisionRow]
    old: int
    new: int
    changes: Sequence[ShownChange]
    may_restore: bool


@blueprint.get("/content/<int:content_id>")
@permission("content.list")
def content_show(content_id: int) -> str:
    """Show where an item stands, what happened to it, and what may be done next."""
    session, cms, actor = read_session(), get_cms(), current_actor()
    content = queries.get(session, content_id)
    sections, item = tree(session), _row(session, content)
    latest = Snapshot.from_json(queries.latest_revision(session, content).snapshot)
    section = sections.by_id.get(content.section_id)
    steps = section.review_steps if section else 1
    public = path_of(item_path(section.path, content.id)) if item.is_live and section else ""
    page = ItemShowPage(
        **desk_values(), title=item.title, crumbs=content_crumbs(item.type), item=item, public_url=public,
        actions=actions_for(session, cms.types, content, actor), facts=_facts(content, latest, item),
        summary=latest.summary, words=len(plain_text(latest.body)), events=trail(session, content, steps),
        is_deleted=content.deleted_at is not None,
    )  # fmt: skip
    return render(page)


def _row(session: Session, content: Content) -> ItemRow:
    return item_rows(session, get_cms().types, tree(session), [content], current_actor())[0]


def _facts(content: Content, latest: Snapshot, item: ItemRow) -> list[tuple[str, str]]:
    shown = [
        (_("编号"), str(content.id)), (_("类型"), item.type), (_("栏目"), item.section), (_("撰写"), item.author),
        (_("发布机构"), latest.issuer), (_("来源"), latest.source), (_("创建"), moment(content.created_at)),
        (_("首次发布"), moment(content.first_published_at)), (_("定时发布"), moment(content.scheduled_at)),
        (_("下线时间"), moment(content.expires_at)), (_("撤回时间"), moment(content.withdrawn_at)),
    ]  # fmt: skip
    return [(label, value) for label, value in shown if value]


@blueprint.get("/content/<int:content_id>/history")
@permission("content.list")
def content_history(content_id: int) -> str:
    """List the revisions; compare ``old`` with ``new``, by default the live one with the newest."""
    session, actor = read_session(), current_actor()
    content = queries.get(session, content_id)
    found = queries.revisions(session, content_id)
    item, numbers = _row(session, content), {one.number: one for one in found}
    new = numbers.get(request.args.get("new", 0, type=int), found[0])
    live = queries.revision_by_id(session, content.live_revision_id)
    before = numbers.get(new.number - 1)
    old = numbers.get(request.args.get("old", 0, type=int)) or (live if live and live is not new else before)
    shown = changes(
        session, tree(session), get_cms().types.get(content.type),
        Snapshot.from_json(old.snapshot) if old else None, Snapshot.from_json(new.snapshot),
    )  # fmt: skip
    page = HistoryPage(
        **desk_values(), title=_("修订历史"), lead=item.title, crumbs=content_crumbs(item.type), item=item,
        revisions=_revisions(session, content, found), old=old.number if old else 0, new=new.number, changes=shown,
        may_restore=bool(item.edit_url) and services.can_edit(actor, content),
    )  # fmt: skip
    return render(page)


def _revisions(session: Session, content: Content, found: Sequence[Revision]) -> list[RevisionRow]:
    names = names_of(session, {one.author_id for one in found})
    return [
        RevisionRow(
            one.number, names.get(one.author_id or 0, _("系统")), one.created_at, one.note,
            one.id == content.live_revision_id, one.id == content.latest_revision_id,
        )
        for one in found
    ]  # fmt: skip


@blueprint.post("/content/<int:content_id>/restore/<int:number>")
@permission("content.edit_own")
def content_restore(content_id: int, number: int) -> ResponseReturnValue:
    """Copy an old revision into a new draft."""
    cms = get_cms()
    try:
        with cms.unit_of_work() as uow:
            content = queries.get(uow.session, content_id)
            old = queries.revision_numbered(uow.session, content_id, number)
            services.restore(uow, cms.types.require(content.type), content, old, actor=current_actor())
    except Invalid as refused:
        problems = " ".join(line for lines in refused.errors.values() for line in lines)
        flash(_("第 {n} 版不能原样恢复：{problems}").format(n=number, problems=problems), "error")
        return redirect(url_for("desk.content_history", content_id=content_id))
    flash(_("第 {n} 版已恢复为新的草稿。").format(n=number), "success")
    return redirect(url_for("desk.content_edit", content_id=content_id))


@blueprint.get("/content/<int:content_id>/preview")
@permission("content.list")
def content_preview(content_id: int) -> Response:
    """Show the newest revision as citizens will see it, in the theme of the site."""
    session, types = read_session(), get_cms().types
    content = queries.get(session, content_id)
    number = request.args.get("revision", type=int)
    revision = queries.latest_revision(session, content)
    if number is not None:
        revision = queries.revision_numbered(session, content_id, number)
    page = preview_page(session, content, Snapshot.from_json(revision.snapshot))
    response = make_response(render(page, template_of(types, content.type)))
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
