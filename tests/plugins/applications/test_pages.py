"""The pages of the desk: who may open what, the officer's whole way through forms, filters, hostile text."""

import io
import json
import re
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from sqlalchemy import event, select

from cms.accounts.policy import Role
from cms.personal.models import PersonalAccess

from .conftest import ID_NUMBER

HOSTILE = json.loads((Path(__file__).parents[2] / "data/hostile/strings.json").read_text("utf-8"))
BASE = "/desk/applications/"
#: Address → who may open it; everybody else gets 403.
_HANDLE, _VIEW = {Role.OFFICER}, {Role.OFFICER, Role.REVIEWER, Role.PUBLISHER}
PAGES = {
    "": _VIEW, "{id}": _VIEW, "{id}/answers/{answer}": _VIEW, "new": _HANDLE, "cases": _HANDLE, "cases/new": _HANDLE,
    "cases/{case}": _HANDLE, "{id}/personal": _HANDLE, "{open}/answer": _HANDLE, "{id}/redact": _HANDLE,
    "{id}/answers/{answer}.docx": _HANDLE, "{id}/notices/receipt.docx": _HANDLE, "{id}/publicise": _HANDLE,
    "{open}/do/ask_correction": _HANDLE, "{open}/do/sign": {Role.REVIEWER, Role.PUBLISHER},
    "{open}/do/review": {Role.REVIEWER, Role.PUBLISHER}, "{id}/files/1": _HANDLE,
}  # fmt: skip


@pytest.fixture
def ids(office, cms):
    """Make an answered application, an open one and a case."""
    from cms_plugins.applications.casework import CaseInput, open_case
    from cms_plugins.applications.models import CaseKind

    one = office.received()
    answer = office.answer(one)
    running = office.received(title="另一件")
    with cms.unit_of_work() as uow:
        case = open_case(uow, CaseInput(kind=CaseKind.REVIEW, body="县政府", application_id=one), actor=office.officer)
    return {"id": one, "answer": answer, "open": running, "case": case.id}


@pytest.mark.parametrize("role", list(Role))
def test_pages_open_for_those_who_need_them_and_for_nobody_else(ids, sign_in, role):
    client = sign_in(role)

    found = {path: client.get(BASE + path.format(**ids)).status_code for path in PAGES}

    assert found == {path: 200 if role in allowed else 403 for path, allowed in PAGES.items()}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OFFICER])
def test_steps_are_refused_to_those_who_may_not_take_them(ids, sign_in, office, role):
    from cms_plugins.applications.desk_steps import desk_steps

    client = sign_in(role)
    before = office.get(ids["open"]).state
    for name, step in desk_steps().items():
        if step.permission == "applications.handle":
            assert client.post(f"{BASE}{ids['open']}/do/{name}", data={"on": "2026-03-02"}).status_code == 403
    assert office.get(ids["open"]).state == before


def test_strangers_are_sent_to_sign_in(ids, client):
    assert {client.get(BASE + path.format(**ids)).status_code for path in PAGES} == {302}


def test_addresses_of_nothing_answer_404(ids, sign_in):
    client = sign_in(Role.OFFICER)
    for path in ("999", "999/do/accept", f"{ids['open']}/do/nothing", f"{ids['id']}/answers/999", "cases/999",
                 f"{ids['id']}/notices/fee.docx", f"{ids['id']}/answers/{ids['answer']}.exe", f"{ids['id']}/redact/999",
                 f"{ids['open']}/do/arrived?item=999"):  # fmt: skip
        answer = client.get(BASE + path)
        posted = client.post(BASE + path, data={"item": "999"})
        assert 404 in {answer.status_code, posted.status_code}, path


def do(client, one, step, **data):
    answer = client.post(f"{BASE}{one}/do/{step}", data=data)
    assert answer.status_code == 302, html.fromstring(answer.text).text_content()
    return answer


