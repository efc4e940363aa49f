"""What visitors get from kept pages: the same bytes, validators, compressed variants; and who gets none."""

import gzip

import pytest
from werkzeug.test import Client

from cms.testing.factories import make_published
from cms.web.security import SESSION_COOKIE


def test_kept_page_is_byte_for_byte_what_the_app_answers(client, visitor, is_kept, news):
    for path in ("/", "/news/", news, "/feed.xml", "/news/feed.xml", "/sitemap.xml"):
        made = client.get(path)
        first, second = visitor.get(path), visitor.get(path)

        assert is_kept(path), path
        assert first.data == second.data == made.data
        assert dict(first.headers) == dict(second.headers)
        own = {name: value for name, value in first.headers.items() if name in made.headers and name != "Vary"}
        assert own == {name: value for name, value in made.headers.items() if name != "Vary"}


def test_kept_page_has_validators_and_asks_browsers_to_check(visitor, clock, news):
    visitor.get(news)
    young = visitor.get(news)
    clock.advance(seconds=5)
    settled = visitor.get(news)

    assert young.headers["Cache-Control"] == settled.headers["Cache-Control"] == "no-cache"
    assert young.headers["ETag"] == settled.headers["ETag"]
    # Two versions may be made in one second, so the second of its making does not name a page at once.
    assert "Last-Modified" not in young.headers
    assert settled.headers["Last-Modified"] == "Wed, 01 Jun 2016 02:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": "{etag}"}, 304),
        ({"If-None-Match": 'W/{etag}, "other"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": "Wed, 01 Jun 2016 02:00:00 GMT"}, 200),
        ({"If-Modified-Since": "Wed, 01 Jun 2016 02:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Wed, 01 Jun 2016 01:59:59 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({}, 200),
    ],
)
def test_conditional_requests(visitor, clock, news, headers, status):
    etag = visitor.get(news).headers["ETag"]
    clock.advance(seconds=5)

    answer = visitor.get(news, headers={name: value.replace("{etag}", etag) for name, value in headers.items()})

    assert answer.status_code == status
    assert answer.headers["ETag"] == etag
    assert (answer.data == b"") is (status == 304)


def test_condition_of_the_first_request_is_answered_too(visitor, kept_app, news):
    etag = visitor.get(news).headers["ETag"]
    kept_app.wsgi_app._edition = None

    assert visitor.get(news, headers={"If-None-Match": etag}).status_code == 304


def test_page_changed_within_the_second_is_not_taken_for_the_old_one(visitor, clock, cms):
    path = f"/news/{make_published(cms, 'news', '甲')}.html"
    old = visitor.get(path)
    make_published(cms, "news", "乙")
    clock.advance(seconds=5)

    answer = visitor.get(
        path, headers={"If-None-Match": old.headers["ETag"], "If-Modified-Since": "Wed, 01 Jun 2016 02:00:00 GMT"}
    )

    assert answer.status_code == 200
    assert answer.data != old.data


@pytest.mark.parametrize(
    ("accepted", "is_zipped"),
    [("gzip, deflate", True), ("br;q=1, gzip;q=0.5", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
def test_compressed_variant_goes_to_those_who_accept_it(visitor, news, accepted, is_zipped):
    plain = visitor.get(news)
    answer = visitor.get(news, headers={"Accept-Encoding": accepted} if accepted else {})

    assert (answer.headers.get("Content-Encoding") == "gzip") is is_zipped
    assert (gzip.decompress(answer.data) if is_zipped else answer.data) == plain.data
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert (answer.headers["ETag"] == plain.headers["ETag"]) is not is_zipped
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/news/", "/nowhere.html", "/healthz", "/kept/session-read"])
def test_head_says_what_get_would_say_without_the_body(visitor, path):
    for _time in range(2):
        head, full = visitor.head(path), visitor.get(path)

        assert head.status_code == full.status_code
        assert head.data == b""
        assert head.headers["Content-Length"] == full.headers["Content-Length"]


def test_only_one_kind_of_query_is_kept_and_only_for_pages_that_read_it(is_kept, cms, clock):
    for number in range(25):
        make_published(cms, "news", f"第{number}条")

    assert is_kept("/news/?page=2")
    assert is_kept("/kept/paged?page=7")
    assert not is_kept("/news/?page=99")
    assert not is_kept("/news/?page=2&x=1")
    assert not is_kept("/news/?x=1")
    assert not is_kept("/news/?page=0")
    assert not is_kept("/kept/plain?page=2")
    assert not is_kept("/search?page=2")
    assert not is_kept("/search")


def test_pages_of_a_list_are_different_pages(visitor, cms):
    for number in range(25):
        make_published(cms, "news", f"第{number}条")

    assert visitor.get("/news/").data != visitor.get("/news/?page=2").data
    assert visitor.get("/news/?page=2").data == visitor.get("/news/?page=2").data


@pytest.mark.parametrize("name", ["plain", "words", "hour", "paged"])
def test_page_of_a_plugin_that_is_the_same_for_everybody_is_kept(is_kept, name):
    assert is_kept(f"/kept/{name}")


@pytest.mark.parametrize(
    "name",
    ["session-read", "session-written", "cookie-read", "cookie-set", "agent", "language", "address", "told",
     "private", "varies", "streamed", "json", "missing"],
)  # fmt: skip
def test_page_that_may_differ_between_visitors_is_not_kept(is_kept, name):
    assert not is_kept(f"/kept/{name}")


def test_page_that_shows_the_host_is_kept_for_each_host(visitor):
    for _time in range(2):
        for host in ("a.example", "b.example"):
            assert visitor.get("/kept/host", headers={"Host": host}).text == f"http://{host}/"


def test_forms_health_and_withdrawn_items_are_not_kept(is_kept, public_pages):
    for path in ("/desk/login", "/healthz", "/readyz", public_pages["gone"], public_pages["missing"], "/search?q=x"):
        assert not is_kept(path), path


def test_every_kind_of_public_page_is_kept(is_kept, public_pages):
    kinds = {kind for kind, path in public_pages.items() if not is_kept(path)}

    assert kinds == {"search", "search-none", "search-blank", "missing", "gone"}


def test_whoever_has_a_session_gets_no_kept_page(is_kept, news):
    assert is_kept(news, headers={"Cookie": "other=1"})
    assert not is_kept(news, headers={"Cookie": f"other=1; {SESSION_COOKIE}=anything"})


def test_posts_are_never_answered_from_kept_pages(visitor, news):
    visitor.get(news)

    assert visitor.post(news).status_code == 405


def test_outlet_that_fails_once_does_not_leave_a_page_without_it(visitor, is_kept, settings, make_app, news):
    app = make_app(page_cache="memory", testing=False)
    browser, flag = Client(app), settings.site / "fail"
    flag.touch()
    broken = browser.get(news).text
    flag.unlink()

    assert "<p>outlet</p>" not in broken
    assert "<p>outlet</p>" in browser.get(news).text


def test_base_path_holds_and_nothing_beside_it_is_kept(make_app, cms):
    path = f"/news/{make_published(cms, 'news', '甲')}.html"
    browser = Client(make_app(page_cache="memory", public_url="https://www.example.gov.cn/mzj"))

    for _time in range(2):
        assert browser.get(path).status_code == 404
        assert "https://www.example.gov.cn/mzj/news/" in browser.get(f"/mzj{path}").text
        assert browser.get("/mzj").status_code == 308


def test_hosts_that_are_not_trusted_get_no_kept_page(make_app, news):
    app = make_app(page_cache="memory", trusted_hosts=("www.example.gov.cn",))
    browser = Client(app)
    assert browser.get(news, headers={"Host": "www.example.gov.cn"}).status_code == 200

    assert browser.get(news, headers={"Host": "evil.example"}).status_code == 400
    assert browser.get(news, headers={"Host": "www.example.gov.cn"}).status_code == 200


def test_many_invented_hosts_do_not_fill_the_memory(visitor, kept_app, news):
    for number in range(50):
        assert visitor.get(news, headers={"Host": f"h{number}.example"}).status_code == 200

    assert len(kept_app.wsgi_app._edition.shelf._pages) <= 10


def test_headers_of_proxies_count_only_if_they_are_trusted(make_app, news):
    app = make_app(page_cache="memory", trusted_proxies=1, trusted_hosts=("www.example.gov.cn",))
    behind, forged = Client(app), {"X-Forwarded-Host": "evil.example"}
    behind.get(news, headers={"X-Forwarded-Host": "www.example.gov.cn"})

    assert behind.get(news, headers={"X-Forwarded-Host": "www.example.gov.cn"}).status_code == 200
    assert behind.get(news, headers=forged).status_code == 400


def test_kept_pages_are_bounded_by_their_bytes(kept_app, cms):
    from cms.pagecache.pages import Shelf, make_page

    now = cms.clock.now()
    shelf = Shelf(limit=50_000)
    for number in range(20):
        shelf.put(number, make_page(b"x" * 10_000, [], now, now))
        shelf.get(0)

    assert 3 <= len(shelf._pages) <= 5
    assert shelf._size <= 50_000
    assert shelf.get(0) is not None  # it was asked for all the time
    assert shelf.get(1) is None
