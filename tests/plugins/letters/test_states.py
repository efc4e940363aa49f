"""The table of states: whatever is tried in whatever order, a letter keeps to it and its facts keep to its state."""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cms.accounts.models import User
from cms.accounts.policy import Actor
from cms.figures.figure import Period
from cms.kernel.errors import Conflict, Invalid, NotAllowed
from cms.testing.factories import make_user

TODAY = date(2016, 6, 1)
EVERYTHING = frozenset({
    f"letters.{name}"
    for name in ("view", "register", "answer", "review", "publish", "screen", "assign", "configure", "reveal")
})  # fmt: skip
NAMES = (
    "screen", "invalid", "duplicate", "mistake", "to_petition", "to_application", "restore", "assign", "accept",
    "give_back", "draft", "refuse", "review", "answer", "record", "publish", "take_off", "rate", "call_back", "close",
    "redo", "extend", "urge", "amend", "reissue",
)  # fmt: skip
#: Names of steps → their action, where the names differ.
ACTIONS = {
    "invalid": "dismiss", "duplicate": "dismiss", "mistake": "dismiss", "to_petition": "hand_over",
    "to_application": "hand_over", "record": "record_answer",
}  # fmt: skip


@dataclass
class World:
    """What every step needs."""

    cms: object
    officer: Actor
    author: Actor
    office: int
    other: str


def step(world, uow, letter, name):
    """Take one step, as somebody who has every permission."""
    from cms_plugins.letters import amending, answering, following, publishing, screening
    from cms_plugins.letters.terms import Category, Satisfaction, Verdict

    officer, ring = world.officer, world.cms.keyring

    def forward(verdict):
        given = screening.ForwardInput(verdict=verdict, on=TODAY, reference="转办单1号", note="不属于咨询")
        screening.forward(uow, ring, letter, given, actor=officer)

    def amend():
        facts = amending.Correction.of(letter)
        flipped = Category.HELP if letter.category is Category.CONSULT else Category.CONSULT
        given = amending.Correction(**{**vars(facts), "category": flipped})
        amending.amend(uow, letter, given, actor=officer, note="看错了")

    text = publishing.PublicText(title="标题", text="内容", answer="答复", is_checked=True)
    {
        "screen": lambda: screening.screen(uow, letter, actor=officer),
        "invalid": lambda: screening.dismiss(uow, letter, Verdict.INVALID, actor=officer, note="内容空白"),
        "duplicate": lambda: screening.dismiss(
            uow, letter, Verdict.DUPLICATE, actor=officer, note="重复", duplicate_of=world.other
        ),
        "mistake": lambda: screening.dismiss(uow, letter, Verdict.MISTAKE, actor=officer, note="登错"),
        "to_petition": lambda: forward(Verdict.PETITION),
        "to_application": lambda: forward(Verdict.APPLICATION),
        "restore": lambda: screening.restore(uow, letter, actor=officer, note="判断有误"),
        "assign": lambda: screening.assign(uow, letter, world.office, actor=officer),
        "accept": lambda: screening.accept(uow, letter, actor=world.author),
        "give_back": lambda: screening.give_back(uow, letter, actor=world.author, note="不是我科"),
        "draft": lambda: answering.draft(uow, letter, "答复", actor=world.author),
        "refuse": lambda: answering.refuse(uow, letter, actor=officer, note="再改"),
        "review": lambda: answering.review(uow, letter, actor=officer),
        "answer": lambda: answering.answer(uow, letter, actor=world.author),
        "record": lambda: answering.record_answer(uow, letter, "当场答复", actor=officer, on=TODAY),
        "publish": lambda: publishing.publish(uow, letter, text, actor=officer),
        "take_off": lambda: publishing.take_off(uow, letter, actor=officer, note="撤"),
        "rate": lambda: following.rate(uow, letter, Satisfaction.SATISFIED),
        "call_back": lambda: following.call_back(uow, letter, None, actor=officer, note="已电话回访"),
        "close": lambda: following.close(uow, letter, actor=officer),
        "redo": lambda: answering.redo(uow, letter, actor=officer, note="不满意"),
        "extend": lambda: screening.extend(uow, letter, 3, actor=officer, note="情况复杂，局长批准"),
        "urge": lambda: screening.urge(uow, letter, actor=officer),
        "amend": amend,
        "reissue": lambda: following.reissue_code(uow, ring, letter, actor=officer, note="电话一致"),
    }[name]()


