"""Formats are files: which year has which, and what a mistake in a file is told."""

import pytest
from cms_plugins.disclosure_report.format_file import Format, FormatError, Formats, formats, read

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
