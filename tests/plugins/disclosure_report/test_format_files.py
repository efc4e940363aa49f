"""Formats are files: which year has which, and what a mistake in a file is told."""

import re

import pytest
from cms_plugins.disclosure_report.format_file import FOLDER, SITE_FOLDER, Format, FormatError, Formats, formats, read

from cms.accounts.policy import Role
from cms.kernel.errors import NotFound

GOOD = """
id = "f"
alias = "a"
label = "格式"
years = [2008, 2018]
edition = "2007"
title = "{organ}{year}年报告"
opening = "全文包括{chapters}。"

[[figures]]
code = "a.total"
label = "总数"
unit = "条"

[[chapters]]
code = "L1"
title = "概述"
text = "共{figure:a.total}条，会议{figure:S2}次。"

[[tables]]
code = "T"
title = "表"
years = [2014, 2018]

[[tables.rows]]
code = "S1"
label = "合计"
unit = "条"
sum = ["S2", "S3"]

[[tables.rows]]
code = "S2"
label = "其一"
unit = "条"
manual = true
zero_with = "a.total"

[[tables.rows]]
code = "S3"
label = "其二"
unit = "条"
figure = "a.total"
at_most = ["S1"]
"""


def read_text(tmp_path, text):
    path = tmp_path / "f.toml"
    path.write_text(text, "utf-8")
    return read(path, Format)


