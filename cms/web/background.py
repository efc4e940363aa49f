"""What the leader of a site does again and again: the index, scheduled publishing, expiry, jobs."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.policy import MACHINE, Actor, require
from cms.audit.services import record
from cms.content import publishing
from cms.content import services as content_services
from cms.content.enums import PublicationAction, State
from cms.content.models import Content
from cms.db.uow import UnitOfWork
from cms.jobs.services import enqueue, is_waiting, run_due
from cms.kernel.errors import CmsError
from cms.search.projection import apply_changes, rebuild
from cms.web.state import Cms

#: Name of the job that builds the search index anew.
REBUILD = "search.rebuild"


def work(cms: Cms) -> int:
    """Do everything that is due; return how much was done. Only the leader calls this."""
    done = run_due(cms.engine, cms.contributions.jobs, cms.clock)
    if cms.index.needs_rebuild:
        # A new site, a lost folder or an older format: the outbox alone would leave out what was there before.
        rebuild(cms.engine, cms.index, cms.types, cms.clock)
        done += 1
    return done + apply_changes(cms.engine, cms.index, cms.types, cms.clock)


def register_core_jobs(cms: Cms) -> None:
    """Let the core's own recurring work be done with this app."""
    cms.contributions.jobs.every("content.schedule", timedelta(seconds=1), lambda: _follow_the_clock(cms))
    cms.contributions.jobs.add(REBUILD, lambda _payload: _rebuild(cms))


def ask_for_rebuild(uow: UnitOfWork, *, actor: Actor) -> None:
    """Let the leader build the search index anew; asking twice is asking once.

    :raises NotAllowed: if ``actor`` may not.
    """
    require(actor, "search.manage")
    if not is_waiting(uow.session, REBUILD):
        enqueue(uow, REBUILD, {})
    record(uow, REBUILD, actor_id=actor.id, subject_type="search", subject_id="index")


def _rebuild(cms: Cms) -> None:
    rebuild(cms.engine, cms.index, cms.types, cms.clock)


def _follow_the_clock(cms: Cms) -> None:
    """Publish what is scheduled, take off what has expired; one unit of work for each item."""
    now = cms.clock.now()
    with Session(cms.engine) as session:
        due = session.scalars(
            select(Content.id).where(
                Content.state == State.SCHEDULED, Content.scheduled_at <= now, Content.type.in_(sorted(cms.types.keys))
            )
        ).all()
        over = session.scalars(
            select(Content.id).where(Content.live_revision_id.is_not(None), Content.expires_at <= now)
        ).all()
    for content_id in due:
        _publish(cms, content_id)
    for content_id in over:
        with cms.unit_of_work() as uow:
            content = uow.session.get_one(Content, content_id)
            publishing.take_off(uow, content, actor=MACHINE, action=PublicationAction.EXPIRED)


def _publish(cms: Cms, content_id: int) -> None:
    try:
        with cms.unit_of_work() as uow:
            content = uow.session.get_one(Content, content_id)
            content_services.publish(uow, cms.types.require(content.type), content, actor=MACHINE)
    except CmsError as error:
        # Something has changed since it was scheduled: a person has to look at it again.
        with cms.unit_of_work() as uow:
            content = uow.session.get_one(Content, content_id)
            content_services.send_back_scheduled(uow, content, reason=str(error))
