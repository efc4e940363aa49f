"""Changing sections with regard to what lies in them: sections themselves do not know content."""

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session

from cms.accounts.policy import Actor
from cms.content.models import Change, Content
from cms.db.uow import UnitOfWork
from cms.sections import services
from cms.sections.models import Section
from cms.sections.queries import tree
from cms.sections.services import SectionInput


def save_section(
    uow: UnitOfWork, section: Section | None, given: SectionInput, *, actor: Actor, reserved: frozenset[str]
) -> Section:
    """Create or change a section; when its address changes, search and caches look at its items again.

    The items answer under their new addresses, and the old ones redirect, because an item's id is part of both.

    :raises NotAllowed: if ``actor`` may not. :raises Invalid: by field.
    """
    before = section.path if section else ""
    saved = services.save_section(uow, section, given, actor=actor, reserved=reserved)
    if before and saved.path != before:
        _announce(uow, [one.id for one in tree(uow.session).descendants(saved)])
    return saved


def delete_section(uow: UnitOfWork, section: Section, *, actor: Actor) -> None:
    """Remove a section that holds nothing, not even something in the recycle bin.

    :raises NotAllowed: if ``actor`` may not. :raises Invalid: if it holds content or sections.
    """
    in_use = uow.session.scalar(select(Content.id).where(Content.section_id == section.id).limit(1)) is not None
    services.delete_section(uow, section, actor=actor, in_use=in_use)


def counts_by_section(session: Session) -> dict[int, int]:
    """Return how many items lie in each section itself, drafts included."""
    rows = session.execute(
        select(Content.section_id, func.count()).where(Content.deleted_at.is_(None)).group_by(Content.section_id)
    )
    return {row[0]: row[1] for row in rows}


def _announce(uow: UnitOfWork, section_ids: list[int]) -> None:
    public = select(Content.id, literal(uow.clock.now(), Change.recorded_at.type)).where(
        Content.section_id.in_(section_ids), Content.live_revision_id.is_not(None)
    )
    uow.session.execute(insert(Change).from_select(["content_id", "recorded_at"], public))
