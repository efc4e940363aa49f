"""A whole table entered on one page: cell by cell, or pasted; everything is saved or nothing."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cms_plugins.disclosure_report.building import build
from cms_plugins.disclosure_report.format_file import FOLDER, SITE_FOLDER, Format, read

from cms.accounts.policy import Role

SUQIAN = json.loads((Path(__file__).parents[2] / "data" / "annual_report" / "suqian_2024.json").read_text("utf-8"))
PATH = "/desk/report/2024/grid/T3"
CELLS = {
    f"v-T3.{row}.{column}": str(value)
    for row, columns in SUQIAN["T3"].items() for column, value in columns.items() if row != "A3.7" and column != "T"
}  # fmt: skip


@pytest.fixture
def clock(clock):
    clock.at = datetime(2025, 1, 10, 2, 0, tzinfo=UTC)
    return clock


@pytest.fixture
def form(settings):
    """Bind table 3 to a plugin that is not there, as in a back year without a register."""
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
def cells(cms, form):
    def cells():
        with cms.reading() as session:
            report = build(session, cms.contributions.figures, year=2024, form=form)
        return report.tables["T3"].cells

    return cells


def test_fields_stand_in_the_order_of_the_rows(officer):
    page = officer.get(PATH).text
    names = re.findall(r'name="(v-T3\.[^"]+)"', page)

    assert names == list(CELLS)
    assert page.count("<input") < 160
    assert 'aria-label="（一）予以公开 自然人"' in page


def test_whole_table_is_saved_with_one_source(officer, cells):
    saved = officer.post(PATH, data={**CELLS, "source": "2024年依申请公开纸质台账"})

    assert saved.location == "/desk/report/2024/?tab=tables#T3"
    found = cells()
    assert len(found) == 175
    assert {row: {c: int(found[f"T3.{row}.{c}"].value) for c in columns} for row, columns in SUQIAN["T3"].items()} == (
        SUQIAN["T3"]
    )
    assert found["T3.A4.OT"].source == "2024年依申请公开纸质台账"
    assert 'name="v-T3.A1.NP" value="3440"' in officer.get(PATH).text


def test_only_changed_cells_get_the_new_source_and_an_emptied_one_is_taken_back(officer, cells):
    officer.post(PATH, data={**CELLS, "source": "台账"})

    officer.post(PATH, data={**CELLS, "v-T3.A1.NP": "3441", "v-T3.A1.CE": "", "source": "更正单"})

    found = cells()
    assert [(found[f"T3.A1.{c}"].value, found[f"T3.A1.{c}"].source) for c in ("NP", "CE", "PW")] == [
        (3441, "更正单"), (None, ""), (1, "台账")
    ]  # fmt: skip


def test_mistakes_are_told_at_their_cells_and_nothing_is_lost(officer, cells):
    page = officer.post(PATH, data={**CELLS, "v-T3.A1.NP": "三千", "v-T3.A2.CE": "-1", "source": ""})

    assert page.status_code == 422
    assert "有 2 个单元格需要更正" in page.text
    assert re.search(
        r'name="v-T3\.A1\.NP" value="三千"[^>]*aria-invalid="true" aria-describedby="problem-T3\.A1\.NP"', page.text
    )
    assert "请写明依据" in page.text
    assert 'name="v-T3.A4.OT" value="1"' in page.text
    assert cells()["T3.A4.OT"].value is None


def test_pasted_block_fills_the_fields_for_checking(officer, cells):
    block = "\n".join("\t".join(str(value) for value in columns.values()) for columns in SUQIAN["T3"].values())

    page = officer.post(PATH, data={"action": "paste", "pasted": block, "source": "年报稿"})

    assert page.status_code == 200
    assert "已填入 144 格，请核对后保存。" in page.text
    assert dict(re.findall(r'name="(v-T3\.[^"]+)" value="(\d+)"', page.text)) == CELLS
    assert 'value="年报稿"' in page.text
    assert cells()["T3.A1.NP"].value is None

    wrong = officer.post(PATH, data={"action": "paste", "pasted": "1\t2\t3", "v-T3.A1.NP": "5"})
    assert wrong.status_code == 422
    assert "粘贴了 1 行数字" in wrong.text
    assert ">1\t2\t3</textarea>" in wrong.text
    assert 'name="v-T3.A1.NP" value="5"' in wrong.text


def test_table_printed_side_by_side_is_entered_row_by_row(officer):
    page = officer.get("/desk/report/2024/grid/T4").text

    assert re.findall(r'name="v-T4\.([^"]+)"', page)[:5] == ["R.keep", "R.fix", "R.other", "R.pending", "L0.keep"]
    assert officer.get("/desk/report/2024/grid/T2").status_code == 200
    assert officer.get("/desk/report/2024/grid/T9").status_code == 404
    assert officer.get("/desk/report/2016/grid/T14").status_code == 404


def test_only_officers_and_only_while_the_report_is_open(officer, sign_in, cms):
    assert sign_in(Role.EDITOR).get(PATH).status_code == 403
    assert officer.post("/desk/report/2023/grid/T3", data={**CELLS, "source": "台账"}).status_code == 404
