"""What cells mean."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.sheets.cells import day_of, decimal_of, whole_of

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
WIDE = str.maketrans("0123456789.-,", "０１２３４５６７８９．－，")


@given(DAYS)
def test_a_day_is_read_however_it_is_written(day):
    serial = (day - date(1899, 12, 30)).days
    for text in (
        day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02}/{day.day}", f"{day:%Y%m%d}", str(serial), f"{serial}.0",
        day.isoformat().translate(WIDE), f" {day.year} 年 {day.month} 月 {day.day} 日 ",
    ):  # fmt: skip
        assert day_of(text) == day, text


def test_serial_numbers_agree_with_what_excel_shows():
    assert day_of("42434") == date(2016, 3, 5)
    assert day_of("36526") == date(2000, 1, 1)


@pytest.mark.parametrize(
    "text", ["", "明天", "2016-02-30", "2016-13-01", "3月5日", "12345", "99999", "2016-03-05 09:30", "²²²²²"]
)
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r"no day|month|range"):
        day_of(text)


@given(st.integers(-(10**12), 10**12))
def test_a_whole_number_is_read_however_it_is_written(number):
    for text in (str(number), f"{number:,}", f"{number}.0", str(number).translate(WIDE), f"{number:,}".translate(WIDE)):
        assert whole_of(text) == number, text


@given(st.decimals(-(10**9), 10**9, places=2))
def test_a_decimal_keeps_its_digits(number):
    assert decimal_of(f"{number:f}") == number


@pytest.mark.parametrize("text", ["", "三", "1,23", "1e5", "NaN", "Infinity", "1.2.3", "--1", "9" * 40, "٣"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="no number"):
        decimal_of(text)


def test_a_half_is_no_whole_number():
    with pytest.raises(ValueError, match="whole"):
        whole_of("1.5")
    assert decimal_of("1.5") == Decimal("1.5")


@given(st.text(max_size=30))
def test_any_text_is_a_value_or_a_value_error(text):
    for parse in (day_of, decimal_of, whole_of):
        try:
            parse(text)
        except ValueError:
            continue


def test_the_first_and_the_last_day_are_taken():
    assert day_of("32874") == date(1990, 1, 1)
    assert day_of("73050") == date(2099, 12, 31)
