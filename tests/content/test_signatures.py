"""Nobody signs what they had a hand in (三审三校)."""

import pytest

from cms.accounts.policy import Role
from cms.content import worklists
from cms.kernel.errors import NotAllowed
from cms.testing.factories import make_draft, make_published, make_user


@pytest.fixture
def reviewer(app, cms):
    return make_user(cms, "reviewer", Role.REVIEWER)


@pytest.fixture
def editor(app, cms):
    return make_user(cms, "editor", Role.EDITOR)


def waiting_for(cms, actor):
    with cms.reading() as session:
        return [one.id for one in session.scalars(worklists.to_sign(actor.id))]


def test_an_unchanged_saving_by_somebody_else_does_not_wash_the_author_clean(cms, desk, reviewer, editor):
    number = make_draft(cms, "news", actor=reviewer)
    desk.edit(number, editor)
    desk.submit(number, editor)

    assert waiting_for(cms, reviewer) == []
    with pytest.raises(NotAllowed, match="不能审核自己撰写或修改的内容"):
        desk.approve(number, reviewer)


def test_one_revision_among_many_is_a_hand_in_it(cms, desk, reviewer, editor):
    number = make_draft(cms, "news", actor=editor)
    desk.edit(number, reviewer)
    desk.edit(number, editor)
    desk.submit(number, editor)

    assert waiting_for(cms, reviewer) == []
    with pytest.raises(NotAllowed):
        desk.approve(number, reviewer)


def test_what_became_public_long_ago_does_not_bar_the_next_version(cms, desk, reviewer, editor):
    number = make_published(cms, "news", actor=reviewer)
    desk.edit(number, editor, title="更正")
    desk.submit(number, editor)

    assert waiting_for(cms, reviewer) == [number]
    desk.approve(number, reviewer)
    assert desk.item(number).state == "approved"


def test_an_import_that_nobody_wrote_can_be_signed(cms, desk, reviewer):
    number = make_draft(cms, "news")
    desk.submit(number)

    assert waiting_for(cms, reviewer) == [number]
    desk.approve(number, reviewer)
