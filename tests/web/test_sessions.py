"""Desk sessions end: when idle, when signed out, when the account changes; and drafts stay inside."""

import time

import pytest
import time_machine

from cms.accounts.policy import Role
from cms.testing.factories import make_draft, make_user


def is_signed_in(client):
    return client.get("/desk/").status_code == 200


def test_idle_session_is_over_for_good(sign_in):
    client = sign_in(Role.EDITOR)
    assert is_signed_in(client)

    with time_machine.travel(time.time() + 31 * 60):
        assert not is_signed_in(client)
        assert not is_signed_in(client)


def test_session_in_use_goes_on(sign_in):
    client = sign_in(Role.EDITOR)

    for minutes in (20, 40, 60):
        with time_machine.travel(time.time() + minutes * 60):
            assert is_signed_in(client)


def test_copied_cookie_is_worth_nothing_after_signing_out(app, sign_in):
    client = sign_in(Role.EDITOR)
    cookie = client.get_cookie("cms_session")
    thief = app.test_client()
    thief.set_cookie("cms_session", cookie.value)
    assert is_signed_in(thief)

    client.post("/desk/logout")

    assert not is_signed_in(thief)


@pytest.mark.parametrize(
    "path",
    ["/media/99999999999999999999999999/x.png", "/reports/99999999999999999999999/", "/news/99999999999999999999.html"],
)
def test_numbers_beyond_every_range_name_nothing(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(("role", "status"), [(Role.EDITOR, 200), (Role.AUDIT_ADMIN, 404), (None, 404)])
def test_files_of_drafts_are_for_people_who_see_drafts(app, cms, client, sign_in, role, status):
    from cms.content.snapshot import AssetUse
    from cms.media.services import add_asset

    actor = make_user(cms, "author", Role.EDITOR)
    with cms.unit_of_work() as uow:
        asset = add_asset(uow, cms.store, actor=actor, filename="草稿.txt", content="未公开".encode())
    make_draft(cms, "news", actor=actor, assets=(AssetUse(asset_id=asset.id),))
    visitor = sign_in(role) if role else client

    assert visitor.get(asset.path, buffered=True).status_code == status


def test_feed_survives_characters_that_xml_forbids(app, cms, client):
    from cms.testing.factories import make_published

    make_published(cms, "news", "怪\ufffe字\uffff符")

    assert client.get("/feed.xml").status_code == 200
    assert "怪字符" in client.get("/feed.xml").text
