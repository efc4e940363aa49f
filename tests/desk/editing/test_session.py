"""Signing in and out, passwords."""

from pages import text

from cms.accounts.policy import Role
from cms.testing.factories import PASSWORD, make_user


def sign_in(client, password=PASSWORD, **more):
    return client.post("/desk/login", data={"username": "li", "password": password, **more})


def test_unknown_name_and_wrong_password_get_the_same_answer(app, cms, client):
    app.config["WTF_CSRF_ENABLED"] = False
    make_user(cms, "li", Role.EDITOR)

    wrong = sign_in(client, "Wrong-Horse-8")
    unknown = client.post("/desk/login", data={"username": "nobody", "password": PASSWORD})

    assert wrong.status_code == unknown.status_code == 422
    assert "用户名或密码不正确。" in text(wrong)
    assert text(wrong).replace("li", "") == text(unknown).replace("nobody", "")


def test_five_failures_lock_the_account_for_half_an_hour(app, cms, client, clock):
    app.config["WTF_CSRF_ENABLED"] = False
    make_user(cms, "li", Role.EDITOR)
    for _attempt in range(5):
        sign_in(client, "Wrong-Horse-8")

    assert "账号已锁定，请 31 分钟后再试" in text(sign_in(client))
    clock.advance(minutes=31)
    assert sign_in(client).location == "/desk/"


def test_sign_in_leads_only_to_pages_of_this_site(app, cms):
    app.config["WTF_CSRF_ENABLED"] = False
    make_user(cms, "li", Role.EDITOR)
    wanted = {
        "/desk/content?mine=1": "/desk/content?mine=1",
        "https://evil.example/": "/desk/",
        "//evil.example/": "/desk/",
        "/\\evil.example": "/desk/",
        "javascript:alert(1)": "/desk/",
    }

    assert {one: sign_in(app.test_client(), next=one).location for one in wanted} == wanted


def test_page_asked_for_is_shown_after_signing_in(app, cms, client):
    app.config["WTF_CSRF_ENABLED"] = False
    make_user(cms, "li", Role.EDITOR)

    sent = client.get("/desk/content?mine=1")

    assert sent.location == "/desk/login?next=/desk/content?mine%3D1"
    assert 'name="next" value="/desk/content?mine=1"' in client.get(sent.location).text


def test_sign_out_needs_a_post_and_ends_the_session(sign_in):
    client = sign_in(Role.EDITOR)

    client.get("/desk/logout")
    assert client.get("/desk/").status_code == 200
    assert client.post("/desk/logout").location == "/desk/login"
    assert client.get("/desk/").location.startswith("/desk/login")


def test_forced_change_comes_before_everything(app, cms, client):
    from cms.accounts.queries import user_by_name

    app.config["WTF_CSRF_ENABLED"] = False
    make_user(cms, "li", Role.EDITOR)
    with cms.unit_of_work() as uow:
        user_by_name(uow.session, "li").must_change_password = True
    sign_in(client)
    assert client.get("/desk/content").location == "/desk/password"
    assert "请先修改密码" in text(client.get("/desk/password"))

    typed = {"current": PASSWORD, "password": "Battery-Staple-9", "again": "Battery-Staple-9"}
    assert client.post("/desk/password", data=typed).location == "/desk/"

    assert client.get("/desk/content").status_code == 200
    assert sign_in(app.test_client()).status_code == 422
    assert sign_in(app.test_client(), "Battery-Staple-9").status_code == 302


def test_new_password_is_judged_and_typed_twice(sign_in):
    client = sign_in(Role.EDITOR, username="li")

    def change(current, new, again):
        return client.post("/desk/password", data={"current": current, "password": new, "again": again})

    weak = change(PASSWORD, "short", "short")
    other = change(PASSWORD, "Battery-Staple-9", "x")
    wrong = change("x", "Battery-Staple-9", "Battery-Staple-9")

    assert weak.status_code == other.status_code == wrong.status_code == 422
    assert "密码至少 10 个字符。" in text(weak)
    assert 'aria-describedby="password-hint password-error"' in weak.text
    assert "两次输入的新密码不一致。" in text(other)
    assert "当前密码不正确。" in text(wrong)


def test_changing_the_password_ends_other_sessions(sign_in, app):
    here = sign_in(Role.EDITOR, username="li")
    there = app.test_client()
    there.post("/desk/login", data={"username": "li", "password": PASSWORD})

    typed = {"current": PASSWORD, "password": "Battery-Staple-9", "again": "Battery-Staple-9"}
    here.post("/desk/password", data=typed)

    assert here.get("/desk/").status_code == 200
    assert there.get("/desk/").location.startswith("/desk/login")


def test_forms_without_a_token_are_refused(app, cms, sign_in):
    client = sign_in(Role.EDITOR)
    app.config["WTF_CSRF_ENABLED"] = True

    for path in ("/desk/login", "/desk/logout", "/desk/content/new/post", "/desk/media/upload", "/desk/tallies"):
        assert client.post(path, data={"title": "x"}).status_code == 400, path


def test_form_carries_its_token(app, cms, client):
    import re

    make_user(cms, "li", Role.EDITOR)
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/desk/login").text)[1]

    assert sign_in(client, csrf_token=token).status_code == 302