def facts_of(letter):
    """Return what is wrong between the state of a letter and its facts."""
    from cms_plugins.letters.states import DONE, OPEN, State
    from cms_plugins.letters.terms import HAND_OVERS, Verdict

    dismissed = letter.verdict not in {None, Verdict.VALID}
    checks = {
        "an open letter has no answer": letter.state not in OPEN or letter.answered_at is None,
        "a done letter has an answer or was dismissed": letter.state not in DONE
        or (letter.answered_at is not None) != dismissed,
        "an answer has its day": (letter.answered_at is None) == (letter.answered_on is None),
        "what is public has an answer and consent": letter.published_at is None
        or (letter.answered_at is not None and letter.wants_public),
        "the state tells what is public": letter.state is not State.PUBLISHED or letter.published_at is not None,
        "only answers are rated": letter.satisfaction is None or letter.answered_at is not None,
        "what was handed over went somewhere": (letter.verdict in HAND_OVERS) == (letter.handed_on is not None),
        "what was dismissed has no limit": not dismissed or letter.due_at is None,
        "what is open has its limit": letter.state not in OPEN or letter.due_at is not None,
        "what has ended has its day": (letter.ended_on is not None) == (letter.answered_at is not None or dismissed),
        "what is closed has its day": (letter.state is State.CLOSED) == (letter.closed_on is not None),
    }
    return [name for name, holds in checks.items() if not holds]


@pytest.fixture
def world(cms, enter, offices):
    """Return two people with every permission, one department, and another letter."""
    make_user(cms, "zhuanyuan")
    make_user(cms, "bianji")
    with cms.reading() as session:
        first, second = list(session.scalars(select(User.id).order_by(User.id)))[-2:]
    office = offices["社会救助股"]
    officer = Actor(id=first, name="专员", permissions=EVERYTHING, department_id=office)
    author = Actor(id=second, name="编辑", permissions=EVERYTHING, department_id=office)
    return World(cms, officer, author, office, enter(title="另一件").number)


def offered(letter):
    """Return the steps that the table allows now."""
    from cms_plugins.letters.states import STEPS, Action

    return [name for name in NAMES if letter.state in STEPS[Action(ACTIONS.get(name, name))].moves]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_history_keeps_to_the_table_and_its_facts_to_the_state(world, enter, data):
    from cms_plugins.letters.models import Happening
    from cms_plugins.letters.states import STEPS, Action
    from cms_plugins.letters.steps import get_letter

    letter_id = enter(title="一件", wants_public=True).id
    for _number in range(data.draw(st.integers(1, 25))):
        with world.cms.reading() as session:
            letter = get_letter(session, letter_id)
            # Mostly what the table allows, or nothing would ever get far; sometimes anything.
            pool = data.draw(st.sampled_from((offered(letter), offered(letter), offered(letter), NAMES)))
        name = data.draw(st.sampled_from(pool))
        try:
            with world.cms.unit_of_work() as uow:
                step(world, uow, get_letter(uow.session, letter_id), name)
        except (NotAllowed, Invalid, Conflict):
            continue
    with world.cms.reading() as session:
        letter = get_letter(session, letter_id)
        assert facts_of(letter) == []
        query = select(Happening).where(Happening.letter_id == letter_id).order_by(Happening.id)
        lines = list(session.scalars(query))
        assert (lines[0].action, lines[0].before) == (Action.RECEIVE, None)
        for earlier, later in itertools.pairwise(lines):
            assert later.before == earlier.after
            assert STEPS[later.action].moves[later.before] == later.after
        assert lines[-1].after == letter.state
        assert statistics_of(session).problems == []


def statistics_of(session):
    from cms_plugins.letters.statistics import statistics

    return statistics(session, Period.year(2016), datetime(2016, 6, 1, 2, tzinfo=UTC))


@pytest.mark.parametrize("name", ["review", "publish", "close", "rate", "restore", "redo", "refuse", "answer"])
def test_a_refused_step_leaves_no_trace(world, enter, happened, name):
    from cms_plugins.letters.steps import get_letter

    letter = enter()
    before = happened(letter.number)

    with pytest.raises(NotAllowed), world.cms.unit_of_work() as uow:
        step(world, uow, get_letter(uow.session, letter.id), name)

    assert happened(letter.number) == before


def test_nobody_approves_their_own_answer(world, enter):
    from cms_plugins.letters import answering
    from cms_plugins.letters.steps import get_letter

    letter = enter()
    for name in ("screen", "assign", "accept", "draft"):
        with world.cms.unit_of_work() as uow:
            step(world, uow, get_letter(uow.session, letter.id), name)

    with pytest.raises(NotAllowed, match="另一人"), world.cms.unit_of_work() as uow:
        answering.review(uow, get_letter(uow.session, letter.id), actor=world.author)


def test_doing_a_letter_anew_keeps_the_old_answer_and_takes_it_off_the_site(world, enter):
    from cms_plugins.letters.answering import drafts
    from cms_plugins.letters.steps import get_letter

    letter = enter(wants_public=True)
    for name in ("record", "publish", "call_back", "redo"):
        with world.cms.unit_of_work() as uow:
            step(world, uow, get_letter(uow.session, letter.id), name)

    with world.cms.reading() as session:
        now = get_letter(session, letter.id)
        assert (now.state, now.answer, now.published_at, now.clock_from) == ("screened", "", None, TODAY)
        assert [one.text for one in drafts(session, letter.id)] == ["当场答复"]
        # 15 working days for 求助 and the like, 5 for 咨询: from the day on which it was done anew.
        assert now.due_at is not None
