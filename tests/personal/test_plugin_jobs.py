"""Jobs of plugins: done by the leader, and a failing one stops neither it nor the others."""

from cms.accounts.policy import MACHINE
from cms.api import enqueue
from cms.jobs.models import Job, JobState
from cms.pluginkit.models import PluginState
from cms.pluginkit.services import disable


def problem(cms):
    with cms.reading() as session:
        return session.get_one(PluginState, "visits").error


def test_recurring_jobs_run_when_due_and_failing_ones_hold_up_nobody(cms, visits, drain):
    drain()
    drain()
    assert visits.RUNS == ["fail", "leave", "count"]

    cms.clock.advance(hours=1)
    drain()
    assert visits.RUNS == ["fail", "leave", "count"] * 2
    with cms.reading() as session:
        assert session.query(visits.Visit).count() == 2


def test_failure_is_noted_with_the_plugin(cms, visits, drain):
    drain()

    assert problem(cms) == "the job visits.leave failed"
    with cms.reading() as session:
        assert "SystemExit: 3" in session.get_one(PluginState, "visits").traceback


def test_queued_job_runs_once_with_its_payload(cms, visits, drain):
    with cms.unit_of_work() as uow:
        enqueue(uow, "visits.remind", {"who": "王"})
    drain()
    drain()

    assert visits.RUNS.count("王") == 1


def test_queued_job_that_fails_is_tried_five_times_and_kept(cms, visits, drain):
    with cms.unit_of_work() as uow:
        enqueue(uow, "visits.remind", {"who": "nobody"})
    for _ in range(7):
        drain()
        cms.clock.advance(days=1)

    assert visits.RUNS.count("nobody") == 5
    with cms.reading() as session:
        job = session.query(Job).one()
    assert job.state is JobState.FAILED
    assert "LookupError: nobody is nobody" in job.error
    assert "visits." in problem(cms)


def test_jobs_of_a_disabled_plugin_wait(cms, visits, make_app):
    from cms.web.background import work

    with cms.unit_of_work() as uow:
        enqueue(uow, "visits.remind", {"who": "王"})
        disable(uow, "visits", actor=MACHINE, site=cms.settings.site)
    work(make_app().extensions["cms"])

    assert visits.RUNS == []
    with cms.reading() as session:
        assert session.query(Job).one().state is JobState.WAITING
