"""补录 in the desk: pasted lines, files, mistakes, who may."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from cms.accounts.policy import Role
from cms.registers.models import Tally

PAGE = "/desk/sheets/tallies"
METRIC = "letters.web_replies"
#: In the order of the columns: what, when, how many, source.
GOOD = f"{METRIC}\t2016年3月5日\t３\t来访登记簿第3页\n{METRIC}\t2016.3.6\t0\t来访登记簿第4页\n"
BAD = f"统计事项\t日期\t数量\t依据\n{METRIC}\t明天\t3\t<b>簿</b>\n{METRIC}\t2016-03-06\t2\t簿\n"


@pytest.fixture
def editor(sign_in):
    return sign_in(Role.EDITOR)


@pytest.fixture
def count(cms):
    def count():
        with cms.reading() as session:
            return session.scalar(select(func.count()).select_from(Tally))

    return count


def test_pasted_lines_are_kept_without_headings_in_the_order_of_the_columns(editor, count):
    answer = editor.post(PAGE, data={"lines": GOOD}, follow_redirects=True)

    assert "已录入 2 行；另有 0 行早已登记。" in answer.text
    assert count() == 2


def test_one_mistake_keeps_nothing_and_everything_typed_stays(editor, count):
    answer = editor.post(PAGE, data={"lines": BAD})

    assert answer.status_code == 422
    assert "有 1 处错误，没有录入" in answer.text
    assert "“明天”不是日期" in answer.text.split("第 2 行", 1)[1]
    assert "&lt;b&gt;簿&lt;/b&gt;" in answer.text
    assert count() == 0


def test_the_rows_of_a_file_come_into_the_box_to_be_corrected(editor, count):
    content = BAD.replace("\t", ",").encode("gb18030")
    answer = editor.post(PAGE, data={"file": (io.BytesIO(content), "a.csv")})

    assert answer.status_code == 422
    assert f"{METRIC}\t明天\t3\t" in answer.text
    corrected = BAD.replace("明天", "2016-03-05")
    assert editor.post(PAGE, data={"lines": corrected}).status_code == 302
    assert count() == 2


def test_a_check_keeps_nothing(editor, count):
    page = editor.post(PAGE, data={"lines": GOOD, "check": "1"}).text

    assert "没有错误：可录入 2 行" in page
    assert "来访登记簿第3页" in page
    assert count() == 0


def test_the_same_lines_are_taken_in_again_only_when_asked_for(editor, count):
    editor.post(PAGE, data={"lines": GOOD})
    refused = editor.post(PAGE, data={"lines": GOOD})

    assert (refused.status_code, "已经录入过" in refused.text, "来访登记簿第3页" in refused.text) == (422, True, True)
    editor.post(PAGE, data={"lines": GOOD, "again": "y"})
    assert count() == 4


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请选择文件，或粘贴表格"), ({"lines": "\t".join("一" * 12)}, "列数多于 9 列"),
        ({"lines": "日期\n2016-03-05"}, "缺少列：统计事项、数量、依据"),
    ],
    ids=range(3),
)  # fmt: skip
def test_what_will_not_do_is_refused_with_a_sentence(editor, data, sentence):
    answer = editor.post(PAGE, data=data)

    assert (answer.status_code, sentence in answer.text) == (422, True)


def test_the_empty_table_can_be_downloaded_from_the_list(editor):
    assert f'href="{PAGE}.xlsx"' in editor.get("/desk/sheets").text
    book = load_workbook(io.BytesIO(editor.get(f"{PAGE}.xlsx").get_data()))

    assert [cell.value for cell in book.worksheets[0][1]][:4] == ["统计事项", "日期", "数量", "依据"]


@pytest.mark.parametrize("role", list(Role))
def test_a_register_is_filled_by_those_who_may_record_in_it(sign_in, app, role):
    client = sign_in(role)
    may = "tally.record" in app.extensions["cms"].contributions.policy.grants.get(role, frozenset())

    for method, path in (("GET", PAGE), ("POST", PAGE), ("GET", f"{PAGE}.xlsx")):
        assert (client.open(path, method=method).status_code != 403) == may, (method, path)
    assert (f'href="{PAGE}"' in client.get("/desk/sheets").text) == may
    assert client.get("/desk/sheets/nothing").status_code in ({404} if may else {403, 404})


def test_nobody_comes_in_without_signing_in(client):
    assert client.get(PAGE).status_code == 302
