"""Tables 2, 3 and 4 of the formats of 2019 and 2021: values, sums, balances, corrections, lists, JSON."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from cms_plugins.disclosure_report import lifecycle, reports
from cms_plugins.disclosure_report.building import build
from cms_plugins.disclosure_report.format_file import FOLDER, SITE_FOLDER, Format, formats, read
from cms_plugins.disclosure_report.lifecycle import open_report
from cms_plugins.disclosure_report.manual import ManualInput, record_changes, record_value
from cms_plugins.disclosure_report.models import State
from cms_plugins.disclosure_report.outputs import as_text, contract
from cms_plugins.disclosure_report.records import pack, records_behind
from cms_plugins.disclosure_report.report import Origin
from cms_plugins.disclosure_report.snapshot import digest_of
from cms_plugins.disclosure_report.texts import save_text

from cms.accounts.policy import MACHINE, Role
from cms.figures.crosstab import CellEntry
from cms.kernel.errors import Invalid
from cms.registers.services import TallyInput, add_tally

DATA = Path(__file__).parents[2] / "data" / "annual_report"
SOURCE = "依申请公开台账"


def to_ledger(text):
    """Bind a format file to the cross tables of the test's plugin."""
    return text.replace("applications.t3", "ledger.t3").replace("applications.cases", "ledger.cases")


@pytest.fixture
def plugin_folder():
    return Path(__file__).parent / "ledger"


@pytest.fixture
def form(settings):
    """Correct the format of 2021 in the site, so that it is bound to the cross tables of the test's plugin."""
    text = (FOLDER / "formats" / "gb2021.toml").read_text("utf-8")
    path = settings.site / SITE_FOLDER / "2021.toml"
    path.parent.mkdir()
    path.write_text(to_ledger(text), "utf-8")
    return read(path, Format)


@pytest.fixture
def clock(clock):
    clock.at = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)
    return clock


@pytest.fixture
def record(cms):
    """Return a function that writes what was counted in one cell into the register."""

    def record(row, column, quantity, metric="ledger"):
        line = TallyInput(
            metric=metric, occurred_on=date(2024, 6, 3), quantity=quantity, source="台账", topic=f"{row} {column}"
        )
        with cms.unit_of_work() as uow:
            add_tally(uow, cms.contributions.metrics, line, actor=MACHINE)

    return record


@pytest.fixture
def report_of(cms, form):
    def report_of():
        with cms.reading() as session:
            return build(session, cms.contributions.figures, year=2024, form=form)

    return report_of


@pytest.fixture
def opened(app, cms, form):
    with app.app_context(), cms.unit_of_work() as uow:
        return open_report(uow, 2024, form, actor=MACHINE)


@pytest.fixture
def enter(app, cms, form, opened):
    def enter(code, value, source=SOURCE, **more):
        with cms.unit_of_work() as uow:
            given = ManualInput(code=code, value=str(value), source=source, **more)
            return record_value(uow, cms.contributions.figures, form, 2024, given, actor=MACHINE)

    return enter


def wrong_numbers(report):
    return [one.message for one in report.findings if one.rule in ("R06", "X01", "X02", "X03", "X04", "X05", "X06")]


def published(name):
    return json.loads((DATA / name).read_text("utf-8"))


def cells_of(tables, *, primary_only=False):
    """Return values by address; without the sums if ``primary_only``."""
    return {
        f"{table}.{row}.{column}": value
        for table, rows in tables.items() for row, columns in rows.items() for column, value in columns.items()
        if not primary_only or (row != "A3.7" and column not in ("T", "total"))
    }  # fmt: skip


