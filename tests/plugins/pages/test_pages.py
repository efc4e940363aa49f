from cms.testing.factories import make_published


def test_the_page_says_when_it_was_last_confirmed(cms, text):
    shown = text(make_published(cms, "page", "机构设置", meta={"confirmed_on": "2016-04-05"}))

    assert "本页内容最近核对日期：2016-04-05" in shown


def test_a_page_that_was_never_confirmed_says_nothing(cms, text):
    assert "核对日期" not in text(make_published(cms, "page", "机构设置"))


def test_what_was_entered_is_in_the_snapshot(cms, stored):
    assert stored(make_published(cms, "page", meta={"confirmed_on": "2016-04-05"})) == {"confirmed_on": "2016-04-05"}