def test_officer_takes_an_application_through_all_forms(office, cms, sign_in, on):
    officer, reviewer, head = (sign_in(role) for role in (Role.OFFICER, Role.REVIEWER, Role.PUBLISHER))
    made = officer.post(BASE + "new", data={
        "channel": "onsite", "applicant_class": "NP", "made_on": "2026-03-02", "on": "2026-03-02", "name": "王小明",
        "id_kind": "id", "id_number": ID_NUMBER, "phone": "13812345678", "address": "衡山县开云镇", "title": "低保名单",
        "medium": "paper", "delivery": "post",
    }, follow_redirects=True)  # fmt: skip
    assert re.search(r"申请编号 2026-0001，查询码 [2-9A-Z-]{14}", made.text)
    one = 1
    do(officer, one, "accept", on="2026-03-02")
    on("2026-03-04")
    do(officer, one, "ask_correction", text="请写明年份", on="2026-03-04")
    on("2026-03-09")
    do(officer, one, "correct", text="2025年", on="2026-03-09")
    do(officer, one, "consult", kind="third_party", name="某公司", text="是否同意", on="2026-03-09")
    do(officer, one, "arrived", item="1", on="2026-03-09")
    on("2026-03-20")
    do(officer, one, "end_consultation", item="1", opinion="agrees", on="2026-03-20")
    do(officer, one, "extend", days="10", consent="刘主任", notified="邮寄", on="2026-03-20")
    page = officer.get(f"{BASE}{one}").text
    assert "2026-05-07" in page
    saved = officer.post(f"{BASE}{one}/answer", data={
        "action": "save", "kind": "partial", "result": "A3.2", "grounds": ["A3.3.4"], "provided": "名单第一页",
        "reasons": "涉及他人隐私",
    })  # fmt: skip
    assert saved.status_code == 302
    do(officer, one, "submit_answer", on="2026-03-20")
    do(reviewer, one, "review", note="不涉密，可以部分公开", on="2026-03-20")
    do(head, one, "sign", dated="2026-03-20", on="2026-03-20")
    do(officer, one, "serve", served="post", receipt="XA12345", on="2026-03-20")

    found = office.get(one)
    assert (found.result, found.closed_on.isoformat(), found.state) == ("A3.2", "2026-03-20", "answered")
    do(officer, one, "archive", on="2026-03-20")
    assert "已归档" in officer.get(f"{BASE}{one}").text


def test_form_of_a_step_keeps_what_was_typed(ids, sign_in):
    client = sign_in(Role.OFFICER)

    answer = client.post(f"{BASE}{ids['open']}/do/extend", data={"days": "99", "consent": "刘主任", "on": "2026-13-45"})

    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    assert page.xpath("//input[@name='consent']/@value") == ["刘主任"]
    assert page.xpath("//input[@name='on']/@value") == ["2026-13-45"]
    assert page.xpath("//div[contains(@class, 'alert--error')]//a/@href")


def test_second_officer_is_told_that_somebody_was_faster(ids, sign_in):
    client = sign_in(Role.OFFICER)
    old = html.fromstring(client.get(f"{BASE}{ids['open']}/do/remark").text).xpath("//input[@name='version']/@value")[0]
    do(client, ids["open"], "remark", note="来电询问", on="2026-03-02")

    answer = client.post(f"{BASE}{ids['open']}/do/remark", data={"note": "又一次", "on": "2026-03-02", "version": old})

    assert (answer.status_code, "又一次" in answer.text) == (409, True)


def test_register_is_filtered_and_searched(ids, sign_in, office, on):
    client = sign_in(Role.OFFICER)

    def numbers(query):
        page = html.fromstring(client.get(f"{BASE}?{query}").text)
        return [text.split()[0] for text in page.xpath("//a[@class='table-title']/text()")]

    assert numbers("") == ["2026-0002", "2026-0001"]
    assert numbers("state=open") == ["2026-0002"]
    assert numbers("q=2026-0001") == ["2026-0001"]
    assert numbers("q=另一") == ["2026-0002"]
    assert numbers("q=%25") == []
    assert numbers("kind=CE") == []
    assert numbers("kind=NP&channel=onsite&year=2026") == ["2026-0002", "2026-0001"]
    assert numbers("state=nonsense") == numbers("year=abcd") == numbers("kind=zz") == []
    on("2026-06-01")
    assert numbers("alarm=1") == ["2026-0002"]


