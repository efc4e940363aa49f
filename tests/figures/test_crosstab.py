"""Cross tables: cell, list and table are the same Select, whatever was recorded."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, literal, select, union_all

from cms.accounts.policy import MACHINE, Role
from cms.figures.crosstab import COLUMN_CODE, ROW_CODE, CellEntry, CellMeasure, Crosstab
from cms.figures.figure import QUANTITY, Figure, ListColumn, Period
from cms.kernel.errors import NotFound
from cms.registers.models import Tally
from cms.registers.services import TallyInput, add_tally

YEAR = Period.year(2016)
ROWS, COLUMNS = ("A1", "A3.1", "A3.3.1"), ("NP", "CE", "T.x")


def lines(_session, period):
    """Return every tally of the period; its topic is the row, its note the column."""
    inside = Tally.occurred_on >= period.first, Tally.occurred_on <= period.last
    return select(
        Tally.id, Tally.occurred_on, Tally.topic.label(ROW_CODE), Tally.note.label(COLUMN_CODE),
        Tally.quantity.label(QUANTITY),
    ).where(*inside).order_by(Tally.occurred_on, Tally.id)  # fmt: skip


def crosstab(**changes):
    given = {
        "code": "sample.table", "label": "试表", "unit": "件", "query": lines, "public": True,
        "rows": tuple((code, f"行{code}") for code in ROWS),
        "columns": tuple((code, f"列{code}") for code in COLUMNS),
        "list_columns": (ListColumn(name="id", label="编号"), ListColumn(name=COLUMN_CODE, label="类别")),
    }  # fmt: skip
    return Crosstab(**{**given, **changes})


@pytest.fixture
def tally(app, cms):
    def add(row, column, quantity=1, day=date(2016, 3, 1), uow=None):
        line = TallyInput(
            metric="letters.leader_mailbox", occurred_on=day, quantity=quantity, source="簿", topic=row, note=column
        )
        if uow is not None:
            return add_tally(uow, cms.contributions.metrics, line, actor=MACHINE)
        with cms.unit_of_work() as own:
            return add_tally(own, cms.contributions.metrics, line, actor=MACHINE).id

    return add


class _Undo(Exception):  # noqa: N818 — no error: it takes an example back
    pass


RECORDS = st.lists(
    st.tuples(
        st.sampled_from(ROWS),
        st.sampled_from(COLUMNS),
        st.integers(0, 9),
        st.dates(date(2015, 12, 30), date(2016, 5, 31)),
    ),
    max_size=20,
)


@pytest.mark.parametrize("is_sum", [False, True])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=RECORDS)
def test_every_cell_is_the_number_of_its_list(app, cms, tally, records, is_sum):
    table = crosstab(is_sum=is_sum)
    with suppress(_Undo), cms.unit_of_work() as uow:
        for row, column, quantity, day in records:
            tally(row, column, quantity, day, uow=uow)
        values, entries = table.values(uow.session, YEAR), table.entries(uow.session, YEAR)
        assert list(values) == [(row, column) for row in ROWS for column in COLUMNS]
        for (row, column), value in values.items():
            figure = table.figure(row, column)
            own = [one for one in records if one[:2] == (row, column) and one[3].year == 2016]
            behind = figure.rows(uow.session, YEAR)
            assert value == (sum(one[2] for one in own) if is_sum else len(own))
            assert figure.value(uow.session, YEAR) == value
            assert figure.size(uow.session, YEAR) == len(behind) == len(own)
            assert [one.record_id for one in entries.get((row, column), ())] == [line["id"] for line in behind]
            assert sum(one.quantity for one in entries.get((row, column), ())) == value
        for row in ROWS:
            assert table.figure(row).value(uow.session, YEAR) == sum(values[row, column] for column in COLUMNS)
        for column in COLUMNS:
            whole = table.figure(column=column)
            assert whole.value(uow.session, YEAR) == sum(values[row, column] for row in ROWS)
        assert table.figure().value(uow.session, YEAR) == sum(values.values())
        raise _Undo


def test_nothing_recorded_differs_from_recorded_nothing(cms, tally):
    tally("A1", "NP", 0)

    with cms.reading() as session:
        assert crosstab(is_sum=True).measures(session, YEAR) == {("A1", "NP"): CellMeasure(0, 1)}
        assert crosstab(is_sum=True).entries(session, YEAR) == {("A1", "NP"): (CellEntry(1, 0),)}


def test_record_that_stands_in_two_cells_counts_in_both(cms, tally):
    """Wrapped as a subquery, a union is a Select like any other."""

    def both(_session, _period):
        first = select(Tally.id, literal("A1").label(ROW_CODE), literal("NP").label(COLUMN_CODE))
        second = select(Tally.id, literal("A3.1").label(ROW_CODE), literal("NP").label(COLUMN_CODE))
        wrapped = union_all(first, second).subquery()
        return select(*wrapped.c).order_by(wrapped.c.id)

    number = tally("A1", "NP")

    with cms.reading() as session:
        table = crosstab(query=both)
        assert {address: one.value for address, one in table.measures(session, YEAR).items()} == {
            ("A1", "NP"): 1,
            ("A3.1", "NP"): 1,
        }
        assert [row["id"] for row in table.figure("A3.1", "NP").rows(session, YEAR)] == [number]
        assert table.figure("A3.1", "CE").rows(session, YEAR) == []


def test_literal_codes_filter_as_well(cms, tally):
    def constant(_session, _period):
        return select(Tally.id, literal("A1").label(ROW_CODE), Tally.note.label(COLUMN_CODE))

    tally("", "NP")

    with cms.reading() as session:
        assert crosstab(query=constant).figure("A1", "NP").value(session, YEAR) == 1
        assert crosstab(query=constant).figure("A3.1", "NP").value(session, YEAR) == 0


def test_table_takes_one_query(cms, tally):
    for column in COLUMNS:
        tally("A1", column)
    seen = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(cms.engine, "before_cursor_execute", note)
    with cms.reading() as session:
        crosstab().values(session, YEAR)
        crosstab().entries(session, YEAR)
    event.remove(cms.engine, "before_cursor_execute", note)

    assert len(seen) == 2
    assert "GROUP BY" in seen[0]


def test_record_of_no_declared_cell_is_told_not_lost(cms, tally):
    tally("A9", "NP")

    with cms.reading() as session:
        for call in (crosstab().values, crosstab().entries):
            with pytest.raises(ValueError, match=r"does not declare: A9\.NP"):
                call(session, YEAR)


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": ()},
        {"columns": ()},
        {"rows": (("A1", "一"), ("A1", "二"))},
        {"rows": (("NP", "自然人"),)},
        {"rows": (("A1", "一"), ("A1.NP", "二"))},
    ],
)
def test_ambiguous_codes_are_refused(changes):
    with pytest.raises(ValueError, match=r"crosstab 'sample\.table'"):
        crosstab(**changes)


def test_cells_are_found_by_code(cms):
    figures = cms.contributions.figures
    figures.add_crosstab(crosstab())

    assert figures.require("sample.table.A3.3.1.T.x").label == "试表：行A3.3.1，列T.x"
    assert figures.require("sample.table.A1").label == "试表：行A1"
    assert figures.require("sample.table.NP").label == "试表：列NP"
    assert figures.require("sample.table").label == "试表"
    assert figures.get("sample.table.A1.XX") is None
    assert figures.get("sample") is None
    with pytest.raises(NotFound, match=r"sample\.table\.A9"):
        figures.require("sample.table.A9")
    assert "sample.table.A1.NP" not in [one.code for one in figures]
    assert [one.code for one in figures.crosstabs()][-1] == "sample.table"


def test_code_is_taken_once(cms):
    figures = cms.contributions.figures
    figures.add_crosstab(crosstab())

    with pytest.raises(ValueError, match=r"'sample\.table' is already registered"):
        figures.add_crosstab(crosstab())
    with pytest.raises(ValueError, match=r"'sample\.table\.A1\.NP' is already registered"):
        figures.add(Figure(code="sample.table.A1.NP", label="格", unit="件", query=lines, columns=()))
    with pytest.raises(ValueError, match=r"'site\.items' is already registered"):
        figures.add_crosstab(crosstab(code="site.items"))


def test_desk_shows_the_table_and_the_list_behind_each_cell(cms, sign_in, tally):
    cms.contributions.figures.add_crosstab(crosstab())
    tally("A3.3.1", "NP")
    tally("A3.3.1", "CE")
    officer = sign_in(Role.OFFICER)

    listed = officer.get("/desk/figures?year=2016").text
    page = officer.get("/desk/figures/sample.table.A3.3.1.CE?year=2016").text
    sheet = officer.get("/desk/figures/sample.table.A3.3.1.CE/rows.csv?year=2016").data.decode("utf-8-sig")

    assert '<a href="/desk/figures/sample.table.A3.3.1.CE?year=2016">1</a>' in listed
    assert "试表：行A3.3.1，列CE" in page
    assert '<td data-label="类别">列CE</td>' in page
    assert sheet.splitlines()[0] == "编号,类别"
    assert sheet.splitlines()[1].endswith(",列CE")
