"""The register leaves a site and comes back whole: days, states, answers, cases; people only when asked for."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import SQLAlchemyError

from cms.accounts.policy import MACHINE
from cms.cli.exchange import export, import_
from cms.exchange.exporting import CONTENT, PERSONAL, REGISTERS, export_file
from cms.figures.crosstab import COLUMN_CODE, ROW_CODE
from cms.figures.figure import Period
from cms.kernel.errors import CmsError, Invalid

from .conftest import ID_NUMBER

LATER = "2031-01-01T00:00:00+00:00"
SECRETS = ("王小明", ID_NUMBER, "13812345678", "wang@example.com", "人民路1号", "某某公司")


@pytest.fixture
def register(desk, cms, on):
    """Make applications in several states, with a consultation, an extension, answers and cases."""
    from cms_plugins.applications import casework, consulting, history, intake
    from cms_plugins.applications.models import CaseKind, CaseResult, Consultation, ConsultationKind, Opinion

    answered = desk.received()
    asked = desk.sealed(
        consulting.consult, answered, kind=ConsultationKind.THIRD_PARTY, name="某某公司", text="是否同意公开"
    )
    on("2026-03-10")
    desk.run(consulting.extend, answered, days=10, consent="刘主任", notified="邮寄")
    with cms.unit_of_work() as uow:
        one = history.get(uow.session, answered)
        consultation = uow.session.get(Consultation, asked.id)
        consulting.end(
            uow, cms.keyring, one, consultation, actor=desk.officer, opinion=Opinion.AGREES, text="某某公司同意"
        )
    desk.answer(answered)
    desk.received(title="还在办理")
    desk.sealed(intake.reissue_code, answered, checked="核对身份证")
    with cms.unit_of_work() as uow:
        first = casework.open_case(
            uow, casework.CaseInput(kind=CaseKind.REVIEW, body="县政府", application_id=answered), actor=desk.officer
        )
        casework.decide(uow, first, actor=desk.officer, result=CaseResult.FIX, decision="衡政复决〔2026〕1号")
        casework.open_case(
            uow, casework.CaseInput(
                kind=CaseKind.SUIT_AFTER_REVIEW, body="县法院", application_id=answered, follows_id=first.id
            ), actor=desk.officer,
        )  # fmt: skip
    return answered


@pytest.fixture
def file(cms, register, tmp_path):
    """Return a function that exports the site to a file."""

    def write(*kinds):
        path = tmp_path / f"all-{len(kinds)}.jsonl"
        with cms.reading() as session:
            export_file(session, cms.store, path, frozenset({CONTENT, REGISTERS, *kinds}), cms.contributions.exporters)
        return path

    return write


def rows(cms):
    from cms_plugins.applications.exchange import export_applications

    with cms.reading() as session:
        return [json.loads(json.dumps(one, ensure_ascii=False)) for one in export_applications(session)]


def opened(cms):
    """Return the register with what was sealed anew on the way in the clear, so that it can be compared."""
    from cms_plugins.applications.models import Application

    return [
        {
            name: cms.keyring.open(value, getattr(Application, name))
            if name in {"applicant", "particulars"} else value
            for name, value in row.items()
        } for row in rows(cms)
    ]  # fmt: skip


def empty(cms):
    from cms_plugins.applications import models

    with cms.unit_of_work() as uow:
        uow.session.execute(update(models.Case).values(follows_id=None))
        for name in ("RedactionJob", "Answer", "FeeNotice", "Consultation", "Inquiry", "Event", "Case", "Application",
                     "NumberSeries"):  # fmt: skip
            uow.session.execute(delete(getattr(models, name)))


def take(cms, path):
    from cms_plugins.applications.exchange import import_application, import_case

    takers = {"application": import_application, "application_case": import_case}
    new = []
    for line in path.read_text("utf-8").splitlines():
        record = json.loads(line)
        if record.get("record") in takers:
            with cms.unit_of_work() as uow:
                new.append(takers[record["record"]](uow, record, MACHINE))
    return new


def figures(cms):
    from cms_plugins.applications.figures import table_four, table_three

    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    with cms.reading() as session:
        return [
            sorted(
                (row._mapping[ROW_CODE], row._mapping[COLUMN_CODE]) for row in session.execute(crosstab(session, year))
            )
            for crosstab in (table_three, table_four)
        ]


def test_the_register_comes_back_as_it_was(cms, file, desk):
    path, before, counted = file(PERSONAL), opened(cms), figures(cms)
    empty(cms)

    assert take(cms, path) == [True] * 4
    assert take(cms, path) == [False] * 4

    assert opened(cms) == before
    assert figures(cms) == counted
    from cms_plugins.applications.models import Application

    with cms.reading() as session:
        first = session.scalars(select(Application).where(Application.number == "2026-0001")).one()
        assert cms.keyring.open(first.applicant, Application.applicant)["id_number"] == ID_NUMBER
        assert first.id_print
    assert desk.get(desk.received()).number == "2026-0003"


def test_people_stay_behind_unless_they_are_asked_for_and_nobody_is_ever_in_the_clear(cms, file):
    from cms_plugins.applications.models import Application

    asked, plain = (path.read_text("utf-8") for path in (file(PERSONAL), file()))

    assert [secret for secret in SECRETS if secret in asked + plain] == []
    with cms.reading() as session:
        sealed = session.scalars(select(Application.applicant)).all()
    assert [token in asked for token in sealed] == [True, True]
    assert [token in plain for token in sealed] == [False, False]


def test_without_people_days_class_and_outcome_arrive(cms, file):
    path, counted = file(), figures(cms)
    empty(cms)

    assert take(cms, path) == [True] * 4
    assert figures(cms) == counted


def test_the_commands_carry_applications_along(cms, register, runner, tmp_path):
    from cms_plugins.applications.models import Application

    path = tmp_path / "again.jsonl"
    runner(export, str(path), "--what", "content,registers,personal")

    assert path.read_text("utf-8").count('"record": "application"') == 2
    assert "0 new" in runner(import_, str(path))
    with cms.reading() as session:
        assert session.scalar(select(func.count()).select_from(Application)) == 2


def test_another_application_of_the_same_number_is_refused(app, cms, file):
    line = next(one for one in rows(cms) if one["record"] == "application")

    with pytest.raises(Invalid) as refused, cms.unit_of_work() as uow:
        from cms_plugins.applications.exchange import import_application

        import_application(uow, {**line, "external_id": "somewhere-else", "recorded_at": LATER}, MACHINE)

    assert "number" in refused.value.errors


WRONG = st.one_of(
    st.none(), st.integers(), st.booleans(), st.text(max_size=5), st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2), st.floats(allow_nan=True),
)  # fmt: skip


class TakenBack(Exception):  # noqa: N818 — no error: it ends a unit of work that was fine
    """Raised after a record was taken in, to take in the next one on the same ground."""


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(line=st.integers(0, 99), part=st.integers(0, 99), key=st.integers(0, 99), is_deep=st.booleans(), value=WRONG)
def test_any_wrong_value_is_refused_in_a_way_the_import_can_name(cms, register, line, part, key, is_deep, value):
    from cms_plugins.applications.exchange import import_application, import_case

    lines = rows(cms)
    record = lines[line % len(lines)] | {"external_id": "another", "recorded_at": LATER}
    if record["record"] == "application":
        record["number"] = "2031-0001"
        for answer in record["answers"]:
            answer["number"] = "衡民依复〔2031〕1号"
    parts = [one for values in record.values() if isinstance(values, list) for one in values]
    target = parts[part % len(parts)] if is_deep and parts else record
    keys = sorted(set(target) - {"record"})
    target[keys[key % len(keys)]] = value

    with pytest.raises((CmsError, ValueError, SQLAlchemyError, TakenBack)), cms.unit_of_work() as uow:
        (import_application if record["record"] == "application" else import_case)(uow, record, MACHINE)
        raise TakenBack


PAPER = {
    "channel": "post", "applicant_class": "NP", "made_on": "2015-03-02", "received_on": "2015-03-04",
    "closed_on": "2015-03-20", "result": "S3.3.1", "source": "依申请公开登记簿第3页", "external_id": "book-1", "name": "王小明",
    "title": "低保资金发放情况",
}  # fmt: skip


def test_a_line_of_the_old_ledger_is_entered_with_its_days(app, cms, clock):
    from cms_plugins.applications.exchange import import_application
    from cms_plugins.applications.models import Application

    with app.app_context(), cms.unit_of_work() as uow:
        assert import_application(uow, PAPER, MACHINE) is True
        assert import_application(uow, PAPER, MACHINE) is False

    with cms.reading() as session:
        one = session.scalars(select(Application)).one()
    assert (one.number, one.edition, one.result, one.state) == ("2015-0001", "2007", "S3.3.1", "answered")
    assert (one.received_on, one.closed_on, one.recorded_at) == (
        date(2015, 3, 4), date(2015, 3, 20), clock.now()
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"channel": "pigeon"}, "channel"), ({"applicant_class": ""}, "applicant_class"), ({"colour": "red"}, "colour"),
        ({"made_on": "2.3.2015", "received_on": ""}, "made_on"), ({"source": ""}, "source"), ({"result": "A3.1"}, "result"),
        ({"closed_on": "2015-03-01"}, "closed_on"), ({"closed_on": None}, "result"), ({"result": ""}, "result"),
        ({"extension_days": "x"}, "extension_days"), ({"outcome": "vanished"}, "outcome"),
        ({"received_on": "2015-03-01"}, "received_on"), ({"made_on": "2031-01-01", "received_on": None}, "made_on"),
    ],
)  # fmt: skip
def test_a_wrong_line_of_the_ledger_is_refused_by_key(app, cms, changes, key):
    from cms_plugins.applications.exchange import import_application

    with pytest.raises(Invalid) as refused, app.app_context(), cms.unit_of_work() as uow:
        import_application(uow, {**PAPER, **changes}, MACHINE)

    assert key in refused.value.errors


def test_cases_of_the_old_ledger_are_entered_too(app, cms):
    from cms_plugins.applications.exchange import import_case
    from cms_plugins.applications.models import Case

    raw = {
        "kind": "R", "body": "县政府", "received_on": "2015-06-01", "decided_on": "2015-07-30", "result": "keep",
        "source": "复议案卷", "external_id": "case-1",
    }  # fmt: skip
    with app.app_context(), cms.unit_of_work() as uow:
        assert import_case(uow, raw, MACHINE) is True
        assert import_case(uow, raw, MACHINE) is False
    for changes, key in (
        ({"kind": "X"}, "kind"), ({"result": "won"}, "result"), ({"decided_on": ""}, "result"),
        ({"received_on": ""}, "received_on"), ({"application": "2015-0099"}, "application"),
        ({"decided_on": "2015-05-30"}, "on"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused, app.app_context(), cms.unit_of_work() as uow:
            import_case(uow, {**raw, "external_id": "another", **changes}, MACHINE)
        assert key in refused.value.errors

    with cms.reading() as session:
        case = session.scalars(select(Case)).one()
    assert (case.occurred_on, case.decided_on, case.result) == (date(2015, 6, 1), date(2015, 7, 30), "keep")
