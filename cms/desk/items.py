"""Content items as the desk shows them: lines of lists, and what the signed-in person may do with one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, can
from cms.accounts.queries import names_of
from cms.content.enums import State
from cms.content.models import Content
from cms.content.services import can_edit, steps_of
from cms.content.types import TypeRegistry
from cms.content.workflow import STATE_LABELS, TRANSITIONS, Step
from cms.kernel.errors import NotAllowed
from cms.kernel.i18n import gettext as _
from cms.sections.queries import SectionTree


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """A line of a list in the desk."""

    id: int
    title: str
    url: str
    type: str
    icon: str
    section: str
    state: str
    state_label: str
    author: str
    updated_at: datetime
    published_at: datetime | None
    scheduled_at: datetime | None
    #: Something newer than what citizens see has been saved.
    has_unpublished: bool
    is_live: bool
    attention: Sequence[str]
    edit_url: str

    @property
    def place(self) -> str:
        """Return type and section; once where they have the same name."""
        return self.type if self.section in {"", self.type} else f"{self.type} · {self.section}"


def item_rows(
    session: Session, types: TypeRegistry, sections: SectionTree, contents: Iterable[Content], actor: Actor
) -> list[ItemRow]:
    """Return ``contents`` as lines; names of people come in one query."""
    found = list(contents)
    names = names_of(session, {one.author_id for one in found})
    return [_row(one, types, sections, names.get(one.author_id or 0, ""), actor) for one in found]


def _row(content: Content, types: TypeRegistry, sections: SectionTree, author: str, actor: Actor) -> ItemRow:
    kind = types.get(content.type)
    section = sections.by_id.get(content.section_id)
    may_edit = kind is not None and content.deleted_at is None and can_edit(actor, content)
    return ItemRow(
        id=content.id, title=content.title, url=url_for("desk.content_show", content_id=content.id),
        type=types.label(content.type), icon=kind.declared.icon if kind else "file",
        section=section.title if section else "", state=content.state.value,
        state_label=_(STATE_LABELS[content.state]), author=author, updated_at=content.updated_at,
        published_at=content.published_at, scheduled_at=content.scheduled_at,
        has_unpublished=content.live_revision_id not in (None, content.latest_revision_id),
        is_live=content.live_revision_id is not None, attention=content.attention,
        edit_url=url_for("desk.content_edit", content_id=content.id) if may_edit else "",
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something the person may do now: a link, or a button that posts (``is_post``)."""

    label: str
    url: str
    icon: str
    kind: str = ""
    is_post: bool = False


def actions_for(session: Session, types: TypeRegistry, content: Content, actor: Actor) -> list[Action]:
    """Return what ``actor`` may do with ``content``, the most likely first."""
    if content.deleted_at is not None:
        undelete = Action(label=_("从回收站恢复"), url=_to("undelete", content), icon="undo", is_post=True)
        return [undelete] if can_edit(actor, content) else []
    found: list[Action] = []
    if types.get(content.type) is not None:
        found += _forward(session, content, actor)
    if content.live_revision_id is not None and can(actor, "content.withdraw"):
        found.append(Action(label=_("撤回"), url=_to("withdraw", content), icon="undo", kind="danger"))
    if can_edit(actor, content) and content.state in TRANSITIONS[Step.DELETE] and content.live_revision_id is None:
        found.append(Action(label=_("删除"), url=_to("delete", content), icon="trash", kind="danger"))
    return found


def _forward(session: Session, content: Content, actor: Actor) -> list[Action]:
    found = []
    may_edit, state = can_edit(actor, content), content.state
    if state is State.REVIEW and can(actor, "content.review"):
        found.append(Action(label=_("审核"), url=_to("review", content), icon="check", kind="primary"))
    if can_be_published(session, content) and can(actor, "content.publish"):
        label = _("改发布时间") if state is State.SCHEDULED else _("发布")
        found.append(Action(label=label, url=_to("publish", content), icon="send", kind="primary"))
    elif may_edit and state in TRANSITIONS[Step.SUBMIT]:
        found.append(Action(label=_("提交审核"), url=_to("submit", content), icon="send", kind="primary", is_post=True))
    if state in {State.APPROVED, State.SCHEDULED} and can(actor, "content.review"):
        found.append(Action(label=_("退回"), url=_to("review", content), icon="undo"))
    if may_edit:
        found.append(Action(label=_("编辑"), url=_to("edit", content), icon="edit"))
    return found


def can_be_published(session: Session, content: Content) -> bool:
    """Tell whether nothing but a publisher is missing."""
    if content.state not in TRANSITIONS[Step.PUBLISH]:
        return False
    if content.state in {State.APPROVED, State.SCHEDULED}:
        return True
    try:
        return steps_of(session, content) == 0
    except NotAllowed:
        # The section is gone: saving says so.
        return False


def _to(step: str, content: Content) -> str:
    return url_for(f"desk.content_{step}", content_id=content.id)
