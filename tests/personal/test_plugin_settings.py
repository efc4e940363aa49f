"""Settings of plugins: a tab of 网站设置, with the permission that the plugin names."""

import pytest

from cms.accounts.policy import Role
from cms.api import load_settings
from cms.audit.models import AuditEntry

FORM = {"room": "一楼", "seats": "12", "taken": "3", "day": "fri"}


@pytest.fixture
def officer(sign_in):
    return sign_in(Role.OFFICER)


def stored(cms, visits):
    with cms.reading() as session:
        return load_settings(session, visits.VisitSettings)


def test_settings_are_stored_and_shown_again(officer, cms, visits):
    answer = officer.post("/desk/settings/visits", data=FORM)

    assert answer.status_code == 302
    assert stored(cms, visits) == visits.VisitSettings(room="一楼", seats=12, taken=3, day="fri")
    page = officer.get("/desk/settings/visits").text
    assert 'value="12"' in page
    assert '<option selected value="fri">周五</option>' in page
    assert "“来访”设置已保存。" in page
    assert "接待室的安排。" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"room": ""}, "请填写“接待室”。"),
        ({"seats": "100"}, "“座位”应为 1 到 99 的整数。"),
        ({"seats": "很多"}, "“座位”应为 1 到 99 的整数。"),
        ({"seats": ""}, "“座位”应为 1 到 99 的整数。"),
        ({"day": "sun"}, "请选择“接待日”。"),
        ({"taken": "13"}, "预留不能多于座位。"),
    ],
)
def test_wrong_settings_keep_what_was_typed_and_change_nothing(officer, cms, visits, changed, sentence):
    typed = {**FORM, **changed}

    answer = officer.post("/desk/settings/visits", data=typed)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{typed["seats"]}"' in answer.text
    assert stored(cms, visits) == visits.VisitSettings()


def test_audit_names_what_changed_and_not_how(officer, cms, visits):
    officer.post("/desk/settings/visits", data=FORM)
    officer.post("/desk/settings/visits", data=FORM)

    with cms.reading() as session:
        entry = session.query(AuditEntry).filter_by(action="settings.change").one()
    assert (entry.subject_id, entry.details) == ("visits", {"names": ["day", "room", "seats", "taken"]})


def test_officer_finds_the_tab_and_may_not_change_the_site(officer):
    home = officer.get("/desk/").text

    # The entry of the menu leads to the first tab that the officer may open, the others stand beside it.
    assert 'href="/desk/settings/topics"' in home
    assert 'href="/desk/settings/visits"' in officer.get("/desk/settings/topics").text
    assert 'href="/desk/settings"' not in home
    assert officer.get("/desk/settings").status_code == 403
    assert 'href="/desk/settings"' not in officer.get("/desk/settings/visits").text


def test_administrator_does_not_see_what_the_plugin_keeps_for_officers(sign_in):
    administrator = sign_in(Role.SYSTEM_ADMIN)

    assert "/desk/settings/visits" not in administrator.get("/desk/settings").text
    assert administrator.get("/desk/settings/visits").status_code == 403
    assert administrator.get("/desk/settings/nothing").status_code == 404


def test_visitors_sign_in_first(client):
    answer = client.get("/desk/settings/visits")

    assert answer.status_code == 302
    assert "/desk/login" in answer.location
