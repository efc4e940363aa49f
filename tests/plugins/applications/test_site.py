"""The public pages as citizens get them, without JavaScript: form, receipt, state; and what robots may not do."""

import io
import json
import re
from pathlib import Path

import pytest
from lxml import html
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from cms.intake.settings import IntakeSettings
from cms.settings.services import save

from .conftest import ID_NUMBER

HOSTILE = json.loads((Path(__file__).parents[2] / "data/hostile/strings.json").read_text("utf-8"))
FIELDS = {
    "name": "王小明", "id_kind": "id", "id_number": ID_NUMBER, "phone": "13812345678", "email": "wang@example.com",
    "title": "2025年城乡低保资金发放情况", "medium": "electronic", "delivery": "email",
}  # fmt: skip
NEW = "/applications/new?kind=person"


@pytest.fixture
def citizen(app):
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def applications(cms):
    from cms_plugins.applications.models import Application

    with cms.reading() as session:
        return session.scalars(select(Application).order_by(Application.id)).all()


def submit(client, address=NEW, **changes):
    """Send the form; return the page that follows, its number and code."""
    answer = client.post(address, data={**FIELDS, **changes}, follow_redirects=True)
    codes = html.fromstring(answer.text).xpath("//dd[contains(@class, 'code')]/text()")
    return answer, *(codes or ("", ""))


def status(client, number, code, **more):
    return client.post("/applications/status", data={"number": number, "code": code, **more})


def test_entrance_says_how_where_and_how_long(citizen, cms):
    from cms_plugins.applications.settings import ApplicationSettings

    with cms.unit_of_work() as uow:
        save(uow, ApplicationSettings(office="局办公室", office_phone="0734-5812345", notice="请如实填写。"))

    page = html.fromstring(citizen.get("/applications/").text)

    text = page.text_content()
    for words in ("局办公室", "20 个工作日", "7 个工作日", "口头提出", "请如实填写。", "不需要说明用途"):
        assert words in text
    assert page.xpath("//a[starts-with(@href, 'tel:')][. = '0734-5812345']")
    assert citizen.get("/applications/form.docx").status_code == 200


def test_form_asks_for_what_article_29_says_and_for_no_purpose(citizen):
    for kind in ("person", "organisation"):
        page = html.fromstring(citizen.get(f"/applications/new?kind={kind}").text)
        names = set(page.xpath("//form[@method='post']//*/@name"))
        assert {"name", "phone", "email", "address", "title", "doc_no", "text", "medium", "delivery"} <= names
        assert {"identity", "authority", "support", "agent_name", "co_0_name"} <= names
        assert ("id_number" in names, "uscc" in names) == (kind == "person", kind == "organisation")
        assert not {"purpose", "usage"} & names
        assert "用途" not in page.xpath("//form[@method='post']")[0].text_content()


def test_citizen_applies_keeps_the_receipt_and_follows_the_state(citizen, cms, office, on):
    from cms_plugins.applications import intake

    answer, number, code = submit(citizen)
    assert (answer.status_code, number) == (200, "2026-0001")
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    assert answer.headers["Cache-Control"] == "no-store"
    link = html.fromstring(answer.text).xpath("//a[contains(@href, 'receipt.pdf')]/@href")[0]
    pdf = "".join(page.extract_text() for page in PdfReader(io.BytesIO(citizen.get(link).data)).pages)
    assert number in pdf
    assert code in pdf.replace("\n", "")

    page = status(citizen, number, code).text
    assert "待确认" in page
    assert "已确认" in status(citizen, number, code, action="confirm").text
    on("2026-03-03")
    office.run(intake.confirm_by_organ, applications(cms)[0].id)

    text = html.fromstring(status(citizen, f" {number} ", code.lower().replace("-", " ")).text).text_content()
    assert "已登记" in text
    assert "2026-03-31" in text
    for personal in ("王小明", ID_NUMBER, "13812345678", "wang@example.com"):
        assert personal not in text


