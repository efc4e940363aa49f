"""The day of receipt (条例 art. 31) by channel and edition, numbers, codes, entries made by mistake."""

from datetime import date

import pytest
from sqlalchemy import select

from cms.api import Conflict, Invalid, NotAllowed
from cms.audit.models import AuditEntry

from .conftest import ID_NUMBER, party, request


def register(desk, channel, *, on=None, signed_on=None, source="", **more):
    from cms_plugins.applications import intake
    from cms_plugins.applications.history import Entry
    from cms_plugins.applications.models import Channel

    with desk.cms.unit_of_work() as uow:
        given = request(channel=Channel(channel), **more)
        return intake.register(
            uow, desk.cms.keyring, given, actor=desk.officer, signed_on=signed_on, entry=Entry(on=on, source=source)
        )[0]


@pytest.mark.parametrize(
    ("channel", "received"),
    [
        ("onsite", date(2026, 3, 2)), ("oral", date(2026, 3, 2)), ("post", date(2026, 3, 4)), ("letter", None),
        ("web", None), ("fax", None),
    ],
)  # fmt: skip
def test_channel_decides_the_day_of_receipt(desk, on, channel, received):
    on("2026-03-05")

    one = register(desk, channel, made_on=date(2026, 3, 2), signed_on=date(2026, 3, 4))

    assert one.received_on == received
    assert one.edition == ("2019" if received else "")


def test_confirmation_of_both_sides_makes_the_later_day_the_day_of_receipt(desk, on):
    from cms_plugins.applications import intake

    one = register(desk, "fax", made_on=date(2026, 3, 2))
    on("2026-03-06")
    desk.run(intake.confirm_by_applicant, one.id, how="phone")

    found = desk.get(one.id)
    assert (found.organ_confirmed_on, found.applicant_confirmed_on, found.confirmed_how, found.received_on) == (
        date(2026, 3, 2), date(2026, 3, 6), "phone", date(2026, 3, 6)
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        desk.run(intake.confirm_by_organ, one.id)


def test_submitting_may_be_declared_to_be_the_confirmation(desk, cms):
    from cms_plugins.applications import intake
    from cms_plugins.applications.settings import ApplicationSettings

    from cms.settings.services import save

    with cms.unit_of_work() as uow:
        save(uow, ApplicationSettings(confirm_at_once=True))
        one, _code = intake.submit(uow, cms.keyring, request())

    assert (one.received_on, one.confirmed_how) == (date(2026, 3, 2), "auto")


def test_old_regulation_has_no_confirmation(desk, on):
    on("2016-06-03")

    one = register(desk, "letter", made_on=date(2016, 6, 1))

    assert (one.received_on, one.edition, one.due_on) == (date(2016, 6, 3), "2007", date(2016, 6, 27))


def test_edition_follows_from_the_day_of_receipt_not_of_sending(desk, on):
    on("2019-05-16")

    one = register(desk, "post", made_on=date(2019, 5, 13), signed_on=date(2019, 5, 15))
    old = register(desk, "post", made_on=date(2019, 5, 13), signed_on=date(2019, 5, 14))

    assert [(one.edition, old.edition)] == [("2019", "2007")]


def test_numbers_run_by_year_and_are_never_given_twice(desk, on):
    from cms_plugins.applications import intake

    first, second = desk.received(), desk.received()
    desk.run(intake.void, second, reason="与 2026-0001 重复")
    third = desk.received()
    on("2027-01-04")
    fourth = desk.received()

    assert [desk.get(one).number for one in (first, second, third, fourth)] == [
        "2026-0001", "2026-0002", "2026-0003", "2027-0001"
    ]  # fmt: skip


def test_voided_entry_counts_nowhere_and_takes_no_more_steps(desk, cms):
    from cms_plugins.applications import intake

    from .test_chain import table

    one = desk.received()
    desk.run(intake.void, one, reason="误登记")

    assert table(cms, "applications.t3", 2026) == {}
    with pytest.raises(NotAllowed, match="作废"):
        desk.run(intake.accept, one)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "", "doc_no": "", "text": ""}, "title"), ({"title": "长" * 201}, "title"),
        ({"applicant": party(name="")}, "name"), ({"applicant": party(id_number="")}, "id_number"),
        ({"applicant": party(id_number="123")}, "id_number"), ({"applicant": party(email="not-an-address")}, "email"),
        ({"applicant": party(email="")}, "email"), ({"applicant": party(phone="<script>")}, "phone"),
        ({"agent": party(), "has_authority": False}, "authority"),
        ({"co_applicants": (party(name=""),)}, "co_0_name"), ({"text": "长" * 5001}, "text"),
    ],
)  # fmt: skip
def test_what_article_29_asks_for_is_demanded(desk, cms, change, field):
    from cms_plugins.applications import intake

    with pytest.raises(Invalid) as refused, cms.unit_of_work() as uow:
        intake.submit(uow, cms.keyring, request(**change))

    assert field in refused.value.errors


