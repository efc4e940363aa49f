"""The page that tells how the site is doing."""

from dataclasses import replace

from cms.accounts.policy import Role
from cms.jobs.leader import leader_lock
from cms.jobs.models import Job, JobState
from cms.jobs.services import MAX_ATTEMPTS, enqueue, run_due
from cms.web.doctor import Level, examine, worst


def levels(cms):
    return {check.id: check.level for check in examine(cms)}


def test_a_fresh_site_warns_but_does_not_fail(cms):
    found = levels(cms)

    assert Level.FAIL not in found.values()
    assert found["migrations"] is Level.OK
    assert found["leader"] is Level.WARN
    assert found["public_url"] is Level.WARN
    assert found["labels"] is Level.WARN
    assert worst(examine(cms)) is Level.WARN


def test_leader_is_seen_while_it_holds_its_lock(cms):
    lock = leader_lock(cms.settings.site)
    with lock:
        assert levels(cms)["leader"] is Level.OK
    assert levels(cms)["leader"] is Level.WARN
    assert lock.is_held() is False


def test_https_on_a_public_name_is_fine(cms):
    cms.settings = replace(cms.settings, public_url="https://mzj.example.gov.cn/mz")
    assert levels(cms)["public_url"] is Level.OK
    cms.settings = replace(cms.settings, public_url="http://mzj.example.gov.cn")
    assert levels(cms)["public_url"] is Level.WARN


def test_tables_older_than_the_code_fail(cms):
    with cms.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE schema_version_core SET version_num = '0'")

    assert levels(cms)["migrations"] is Level.FAIL


def test_a_failed_job_is_shown_with_its_error_and_tried_again(sign_in, cms):
    attempts = []

    def handler(payload):
        attempts.append(payload)
        raise ValueError("邮局关门了")

    cms.contributions.jobs.add("mail.send", handler)
    with cms.unit_of_work() as uow:
        enqueue(uow, "mail.send", {"to": 1})
    for _round in range(MAX_ATTEMPTS):
        run_due(cms.engine, cms.contributions.jobs, cms.clock)
        cms.clock.advance(days=1)
    client = sign_in(Role.SYSTEM_ADMIN)
    page = client.get("/desk/system").text
    assert "邮局关门了" in page
    assert "1 项失败" in page

    answer = client.post("/desk/system/jobs/1/retry", follow_redirects=True)

    assert "任务将重新执行。" in answer.text
    with cms.reading() as session:
        assert session.get_one(Job, 1).state is JobState.WAITING
    run_due(cms.engine, cms.contributions.jobs, cms.clock)
    assert len(attempts) == MAX_ATTEMPTS + 1


def test_retrying_a_job_that_did_not_fail_is_refused(sign_in, cms):
    with cms.unit_of_work() as uow:
        enqueue(uow, "mail.send", {})

    answer = sign_in(Role.SYSTEM_ADMIN).post("/desk/system/jobs/1/retry", follow_redirects=True)

    assert "没有这个失败的任务。" in answer.text
