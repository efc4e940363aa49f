"""The state of a text over the days at which it changes."""

from dataclasses import dataclass
from datetime import date

import pytest

D = date


@dataclass
class Dates:
    effective_on: date | None = None
    repealed_on: date | None = None
    valid_until: date | None = None


@pytest.fixture
def validity(app):
    from cms_plugins.regulations import validity

    return validity


def test_a_text_without_dates_is_in_force(validity):
    assert validity.validity_on(Dates(), D(2016, 6, 1)) is validity.Validity.VALID


@pytest.mark.parametrize(
    ("dates", "day", "state"),
    [
        (Dates(effective_on=D(2016, 6, 1)), D(2016, 5, 31), "pending"),
        (Dates(effective_on=D(2016, 6, 1)), D(2016, 6, 1), "valid"),
        (Dates(valid_until=D(2016, 6, 1)), D(2016, 6, 1), "valid"),
        (Dates(valid_until=D(2016, 6, 1)), D(2016, 6, 2), "expired"),
        (Dates(repealed_on=D(2016, 6, 1)), D(2016, 5, 31), "valid"),
        (Dates(repealed_on=D(2016, 6, 1)), D(2016, 6, 1), "repealed"),
        (Dates(repealed_on=D(2016, 6, 1), valid_until=D(2015, 6, 1)), D(2016, 5, 31), "expired"),
        (Dates(repealed_on=D(2016, 6, 1), valid_until=D(2015, 6, 1)), D(2016, 6, 1), "repealed"),
        (Dates(effective_on=D(2016, 7, 1), repealed_on=D(2016, 6, 1)), D(2016, 6, 1), "repealed"),
        (Dates(D(2011, 6, 1), None, D(2016, 5, 31)), D(2011, 5, 31), "pending"),
        (Dates(D(2011, 6, 1), None, D(2016, 5, 31)), D(2016, 5, 31), "valid"),
        (Dates(D(2011, 6, 1), None, D(2016, 5, 31)), D(2016, 6, 1), "expired"),
        (Dates(effective_on=D(2016, 2, 29)), D(2016, 2, 28), "pending"),
    ],
)
def test_dates_decide(validity, dates, day, state):
    assert validity.validity_on(dates, day) == state


@pytest.mark.parametrize(
    ("kind", "begins", "state"),
    [
        ("修改", D(2016, 6, 2), "valid"),
        ("修改", D(2016, 6, 1), "amended"),
        ("修改", None, "amended"),
        ("废止", D(2016, 6, 2), "valid"),
        ("废止", D(2016, 6, 1), "repealed"),
        ("依据", D(2016, 1, 1), "valid"),
    ],
)
def test_other_texts_take_effect_on_their_day(validity, kind, begins, state):
    assert validity.validity_on(Dates(), D(2016, 6, 1), [validity.Effect(kind, begins)]) == state


def test_an_amended_text_expires_and_is_repealed_like_any_other(validity):
    amended = [validity.Effect("修改", D(2015, 1, 1))]

    assert validity.validity_on(Dates(valid_until=D(2016, 5, 31)), D(2016, 6, 1), amended) == "expired"
    assert validity.validity_on(Dates(effective_on=D(2016, 6, 2)), D(2016, 6, 1), amended) == "pending"
    assert (
        validity.validity_on(Dates(), D(2016, 6, 1), [*amended, validity.Effect("废止", D(2016, 6, 1))]) == "repealed"
    )


def test_states_have_the_usual_chinese_names(validity):
    assert [state.label for state in validity.Validity] == [
        "尚未生效",
        "现行有效",
        "已修改",
        "已废止",
        "失效（有效期届满）",
    ]
