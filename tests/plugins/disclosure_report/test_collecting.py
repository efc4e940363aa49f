"""Adding up the reports of subordinate organs: cell by cell, with what differs, and as the source of our own."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cms_plugins.disclosure_report.building import build
from cms_plugins.disclosure_report.collecting import collected
from cms_plugins.disclosure_report.format_file import FOLDER, SITE_FOLDER, Format, read
from cms_plugins.disclosure_report.outputs import contract
from hypothesis import given
from hypothesis import strategies as st

from cms.accounts.policy import Role

DATA = Path(__file__).parents[2] / "data" / "annual_report"
FIRST, SECOND = (json.loads((DATA / name).read_text("utf-8")) for name in ("suqian_2024.json", "prefecture_2025.json"))
PATH = "/desk/report/2024/subordinates"


@pytest.fixture
def clock(clock):
    clock.at = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)
    return clock


@pytest.fixture
def form(settings):
    """Bind tables 3 and 4 to a plugin that is not there."""
    text = (FOLDER / "formats" / "gb2021.toml").read_text("utf-8")
    text = text.replace("applications.t3", "nobody.t3").replace("applications.cases", "nobody.cases")
    path = settings.site / SITE_FOLDER / "2021.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return read(path, Format)


@pytest.fixture
def officer(form, sign_in):
    officer = sign_in(Role.OFFICER)
    officer.post("/desk/report/open", data={"year": "2024"})
    return officer


def report(organ, tables, **more):
    return json.dumps(
        {"year": 2024, "format": "gb2021", "organ": organ, "figures": {}, "tables": tables, **more}
    ).encode()


@pytest.fixture
def upload(officer):
    def upload(*contents):
        files = [(io.BytesIO(content), f"{number}.json") for number, content in enumerate(contents)]
        data = {"action": "upload", "files": files}
        return officer.post(PATH, data=data, content_type="multipart/form-data")

    return upload


@pytest.fixture
def report_of(cms, form):
    def report_of():
        with cms.reading() as session:
            return build(session, cms.contributions.figures, year=2024, form=form)

    return report_of


def added(one, other):
    return {
        table: {
            row: {column: value + other[table][row][column] for column, value in columns.items()}
            for row, columns in rows.items()
        } for table, rows in one.items()
    }  # fmt: skip


def test_cells_are_added_up(officer, upload):
    assert upload(report("甲局", FIRST), report("乙局", SECOND)).status_code == 302

    page = officer.get(PATH).text
    assert "甲局" in page
    assert "合计（2 个机关）" in page
    assert f"<strong>{3525 + 14069}</strong>" in page
    assert "T3.A1.NP" in page


def test_sums_can_be_the_source_of_the_report(officer, upload, report_of):
    upload(report("甲局", FIRST), report("乙局", SECOND))
    assert report_of().tables["T3"].cells["T3.A1.NP"].value is None

    officer.post(PATH, data={"action": "choose", "collects": "subordinate"})

    found = report_of()
    shown = contract(found)["tables"]
    assert {code: shown[code] for code in ("T3", "T4")} == {code: added(FIRST, SECOND)[code] for code in ("T3", "T4")}
    assert found.tables["T3"].cells["T3.A1.NP"].origin == "collected"
    assert "逐格相等" in officer.get(PATH).text
    assert ">汇</span>" in officer.get("/desk/report/2024/?tab=tables").text


def test_own_records_can_be_added(officer, upload, report_of, tally):
    from datetime import date

    upload(report("甲局", FIRST))
    tally("decisions.licence", 5, on=date(2024, 3, 1))

    officer.post(PATH, data={"action": "choose", "collects": "both"})

    assert report_of().tables["T2"].cells["T2.LIC.decisions"].value == FIRST["T2"]["LIC"]["decisions"] + 5


def test_other_value_than_the_sum_needs_a_reason_and_is_listed(officer, upload, report_of):
    upload(report("甲局", FIRST))
    officer.post(PATH, data={"action": "choose", "collects": "subordinate"})
    cell = "/desk/report/2024/manual/T3.A1.NP"

    assert officer.post(cell, data={"value": "3441", "source": "复核"}).status_code == 422
    officer.post(cell, data={"value": "3441", "source": "复核", "reason": "甲局漏报1件"})

    number = report_of().tables["T3"].cells["T3.A1.NP"]
    assert (number.value, number.computed, number.reason) == (3441, 3440, "甲局漏报1件")
    page = officer.get(PATH).text
    assert "3441" in page
    assert "3440" in page


def test_newer_file_supersedes_and_an_organ_can_be_taken_out(cms, officer, upload):
    upload(report("甲局", FIRST))
    upload(report("甲局", SECOND), report("乙局", FIRST))
    with cms.reading() as session:
        assert collected(session, 2024).sums["T3.A1.NP"] == 13612 + 3440

    officer.post(PATH, data={"action": "withdraw", "organ": "甲局"})
    with cms.reading() as session:
        assert [row.organ for row in collected(session, 2024).organs] == ["乙局"]
    assert officer.post(PATH, data={"action": "withdraw", "organ": "丙局"}).status_code == 404


def test_cells_that_an_organ_left_open_are_told(cms, officer, upload):
    upload(report("甲局", {"T3": {"A1": {"NP": 3, "CE": None}}}), report("乙局", {"T3": {"A1": {"NP": 4, "CE": 1}}}))

    with cms.reading() as session:
        found = collected(session, 2024)
    assert (found.sums["T3.A1.NP"], found.incomplete) == (7, frozenset({"T3.A1.CE"}))
    assert "有 1 个单元格不是所有机关都填了" in officer.get(PATH).text


@pytest.mark.parametrize(
    ("contents", "problem"),
    [
        ([b"x"], "0.json：文件不是 JSON"),
        ([report("", FIRST)], "文件没有写明机关名称"),
        ([report("甲局", FIRST, year=2023)], "文件是 2023 年度的报告，这里汇总 2024 年度"),
        ([report("甲局", FIRST), report("甲局", SECOND)], "“甲局”有两个文件"),
        ([report("甲局", FIRST), report("乙局", {"T3": {"A1": {"XX": 1}}})], "1.json：T3.A1.XX：没有这个单元格"),
        ([], "请选择文件"),
    ],
)
def test_one_bad_file_keeps_all_out(cms, upload, contents, problem):
    answer = upload(*contents)

    assert answer.status_code == 422
    assert problem in answer.text
    with cms.reading() as session:
        assert collected(session, 2024).organs == []


def test_only_while_the_report_is_open(officer, sign_in, cms):
    from cms_plugins.disclosure_report import lifecycle
    from cms_plugins.disclosure_report.models import State

    with cms.unit_of_work() as uow:
        lifecycle.get(uow.session, 2024).state = State.APPROVED
    data = {"action": "upload", "files": [(io.BytesIO(report("甲局", FIRST)), "a.json")]}
    assert officer.post(PATH, data=data, content_type="multipart/form-data").status_code == 403
    assert sign_in(Role.EDITOR).get(PATH).status_code == 403
    assert officer.get(PATH).status_code == 200


@given(st.lists(st.dictionaries(st.sampled_from(["NP", "CE"]), st.integers(0, 10**9)), max_size=5))
def test_sums_are_those_of_the_known_cells(rows):
    from cms_plugins.disclosure_report.collecting import added_up

    tables = [{"T3": {"A1": row}} for row in rows]
    sums, counts = added_up(tables)

    for column in ("NP", "CE"):
        known = [row[column] for row in rows if column in row]
        assert sums.get(f"T3.A1.{column}") == (sum(known) if known else None)
        assert counts.get(f"T3.A1.{column}", 0) == len(known)
