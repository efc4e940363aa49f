"""三员分立 (site-rules d.3), through the browser and at the services."""

import re

import pytest

from cms.accounts import services
from cms.accounts.models import User
from cms.accounts.policy import MACHINE, Role, role_problems
from cms.accounts.queries import roles_of, user_by_name
from cms.accounts.separation import separation_warnings
from cms.audit.models import AuditEntry
from cms.kernel.errors import Invalid, NotAllowed
from cms.testing.factories import PASSWORD, make_user

SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN
SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def load(cms, name):
    with cms.reading() as session:
        user = user_by_name(session, name)
        return user, roles_of(user)


def test_system_admin_makes_an_account_without_rights_and_sees_its_password_once(sign_in, cms, app):
    client = sign_in(SYSTEM)

    answer = client.post("/desk/users/new", data={"username": "WangMin", "full_name": "王敏", "roles": "publisher"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = SECRET.search(answer.text)[1]
    user, roles = load(cms, "wangmin")
    assert (user.full_name, roles, user.must_change_password) == ("王敏", frozenset(), True)
    assert password not in client.get(f"/desk/users/{user.id}").text
    entered = app.test_client().post("/desk/login", data={"username": "wangmin", "password": password})
    assert entered.status_code == 302


def test_wrong_user_name_comes_back_with_what_was_typed(sign_in):
    client = sign_in(SYSTEM)
    client.post("/desk/users/new", data={"username": "taken"})

    taken = client.post("/desk/users/new", data={"username": "taken", "full_name": "李四"})
    malformed = client.post("/desk/users/new", data={"username": "王 敏", "full_name": "李四"})

    assert (taken.status_code, malformed.status_code) == (422, 422)
    assert "用户名“taken”已被使用。" in taken.text
    assert 'value="王 敏"' in malformed.text
    assert 'value="李四"' in malformed.text


def test_creating_accounts_gives_no_right_to_give_roles(cms):
    actor = make_user(cms, "xitong", SYSTEM)

    with pytest.raises(NotAllowed, match="安全管理员"), cms.unit_of_work() as uow:
        services.add_user(uow, "friend", actor=actor, roles=frozenset({Role.PUBLISHER}), password=PASSWORD)
    with pytest.raises(NotAllowed), cms.unit_of_work() as uow:
        services.set_roles(uow, uow.session.get_one(User, actor.id), frozenset({Role.PUBLISHER}), actor=actor)

    with cms.reading() as session:
        assert user_by_name(session, "friend") is None


def test_the_machine_may_create_accounts_with_roles(cms):
    with cms.unit_of_work() as uow:
        services.add_user(uow, "editor", actor=MACHINE, roles=frozenset({Role.EDITOR}), password=PASSWORD)

    assert load(cms, "editor")[1] == {Role.EDITOR}


def test_security_admin_assigns_roles_and_ends_the_sessions(sign_in, cms):
    make_user(cms, "wangmin")
    client = sign_in(SECURITY)
    user, _none = load(cms, "wangmin")

    answer = client.post(f"/desk/users/{user.id}/roles", data={"roles": ["editor", "reviewer"]})

    assert answer.status_code == 302
    after, roles = load(cms, "wangmin")
    assert roles == {Role.EDITOR, Role.REVIEWER}
    assert after.session_epoch == user.session_epoch + 1


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        (["system_admin", "audit_admin"], "同一账号不能同时担任审计管理员、系统管理员"),
        (["security_admin", "publisher"], "安全管理员账号不能兼任编辑、审核、发布等业务角色"),
        (["audit_admin", "contributor"], "审计管理员账号不能兼任"),
    ],
)
def test_roles_that_exclude_each_other_are_refused_with_the_choice_kept(sign_in, cms, roles, sentence):
    make_user(cms, "wangmin")
    client = sign_in(SECURITY)
    user, _none = load(cms, "wangmin")

    answer = client.post(f"/desk/users/{user.id}/roles", data={"roles": roles})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert all(re.search(rf'checked[^>]*value="{role}"', answer.text) for role in roles)
    assert load(cms, "wangmin")[1] == frozenset()


def test_business_roles_add_up():
    assert role_problems(frozenset({Role.EDITOR, Role.REVIEWER, Role.PUBLISHER, Role.OFFICER})) == []


