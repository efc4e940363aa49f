"""Letters in the desk: who may do what, who sees what, what is written down."""

import re

import pytest
from sqlalchemy import select

from cms.accounts.policy import Role
from cms.personal.models import PersonalAccess

ROLES = ("editor", "stranger", "reviewer", "publisher", "officer")
#: Route → who may open it (others of ROLES get 403). The letter is of 社会救助股, to which all but the stranger belong.
PAGES = {
    "/desk/letters": {"editor", "stranger", "reviewer", "publisher", "officer"},
    "/desk/letters/{id}": {"editor", "reviewer", "publisher", "officer"},
    "/desk/letters/new": {"editor", "stranger", "reviewer", "publisher", "officer"},
    "/desk/letter-statistics": {"editor", "stranger", "reviewer", "publisher", "officer"},
    "/desk/letter-statistics.csv": {"editor", "stranger", "reviewer", "publisher", "officer"},
    "/desk/letter-tally": {"editor", "stranger", "reviewer", "publisher", "officer"},
    "/desk/letter-tally/sheet": {"editor", "stranger", "reviewer", "publisher", "officer"},
    "/desk/letter-tally/sheet.docx": {"editor", "stranger", "reviewer", "publisher", "officer"},
    "/desk/letter-limits": {"officer"},
    "/desk/settings/letters": {"officer"},
    "/desk/settings/topics": {"officer"},
}  # fmt: skip
OUTSIDERS = (Role.CONTRIBUTOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


@pytest.fixture
def assigned(write, act, offices):
    """Bring a letter to 社会救助股; give its number."""
    number, _code = write()
    act("officer", number, "screen", department_id=offices["社会救助股"])
    return number


def test_every_page_opens_for_its_roles_alone(people, assigned, stored, sign_in, client):
    number = stored(assigned).id
    wrong = []
    for path, allowed in PAGES.items():
        address = path.format(id=number)
        for who in ROLES:
            status = people[who].get(address).status_code
            expected = 200 if who in allowed else 404 if "{id}" in path else 403
            if status != expected:
                wrong.append((address, who, status))
        if client.get(address).status_code != 302:
            wrong.append((address, "nobody"))
    for role in OUTSIDERS:
        outsider = sign_in(role)
        wrong += [
            (path, role) for path in PAGES
            if path.startswith("/desk/letter") and "{id}" not in path and outsider.get(path).status_code != 403
        ]  # fmt: skip

    assert wrong == []


#: Action → state in which it is tried → who may take it.
ACTIONS = {
    "screen": ("received", {"officer"}), "dismiss": ("received", {"officer"}), "hand_over": ("received", {"officer"}),
    "assign": ("screened", {"officer"}), "accept": ("assigned", {"editor", "officer"}),
    "give_back": ("assigned", {"editor", "officer"}), "draft": ("accepted", {"editor", "officer"}),
    "review": ("drafted", {"reviewer", "publisher", "officer"}),
    "refuse": ("drafted", {"reviewer", "publisher", "officer"}), "answer": ("reviewed", {"editor", "officer"}),
    "publish": ("answered", {"publisher", "officer"}), "call_back": ("answered", {"officer"}),
    "close": ("answered", {"officer"}), "redo": ("answered", {"officer"}), "urge": ("assigned", {"officer"}),
    "extend": ("assigned", {"officer"}), "amend": ("assigned", {"officer"}), "reissue": ("assigned", {"officer"}),
}  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_is_offered_to_its_roles_alone(people, write, cms, offices, action, stored):
    from cms_plugins.letters.models import Letter
    from sqlalchemy import update

    state, allowed = ACTIONS[action]
    number, _code = write()
    letter = stored(number)
    office = offices["社会救助股"] if state not in {"received", "screened"} else None
    with cms.unit_of_work() as uow:
        answered = {"answered_at": uow.clock.now(), "answered_on": letter.occurred_on} if state == "answered" else {}
        uow.session.execute(update(Letter).values(state=state, department_id=office, verdict="valid", **answered))

    offering = {
        who for who in ROLES
        if f"/desk/letters/{letter.id}/do/{action}#" in people[who].get(f"/desk/letters/{letter.id}").text
    }  # fmt: skip
    # Reviewers and publishers of the same department may answer too, editors of another one nothing.
    own = {"reviewer"} if office and action in {"accept", "give_back", "draft", "answer"} else set()
    assert offering == allowed | own


def test_an_action_that_is_not_offered_is_refused(people, assigned, stored, happened):
    letter, before = stored(assigned), happened(assigned)
    for who, action in (("editor", "assign"), ("editor", "review"), ("reviewer", "publish"), ("editor", "urge")):
        people[who].post(f"/desk/letters/{letter.id}/do/{action}", data={"version": letter.version})
    assert people["stranger"].post(f"/desk/letters/{letter.id}/do/accept", data={}).status_code == 404
    assert people["officer"].post(f"/desk/letters/{letter.id}/do/explode", data={}).status_code == 404
    assert people["officer"].post(f"/desk/letters/{letter.id}/do/alert", data={}).status_code == 404

    assert happened(assigned) == before


def test_personal_data_is_masked_until_somebody_asks_with_a_reason(people, assigned, stored, cms):
    letter = stored(assigned)
    page = people["editor"].get(f"/desk/letters/{letter.id}").text
    assert "王*明" in page
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "新街12号" not in page

    people["editor"].post(f"/desk/letters/{letter.id}/reveal", data={"why": "  "})
    shown = people["editor"].post(f"/desk/letters/{letter.id}/reveal", data={"why": "回访核实"}).text

    assert "王小明" in shown
    assert "13800138000" in shown
    with cms.reading() as session:
        line = session.scalars(select(PersonalAccess)).one()
    assert (line.subject_type, line.subject_id, line.why) == ("letter", str(letter.id), "回访核实")
    assert "回访核实" in people["officer"].get(f"/desk/letters/{letter.id}").text


def test_those_who_do_not_handle_a_letter_do_not_see_its_writer(people, assigned, stored):
    letter = stored(assigned)

    assert people["publisher"].post(f"/desk/letters/{letter.id}/reveal", data={"why": "好奇"}).status_code == 403
    assert people["stranger"].post(f"/desk/letters/{letter.id}/reveal", data={"why": "好奇"}).status_code == 404


def test_two_people_do_not_overwrite_each_other(people, assigned, stored, act):
    letter = stored(assigned)
    act("editor", assigned, "accept")

    page = people["officer"].post(
        f"/desk/letters/{letter.id}/do/give_back", data={"version": letter.version, "give_back-note": "退"},
        follow_redirects=True,
    ).text  # fmt: skip

    assert "别人已处理过这封信件" in page
    assert stored(assigned).state == "accepted"


def test_a_refused_form_keeps_what_was_typed(act, assigned, stored):
    act("editor", assigned, "accept")
    page = act("editor", assigned, "give_back", status=422, note=" ").text
    assert "请写明原因" in page

    page = act("officer", assigned, "hand_over", status=422, verdict="petition", reference="", note="信访事项，请办理",
               on="2016-06-01").text  # fmt: skip
    assert "信访事项，请办理" in page
    assert "请填写转办单号" in page
    assert stored(assigned).state == "accepted"


def test_a_returned_letter_waits_with_its_reason(act, assigned, people, stored):
    act("editor", assigned, "give_back", note="属婚姻登记处职责")

    letter = stored(assigned)
    assert (letter.state, letter.department_id) == ("returned", None)
    page = people["officer"].get(f"/desk/letters/{letter.id}").text
    assert "属婚姻登记处职责；承办科室：社会救助股" in page


def test_a_person_of_another_department_cannot_be_the_handler(act, assigned, offices, cms):
    from cms.accounts.models import User

    with cms.reading() as session:
        stranger = session.scalar(select(User.id).where(User.username == "waike"))

    page = act("officer", assigned, "assign", status=422, department_id=offices["社会救助股"], handler_id=stranger).text

    assert "承办人不在所选的科室" in page


def test_filters_find_what_they_say(people, enter, assigned):
    enter("post", "complaint", title="来信一件", topic="殡葬改革", external_no="2016-77")
    officer = people["officer"]

    def titles(query):
        return re.findall(r'class="table-title" href="[^"]+">([^<]+)<', officer.get(f"/desk/letters?{query}").text)

    assert titles("channel=post") == ["来信一件"]
    assert titles("category=consult") == ["低保怎样申请"]
    assert titles("topic=殡葬改革") == ["来信一件"]
    assert titles("q=2016-77") == ["来信一件"]
    assert titles("q=XJ2016-00001") == ["低保怎样申请"]
    assert titles("state=assigned") == ["低保怎样申请"]
    assert titles("from=2016-06-02") == []
    assert titles("group=open") == ["低保怎样申请", "来信一件"]
    assert "没有符合条件的信件" in officer.get("/desk/letters?q=火星").text


def test_the_same_telephone_shows_other_letters_of_the_writer(write, people, stored):
    first, _code = write()
    second, _code = write(title="再问一次", phone="138 0013 8000")

    assert first in people["officer"].get(f"/desk/letters/{stored(second).id}").text


def test_a_code_is_issued_anew_after_a_check_of_identity(client, write, act, people, stored):
    number, old = write()
    assert "请写明原因" in act("officer", number, "reissue", status=422, note="").text
    act("officer", number, "reissue", note="来电号码一致，核对了姓名")

    page = people["officer"].get(f"/desk/letters/{stored(number).id}").text
    code = re.search(r"新的查询码：([0-9A-Z-]{14})", page)[1]
    assert code not in people["officer"].get(f"/desk/letters/{stored(number).id}").text
    assert client.post("/letters/status", data={"number": number, "code": old}).status_code == 422
    assert client.post("/letters/status", data={"number": number, "code": code}).status_code == 200


def test_facts_are_corrected_with_a_trace_and_the_limit_follows(act, enter, people, stored):
    letter = enter("phone", "consult")
    fields = {"channel": "phone", "category": "complaint", "topic": "其他", "occurred_on": "2016-05-31",
              "external_no": "", "note": "听错了"}  # fmt: skip
    act("officer", letter.number, "amend", **fields)

    now = stored(letter.number)
    assert (now.category, now.topic, str(now.occurred_on)) == ("complaint", "其他", "2016-05-31")
    page = people["officer"].get(f"/desk/letters/{letter.id}").text
    assert "诉求类型：咨询 → 投诉" in page
    assert "收到日期：2016-06-01 → 2016-05-31" in page
    assert "没有改动" in act("officer", letter.number, "amend", status=422, **fields).text


def test_the_day_of_a_letter_from_the_site_stands(act, write):
    number, _code = write()

    page = act("officer", number, "amend", status=422, channel="phone", category="consult", topic="城乡低保",
               occurred_on="2016-05-01", external_no="", note="改").text  # fmt: skip

    assert "网上来信的时间由系统记录" in page
    assert "渠道不能改为其他渠道" in page


def test_the_dashboard_tells_what_waits(people, write, enter):
    from datetime import date

    write()
    enter("post", "complaint", on=date(2016, 5, 1))

    page = people["officer"].get("/desk/").text
    assert re.search(r'level=late">已超过答复期限</a><span>1 件', page)
    assert re.search(r'state=received">待甄别</a> <small class="muted">2 件', page)
    assert "咨询信件</h2>" not in people["stranger"].get("/desk/").text


def test_the_list_costs_the_same_for_many_letters(people, enter, queries):
    enter()
    people["officer"].get("/desk/letters")
    queries.clear()
    people["officer"].get("/desk/letters")
    few = len(queries)
    for _count in range(5):
        enter()
    queries.clear()
    people["officer"].get("/desk/letters")

    assert len(queries) == few


def test_the_audit_log_names_letters_and_no_persons(cms, answered):
    from cms.audit.models import AuditEntry

    number, _code = answered()
    with cms.reading() as session:
        entries = [entry for entry in session.scalars(select(AuditEntry)) if entry.action.startswith("letter.")]
    assert [entry.action for entry in entries] == [
        "letter.receive", "letter.screen", "letter.assign", "letter.accept", "letter.draft", "letter.review",
        "letter.answer",
    ]  # fmt: skip
    text = " ".join(str(vars(entry)) for entry in entries)
    assert number in text
    for secret in ("王小明", "13800138000", "低保怎样申请"):
        assert secret not in text