def test_pages_show_no_personal_data_until_somebody_says_why(office, cms, sign_in):
    client = sign_in(Role.OFFICER)
    one = office.received(text="我是王小明，电话13812345678")
    personal = ("王小明", ID_NUMBER, "13812345678", "wang@example.com", "人民路1号")
    pages = client.get(BASE).text + client.get(f"{BASE}{one}").text + client.get("/desk/").text
    assert [value for value in personal if value in pages.replace("我是王小明", "")] == []

    assert client.post(f"{BASE}{one}/personal", data={"why": " "}).status_code == 422
    shown = client.post(f"{BASE}{one}/personal", data={"why": "联系申请人"})

    assert [value for value in personal if value not in shown.text] == []
    assert shown.headers["Cache-Control"] == "no-store"
    with cms.reading() as session:
        (line,) = session.scalars(select(PersonalAccess)).all()
    assert (line.subject_type, line.subject_id, line.why) == ("application", str(one), "联系申请人")


def test_letters_are_given_out_with_the_name_and_a_trace(ids, cms, sign_in):
    client = sign_in(Role.OFFICER)
    address = f"{BASE}{ids['id']}/answers/{ids['answer']}"
    assert "王小明" not in client.get(address).text

    answer = client.get(f"{address}.docx")

    from docx import Document

    text = "".join(one.text for one in Document(io.BytesIO(answer.data)).paragraphs)
    assert "王小明" in text
    with cms.reading() as session:
        assert session.scalars(select(PersonalAccess.why)).all() == ["制作政府信息公开答复书"]


def test_preview_shows_the_letter_without_saving(ids, cms, sign_in):
    client = sign_in(Role.OFFICER)
    address = f"{BASE}{ids['open']}/answer"

    page = client.post(address, data={"action": "preview", "kind": "withhold", "result": "A3.3.7", "reasons": "案卷"})

    text = html.fromstring(page.text).get_element_by_id("letter").text_content()
    assert "行政执法案卷" in text
    assert "应当先" in text
    with cms.reading() as session:
        from cms_plugins.applications.answering import answers_of

        assert answers_of(session, ids["open"]) == []


def test_picture_is_redacted_and_its_result_goes_with_the_answer(ids, cms, sign_in):
    from cms_plugins.applications.handling import jobs_of

    client = sign_in(Role.OFFICER)
    file = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(file, "PNG")
    file.seek(0)
    client.post(f"{BASE}{ids['open']}/answer", data={"action": "save", "kind": "disclose", "provided": "见附件"})
    made = client.post(f"{BASE}{ids['open']}/redact", data={"file": (file, "王小明的名单.png")})
    source = made.headers["Location"]
    assert client.get(source).status_code == 200
    assert client.get(f"{source}/1.png?boxes=0.1,0.1,0.5,0.5;bad;1,2").status_code == 200
    boxes = {"box-page": ["1"], "box-left": ["10"], "box-top": ["10"], "box-width": ["50"], "box-height": ["50"]}
    wrong = client.post(source, data={**boxes, "box-left": ["abc"], "action": "make"})
    assert (wrong.status_code, "abc" in wrong.text) == (422, True)

    done = client.post(source, data={**boxes, "action": "make"}, follow_redirects=True)

    assert "已去除 1 处" in done.text
    with cms.reading() as session:
        (job,) = jobs_of(session, ids["open"])
    link = html.fromstring(done.text).xpath("//a[contains(., '公开部分')]/@href")[0]
    sent = client.post(link, data={"why": "核对"})
    assert Image.open(io.BytesIO(sent.data)).getpixel((50, 30)) == (0, 0, 0)
    assert job.removed == 1


