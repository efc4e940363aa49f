"""Writing new items and editing; files that are uploaded meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cms.accounts.queries import names_of
from cms.content import queries
from cms.content.enums import State
from cms.content.models import Content
from cms.content.services import require_edit, submit
from cms.content.snapshot import Snapshot
from cms.content.worklists import last_remarks
from cms.desk import drafting
from cms.desk.blueprint import blueprint
from cms.desk.changes import ShownChange, changes
from cms.desk.contexts import DeskPage, content_crumbs, desk_values
from cms.desk.drafting import UploadItem
from cms.desk.items import ItemRow, can_be_published, item_rows
from cms.kernel.errors import Conflict, Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.sections.queries import tree
from cms.web.forms.content import Choices, ContentForm
from cms.web.forms.fixed import Problem
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session
from cms.web.urls import path_of


@dataclass(frozen=True)
class Theirs:
    """What somebody else saved while the form was open, and how what was typed differs from it."""

    author: str
    saved_at: datetime
    changes: Sequence[ShownChange]
    mine: Sequence[ShownChange]


@dataclass(frozen=True, kw_only=True)
class EditPage(DeskPage):
    """The form of an item. ``version`` and ``revision`` are what it started from; both 0 for a new item."""

    template: ClassVar[str] = "desk/content/edit.html"
    form: ContentForm
    uploads: Sequence[UploadItem]
    roles: Choices
    problems: Sequence[Problem]
    max_bytes: int
    version: int
    revision: int
    note: str
    item: ItemRow | None
    remark: str
    theirs: Theirs | None
    is_publishable: bool


@blueprint.route("/content/new/<kind>", methods=["GET", "POST"])
@permission("content.create")
def content_create(kind: str) -> ResponseReturnValue:
    """Write a new item."""
    form = drafting.content_form(read_session(), get_cms().types.require(kind))
    if request.method == "POST":
        return _store(form, None)
    drafting.begin(form, read_session(), current_actor(), request.args.get("section", type=int))
    return _page(form, None)


@blueprint.route("/content/<int:content_id>/edit", methods=["GET", "POST"])
@permission("content.edit_own")
def content_edit(content_id: int) -> ResponseReturnValue:
    """Edit the newest revision; what is public stays as it is."""
    session = read_session()
    content = queries.get(session, content_id)
    require_edit(current_actor(), content)
    latest = Snapshot.from_json(queries.latest_revision(session, content).snapshot)
    form = drafting.content_form(session, get_cms().types.require(content.type), latest.section_id)
    if request.method == "POST":
        return _store(form, content)
    form.open(latest)
    return _page(form, content)


def _store(form: ContentForm, content: Content | None) -> ResponseReturnValue:
    """Save and go on; on any refusal show the form again with everything that was typed."""
    version = request.form.get("lock_version", type=int)
    try:
        saved = drafting.save(form, content.id if content else None, expected_version=version)
    except Invalid as refused:
        return _page(form, content, problems=form.show_errors(refused.errors)), 422
    except NotAllowed as refused:
        return _page(form, content, problems=[Problem(line) for line in refused.problems]), 403
    except Conflict:
        return _page(form, content, theirs=_theirs(form, content)), 409
    return _after(form, saved)


def _after(form: ContentForm, content_id: int) -> ResponseReturnValue:
    """Submit the saved item if that was asked for; it stays saved if it cannot be submitted yet."""
    edit = url_for("desk.content_edit", content_id=content_id)
    if request.form.get("action") != "submit":
        flash(_("草稿已保存。"), "success")
        return redirect(edit)
    try:
        with get_cms().unit_of_work() as uow:
            submit(uow, form.kind, queries.get(uow.session, content_id), actor=current_actor())
    except NotAllowed as refused:
        flash(_("草稿已保存，但还不能提交：{problems}").format(problems=" ".join(refused.problems)), "warning")
        return redirect(edit)
    flash(_("已保存并提交。"), "success")
    return redirect(url_for("desk.content_show", content_id=content_id))


def _page(
    form: ContentForm, content: Content | None, *, problems: Sequence[Problem] = (), theirs: Theirs | None = None
) -> str:
    session, cms, actor = read_session(), get_cms(), current_actor()
    item, version, revision, remark, is_publishable = None, 0, 0, "", False
    if content is not None:
        item = item_rows(session, cms.types, tree(session), [content], actor)[0]
        is_new_start = request.method == "GET" or theirs is not None
        version = content.lock_version if is_new_start else request.form.get("lock_version", 0, type=int)
        latest = queries.latest_revision(session, content)
        revision = latest.number if is_new_start else request.form.get("revision", 0, type=int)
        remark = _remark(content)
        is_publishable = can_be_published(session, content)
    title = item.title if item else _("新建{type}").format(type=form.kind.label)
    shown = EditPage(
        **desk_values(), title=title, crumbs=content_crumbs(form.kind.label), form=form, roles=drafting.roles(),
        uploads=drafting.upload_items(session, form), problems=problems, theirs=theirs, item=item, version=version,
        revision=revision, remark=remark, note=request.form.get("note", ""), is_publishable=is_publishable,
        max_bytes=cms.settings.max_upload_mb * 1_000_000,
    )  # fmt: skip
    return render(shown)


def _remark(content: Content) -> str:
    """Return why the item came back, as long as nothing has been saved since."""
    if content.state is not State.RETURNED:
        return ""
    found = last_remarks(read_session(), [content.id]).get(content.id)
    return found.comment if found else ""


def _theirs(form: ContentForm, content: Content | None) -> Theirs | None:
    if content is None:
        return None
    session = read_session()
    sections, newest = tree(session), queries.latest_revision(session, content)
    started = request.form.get("revision", 0, type=int)
    base = next((one for one in queries.revisions(session, content.id) if one.number == started), None)
    theirs = Snapshot.from_json(newest.snapshot)
    old = Snapshot.from_json(base.snapshot) if base else None
    return Theirs(
        names_of(session, {newest.author_id}).get(newest.author_id or 0, _("系统")),
        newest.created_at,
        changes(session, sections, form.kind, old, theirs),
        changes(session, sections, form.kind, theirs, form.read({})),
    )


@blueprint.post("/media/upload")
@permission("media.upload")
def media_upload() -> ResponseReturnValue:
    """Store one file for the editor or the list of attachments; answer ``url``, ``id``, ``alt`` or ``error``."""
    file = request.files.get("file")
    if file is None:
        return jsonify(error=_("没有收到文件。")), 422
    try:
        asset = drafting.take_file(file)
    except Invalid as refused:
        return jsonify(error=" ".join(line for lines in refused.errors.values() for line in lines)), 422
    return jsonify(url=path_of(asset.path), id=asset.id, alt=asset.alt, name=asset.filename), 201