@pytest.mark.parametrize("name", ["suqian_2024.json", "prefecture_2025.json"])
def test_published_tables_are_the_same_when_entered_by_hand(app, cms, form, opened, report_of, name):
    """175 + 10 + 15 cells; 159 sums and totals of them follow."""
    tables = published(name)
    lines = [
        ManualInput(code=code, value=str(value), source=SOURCE)
        for code, value in cells_of(tables, primary_only=True).items()
    ]
    with cms.unit_of_work() as uow:
        assert record_changes(uow, cms.contributions.figures, form, 2024, lines, actor=MACHINE) == 144 + 10 + 12

    report = report_of()
    assert contract(report)["tables"] == tables
    assert wrong_numbers(report) == []


@pytest.mark.parametrize("name", ["suqian_2024.json", "prefecture_2025.json"])
def test_published_tables_are_the_same_when_counted_from_registers(record, report_of, name):
    tables = published(name)
    for table, metric in (("T3", "ledger"), ("T4", "cases")):
        for row, columns in tables[table].items():
            for column, value in columns.items():
                if value and row != "A3.7" and column not in ("T", "total"):
                    record(row, column, value, metric)

    report = report_of()
    shown = contract(report)["tables"]

    assert (shown["T3"], shown["T4"]) == (tables["T3"], tables["T4"])
    assert wrong_numbers(report) == []
    assert {number.origin for number in report.tables["T3"].cells.values()} == {Origin.COMPUTED, Origin.SUM}


def test_json_has_the_rows_and_columns_of_the_contract(app, report_of):
    tables = contract(report_of())["tables"]

    assert list(tables) == ["T2", "T3", "T4"]
    assert {row: list(columns) for row, columns in tables["T2"].items()} == {
        "REG": ["made", "repealed", "valid"], "NORM": ["made", "repealed", "valid"], "LIC": ["decisions"],
        "PUN": ["decisions"], "COE": ["decisions"], "FEE": ["amount"],
    }  # fmt: skip
    assert len(tables["T3"]) == 25
    assert {tuple(columns) for columns in tables["T3"].values()} == {("NP", "CE", "RI", "PW", "LS", "OT", "T")}
    assert {row: tuple(columns) for row, columns in tables["T4"].items()} == dict.fromkeys(
        ("R", "L0", "L1"), ("keep", "fix", "other", "pending", "total")
    )


def test_unbalanced_column_is_an_error(record, report_of):
    record("A1", "NP", 3)
    record("A3.1", "NP", 2)

    found = [one for one in report_of().findings if one.rule == "X01"]

    assert [one.message.partition("：")[0] for one in found] == ["“自然人”列", "“总计”列"]
    assert {one.severity for one in found} == {"E"}


def test_cell_that_replaces_a_counted_one_needs_a_reason_and_both_are_shown(record, enter, report_of):
    record("A1", "NP", 3)
    with pytest.raises(Invalid) as raised:
        enter("T3.A1.NP", 4)
    assert raised.value.errors == {"reason": ["该项由系统计算。填报不同的数值，请写明理由。"]}
    enter("T3.A1.NP", 3)

    enter("T3.A1.NP", 4, reason="纸质台账另有1件")
    number = report_of().tables["T3"].cells["T3.A1.NP"]

    assert (number.value, number.computed, number.reason) == (4, 3, "纸质台账另有1件")
    assert "T3.A1.NP 一、本年新收政府信息公开申请数量 自然人 填报 4，计算 3；理由：纸质台账另有1件" in [
        finding.message.removeprefix("填报数与计算数不同：")
        for finding in report_of().findings
        if finding.rule == "R06"
    ]


def test_year_without_any_record_is_entered_without_reasons(enter, report_of):
    """The register says nothing of a back year, so that nothing is contradicted."""
    enter("T3.A1.CE", 2)

    number = report_of().tables["T3"].cells["T3.A1.CE"]
    assert (number.value, number.computed, number.is_overridden) == (2, None, False)
    assert report_of().tables["T3"].cells["T3.A1.NP"].value == 0


