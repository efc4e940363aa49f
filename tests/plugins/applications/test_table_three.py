"""Table 3 balances in every column, over consecutive years, whatever the register holds."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from cms.figures.figure import Period

CLASSES = ("NP", "CE", "RI", "PW", "LS", "OT")
FIRST, YEARS = date(2019, 1, 1), (2019, 2020, 2021)


def crosstab(cms, code):
    return next(one for one in cms.contributions.figures.crosstabs() if one.code == code)


@st.composite
def registers(draw):
    """A register of up to 500 applications a year: class, result, day of receipt, days until closing (or still open)."""
    from cms_plugins.applications.figures import table_three_rows

    leaves = [code for code, _label in table_three_rows() if code.startswith("A3")]
    size = draw(st.sampled_from((0, 1, 7, 60, 500, 1500)))
    seed = draw(st.randoms(use_true_random=False))
    rows = []
    for _ in range(size):
        received = FIRST + timedelta(days=seed.randrange(3 * 365))
        wait = seed.choice((0, 1, 20, 45, 200, 400, 900, None))
        closed = received + timedelta(days=wait) if wait is not None else None
        if received < date(2019, 5, 15):
            result = seed.choice(("S3.3.1", "S3.3.2", "S3.3.4.b", "S3.3.7", "S3.3.8", "A3.6.3"))
        else:
            result = seed.choice(leaves)
        rows.append((received, closed, seed.choice(CLASSES), result if closed else "", seed.random() < 0.02))
    return rows


def store(uow, rows):
    from cms_plugins.applications.models import ApplicantClass, Application, Channel, Delivery, Medium
    from cms_plugins.applications.states import State

    uow.session.execute(delete(Application))
    now = uow.clock.now()
    uow.session.add_all(
        Application(
            number=f"{received.year}-{at:05d}", channel=Channel.WEB, applicant_class=ApplicantClass(kind),
            state=State.ANSWERED if closed else State.PROCESSING, medium=Medium.PAPER, delivery=Delivery.POST,
            occurred_on=received, received_on=received, closed_on=closed, result=result, recorded_at=now,
            edition="2019", voided_at=now if is_void else None,
        ) for at, (received, closed, kind, result, is_void) in enumerate(rows)
    )  # fmt: skip


def expected(rows, year, kind):
    """Count the four groups without SQL."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    mine = [(r, c) for r, c, k, _result, is_void in rows if k == kind and not is_void]
    return (
        sum(first <= r <= last for r, c in mine),
        sum(r < first and (c is None or c >= first) for r, c in mine),
        sum(c is not None and first <= c <= last for r, c in mine),
        sum(r <= last and (c is None or c > last) for r, c in mine),
    )


@given(registers())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_identities_hold_for_each_class_in_each_year(app, cms, rows):
    with app.app_context():
        with cms.unit_of_work() as uow:
            store(uow, rows)
        before = dict.fromkeys(CLASSES, 0)
        for year in YEARS:
            with cms.reading() as session:
                values = crosstab(cms, "applications.t3").values(session, Period.year(year))
            for kind in CLASSES:
                results = sum(n for (row, column), n in values.items() if column == kind and row.startswith("A3"))
                a1, a2, a4 = (values[row, kind] for row in ("A1", "A2", "A4"))
                assert a1 + a2 == results + a4
                assert (a1, a2, results, a4) == expected(rows, year, kind)
                assert year == YEARS[0] or a2 == before[kind], "what was carried out is carried in"
                before[kind] = a4


def test_every_cell_is_the_list_behind_it(app, cms):
    rows = [(date(2020, 1, 5), date(2020, 2, 1), "NP", "A3.1", False), (date(2019, 12, 30), None, "LS", "", False)]
    with app.app_context():
        with cms.unit_of_work() as uow:
            store(uow, rows)
        table = crosstab(cms, "applications.t3")
        with cms.reading() as session:
            for address, value in table.values(session, Period.year(2020)).items():
                figure = table.figure(*address)
                listed = figure.rows(session, Period.year(2020))
                assert (value, value) == (figure.value(session, Period.year(2020)), len(listed))
            assert cms.contributions.figures.require("applications.t3.A2.LS").value(session, Period.year(2020)) == 1


@pytest.mark.parametrize(
    ("result", "row"),
    [("S3.3.1", "A3.1"), ("S3.3.4.b", "A3.3.4"), ("S3.3.4.c", "A3.3.4"), ("S3.3.6", "A3.4.1"), ("A3.6.3", "A3.6.3")],
)
def test_answers_under_the_old_regulation_move_to_the_rows_of_the_new_table(app, cms, result, row):
    with app.app_context():
        with cms.unit_of_work() as uow:
            store(uow, [(date(2019, 5, 10), date(2019, 6, 3), "NP", result, False)])
        with cms.reading() as session:
            values = crosstab(cms, "applications.t3").values(session, Period.year(2019))

    assert {address for address, value in values.items() if value} == {("A1", "NP"), (row, "NP")}


def test_table_of_2014_counts_channels_terms_and_answers(app, cms):
    rows = [
        (date(2016, 3, 1), date(2016, 3, 10), "NP", "S3.3.2", False),
        (date(2016, 4, 1), date(2016, 5, 30), "CE", "S3.3.4.c", False),
        (date(2016, 12, 20), None, "CE", "", False),
    ]
    with app.app_context():
        with cms.unit_of_work() as uow:
            store(uow, rows)
            from cms_plugins.applications.models import Application
            from sqlalchemy import update

            uow.session.execute(update(Application).values(due_on=date(2016, 4, 30)))
        with cms.reading() as session:
            values = crosstab(cms, "applications.t14").values(session, Period.year(2016))

    assert {row: value for (row, _n), value in values.items() if value} == {
        "S3.1.3": 3, "S3.2.1": 1, "S3.2.2": 1, "S3.3.2": 1, "S3.3.4.c": 1,
    }  # fmt: skip
