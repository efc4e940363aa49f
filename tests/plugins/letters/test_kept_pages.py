"""Pages of letters before a page cache: what everybody sees is kept and never stale, what is one person's is not kept."""

import pytest
from werkzeug.test import Client


@pytest.fixture
def visitor(app, make_app):
    """Return a browser of the same site with a page cache; forms have their tokens as in production."""
    return Client(make_app(page_cache="memory"))


def is_kept(visitor, path):
    """Tell whether a page is kept: only such have an ETag."""
    return ["ETag" in visitor.get(path).headers for _time in range(2)] == [True, True]


def test_public_list_is_kept_and_follows_every_step_of_a_letter(visitor, client, answered, act, stored):
    def fresh():
        kept = visitor.get("/letters/").text
        assert kept == client.get("/letters/").text
        return kept

    assert is_kept(visitor, "/letters/")
    number, _code = answered()
    assert "低保怎样办" not in fresh()
    act("publisher", number, "publish", title="低保怎样办", text="内容", answer="答复", is_checked="1")
    assert "低保怎样办" in fresh()
    assert visitor.get(f"/letters/{stored(number).id}.html").status_code == 200
    act("publisher", number, "take_off", note="来信人要求")
    assert "低保怎样办" not in fresh()
    assert visitor.get(f"/letters/{stored(number).id}.html").status_code == 404


def test_forms_receipts_and_pages_with_a_token_are_never_kept(visitor, client, answered, act, write, stored):
    number, _code = answered()
    act("publisher", number, "publish", title="低保", text="内容", answer="答复", is_checked="1")
    written = client.post("/letters/new", data={
        "category": "consult", "topic": "城乡低保", "title": "另一封", "text": "怎样申请低保？", "name": "王小明",
        "phone": "13800138000", "email": "", "address": "", "wants_public": "yes",
    }).headers["Location"]  # fmt: skip

    assert "王小明" not in visitor.get("/letters/").text
    for path in (written, f"/letters/{stored(number).id}.html", "/letters/new", "/letters/site-error",
                 "/letters/site-error?page=3", "/letters/status"):  # fmt: skip
        assert visitor.get(path).status_code == 200, path
        assert not is_kept(visitor, path), path
    assert visitor.get(written).headers["Cache-Control"] == "no-store"
    # Each visitor has a token of his own.
    assert visitor.get("/letters/status").text != Client(visitor.application).get("/letters/status").text