def test_citizen_corrects_and_takes_back_on_the_status_page(citizen, cms, office, on):
    from cms_plugins.applications import inquiries, intake
    from cms_plugins.applications.models import InquiryKind

    _answer, number, code = submit(citizen)
    status(citizen, number, code, action="confirm")
    one = applications(cms)[0].id
    office.run(intake.confirm_by_organ, one)
    office.run(inquiries.ask, one, InquiryKind.CORRECTION, text="请写明年份")

    page = status(citizen, number, code).text
    assert "请写明年份" in page
    empty = status(citizen, number, code, action="correct", text=" ")
    assert (empty.status_code, "请填写内容" in empty.text) == (422, True)
    on("2026-03-10")
    assert "补正已提交" in status(citizen, number, code, action="correct", text="2025年").text
    assert "2026-03-10" in status(citizen, number, code).text
    assert "已撤回" in status(citizen, number, code, action="withdraw").text
    assert office.get(one).result == "A3.6.3"
    assert status(citizen, number, code, action="withdraw").status_code == 422


def test_errors_keep_what_was_typed_and_lead_to_their_field(citizen, cms):
    answer = citizen.post(NEW, data={**FIELDS, "name": "", "id_number": "123", "text": "<b>描述</b>"})

    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    targets = page.xpath("//div[contains(@class, 'alert--error')]//a/@href")
    assert {"#name", "#id_number"} <= set(targets)
    for target in targets:
        (field,) = page.xpath(f"//*[@id='{target[1:]}']")
        assert field.get("aria-invalid") == "true"
        assert page.xpath(f"//*[@id='{field.get('aria-describedby').split()[-1]}']")
    assert page.xpath("//textarea[@name='text']/text()")[0].strip() == "<b>描述</b>"
    assert page.xpath("//input[@name='phone']/@value") == ["13812345678"]
    assert applications(cms) == []


def test_second_click_sends_nothing_twice(citizen, cms):
    page = html.fromstring(citizen.get(NEW).text)
    form_id = page.xpath("//input[@name='form_id']/@value")[0]

    first = submit(citizen, form_id=form_id)
    second = submit(citizen, form_id=form_id)

    assert first[1:] == second[1:]
    assert len(applications(cms)) == 1


def picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(file, "PNG")
    return file.getvalue()


def test_agent_needs_an_authorisation_that_is_kept_over_a_correction(citizen, cms, office):
    from cms_plugins.applications.terms import subject_of

    from cms.api import files_of

    agent = {"agent_name": "李律师", "agent_phone": "13900000000"}
    assert citizen.post(NEW, data={**FIELDS, **agent}).status_code == 422
    form_id = html.fromstring(citizen.get(NEW).text).xpath("//input[@name='form_id']/@value")[0]
    upload = {"authority": (io.BytesIO(picture()), "委托书.png")}
    wrong = citizen.post(NEW, data={**FIELDS, **agent, "name": "", "form_id": form_id, **upload})
    assert "委托书.png" in wrong.text

    answer, _number, _code = submit(citizen, form_id=form_id, **agent)

    assert answer.status_code == 200
    (one,) = applications(cms)
    with cms.reading() as session:
        (file,) = files_of(session, cms.sealed_files, subject_of(one))
    assert (file.name, file.purpose) == ("委托书.png", "authority")
    stored = list((cms.settings.site / "sealed").rglob("*"))
    assert all(picture() not in path.read_bytes() for path in stored if path.is_file())


def test_organisation_says_its_class(citizen, cms):
    data = {"applicant_class": "LS", "uscc": "11430423006351234X", "name": "某某律师事务所"}
    address = "/applications/new?kind=organisation"

    assert submit(citizen, address, **data)[0].status_code == 200
    assert applications(cms)[0].applicant_class == "LS"
    assert citizen.post(address, data={**FIELDS, **data, "applicant_class": ""}).status_code == 422


def test_wrong_number_and_wrong_code_get_the_same_answer(citizen):
    _answer, number, code = submit(citizen)

    pages = [
        re.sub(r'value="[^"]*"', "", status(citizen, *pair).text)
        for pair in ((number, "AAAA-AAAA-AAAA"), ("2026-9999", code), ("2026-9999", ""), ("<script>", "'--"))
    ]

    assert len(set(pages)) == 1
    assert "编号或查询码不正确" in pages[0]