def test_organisation_needs_its_code_or_somebody_who_stands_for_it(desk, cms):
    from cms_plugins.applications import intake
    from cms_plugins.applications.models import ApplicantClass

    plain = party(name="衡山某公司", id_number="")
    with pytest.raises(Invalid) as refused, cms.unit_of_work() as uow:
        intake.submit(uow, cms.keyring, request(applicant_class=ApplicantClass.CE, applicant=plain))
    assert "uscc" in refused.value.errors

    named = party(name="衡山某公司", id_number="", legal_representative="张三")
    with cms.unit_of_work() as uow:
        one, _code = intake.submit(uow, cms.keyring, request(applicant_class=ApplicantClass.CE, applicant=named))
    assert one.applicant_class is ApplicantClass.CE


def test_late_entry_names_its_evidence(desk, on):
    on("2026-03-20")
    with pytest.raises(Invalid) as refused:
        register(desk, "onsite", made_on=date(2026, 3, 2), on=date(2026, 3, 2))
    assert "source" in refused.value.errors

    one = register(desk, "onsite", made_on=date(2026, 3, 2), on=date(2026, 3, 2), source="登记簿第3页")

    assert (one.received_on, one.source) == (date(2026, 3, 2), "登记簿第3页")


def test_days_in_the_future_and_out_of_order_are_refused(desk):
    from cms_plugins.applications import inquiries
    from cms_plugins.applications.history import Entry
    from cms_plugins.applications.models import InquiryKind

    one = desk.received()
    for day in (date(2026, 3, 3), date(2026, 3, 1)):
        with pytest.raises(Invalid) as refused:
            desk.run(inquiries.ask, one, InquiryKind.CORRECTION, text="年份", entry=Entry(on=day))
        assert "on" in refused.value.errors


def test_same_applicant_is_found_by_number_or_by_name_and_telephone(desk, cms):
    from cms_plugins.applications.people import others_of, repeated

    first = desk.received()
    again = desk.received(applicant=party(id_number=f" {ID_NUMBER[:6]} {ID_NUMBER[6:]}", phone="", email="x@y.cn"))
    other = desk.received(applicant=party(name="李四", id_number="110101199003070134", phone="13900000000"))
    by_phone = desk.received(applicant=party(id_kind="passport", id_number="E12345678"), title="另一件")

    with cms.reading() as session:
        assert {one.id for one in others_of(session, cms.keyring, desk.get(first))} == {again, by_phone}
        assert [one.id for one in repeated(session, cms.keyring, desk.get(again))] == [first]
        assert others_of(session, cms.keyring, desk.get(other)) == []


def test_somebody_else_saved_first(desk):
    from cms_plugins.applications import history

    one = desk.get(desk.received())

    history.expect(one, one.lock_version)
    with pytest.raises(Conflict):
        history.expect(one, one.lock_version - 1)


def test_every_step_is_in_the_audit_log_without_personal_values(desk, cms):
    from cms_plugins.applications import intake

    one = desk.received(text="我叫王小明，电话13812345678")
    desk.run(intake.accept, one)
    with cms.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "application")).all()

    assert [entry.action for entry in entries] == [
        "applications.submit", "applications.register", "applications.accept"
    ]  # fmt: skip
    assert not any(value in str(entry.details) for entry in entries for value in ("王小明", "13812345678", ID_NUMBER))
