"""What citizens meet: the form, the receipt, the status, the public answers."""

import io
import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from cms.settings.services import load, save

WRITTEN = {
    "category": "consult", "topic": "城乡低保", "title": "低保怎样申请", "text": "我父亲七十岁，怎样申请低保？",
    "name": "王小明", "phone": "13800138000", "email": "", "address": "", "wants_public": "yes",
}  # fmt: skip


@pytest.fixture(autouse=True)
def plain_forms(app):
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def count(cms):
    def count():
        from cms_plugins.letters.models import Letter

        with cms.reading() as session:
            return session.scalar(select(func.count()).select_from(Letter))

    return count


def test_the_form_asks_for_consent_and_tells_what_happens_to_personal_data(client):
    page = client.get("/letters/new").text

    assert "是否同意公开" in page
    assert "姓名、电话等信息只用于办理本信件" in page
    for category in ("咨询", "求助", "投诉", "举报", "建议", "表扬", "其他"):
        assert f">{category}</option>" in page
    assert re.search(r"<input[^>]*wants_public[^>]*checked", page) is None


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("category", "", "请选择诉求类型"), ("category", "threat", "请选择诉求类型"), ("topic", "", "请选择主题"),
        ("topic", "别的主题", "请从列表中选择主题"), ("title", "  ", "请填写标题"), ("title", "长" * 101, "标题最多 100 个字"),
        ("text", "嗯", "请写清楚"), ("text", "长" * 5001, "内容最多 5000 个字"), ("name", "", "请填写姓名或称呼"),
        ("phone", "", "请填写电话或电子邮箱"), ("wants_public", "", "请选择是否同意公开"),
        ("wants_public", "maybe", "请选择是否同意公开"), ("address", "长" * 121, "内容过长"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_at_its_field_and_nothing_typed_is_lost(client, count, field, value, sentence):
    answer = client.post("/letters/new", data={**WRITTEN, "text": WRITTEN["text"], field: value})

    assert answer.status_code == 422
    assert sentence in answer.text
    kept = {**WRITTEN, field: value}
    assert kept["name"] in answer.text
    assert kept["text"] in answer.text
    assert count() == 0


def test_a_second_click_sends_nothing_twice(client, count):
    form_id = re.search(r'name="form_id" value="([0-9a-f]{32})"', client.get("/letters/new").text)[1]
    first = client.post("/letters/new", data={**WRITTEN, "form_id": form_id})
    second = client.post("/letters/new", data={**WRITTEN, "form_id": form_id})

    assert (first.status_code, first.headers["Location"]) == (302, second.headers["Location"])
    assert count() == 1
    assert "XJ2016-00001" in client.get(first.headers["Location"]).text


def test_clear_columns_hold_no_personal_data_and_the_code_is_stored_sealed(write, stored):
    number, code = write(title="请打13800138000", text="电话13800138000，身份证430423199001011236，怎样申请？")

    letter = stored(number)
    everything = " ".join(str(getattr(letter, column.key)) for column in letter.__table__.columns)
    for secret in ("13800138000", "王小明", "430423199001011236", code, "开云镇新街"):
        assert secret not in everything
    assert letter.title == "请打138****8000"


def test_an_attachment_is_sealed_and_belongs_to_the_letter(client, cms, stored, people):
    answer = client.post(
        "/letters/new", data={**WRITTEN, "files": (io.BytesIO("说明".encode()), "说明.txt")},
        content_type="multipart/form-data",
    )  # fmt: skip
    assert answer.status_code == 302, answer.text
    number = re.findall(r'<span class="code">([^<]+)</span>', client.get(answer.headers["Location"]).text)[0]

    letter = stored(number)
    assert "说明.txt" in people["officer"].get(f"/desk/letters/{letter.id}").text
    assert not list((cms.settings.site / "media").rglob("*.txt"))


def test_the_status_tells_how_a_letter_stands_and_nothing_personal(client, write, act, offices):
    number, code = write()
    act("officer", number, "screen")
    act("officer", number, "assign", department_id=offices["社会救助股"], note="内部说明")

    page = client.post("/letters/status", data={"number": f" {number.lower()} ", "code": code.replace("-", " ")}).text

    assert "办理中" in page
    assert "2016-06-08" in page
    for secret in ("王小明", "13800138000", "内部说明", "zhuanyuan"):
        assert secret not in page


@pytest.mark.parametrize(
    ("number", "code"),
    [("XJ2016-00001", "AAAA-BBBB-CCCC"), ("XJ2016-99999", "7KMX-2QHA-9TRD"), ("", ""), ("'\"<x>", "%00")],
)
def test_a_wrong_number_and_a_wrong_code_get_the_same_answer(client, write, number, code):
    write()

    answer = client.post("/letters/status", data={"number": number, "code": code})

    assert answer.status_code == 422
    assert "编号或查询码不正确" in answer.text
    assert "低保怎样申请" not in answer.text


def test_trying_out_codes_is_stopped(client, write):
    number, code = write()
    answers = [
        client.post("/letters/status", data={"number": number, "code": f"AAAA-BBBB-{i:04d}"}).status_code
        for i in range(12)
    ]

    assert set(answers[:10]) == {422}
    assert set(answers[10:]) == {429}
    # Even the right code has to wait now.
    assert client.post("/letters/status", data={"number": number, "code": code}).status_code == 429


def test_why_a_letter_was_not_answered_is_told(client, write, act):
    number, code = write()
    act("officer", number, "dismiss", verdict="invalid", note="没有写明事项，请补充后重新提交")

    page = client.post("/letters/status", data={"number": number, "code": code}).text

    assert "无效" in page
    assert "没有写明事项，请补充后重新提交" in page


def test_only_consent_an_answer_and_a_reader_make_a_letter_public(client, answered, act, stored):
    private, _code = answered(wants_public="no")
    act("publisher", private, "publish", title="低保", text="内容", answer="答复", is_checked="1")
    assert stored(private).published_at is None

    number, _code = answered()
    page = act("publisher", number, "publish", status=422, title="低保", text="内容", answer="答复").text
    assert "请通读全文" in page
    page = act(
        "publisher", number, "publish", status=422, title="低保", text="电话13800138000", answer="答复", is_checked="1"
    ).text
    assert "含有电话、证件号等个人信息" in page
    assert stored(number).published_at is None
    assert client.get("/letters/").text.count("低保怎样申请") == 0


def test_the_offices_own_telephone_may_stand_in_a_public_answer(answered, act, stored):
    number, _code = answered()
    act("publisher", number, "publish", title="低保", text="内容", answer="电话0734-5800120", is_checked="1")

    assert stored(number).public_answer == "电话0734-5800120"


def test_the_list_can_be_searched_and_narrowed_by_topic(client, answered, act, enter):
    for title, topic in (("低保怎样申请", "城乡低保"), ("结婚登记要带什么", "婚姻登记")):
        number, _code = answered(title=title, topic=topic)
        act("publisher", number, "publish", title=title, text="100%的困难", answer="请到窗口_办理", is_checked="1")

    assert client.get("/letters/?topic=婚姻登记").text.count('<a href="/letters/2.html">') == 1
    assert "低保怎样申请" not in client.get("/letters/?topic=婚姻登记").text
    assert "结婚登记要带什么" in client.get("/letters/?q=结婚 登记").text
    assert "没有找到" in client.get("/letters/?q=火星").text
    assert "低保怎样申请" in client.get("/letters/?q=100%").text
    assert "没有找到" in client.get("/letters/?q=1%0").text
    assert "低保怎样申请" in client.get("/letters/?q=窗口_").text
    assert client.get("/letters/?page=2").status_code == 404
    assert client.get("/letters/?page=0").status_code == 404


def test_a_letter_taken_off_is_gone_for_citizens_and_stays_in_the_desk(client, answered, act, stored):
    number, _code = answered()
    act("publisher", number, "publish", title="低保", text="内容", answer="答复", is_checked="1")
    letter = stored(number)
    assert client.get(f"/letters/{letter.id}.html").status_code == 200

    act("publisher", number, "take_off", note="来信人要求")

    assert client.get(f"/letters/{letter.id}.html").status_code == 404
    assert stored(number).state == "answered"


def test_a_rating_counts_once(client, answered):
    number, code = answered()
    rate = {"number": number, "code": code, "satisfaction": "unsatisfied", "note": "没有说清", "rate": "1"}

    assert "您的评价：不满意" in client.post("/letters/status", data=rate).text
    again = client.post("/letters/status", data={**rate, "satisfaction": "satisfied"})

    assert again.status_code == 409
    assert "只能评价一次" in again.text


@pytest.mark.parametrize("satisfaction", ["", "delighted"])
def test_a_rating_without_a_choice_is_asked_again(client, answered, satisfaction, stored):
    number, code = answered()

    answer = client.post(
        "/letters/status", data={"number": number, "code": code, "satisfaction": satisfaction, "rate": "1"}
    )

    assert answer.status_code == 422
    assert "请选择满意、基本满意或不满意" in answer.text
    assert stored(number).satisfaction is None


def test_a_mistake_on_the_site_can_be_reported_without_a_name(client, write, stored):
    page = client.get("/letters/site-error", headers={"Referer": "http://localhost/news/12.html"}).text
    assert 'value="http://localhost/news/12.html"' in page

    number, _code = write("/letters/site-error", page_url="/news/12.html", text="附件打不开", name="", phone="")

    assert (stored(number).title, stored(number).page_url) == ("附件打不开", "/news/12.html")
    answer = client.post("/letters/site-error", data={"page_url": "", "text": "附件打不开"})
    assert (answer.status_code, "请填写有错误的网页的网址" in answer.text) == (422, True)


def test_a_closed_mailbox_says_what_else_one_can_do(client, cms, app, count):
    from cms_plugins.letters.settings import LetterSettings

    with cms.unit_of_work() as uow:
        save(uow, replace(load(uow.session, LetterSettings), is_open=False))

    assert "网上来信暂停受理" in client.get("/letters/new").text
    assert client.post("/letters/new", data=WRITTEN).status_code == 404
    assert count() == 0


def test_letters_may_go_to_the_mailbox_of_the_director(cms, write, stored):
    from cms_plugins.letters.settings import LetterSettings

    with cms.unit_of_work() as uow:
        save(uow, replace(load(uow.session, LetterSettings), mailbox="mailbox_bureau"))

    assert stored(write()[0]).channel == "mailbox_bureau"


HOSTILE = (
    "<script>alert(1)</script>", "{{ 7 * 7 }}", "{% raw %}", "' OR 1=1 --", "\x00\x1f", "﷽" * 50, "\u202e反转", "😀👨‍👩‍👧",
    "../../etc/passwd", "javascript:alert(1)", "\r\nSet-Cookie: a=b", "=cmd|' /C calc'!A0", "𠮷" * 30, "%s%n{0}",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_strange_text_in_every_field_does_no_harm(client, people, text, cms):
    from cms_plugins.letters.models import Letter

    data = dict.fromkeys(WRITTEN, text)
    for path in ("/letters/new", "/letters/site-error", "/letters/status", "/letters/1.html"):
        assert client.post(path, data={**data, "form_id": text, "page_url": text, "code": text}).status_code < 500
    client.post(
        "/letters/new", data={**WRITTEN, "title": text + "标题", "text": text + "内容内容", "name": text or "王"}
    )
    with cms.reading() as session:
        letters = session.scalars(select(Letter)).all()
    for letter in letters:
        for path in ("/desk/letters", f"/desk/letters/{letter.id}"):
            page = people["officer"].get(path).text
            assert "<script>alert" not in page
            assert "49" not in re.findall(r"<h1>(.*?)</h1>", page)
    assert client.get("/letters/", query_string={"q": text, "topic": text}).status_code < 500
    assert people["officer"].get("/desk/letters", query_string={"q": text, "state": text, "channel": text,
                                                                "department": text, "from": text}).status_code == 200  # fmt: skip


def test_the_public_list_costs_the_same_for_many_letters(client, answered, act, queries):
    number, _code = answered()
    act("publisher", number, "publish", title="一", text="内容", answer="答复", is_checked="1")
    queries.clear()
    client.get("/letters/")
    few = len(queries)
    for _count in range(4):
        number, _code = answered()
        act("publisher", number, "publish", title="一", text="内容", answer="答复", is_checked="1")
    queries.clear()
    client.get("/letters/")

    assert len(queries) == few <= 10
