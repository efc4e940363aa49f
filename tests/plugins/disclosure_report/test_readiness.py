"""How far the report is: the state of every number, the days that are left, the panel on the dashboard, charts."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from cms_plugins.disclosure_report.building import build
from cms_plugins.disclosure_report.charts import charts_of
from cms_plugins.disclosure_report.format_file import FOLDER, SITE_FOLDER, Format, read
from cms_plugins.disclosure_report.models import State
from cms_plugins.disclosure_report.readiness import countdown, counts_of, grouped, items_of

from cms.accounts.policy import Role

YEAR = "/desk/report/2024/"


@pytest.fixture
def clock(clock):
    clock.at = datetime(2025, 1, 12, 2, 0, tzinfo=UTC)
    return clock


@pytest.fixture
def form(settings):
    """Bind table 3 to a plugin that is not there, and let the site have no other unknown figures."""
    text = (FOLDER / "formats" / "gb2021.toml").read_text("utf-8").replace("applications.t3", "nobody.t3")
    path = settings.site / SITE_FOLDER / "2021.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return read(path, Format)


@pytest.fixture
def officer(form, sign_in):
    officer = sign_in(Role.OFFICER)
    officer.post("/desk/report/open", data={"year": "2024"})
    return officer


@pytest.fixture
def report_of(cms, form):
    def report_of():
        with cms.reading() as session:
            return build(session, cms.contributions.figures, year=2024, form=form)

    return report_of


def standing(report, code):
    return next(str(item.standing) for item in items_of(report) if item.number.code == code)


def test_every_number_has_one_state(officer, report_of, tally):
    assert standing(report_of(), "T3.A1.NP") == "off"
    assert standing(report_of(), "T3.A1.T") == "derived"
    assert standing(report_of(), "T2.FEE.amount") == "missing"
    assert standing(report_of(), "T2.LIC.decisions") == "missing"
    assert standing(report_of(), "site.items") == "computed"

    tally("decisions.licence", 3, on=date(2024, 5, 1))
    officer.post(f"{YEAR}manual/T3.A1.NP", data={"value": "3", "source": "台账"})
    scan = (io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), "决算.pdf")
    officer.post(
        f"{YEAR}manual/T2.FEE.amount", data={"value": "1.5", "source": "决算", "file": scan},
        content_type="multipart/form-data",
    )  # fmt: skip
    report = report_of()
    states = [standing(report, code) for code in ("T2.LIC.decisions", "T3.A1.NP", "T2.FEE.amount")]
    assert states == ["computed", "without_evidence", "entered"]
    assert sum(counts_of(items_of(report)).values()) == len(items_of(report))


def test_contradiction_is_told_at_its_cell(officer, report_of, tally):
    officer.post(f"{YEAR}manual/site.items", data={"value": "0", "source": "台账"})
    tally("push.portal", 4, on=date(2024, 5, 1))
    officer.post(f"{YEAR}manual/push.portal", data={"value": "4", "source": "台账"})
    assert standing(report_of(), "push.portal") == "without_evidence"

    # The records change after a value was entered that agreed with them.
    tally("decisions.licence", 3, on=date(2024, 5, 1))
    officer.post(f"{YEAR}manual/T2.LIC.decisions", data={"value": "3", "source": "台账"})
    tally("decisions.licence", 2, on=date(2024, 6, 1))
    assert standing(report_of(), "T2.LIC.decisions") == "contradictory"
    page = officer.get(f"{YEAR}?tab=readiness&standing=contradictory").text
    assert "T2.LIC.decisions 行政许可 本年处理决定数量 填报 3，计算 5；理由：（没有写明）" in page


def test_cells_of_a_table_in_one_state_are_one_line(officer, report_of):
    lines = grouped([item for item in items_of(report_of()) if item.standing == "off" and item.table])

    assert ("T3", 144) in [(line.table, len(line.codes)) for line in lines if hasattr(line, "codes")]
    page = officer.get(f"{YEAR}?tab=readiness").text
    assert "144 个单元格" in page
    assert 'href="/desk/report/2024/grid/T3"' in page


def test_filter_by_state(officer):
    page = officer.get(f"{YEAR}?tab=readiness&standing=missing").text

    assert "T2.FEE.amount" in page
    assert "T3.A1.NP" not in page
    assert re.search(r'standing=missing" aria-current="true">缺少数据', page)
    everything = officer.get(f"{YEAR}?tab=readiness&standing=all").text
    assert "site.items" in everything
    assert officer.get(f"{YEAR}?tab=readiness&standing=nonsense").status_code == 200


@pytest.mark.parametrize(
    ("today", "state", "words", "late"),
    [
        (date(2025, 1, 12), State.OPEN, "还有 19 天", False),
        (date(2025, 1, 31), State.FROZEN, "今天到期", False),
        (date(2025, 2, 3), None, "已逾期 3 天", True),
        (date(2025, 2, 3), State.PUBLISHED, "已公布", False),
    ],
)
def test_days_that_are_left(today, state, words, late):
    found = countdown(date(2025, 1, 31), today, state)

    assert (found.words, found.is_late) == (words, late)


def test_dashboard_tells_those_who_make_the_report(officer, sign_in):
    page = officer.get("/desk/").text

    assert "2024 年度报告" in page
    assert "还有 19 天（期限 2025-01-31）" in page
    assert re.search(r"缺少数据 \d{3} 项", page)
    assert "年度报告" not in re.sub(r"<nav.*?</nav>", "", sign_in(Role.EDITOR).get("/desk/").text, flags=re.DOTALL)


def test_government_has_two_months_more(officer):
    saved = officer.post("/desk/settings/disclosure_report", data={"organ_kind": "government", "superior": ""})

    assert saved.status_code == 302, saved.text
    assert "期限 2025-03-31" in officer.get("/desk/").text


def test_last_year_s_report_is_offered_while_it_is_not_known(officer):
    assert 'href="/desk/report/past/2023"' in officer.get(YEAR).text

    officer.post("/desk/report/past/2023", data={"v-T3.A1.NP": "10", "source": "网站"})
    assert "录入已公布的上年度报告" not in officer.get(YEAR).text


def test_charts_draw_what_their_table_says(officer, report_of, form):
    assert charts_of(report_of(), form) == []
    for year, new in ((2022, "40"), (2023, "80")):
        data = {f"v-T3.A1.{column}": "0" for column in ("CE", "RI", "PW", "LS", "OT")}
        officer.post(f"/desk/report/past/{year}", data={**data, "v-T3.A1.NP": new, "source": "网站"})
    for column in ("NP", "CE", "RI", "PW", "LS", "OT"):
        officer.post(f"{YEAR}manual/T3.A1.{column}", data={"value": "20", "source": "台账"})

    (chart,) = [one for one in charts_of(report_of(), form) if one.title == "政府信息公开申请"]
    assert [year for year, _middle in chart.years] == [2022, 2023, 2024]
    assert chart.rows == [("新收", ["40", "80", "120"])]
    heights = [bar.height for bar in chart.bars]
    assert [round(height / heights[2], 2) for height in heights] == [0.33, 0.67, 1.0]
    assert all(
        bar.x >= 0 and bar.x + bar.width <= 640 and bar.y >= 0 and bar.y + bar.height <= 260 for bar in chart.bars
    )
    page = officer.get(YEAR).text
    assert '<svg viewBox="0 0 640 260" role="img" aria-labelledby="chart-1" aria-describedby="chart-1-table">' in page
    assert '<td class="report-number">120</td>' in page
    assert "style=" not in page


def test_chart_of_nothing_but_zeros_has_flat_bars(report_of, form):
    from dataclasses import replace

    report = replace(report_of(), history={2023: {"site.items": Decimal()}})

    chart = next(one for one in charts_of(report, form) if one.title == "主动公开政府信息")
    assert [bar.height for bar in chart.bars] == [0.0, 0.0]
