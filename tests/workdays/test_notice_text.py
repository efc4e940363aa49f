"""Reading a notice as the State Council words it: everything it says twice must agree."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.kernel.errors import Invalid
from cms.workdays.bundled import as_json, bundled_notices
from cms.workdays.notice_text import read_notice

#: Real wordings of several years.
WORDINGS = """
2026 一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。 | 0101 0102 0103 | 0104
2025 一、元旦：1月1日（周三）放假1天，不调休。 | 0101 |
2025 国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。 | 1001 1002 1003 1004 1005 1006 1007 1008 | 0928 1011
2018 一、元旦：1月1日放假，与周末连休。 | 0101 |
2017 一、元旦：1月1日放假，1月2日（星期一）补休。 | 0101 0102 |
2019 一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。 | 1230 1231 0101 | 1229
2020 三、清明节：4月4日至6日放假调休，共3天。 | 0404 0405 0406 |
2008 四、“五一”国际劳动节：5月1日—3日放假，共3天。5月4日（星期日）上班。 | 0501 0502 0503 | 0504
2027 元旦：2027-01-01至2027-01-03放假 | 0101 0102 0103 |
"""


@pytest.mark.parametrize("line", WORDINGS.strip().splitlines())
def test_real_wordings_are_read(line):
    text, off, on = line.split("|")
    year, _space, paragraph = text.partition(" ")
    notice = read_notice(paragraph, year=year, source="通知")

    assert [f"{day:%m%d}" for day in notice.holidays] == off.split()
    assert [f"{day:%m%d}" for day in notice.workdays] == on.split()


def test_a_whole_notice_can_be_pasted(notice_2027):
    assert notice_2027.year == 2027
    assert len(notice_2027.holidays) == 27
    assert [day.isoformat()[5:] for day in notice_2027.workdays] == [
        "01-31",
        "02-20",
        "04-25",
        "05-08",
        "09-26",
        "10-09",
    ]
    assert notice_2027.holidays[date(2027, 2, 5)] == "春节"


def test_make_up_days_may_stand_in_a_line_of_their_own():
    notice = read_notice(
        "国庆节：10月1日至7日放假调休，共7天。\n9月26日（周日）、10月9日（周六）上班。", year="2027", source=""
    )

    assert notice.workdays == {date(2027, 9, 26): "国庆节", date(2027, 10, 9): "国庆节"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("元旦：1月1日（周三）放假1天", "第 1 行：1月1日是星期五，这里写的是星期三；请核对年份和日期。"),
        ("\n元旦：1月1日至3日放假，共2天", "第 2 行：写的是2天，日期算下来是3天。"),
        ("元旦：1月1日放假3天", "第 1 行：写的是3天，日期算下来是1天。"),
        ("1月1日放假", "第 1 行：请在日期前写上节日名称和冒号，例如“元旦：1月1日放假”。"),
        ("元旦：1月1日至3日", "第 1 行：1月1日没有写明“放假”还是“上班”。"),
        ("元旦：2月30日放假", "第 1 行：“2月30日”不是有效的日期。"),
        ("元旦：5日放假", "第 1 行：“5日”不是有效的日期。"),
        ("国庆节：10月7日至1日放假", "第 1 行：从10月7日到10月1日不像一段假期。"),
        ("国庆节：10月1日至12月1日放假", "第 1 行：从10月1日到12月1日不像一段假期。"),
        ("元旦：1月1日放假\n元旦：1月1日放假", "第 2 行：1月1日重复出现。"),
        ("今年照旧。", "没有找到放假日期；请粘贴通知中各节日的段落。"),
        ("", "没有找到放假日期；请粘贴通知中各节日的段落。"),
        ("元" * 60_000, "内容太长，请只保留各节日的段落。"),
        ('{"year": 2027,\n "holidays": ]}', "第 2 行：不是有效的 JSON。"),
        ('{"a":' + "[" * 40_000, "不是节假日安排的 JSON。"),
        ('{"year": "2027", "holidays": [], "workdays": []}', "JSON 的 year 应为年份，例如 2027。"),
        ('{"year": 2026, "holidays": [], "workdays": []}', "JSON 是 2026 年的，与填写的年份不同。"),
        ('{"year": 2027, "holidays": [{"date": "1月1日", "name": "元旦"}], "workdays": []}',
         'holidays 第 1 项应为 {"date": "2027-01-01", "name": "元旦"} 的形式。'),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_their_line(text, problem):
    with pytest.raises(Invalid) as refused:
        read_notice(text, year="2027", source="通知")
    assert problem in refused.value.errors["text"]


@pytest.mark.parametrize("year", ["", "二〇二七", "27", "2027年"])
def test_year_is_needed_with_words(year):
    with pytest.raises(Invalid) as refused:
        read_notice("元旦：1月1日放假", year=year, source="通知")
    assert list(refused.value.errors) == ["year"]


@pytest.mark.parametrize("notice", bundled_notices(), ids=lambda one: str(one.year))
def test_json_of_the_bundled_files_is_read_back(notice):
    assert read_notice(as_json(notice), year="", source="") == notice


def test_json_may_give_make_up_days_without_names():
    notice = read_notice(
        '{"year": 2027, "source": "通知", "holidays": [], "workdays": ["2027-01-31"]}', year="", source=""
    )

    assert notice.workdays == {date(2027, 1, 31): "调休"}


@given(
    st.text(st.sampled_from('元旦：1月日至3、（周五）放假上班共天0年2027-\n{}[]"\x00 补休，。'), max_size=80),
    st.text(max_size=6),
)
def test_whatever_is_typed_is_read_or_refused(text, year):
    try:
        notice = read_notice(text, year=year, source="")
    except Invalid:
        return
    assert notice.holidays