def test_silent_register_is_no_proof_of_zero_where_something_was_counted_elsewhere(cms, record, report_of):
    """In a year whose applications were only tallied, table 3 is not known; it is not full of zeros."""
    assert report_of().tables["T3"].cells["T3.A1.NP"].value == 0
    line = TallyInput(metric="applications", occurred_on=date(2024, 6, 3), quantity=5, source="台账")
    with cms.unit_of_work() as uow:
        add_tally(uow, cms.contributions.metrics, line, actor=MACHINE)

    cell = report_of().tables["T3"].cells["T3.A1.NP"]
    assert (cell.value, cell.problem) == (None, "尚未填报")
    record("A1", "CE", 5)
    assert report_of().tables["T3"].cells["T3.A1.NP"].value == 0


@pytest.mark.parametrize("code", ["T3.A1.T", "T3.A3.7.NP", "T4.R.total", "T3.A1", "T3"])
def test_sums_cannot_be_entered(enter, code):
    with pytest.raises(Invalid, match="不是可以填报的项目"):
        enter(code, 1)


def test_fee_is_money_and_counts_are_whole(enter, report_of):
    enter("T2.FEE.amount", "72701.2578", source="财政决算")
    with pytest.raises(Invalid, match="应为整数"):
        enter("T2.LIC.decisions", "1.5")

    assert report_of().tables["T2"].cells["T2.FEE.amount"].value == Decimal("72701.2578")


def test_tables_whose_plugin_is_missing_say_so_once(cms, report_of, form):
    stranger = form.model_copy(
        update={"tables": tuple(table.model_copy(update={"source": "gone.t3"}) for table in form.tables)}
    )
    with cms.reading() as session:
        report = build(session, cms.contributions.figures, year=2024, form=stranger)

    about = [finding.message for finding in report.findings if "收到和处理政府信息公开申请情况" in finding.message]
    named = "T3.A1.NP、T3.A1.CE、T3.A1.RI、T3.A1.PW、T3.A1.LS、T3.A1.OT…"
    title = "收到和处理政府信息公开申请情况"
    assert about == [f"来源插件已停用：{title}有 144 个单元格没有数值（{named}），可以人工填报。"]
    assert report.tables["T3"].cells["T3.A1.NP"].value is None
    assert report.tables["T3"].cells["T3.A1.T"].value is None


def test_prose_names_cells_by_the_same_address(record, report_of):
    record("A1", "NP", 3)
    record("A1", "CE", 1)

    assert "全年新收政府信息公开申请4件，上年结转0件；" in report_of().chapters[0].plain


def test_text_puts_tables_into_their_chapters_between_tabs(record, report_of):
    record("A3.3.1", "NP", 3)
    record("L1", "fix", 2, "cases")
    lines = as_text(report_of()).splitlines()

    assert lines.index("二、主动公开政府信息情况") < lines.index("第二十条第（一）项")
    assert "信息内容\t本年制发件数\t本年废止件数\t现行有效件数" in lines
    assert "项目\t自然人\t商业企业\t科研机构\t社会公益组织\t法律服务机构\t其他\t总计" in lines
    assert "三、本年度办理结果 （三）不予公开 1.属于国家秘密\t3\t0\t0\t0\t0\t0\t3" in lines
    assert "行政诉讼（复议后起诉）\t0\t2\t0\t0\t2" in lines


def test_trial_format_has_one_row_of_other_results(cms, record, tmp_path):
    text = (FOLDER / "formats" / "trial2019.toml").read_text("utf-8")
    path = tmp_path / "trial.toml"
    path.write_text(to_ledger(text), "utf-8")
    for number, row in enumerate(("A3.6.1", "A3.6.2", "A3.6.3"), 1):
        record(row, "NP", number)
    with cms.reading() as session:
        report = build(session, cms.contributions.figures, year=2024, form=replace_years(read(path, Format)))

    shown = contract(report)["tables"]
    assert shown["T3"]["A3.6"]["NP"] == shown["T3"]["A3.7"]["NP"] == 6
    assert "A3.6.1" not in shown["T3"]
    assert list(shown["T2"]["LIC"]) == ["items", "change", "decisions"]


