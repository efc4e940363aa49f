"""A public form behind the gate: limits, the question, files that stay, one receipt."""

import io
import json
import os
import re
import wave
import zipfile
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import text

from cms.accounts.policy import MACHINE
from cms.intake import question as questions
from cms.intake.settings import TAB, IntakeSettings
from cms.media.kinds import ALLOWED
from cms.personal.models import SealedFile
from cms.settings.services import change

STRINGS = json.loads((Path(__file__).parents[1] / "data/hostile/strings.json").read_text("utf-8"))
FORM = {"name": "王小明", "id_number": "11010519491231002X", "text": "想了解低保政策"}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8cfc0f01f0005000201a4f1b7c80000000049454e44ae426082"
)


@pytest.fixture
def page(client, app, visits):
    """Send the form as a browser would: with the hidden fields of the page before."""
    app.config["WTF_CSRF_ENABLED"] = False
    hidden = {}

    def send(address="10.0.0.1", **typed):
        data = {**FORM, **hidden, **typed}
        answer = client.post("/visits/", data=data, environ_overrides={"REMOTE_ADDR": address})
        hidden.clear()
        hidden.update(fields(answer.text))
        return answer

    send.hidden = hidden
    return send


def fields(html):
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))


def set_limits(cms, **values):
    with cms.unit_of_work() as uow:
        change(uow, TAB, IntakeSettings(**values), actor=MACHINE)


def right_answer(cms, token):
    return str(questions.read(cms.settings.secret_key, token).answer)


def test_form_is_accepted_and_its_receipt_is_shown(client, page):
    answer = page()

    assert answer.status_code == 302
    receipt = client.get(answer.location)
    assert "V0001" in receipt.text
    assert re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", receipt.text)
    assert receipt.headers["Cache-Control"] == "no-store"


def test_receipt_is_forgotten_after_an_hour(cms, client, page):
    address = page().location
    cms.clock.advance(minutes=61)

    assert client.get(address).status_code == 404
    assert client.get("/visits/receipt?form=0123").status_code == 404


def test_sending_the_same_form_twice_makes_one_record(client, cms, visits, page):
    page.hidden.update(fields(client.get("/visits/").text))
    again = dict(page.hidden)
    first = page()
    page.hidden.update(again)
    second = page(name="别人")

    assert first.location == second.location
    with cms.reading() as session:
        assert session.query(visits.Visit).count() == 1


def test_errors_keep_what_was_typed_and_lead_to_their_fields(page):
    answer = page(name="", text="第一行\n<b>第二行")

    assert answer.status_code == 422
    assert '<a href="#name">请填写姓名。</a>' in answer.text
    assert 'id="name-error"' in answer.text
    assert "第一行\n&lt;b&gt;第二行" in answer.text
    assert 'value="11010519491231002X"' in answer.text


def test_form_without_token_of_the_page_is_refused(client, app, visits):
    app.config["WTF_CSRF_ENABLED"] = True

    assert client.post("/visits/", data=FORM).status_code == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/visits/").text)[1]
    assert client.post("/visits/", data={**FORM, "csrf_token": token}).status_code == 302


def test_question_comes_when_one_address_sends_often(client, page):
    for _ in range(5):
        assert page().status_code == 302
    sixth = page()

    assert sixth.status_code == 422
    assert "请回答验证问题。" in sixth.text
    assert re.search(r"[一二三四五六七八九十]+[加减][一二三四五六七八九十]+等于多少？", sixth.text)
    assert 'value="王小明"' in sixth.text
    assert page(address="10.0.0.2").status_code == 302
    assert "question_answer" in client.get("/visits/", environ_overrides={"REMOTE_ADDR": "10.0.0.1"}).text
    assert "question_answer" not in client.get("/visits/", environ_overrides={"REMOTE_ADDR": "10.0.0.3"}).text


def test_question_comes_for_everybody_when_the_site_is_flooded(cms, page):
    set_limits(cms, site_per_hour=4)
    for number in range(4):
        assert page(address=f"10.0.1.{number}").status_code == 302

    assert page(address="10.0.2.1").status_code == 422


def test_right_answer_lets_the_form_through(cms, page):
    set_limits(cms, question="always")
    page()

    assert page(question_answer=right_answer(cms, page.hidden["question_token"])).status_code == 302


def test_answer_stays_while_other_mistakes_are_corrected(cms, page):
    set_limits(cms, question="always")
    page()
    token = page.hidden["question_token"]
    typed = right_answer(cms, token)
    wrong = page(question_answer=typed, name="")

    assert wrong.status_code == 422
    assert page.hidden["question_token"] == token
    assert re.search(rf'name="question_answer"[^>]*value="{typed}"', wrong.text)
    assert "验证问题已过期" not in wrong.text
    assert page(question_answer=typed).status_code == 302


