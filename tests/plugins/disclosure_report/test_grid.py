"""The printed form of the statutory tables: spans follow from the headings that neighbours share."""

import pytest
from cms_plugins.disclosure_report.cells import Known, figure_number, table_of
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.grid import grid_of
from cms_plugins.disclosure_report.measuring import Measures
from cms_plugins.disclosure_report.report import Table

from cms.figures.figure import Period
from cms.figures.registry import FigureRegistry

RESULTS = "三、本年度办理结果"


def table(code, year=2024):
    form = formats().for_year(year)
    spec = next(one for one in form.tables_of(year) if one.code == code)
    known = Known(entered={}, measures=Measures(None, FigureRegistry(), Period.year(year)), previous={})
    return table_of(spec, {one.code: figure_number(one, known) for one in form.figures}, known)


def printed(lines):
    """Return text, width and height of each head cell, line by line."""
    return [[(slot.text, slot.colspan, slot.rowspan) for slot in line if slot.number is None] for line in lines]


def test_table_3_has_the_three_head_rows_of_the_form():
    grid = grid_of(table("T3"))

    corner = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    assert grid.width == 10
    assert printed(grid.head) == [
        [(corner, 3, 3), ("申请人情况", 7, 1)],
        [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
        [("商业企业", 1, 1), ("科研机构", 1, 1), ("社会公益组织", 1, 1), ("法律服务机构", 1, 1), ("其他", 1, 1)],
    ]


def test_table_3_has_the_25_rows_of_the_form():
    (body,) = grid_of(table("T3")).bodies
    lines = printed(body)

    assert len(lines) == 25
    assert lines[0] == [("一、本年新收政府信息公开申请数量", 3, 1)]
    assert lines[2] == [(RESULTS, 1, 22), ("（一）予以公开", 2, 1)]
    assert lines[3] == [("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", 2, 1)]
    assert lines[4] == [("（三）不予公开", 1, 8), ("1.属于国家秘密", 1, 1)]
    assert lines[11] == [("8.属于行政查询事项", 1, 1)]
    assert lines[12][0] == ("（四）无法提供", 1, 3)
    assert lines[15][0] == ("（五）不予处理", 1, 5)
    assert lines[20][0] == ("（六）其他处理", 1, 3)
    assert lines[23] == [("（七）总计", 2, 1)]
    assert lines[24] == [("四、结转下年度继续办理", 3, 1)]


def test_table_4_stands_side_by_side():
    grid = grid_of(table("T4"))
    results = [(text, 1, 1) for text in ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")]

    assert printed(grid.head) == [
        [("行政复议", 5, 2), ("行政诉讼", 10, 1)],
        [("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
        results * 3,
    ]
    assert [slot.number.code for slot in grid.bodies[0][0]][4:6] == ["T4.R.total", "T4.L0.keep"]


def test_table_2_has_a_block_for_each_item_of_article_20():
    grid = grid_of(table("T2"))

    assert grid.head == ()
    assert printed(grid.bodies[0]) == [
        [("第二十条第（一）项", 4, 1)],
        [("信息内容", 1, 1), ("本年制发件数", 1, 1), ("本年废止件数", 1, 1), ("现行有效件数", 1, 1)],
        [("规章", 1, 1)],
        [("行政规范性文件", 1, 1)],
    ]
    assert printed(grid.bodies[2]) == [
        [("第二十条第（六）项", 4, 1)],
        [("信息内容", 1, 1), ("本年处理决定数量", 3, 1)],
        [("行政处罚", 1, 1)],
        [("行政强制", 1, 1)],
    ]
    assert printed(grid.bodies[3])[1] == [("信息内容", 1, 1), ("本年收费金额（单位：万元）", 3, 1)]
    assert [(slot.number.code, slot.colspan) for slot in grid.bodies[3][2] if slot.number] == [("T2.FEE.amount", 3)]


EVERY = [(form.id, year, spec.code) for form in formats() for year in form.years for spec in form.tables_of(year)
         if not spec.is_list]  # fmt: skip


@pytest.mark.parametrize(("form", "year", "code"), EVERY)
def test_spans_fill_a_rectangle_and_every_number_knows_its_heads(form, year, code):
    grid = grid_of(table(code, year))
    ids = [slot.id for lines in (grid.head, *grid.bodies) for line in lines for slot in line if slot.number is None]

    assert len(ids) == len(set(ids))
    for lines in (grid.head, *grid.bodies):
        taken = {}
        for top, line in enumerate(lines):
            column = 0
            for slot in line:
                while (top, column) in taken:
                    column += 1
                for down in range(slot.rowspan):
                    for right in range(slot.colspan):
                        assert (top + down, column + right) not in taken
                        taken[top + down, column + right] = slot
                if slot.number is not None:
                    assert slot.headers
                    assert {*slot.headers} <= {*ids}
                    assert not slot.scope
        assert set(taken) == {(row, column) for row in range(len(lines)) for column in range(grid.width)}


def test_list_has_no_grid():
    with pytest.raises(ValueError, match="table T14 is a list"):
        grid_of(Table(code="T14", title="统计表", basis=""))
