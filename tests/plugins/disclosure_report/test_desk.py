"""The report in the desk, as officers use it."""

import io
import re
from urllib.parse import quote

import pytest

from cms.accounts.policy import Role

YEAR = "/desk/report/2016/"


@pytest.fixture
def officer(sign_in):
    return sign_in(Role.OFFICER)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/desk/report/", "get"),
        (YEAR, "get"),
        (f"{YEAR}manual/S9.1", "get"),
        (f"{YEAR}chapters/L1", "get"),
        (f"{YEAR}report.json", "get"),
        ("/desk/report/open", "post"),
        (f"{YEAR}state/approve", "post"),
    ],
)
def test_only_officers_enter(app, client, sign_in, path, method):
    assert getattr(client, method)(path).status_code in (302, 400)
    assert getattr(sign_in(Role.EDITOR, Role.PUBLISHER), method)(path, data={"year": "2016"}).status_code == 403


def test_menu_leads_officers_to_the_report(officer):
    page = officer.get("/desk/report/")

    assert page.status_code == 200
    assert '<a class="nav-link" href="/desk/report/"' in page.text or 'href="/desk/report/"' in page.text
    assert "还没有年度报告" in page.text
    assert '<option value="2016">2016</option>' in page.text
    assert "2017" not in page.text


def test_from_the_open_report_to_the_frozen_one(officer, client, tally, after_the_year):
    tally("letters.hotline_12345", 14)

    assert officer.post("/desk/report/open", data={"year": "2016"}).location == YEAR
    saved = officer.post(f"{YEAR}chapters/L6", data={"text": "热线{figure:letters.hotline_12345}条。", "version": "0"})
    assert saved.location == f"{YEAR}?tab=texts#L6"
    entered = officer.post(f"{YEAR}manual/S9.1", data={"value": "3", "source": "会议登记簿"})
    assert entered.location == f"{YEAR}?tab=tables#S9.1"
    assert (
        '热线<a class="report-figure" href="/desk/figures/letters.hotline_12345?year=2016">14</a>条。'
        in officer.get(f"{YEAR}?tab=texts").text
    )
    assert "人工填报：会议登记簿" in officer.get(f"{YEAR}?tab=tables").text
    assert client.get("/reports/2016/").status_code == 404

    officer.post(f"{YEAR}state/approve")
    officer.post(f"{YEAR}state/freeze")

    assert "报告已固化，数字和正文不再变动" in officer.get(YEAR).text
    for tab in ("overview", "figures", "tables", "texts"):
        page = officer.get(f"{YEAR}?tab={tab}")
        assert page.status_code == 200
        assert not re.search(r"/(manual|values|chapters)", page.text)
    assert officer.post(f"{YEAR}manual/S9.1", data={"value": "4", "source": "会议登记簿"}).status_code == 403


def test_figures_link_to_their_lists(officer):
    page = officer.get(f"{YEAR}?tab=figures").text

    assert 'href="/desk/figures/push.portal?year=2016"' in page
    assert officer.get("/desk/figures/push.portal?year=2016").status_code == 200


def test_value_that_is_refused_keeps_what_was_typed(officer, opened):
    page = officer.post(f"{YEAR}manual/push.portal", data={"value": "46条", "source": "台账第3页"})

    assert page.status_code == 422
    assert "请填写数字，例如 12。" in page.text
    assert "该项由系统计算。填报不同的数值，请写明理由。" in page.text
    assert 'value="46条"' in page.text
    assert 'value="台账第3页"' in page.text


def test_evidence_is_kept_and_the_value_can_be_taken_back(officer, opened):
    pdf = (io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), "登记簿.pdf")
    officer.post(
        f"{YEAR}manual/S9.1",
        data={"value": "3", "source": "会议登记簿", "file": pdf},
        content_type="multipart/form-data",
    )
    assert "没有依据附件" in officer.get(YEAR).text

    done = officer.post(f"{YEAR}manual/S9.1", data={"action": "withdraw", "source": "重复登记"})

    assert done.status_code == 302
    page = officer.get(f"{YEAR}manual/S9.1").text
    assert "重复登记" in page
    assert "会议登记簿" in page


def test_all_values_can_be_entered_on_one_page(officer, opened, report_of):
    path = f"{YEAR}values"
    empty = officer.get(path).text
    assert 'name="value-S9.1"' in empty
    assert 'name="value-push.portal"' not in empty
    assert 'name="value-S3.1"' not in empty

    wrong = officer.post(path, data={"value-S9.1": "3", "value-S9.2": "一", "source-S9.1": "会议登记簿"})
    assert wrong.status_code == 422
    assert "请填写数字，例如 12。" in wrong.text
    assert 'name="value-S9.2" value="一"' in wrong.text
    assert report_of().tables["T14"].cells["S9.1"].value is None

    data = {"value-S9.1": "3", "value-S9.2": "1", "source-S9.1": "会议登记簿", "source": "政务公开台账"}
    assert officer.post(path, data=data).location == YEAR
    cells = report_of().tables["T14"].cells
    assert [(cells[code].value, cells[code].source) for code in ("S9.1", "S9.2")] == [
        (3, "会议登记簿"),
        (1, "政务公开台账"),
    ]


def test_preview_shows_and_does_not_save(officer, opened):
    page = officer.post(
        f"{YEAR}chapters/L1", data={"action": "preview", "text": "共{figure:site.items}条{figure:x}", "version": "0"}
    )

    assert page.status_code == 200
    assert "<p>共0条<mark>{figure:x}</mark></p>" in page.text
    assert "<code>{figure:S3.3.4.f}</code>" in page.text
    assert "共{figure" not in officer.get(f"{YEAR}chapters/L1").text.split("</textarea>")[0]


def test_text_of_two_editors(officer, opened):
    officer.post(f"{YEAR}chapters/L1", data={"text": "第一稿。", "version": "0"})

    page = officer.post(f"{YEAR}chapters/L1", data={"text": "另一稿。", "version": "0"})

    assert page.status_code == 409
    assert "已被他人保存" in page.text
    assert "另一稿。</textarea>" in page.text


@pytest.mark.parametrize(
    ("kind", "media", "start"),
    [
        ("json", "application/json", "{\n"),
        ("txt", "text/plain", "衡山县民政局2016年"),
        ("html", "text/html", "<!doctype"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"),
    ],
)
def test_downloads(officer, kind, media, start):
    answer = officer.get(f"{YEAR}report.{kind}")

    assert answer.mimetype == media
    name = quote(f"衡山县民政局2016年政府信息公开工作年度报告.{kind}")
    assert f"filename*=UTF-8''{name}" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(start.encode())


def test_unknown_things_are_not_found(officer, opened):
    for path in (f"{YEAR}manual/S1.1", f"{YEAR}chapters/L9", f"{YEAR}report.exe", "/desk/report/2007/"):
        assert officer.get(path).status_code == 404, path
    assert officer.post(f"{YEAR}state/melt").status_code == 404
    assert officer.post("/desk/report/open", data={}).status_code == 422
