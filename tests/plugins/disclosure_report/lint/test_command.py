"""``cms report lint``: what it prints and how it exits."""

import json

import pytest
from click.testing import CliRunner
from cms_plugins.disclosure_report.commands import report_group


@pytest.fixture
def run(app):
    def run(*arguments):
        with app.app_context():
            return CliRunner().invoke(report_group(), ["lint", *map(str, arguments)])

    return run


@pytest.fixture
def write(tmp_path):
    def write(text, name="report.txt"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def test_json_has_the_contract_s_shape(given, run, write):
    result = run(write(given.SUQIAN), "--level", "prefecture", "--json")
    found = json.loads(result.stdout)

    assert result.exit_code == 0
    assert found["tables"] == json.loads((given.TABLES / "suqian_2024.json").read_text("utf-8"))
    assert {tuple(one)[:6] for one in found["findings"]} == {("rule", "severity", "message", "excerpt", "start", "end")}
    assert [given.SUQIAN[one["start"] : one["end"]] for one in found["findings"] if one["rule"] == "X12"] == [
        "134件", "57件",
    ]  # fmt: skip


def test_an_error_decides_the_exit_code(given, run, write):
    assert run(write(given.FOUNDING)).exit_code == 1
    assert run(write(given.CORRECTED)).exit_code == 0
    # 规章 is what a prefecture may make and a county may not.
    assert run(write(given.SUQIAN), "--level", "county").exit_code == 1


def test_tables_are_absent_where_there_are_none(given, run, write):
    assert "tables" not in json.loads(run(write(given.FOUNDING), "--json").stdout)


def test_year_can_be_given_where_the_text_names_none(run, write):
    path = write("横山县民政局政府信息公开工作年度报告\n一、概述\n我局公开信息12条。\n")

    assert "请填写" in str(run(path).exception)
    assert json.loads(run(path, "--year", "2016", "--json").stdout)["format"] == "legacy2008"


def test_last_year_s_report_is_compared(given, run, write):
    tables = given.golden()
    before = write(given.report(tables, year=2024), "before.txt")
    result = run(write(given.report()), "--previous", before, "--level", "prefecture", "--json")

    # 结转下年度 of the made-up year before is 819, 上年结转 of this one 560.
    assert {"X05", "X23"} <= {one["rule"] for one in json.loads(result.stdout)["findings"]}


def test_own_report_of_the_year(run, cms, opened):
    from cms_plugins.disclosure_report import dismissals
    from cms_plugins.disclosure_report.format_file import formats
    from cms_plugins.disclosure_report.texts import save_text

    from cms.accounts.policy import MACHINE

    form = formats().for_year(2016)
    with cms.unit_of_work() as uow:
        save_text(uow, form, 2016, "L1", "2014年，我局开通网站。\n2014年，我局公开信息。", actor=MACHINE)
    result = run("--json")
    found = [one for one in json.loads(result.stdout)["findings"] if one["rule"] == "X19"]

    assert result.exit_code == 1
    assert [(one["chapter"], one["start"], one["severity"]) for one in found] == [("L1", 0, "E"), ("L1", 14, "E")]

    from cms_plugins.disclosure_report.reports import current

    with cms.unit_of_work() as uow:
        for one in current(uow.session, cms.contributions.figures, formats(), 2016).report.errors:
            dismissals.dismiss(uow, "2016", one, "引用的是历史情况", actor=MACHINE)
    again = run("--json", "--year", "2016")

    assert again.exit_code == 0
    assert {one.get("dismissed") for one in json.loads(again.stdout)["findings"] if one["severity"] == "E"} == {
        "引用的是历史情况"
    }
