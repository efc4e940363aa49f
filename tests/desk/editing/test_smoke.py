import pytest

from cms.testing.factories import make_draft, make_published


@pytest.mark.parametrize(
    "path",
    [
        "/desk/",
        "/desk/content",
        "/desk/content/new",
        "/desk/content/new/permit",
        "/desk/review",
        "/desk/tallies",
        "/desk/figures",
        "/desk/figures/site.items",
        "/desk/figures/sample.calls",
        "/desk/password",
        "/desk/figures/site.items/rows.csv",
    ],
)
def test_pages(publisher, cms, path):
    make_published(cms, "post", "甲")
    make_draft(cms, "post", "乙")
    page = publisher.get(path)
    assert page.status_code == 200


@pytest.mark.parametrize("tail", ["", "/edit", "/history", "/review", "/publish", "/withdraw", "/delete", "/preview"])
def test_item_pages(publisher, cms, tail):
    number = make_draft(cms, "permit", "乙", meta={"code": "1"})
    page = publisher.get(f"/desk/content/{number}{tail}")
    assert page.status_code == 200
