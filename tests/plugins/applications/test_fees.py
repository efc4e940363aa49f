"""Fees for processing (国办函〔2020〕109号): progressive brackets, accumulation by calendar month and applicant, waivers."""

from datetime import date

import pytest

from cms.api import Invalid, NotAllowed, Period

from .conftest import party


def ask(desk, one, **given):
    from cms_plugins.applications import fees

    return desk.sealed(fees.ask_fee, one, **given)


@pytest.mark.parametrize(
    ("pages", "yuan"), [(1, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740), (300, 6700)]
)
def test_pages_cost_by_bracket(desk, cms, pages, yuan):
    from cms_plugins.applications.fees import quote

    one = desk.get(desk.received())
    with cms.reading() as session:
        assert quote(session, cms.keyring, one, "per_page", pages=pages).amount == yuan * 100


def test_applications_of_a_month_add_up_for_each_applicant(desk, cms, on):
    from cms_plugins.applications.fees import quote

    mine = [desk.received(title=f"第{n}件") for n in range(12)]
    other = desk.received(applicant=party(name="李四", id_number="110101199003070134", phone="13900000000"))
    on("2026-04-01")
    later = desk.received()

    def price(one):
        with cms.reading() as session:
            found = quote(session, cms.keyring, desk.get(one), "per_case")
        return found.quantity, found.amount

    assert [price(one) for one in (mine[0], mine[9], mine[10], mine[11])] == [(1, 0), (10, 0), (11, 10000), (12, 10000)]
    assert (price(other), price(later)) == ((1, 0), (1, 0))


@pytest.mark.parametrize(
    ("number", "yuan"), [(10, 0), (11, 100), (30, 100), (31, 200), (40, 200), (41, 300), (51, 400)]
)
def test_price_of_the_nth_application_rises_by_blocks(number, yuan):
    from cms.api import editions

    basis = next(one for one in editions() if one.id == "2019").fees.basis("per_case")

    assert basis.total(number) - basis.total(number - 1) == yuan


def test_paid_fee_starts_the_clock_anew_and_is_reported(desk, cms, on):
    from cms_plugins.applications import fees

    one = desk.received()
    notice = ask(desk, one, basis="per_page", pages=50, waived=5000, waiver_reason="低保对象")
    assert (notice.amount, notice.due_on, desk.get(one).next_what) == (20000, date(2026, 3, 30), "fee")
    on("2026-03-12")
    desk.run(fees.pay, one, receipt="湘财通字001")

    assert desk.get(one).due_on == date(2026, 4, 10)
    with cms.reading() as session:
        assert cms.contributions.figures.require("applications.fees").value(session, Period.year(2026)) == 15000


def test_site_may_only_leave_out_the_time_of_waiting(desk, cms, on):
    from cms_plugins.applications import fees
    from cms_plugins.applications.settings import ApplicationSettings

    from cms.settings.services import save

    with cms.unit_of_work() as uow:
        save(uow, ApplicationSettings(fee_restarts=False))
    one = desk.received()
    on("2026-03-09")
    ask(desk, one, basis="per_page", pages=50)
    on("2026-03-12")
    desk.run(fees.pay, one, receipt="湘财通字001")

    assert desk.get(one).due_on == date(2026, 4, 2)


def test_waived_fee_goes_on_without_payment(desk, cms, on):
    from cms_plugins.applications import fees

    one = desk.received()
    ask(desk, one, basis="per_page", pages=50)
    on("2026-03-04")
    desk.run(fees.waive, one, reason="残疾人")

    assert desk.get(one).due_on == date(2026, 4, 1)
    with cms.reading() as session:
        assert cms.contributions.figures.require("applications.fees").value(session, Period.year(2026)) == 0


def test_unpaid_fee_closes_by_a_person_after_the_term(desk, on):
    from cms_plugins.applications import closing

    one = desk.received()
    ask(desk, one, basis="per_page", pages=50)
    on("2026-03-30")
    with pytest.raises(NotAllowed):
        desk.run(closing.fee_lapsed, one)
    on("2026-03-31")
    desk.run(closing.fee_lapsed, one)

    assert desk.get(one).result == "A3.6.2"


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"basis": "both"}, "basis"), ({"basis": "per_page", "pages": 0}, "pages"),
        ({"basis": "per_page", "pages": 50, "waived": 20000}, "waived"),
        ({"basis": "per_page", "pages": 50, "waived": 100}, "waiver_reason"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_notice_is_said_at_its_field(desk, given, error):
    with pytest.raises(Invalid) as refused:
        ask(desk, desk.received(), **given)

    assert error in refused.value.errors


def test_no_notice_for_nothing_and_no_fees_before_there_were_rules(desk, on):
    with pytest.raises(NotAllowed, match="不收费"):
        ask(desk, desk.received(), basis="per_page", pages=30)
    on("2020-06-01")
    with pytest.raises(NotAllowed, match="没有信息处理费"):
        ask(desk, desk.received(), basis="per_page", pages=300)
