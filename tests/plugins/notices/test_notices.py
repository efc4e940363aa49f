from datetime import date

import pytest

from cms.testing.factories import make_published

NOTICE = {"kind": "公告", "closes_on": "2016-06-30", "contact": "社会组织管理股", "phone": "0734-5800170（工作日）"}


def test_the_page_shows_kind_last_day_and_whom_to_ask(cms, page, text):
    content_id = make_published(cms, "notice", "年度检查", meta=NOTICE)
    shown = text(content_id)

    for line in ("公告", "2016-06-30", "社会组织管理股"):
        assert line in shown
    assert '<a href="tel:07345800170">0734-5800170</a>（工作日）' in page(content_id)
    assert "已截止" not in shown


@pytest.mark.parametrize(("closes_on", "closed"), [("2016-05-31", True), ("2016-06-01", False), (None, False)])
def test_a_notice_that_is_over_stays_and_says_so(cms, client, path, text, closes_on, closed):
    content_id = make_published(cms, "notice", "年度检查", meta={**NOTICE, "closes_on": closes_on})

    assert ("已截止" in text(content_id)) is closed
    assert ("已截止" in client.get("/notices/").text) is closed
    assert "年度检查" in client.get("/notices/").text


def test_the_last_day_is_still_open(cms):
    from cms_plugins.notices.closing import is_closed

    assert [is_closed(date(2016, 5, 31), date(2016, 5, day)) for day in (30, 31)] == [False, False]
    assert is_closed(date(2016, 5, 31), date(2016, 6, 1))


def test_the_list_tags_the_kind(cms, client):
    make_published(cms, "notice", "年度检查", meta=NOTICE)

    assert '<span class="tag">公告</span>' in client.get("/notices/").text


def test_another_kind_is_refused_by_name(cms):
    from cms.kernel.errors import Invalid
    from cms.testing.factories import make_draft

    with pytest.raises(Invalid) as refused:
        make_draft(cms, "notice", meta={"kind": "启事"})

    assert refused.value.errors == {"kind": ["“类别”只能是：通知、公告、公示、通告。"]}


def test_what_was_entered_is_in_the_snapshot(cms, stored):
    assert stored(make_published(cms, "notice", meta=NOTICE)) == NOTICE


def test_the_office_to_ask_is_found(cms, client, drain):
    content_id = make_published(cms, "notice", "年度检查", meta=NOTICE)
    drain()

    assert [item["id"] for item in client.get("/api/v1/search?q=社会组织管理股").json["items"]] == [content_id]
