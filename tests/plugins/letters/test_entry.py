"""Letters entered by hand: from paper, the telephone, the mailbox of the leader, the hotline."""

import io
from datetime import date

import pytest

NEW = "/desk/letters/new"
GIVEN = {
    "channel": "mailbox_leader", "category": "complaint", "topic": "殡葬改革", "title": "反映公墓收费", "received_on": "2016-05-30",
    "text": "来信内容，电话13900139000", "source": "书记县长信箱第12号", "external_no": "2016-12", "name": "李四",
    "phone": "13900139000", "time": "", "answered_on": "", "answer": "", "department_id": "",
}  # fmt: skip


def test_a_letter_from_the_leaders_mailbox_is_registered_masked(people, stored):
    answer = people["editor"].post(NEW, data=GIVEN, follow_redirects=True)

    assert "已登记为 XJ2016-00001，可继续登记下一件" in answer.text
    assert 'value="书记县长信箱第12号"' in answer.text
    letter = stored("XJ2016-00001")
    assert (letter.channel, letter.state, str(letter.occurred_on)) == ("mailbox_leader", "received", "2016-05-30")
    assert letter.text == "来信内容，电话139****9000"
    assert letter.code == ""


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"channel": ""}, "请选择渠道"), ({"category": ""}, "请选择诉求类型"), ({"title": ""}, "请填写标题"),
        ({"received_on": "2016-06-02"}, "日期不能晚于今天"), ({"received_on": "昨天"}, "请填写日期"),
        ({"source": ""}, "请写明依据"), ({"time": "25:00"}, "请填写时间"), ({"answer": "已答复"}, "请填写答复日期"),
        ({"answered_on": "2016-05-29"}, "答复日期应在收到信件之后"), ({"answered_on": "2016-06-02"}, "不能晚于今天"),
        ({"channel": "site_error", "page_url": ""}, "请填写有错误的网页的网址"), ({"department_id": "999"}, "已不存在"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_and_nothing_is_lost(people, changes, sentence):
    answer = people["officer"].post(NEW, data={**GIVEN, **changes})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "李四" in answer.text


def test_the_same_work_order_is_not_registered_twice(people):
    people["officer"].post(NEW, data=GIVEN)

    assert "这个编号已登记过" in people["officer"].post(NEW, data=GIVEN).text


def test_a_work_order_of_ones_own_department_is_assigned_at_once(people, offices, stored, happened):
    people["editor"].post(NEW, data={**GIVEN, "channel": "hotline_12345", "department_id": offices["社会救助股"]})

    letter = stored("XJ2016-00001")
    assert (letter.state, letter.verdict) == ("assigned", "valid")
    assert happened("XJ2016-00001") == ["receive", "screen", "assign"]
    answer = people["editor"].post(NEW, data={**GIVEN, "external_no": "", "department_id": offices["婚姻登记处"]})
    assert "只能登记由本科室承办的信件" in answer.text


def test_an_answered_call_is_entered_in_one_go(people, stored, happened):
    people["editor"].post(NEW, data={**GIVEN, "channel": "phone", "answered_on": "2016-05-30", "answer": "已当场答复"})

    letter = stored("XJ2016-00001")
    assert (letter.state, letter.answer, letter.was_late) == ("answered", "已当场答复", False)
    assert happened("XJ2016-00001") == ["receive", "record_answer"]


def test_a_whole_year_of_paper_raises_no_alarm_and_shows_when_it_was_entered(people, drain, stored, happened):
    people["editor"].post(NEW, data={**GIVEN, "received_on": "2015-04-01", "answered_on": "2015-04-20"})
    people["editor"].post(NEW, data={**GIVEN, "external_no": "", "received_on": "2015-04-02"})
    drain()

    assert happened("XJ2015-00002") == ["receive"]
    page = people["officer"].get(f"/desk/letters/{stored('XJ2015-00001').id}").text
    assert "发生日期 2015-04-01，补录" in page
    assert "按期答复" in page


def test_a_scan_is_sealed_and_opened_with_a_trace(people, cms, stored):
    from sqlalchemy import select

    from cms.personal.models import PersonalAccess, SealedFile

    data = {**GIVEN, "file": (io.BytesIO("扫描件内容".encode()), "李四来信.txt")}
    assert people["editor"].post(NEW, data=data, content_type="multipart/form-data").status_code == 302
    letter = stored("XJ2016-00001")
    with cms.reading() as session:
        file = session.scalars(select(SealedFile)).one()
    assert "李四来信.txt" in people["editor"].get(f"/desk/letters/{letter.id}").text
    assert "李四来信.txt" not in people["reviewer"].get(f"/desk/letters/{letter.id}").text

    url = f"/desk/letters/{letter.id}/files/{file.id}"
    assert people["editor"].post(url).get_data().decode() == "扫描件内容"
    assert people["reviewer"].post(url).status_code == 403
    assert people["stranger"].post(url).status_code == 404
    with cms.reading() as session:
        assert session.scalars(select(PersonalAccess)).one().fields == [f"file:scan:{file.id}"]


def test_what_a_tally_has_counted_is_named_on_the_form(people, cms):
    from cms.accounts.policy import MACHINE
    from cms.registers.services import TallyInput, add_tally

    given = TallyInput(metric="letters.leader_mailbox", occurred_on=date(2016, 5, 30), quantity=4, source="第1页")
    with cms.unit_of_work() as uow:
        add_tally(uow, cms.contributions.metrics, given, actor=MACHINE)

    page = people["editor"].get(f"{NEW}?channel=mailbox_leader&received_on=2016-05-30").text

    assert "计数登记中 2016-05-30 的“书记县长信箱”已有 4 件" in page


def test_a_letter_that_is_an_application_waits_for_those_who_answer_it(people, enter, act, cms, stored):
    from cms.personal.handovers import HandOver, take_up, waiting_hand_overs

    letter = enter("post", "consult", title="请公开2015年低保名单")
    act("officer", letter.number, "hand_over", verdict="application", reference="转依申请公开", note="属政府信息公开申请",
        on="2016-06-01")  # fmt: skip

    with cms.reading() as session:
        (row,) = waiting_hand_overs(session, "application")
        assert (row.number, row.title, row.received_on) == (letter.number, "请公开2015年低保名单", date(2016, 6, 1))
        assert cms.keyring.open(row.personal, HandOver.personal)["title"] == "请公开2015年低保名单"
    page = people["officer"].get(f"/desk/letters/{letter.id}").text
    assert "已转依申请公开，尚待登记为申请" in page

    with cms.unit_of_work() as uow:
        from cms.accounts.policy import MACHINE

        take_up(uow, uow.session.get_one(HandOver, row.id), "2016-依申请-003", actor=MACHINE)
    assert "依申请公开已登记为 2016-依申请-003" in people["officer"].get(f"/desk/letters/{letter.id}").text
    act("officer", letter.number, "restore", note="退回来了")
    assert stored(letter.number).state == "closed"


def test_a_hand_over_to_petition_keeps_its_day_and_reference(client, write, act, people, stored):
    number, code = write(category="complaint")
    act(
        "officer",
        number,
        "hand_over",
        verdict="petition",
        reference="信转〔2016〕5号",
        on="2016-06-01",
        note="属信访事项",
    )

    letter = stored(number)
    assert (str(letter.handed_on), letter.handed_ref, letter.due_at) == ("2016-06-01", "信转〔2016〕5号", None)
    page = client.post("/letters/status", data={"number": number, "code": code}).text
    assert "转信访" in page
    assert "属信访事项；转办单号 信转〔2016〕5号" in page
    act("officer", number, "restore", note="信访部门退回")
    assert (stored(number).state, stored(number).due_at is None) == ("received", False)


def test_what_is_past_its_time_is_erased_and_the_numbers_stay(app, drain, clock, answered, act, people, stored):
    number, _code = answered()
    clock.advance(days=3 * 366)
    drain()

    letter = stored(number)
    assert (letter.personal, letter.code, letter.text, letter.answer, letter.sender_key) == ("", "", "", "", "")
    assert (letter.state, letter.answered_on, letter.topic) == ("answered", date(2016, 6, 1), "城乡低保")
    assert letter.erased_at is not None
    page = people["officer"].get(f"/desk/letters/{letter.id}").text
    assert "删除个人信息" in page
    assert "请到社会救助股办理" not in page
    numbers = people["officer"].get("/desk/letter-statistics?from=2016-01-01&to=2016-12-31").text
    assert "答复率 100%：答复 1 ÷ 有效 1" in numbers
