"""The audit log: read, filtered, exported, and its chain."""

import csv
import io

import pytest

from cms.accounts import services
from cms.accounts.auditing import check_chain
from cms.accounts.policy import MACHINE, Role
from cms.accounts.queries import user_by_name
from cms.audit.services import record
from cms.kernel.errors import NotAllowed
from cms.testing.factories import make_user


@pytest.fixture
def client(sign_in):
    return sign_in(Role.AUDIT_ADMIN, username="shenji")


def change(cms, statement):
    with cms.engine.begin() as connection:
        assert connection.exec_driver_sql(statement).rowcount > 0


def test_an_untouched_log_is_whole(client):
    answer = client.post("/desk/audit/verify")

    assert answer.status_code == 200
    assert "链条完整" in answer.text


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE audit_entry SET actor_id = 7 WHERE id = 2", "与前文不衔接的记录：2（共 1 条）"),
        ("UPDATE audit_entry SET details = '{}' WHERE id = 1", "与前文不衔接的记录：1（共 1 条）"),
        ("UPDATE audit_entry SET recorded_at = '2016-05-01 00:00:00.000000' WHERE id = 2", "与前文不衔接的记录：2"),
        ("DELETE FROM audit_entry WHERE id = 2", "与前文不衔接的记录：3（共 1 条）"),
        ("DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)", "末尾缺少 1 条记录。"),
    ],
)
def test_a_change_behind_our_back_is_found(client, cms, statement, sentence):
    for name in ("a1", "a2", "a3"):
        make_user(cms, name)
    change(cms, statement)

    answer = client.post("/desk/audit/verify")

    assert "日志被改动过" in answer.text
    assert sentence in answer.text


def test_checking_is_recorded_with_its_outcome(client, cms):
    client.post("/desk/audit/verify")

    page = client.get("/desk/audit", query_string={"action": "audit.verify"}).text
    assert page.count('<th scope="row">') == 1
    assert "{&#34;broken&#34;: 0, &#34;missing&#34;: 0}" in page


def test_filters_limit_the_list(client, cms):
    make_user(cms, "wangmin", Role.EDITOR)
    cms.clock.advance(days=3)
    with cms.unit_of_work() as uow:
        user = user_by_name(uow.session, "wangmin")
        services.set_active(uow, user, active=False, actor=MACHINE)

    def rows(**asked):
        return client.get("/desk/audit", query_string=asked).text.count('<th scope="row">')

    assert rows(subject=f"user:{user.id}") == 2
    assert rows(subject=f"user:{user.id}", action="user.disable") == 1
    assert rows(subject=f"user:{user.id}", since="2016-06-02") == 1
    assert rows(subject=f"user:{user.id}", until="2016-06-01") == 1
    assert rows(subject=f"user:{user.id}", since="2016-06-02", until="2016-06-03") == 0
    assert rows(actor=str(user.id)) == 0
    assert "日期请写成" in client.get("/desk/audit?since=2016-13-99").text


def test_long_logs_have_pages(client, cms):
    with cms.unit_of_work() as uow:
        for number in range(120):
            record(uow, "test.line", actor_id=None, subject_type="test", subject_id=number)

    page = client.get("/desk/audit?action=test.line&page=3").text

    assert page.count('<th scope="row">') == 20
    assert "共 120 条" in page
    assert "/desk/audit?actor=&amp;action=test.line" in page


def test_export_is_a_spreadsheet_without_formulas_and_leaves_a_trace(client, cms):
    with cms.unit_of_work() as uow:
        record(uow, "test.line", actor_id=None, subject_type="=cmd", subject_id=1, note="x")

    answer = client.post("/desk/audit/export", data={"action": "test.line"})

    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(line["actor"], line["subject"], line["details"]) for line in lines] == [
        ("系统", "'=cmd:1", '{"note": "x"}')
    ]
    assert lines[0]["recorded_at"] == "2016-06-01T10:00:00+08:00"
    assert "audit.export" in client.get("/desk/audit?action=audit.export").text


def test_nobody_else_checks_the_chain(cms):
    actor = make_user(cms, "xitong", Role.SYSTEM_ADMIN)

    with pytest.raises(NotAllowed), cms.unit_of_work() as uow:
        check_chain(uow, actor=actor)
