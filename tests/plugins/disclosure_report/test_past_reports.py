"""Reports of years before: entered, uploaded or frozen here; what they leave over, and what later years say of it."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cms_plugins.disclosure_report.building import build
from cms_plugins.disclosure_report.format_file import FOLDER, SITE_FOLDER, Format, formats, read
from cms_plugins.disclosure_report.past import export_past, newest, previous_of

from cms.accounts.policy import MACHINE, Role
from cms.kernel.errors import Invalid

SUQIAN = json.loads((Path(__file__).parents[2] / "data" / "annual_report" / "suqian_2024.json").read_text("utf-8"))
PATH = "/desk/report/past/2024"
C5 = "一是解读形式单一；二是查阅点开放时间短。针对上述问题，加强培训。"
UPLOAD = {
    "year": 2024, "format": "gb2021", "organ": "衡山县民政局", "figures": {"site.items": {"value": 60, "unit": "条"}},
    "tables": SUQIAN, "chapters": [{"code": "C5", "title": "存在的主要问题及改进情况", "text": C5}], "findings": [],
}  # fmt: skip


@pytest.fixture
def clock(clock):
    clock.at = datetime(2026, 1, 10, 2, 0, tzinfo=UTC)
    return clock


@pytest.fixture
def form(settings):
    """Bind table 3 to a plugin that is not there, so that only people and last year's report know its numbers."""
    text = (FOLDER / "formats" / "gb2021.toml").read_text("utf-8").replace("applications.t3", "nobody.t3")
    path = settings.site / SITE_FOLDER / "2021.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return read(path, Format)


@pytest.fixture
def officer(form, sign_in):
    return sign_in(Role.OFFICER)


@pytest.fixture
def upload(officer):
    def upload(content, source="https://example.gov.cn/nb2024.html"):
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        data = {"action": "upload", "source": source, "file": (io.BytesIO(text), "2024.json")}
        return officer.post(PATH, data=data, content_type="multipart/form-data")

    return upload


@pytest.fixture
def report_of(cms, form):
    def report_of(year=2025):
        with cms.reading() as session:
            return build(session, cms.contributions.figures, year=year, form=form)

    return report_of


def test_uploaded_report_leaves_over_what_this_year_continues(upload, report_of):
    assert upload(UPLOAD).status_code == 302

    report = report_of()
    cells = report.tables["T3"].cells
    assert {column: int(cells[f"T3.A2.{column}"].value) for column in SUQIAN["T3"]["A4"]} == SUQIAN["T3"]["A4"]
    assert (cells["T3.A2.NP"].origin, cells["T3.A2.NP"].source) == ("carried", "上年度报告 T3.A4.NP")
    assert cells["T3.A1.NP"].value is None
    assert report.previous.source == "https://example.gov.cn/nb2024.html"
    assert report.history[2024]["site.items"] == 60
    assert report.history[2024]["T3.A1.T"] == 3525


def test_problems_of_last_year_are_quoted_in_the_draft(upload, report_of):
    upload(UPLOAD)

    text = next(one for one in report_of().chapters if one.code == "C5").plain
    assert "上年指出“解读形式单一”，【请填写：采取的措施和效果】。" in text
    assert "上年指出“查阅点开放时间短”，" in text
    assert "加强培训" not in text


def test_other_value_than_last_year_left_over_is_an_error(officer, upload, report_of):
    upload(UPLOAD)
    officer.post("/desk/report/open", data={"year": "2025"})
    path = "/desk/report/2025/manual/T3.A2.NP"
    officer.post(path, data={"value": "117", "source": "台账"})
    told = [one for one in report_of().findings if one.rule == "X05"]
    assert [(one.severity, one.cell) for one in told][:1] == [("E", "T3.A2.NP")]
    assert "117" in told[0].message
    assert "118" in told[0].message

    officer.post(path, data={"value": "118", "source": "台账"})
    assert [one for one in report_of().findings if one.rule == "X05"] == []


def test_tables_and_texts_can_be_typed(cms, officer, report_of):
    data = {"v-T3.A4.NP": "2", "v-T3.A4.CE": "0", "text-C5": C5, "source": "公报2024年第12期"}

    assert officer.post(PATH, data=data).location == PATH
    with cms.reading() as session:
        stored = newest(session, 2024)
        assert stored.tables["T3"]["A4"] == {
            "NP": 2, "CE": 0, "RI": None, "PW": None, "LS": None, "OT": None, "T": None
        }  # fmt: skip
    page = officer.get(PATH).text
    assert 'name="v-T3.A4.NP" value="2"' in page
    assert "公报2024年第12期" in page
    assert C5 in page
    assert report_of().tables["T3"].cells["T3.A2.NP"].value == 2