def replace_years(form):
    tables = tuple(table.model_copy(update={"years": (2019, 2030)}) for table in form.tables)
    return form.model_copy(update={"years": (2019, 2030), "tables": tables})


@pytest.fixture
def frozen(app, cms, form, record, opened):
    """Freeze 2024 with the numbers of 宿迁市."""
    tables = published("suqian_2024.json")
    for row, columns in tables["T3"].items():
        for column, value in columns.items():
            if value and row != "A3.7" and column != "T":
                record(row, column, value)
    with app.app_context(), cms.unit_of_work() as uow:
        for code in ("C1", "C5", "C6"):
            save_text(uow, form, 2024, code, "公开渠道还不够多，下一步由办公室在六月底前增设查阅点。", actor=MACHINE)
        reports.approve(uow, cms.contributions.figures, formats(), 2024, actor=MACHINE)
        reports.freeze(uow, cms.contributions.figures, formats(), 2024, actor=MACHINE)


def test_citizens_see_the_records_behind_each_cell(client, frozen):
    page = client.get("/reports/2024/").text
    cell = client.get("/reports/2024/figures/T3.A1.NP").text
    whole = client.get("/reports/2024/figures/T3.A1.T").text

    assert '<a class="report-figure" href="/reports/2024/figures/T3.A1.NP">3440</a>' in page
    assert '<a class="report-figure" href="/reports/2024/figures/T3.A3.7.T">3521</a>' in page
    assert "<strong>3440</strong>件" in cell
    assert "<td>NP</td>" in cell
    assert "台账" not in cell
    assert client.get("/reports/2024/figures/ledger.t3.A1.NP").text.count("<td>NP</td>") == 1
    assert "<strong>3525</strong>件。由以下 6 项相加得出。" in whole
    assert 'href="/reports/2024/figures/T3.A1.LS">6</a>' in whole
    for code in ("T4.R.keep", "T3.A1", "ledger.cases.R.keep", "T2.FEE.amount"):
        assert client.get(f"/reports/2024/figures/{code}").status_code == 404


def test_table_is_accessible(client, frozen):
    page = client.get("/reports/2024/").text

    assert "<caption>收到和处理政府信息公开申请情况（2024年度）</caption>" in page
    assert '<th scope="rowgroup" id="T3-0-r3" rowspan="22">三、本年度办理结果</th>' in page
    assert 'headers="T3-0-r3 T3-0-r6 T3-0-r7 T3-0-c1 T3-0-c2"' in page


def test_desk_links_cells_to_their_form_and_then_to_their_list(cms, sign_in, opened, record):
    record("A1", "NP", 3)
    officer = sign_in(Role.OFFICER)

    page = officer.get("/desk/report/2024/?tab=tables").text

    assert '<a class="report-figure" href="/desk/report/2024/manual/T3.A4.NP">' in page or 'T3.A4.NP"' in page
    assert officer.get("/desk/report/2024/manual/T3.A4.NP").status_code == 200
    assert officer.get("/desk/report/2024/manual/T3.A4.T").status_code == 404


@pytest.mark.parametrize("name", ["suqian_2024.json", "prefecture_2025.json"])
@pytest.mark.parametrize("cases", [True, False])
def test_drafts_say_nothing_that_the_rules_object_to(app, cms, form, opened, report_of, name, cases):
    """Whatever the tables hold, the sentences of the draft agree with them; only what people have to write is open."""
    values = cells_of(published(name), primary_only=True)
    values |= {code: 0 for code in values if code.startswith("T2.REG") or (code.startswith("T4") and not cases)}
    lines = [ManualInput(code=code, value=str(value), source=SOURCE) for code, value in values.items()]
    lines += [
        ManualInput(code=code, value="3", source=SOURCE, reason="另有台账")
        for code in (
            "fees.collected",
            "applications.overdue",
            "meetings.held",
            "trainings.sessions",
            "trainings.people",
        )
    ]
    with cms.unit_of_work() as uow:
        record_changes(uow, cms.contributions.figures, form, 2024, lines, actor=MACHINE)

    assert [(one.rule, one.message) for one in report_of().errors if one.rule != "R08"] == []


