"""Plain text: encodings, lines, tables kept with tabs or drawn."""

import pytest

from cms.api import Invalid, ReadKind, read_document

REPORT = "一、总体情况\r\n　　全年公开71条。\r\n\r\n信息内容\t本年制发件数\r\n规章\t0\r\n\r\n二、其他\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_chinese_encodings_are_told_apart(encoding):
    read = read_document(REPORT.encode(encoding), "report.txt")

    assert read.kind is ReadKind.TXT
    assert [one.text for one in read.paragraphs] == ["一、总体情况", "全年公开71条。", "二、其他"]


def test_short_gbk_text_is_not_taken_for_another_language():
    assert read_document("姓名,电话".encode("gbk"), "a.txt").text == "姓名,电话"


@pytest.mark.parametrize("data", ["繁體中文報告".encode("big5")[:-1], b"\xff\xfe\x00", b"abc\x00def", b"\x80\x81"])
def test_what_is_no_text_is_refused_with_advice(data):
    with pytest.raises(Invalid, match="另存为 UTF-8"):
        read_document(data, "a.txt")


def test_text_is_the_file_and_blocks_say_where_they_stand():
    read = read_document(REPORT.encode(), "report.txt")

    assert read.text == REPORT.replace("\r\n", "\n")
    assert all(read.text[one.start : one.end] == one.text for one in read.paragraphs)
    table = read.tables[0]
    assert read.text[table.start : table.end] == "信息内容\t本年制发件数\n规章\t0"
    assert [type(block).__name__ for block in read.blocks] == [
        "ReadParagraph", "ReadParagraph", "ReadTable", "ReadParagraph",
    ]  # fmt: skip


def test_lines_with_tabs_below_each_other_are_a_table():
    read = read_document("项目\t上年\t本年\n低保\t8\n特困\t\t9\n单独\n一行\t不是表".encode(), "a.txt")

    assert [table.rows for table in read.tables] == [(("项目", "上年", "本年"), ("低保", "8", ""), ("特困", "", "9"))]
    assert [one.text for one in read.paragraphs] == ["单独", "一行\t不是表"]


def test_drawn_table_is_a_table_and_its_place_is_known():
    drawn = """\
+------+-------------+
|      |    件数     |
| 项目 +------+------+
|      | 上年 | 本年 |
+------+------+------+
| 低保 |  8   | 1200 |
+------+------+------+"""
    read = read_document(f"附表\n{drawn}\n完\n".encode(), "a.txt")

    table = read.tables[0]
    assert table.rows == (("项目", "件数", "件数"), ("项目", "上年", "本年"), ("低保", "8", "1200"))
    assert [(cell.row, cell.column, cell.rowspan, cell.colspan) for cell in table.spans][:2] == [
        (0, 0, 2, 1),
        (0, 1, 1, 2),
    ]
    assert read.text[table.start : table.end] == drawn
    assert [one.text for one in read.paragraphs] == ["附表", "完"]


@pytest.mark.parametrize("text", ["+---+\n| 框 |\n+---+", "+--+--+\n没有竖线", "+----+\n|\n+\n", "++++++"])
def test_drawing_that_is_no_table_is_lines(text):
    read = read_document(text.encode(), "a.txt")

    assert read.tables == ()
    assert [one.text for one in read.paragraphs] == text.strip().split("\n")


def test_radicals_copied_from_a_pdf_are_characters():
    read = read_document("衡⼭县⺠政局2024年⼯作".encode(), "a.txt")

    assert read.text == "衡山县民政局2024年工作"


def test_control_characters_are_dropped():
    assert read_document("甲\x07\x0b乙".encode(), "a.txt").text == "甲乙"


@pytest.mark.parametrize("data", [b"", b"  \n\t\n", "　　".encode()])
def test_empty_file_is_refused(data):
    with pytest.raises(Invalid, match=r"空的|没有可以读取的文字"):
        read_document(data, "a.txt")
