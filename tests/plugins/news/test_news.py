from cms.testing.factories import make_published


def test_the_page_names_author_and_day_of_the_event(cms, text):
    shown = text(make_published(cms, "news", "走访困难群众", meta={"author": "社会救助股", "event_on": "2016-05-31"}))

    assert "供稿：社会救助股" in shown
    assert "事件日期：2016-05-31" in shown


def test_a_page_without_them_says_nothing_of_them(cms, text):
    assert "供稿" not in text(make_published(cms, "news", "走访困难群众"))


def test_what_was_entered_is_in_the_snapshot(cms, stored):
    content_id = make_published(cms, "news", meta={"author": " 社会救助股 ", "event_on": "2016/05/31"})

    assert stored(content_id) == {"author": "社会救助股", "event_on": "2016-05-31"}


def test_the_author_is_found(cms, client, drain):
    content_id = make_published(cms, "news", "走访困难群众", meta={"author": "优抚安置股"})
    drain()

    found = client.get("/api/v1/search?q=优抚安置股").json

    assert [item["id"] for item in found["items"]] == [content_id]