def test_drafts_of_a_year_without_anything_are_sound(app, cms, form, opened, report_of):
    zero = dict.fromkeys(cells_of(published("suqian_2024.json"), primary_only=True), 0)
    lines = [ManualInput(code=code, value="0", source=SOURCE) for code in (*zero, "fees.collected")]
    with cms.unit_of_work() as uow:
        record_changes(uow, cms.contributions.figures, form, 2024, lines, actor=MACHINE)

    report = report_of()
    assert [(one.rule, one.message) for one in report.errors if one.rule != "R08"] == []
    assert "全年没有收到政府信息公开申请，也没有上年结转的申请。" in report.chapters[0].plain
    assert report.chapters[5].plain == "2024年，衡山县民政局没有收取依申请公开政府信息处理费。没有其他需要报告的事项。"


def test_number_of_queries_depends_on_tables_not_on_records(report_of, record, queries):
    report_of()
    few = len(queries)
    for row in ("A1", "A3.1", "A3.2", "A4"):
        for column in ("NP", "CE", "LS"):
            record(row, column, 3)
    queries.clear()
    report_of()

    assert len(queries) == few <= 40
    assert len([one for one in queries if "GROUP BY" in one and "instr" in one]) == 2


def test_freezing_reads_each_table_once_and_keeps_ids_in_few_bytes(app, cms, form, record, opened, queries):
    for _ in range(40):
        record("A1", "NP", 1)
    with app.app_context(), cms.reading() as session:
        report = build(session, cms.contributions.figures, year=2024, form=form)
        queries.clear()
        kept = records_behind(session, cms.contributions.figures, report)

    assert len([one for one in queries if "instr" in one]) == 2
    assert pack(kept["ledger.t3.A1.NP"]).count("..") == 1
    assert len(kept["ledger.t3.A1.NP"]) == 40
    assert kept["ledger.t3.A1.CE"] == ()


def test_report_frozen_by_an_earlier_version_is_still_read(app, cms, form, opened):
    """Snapshots of the first version name no sources, have lists alone and keep ids as pairs."""
    old = {
        "report": {
            "year": 2024, "format": "gb2021", "organ": "某局", "title": "某局2024年报告", "opening": "", "figures": {
                "push.portal": {"code": "push.portal", "label": "推送", "unit": "条", "value": "5", "origin": "computed",
                                "computed": "5", "has_list": True, "is_public": True},
            },
            "tables": {"T14": {"code": "T14", "title": "表", "basis": "", "rows": [
                {"code": "S1", "label": "一", "depth": 0, "number": None},
                {"code": "S2", "label": "二", "depth": 0, "number": {
                    "code": "S2", "label": "二", "unit": "条", "value": None, "origin": "manual"}},
            ]}},
            "chapters": [{"code": "C1", "title": "总体情况", "text": "正文", "paragraphs": [[{"text": "正文"}]]}],
            "findings": [{"rule": "R01", "severity": "W", "message": "缺少数据"}],
        },
        "records": {"push.portal": [[3, 2], [9, 3]]},
    }  # fmt: skip
    with cms.unit_of_work() as uow:
        row = lifecycle.get(uow.session, 2024)
        row.snapshot = json.dumps(old, ensure_ascii=False)
        row.digest, row.state = digest_of(row.snapshot), State.FROZEN
    client = app.test_client()

    page = client.get("/reports/2024/").text
    assert "某局2024年报告" in page
    assert client.get("/reports/2024/report.json").json["figures"]["push.portal"]["value"] == 5
    with cms.reading() as session:
        assert reports.final(session, formats(), 2024).records["push.portal"] == (CellEntry(3, 2), CellEntry(9, 3))
