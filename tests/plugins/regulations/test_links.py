"""Links between texts are shown at both ends."""

import pytest

from cms.accounts.policy import MACHINE, Role
from cms.content import publishing, services
from cms.content.models import Content
from cms.content.snapshot import Snapshot
from cms.testing.factories import make_draft, make_published


def relate(cms, kind, target, title="", **more):
    relations = [{"kind": kind, "target": target, "title": title}]
    return make_published(cms, "regulation", "新文件", meta={"relations": relations}, **more)


@pytest.mark.parametrize(
    ("kind", "here", "there", "state"),
    [
        ("修改", "修改的文件", "被下列文件修改", "已修改"),
        ("废止", "废止的文件", "被下列文件废止", "已废止"),
        ("依据", "制定依据", "以本文件为依据", "现行有效"),
        ("解读", "解读的文件", "政策解读", "现行有效"),
    ],
)
def test_both_pages_link_to_each_other(cms, path, page, text, kind, here, there, state):
    old = make_published(cms, "regulation", "老文件")
    new = relate(cms, kind, f"#{old}")

    assert f"{here}\n老文件" in text(new)
    assert f'<a href="{path(old)}">老文件</a>' in page(new)
    assert f"{there}\n新文件" in text(old)
    assert f'<a href="{path(new)}">新文件</a>' in page(old)
    assert f"有效性\n{state}" in text(old)


@pytest.mark.parametrize("form", ["#{id}", "/regulations/{id}.html", "http://localhost/mzj/zcfg/flfg/{id}.html"])
def test_a_target_is_named_by_number_or_address(cms, path, page, form):
    old = make_published(cms, "regulation", "老文件")

    assert f'<a href="{path(old)}">老文件</a>' in page(relate(cms, "依据", form.format(id=old)))


def give_external_id(cms, content_id, external_id):
    with cms.unit_of_work() as uow:
        uow.session.get_one(Content, content_id).external_id = external_id


def test_a_target_may_be_imported_later(cms, path, page, text):
    new = relate(cms, "修改", "law-7", "老文件（1999年）")
    assert "修改的文件\n老文件（1999年）" in text(new)

    old = make_published(cms, "regulation", "老文件")
    give_external_id(cms, old, "law-7")

    assert f'<a href="{path(old)}">老文件</a>' in page(new)
    assert "被下列文件修改\n新文件" in text(old)
    assert "有效性\n已修改" in text(old)


def test_an_interpretation_of_another_type_and_its_text_link_to_each_other(cms, path, page, text):
    article = make_published(cms, "news", "一图读懂低保办法")
    policy = relate(cms, "解读", f"#{article}")

    assert "政策解读\n一图读懂低保办法" in text(policy)
    assert "解读的文件\n新文件" in text(article)
    assert f'<a href="{path(policy)}">新文件</a>' in page(article)


def test_a_link_disappears_with_its_text(cms, text):
    old = make_published(cms, "regulation", "老文件")
    new = relate(cms, "废止", f"#{old}")

    with cms.unit_of_work() as uow:
        services.withdraw(uow, uow.session.get_one(Content, new), actor=MACHINE, reason="发错了")

    assert "新文件" not in text(old)
    assert "有效性\n现行有效" in text(old)


def test_a_relation_that_was_taken_out_is_gone_at_both_ends(cms, text):
    old = make_published(cms, "regulation", "老文件")
    new = relate(cms, "修改", f"#{old}")
    kind = cms.types.require("regulation")
    with cms.unit_of_work() as uow:
        content = uow.session.get_one(Content, new)
        stored = Snapshot.from_json(publishing.get_revision(uow, content.latest_revision_id).snapshot)
        revision = services.save_draft(uow, kind, content, stored.with_part("meta", {}), actor=MACHINE)
        publishing.apply_revision(
            uow, kind, content, revision, actor=MACHINE, is_own=True, effective_at=uow.clock.now()
        )

    assert "修改的文件" not in text(new)
    assert "被下列文件修改" not in text(old)


def test_the_effect_begins_when_the_other_text_takes_effect(cms, clock, text):
    old = make_published(cms, "regulation", "老文件")
    relations = [{"kind": "废止", "target": f"#{old}", "title": ""}]
    make_published(cms, "regulation", "新文件", meta={"effective_on": "2016-06-10", "relations": relations})
    assert "有效性\n现行有效" in text(old)

    clock.advance(days=9)

    assert "已废止 本文件自 2016-06-10 起废止，仅供查阅。" in text(old)


def test_a_relation_that_was_entered_twice_is_shown_once(cms, page, text):
    first = make_published(cms, "regulation", "甲文件")
    relation = {"kind": "解读", "target": f"#{first}", "title": ""}
    second = make_published(cms, "regulation", "乙文件", meta={"relations": [relation, relation]})

    links = page(second).split('<section class="links">')[1].split("</section>")[0]
    assert links.count("甲文件") == 1
    assert text(first).count("政策解读") == 1


def test_the_preview_of_a_draft_shows_state_and_links(cms, sign_in):
    old = make_published(cms, "regulation", "老文件")
    relations = [{"kind": "废止", "target": f"#{old}", "title": ""}]
    draft = make_draft(cms, "regulation", "新文件", meta={"effective_on": "2016-07-01", "relations": relations})

    shown = sign_in(Role.EDITOR).get(f"/desk/content/{draft}/preview").text

    assert "尚未生效" in shown
    assert "废止的文件" in shown


def test_a_draft_changes_no_other_page(cms, text):
    old = make_published(cms, "regulation", "老文件")
    make_draft(cms, "regulation", meta={"relations": [{"kind": "废止", "target": f"#{old}", "title": ""}]})

    assert "有效性\n现行有效" in text(old)
