from itertools import starmap

import pytest

from cms.kernel.telephone import Piece, pieces


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0734-5800120", "07345800120"),
        ("（0734）5800120", "07345800120"),
        ("0734 5800120", "07345800120"),
        ("07345800120", "07345800120"),
        ("13812345678", "13812345678"),
        ("+86 13812345678", "+8613812345678"),
        ("400-123-4567", "4001234567"),
        ("12345", "12345"),
        ("110", "110"),
    ],
)
def test_numbers_are_found_as_they_are_written_in_china(text, number):
    assert [piece.number for piece in pieces(text) if piece.number] == [number]


def test_what_stands_around_a_number_stays():
    found = list(pieces("0734-5800160（基层政权股，可转接）、0734-5800110"))

    assert found == list(
        starmap(
            Piece,
            [
                ("0734-5800160", "07345800160"),
                ("（基层政权股，可转接）、",),
                ("0734-5800110", "07345800110"),
            ],
        )
    )


@pytest.mark.parametrize("text", ["", "请到窗口咨询", "8:30—12:00", "2016年", "430423", "1234567890123"])
def test_other_numbers_are_left_alone(text):
    assert [piece for piece in pieces(text) if piece.number] == []