def test_good_file_is_read(tmp_path):
    form = read_text(tmp_path, GOOD)

    assert [row.code for row in form.tables_of(2014)[0].rows] == ["S1", "S2", "S3"]
    assert form.tables_of(2013) == ()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('label = "格式"', 'labels = "格式"', r"label: Field required; labels: Extra inputs are not permitted"),
        ('unit = "条"\n\n[[chapters]]', "unit = 3\n\n[[chapters]]", r"figures\.0\.unit: Input should be a"),
        ('sum = ["S2", "S3"]', 'sum = ["S2", "S9"]', "S1: there is no cell 'S9'"),
        ('sum = ["S2", "S3"]', 'sum = ["S1"]', "S1: its sum contains itself"),
        ('zero_with = "a.total"', 'zero_with = "b"', "S2: there is no figure or cell 'b'"),
        ('at_most = ["S1"]', 'at_most = ["S8"]', "S3: there is no cell 'S8'"),
        ("manual = true", 'manual = true\nfigure = "a.total"', "one of figure, manual, sum, source"),
        ('code = "S3"', 'code = "S2"', "row S2 is declared twice"),
        ('figure = "a.total"', 'figure = "a.none"', "S3: there is no figure 'a.none'"),
        ("{figure:S2}", "{figure:S7}", r"L1: unknown token \{figure:S7\}"),
        ("{chapters}", "{chapter}", r"opening: unknown token \{chapter\}"),
        ("years = [2008, 2018]", "years = [2018, 2008]", r"years must be \[first, last\]"),
        ("years = [2008, 2018]", "years = 2008", r"years: Input should be a valid tuple"),
        ('id = "f"', "id = ", r"f\.toml: Invalid value"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_file_and_place(tmp_path, old, new, problem):
    assert old in GOOD
    with pytest.raises(FormatError, match=problem) as raised:
        read_text(tmp_path, GOOD.replace(old, new, 1))

    assert str(raised.value).startswith("f.toml: ")


def test_year_picks_the_format():
    assert {formats().for_year(year).id for year in (2008, 2016, 2018)} == {"legacy2008"}
    assert {formats().for_year(year).id for year in (2019, 2020)} == {"trial2019"}
    assert {formats().for_year(year).id for year in (2021, 2025, 2040)} == {"gb2021"}
    assert formats().named("2008") is formats().named("legacy2008")
    assert formats().edition_of(formats().for_year(2016)).number == "国务院令第492号"


def test_year_without_format_is_a_clear_error():
    with pytest.raises(
        NotFound, match="没有适用于 2007 年度的报告格式；现有格式适用的年度：2008—2018、2019—2020、2021"
    ):
        formats().for_year(2007)


def test_two_formats_cannot_claim_a_year(tmp_path):
    form = read_text(tmp_path, GOOD)
    later = form.model_copy(update={"id": "g", "years": (2018, 2020)})
    unlawful = form.model_copy(update={"edition": "1999"})

    with pytest.raises(FormatError, match="f and g both claim the year 2018"):
        Formats([later, form])
    with pytest.raises(FormatError, match="format f: there is no edition '1999'"):
        Formats([unlawful])


def test_statistics_table_has_every_cell_of_the_national_form(form):
    """国办发〔2014〕32号: the codes are part of the JSON contract."""
    cells = [row.code for row in form.tables_of(2016)[0].rows if not row.is_heading]

    assert len(cells) == 58
    assert [code for code in cells if code.startswith("S3.3")] == [
        "S3.3", "S3.3.1", "S3.3.2", "S3.3.3", "S3.3.4", "S3.3.4.a", "S3.3.4.b", "S3.3.4.c", "S3.3.4.d", "S3.3.4.e",
        "S3.3.4.f", "S3.3.5", "S3.3.6", "S3.3.7", "S3.3.8",
    ]  # fmt: skip
    assert [chapter.code for chapter in form.chapters] == ["L1", "L2", "L3", "LOPT", "L5", "L4", "L6", "L7"]


BLOCKS = """
id = "b"
alias = "b"
label = "格式"
years = [2021, 2030]
edition = "2019"
title = "{organ}{year}年报告"
opening = "全文包括{chapters}。"
figures = []

[[chapters]]
code = "C1"
title = "表"
table = "T"

[[chapters]]
code = "C2"
title = "正文"
follows = "C2"

[[chapters.sentences]]
text = "共{figure:T.A.T}件。"
when = "T.A.x"

[[tables]]
code = "T"
title = "表"
years = [2021, 2030]
layout = "rows"
source = "plugin.table"
columns = [{ code = "x", label = "甲" }, { code = "y", label = "乙" }, { code = "T", label = "总计", sum = ["x", "y"] }]
rows = [
  { code = "A", label = "一", unit = "件" },
  { code = "B", label = "二", unit = "件", carried = "A", source = ["other.b", "other.c"] },
  { code = "S", label = "合计", unit = "件", sum = ["A", "B"], verified = false, note = "待核" },
]

[[tables.balances]]
left = ["A"]
right = ["B"]
"""


def test_cells_of_blocks_are_bound_by_their_row_and_column(tmp_path):
    (table,) = read_text(tmp_path, BLOCKS).tables_of(2024)
    cells = {cell.code: cell for cell in table.cells()}

    assert list(cells) == [f"T.{row}.{column}" for row in "ABS" for column in "xyT"]
    assert cells["T.A.x"].sources == ("plugin.table.A.x",)
    assert cells["T.B.y"].sources == ("other.b.y", "other.c.y")
    assert cells["T.B.x"].carried == "T.A.x"
    assert cells["T.A.T"].parts == ("T.A.x", "T.A.y")
    assert cells["T.S.x"].parts == ("T.A.x", "T.B.x")
    assert cells["T.S.T"].parts == ("T.S.x", "T.S.y")
    assert [code for code, cell in cells.items() if not cell.verified] == ["T.S.x", "T.S.y", "T.S.T"]
    assert table.doubts() == ["待核"]
    assert {cell.sources for cell in table.as_entered().cells()} == {()}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('sum = ["x", "y"]', 'sum = ["x", "z"]', "T: there is no column 'z'"),
        ('sum = ["A", "B"]', 'sum = ["A", "Z"]', "S: sum: there is no row 'Z'"),
        ('sum = ["A", "B"]', 'sum = ["S"]', r"T\.S\.x: its sum contains itself"),
        ('carried = "A"', 'carried = "Z"', "B: carried: there is no row 'Z'"),
        ('right = ["B"]', 'right = ["Z"]', "balance: there is no row 'Z'"),
        ('label = "一", unit = "件"', 'label = "一"', "A: x has no unit"),
        ('label = "一", unit = "件"', 'label = "一", unit = "件", figure = "a"', "figure, equals, at_most and zero_with are for lists"),
        ('label = "一", unit = "件"', 'label = "一", unit = "件", cells = { z = "p" }', "A: there is no column 'z'"),
        ('label = "一", unit = "件"', 'label = "一", unit = "件", otherwise = "p"', "otherwise is for rows with a source only"),
        ('layout = "rows"', 'layout = "list"', "a list has rows, and neither columns nor blocks"),
        ('layout = "rows"', 'layout = "diagonal"', "layout: Input should be 'list', 'rows' or 'across'"),
        ("rows = [", 'rows = [{ code = "A", label = "一", unit = "件" },', r"cell T\.A\.T, T\.A\.x, T\.A\.y is declared twice"),
        ('table = "T"', 'table = "U"', "C1: there is no table 'U'"),
        ('table = "T"', 'table = "T"\ntext = "文"', "C1: a chapter has one of text, sentences, table"),
        ('when = "T.A.x"', 'when = "T.A.z"', r"C2: there is no figure or cell 'T\.A\.z'"),
        ("{figure:T.A.T}", "{figure:T.A}", r"C2: unknown token \{figure:T\.A\}"),
    ],
)  # fmt: skip
def test_mistakes_in_blocks_and_drafts_are_told(tmp_path, old, new, problem):
    assert old in BLOCKS
    with pytest.raises(FormatError, match=problem):
        read_text(tmp_path, BLOCKS.replace(old, new, 1))