def test_guessing_codes_is_stopped_for_the_number_and_for_the_address(citizen, cms):
    _answer, number, code = submit(citizen)
    with cms.unit_of_work() as uow:
        save(uow, IntakeSettings(lookups_per_hour=6, failures_per_number=3))

    tried = [status(citizen, number, f"AAAA-AAAA-AAA{at}").status_code for at in range(4)]
    assert tried == [422, 422, 422, 429]
    assert status(citizen, number, code).status_code == 429
    assert [status(citizen, f"2026-10{at}", "X").status_code for at in range(3)] == [422, 429, 429]


def test_old_code_is_void_once_a_new_one_was_given(citizen, cms, office):
    from cms_plugins.applications import intake

    _answer, number, code = submit(citizen)
    fresh = office.sealed(intake.reissue_code, applications(cms)[0].id, checked="核对身份证原件")

    assert status(citizen, number, code).status_code == 422
    assert status(citizen, number, fresh).status_code == 200


def test_many_forms_from_one_address_are_asked_a_question_and_then_refused(citizen, cms):
    with cms.unit_of_work() as uow:
        save(uow, IntakeSettings(free_per_hour=1, most_per_hour=3))

    assert submit(citizen)[1] == "2026-0001"
    asked = citizen.post(NEW, data=FIELDS)
    assert (asked.status_code, "等于多少" in asked.text) == (422, True)
    citizen.post(NEW, data=FIELDS)
    assert citizen.post(NEW, data=FIELDS).status_code == 429
    assert len(applications(cms)) == 1


def test_site_may_take_no_applications_online(citizen, cms):
    from cms_plugins.applications.settings import ApplicationSettings

    with cms.unit_of_work() as uow:
        save(uow, ApplicationSettings(is_open=False))

    assert "暂不受理" in citizen.get("/applications/").text
    assert citizen.get(NEW).status_code == 403
    assert citizen.post(NEW, data=FIELDS).status_code == 403


@pytest.mark.parametrize("kind", [kind for kind in HOSTILE if kind != "file_names"])
def test_hostile_text_in_any_field_breaks_nothing(citizen, cms, kind):
    with cms.unit_of_work() as uow:
        save(uow, IntakeSettings(question="never", most_per_hour=10_000, free_per_hour=10_000, lookups_per_hour=10_000))
    fields = [*FIELDS, "doc_no", "text", "address", "postcode", "agent_name", "co_0_name", "form_id", "applicant_class"]
    for at, text in enumerate(HOSTILE[kind][:40]):
        name = fields[at % len(fields)]
        answer = citizen.post(NEW, data={**FIELDS, name: text}, follow_redirects=True)
        assert answer.status_code in {200, 422}, (name, text)
        # What was typed comes back as text, never as markup.
        assert not re.search(r"<(script|img|svg|iframe|b onmouse)[^>]*(alert|onerror|src=x)", answer.text), (name, text)
        assert status(citizen, text, text).status_code in {422, 429}


@pytest.mark.parametrize("name", HOSTILE["file_names"])
def test_hostile_file_names_stay_inside(citizen, cms, name):
    upload = {"support": (io.BytesIO(picture()), name or "x.png")}

    answer = citizen.post(NEW, data={**FIELDS, **upload}, follow_redirects=True)

    assert answer.status_code in {200, 422}
    assert not [path for path in cms.settings.site.parent.glob("*") if path.suffix == ".png"]


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"<svg onload=alert(1)>", b"<html><script>", b"\x00" * 2000])
def test_files_that_are_not_what_they_say_are_refused_at_their_field(citizen, cms, content):
    answer = citizen.post(NEW, data={**FIELDS, "support": (io.BytesIO(content), "a.png")}, follow_redirects=True)

    assert answer.status_code == 422
    assert html.fromstring(answer.text).xpath("//*[contains(@id, 'support-error')]")
    assert applications(cms) == []
