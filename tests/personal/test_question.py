"""The question against robots: words, numbers, sound."""

import base64
import io
import json
import wave
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.intake import question as questions
from cms.intake.question import in_words, number_in
from cms.intake.sound import WORDS, spoken
from cms.intake.throttle import address_hash, minutes_left

SECRET, NOW = "s" * 40, datetime(2016, 6, 1, 2, tzinfo=UTC)


def test_every_question_has_an_answer_of_its_own_token():
    asked = [questions.ask(SECRET, "letters", NOW) for _ in range(300)]

    assert len({one.token for one in asked}) == 300
    assert {one.operation for one in asked} == {"加", "减"}
    assert all(0 <= one.answer <= 40 for one in asked)
    assert all(questions.read(SECRET, one.token) == one for one in asked)
    assert all(questions.read("x" * 40, one.token) is None for one in asked)


def test_question_is_written_in_words():
    one = questions.Question("", 7, "加", 12)

    assert one.text == "七加十二等于多少？"
    assert list(one.words) == ["请问", "七", "加", "十", "二", "等于多少"]


@pytest.mark.parametrize("typed", ["19", "１９", " 19 ", "十九", "一十九", "壹拾玖", "19。", "1 9"])
def test_spellings_of_the_answer(typed):
    assert questions.Question("", 7, "加", 12).is_answered_by(typed)


@pytest.mark.parametrize(
    "typed", ["", "18", "二十", "-19", "19.0", "1９x", "十九点", "019十", "\0", "nineteen", "九十"]
)
def test_other_answers_are_wrong(typed):
    assert not questions.Question("", 7, "加", 12).is_answered_by(typed)


def test_numbers_are_not_in_the_token():
    one = questions.ask(SECRET, "letters", NOW)
    payload = base64.urlsafe_b64decode(one.token.split(".")[0] + "==")

    assert in_words(one.first) not in payload.decode("utf-8", "ignore")
    assert set(json.loads(payload)) == {"form", "at", "nonce"}


@given(st.integers(0, 40))
def test_numbers_in_words_are_understood(number):
    assert number_in(in_words(number)) == number
    assert number_in(str(number)) == number


@given(st.text())
def test_anything_may_be_typed(text):
    assert number_in(text) is None or number_in(text) >= 0
    assert questions.read(SECRET, text) is None
    assert not questions.is_valid(SECRET, text, "letters", NOW)


@given(st.integers(-100, 400))
def test_question_is_valid_for_three_hours(minutes):
    one = questions.ask(SECRET, "letters", NOW)

    assert questions.is_valid(SECRET, one.token, "letters", NOW + timedelta(minutes=minutes)) == (0 <= minutes <= 180)
    assert not questions.is_valid(SECRET, one.token, "applications", NOW)


def test_every_word_of_every_question_can_be_spoken():
    for first in range(21):
        for second in range(21):
            for operation in "加减":
                words = questions.Question("", first, operation, second).words
                assert set(words) <= set(WORDS)


def test_sound_is_a_wave_of_all_its_words():
    def seconds(words):
        with wave.open(io.BytesIO(spoken(words))) as sound:
            assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 1, 11025)
            return sound.getnframes() / sound.getframerate()

    assert seconds(["七", "加", "五"]) < seconds(["请问", "七", "加", "五", "等于多少"])
    with pytest.raises(KeyError):
        spoken(["百"])


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("10.0.0.1", "::ffff:10.0.0.1", True),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("", "unknown", False),
    ],
)
def test_addresses_that_count_together(first, second, same):
    assert (address_hash(SECRET, first, NOW) == address_hash(SECRET, second, NOW)) is same


@given(st.ip_addresses())
def test_hash_of_an_address_changes_every_day_in_shanghai(address):
    one = address_hash(SECRET, str(address), NOW)

    assert address_hash(SECRET, str(address), NOW + timedelta(hours=13, minutes=59)) == one
    assert address_hash(SECRET, str(address), NOW + timedelta(hours=14)) != one
    assert address_hash("x" * 40, str(address), NOW) != one
    assert str(address) not in one


@pytest.mark.parametrize(("minute", "second", "left"), [(0, 0, 60), (0, 1, 60), (1, 0, 59), (59, 0, 1), (59, 59, 1)])
def test_minutes_until_counting_begins_anew(minute, second, left):
    assert minutes_left(NOW.replace(minute=minute, second=second)) == left