def test_pasted_table_fills_the_fields_and_the_rest_stays(officer):
    block = "\n".join("\t".join(str(value) for value in columns.values()) for columns in SUQIAN["T3"].values())
    data = {"action": "paste-T3", "pasted-T3": block, "v-T4.R.keep": "7", "text-C5": C5, "source": "网站"}

    page = officer.post(PATH, data=data).text
    assert 'name="v-T3.A4.OT" value="1"' in page
    assert 'name="v-T4.R.keep" value="7"' in page
    assert C5 in page

    wrong = officer.post(PATH, data={**data, "pasted-T3": "1\t2"})
    assert wrong.status_code == 422
    assert "粘贴了 1 行数字" in wrong.text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"\xff\xfe", "文件不是 JSON"),
        (b"[]", "文件中没有年度报告的表格"),
        ({"year": 2024}, "文件中没有年度报告的表格"),
        ({"tables": {}}, "文件没有写明年度"),
        ({"year": True, "tables": {}}, "文件没有写明年度"),
        ({"year": 2023, "tables": {}}, "文件是 2023 年度的报告，这里录入 2024 年度"),
        ({"year": 2024, "tables": {"T9": {}}}, "没有“T9”这张表"),
        ({"year": 2024, "tables": {"T3": {"A9": {"NP": 1}}}}, "T3.A9.NP：没有这个单元格"),
        ({"year": 2024, "tables": {"T3": {"A1": {"NP": "三"}}}}, "T3.A1.NP：“三”不是数值"),
        ({"year": 2024, "tables": {"T3": {"A1": {"NP": -1}}}}, "T3.A1.NP：“-1”不是数值"),
        ({"year": 2024, "tables": {"T3": {"A1": {"NP": True}}}}, "T3.A1.NP：“True”不是数值"),
        ({"year": 2024, "tables": {"T3": {"A1": {"NP": float("nan")}}}}, "T3.A1.NP：“nan”不是数值"),
        ({"year": 2024, "tables": {"T3": []}}, "没有“T3”这张表"),
        ({"year": 2024, "tables": {"T3": {"A1": {"NP": None}}}}, "没有录入任何数值或正文"),
        (b"[" * 100_000, "文件不是 JSON"),
    ],
)
def test_files_that_are_no_report_are_told(upload, content, problem):
    answer = upload(content)

    assert answer.status_code == 422
    assert problem in answer.text


def test_source_is_asked_for_and_what_was_typed_stays(officer):
    page = officer.post(PATH, data={"v-T3.A4.NP": "二", "text-C5": C5})

    assert page.status_code == 422
    assert 'value="二"' in page.text
    assert "请填写数字" in page.text
    again = officer.post(PATH, data={"v-T3.A4.NP": "2", "text-C5": C5})
    assert "请写明出处" in again.text


def test_years_that_are_not_over_or_frozen_here_take_nothing(officer, sign_in, cms):
    assert (
        "2026 年还没有结束" in officer.post("/desk/report/past/2026", data={"v-T3.A4.NP": "2", "source": "网站"}).text
    )
    assert sign_in(Role.EDITOR).get(PATH).status_code == 403
    assert officer.get("/desk/report/past/2007").status_code == 404


def test_list_of_the_old_format_can_be_typed(cms, officer):
    data = {"v-S1.1": "71", "v-S3.1.1": "0", "v-S9.1": "3", "source": "网站"}
    assert officer.post("/desk/report/past/2016", data=data).status_code == 302

    with cms.reading() as session:
        previous = previous_of(session, 2017)
    assert (previous.cells["S1.1"], previous.cells["S9.1"]) == (71, 3)
    assert previous.year == 2016
    with cms.reading() as session:
        report = build(session, cms.contributions.figures, year=2017, form=formats().for_year(2017))
    assert report.history[2016]["S1.1"] == 71


def test_past_reports_travel_with_export_and_import(app, cms, form):
    record = {
        "year": 2024,
        "source": "网站",
        "tables": SUQIAN,
        "figures": UPLOAD["figures"],
        "chapters": UPLOAD["chapters"],
    }
    take = cms.contributions.importers["past_report"]
    with app.app_context():
        with cms.unit_of_work() as uow:
            assert take(uow, record, MACHINE) is True
        with cms.unit_of_work() as uow:
            assert take(uow, record, MACHINE) is False
        with cms.reading() as session:
            (exported,) = export_past(session)
        assert exported.pop("record") == "past_report"
        assert exported == {**record, "figures": {"site.items": {"value": 60}}}
        with cms.unit_of_work() as uow:
            assert take(uow, exported, MACHINE) is False
        with cms.unit_of_work() as uow, pytest.raises(Invalid, match="colour: 未知的键"):
            take(uow, {**record, "colour": "red"}, MACHINE)
        with cms.unit_of_work() as uow, pytest.raises(Invalid, match="source: 请写明出处"):
            take(uow, {**record, "source": ""}, MACHINE)
