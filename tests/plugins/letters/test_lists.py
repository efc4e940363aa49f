"""A list from another system becomes letters: all rows or none, every mistake by line and column."""

import csv
import io

import pytest
from sqlalchemy import select

from cms.kernel.errors import Invalid

IMPORT = "/desk/letters/import"
HEAD = [
    "工单编号",
    "标题",
    "收到时间",
    "诉求类型",
    "内容",
    "来信人",
    "电话",
    "承办科室",
    "答复日期",
    "答复内容",
    "加急",
]
ROWS = [
    ["G001", "路灯不亮", "2016-05-30 09:30", "投诉", "请修", "王五", "13700137000", "社会救助股", "", "", "是"],
    ["G002", "怎样办证", "2016/5/31", "咨询", "", "", "", "", "2016年6月1日", "已电话答复", ""],
]  # fmt: skip


def as_csv(rows, encoding="utf-8-sig", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEAD, *rows])
    return text.getvalue().encode(encoding)


def as_xlsx(rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in [HEAD, *rows]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def send(people):
    def send(content, name="工单.csv", who="officer", **changes):
        data = {
            "channel": "hotline_12345", "category": "help", "source": "12345平台导出", "file": (io.BytesIO(content), name),
            **changes,
        }  # fmt: skip
        return people[who].post(IMPORT, data=data, content_type="multipart/form-data", follow_redirects=True)

    return send


@pytest.fixture
def letters(cms):
    def letters():
        from cms_plugins.letters.models import Letter

        with cms.reading() as session:
            return list(session.scalars(select(Letter).order_by(Letter.id)))

    return letters


FILES = {
    "utf-8": (as_csv(ROWS), "a.csv"), "gb18030": (as_csv(ROWS, "gb18030"), "a.csv"),
    "tabs": (as_csv(ROWS, delimiter="\t"), "a.txt"), "xlsx": (as_xlsx(ROWS), "a.xlsx"),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_every_row_becomes_a_letter(send, letters, kind):
    page = send(*FILES[kind]).text

    assert "已导入 2 件；另有 0 件早已登记" in page
    first, second = letters()
    assert (first.external_no, first.channel, first.category, first.state, first.is_urgent) == (
        "G001", "hotline_12345", "complaint", "assigned", True,
    )  # fmt: skip
    assert (first.source, f"{first.received_at:%H:%M}") == ("12345平台导出", "01:30")
    assert (second.state, str(second.answered_on), second.answer) == ("answered", "2016-06-01", "已电话答复")


def test_the_same_list_again_adds_nothing(send, letters):
    send(as_csv(ROWS))

    assert "已导入 1 件；另有 2 件早已登记" in send(as_csv([*ROWS, ["G003", "新", "2016-06-01", *[""] * 8]])).text
    assert len(letters()) == 3


def test_one_mistake_keeps_all_rows_out_and_is_named_by_line_and_column(send, letters):
    rows = [
        *ROWS, ["", "", "", *[""] * 8], ["G4", "", "明天", "骂人", "", "", "", "不存在科", "", "", "也许"],
        ["G5", "来自未来", "2016-06-02", *[""] * 8],
    ]  # fmt: skip
    answer = send(as_csv(rows))

    assert answer.status_code == 422
    assert letters() == []
    for line, heading, sentence in (
        (5, "收到时间", "请填写日期或时间"), (5, "诉求类型", "应为：咨询、求助"), (5, "承办科室", "没有这个科室"),
        (5, "加急", "请填写“是”或“否”"), (6, "收到时间", "日期不能晚于今天"),
    ):  # fmt: skip
        row = answer.text.split(f"第 {line} 行", 1)[1]
        assert heading in row
        assert sentence in row


def test_a_check_keeps_nothing(send, letters):
    page = send(as_csv(ROWS), check="1").text

    assert "没有错误：可导入 2 件" in page
    assert letters() == []


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.csv", "文件是空的"), (b"\xff\xd8\xff\xe0" + b"0" * 99, "a.jpg", "不支持这种文件"),
        (as_csv(ROWS), "a.xlsx", "与扩展名"), (b"PK\x03\x04" + b"0" * 60, "a.xlsx", ""),
        ("标题,标题\n一,二".encode(), "a.csv", "列名重复：标题"), ("标题,颜色\n一,红".encode(), "a.csv", "不认识的列：颜色"),
        ("内容\n一".encode(), "a.csv", "缺少列：标题、收到时间"), ("标题,收到时间\n".encode(), "a.csv", "表中没有内容"),
        (b",,\n1,2,3", "a.csv", "第一行应为列名"),
        (as_csv([["", f"第{n}件", "2016-06-01", *[""] * 8] for n in range(2001)]), "a.csv", "一次最多 2000 行"),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_file_that_will_not_do_is_refused_with_a_sentence(send, letters, content, name, sentence):
    answer = send(content, name)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert letters() == []


def test_a_huge_file_is_refused_unread():
    from cms_plugins.letters.list_files import read_list

    with pytest.raises(Invalid, match="文件超过 5 MB"):
        read_list(b"x" * 5_000_001, "a.csv")


def test_without_a_file_the_form_says_so(people):
    answer = people["officer"].post(IMPORT, data={"channel": "hotline_12345"})

    assert (answer.status_code, "请选择文件" in answer.text) == (422, True)


def test_the_empty_table_has_all_columns(people):
    from openpyxl import load_workbook

    sheet = load_workbook(io.BytesIO(people["editor"].get("/desk/letters/import.xlsx").get_data())).active

    assert [cell.value for cell in sheet[1]][:4] == ["渠道", "诉求类型", "工单编号", "标题"]
