"""The table of states: every way ends in one result or is carried over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.api import NotAllowed


def states():
    from cms_plugins.applications import states

    return states


def test_every_state_can_be_reached_and_has_a_name():
    table = states()
    reached, waiting = set(), {None}
    while waiting:
        here = waiting.pop()
        reached.add(here)
        waiting |= {after for (before, _step), after in table.TRANSITIONS.items() if before is here} - reached

    assert reached - {None} == set(table.State)
    assert set(table.State) == table.OPEN | table.DONE | table.UNCOUNTED
    assert len({table.state_label(state) for state in table.State}) == len(table.State)
    assert len({table.step_label(step) for step in table.Step}) == len(table.Step)


@given(st.data())
def test_every_history_has_exactly_one_result_or_is_still_open(data):
    table = states()
    state, results, was_open = None, 0, False
    for _ in range(data.draw(st.integers(1, 40))):
        steps = sorted(step for before, step in table.TRANSITIONS if before is state)
        if not steps:
            break
        following = table.after(state, data.draw(st.sampled_from(steps)))
        results += following in table.DONE and state not in table.DONE
        was_open = was_open or following in table.OPEN
        assert not (state in table.DONE and following not in table.DONE), "a closed application never opens again"
        assert not (was_open and following in table.UNCOUNTED), "what was received stays received"
        state = following

    assert results == (state in table.DONE)


def test_a_step_that_does_not_exist_is_refused_with_both_names():
    table = states()

    with pytest.raises(NotAllowed, match=r"待补正.*签批"):
        table.after(table.State.AWAIT_CORRECTION, table.Step.SIGN)


@pytest.mark.parametrize(
    ("state", "step", "exists"),
    [
        ("await_correction", "submit_answer", False), ("await_correction", "extend", False),
        ("answered", "withdraw", False), ("archived", "reopen", True), ("submitted", "accept", False),
        ("review", "extend", True), ("signed", "extend", False), ("consulting", "consult", True),
        ("withdrawn", "register", False), ("redo_signed", "serve", True),
    ],
)  # fmt: skip
def test_steps_are_offered_where_the_law_has_them(state, step, exists):
    table = states()

    assert (table.Step(step) in table.offered(table.State(state))) == exists
