"""What is not actively public (依申请公开, 不予公开): its ground, and its re-assessment at intervals (条例 art. 14-18).

Such items stay drafts: the desk does not publish them. Imports of old sites may hold published ones; these are listed
as well.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, Select, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from cms.accounts.policy import Actor, require
from cms.audit.services import record
from cms.catalogue import terms
from cms.catalogue.settings import CatalogueSettings
from cms.content import queries, services
from cms.content.fields import Json
from cms.content.models import Content
from cms.content.snapshot import Snapshot
from cms.content.types import RegisteredType
from cms.db.base import Base, enum_by_value
from cms.db.uow import UnitOfWork
from cms.kernel.clock import local_date
from cms.kernel.errors import Conflict, Invalid
from cms.kernel.i18n import gettext as _
from cms.kernel.text import clean
from cms.settings.services import load

MANAGE = "catalogue.manage"
#: Name of the snapshot part that holds the catalogue entry.
PART = "catalogue"
PUBLIC = "public"
MAX_REASON = 500
#: The farthest day of a next assessment, in months; "at intervals" (定期) would mean nothing beyond it.
MAX_MONTHS: Final = 60
_YEAR = 12


class Withheld(Base):
    """An item whose newest revision says that it is not actively public. Gone when a revision says otherwise."""

    __tablename__ = "catalogue_withheld"

    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), primary_key=True)
    openness: Mapped[str] = mapped_column(String(30))
    ground: Mapped[str] = mapped_column(String(32), default="")
    since: Mapped[date]
    next_review_on: Mapped[date] = mapped_column(index=True)


class Outcome(StrEnum):
    """How a re-assessment ends."""

    STAY = "stay"
    PUBLISH = "publish"


#: Chinese names of the outcomes.
OUTCOMES: Mapping[Outcome, str] = {Outcome.STAY: "仍不主动公开", Outcome.PUBLISH: "转为主动公开"}


class Reassessment(Base):
    """A re-assessment as it was made; never changed afterwards."""

    __tablename__ = "catalogue_reassessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    content_id: Mapped[int] = mapped_column(ForeignKey("content.id", ondelete="CASCADE"), index=True)
    assessed_on: Mapped[date]
    outcome: Mapped[Outcome] = mapped_column(enum_by_value(Outcome))
    #: What held before, and the ground that holds from now on.
    openness: Mapped[str] = mapped_column(String(30))
    old_ground: Mapped[str] = mapped_column(String(32), default="")
    ground: Mapped[str] = mapped_column(String(32), default="")
    reason: Mapped[str] = mapped_column(String(MAX_REASON))
    next_review_on: Mapped[date | None]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    recorded_at: Mapped[datetime]


def follow_draft(uow: UnitOfWork, content: Content, values: Mapping[str, Json]) -> None:
    """Let the list of withheld items follow what a newest revision says."""
    openness, stored = str(values.get("openness") or PUBLIC), uow.session.get(Withheld, content.id)
    if openness == PUBLIC:
        if stored is not None:
            uow.session.delete(stored)
        return
    if stored is None:
        today = local_date(uow.clock.now())
        stored = Withheld(content_id=content.id, since=today, next_review_on=next_review(uow.session, today))
        uow.session.add(stored)
    stored.openness, stored.ground = openness, str(values.get("denial_ground") or "")


def next_review(session: Session, today: date) -> date:
    """Return when something is to be assessed again if nobody says otherwise."""
    return months_after(today, load(session, CatalogueSettings).review_months)


def months_after(day: date, months: int) -> date:
    """Return the same day of a later month, or its last one."""
    year, month = divmod(day.month - 1 + months, _YEAR)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def problems(values: Mapping[str, Json]) -> dict[str, list[str]]:
    """Return what is wrong between openness and ground, by field: whoever withholds names the ground."""
    openness, ground = str(values.get("openness") or PUBLIC), values.get("denial_ground")
    if openness != PUBLIC and not ground:
        label = dict(terms.OPENNESS).get(openness, openness)
        return {"denial_ground": [_("公开属性为“{label}”时，请选择不予公开的依据。").format(label=label)]}
    if openness == PUBLIC and ground:
        return {"denial_ground": [_("主动公开的信息没有不予公开的依据；请清除依据，或改公开属性。")]}
    return {}


def obstacle(values: Mapping[str, Json]) -> str:
    """Return why an item may not become public because of its openness; empty if it may."""
    openness = str(values.get("openness") or PUBLIC)
    if openness == PUBLIC:
        return ""
    label = dict(terms.OPENNESS).get(openness, openness)
    return _("公开属性是“{label}”，不能在网站发布。确定公开的，请先把公开属性改为“主动公开”。").format(label=label)


@dataclass(frozen=True, kw_only=True)
class ReassessmentInput:
    """What the officer decided. ``next_review_on`` and ``ground`` matter only if the item stays withheld."""

    outcome: str
    reason: str
    ground: str = ""
    next_review_on: date | None = None


def reassess(
    uow: UnitOfWork, kind: RegisteredType, content: Content, given: ReassessmentInput, *, actor: Actor
) -> Reassessment:
    """Record a re-assessment (条例 art. 18). One that opens the item leaves a draft to be published.

    :raises Invalid: by field.
    :raises Conflict: if the item is not withheld any more.
    """
    require(actor, MANAGE)
    stored, today = uow.session.get(Withheld, content.id), local_date(uow.clock.now())
    if stored is None:
        raise Conflict(_("这条信息现在已是主动公开，无需评估。"))
    outcome = _check(given, today)
    stays = outcome is Outcome.STAY
    line = Reassessment(
        content_id=content.id, assessed_on=today, outcome=outcome, openness=stored.openness, old_ground=stored.ground,
        ground=given.ground if stays else "", reason=clean(given.reason),
        next_review_on=given.next_review_on if stays else None, actor_id=actor.id, recorded_at=uow.clock.now(),
    )  # fmt: skip
    uow.session.add(line)
    if not stays:
        _save(uow, kind, content, {"openness": PUBLIC, "denial_ground": ""}, actor=actor)
    elif given.ground != stored.ground:
        _save(uow, kind, content, {"denial_ground": given.ground}, actor=actor)
    if stays and given.next_review_on is not None:
        stored.next_review_on = given.next_review_on
    record(
        uow, "catalogue.reassess", actor_id=actor.id, subject_type="content", subject_id=content.id,
        outcome=outcome.value, next=given.next_review_on.isoformat() if stays and given.next_review_on else "",
    )  # fmt: skip
    return line


def _check(given: ReassessmentInput, today: date) -> Outcome:
    errors: dict[str, list[str]] = {}
    if given.outcome not in list(Outcome):
        raise Invalid({"outcome": [_("请选择评估结论。")]})
    outcome = Outcome(given.outcome)
    if not clean(given.reason):
        errors["reason"] = [_("请写明评估的理由。")]
    elif len(clean(given.reason)) > MAX_REASON:
        errors["reason"] = [_("最多 {n} 个字。").format(n=MAX_REASON)]
    if outcome is Outcome.STAY:
        if given.ground not in dict(terms.DENIAL_GROUNDS):
            errors["ground"] = [_("请选择不予公开的依据。")]
        latest = months_after(today, MAX_MONTHS)
        if given.next_review_on is None or not today < given.next_review_on <= latest:
            errors["next_review_on"] = [_("下次评估日期应在今天之后、{day} 以前。").format(day=latest)]
    if errors:
        raise Invalid(errors)
    return outcome


def _save(uow: UnitOfWork, kind: RegisteredType, content: Content, values: Mapping[str, Json], *, actor: Actor) -> None:
    latest = Snapshot.from_json(queries.latest_revision(uow.session, content).snapshot)
    changed = latest.with_part(PART, {**latest.parts.get(PART, {}), **values})
    services.save_draft(uow, kind, content, changed, actor=actor, note=_("定期评估"))


def withheld(*, due_by: date | None = None) -> Select[*tuple[Content, Withheld]]:
    """Return the select of withheld items with their standing, those first that are to be assessed first.

    :param due_by: only those whose assessment is due on that day.
    """
    query = (
        select(Content, Withheld)
        .join(Withheld, Withheld.content_id == Content.id)
        .where(Content.deleted_at.is_(None))
    )  # fmt: skip
    if due_by is not None:
        query = query.where(Withheld.next_review_on <= due_by)
    return query.order_by(Withheld.next_review_on, Content.id)


def due_count(session: Session, today: date) -> int:
    """Return how many withheld items wait for their assessment."""
    due = withheld(due_by=today).with_only_columns(Content.id).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(due)) or 0


def reassessments(session: Session, content_id: int) -> list[Reassessment]:
    """Return the assessments of an item, newest first."""
    query = select(Reassessment).where(Reassessment.content_id == content_id).order_by(Reassessment.id.desc())
    return list(session.scalars(query))


def last_assessed(session: Session, content_ids: list[int]) -> dict[int, date]:
    """Return the day of the last assessment of each item that has one, in one query."""
    newest = (
        select(Reassessment.content_id, func.max(Reassessment.assessed_on))
        .where(Reassessment.content_id.in_(content_ids))
        .group_by(Reassessment.content_id)
    )
    return {row[0]: row[1] for row in session.execute(newest)} if content_ids else {}
