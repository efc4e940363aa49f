"""Every route of the desk × every role: the declared permission decides, and nothing is left undeclared."""

import pytest

from cms.accounts.policy import Policy, Role
from cms.registers.services import TallyInput, add_tally
from cms.testing.factories import make_draft, make_published

#: Routes that people reach without a permission, or before they have any.
OPEN = {"desk.login", "desk.logout", "desk.password"}
METHODS = {"GET", "POST"}


def routes(app):
    """Yield endpoint, methods and permission of every route of the desk, those of plugins included."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk") and rule.endpoint not in OPEN:
            view = app.view_functions[rule.endpoint]
            yield rule, sorted(rule.methods & METHODS), getattr(view, "cms_permission", None)


def test_every_route_of_the_desk_declares_its_permission(app, cms):
    known = cms.contributions.policy.permissions
    found = [(rule.endpoint, permission) for rule, _methods, permission in routes(app)]

    assert found
    assert [endpoint for endpoint, permission in found if permission is None] == []
    assert [one for one in found if one[1] not in known] == []


def test_strangers_are_sent_to_sign_in(app, cms, client, addresses):
    app.config["WTF_CSRF_ENABLED"] = False
    for rule, methods, _permission in routes(app):
        for method in methods:
            answer = client.open(addresses(rule), method=method)
            assert answer.status_code == 302, rule.endpoint
            assert answer.location.startswith("/desk/login?next="), rule.endpoint


@pytest.fixture
def addresses(app, cms):
    """Give an address for each rule; its arguments name things that exist."""
    from datetime import date

    from cms.accounts.policy import MACHINE

    draft = make_draft(cms, "post", "草稿")
    make_published(cms, "post", "公开")
    given = TallyInput(metric="calls", occurred_on=date(2016, 3, 8), quantity=1, source="簿", channel="phone")
    with cms.unit_of_work() as uow:
        tally = add_tally(uow, cms.contributions.metrics, given, actor=MACHINE).id
    values = {
        "content_id": draft,
        "tally_id": tally,
        "number": 1,
        "code": "site.items",
        "kind": "post",
        "key": "sample",
    }

    def address(rule):
        filled = {name: values.get(name, 1) for name in rule.arguments}
        with app.test_request_context():
            return app.url_map.bind("localhost").build(rule.endpoint, filled)

    return address


@pytest.mark.parametrize("role", list(Role))
def test_roles_reach_exactly_what_the_policy_grants(app, cms, sign_in, addresses, role):
    policy: Policy = cms.contributions.policy
    granted = policy.of(frozenset({role}))
    client = sign_in(role)
    for rule, methods, permission in routes(app):
        if "GET" in methods:
            status = client.get(addresses(rule)).status_code
            if permission not in granted:
                assert status == 403, (role, rule.endpoint, permission)
            elif permission == "content.edit_own" and role is Role.CONTRIBUTOR:
                # Somebody else's draft: the permission is there, the item is not theirs.
                assert status == 403, (role, rule.endpoint)
            else:
                assert status in {200, 302, 404}, (role, rule.endpoint, status)
        elif permission not in granted:
            assert client.post(addresses(rule)).status_code == 403, (role, rule.endpoint, permission)