def test_wrong_answer_brings_another_question_and_all_errors_at_once(cms, page):
    set_limits(cms, question="always")
    page()
    token = page.hidden["question_token"]
    answer = page(question_answer="999", name="")

    assert '<a href="#question_answer">答案不对，请回答新的题目。</a>' in answer.text
    assert '<a href="#name">请填写姓名。</a>' in answer.text
    assert page.hidden["question_token"] != token


def test_question_is_answered_for_one_form_only(cms, visits, page):
    set_limits(cms, question="always")
    page()
    token = page.hidden["question_token"]
    spent = {"question_token": token, "question_answer": right_answer(cms, token)}
    assert page(**spent).status_code == 302

    again = page(**spent, form_id="0" * 32)

    assert again.status_code == 422
    assert "验证问题已过期" in again.text
    with cms.reading() as session:
        assert session.query(visits.Visit).count() == 1


@pytest.mark.parametrize("spoil", ["late", "forged", "other form"])
def test_question_that_is_not_of_this_form_and_hour_is_refused(cms, page, spoil):
    set_limits(cms, question="always")
    page()
    token = page.hidden["question_token"]
    answer = right_answer(cms, token)
    if spoil == "late":
        cms.clock.advance(hours=3, minutes=1)
    elif spoil == "forged":
        token = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    else:
        asked = questions.ask(cms.settings.secret_key, "letters", cms.clock.now())
        token, answer = asked.token, str(asked.answer)

    assert page(question_token=token, question_answer=answer).status_code == 422


def test_too_many_attempts_wait_and_keep_what_was_typed(cms, visits, page):
    set_limits(cms, most_per_hour=6, free_per_hour=6, contact="也可以发邮件到 mzj@example.cn。")
    for _ in range(6):
        assert page().status_code == 302
    refused = page(text="第七次")

    assert refused.status_code == 429
    assert "请在 60 分钟后再试" in refused.text
    assert "也可以发邮件到 mzj@example.cn。" in refused.text
    assert "第七次" in refused.text
    assert page(address="10.0.0.9").status_code == 302
    cms.clock.advance(hours=1)
    assert page().status_code == 302
    with cms.reading() as session:
        assert session.query(visits.Visit).count() == 8


def test_neighbours_in_a_v6_network_count_together(cms, page):
    set_limits(cms, most_per_hour=2, free_per_hour=2)
    page(address="2001:db8::1")
    page(address="2001:db8::2:2")

    assert page(address="2001:db8::ffff:1").status_code == 429
    assert page(address="2001:db8:0:1::1").status_code == 302


def test_database_holds_no_network_addresses(cms, page):
    page(address="10.20.30.40")

    with cms.reading() as session:
        before = {row.who for row in session.execute(text("SELECT who FROM attempts"))}
    assert len(before) == 2
    assert "10.20" not in str(before)
    cms.clock.advance(days=1)
    page(address="10.20.30.40")
    with cms.reading() as session:
        assert len({row.who for row in session.execute(text("SELECT who FROM attempts"))}) == 3


def test_counts_and_tokens_are_forgotten_after_a_day(cms, page, drain):
    page()
    cms.clock.advance(days=1, hours=2)
    drain()

    with cms.reading() as session:
        assert session.execute(text("SELECT count(*) FROM attempts")).scalar() == 0
        assert session.execute(text("SELECT count(*) FROM spent_token")).scalar() == 0


def test_question_can_be_heard(cms, client, page):
    set_limits(cms, question="always")
    address = re.search(r'<audio [^>]*src="([^"]+)"', client.get("/visits/").text)[1]
    answer = client.get(address)

    assert answer.mimetype == "audio/wav"
    with wave.open(io.BytesIO(answer.data)) as sound:
        assert 2 < sound.getnframes() / sound.getframerate() < 8
    assert client.get("/question/forged.wav").status_code == 404


def upload(name="身份证.png", content=PNG):
    return (io.BytesIO(content), name)


def test_files_are_sealed_and_belong_to_the_record(cms, site, page):
    assert page(papers=[upload(), upload("王小明.png")]).status_code == 302

    stored = [file for file in (site / "sealed").rglob("*") if file.is_file()]
    assert len(stored) == 2
    assert all(PNG[:8] not in file.read_bytes() for file in stored)
    with cms.reading() as session:
        rows = session.query(SealedFile).all()
        raw = str(session.execute(text("SELECT * FROM sealed_file")).all())
    assert {(row.subject_type, row.subject_id, row.purpose, row.size) for row in rows} == {
        ("visit", "1", "identity", 70)
    }
    assert "王小明" not in raw


