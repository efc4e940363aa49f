"""Clocks of applications (条例 arts 30 to 35): days by the edition, pauses, resets, extension, alarms, new calendars."""

from datetime import date

import pytest
from sqlalchemy import select

from cms.api import Invalid, NotAllowed, Period
from cms.audit.models import AuditEntry


def ask(desk, one, text="请写明年份", **more):
    from cms_plugins.applications import inquiries
    from cms_plugins.applications.models import InquiryKind

    return desk.run(inquiries.ask, one, InquiryKind.CORRECTION, text=text, **more)


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        ("2025-01-20", "2025-02-21", "2025-03-21"), ("2025-09-25", "2025-10-29", "2025-11-26"),
        ("2026-01-26", "2026-02-28", "2026-03-27"), ("2026-02-14", "2026-03-20", "2026-04-20"),
        ("2026-02-17", "2026-03-20", "2026-04-20"), ("2026-04-27", "2026-05-27", "2026-06-25"),
        ("2026-09-28", "2026-10-30", "2026-11-27"),
    ],
)  # fmt: skip
def test_answer_is_due_on_the_20th_working_day_and_once_20_more(desk, on, received, due, extended):
    from cms_plugins.applications import consulting

    on(received)
    one = desk.received()
    assert desk.get(one).due_on == date.fromisoformat(due)

    on(due)
    desk.run(consulting.extend, one, days=20, consent="李主任", notified="邮寄告知书")

    assert desk.get(one).due_on == date.fromisoformat(extended)


def test_limit_that_runs_into_an_unknown_year_is_an_estimate(desk, on):
    from cms_plugins.applications import consulting

    on("2026-11-23")
    one = desk.received()
    assert (desk.get(one).due_on, desk.get(one).is_estimated) == (date(2026, 12, 21), False)

    desk.run(consulting.extend, one, days=20, consent="李主任", notified="电话")

    assert desk.get(one).is_estimated


def test_extension_comes_once_before_the_end_with_consent_and_notice(desk, on):
    from cms_plugins.applications import consulting

    one = desk.received()
    for change, field in (
        ({"days": 21}, "days"),
        ({"days": 0}, "days"),
        ({"consent": " "}, "consent"),
        ({"notified": ""}, "notified"),
    ):
        given = {"days": 20, "consent": "李主任", "notified": "电话", **change}
        with pytest.raises(Invalid) as refused:
            desk.run(consulting.extend, one, **given)
        assert field in refused.value.errors
    on("2026-03-31")
    with pytest.raises(NotAllowed, match="届满"):
        desk.run(consulting.extend, one, days=5, consent="李主任", notified="电话")
    on("2026-03-30")
    desk.run(consulting.extend, one, days=5, consent="李主任", notified="电话")
    with pytest.raises(NotAllowed, match="一次"):
        desk.run(consulting.extend, one, days=5, consent="李主任", notified="电话")


def test_correction_is_asked_once_stops_the_clock_and_begins_it_anew(desk, on):
    from cms_plugins.applications import inquiries

    one = desk.received()
    on("2026-03-06")
    inquiry = ask(desk, one)
    assert (inquiry.due_on, desk.get(one).due_on, desk.get(one).next_what) == (date(2026, 3, 27), None, "correction")

    on("2026-03-16")
    desk.sealed(inquiries.correct, one, text="2025年")

    found = desk.get(one)
    assert (found.received_on, found.clock_from, found.due_on) == (
        date(2026, 3, 2), date(2026, 3, 16), date(2026, 4, 14)
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="一次"):
        ask(desk, one)


def test_correction_that_does_not_come_is_closed_by_a_person_after_the_term(desk, cms, on):
    from cms_plugins.applications import closing
    from cms_plugins.applications.watching import mark_lapses

    one = desk.received()
    ask(desk, one)
    on("2026-03-23")
    with pytest.raises(NotAllowed):
        desk.run(closing.correction_lapsed, one)
    on("2026-03-24")
    assert mark_lapses(cms) == 1
    assert mark_lapses(cms) == 0
    assert desk.get(one).closed_on is None

    desk.run(closing.correction_lapsed, one)

    assert (desk.get(one).result, desk.get(one).closed_on) == ("A3.6.1", date(2026, 3, 24))