def test_security_admin_cannot_raise_disable_or_reset_themselves(sign_in, cms):
    client = sign_in(SECURITY, username="anquan")
    me, roles = load(cms, "anquan")

    for action, fields, sentence in (
        ("roles", {"roles": ["publisher"]}, "不能修改自己的角色"),
        ("active", {"active": "0"}, "不能停用自己的账号"),
        ("password", {}, "自己的密码请在“修改密码”中更改"),
    ):
        answer = client.post(f"/desk/users/{me.id}/{action}", data=fields, follow_redirects=True)
        assert sentence in answer.text

    after, roles_after = load(cms, "anquan")
    assert (roles_after, after.is_active, after.password_hash) == (roles, True, me.password_hash)


def test_reset_password_works_once_shown_and_unlocks(sign_in, cms, app):
    make_user(cms, "wangmin")
    for _attempt in range(services.MAX_FAILURES):
        app.test_client().post("/desk/login", data={"username": "wangmin", "password": "wrong"})
    user, _roles = load(cms, "wangmin")
    assert user.locked_until is not None
    client = sign_in(SECURITY)
    assert "已锁定" in client.get("/desk/users").text

    password = SECRET.search(client.post(f"/desk/users/{user.id}/password").text)[1]

    after, _roles = load(cms, "wangmin")
    assert (after.locked_until, after.must_change_password) == (None, True)
    assert app.test_client().post("/desk/login", data={"username": "wangmin", "password": PASSWORD}).status_code == 422
    assert app.test_client().post("/desk/login", data={"username": "wangmin", "password": password}).status_code == 302


def test_unlock_keeps_the_password(sign_in, cms, app):
    make_user(cms, "wangmin")
    for _attempt in range(services.MAX_FAILURES):
        app.test_client().post("/desk/login", data={"username": "wangmin", "password": "wrong"})
    user, _roles = load(cms, "wangmin")

    sign_in(SECURITY).post(f"/desk/users/{user.id}/unlock")

    assert app.test_client().post("/desk/login", data={"username": "wangmin", "password": PASSWORD}).status_code == 302


def test_disabling_ends_the_session_at_once(sign_in, cms):
    victim = sign_in(SYSTEM, username="xitong")
    assert victim.get("/desk/users").status_code == 200
    user, _roles = load(cms, "xitong")

    sign_in(SECURITY).post(f"/desk/users/{user.id}/active", data={"active": "0"})

    assert victim.get("/desk/users").status_code == 302


def test_edit_of_a_department_that_is_gone_is_refused(sign_in, cms):
    make_user(cms, "wangmin")
    user, _roles = load(cms, "wangmin")

    answer = sign_in(SYSTEM).post(f"/desk/users/{user.id}", data={"full_name": "王敏敏", "department_id": "99"})

    assert answer.status_code == 422
    assert "所选的科室已不存在" in answer.text
    assert "王敏敏" in answer.text


def test_list_warns_of_offices_nobody_holds_and_of_persons_who_hold_several(sign_in, cms):
    client = sign_in(SYSTEM)
    assert "尚未设置审计管理员" in client.get("/desk/users").text
    for name, role in (("anquan", SECURITY), ("shenji", AUDIT)):
        make_user(cms, name, role)
        with cms.unit_of_work() as uow:
            services.edit_user(
                uow, user_by_name(uow.session, name), actor=MACHINE, full_name="赵六", department_id=None
            )

    page = client.get("/desk/users").text

    assert "尚未设置" not in page
    assert "赵六以不同账号同时担任" in page


def test_disabled_accounts_hold_no_office():
    assert len(separation_warnings([])) == 3


def test_audit_log_says_who_changed_whose_roles_without_names(sign_in, cms):
    make_user(cms, "wangmin")
    user, _roles = load(cms, "wangmin")
    sign_in(SECURITY, username="anquan").post(f"/desk/users/{user.id}/roles", data={"roles": ["editor"]})

    with cms.reading() as session:
        entry = session.query(AuditEntry).filter_by(action="user.set_roles").one()
        actor = user_by_name(session, "anquan")

    assert (entry.actor_id, entry.subject_id, entry.details) == (actor.id, str(user.id), {"roles": ["editor"]})


def test_invalid_department_when_creating_leaves_no_account(cms):
    with pytest.raises(Invalid), cms.unit_of_work() as uow:
        services.add_user(
            uow, "wangmin", actor=MACHINE, roles=frozenset(), password=PASSWORD, department_id=99
        )  # fmt: skip

    with cms.reading() as session:
        assert user_by_name(session, "wangmin") is None
