"""From the public form to Table 3: one application on its whole way through the services."""

from datetime import date

from cms.figures.figure import Period

from .conftest import request


def table(cms, code, year):
    with cms.reading() as session:
        values = next(one for one in cms.contributions.figures.crosstabs() if one.code == code).values(
            session, Period.year(year)
        )
    return {address: value for address, value in values.items() if value}


def test_application_is_received_answered_and_counted(desk, cms, on):
    from cms_plugins.applications import intake
    from cms_plugins.applications.states import State

    with cms.unit_of_work() as uow:
        made, code = intake.submit(uow, cms.keyring, request())
    assert (made.number, made.state, made.received_on, made.next_on) == (
        "2026-0001", State.SUBMITTED, None, date(2026, 3, 3)
    )  # fmt: skip
    assert len(code) == 14
    assert table(cms, "applications.t3", 2026) == {}

    on("2026-03-03")
    desk.run(intake.confirm_by_organ, made.id)
    on("2026-03-04")
    desk.run(intake.confirm_by_applicant, made.id, how="phone")

    application = desk.get(made.id)
    assert (application.state, application.received_on, application.edition) == (
        State.REGISTERED, date(2026, 3, 4), "2019"
    )  # fmt: skip
    assert application.due_on == date(2026, 4, 1)
    assert table(cms, "applications.t3", 2026) == {("A1", "NP"): 1, ("A4", "NP"): 1}

    on("2026-03-20")
    desk.answer(made.id)

    assert desk.get(made.id).closed_on == date(2026, 3, 20)
    assert table(cms, "applications.t3", 2026) == {("A1", "NP"): 1, ("A3.1", "NP"): 1}