def test_consultations_stop_the_clock_until_the_last_one_has_ended(desk, cms, on):
    from cms_plugins.applications import consulting
    from cms_plugins.applications.models import Consultation, ConsultationKind, Opinion

    one = desk.received()
    on("2026-03-09")
    first = desk.sealed(consulting.consult, one, ConsultationKind.THIRD_PARTY, name="某公司")
    second = desk.sealed(consulting.consult, one, ConsultationKind.CO_AGENCY, name="县财政局")
    assert desk.get(one).due_on is None

    def end(consultation, opinion):
        with cms.unit_of_work() as uow:
            from cms_plugins.applications.history import get

            consulting.end(
                uow, cms.keyring, get(uow.session, one), uow.session.get(Consultation, consultation.id),
                actor=desk.officer, opinion=opinion,
            )  # fmt: skip

    with cms.unit_of_work() as uow:
        from cms_plugins.applications.history import get

        consulting.arrived(uow, get(uow.session, one), uow.session.get(Consultation, second.id), actor=desk.officer)
    assert desk.get(one).next_on == date(2026, 3, 30)
    on("2026-03-27")
    end(first, Opinion.REFUSES)
    with pytest.raises(NotAllowed, match="届满"):
        end(second, Opinion.DEEMED)
    with pytest.raises(Invalid):
        end(second, Opinion.LAPSED)
    on("2026-03-31")
    end(second, Opinion.DEEMED)

    assert (desk.get(one).state, desk.get(one).due_on) == ("processing", date(2026, 4, 22))


def test_the_worked_example_of_a_pause(desk, cms, on):
    from cms_plugins.applications import consulting
    from cms_plugins.applications.history import get
    from cms_plugins.applications.models import Consultation, ConsultationKind, Opinion

    one = desk.received()
    assert desk.get(one).due_on == date(2026, 3, 30)
    on("2026-03-09")
    made = desk.sealed(consulting.consult, one, ConsultationKind.THIRD_PARTY, name="某公司")
    on("2026-03-27")
    with cms.unit_of_work() as uow:
        consulting.end(
            uow, cms.keyring, get(uow.session, one), uow.session.get(Consultation, made.id), actor=desk.officer,
            opinion=Opinion.AGREES,
        )  # fmt: skip

    assert desk.get(one).due_on == date(2026, 4, 20)


def test_reasonable_reasons_may_bring_a_term_of_the_organs_own(desk, cms, on):
    from cms_plugins.applications import inquiries
    from cms_plugins.applications.models import InquiryKind

    one = desk.received()
    desk.run(inquiries.ask, one, InquiryKind.REASON, text="请说明多次申请的理由")
    on("2026-03-10")
    desk.sealed(inquiries.give_reasons, one, text="课题研究")
    desk.run(inquiries.accept_reasons, one, special_due_on=date(2026, 6, 30))

    assert desk.get(one).due_on == date(2026, 6, 30)


def test_what_is_late_near_or_unconfirmed_raises_an_alarm(desk, cms, on):
    from cms_plugins.applications import intake
    from cms_plugins.applications.watching import alarms

    from .conftest import request

    one = desk.received()
    with cms.unit_of_work() as uow:
        submitted = intake.submit(uow, cms.keyring, request())[0].id

    def now(day):
        with cms.reading() as session:
            return {found.application.id: found.alarm.value for found in alarms(session, on(day))}

    assert now("2026-03-03") == {}
    assert now("2026-03-04") == {submitted: "unconfirmed"}
    assert now("2026-03-24")[submitted] == "unconfirmed"
    assert one not in now("2026-03-24")
    assert now("2026-03-25")[one] == "soon"
    assert now("2026-03-30")[one] == "soon"
    assert now("2026-03-31")[one] == "overdue"


def test_paper_year_raises_no_alarm_for_what_was_over_when_it_was_entered(desk, cms, on):
    from cms_plugins.applications.models import ApplicantClass, Channel, Event
    from cms_plugins.applications.paper import PaperRecord, enter_paper
    from cms_plugins.applications.watching import alarms, mark_lapses

    on("2026-12-15")
    with cms.unit_of_work() as uow:
        for closed in (date(2026, 7, 1), None):
            enter_paper(
                uow, cms.keyring,
                PaperRecord(
                    channel=Channel.ONSITE, applicant_class=ApplicantClass.NP, made_on=date(2026, 3, 2),
                    closed_on=closed, result="A3.1" if closed else "", title="低保名单", source="登记簿第3页",
                ),
                actor=desk.officer,
            )  # fmt: skip
    on("2026-12-16")

    assert mark_lapses(cms) == 0
    with cms.reading() as session:
        assert [found.application.number for found in alarms(session, date(2026, 12, 16))] == ["2026-0002"]
        assert session.scalar(select(Event.id).where(Event.remark == "lapse_noted")) is None
        assert cms.contributions.figures.require("applications.overdue").value(
            session, Period.year(2026)
        ) == 1  # fmt: skip


def test_new_calendar_moves_open_terms_and_records_each_move(desk, cms, on):
    from cms.workdays.services import add_local_holiday

    one = desk.received()
    with cms.unit_of_work() as uow:
        add_local_holiday(uow, date(2026, 3, 18), name="祭祖节", source="县政府通知", actor=desk.officer)

    assert desk.get(one).due_on == date(2026, 3, 31)
    with cms.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "applications.due_recomputed")).all()
    assert [(entry.details["before"], entry.details["after"]) for entry in entries] == [("2026-03-30", "2026-03-31")]
