"""The list of content, and the choice of what to write."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from cms.accounts.policy import Actor
from cms.content import queries
from cms.content.enums import State
from cms.content.models import Content
from cms.content.types import RegisteredType
from cms.content.workflow import STATE_LABELS
from cms.content.worklists import size
from cms.desk.blueprint import blueprint
from cms.desk.contexts import DeskPage, content_crumbs, desk_values
from cms.desk.items import ItemRow, item_rows
from cms.kernel.i18n import gettext as _
from cms.sections.queries import SectionTree, tree
from cms.web.forms.content import Choices
from cms.web.lists import Paging, paging
from cms.web.login import current_actor, permission
from cms.web.render import render
from cms.web.state import get_cms, read_session


@dataclass(frozen=True, kw_only=True)
class Filters:
    """How the list is narrowed; empty values do not narrow."""

    q: str
    type: str
    section: int | None
    state: str
    mine: bool
    deleted: bool
    attention: bool

    @property
    def is_used(self) -> bool:
        """Tell whether anything narrows the list."""
        return bool(
            self.q or self.type or self.section or self.state or self.mine or self.deleted or self.attention
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ContentListPage(DeskPage):
    """``/desk/content``."""

    template: ClassVar[str] = "desk/content/list.html"
    filters: Filters
    rows: Sequence[ItemRow]
    paging: Paging
    types: Choices
    sections: Choices
    states: Choices


@dataclass(frozen=True)
class TypeCard:
    """A type that may be chosen for a new item."""

    key: str
    label: str
    icon: str
    url: str


@dataclass(frozen=True, kw_only=True)
class NewPage(DeskPage):
    """``/desk/content/new``. ``groups`` are headings with types."""

    template: ClassVar[str] = "desk/content/new.html"
    groups: Sequence[tuple[str, Sequence[TypeCard]]]


@blueprint.get("/content")
@permission("content.list")
def content_list() -> str:
    """List all items of the site, narrowed as asked."""
    session, cms = read_session(), get_cms()
    sections, filters = tree(session), _filters()
    query = _narrowed(filters, sections, current_actor())
    here = paging(size(session, query))
    found = session.scalars(query.limit(here.per_page).offset(here.offset)).all()
    page = ContentListPage(
        **desk_values(), title=_("回收站") if filters.deleted else _("内容管理"), filters=filters, paging=here,
        rows=item_rows(session, cms.types, sections, found, current_actor()),
        types=[(kind.key, kind.label) for kind in cms.types],
        sections=[(str(one.id), "　" * sections.depth(one) + one.title) for one in sections.walk()],
        states=[(state.value, _(label)) for state, label in STATE_LABELS.items()],
    )  # fmt: skip
    return render(page)


def _filters() -> Filters:
    args = request.args
    return Filters(
        q=args.get("q", "").strip()[:100], type=args.get("type", "")[:40], section=args.get("section", type=int),
        state=args.get("state", ""), mine=bool(args.get("mine")), deleted=bool(args.get("deleted")),
        attention=bool(args.get("attention")),
    )  # fmt: skip


def _narrowed(filters: Filters, sections: SectionTree, actor: Actor) -> Select[Content]:
    chosen = sections.by_id.get(filters.section or 0)
    return queries.desk_items(
        state=State(filters.state) if filters.state in set(State) else None,
        kind=filters.type or None,
        section_ids=[one.id for one in sections.descendants(chosen)] if chosen else None,
        author_id=actor.id if filters.mine else None,
        text=filters.q,
        deleted=filters.deleted,
        attention=filters.attention,
    )


@blueprint.get("/content/new")
@permission("content.create")
def content_new() -> ResponseReturnValue:
    """Let the editor choose what to write; in a section that takes one type there is nothing to choose."""
    section_id = request.args.get("section", type=int)
    section = tree(read_session()).by_id.get(section_id or 0)
    types = get_cms().types
    if section and types.get(section.default_type):
        return redirect(url_for("desk.content_create", kind=section.default_type, section=section.id))
    cards = {
        label: [_card(kind, section_id) for kind in types if kind.declared.is_disclosed == is_disclosed]
        for label, is_disclosed in ((_("政府信息（编入公开目录）"), True), (_("其他页面"), False))
    }
    groups = [(label, kinds) for label, kinds in cards.items() if kinds]
    return render(NewPage(**desk_values(), title=_("新建内容"), crumbs=content_crumbs(_("新建")), groups=groups))


def _card(kind: RegisteredType, section_id: int | None) -> TypeCard:
    url = url_for("desk.content_create", kind=kind.key, section=section_id)
    return TypeCard(kind.key, kind.label, kind.declared.icon, url)
