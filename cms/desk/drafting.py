"""From the form of an item to a draft and back: the part of editing that several views share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from cms.accounts.policy import Actor, can
from cms.accounts.queries import departments
from cms.catalogue.standard_rows import row_choices
from cms.content.enums import AssetRole
from cms.content.queries import get, live_assets
from cms.content.services import create, save_draft
from cms.content.types import RegisteredType, refuse
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Invalid
from cms.kernel.i18n import gettext as _
from cms.media.models import Asset
from cms.media.queries import assets_by_id
from cms.media.services import add_asset, describe
from cms.pluginkit.plugin import CATALOGUE
from cms.sections.queries import tree
from cms.web.forms.content import ContentForm, Offer
from cms.web.forms.controls import IMAGE_AND_COVER, AssetsField
from cms.web.login import current_actor
from cms.web.render import size
from cms.web.state import get_cms, read_session
from cms.web.urls import path_of

#: A whole page full of photos; more at once is a mistake.
MAX_FILES = 50


@dataclass(frozen=True, kw_only=True)
class UploadItem:
    """A stored file as the list of uploads shows it."""

    id: int
    name: str
    size: str
    thumbnail: str | None
    image: bool
    alt: str
    caption: str
    role: str


def content_form(session: Session, kind: RegisteredType, present_section: int | None = None) -> ContentForm:
    """Return the empty form of ``kind``; it offers the sections that take such items and the present one."""
    sections = tree(session)
    fitting = [
        one for one in sections.walk() if one.default_type in {"", kind.key} or one.id == present_section
    ]  # fmt: skip
    offices = [(str(one.id), one.name) for one in departments(session)]
    shown = [(str(one.id), "　" * sections.depth(one) + one.title) for one in fitting]
    matters = {(CATALOGUE, "standard_code"): tuple(row_choices(session))} if CATALOGUE in kind.parts else {}
    return ContentForm(kind, Offer(shown, offices, get_cms().settings.base_path, matters))


def begin(form: ContentForm, session: Session, actor: Actor, section_id: int | None) -> None:
    """Fill in what a new item starts with: the section asked for, or the one of its type, and that one's defaults."""
    sections = tree(session)
    section = sections.by_id.get(section_id or 0) or sections.home_of(form.kind.key)
    values: dict[str, Any] = {"department_id": actor.department_id}
    if section is not None:
        values |= {"department_id": section.department_id or actor.department_id, **section.defaults}
        values["section_id"] = section.id
    form.begin(values)


def typed(form: ContentForm) -> dict[str, list[str]]:
    """Take what was typed; return what is wrong with files that came with the form itself.

    The good files are stored first, so that no error loses them.
    """
    form.process(request.form)
    assets: AssetsField = form["assets"]
    stored, errors = _take_files(request.files.getlist("files"))
    assets.add(stored)
    session = read_session()
    # The files were stored by other transactions: look again.
    session.rollback()
    found = assets_by_id(session, [line.asset_id for line in assets.lines])
    assets.settle({number: asset.is_image for number, asset in found.items()})
    return {"assets": errors} if errors else {}


def _take_files(files: Sequence[FileStorage]) -> tuple[list[int], list[str]]:
    stored, errors = [], []
    for file in [one for one in files if one.filename][:MAX_FILES]:
        try:
            stored.append(take_file(file).id)
        except Invalid as refused:
            lines = " ".join(line for problems in refused.errors.values() for line in problems)
            errors.append(f"{file.filename}：{lines}")
    return stored, errors


def take_file(file: FileStorage) -> Asset:
    """Store one uploaded file as the signed-in person.

    :raises Invalid: field ``file``.
    """
    cms = get_cms()
    with cms.unit_of_work() as uow:
        return add_asset(
            uow, cms.store, actor=current_actor(), filename=file.filename or "", content=file.read(),
            max_mb=cms.settings.max_upload_mb,
        )  # fmt: skip


def save(form: ContentForm, content_id: int | None, *, expected_version: int | None = None) -> int:
    """Save what was typed as a new item or a new revision; return the id of the item.

    :raises Invalid: with everything that is wrong, what could not be read included.
    :raises Conflict: if somebody saved in between.
    """
    actor, errors = current_actor(), typed(form)
    snapshot = form.read(errors)
    with get_cms().unit_of_work() as uow:
        try:
            if content_id is None:
                content_id = create(uow, form.kind, snapshot, actor=actor).id
            else:
                content = get(uow.session, content_id)
                note = request.form.get("note", "")
                save_draft(uow, form.kind, content, snapshot, actor=actor, expected_version=expected_version, note=note)
        except Invalid as refused:
            for name, lines in refused.errors.items():
                errors.setdefault(name, []).extend(lines)
        refuse(errors)
        _describe(uow, form, actor)
    return content_id or 0


def _describe(uow: UnitOfWork, form: ContentForm, actor: Actor) -> None:
    """Let other items start with the text that was typed, unless it would change a public page without a review.

    The item itself keeps its own text in its revision.
    """
    texts = {line.asset_id: line.alt for line in form["assets"].lines if line.alt is not None}
    public = live_assets(uow.session, texts)
    for number, asset in assets_by_id(uow.session, texts).items():
        may_describe = asset.uploader_id == actor.id or can(actor, "content.edit")
        if number not in public and may_describe:
            describe(uow, asset, texts[number] or "", actor=actor)


def upload_items(session: Session, form: ContentForm) -> list[UploadItem]:
    """Return the files of the form as the list of uploads shows them."""
    lines = form["assets"].lines
    found = assets_by_id(session, [line.asset_id for line in lines])
    return [
        UploadItem(
            id=line.asset_id, name=asset.filename, size=size(asset.size), image=asset.is_image,
            thumbnail=path_of(asset.path) if asset.is_image else None,
            alt=asset.alt if line.alt is None else line.alt, caption=line.caption, role=line.role,
        )
        for line in lines
        if (asset := found.get(line.asset_id))
    ]  # fmt: skip


def roles() -> list[tuple[str, str]]:
    """Return what a picture can be to an item, with Chinese names."""
    return [
        (AssetRole.IMAGE.value, _("正文后展示")), (IMAGE_AND_COVER, _("展示并作封面")),
        (AssetRole.COVER.value, _("只作封面")), (AssetRole.ATTACHMENT.value, _("附件下载")),
        (AssetRole.INLINE.value, _("仅供正文引用")),
    ]  # fmt: skip
