"""Work that plugins leave to the leader of a site: again and again, or once when it was asked for."""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cms.db.uow import unit_of_work
from cms.pluginkit.state import set_failure

if TYPE_CHECKING:
    from cms.web.state import Cms

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class RecurringJob:
    """Work done again and again: ``every`` is the time from the end of one run to the beginning of the next.

    A run that was missed while nothing ran is made up for once. ``run`` opens its own units of work, best one for each
    record, and must not mind being repeated. An error is logged and noted with the plugin; the next run comes in time.

    :param name: unique within the plugin; the job is called ``<plugin>.<name>``.
    """

    name: str
    every: timedelta
    run: "Callable[[Cms], object]"


@dataclass(frozen=True, kw_only=True)
class QueuedJob:
    """Work done once for each ``enqueue(uow, "<plugin>.<name>", payload)``, after the unit of work has committed.

    ``run`` receives the payload, opens its own units of work and may run twice. After an error it is tried again, five
    times in all, then listed in 运行状况, where it can be started again.

    :param name: unique within the plugin.
    """

    name: str
    run: "Callable[[Cms, dict[str, Any]], object]"


PluginJob = RecurringJob | QueuedJob


def register_jobs(cms: "Cms") -> None:
    """Let the work of all loaded plugins be done with this app."""
    for loaded in cms.loaded:
        for job in loaded.plugin.jobs:
            _register(cms, loaded.manifest.key, job)


def _register(cms: "Cms", key: str, job: PluginJob) -> None:
    jobs, name = cms.contributions.jobs, f"{key}.{job.name}"
    if isinstance(job, RecurringJob):
        jobs.every(name, job.every, lambda: _guarded(cms, key, name, lambda: job.run(cms)))
    else:
        jobs.add(name, lambda payload: _guarded(cms, key, name, lambda: job.run(cms, payload)))


def _guarded(cms: "Cms", key: str, name: str, run: Callable[[], object]) -> None:
    """Run a plugin's job; note its error with the plugin, then let the queue see it."""
    try:
        run()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        log.warning("plugin %s failed in job %s", key, name)
        with unit_of_work(cms.engine, clock=cms.clock) as uow:
            set_failure(uow, key, f"the job {name} failed", traceback.format_exc())
        if isinstance(error, Exception):
            raise
        # A plugin that ends the process in its job must not end the leader.
        raise RuntimeError(f"{type(error).__name__} in job {name}") from error
