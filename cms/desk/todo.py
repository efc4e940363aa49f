"""What the dashboard tells: what waits for the signed-in person, and what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from sqlalchemy import Select, func
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor, can
from cms.content import worklists
from cms.content.enums import State
from cms.content.models import Content
from cms.content.queries import desk_items, visible
from cms.desk.items import ItemRow, item_rows
from cms.figures.figure import Figure, Period
from cms.figures.registry import FigureRegistry
from cms.kernel.clock import local_date
from cms.kernel.i18n import gettext as _
from cms.sections.models import Section
from cms.sections.queries import SectionTree
from cms.web.state import Cms

#: Lines of each list; the rest is one click away.
SHOWN = 6
TILES = 4


@dataclass(frozen=True, kw_only=True)
class Worklist:
    """Items under one heading. ``remarks`` say why an item came back, by its id."""

    title: str
    rows: Sequence[ItemRow]
    total: int
    all_url: str
    remarks: dict[int, str]
    kind: str = ""


@dataclass(frozen=True)
class LateSection:
    """A section that has not been updated for longer than its target; ``days`` is nothing if it never was."""

    title: str
    target: int
    days: int | None
    url: str


@dataclass(frozen=True)
class Tile:
    """A figure of the year with the address of the list behind it."""

    label: str
    value: int
    unit: str
    url: str


def worklists_for(session: Session, cms: Cms, sections: SectionTree, actor: Actor) -> list[Worklist]:
    """Return the lists of the dashboard that are not empty: refused, to sign, to publish, missed, drafts."""
    wanted: list[tuple[str, Select[Content], str, str]] = []
    if can(actor, "content.create"):
        returned = url_for("desk.content_list", mine=1, state=State.RETURNED.value)
        wanted.append((_("退回给我的"), worklists.own(actor.id, State.RETURNED), returned, "bad"))
    if can(actor, "content.review"):
        queue = url_for("desk.review_queue")
        wanted.append((_("待我审核"), worklists.to_sign(actor.id), queue, "warning"))
    if can(actor, "content.publish"):
        approved = url_for("desk.content_list", state=State.APPROVED.value)
        scheduled = url_for("desk.content_list", state=State.SCHEDULED.value)
        wanted.append((_("待我发布"), worklists.to_publish(), approved, "warning"))
        missed = worklists.missed_schedules(cms.clock.now())
        wanted.append((_("定时发布没有完成"), missed, scheduled, "bad"))
    if can(actor, "content.create"):
        drafts = url_for("desk.content_list", mine=1, state=State.DRAFT.value)
        wanted.append((_("我的草稿"), worklists.own(actor.id, State.DRAFT), drafts, ""))
    found = [_worklist(session, cms, sections, actor, *one) for one in wanted]
    return [one for one in found if one.rows]


def _worklist(  # noqa: PLR0917 — the parts of one list
    session: Session, cms: Cms, sections: SectionTree, actor: Actor, title: str, query: Select[Content], url: str,
    kind: str,
) -> Worklist:  # fmt: skip
    found = session.execute(query.add_columns(func.count().over()).limit(SHOWN)).all()
    contents, total = [row[0] for row in found], found[0][1] if found else 0
    returned = [one.id for one in contents if one.state is State.RETURNED]
    remarks = {number: remark.comment for number, remark in worklists.last_remarks(session, returned).items()}
    rows = item_rows(session, cms.types, sections, contents, actor)
    return Worklist(title=title, rows=rows, total=total, all_url=url, remarks=remarks, kind=kind)


def late_sections(session: Session, cms: Cms, sections: SectionTree) -> list[LateSection]:
    """Return the sections that are past their update target, the latest first; items below a section count for it."""
    with_target = [one for one in sections.walk() if one.update_days]
    if not with_target:
        return []
    now = cms.clock.now()
    newest = worklists.last_published(session, visible(now, cms.types.keys))
    found = []
    for section in with_target:
        moments = [newest[one.id] for one in sections.descendants(section) if one.id in newest]
        days = (local_date(now) - local_date(max(moments))) // timedelta(days=1) if moments else None
        if days is None or days > (section.update_days or 0):
            found.append(LateSection(section.title, section.update_days or 0, days, _new_in(section)))
    return sorted(found, key=lambda one: one.target - (one.days if one.days is not None else 100_000))


def _new_in(section: Section) -> str:
    return url_for("desk.content_list", section=section.id)


def attention_count(session: Session) -> int:
    """Return how many imported items lack what the desk would have asked for."""
    return worklists.size(session, desk_items(attention=True))


def tiles(session: Session, figures: FigureRegistry, year: int) -> list[Tile]:
    """Return the first figures of the site for ``year``."""
    first: list[Figure] = list(figures)[:TILES]
    return [
        Tile(one.label, one.value(session, Period.year(year)), one.unit,
             url_for("desk.figure_show", code=one.code, year=year))
        for one in first
    ]  # fmt: skip
