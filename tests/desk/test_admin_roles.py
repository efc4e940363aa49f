"""Who may open what: the matrix of the administration's addresses, through the browser."""

import pytest

from cms.accounts.policy import Role

SYSTEM, SECURITY, AUDIT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN
#: Method, address, roles that get in. Everybody else is refused.
ROUTES = (
    ("GET", "/desk/sections", {SYSTEM}),
    ("GET", "/desk/sections/new", {SYSTEM}),
    ("POST", "/desk/sections/1/move", {SYSTEM}),
    ("POST", "/desk/sections/1/delete", {SYSTEM}),
    ("GET", "/desk/departments", {SYSTEM}),
    ("GET", "/desk/departments/new", {SYSTEM}),
    ("POST", "/desk/departments/1/move", {SYSTEM}),
    ("POST", "/desk/departments/1/delete", {SYSTEM}),
    ("GET", "/desk/coverage", {Role.OFFICER}),
    ("GET", "/desk/guide", {Role.OFFICER}),
    ("POST", "/desk/guide/confirm", {Role.OFFICER}),
    ("GET", "/desk/settings/disclosure", {Role.OFFICER}),
    ("GET", "/desk/users", {SYSTEM, SECURITY}),
    ("GET", "/desk/users/new", {SYSTEM}),
    ("GET", "/desk/users/999", {SYSTEM, SECURITY}),
    ("POST", "/desk/users/999", {SYSTEM}),
    ("POST", "/desk/users/999/roles", {SECURITY}),
    ("POST", "/desk/users/999/active", {SECURITY}),
    ("POST", "/desk/users/999/unlock", {SECURITY}),
    ("POST", "/desk/users/999/password", {SECURITY}),
    ("GET", "/desk/plugins", {SYSTEM}),
    ("POST", "/desk/plugins/none/enable", {SYSTEM}),
    ("POST", "/desk/plugins/none/disable", {SYSTEM}),
    ("POST", "/desk/plugins/install", {SYSTEM}),
    ("GET", "/desk/plugins/none/uninstall", {SYSTEM}),
    ("GET", "/desk/settings", {SYSTEM}),
    ("GET", "/desk/settings/intake", {SYSTEM}),
    ("POST", "/desk/settings/intake", {SYSTEM}),
    ("GET", "/desk/search-words", {SYSTEM}),
    ("POST", "/desk/search-words/rebuild", {SYSTEM}),
    ("GET", "/desk/system", {SYSTEM}),
    ("POST", "/desk/system/jobs/1/retry", {SYSTEM}),
    ("GET", "/desk/audit", {AUDIT}),
    ("POST", "/desk/audit/verify", {AUDIT}),
    ("POST", "/desk/audit/export", {AUDIT}),
    ("GET", "/desk/access", {AUDIT}),
    ("GET", "/desk/access/retention", {AUDIT, Role.OFFICER}),
)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_exactly_its_own_pages(sign_in, role):
    client = sign_in(role)

    opened = {(method, path) for method, path, _roles in ROUTES if client.open(path, method=method).status_code != 403}

    assert opened == {(method, path) for method, path, roles in ROUTES if role in roles}


def test_nobody_comes_in_without_signing_in(client, app):
    app.config["WTF_CSRF_ENABLED"] = False

    for method, path, _roles in ROUTES:
        answer = client.open(path, method=method)
        assert answer.status_code == 302, path
        assert answer.location.startswith("/desk/login?next="), path


def test_forms_need_their_token(sign_in, app):
    client = sign_in(SYSTEM)
    app.config["WTF_CSRF_ENABLED"] = True

    assert client.post("/desk/settings", data={"site_name": "别人的网站"}).status_code == 400


def test_every_route_of_the_administration_is_in_the_matrix(app):
    modules = ("sections", "departments", "users", "plugins", "site_settings", "search_words", "system", "audit_log",
               "access_log", "disclosure")  # fmt: skip
    ours = {f"cms.desk.views.{name}" for name in modules}
    adapter = app.url_map.bind("localhost")
    covered = {adapter.match(path, method=method)[0] for method, path, _roles in ROUTES}

    endpoints = {
        rule.endpoint for rule in app.url_map.iter_rules() if app.view_functions[rule.endpoint].__module__ in ours
    }

    assert endpoints - covered == {"desk.section_edit", "desk.department_edit"}
