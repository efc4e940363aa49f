"""Query codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.personal.codes import ALPHABET, code_matches, new_code, seal_code
from cms.personal.keyring import Keyring

KEYS = Keyring(lambda: ("k" * 40,))
PLACE = "visits__visit.code"


def test_codes_are_grouped_and_hold_nothing_that_looks_like_something_else():
    codes = [new_code() for _ in range(500)]

    assert len(set(codes)) == 500
    assert all([len(group) for group in code.split("-")] == [4, 4, 4] for code in codes)
    assert set("".join(codes)) - {"-"} <= set(ALPHABET)
    assert not set(ALPHABET) & set("01OILSZB")


@pytest.mark.parametrize(
    "spell", [str, str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")]
)
def test_spellings_of_a_code_match(spell):
    code = new_code()

    assert code_matches(KEYS, seal_code(KEYS, code, PLACE), spell(code), PLACE)


def test_full_width_letters_match():
    stored = seal_code(KEYS, "7KMX-2QHA-9TRD", PLACE)

    assert code_matches(KEYS, stored, "７ＫＭＸ－２ＱＨＡ－９ＴＲＤ", PLACE)


@given(st.text())
def test_nothing_else_matches_and_no_record_matches_nothing(typed):
    stored = seal_code(KEYS, "7KMX-2QHA-9TRD", PLACE)

    assert not code_matches(KEYS, stored, typed, PLACE)
    assert not code_matches(KEYS, "", typed, PLACE)


def test_what_is_stored_does_not_show_the_code():
    code = new_code()

    assert code.split("-")[0] not in seal_code(KEYS, code, PLACE)
    assert seal_code(KEYS, code, PLACE) != seal_code(KEYS, code, PLACE)
