"""Texts of law on their pages, in their lists and in the search."""

import pytest

from cms.accounts.policy import MACHINE
from cms.content import services
from cms.content.models import Content
from cms.kernel.errors import NotAllowed
from cms.testing.factories import make_draft, make_published

TEXT = {"level": "规范性文件", "effective_on": "2011-06-01", "valid_until": "2016-06-30"}


def test_the_page_shows_level_dates_and_state(cms, text):
    shown = text(make_published(cms, "regulation", "低保办法", meta=TEXT, catalogue={"doc_no": "衡民发〔2011〕3号"}))

    for line in ("有效性\n现行有效", "效力级别\n规范性文件", "施行日期\n2011-06-01", "有效期至\n2016-06-30"):
        assert line in shown
    assert "衡民发〔2011〕3号" in shown
    assert "仅供查阅" not in shown


@pytest.mark.parametrize(
    ("meta", "banner"),
    [
        ({"effective_on": "2016-07-01"}, "尚未生效 本文件自 2016-07-01 起施行。"),
        ({"valid_until": "2016-05-31"}, "失效（有效期届满） 本文件有效期至 2016-05-31，有效期届满后失效，仅供查阅。"),
        (
            {"repealed_on": "2016-06-01", "validity_basis": "衡民发〔2016〕12号"},
            "已废止 本文件自 2016-06-01 起废止，仅供查阅。依据：衡民发〔2016〕12号",
        ),
    ],
)
def test_a_text_that_does_not_apply_stays_and_says_so(cms, client, text, meta, banner):
    shown = text(make_published(cms, "regulation", "旧办法", body="<p>第一条 旧文。</p>", meta=meta))

    assert banner in shown
    assert "第一条 旧文。" in shown
    assert banner.split(" ", 1)[0] in client.get("/regulations/").text


def test_the_state_changes_with_the_clock_without_any_editing(cms, clock, text):
    content_id = make_published(cms, "regulation", "低保办法", meta=TEXT)
    assert "现行有效" in text(content_id)

    clock.advance(days=30)

    assert "失效（有效期届满）" in text(content_id)


def test_what_was_entered_is_in_the_snapshot(cms, stored):
    relation = {"kind": "依据", "target": "", "title": "城市居民最低生活保障条例"}
    given = {**TEXT, "repealed_on": None, "validity_basis": "", "relations": [relation]}

    assert stored(make_published(cms, "regulation", meta=given)) == given


@pytest.mark.parametrize(
    ("meta", "problem"),
    [
        ({"effective_on": "2016-06-02", "valid_until": "2016-06-01"}, "“有效期至”早于“施行日期”，请核对。"),
        (
            {"effective_on": "2016-06-02", "repealed_on": "2016-06-01", "validity_basis": "某文"},
            "“废止日期”早于“施行日期”，请核对。",
        ),
        ({"repealed_on": "2016-06-01"}, "填写了“废止日期”的，请在“效力变化依据”写明废止它的文件。"),
    ],
)
def test_contradicting_dates_are_refused_before_review(cms, meta, problem):
    content_id = make_draft(cms, "regulation", meta=meta)

    with cms.unit_of_work() as uow, pytest.raises(NotAllowed, match=problem):
        services.submit(uow, cms.types.require("regulation"), uow.session.get_one(Content, content_id), actor=MACHINE)


def found(client, words="最低生活保障"):
    return [item["id"] for item in client.get(f"/api/v1/search?q={words}").json["items"]]


def test_the_search_ranks_a_repealed_text_below_the_one_in_force(cms, client, drain):
    title, body = "最低生活保障办法", "<p>最低生活保障。</p>"
    repealed = {"repealed_on": "2015-01-01", "validity_basis": "某文"}
    old = make_published(cms, "regulation", title, body=body, meta=repealed)
    new = make_published(cms, "regulation", title, body=body)
    drain()

    assert found(client) == [new, old]


def test_repealing_a_text_has_the_search_look_at_it_again(cms, client, drain):
    old = make_published(cms, "regulation", "最低生活保障办法", body="<p>最低生活保障。</p>")
    other = make_published(cms, "regulation", "最低生活保障办法", body="<p>最低生活保障。</p>")
    drain()
    before = found(client)

    for loser in (other, old):
        relations = [{"kind": "废止", "target": f"#{loser}", "title": ""}]
        make_published(cms, "regulation", "关于废止文件的决定", meta={"relations": relations})
        drain()
        # The one that is still in force comes first; in the end both are repealed and nothing has changed.
        expected = [old, other] if loser == other else before
        assert found(client) == expected


def test_the_model_tells_the_state_of_today_in_the_words_of_the_index(cms):
    from cms_plugins.regulations.models import Regulation

    law = make_published(cms, "regulation", "某法")
    later = make_published(cms, "regulation", "后法", meta={"effective_on": "9999-01-01"})
    relations = [{"kind": "修改", "target": f"#{law}", "title": ""}]
    make_published(cms, "regulation", "修改决定", meta={"relations": relations})

    with cms.reading() as session:
        assert session.get_one(Regulation, law).validity == "amended"
        assert session.get_one(Regulation, later).validity == ""
    assert Regulation(effective_on=None, repealed_on=None, valid_until=None).validity == "valid"
