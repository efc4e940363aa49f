"""Batches: what came with one list, and taking it back as a whole."""

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from cms.audit.models import AuditEntry
from cms.cli import cli
from cms.registers.models import Tally

METRIC = "letters.web_replies"
LIST = f"日期,统计事项,数量,依据,编号\n2016-03-05,{METRIC},3,来访登记簿第3页,A1\n2016-03-06,{METRIC},2,,A2\n"
LEDGER = "来访登记簿第3–9页"


@pytest.fixture
def run(site, monkeypatch, tmp_path):
    monkeypatch.setenv("CMS_SITE", str(site))
    monkeypatch.setenv("CMS_SEARCH_URL", "memory:")

    def run(*words, text=None):
        if text is not None:
            (tmp_path / "a.csv").write_text(text, encoding="utf-8")
            words = (*words, tmp_path / "a.csv")
        return CliRunner().invoke(cli, ["sheets", *map(str, words)])

    return run


@pytest.fixture
def lines(cms):
    def lines():
        with cms.reading() as session:
            return list(session.scalars(select(Tally).order_by(Tally.id)))

    return lines


def take(run, *options):
    return run("import", "tallies", *options, text=LIST)


def test_a_row_without_a_source_has_that_of_the_list(run, lines):
    assert "a.csv:3: 依据: 不能为空" in take(run).output
    assert lines() == []

    assert take(run, "--evidence", LEDGER).output == "imported: 2 new, 0 known, batch 1\n"
    assert [one.source for one in lines()] == ["来访登记簿第3页", LEDGER]
    assert "2 new, 0 known  来访登记簿第3–9页" in run("batches").output


def test_undoing_a_batch_adds_counter_entries_and_frees_its_numbers(run, lines, cms):
    take(run, "--evidence", LEDGER)
    undone = run("undo", 1, "--reason", "拿错了登记簿")

    assert undone.output == "undone: 2 entries, 0 were taken back before\n"
    assert [(one.quantity, one.corrects_id, one.note) for one in lines()][2:] == [
        (-3, 1, "拿错了登记簿"), (-2, 2, "拿错了登记簿")
    ]  # fmt: skip
    assert "undone " in run("batches", "tallies").output
    # The same list may come again, with the same numbers.
    assert "2 new, 0 known, batch 2" in take(run, "--evidence", LEDGER).output
    with cms.reading() as session:
        assert session.scalar(select(func.sum(Tally.quantity))) == 5


def test_a_line_that_was_taken_back_before_is_passed_over(run, lines, cms, app):
    from cms.accounts.policy import MACHINE
    from cms.registers.services import counter_entry

    take(run, "--evidence", LEDGER)
    with cms.unit_of_work() as uow:
        counter_entry(uow, uow.session.get_one(Tally, 1), actor=MACHINE, reason="重复")

    assert run("undo", 1, "--reason", "整批有误").output == "undone: 1 entries, 1 were taken back before\n"
    assert sum(one.quantity for one in lines()) == 0
    assert "这一批已经撤销" in str(run("undo", 1, "--reason", "再来").exception)


def test_rows_without_mistakes_can_be_taken_alone(run, lines):
    result = take(run, "--partial")

    assert (result.exit_code, "imported: 1 new, 0 known, batch 1" in result.output) == (1, True)
    assert [one.source for one in lines()] == ["来访登记簿第3页"]


def test_taking_and_undoing_are_in_the_audit_log(run, cms):
    take(run, "--evidence", LEDGER)
    run("undo", 1, "--reason", "错")

    with cms.reading() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "sheet_batch")).all()
        assert [(one.action, one.subject_id) for one in found] == [("sheet.take", "1"), ("sheet.undo", "1")]
