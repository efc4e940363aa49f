"""Seeing personal data: with a permission and a reason, and never without a trace."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from cms.accounts.auditing import check_chain
from cms.accounts.policy import MACHINE, Role
from cms.api import Invalid, NotAllowed, Subject, accesses_of, reveal, seal_into
from cms.audit.models import AuditEntry
from cms.personal.models import PersonalAccess
from cms.testing.factories import make_user

PERSON = {"name": "王小明", "id_number": "11010519491231002X", "phone": "13812345678"}
SUBJECT = Subject("visit", 1)


@pytest.fixture
def visit(cms, visits):
    with cms.unit_of_work() as uow:
        one = visits.Visit(outcome="")
        seal_into(cms.keyring, one, visits.Visit.personal, PERSON)
        uow.session.add(one)
    return one


@pytest.fixture
def officer(cms):
    return make_user(cms, "zhuanyuan", Role.OFFICER)


def look(cms, visits, visit, actor, **more):
    values = {"subject": SUBJECT, "actor": actor, "why": "办理申请", **more}
    with cms.unit_of_work() as uow:
        return reveal(uow, cms.keyring, visit.personal, visits.Visit.personal, **values)


def test_what_was_seen_is_noted(cms, visits, visit, officer):
    assert look(cms, visits, visit, officer, fields=("name", "phone", "none")) == {
        "name": "王小明",
        "phone": "13812345678",
    }

    with cms.reading() as session:
        row = session.query(PersonalAccess).one()
        entry = session.query(AuditEntry).filter_by(action="personal.reveal").one()
    assert (row.actor_id, row.subject_type, row.subject_id) == (officer.id, "visit", "1")
    assert (row.fields, row.why, row.recorded_at) == (["name", "phone"], "办理申请", cms.clock.now())
    assert (entry.actor_id, entry.details) == (officer.id, {"fields": ["name", "phone"]})


def test_all_fields_are_seen_and_noted_if_none_are_named(cms, visits, visit, officer):
    assert look(cms, visits, visit, officer) == PERSON

    with cms.reading() as session:
        assert session.query(PersonalAccess).one().fields == ["id_number", "name", "phone"]


@pytest.mark.parametrize("why", ["", "  \n"])
def test_nothing_is_seen_without_a_reason(cms, visits, visit, officer, why):
    with pytest.raises(Invalid) as refused:
        look(cms, visits, visit, officer, why=why)

    assert refused.value.errors == {"why": ["请写明查看个人信息的理由。"]}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.PUBLISHER, Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN])
def test_others_see_nothing_and_leave_no_line(cms, visits, visit, role):
    with pytest.raises(NotAllowed):
        look(cms, visits, visit, make_user(cms, "other", role))

    with cms.reading() as session:
        assert session.query(PersonalAccess).count() == 0


def test_a_plugin_may_name_a_permission_of_its_own(cms, visits, visit, officer):
    assert look(cms, visits, visit, officer, permission="visits.plan") == PERSON
    with pytest.raises(NotAllowed):
        look(cms, visits, visit, make_user(cms, "other", Role.EDITOR), permission="visits.plan")


def test_nothing_is_noted_when_nothing_is_there(cms, visits, visit, officer):
    visit.personal = ""

    assert look(cms, visits, visit, officer) == {}
    with cms.reading() as session:
        assert session.query(PersonalAccess).count() == 0


@pytest.mark.parametrize("statement", ["UPDATE personal_access SET why = 'x'", "DELETE FROM personal_access"])
def test_the_log_only_grows(cms, visits, visit, officer, statement):
    look(cms, visits, visit, officer)

    with pytest.raises(IntegrityError, match="append-only"), cms.engine.begin() as connection:
        connection.execute(text(statement))


def test_audit_chain_holds_no_personal_values_and_stays_whole(cms, visits, visit, officer):
    look(cms, visits, visit, officer, why="为王小明办理")

    with cms.unit_of_work() as uow:
        assert check_chain(uow, actor=MACHINE).is_whole
        assert "王小明" not in str(uow.session.execute(text("SELECT * FROM audit_entry")).all())


def test_page_of_the_record_shows_who_saw_it(cms, visits, visit, officer):
    look(cms, visits, visit, officer)
    look(cms, visits, visit, MACHINE, subject=Subject("visit", 2))

    with cms.reading() as session:
        assert [(line.actor, line.access.why) for line in accesses_of(session, SUBJECT)] == [("zhuanyuan", "办理申请")]
        assert [line.actor for line in accesses_of(session, Subject("visit", 2))] == ["系统"]


def test_audit_administrator_reads_and_filters_the_log(cms, visits, visit, officer, sign_in):
    look(cms, visits, visit, officer)
    cms.clock.advance(days=2)
    look(cms, visits, visit, MACHINE, subject=Subject("parcel", 7), why="清理")
    auditor = sign_in(Role.AUDIT_ADMIN)

    def rows(**asked):
        return auditor.get("/desk/access", query_string=asked).text.count('<th scope="row">')

    page = auditor.get("/desk/access").text
    assert page.index("parcel 7") < page.index("来访人信息 1")
    assert "证件号码、姓名、电话" in page
    assert "王小明" not in page
    assert rows() == 2
    assert rows(actor=str(officer.id)) == 1
    assert rows(type="parcel") == 1
    assert rows(type="visit", id="1") == 1
    assert rows(type="visit", id="9") == 0
    assert rows(since="2016-06-02") == 1
    assert rows(until="2016-06-02") == 1
    assert "日期请写成" in auditor.get("/desk/access?since=2016-13-99").text
    assert "个人信息访问" in page


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_nobody_else_reads_the_log(sign_in, role, visits):
    client = sign_in(role)

    assert client.get("/desk/access").status_code == 403
    assert 'href="/desk/access"' not in client.get("/desk/").text


def test_log_is_shown_page_by_page_with_few_queries(cms, visits, visit, officer, sign_in):
    from sqlalchemy import event

    for _ in range(60):
        look(cms, visits, visit, officer)
    auditor = sign_in(Role.AUDIT_ADMIN)
    statements = []
    event.listen(cms.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))

    assert auditor.get("/desk/access").text.count('<th scope="row">') == 50
    assert len([one for one in statements if one.startswith("SELECT")]) <= 12
    assert auditor.get("/desk/access?page=2").text.count('<th scope="row">') == 10


def test_officer_opens_a_file_and_it_is_noted(cms, client, app, visits, sign_in, site):
    import io

    app.config["WTF_CSRF_ENABLED"] = False
    form = {
        "name": "王小明",
        "id_number": "",
        "text": "来访",
        "papers": (io.BytesIO("内容".encode()), "王小明的证明.txt"),
    }
    assert client.post("/visits/", data=form).status_code == 302
    officer = sign_in(Role.OFFICER)

    answer = officer.get("/desk/visits/1/files/1")

    assert answer.data.decode() == "内容"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%8E%8B")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    with cms.reading() as session:
        row = session.query(PersonalAccess).one()
    assert (row.fields, row.why, row.subject_id) == (["file:identity:1"], "核验身份", "1")
    assert officer.get("/desk/visits/2/files/1").status_code == 404
    assert sign_in(Role.EDITOR).get("/desk/visits/1/files/1").status_code == 403
    assert client.get("/desk/visits/1/files/1").status_code == 302
    assert client.get("/media/1/王小明的证明.txt").status_code == 404


def test_changed_file_is_refused_with_the_remedy(cms, client, app, visits, sign_in, site):
    import io

    app.config["WTF_CSRF_ENABLED"] = False
    form = {"name": "王小明", "id_number": "", "text": "来访", "papers": (io.BytesIO(b"abc"), "a.txt")}
    client.post("/visits/", data=form)
    (stored,) = [file for file in (site / "sealed").rglob("*") if file.is_file()]
    stored.write_bytes(stored.read_bytes()[:-1] + b"\0")

    answer = sign_in(Role.OFFICER).get("/desk/visits/1/files/1")

    assert answer.status_code == 503
    assert "请系统管理员与备份比对" in answer.text


def test_lost_key_is_explained_on_the_page(cms, client, app, visits, visit, sign_in, site):
    (site / "keys" / "data_key").write_text("x" * 40 + "\n")

    answer = sign_in(Role.OFFICER).get("/desk/visits/1?why=办理")

    assert answer.status_code == 503
    assert "请系统管理员把备份中的 keys/data_key 放回网站目录" in answer.text