def test_text_is_redacted_by_phrase(ids, sign_in):
    client = sign_in(Role.OFFICER)
    made = client.post(f"{BASE}{ids['open']}/redact", data={"file": (io.BytesIO("王 小明，300元".encode()), "a.txt")})

    done = client.post(made.headers["Location"], data={"phrases": "王小明", "action": "make"}, follow_redirects=True)

    link = html.fromstring(done.text).xpath("//a[contains(., '公开部分')]/@href")[0]
    assert client.post(link, data={"why": "核对"}).data.decode() == "■■■，300元"


def test_answer_becomes_a_draft_for_everybody(ids, cms, sign_in, office):
    from cms.content.models import Content, Revision
    from cms.content.snapshot import Snapshot
    from cms.testing.factories import section_of

    client = sign_in(Role.OFFICER)
    address = f"{BASE}{ids['id']}/publicise"
    assert client.post(address, data={"subject": "低保资金发放情况", "section_id": ""}).status_code == 422

    made = client.post(address, data={"subject": "低保资金发放情况", "section_id": section_of(cms, "notice")})

    assert made.status_code == 302
    with cms.reading() as session:
        content = session.get(Content, office.get(ids["id"]).content_id)
        snapshot = Snapshot.from_json(session.get(Revision, content.latest_revision_id).snapshot)
    assert (content.state, snapshot.title, snapshot.body) == ("draft", "低保资金发放情况", "<p>随函附上</p>")
    assert snapshot.parts["catalogue"]["doc_no"] == "衡民发〔2025〕12号"
    assert client.post(address, data={"subject": "再来", "section_id": section_of(cms, "notice")}).status_code == 422


def test_case_is_recorded_and_decided_in_the_desk(ids, cms, sign_in):
    client = sign_in(Role.OFFICER)
    data = {
        "kind": "R",
        "body": "县政府",
        "number": "衡政复〔2026〕1号",
        "application": "2026-0001",
        "on": "2026-03-02",
    }
    assert client.post(BASE + "cases/new", data={**data, "application": "2026-9999"}).status_code == 422
    made = client.post(BASE + "cases/new", data=data)

    assert client.post(made.headers["Location"], data={"action": "decide", "on": "2026-03-02"}).status_code == 422
    done = client.post(made.headers["Location"], data={"action": "decide", "result": "keep", "on": "2026-03-02"})

    assert done.status_code == 302
    assert "结果维持" in client.get(BASE + "cases").text
    assert "衡政复〔2026〕1号" in client.get(f"{BASE}{ids['id']}").text


def test_register_asks_few_questions_however_long_it_is(ids, sign_in, office, cms):
    client = sign_in(Role.OFFICER)

    def count(path):
        statements = []

        def note(_connection, _cursor, statement, *_rest):
            if statement.startswith("SELECT"):
                statements.append(statement)

        event.listen(cms.engine, "before_cursor_execute", note)
        client.get(BASE + path)
        event.remove(cms.engine, "before_cursor_execute", note)
        return len(statements)

    few = count("")
    for at in range(8):
        office.received(title=f"第{at}件")
    assert count("") == few
    assert few <= 20


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "file_names"])
def test_hostile_text_in_the_forms_of_steps_breaks_nothing(office, sign_in, kind):
    client = sign_in(Role.OFFICER)
    one = office.received()
    for text in HOSTILE[kind][:15]:
        for name, field in (("remark", "note"), ("ask_correction", "text"), ("consult", "name"), ("extend", "consent"),
                            ("reissue_code", "checked")):  # fmt: skip
            answer = client.post(f"{BASE}{one}/do/{name}", data={field: text, "on": text, "item": text, "version": ""})
            assert answer.status_code in {200, 302, 422, 404}, (name, text)
        answer = client.post(
            f"{BASE}{one}/answer", data={"action": "preview", "kind": text, "provided": text, "result": text}
        )
        assert answer.status_code == 200
        assert not re.search(r"<(script|img|svg|iframe)[^>]*(alert|onerror|src=x)", answer.text), text
        client.post(f"{BASE}{one}/do/remark", data={"note": text, "on": "2026-03-02"})
    page = client.get(f"{BASE}{one}")
    assert page.status_code == 200
    assert not re.search(r"<(script|img|svg|iframe)[^>]*(alert|onerror|src=x)", page.text)