def test_files_stay_while_the_form_is_corrected(cms, page):
    wrong = page(name="", papers=[upload()])

    assert "身份证.png（70 B）" in wrong.text
    assert page().status_code == 302
    with cms.reading() as session:
        assert [(row.subject_type, row.subject_id) for row in session.query(SealedFile)] == [("visit", "1")]


def test_file_can_be_taken_back(cms, site, page):
    page(name="", papers=[upload()])
    with cms.reading() as session:
        key = str(session.query(SealedFile.id).scalar())

    assert page(remove_file=key).status_code == 302
    with cms.reading() as session:
        assert session.query(SealedFile).count() == 0
    assert [file for file in (site / "sealed").rglob("*") if file.is_file()] == []


def test_nobody_takes_back_files_of_another_form(cms, client, page):
    page(name="", papers=[upload()])
    with cms.reading() as session:
        key = str(session.query(SealedFile.id).scalar())
    client.post("/visits/", data={**FORM, "name": "", "form_id": "a" * 32, "remove_file": key})

    assert page().status_code == 302
    with cms.reading() as session:
        assert session.query(SealedFile).one().subject_type == "visit"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("程序.png", b"MZ\x90\x00" + b"\0" * 100, "不支持这种文件"),
        ("空.png", b"", "文件是空的"),
        ("照片.pdf", PNG, "文件内容与扩展名“.pdf”不符"),
        ("../../x.png", b"<script>", "不支持这种文件"),
    ],
)
def test_wrong_files_are_refused_and_the_rest_stays(page, name, content, sentence):
    answer = page(papers=[upload(), upload(name, content)])

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "身份证.png（70 B）" in answer.text
    assert 'href="#papers"' in answer.text


def test_archives_and_films_are_not_taken(page):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "a")

    answer = page(papers=[upload("材料.zip", packed.getvalue())])

    assert answer.status_code == 422
    assert ".pdf" in answer.text
    assert ".zip" not in re.sub(r"材料\.zip", "", answer.text)
    assert ".mp4" not in answer.text
    assert ".zip" in str(ALLOWED)


def test_a_form_has_only_so_many_files(page):
    answer = page(papers=[upload(f"{number}.png") for number in range(4)])

    assert answer.status_code == 422
    assert "3.png：最多可上传 3 个文件。" in answer.text


def test_files_of_unanswered_questions_are_not_kept(cms, site, page):
    set_limits(cms, question="always")
    answer = page(papers=[upload()])

    assert "请重新选择" in answer.text
    assert [file for file in (site / "sealed").rglob("*") if file.is_file()] == []


def test_files_of_forms_that_were_given_up_are_removed(cms, site, page, drain):
    page(name="", papers=[upload()])
    stray = site / "sealed" / "ab" / "cd" / ("abcd" + "0" * 60)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"left by a crash")
    drain()
    assert len([file for file in (site / "sealed").rglob("*") if file.is_file()]) == 2

    cms.clock.advance(hours=3, minutes=1)
    stray_time = cms.clock.now().timestamp() - 4 * 3600
    os.utime(stray, (stray_time, stray_time))
    drain()

    assert [file for file in (site / "sealed").rglob("*") if file.is_file()] == []
    with cms.reading() as session:
        assert session.query(SealedFile).count() == 0


@pytest.mark.parametrize("kind", ["naughty", "scripts", "sql", "templates", "headers"])
def test_hostile_texts_are_kept_as_they_are_and_run_nowhere(cms, visits, page, kind):
    set_limits(cms, question="never", most_per_hour=100)
    for string in STRINGS[kind]:
        refused = page(name="", text=string, id_number=string)
        assert refused.status_code == 422, string
        typed = re.search(r'<textarea[^>]*name="text"[^>]*>\r?\n?(.*?)</textarea>', refused.text, re.DOTALL)[1]
        assert unescape(typed).split() == string.split(), string
        assert page(text=string or "x", id_number=string).status_code in {302, 422}, string

    with cms.reading() as session:
        kept = [cms.keyring.open(one.personal, visits.Visit.personal)["text"] for one in session.query(visits.Visit)]
    assert kept == [string for string in STRINGS[kind] if string.strip()]


def test_hostile_file_names_climb_nowhere(cms, site, page):
    set_limits(cms, question="never", most_per_hour=100)
    for name in STRINGS["file_names"]:
        assert page(papers=[upload(name)]).status_code in {302, 422}, name

    assert all(len(file.name) == 64 for file in (site / "sealed").rglob("*") if file.is_file())


@pytest.mark.parametrize("name", ["question_token", "question_answer", "form_id", "remove_file"])
def test_hostile_hidden_fields_are_refused_or_ignored(cms, page, name):
    set_limits(cms, question="always" if name.startswith("question") else "never", most_per_hour=100)
    for string in [*STRINGS["naughty"], *STRINGS["sql"], "9" * 400, "-1"]:
        assert page(**{name: string}).status_code in {302, 422}, string
