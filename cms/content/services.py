"""What people do with items: write, submit, sign, publish, withdraw, restore."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.accounts.policy import MACHINE, Actor, can, require
from cms.audit.services import record
from cms.content import publishing
from cms.content.enums import Conclusion, Exclusion, PublicationAction, State
from cms.content.events import PublishCheck
from cms.content.models import Content, Publication, Review, Revision
from cms.content.snapshot import Snapshot
from cms.content.tidying import tidy
from cms.content.types import RegisteredType
from cms.content.workflow import REVIEW_LABELS, Step, require_step
from cms.content.worklists import written_by
from cms.db.uow import UnitOfWork
from cms.kernel.errors import Conflict, Invalid, NotAllowed
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean, one_line
from cms.sections.models import Section
from cms.settings.services import SiteSettings, load


def create(uow: UnitOfWork, kind: RegisteredType, snapshot: Snapshot, *, actor: Actor) -> Content:
    """Start an item with its first draft.

    :raises NotAllowed: if ``actor`` may not write.
    :raises Invalid: by field.
    """
    require(actor, "content.create")
    snapshot = tidy(uow, kind, snapshot)
    now = uow.clock.now()
    content = Content(
        type=kind.key, section_id=snapshot.section_id, title=snapshot.title, keywords=[], attention=[],
        author_id=actor.id, department_id=snapshot.department_id, state=State.DRAFT, created_at=now, updated_at=now,
    )  # fmt: skip
    uow.session.add(content)
    # The revision refers to the item.
    uow.session.flush()
    add_revision(uow, content, snapshot, actor=actor)
    tell_parts(uow, kind, content, snapshot)
    record(uow, "content.create", actor_id=actor.id, subject_type="content", subject_id=content.id, type=kind.key)
    return content


def save_draft(
    uow: UnitOfWork,
    kind: RegisteredType,
    content: Content,
    snapshot: Snapshot,
    *,
    actor: Actor,
    expected_version: int | None = None,
    note: str = "",
) -> Revision:
    """Add a revision. What is public stays as it is; signatures given before no longer count.

    :param expected_version: ``lock_version`` that the editor saw.
    :raises Conflict: if somebody saved in between.
    """
    require_edit(actor, content)
    _require_kept(content)
    require_step(Step.EDIT, content.state)
    if expected_version is not None and content.lock_version != expected_version:
        raise Conflict(_("在您编辑期间，别人已保存过这条内容。请对照后再保存，您的修改仍保留在本页。"))
    snapshot = tidy(uow, kind, snapshot)
    revision = add_revision(uow, content, snapshot, actor=actor, note=note)
    tell_parts(uow, kind, content, snapshot)
    content.state = State.DRAFT
    content.review_step = 0
    content.scheduled_at = None
    record(
        uow, "content.save", actor_id=actor.id, subject_type="content", subject_id=content.id, revision=revision.number
    )
    return revision


def submit(uow: UnitOfWork, kind: RegisteredType, content: Content, *, actor: Actor) -> None:
    """Hand the newest revision in for review.

    :raises NotAllowed: if the state forbids it or a check objects.
    """
    require_edit(actor, content)
    _require_kept(content)
    require_step(Step.SUBMIT, content.state)
    _check(uow, kind, content)
    steps = steps_of(uow.session, content)
    content.state, content.review_step = (State.REVIEW if steps else State.APPROVED), 0
    content.updated_at = uow.clock.now()
    record(uow, "content.submit", actor_id=actor.id, subject_type="content", subject_id=content.id)


def approve(uow: UnitOfWork, content: Content, *, actor: Actor, comment: str = "", disclosure: str = "公开") -> None:
    """Sign the newest revision; after the last signature it may be published.

    :param disclosure: conclusion of the secrecy and disclosure review, 条例 art. 17.
    :raises NotAllowed: if ``actor`` may not sign, had a hand in it, or has signed the revision before (三审三校).
    """
    require(actor, "content.review")
    _require_kept(content)
    require_step(Step.APPROVE, content.state)
    if obstacle := review_obstacle(uow.session, content, actor):
        raise NotAllowed(obstacle)
    if disclosure != "公开":
        raise NotAllowed(_("公开审查结论不是“公开”的内容不能通过，请退回并说明。"))
    _sign(uow, content, Conclusion.APPROVED, actor=actor, comment=comment, disclosure=disclosure)
    content.review_step += 1
    if content.review_step >= steps_of(uow.session, content):
        content.state = State.APPROVED
    content.updated_at = uow.clock.now()
    record(
        uow,
        "content.approve",
        actor_id=actor.id,
        subject_type="content",
        subject_id=content.id,
        step=content.review_step,
    )


def send_back(uow: UnitOfWork, content: Content, *, actor: Actor, comment: str, disclosure: str = "") -> None:
    """Return the newest revision to its author, with a reason.

    :raises Invalid: without a reason.
    """
    require(actor, "content.review")
    require_step(Step.SEND_BACK, content.state)
    if not clean(comment):
        raise Invalid({"comment": [_("请写明退回的原因。")]})
    _sign(uow, content, Conclusion.RETURNED, actor=actor, comment=comment, disclosure=disclosure)
    content.state, content.review_step, content.scheduled_at = State.RETURNED, 0, None
    content.updated_at = uow.clock.now()
    record(uow, "content.send_back", actor_id=actor.id, subject_type="content", subject_id=content.id)


def send_back_scheduled(uow: UnitOfWork, content: Content, *, reason: str) -> None:
    """Return an item that the scheduler could not publish, with the reason."""
    send_back(uow, content, actor=MACHINE, comment=_("定时发布没有完成：{reason}").format(reason=reason))


def publish(uow: UnitOfWork, kind: RegisteredType, content: Content, *, actor: Actor) -> Publication:
    """Make the newest revision public now.

    :raises NotAllowed: if ``actor`` may not publish, signatures are missing, a check objects, or the item
        would have expired already.
    """
    require(actor, "content.publish")
    _require_kept(content)
    require_step(Step.PUBLISH, content.state)
    _require_signatures(uow, content)
    _check(uow, kind, content, public_at=uow.clock.now())
    revision = publishing.get_revision(uow, content.latest_revision_id)
    is_own = load(uow.session, SiteSettings).is_own(Snapshot.from_json(revision.snapshot).issuer)
    content.updated_at = uow.clock.now()
    # The rules of the desk have been applied now: what an import could not fill needs no more attention.
    content.attention = []
    return publishing.apply_revision(
        uow, kind, content, revision, actor=actor, is_own=is_own, effective_at=uow.clock.now()
    )


def schedule(uow: UnitOfWork, kind: RegisteredType, content: Content, *, actor: Actor, at: datetime) -> None:
    """Have the newest revision published at ``at`` by the scheduler.

    :raises Invalid: if the time is not in the future.
    :raises NotAllowed: as for :func:`publish`.
    """
    require(actor, "content.publish")
    _require_kept(content)
    require_step(Step.SCHEDULE, content.state)
    _require_signatures(uow, content)
    if at <= uow.clock.now():
        raise Invalid({"at": [_("定时发布的时间应晚于现在。")]})
    _check(uow, kind, content, public_at=at)
    content.state, content.scheduled_at, content.updated_at = State.SCHEDULED, at, uow.clock.now()
    record(uow, "content.schedule", actor_id=actor.id, subject_type="content", subject_id=content.id, at=at.isoformat())


def withdraw(
    uow: UnitOfWork, content: Content, *, actor: Actor, reason: str, exclusion: Exclusion = Exclusion.NONE
) -> None:
    """Take ``content`` off the public site and keep its history.

    The address answers 410 afterwards, not 404: a withdrawn notice must stay citable. A year that has counted the
    item keeps counting it, unless ``exclusion`` says that it should never have been there.

    :raises NotAllowed: if ``actor`` may not withdraw, or the item is not public.
    :raises Invalid: without a reason.
    """
    require(actor, "content.withdraw")
    if content.live_revision_id is None:
        raise NotAllowed(_("这条内容现在没有公开，无需撤回。"))
    if not clean(reason):
        raise Invalid({"reason": [_("请写明撤回的原因，原因会记入发布日志。")]})
    publishing.take_off(
        uow, content, actor=actor, action=PublicationAction.WITHDRAWN, reason=clean(reason), exclusion=exclusion
    )


def restore(uow: UnitOfWork, kind: RegisteredType, content: Content, revision: Revision, *, actor: Actor) -> Revision:
    """Copy an old revision into a new draft; history only grows."""
    note = _("恢复自第 {n} 版").format(n=revision.number)
    return save_draft(uow, kind, content, Snapshot.from_json(revision.snapshot), actor=actor, note=note)


def delete(uow: UnitOfWork, content: Content, *, actor: Actor) -> None:
    """Put an item that is not public into the recycle bin; its revisions and log lines stay."""
    require_edit(actor, content)
    require_step(Step.DELETE, content.state)
    if content.live_revision_id is not None:
        raise NotAllowed(_("已公开的内容请先撤回，再删除。"))
    content.deleted_at = content.updated_at = uow.clock.now()
    record(uow, "content.delete", actor_id=actor.id, subject_type="content", subject_id=content.id)


def undelete(uow: UnitOfWork, content: Content, *, actor: Actor) -> None:
    """Take an item out of the recycle bin."""
    require_edit(actor, content)
    content.deleted_at, content.updated_at = None, uow.clock.now()
    record(uow, "content.undelete", actor_id=actor.id, subject_type="content", subject_id=content.id)


def can_edit(actor: Actor, content: Content) -> bool:
    """Tell whether ``actor`` may edit everything, or this item as their own."""
    return can(actor, "content.edit") or (can(actor, "content.edit_own") and content.author_id == actor.id)


def require_edit(actor: Actor, content: Content) -> None:
    """Refuse whoever may neither edit everything nor this item of their own.

    :raises NotAllowed: with the reason.
    """
    if not can_edit(actor, content):
        require(actor, "content.edit_own")
        raise NotAllowed(_("您只能修改自己撰写的内容。"))


def _require_kept(content: Content) -> None:
    """Refuse what would go on with an item that lies in the recycle bin."""
    if content.deleted_at is not None:
        raise NotAllowed(_("这条内容在回收站中，请先恢复。"))


def add_revision(uow: UnitOfWork, content: Content, snapshot: Snapshot, *, actor: Actor, note: str = "") -> Revision:
    """Store ``snapshot`` as the newest revision of ``content``; how saving is done, not whether it may be."""
    last = uow.session.scalar(select(func.max(Revision.number)).where(Revision.content_id == content.id)) or 0
    revision = Revision(
        content_id=content.id, number=last + 1, created_at=uow.clock.now(), author_id=actor.id,
        note=one_line(note)[:200], snapshot=snapshot.to_json(),
    )  # fmt: skip
    uow.session.add(revision)
    # The item points to its newest revision.
    uow.session.flush()
    content.latest_revision_id = revision.id
    content.updated_at = uow.clock.now()
    if content.live_revision_id is None:
        # The desk lists what is being written; nothing of this is public.
        content.title, content.section_id, content.department_id = (
            snapshot.title, snapshot.section_id, snapshot.department_id,
        )  # fmt: skip
    return revision


def tell_parts(uow: UnitOfWork, kind: RegisteredType, content: Content, snapshot: Snapshot) -> None:
    """Let the metadata classes of ``kind`` follow a new revision of ``content``."""
    for part, meta_class in kind.parts.items():
        meta_class.drafted(uow, content, snapshot, snapshot.parts.get(part, {}))


def _check(uow: UnitOfWork, kind: RegisteredType, content: Content, *, public_at: datetime | None = None) -> None:
    revision = publishing.get_revision(uow, content.latest_revision_id)
    snapshot = Snapshot.from_json(revision.snapshot)
    is_empty = kind.declared.needs_body and not (snapshot.body or snapshot.assets)
    problems = [_("正文是空的。")] if is_empty else []
    if public_at is not None and snapshot.expires_at is not None and snapshot.expires_at <= public_at:
        problems.append(_("下线时间不晚于发布时间，发布后无人能看到。请先修改或清除下线时间。"))
    obstacles = (meta_class.obstacle(snapshot.parts.get(part, {})) for part, meta_class in kind.parts.items())
    problems += [obstacle for obstacle in obstacles if obstacle]
    problems += uow.bus.check(PublishCheck(type=kind.key, snapshot=snapshot))
    if problems:
        raise NotAllowed(*problems)


def steps_of(session: Session, content: Content) -> int:
    """Return how many signatures the newest revision needs: the section it is going to decides, not the present one.

    :raises NotAllowed: if that section is gone.
    """
    revision = session.get(Revision, content.latest_revision_id) if content.latest_revision_id else None
    section_id = Snapshot.from_json(revision.snapshot).section_id if revision else content.section_id
    section = session.get(Section, section_id)
    if section is None:
        raise NotAllowed(_("所选的栏目已不存在，请编辑后重新选择栏目。"))
    return section.review_steps


def _require_signatures(uow: UnitOfWork, content: Content) -> None:
    steps = steps_of(uow.session, content)
    if content.state in {State.APPROVED, State.SCHEDULED} or steps == 0:
        return
    names = "、".join(REVIEW_LABELS[steps])
    raise NotAllowed(_("该栏目的内容须经{names}后才能发布，请先提交审核。").format(names=names))


def review_obstacle(session: Session, content: Content, actor: Actor) -> str:
    """Return why ``actor`` cannot sign the newest revision (三审三校); empty if they can."""
    revision = session.get(Revision, content.latest_revision_id) if content.latest_revision_id else None
    if revision is None or actor.id is None:
        return ""
    if session.scalar(select(Content.id).where(Content.id == content.id, written_by(actor.id))) is not None:
        return _("三审三校：不能审核自己撰写或修改的内容。")
    signed = select(Review.id).where(
        Review.revision_id == revision.id, Review.reviewer_id == actor.id, Review.conclusion == Conclusion.APPROVED
    )
    if session.scalar(signed.limit(1)) is not None:
        return _("三审三校：同一人不能担任两个环节的审核。")
    return ""


def _sign(
    uow: UnitOfWork, content: Content, conclusion: Conclusion, *, actor: Actor, comment: str, disclosure: str
) -> None:
    uow.session.add(
        Review(
            content_id=content.id,
            revision_id=content.latest_revision_id,
            step=content.review_step + 1,
            reviewer_id=actor.id,
            conclusion=conclusion,
            comment=clean(comment),
            disclosure=disclosure,
            recorded_at=uow.clock.now(),
        )
    )
