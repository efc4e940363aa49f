"""What the leader of a site does again and again: the index, scheduled publishing, expiry, jobs."""

import logging
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cms.accounts.policy import MACHINE, Actor, require
from cms.audit.services import record
from cms.catalogue.clock import BATCH, has_unsettled, settle, settle_again
from cms.content import publishing
from cms.content import services as content_services
from cms.content.enums import PublicationAction, State
from cms.content.models import Content
from cms.db.uow import UnitOfWork
from cms.intake import throttle
from cms.jobs.services import enqueue, is_waiting, run_due
from cms.kernel.clock import local_date
from cms.kernel.errors import CmsError
from cms.kernel.i18n import gettext as _
from cms.personal.files import clean_files
from cms.personal.retention import due_ids, erase_if_due
from cms.search.projection import apply_changes, rebuild
from cms.web.state import Cms
from cms.workdays.events import CalendarChanged
from cms.workdays.settling import keep_settled, unsettled

log = logging.getLogger(__name__)
#: How long the files of a form wait for its correction.
STAGED_FOR = timedelta(hours=3)
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
    cms.contributions.jobs.every("content.schedule", timedelta(seconds=1), lambda: _publish_scheduled(cms))
    cms.contributions.jobs.every("content.expiry", timedelta(seconds=1), lambda: _take_off_expired(cms))
    cms.contributions.jobs.every("personal.retention", timedelta(hours=1), lambda: _erase_due(cms))
    cms.contributions.jobs.every("personal.files", timedelta(hours=1), lambda: _clean_files(cms))
    cms.contributions.jobs.every("intake.clean", timedelta(hours=1), lambda: _clean_intake(cms))
    cms.contributions.jobs.every("workdays.settle", timedelta(minutes=1), lambda: _settle_calendar(cms))
    cms.contributions.jobs.every("catalogue.clocks", timedelta(seconds=1), lambda: settle_clocks(cms))
    # A site may have corrected an edition, or the calendar may have been restored from a backup.
    cms.contributions.jobs.every("catalogue.recount", timedelta(days=1), lambda: recount_clocks(cms))
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


def _publish_scheduled(cms: Cms) -> None:
    """Publish what is due, one unit of work for each item; what cannot be published goes back to a person."""
    with Session(cms.engine) as session:
        due = session.scalars(
            select(Content.id).where(
                Content.state == State.SCHEDULED,
                Content.scheduled_at <= cms.clock.now(),
                Content.type.in_(sorted(cms.types.keys)),
            )
        ).all()
    for content_id in due:
        try:
            _publish(cms, content_id)
        except Exception as error:
            # One item must not hold up the others, whatever a handler of some plugin has done to it.
            if not isinstance(error, CmsError):
                log.exception("item %s could not be published on schedule", content_id)
            _send_back(cms, content_id, str(error) if isinstance(error, CmsError) else _("系统出错，请联系管理员"))


def _publish(cms: Cms, content_id: int) -> None:
    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, content_id)
        if _is_due(content, cms):
            content_services.publish(uow, cms.types.require(content.type), content, actor=MACHINE)


def _send_back(cms: Cms, content_id: int, reason: str) -> None:
    """Return an item that could not be published, unless somebody has taken it up in the meantime."""
    try:
        with cms.unit_of_work() as uow:
            content = uow.session.get_one(Content, content_id)
            if _is_due(content, cms):
                content_services.send_back_scheduled(uow, content, reason=reason)
    except Exception:
        log.exception("item %s could not be sent back", content_id)


def _is_due(content: Content, cms: Cms) -> bool:
    at = content.scheduled_at
    return content.state is State.SCHEDULED and at is not None and at <= cms.clock.now()


def _take_off_expired(cms: Cms) -> None:
    """Take off what has expired, one unit of work for each item."""
    with Session(cms.engine) as session:
        over = session.scalars(
            select(Content.id).where(Content.live_revision_id.is_not(None), Content.expires_at <= cms.clock.now())
        ).all()
    for content_id in over:
        try:
            _expire(cms, content_id)
        except Exception:
            log.exception("item %s could not be taken off", content_id)


def _expire(cms: Cms, content_id: int) -> None:
    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, content_id)
        ends = content.expires_at
        # Somebody may have withdrawn it, or published a version with another date, since it was found.
        if content.live_revision_id is not None and ends is not None and ends <= cms.clock.now():
            publishing.take_off(uow, content, actor=MACHINE, action=PublicationAction.EXPIRED)


def _erase_due(cms: Cms) -> None:
    """Erase personal data whose time is over, one unit of work for each record."""
    for rule in cms.contributions.retentions.values():
        try:
            with cms.reading() as session:
                due = due_ids(session, rule, local_date(cms.clock.now()))
        except Exception:
            # A rule is a plugin's code; one that fails must not keep the others from erasing.
            log.exception("what is due by %s could not be found", rule.code)
            continue
        for row_id in due:
            try:
                with cms.unit_of_work() as uow:
                    erase_if_due(uow, cms.sealed_files, rule, row_id, actor=MACHINE)
            except Exception:
                log.exception("%s of record %s could not be erased", rule.code, row_id)


def _clean_files(cms: Cms) -> None:
    with cms.unit_of_work() as uow:
        clean_files(uow, cms.sealed_files, older_than=STAGED_FOR)


def _clean_intake(cms: Cms) -> None:
    with cms.unit_of_work() as uow:
        throttle.clean(uow)


def _settle_calendar(cms: Cms) -> None:
    """Let plugins recompute their due dates for years whose days are not those settled last; see cms.workdays."""
    with cms.reading() as session:
        changed = unsettled(session)
    if not changed:
        return
    recount_clocks(cms)
    is_done = cms.bus.emit(CalendarChanged(years=tuple(changed)))
    with cms.unit_of_work() as uow:
        # Where a handler has failed, the next round tells all of them again.
        if is_done:
            keep_settled(uow, changed)


def settle_clocks(cms: Cms) -> None:
    """Reckon the publication clocks that wait for it; asks first, so that nothing is locked in vain."""
    with cms.reading() as session:
        waits = has_unsettled(session)
    while waits:
        with cms.unit_of_work() as uow:
            waits = settle(uow, cms.editions) == BATCH


def recount_clocks(cms: Cms) -> None:
    """Reckon all publication clocks, in batches: others write in between."""
    last: int | None = 0
    while last is not None:
        with cms.unit_of_work() as uow:
            last = settle_again(uow, cms.editions, last)