@pytest.fixture
def correct(settings):
    """Return a function that puts a format file into the site."""

    def correct(text, name="format.toml"):
        folder = settings.site / SITE_FOLDER
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")

    return correct


def test_site_corrects_a_bundled_format_without_restart(app, correct):
    text = (FOLDER / "formats" / "trial2019.toml").read_text("utf-8")
    with app.app_context():
        assert formats().for_year(2019).tables_of(2019)[0].doubts()
        correct(text.replace("本年新制作数量", "本年制作数量").replace("verified = false\n", ""))
        table = formats().for_year(2019).tables_of(2019)[0]
        assert table.blocks[0].columns[0].label == "本年制作数量"
        assert table.doubts() == []
        assert formats().for_year(2024).id == "gb2021"
        correct(text.replace("本年新制作数量", "本年制定数量"))
        assert formats().for_year(2019).tables_of(2019)[0].blocks[0].columns[0].label == "本年制定数量"
    assert formats().for_year(2019).tables_of(2019)[0].blocks[0].columns[0].label == "本年新制作数量"


def test_site_adds_a_format_for_years_that_have_none(app, correct):
    correct(BLOCKS.replace("[2021, 2030]", "[2005, 2007]").replace('edition = "2019"', 'edition = "2007"'))
    with app.app_context():
        assert formats().for_year(2006).id == "b"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id = ", r"format\.toml: Invalid value"),
        (BLOCKS, "b and gb2021 both claim the year 2021|gb2021 and b both claim"),
    ],
)
def test_wrong_file_of_the_site_is_told_on_the_pages(sign_in, correct, text, problem):
    correct(text)
    answer = sign_in(Role.OFFICER).get("/desk/report/")

    assert answer.status_code == 503
    assert re.search(problem, answer.text)


def test_unchecked_forms_are_marked_in_the_desk(sign_in):
    page = sign_in(Role.OFFICER).get("/desk/report/2019/?tab=tables").text

    assert "主动公开政府信息情况：格式尚未核对原文" in page
    assert "试行格式表二的栏目尚未核对原文" in page
    assert "格式尚未核对原文" not in sign_in(Role.OFFICER, username="other").get("/desk/report/2016/?tab=figures").text
