"""Statistics: sums that balance, rates with their base, numbers that lead to the list they count."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.kernel.text import plain_text


@pytest.fixture
def year(enter, act, write):
    """Enter six letters: answered in time, answered late, open, invalid, handed over, entered by mistake."""
    enter("phone", "consult", on=date(2016, 5, 3), answered_on=date(2016, 5, 3))
    enter("phone", "complaint", on=date(2016, 3, 1), answered_on=date(2016, 5, 3), topic="殡葬改革")
    enter("post", "complaint", on=date(2016, 5, 30), topic="殡葬改革")
    for action, fields in (
        ("dismiss", {"verdict": "invalid", "note": "内容空白"}),
        ("hand_over", {"verdict": "petition", "note": "信访事项", "reference": "信转1号", "on": "2016-06-01"}),
        ("dismiss", {"verdict": "mistake", "note": "登错"}),
    ):
        number = enter("onsite", "help", on=date(2016, 6, 1)).number
        act("officer", number, action, **fields)


def words(page):
    return re.sub(r"\s+", " ", plain_text(page))


def test_received_is_the_sum_of_its_parts_and_open_what_has_no_answer(people, year):
    text = words(people["officer"].get("/desk/letter-statistics").text)

    assert "收到5件有效 3 + 无效重复 1 + 转办 1" in text
    assert "已答复2件答复率 66.66%：答复 2 ÷ 有效 3" in text
    assert "在办1件有效 3 − 已答复 2" in text
    assert "按期答复1件按期率 50%：按期 1 ÷ 到期或已答 2" in text
    assert "统计不平衡" not in text


def test_a_whole_rate_stands_beside_its_base_too(people, enter):
    enter("phone", "consult", on=date(2016, 5, 3), answered_on=date(2016, 5, 3))

    assert "按期率 100%：按期 1 ÷ 到期或已答 1" in words(people["officer"].get("/desk/letter-statistics").text)


@given(st.integers(1, 100_000), st.integers(0, 100_000))
def test_a_rate_is_never_rounded_up_to_a_whole(whole, part):
    from cms_plugins.letters.statistics import Rate

    rate = Rate(part=min(part, whole), whole=whole)

    assert (rate.percent == "100%") == (rate.part == whole)


def test_the_published_example_of_a_circular(app):
    from cms_plugins.letters.statistics import Rate, Statistics

    numbers = Statistics(
        received=3059, valid=3059, dismissed=0, handed_over=0, answered=3055, open=4, due=3055, on_time=3055,
        public=0, days=0, satisfied={},
    )  # fmt: skip

    assert (numbers.answer_rate, numbers.answer_rate.percent) == (Rate(part=3055, whole=3059), "99.86%")
    assert numbers.problems == []


def test_an_imbalance_is_shown(people, cms, year):
    from cms_plugins.letters.models import Letter
    from sqlalchemy import update

    with cms.unit_of_work() as uow:
        uow.session.execute(update(Letter).where(Letter.channel == "post").values(state="closed"))

    text = words(people["officer"].get("/desk/letter-statistics").text)
    assert "统计不平衡" in text
    assert "正在办理 = 有效 − 已答复：0 ≠ 1" in text


def test_every_number_leads_to_a_list_of_so_many(people, year):
    page = people["officer"].get("/desk/letter-statistics").text
    links = re.findall(r'<a class="stat[^"]*" href="([^"]+)">.*?<span class="stat-value">(\d+)', page)

    assert len(links) == 4
    for url, number in links:
        total = re.search(r"共 (\d+) 条", people["officer"].get(url.replace("&amp;", "&")).text)[1]
        assert total == number, url


def test_channels_categories_and_topics_cross(people, year):
    page = people["officer"].get("/desk/letter-statistics?by=topic&across=category").text

    text = words(page.split("交叉统计")[-1])
    assert "殡葬改革 02" in text or "殡葬改革20" in text.replace(" ", "")
    assert "按期率" in people["officer"].get("/desk/letter-statistics?by=channel&channel=phone&topic=x'%22").text


def test_an_editor_counts_what_an_editor_sees(people, year):
    assert "收到0件" in words(people["stranger"].get("/desk/letter-statistics").text)


def test_the_table_can_be_taken_along(people, year):
    answer = people["officer"].get("/desk/letter-statistics.csv?by=channel")

    assert answer.mimetype == "text/csv"
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert "按期率,50%,1 ÷ 2" in lines
    assert "电话,2,2,2,0" in lines


@pytest.mark.parametrize("query", ["from=x&to=y", "from=2016-06-01&to=2016-01-01", "from=0001-01-01&to=9999-12-31",
                                   "by=nothing&across=%00", "from=2016-13-45"])  # fmt: skip
def test_strange_questions_get_the_present_year(people, year, query):
    assert 'value="2016-01-01"' in people["officer"].get(f"/desk/letter-statistics?{query}").text


def test_citizens_see_the_numbers_of_the_year_with_their_base(client, year, cms):
    assert "收到有效来信 3 件，已答复 2 件，正在办理 1 件，答复率 66.66%（2 ÷ 3）" in client.get("/letters/").text
