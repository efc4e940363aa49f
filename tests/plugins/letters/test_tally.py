"""Counting at the counter: one tap, its undoing, the weekly sheet on paper and on the screen."""

import re
from datetime import date

import pytest
from sqlalchemy import func, select

from cms.registers.models import Tally

COUNTER, SHEET = "/desk/letter-tally", "/desk/letter-tally/sheet"


@pytest.fixture
def lines(cms):
    """Return a function that gives the lines of the tally register."""

    def lines():
        with cms.reading() as session:
            return [
                (one.occurred_on, one.channel, one.topic, one.quantity, one.source, one.corrects_id)
                for one in session.scalars(select(Tally).order_by(Tally.id))
            ]

    return lines


def test_one_tap_counts_one(people, lines):
    answer = people["editor"].post(COUNTER, data={"tap": "onsite|城乡低保"})

    assert lines() == [(date(2016, 6, 1), "onsite", "城乡低保", 1, "快速计数（bianji）", None)]
    page = people["editor"].get(answer.headers["Location"]).text
    assert "今天共 1 人次" in page
    # The keyboard stays where it was, so that the next visitor is one key away.
    assert re.search(r'value="onsite\|城乡低保" autofocus aria-label="现场，城乡低保，今天已计 1"', page)


def test_the_last_tap_is_undone_by_a_counter_entry(people, lines):
    for tap in ("onsite|城乡低保", "phone|婚姻登记"):
        people["editor"].post(COUNTER, data={"tap": tap})
    page = people["editor"].post(COUNTER, data={"undo": "1"}, follow_redirects=True).text

    assert "已撤销：电话 · 婚姻登记" in page
    assert [(line[1], line[3], line[5]) for line in lines()] == [
        ("onsite", 1, None), ("phone", 1, None), ("phone", -1, 2),
    ]  # fmt: skip
    people["editor"].post(COUNTER, data={"undo": "1"})
    page = people["editor"].post(COUNTER, data={"undo": "1"}, follow_redirects=True).text
    assert "没有可以撤销的计数" in page
    assert sum(line[3] for line in lines()) == 0


def test_nobody_undoes_what_another_counted(people, lines):
    people["editor"].post(COUNTER, data={"tap": "onsite|城乡低保"})
    page = people["stranger"].post(COUNTER, data={"undo": "1"}, follow_redirects=True).text

    assert "没有可以撤销的计数" in page
    assert len(lines()) == 1


@pytest.mark.parametrize("tap", ["pigeon|城乡低保", "", "|", "onsite", "\x00|x"])
def test_a_strange_tap_counts_nothing_strange(people, lines, tap):
    assert people["editor"].post(COUNTER, data={"tap": tap}).status_code == 302
    assert [line[1] for line in lines()] == (["onsite"] if tap == "onsite" else [])


def test_letters_registered_today_are_named_so_that_nothing_counts_twice(people, enter):
    enter("onsite", "consult")

    assert "今天另有 1 件已逐件登记为信件" in people["editor"].get(COUNTER).text


def test_the_office_changes_its_topics(people, lines):
    page = people["officer"].post(
        "/desk/settings/topics", data={"topics": "养老服务\n 儿童福利 \n"}, follow_redirects=True
    )
    assert page.status_code == 200

    page = people["editor"].get(COUNTER).text
    assert "养老服务" in page
    assert "优抚安置" not in page
    people["editor"].post(COUNTER, data={"tap": "web|儿童福利"})
    assert lines()[0][2] == "儿童福利"
    assert '<option value="养老服务">' in people["editor"].get("/desk/tallies").text
    assert '<option value="养老服务">' in people["editor"].get("/letters/new").text


def token(page):
    return re.search(r'name="token" value="([^"]+)"', page)[1]


def test_a_sheet_is_entered_once(people, lines):
    page = people["editor"].get(f"{SHEET}?day=2016-05-25").text
    assert "5.23" in page
    data = {
        "day": "2016-05-23", "token": token(page), "topic": ["城乡低保", "婚姻登记"], "source": "咨询计数表第3页",
        "onsite-0-0": "12", "onsite-1-4": "3", "phone-0-6": "0",
    }  # fmt: skip
    answer = people["editor"].post(SHEET, data=data, follow_redirects=True)

    assert "已登记 3 格" in answer.text
    assert [line[:4] for line in lines()] == [
        (date(2016, 5, 23), "onsite", "城乡低保", 12), (date(2016, 5, 27), "onsite", "婚姻登记", 3),
        (date(2016, 5, 29), "phone", "城乡低保", 0),
    ]  # fmt: skip
    assert "已登 12" in answer.text

    again = people["editor"].post(SHEET, data=data)
    assert (again.status_code, "这张表已经保存过" in again.text, len(lines())) == (422, True, 3)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"onsite-0-1": "十二"}, "应为 0 到 9999 的整数"), ({"onsite-0-1": "-1"}, "应为 0 到 9999 的整数"),
        ({"onsite-0-1": "99999"}, "应为 0 到 9999 的整数"), ({"source": " "}, "请写明依据"),
        ({"onsite-0-0": ""}, "表中还没有数字"), ({"day": "2016-06-06"}, "日期不能晚于今天"),
    ],
)  # fmt: skip
def test_a_mistake_on_a_sheet_keeps_the_sheet_and_saves_nothing(people, lines, changes, sentence):
    data = {"day": "2016-05-23", "token": "t", "topic": "城乡低保", "source": "第3页", "onsite-0-0": "12", **changes}

    answer = people["editor"].post(SHEET, data=data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert lines() == []
    if "onsite-0-0" not in changes:
        assert re.search(r'name="onsite-0-0" value="12"', answer.text)


def test_a_scan_of_the_sheet_stands_behind_every_line(people, cms):
    import io

    data = {"day": "2016-05-23", "token": "t", "topic": "城乡低保", "source": "第3页", "onsite-0-0": "12",
            "file": (io.BytesIO("扫描".encode()), "计数表.txt")}  # fmt: skip
    assert people["editor"].post(SHEET, data=data, content_type="multipart/form-data").status_code == 302

    with cms.reading() as session:
        assert session.scalar(select(func.count()).where(Tally.evidence_id.is_not(None))) == 1


def test_the_paper_sheet_is_one_page_with_all_days_and_topics(people, cms):
    from cms.documents.readers.files import read_document

    answer = people["editor"].get("/desk/letter-tally/sheet.docx?day=2016-05-25")
    assert answer.mimetype.endswith("wordprocessingml.document")
    text = read_document(answer.get_data(), "sheet.docx").text
    for word in (
        "2016年5月23日 至 2016年5月29日",
        "周一 5.23",
        "周日 5.29",
        "村（居）委会选举",
        "现场",
        "电话",
        "网上",
    ):
        assert word in text

    pdf = people["editor"].get("/desk/letter-tally/sheet.pdf?day=2016-05-25")
    if pdf.status_code == 200:
        assert pdf.get_data().count(b"/Type /Page\n") <= 1
    assert people["editor"].get("/desk/letter-tally/sheet.exe").status_code == 404
