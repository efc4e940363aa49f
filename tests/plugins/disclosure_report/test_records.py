"""The ids behind frozen numbers: packed into few bytes, in the order of their lists."""

import pytest
from cms_plugins.disclosure_report.records import pack, unpack
from hypothesis import given
from hypothesis import strategies as st

from cms.figures.crosstab import CellEntry


@given(st.lists(st.builds(CellEntry, st.integers(-50, 50), st.integers(-2, 4)), max_size=60))
def test_nothing_is_lost_by_packing(entries):
    assert list(unpack(pack(entries))) == entries


@pytest.mark.parametrize(
    ("entries", "text"),
    [
        ([], ""),
        ([(7, 1)], "7"),
        ([(7, 1), (8, 1), (9, 1)], "7..9"),
        ([(-1, 1), (-2, 1), (-3, 1), (4, 1)], "-1..-3 4"),
        ([(12, 5), (13, 1), (14, 0)], "12:5 13 14:0"),
    ],
)
def test_runs_are_short(entries, text):
    assert pack(CellEntry(*entry) for entry in entries) == text


def test_ten_thousand_records_in_a_row_take_no_room():
    assert pack(CellEntry(number, 1) for number in range(1, 10_001)) == "1..10000"
