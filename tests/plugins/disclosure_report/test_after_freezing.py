"""Submission with its receipt, publication as an item of the site, errata beside an untouched snapshot."""

import io
from datetime import UTC, date, datetime

import pytest
from cms_plugins.disclosure_report import lifecycle, reports, submission
from cms_plugins.disclosure_report.format_file import formats
from cms_plugins.disclosure_report.models import State
from cms_plugins.disclosure_report.past import previous_of
from sqlalchemy import select

from cms.accounts.policy import MACHINE, Role
from cms.audit.models import AuditEntry
from cms.content.models import Content
from cms.content.queries import latest_revision
from cms.testing.factories import make_published, make_section

YEAR = "/desk/report/2016/"


@pytest.fixture
def officer(frozen, sign_in):
    return sign_in(Role.OFFICER)


@pytest.fixture
def row(cms):
    def row():
        with cms.reading() as session:
            return lifecycle.get(session, 2016)

    return row


@pytest.fixture
def submitted(officer):
    data = {"to": "衡山县人民政府办公室", "on": "2017-01-12", "receipt_no": "收〔2017〕3号"}
    assert officer.post(f"{YEAR}submit", data=data).status_code == 302
    return officer


@pytest.fixture
def nb(app, cms):
    with app.app_context():
        return make_section(cms, "nb", "信息公开年报", default_type="page", review_steps=0)


def test_submission_keeps_organ_day_and_receipt(officer, row, client):
    pdf = (io.BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"), "回执.pdf")
    data = {"to": "衡山县人民政府办公室", "on": "2017-01-12", "receipt_no": "收〔2017〕3号", "file": pdf}
    assert "期限是 2017-03-31" in officer.get(f"{YEAR}submit").text

    assert officer.post(f"{YEAR}submit", data=data, content_type="multipart/form-data").location == YEAR

    kept = row()
    assert (kept.state, kept.submitted_to, kept.submitted_on) == (
        State.SUBMITTED, "衡山县人民政府办公室", date(2017, 1, 12)
    )  # fmt: skip
    assert kept.receipt_no == "收〔2017〕3号"
    assert kept.receipt_id is not None
    assert "2017-01-12 报送衡山县人民政府办公室，回执编号 收〔2017〕3号" in officer.get(YEAR).text
    assert client.get("/reports/2016/").status_code == 200
    again = officer.post(f"{YEAR}submit", data={"to": "县政府办", "on": "2017-01-12"})
    assert again.status_code == 403


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"to": " "}, "请填写报送的机关。"),
        ({"on": "一月"}, "请填写报送日期"),
        ({"on": "2017-01-11"}, "报送日期应在固化（2017-01-12）之后"),
        ({"on": "2017-01-13"}, "不晚于今天"),
    ],
)
def test_submission_that_cannot_be_is_told_and_keeps_what_was_typed(officer, row, change, problem):
    page = officer.post(f"{YEAR}submit", data={"to": "县政府办", "on": "2017-01-12", "receipt_no": "3号", **change})

    assert page.status_code == 422
    assert problem in page.text
    assert 'value="3号"' in page.text
    assert row().state is State.FROZEN


def test_order_of_the_steps(cms, complete, after_the_year):
    given = submission.SubmissionInput(to="县政府办", on=date(2017, 1, 12))
    with cms.unit_of_work() as uow:
        row = lifecycle.get(uow.session, 2016)
        with pytest.raises(Exception, match="状态不允许"):
            submission.submit(uow, row, given, actor=MACHINE)
        with pytest.raises(Exception, match="状态不允许"):
            submission.link_item(uow, row, 1, actor=MACHINE)


def test_report_becomes_an_item_that_is_signed_and_published_like_any_other(submitted, cms, nb, row, client):
    page = submitted.get(f"{YEAR}publish").text
    assert page.index("信息公开年报（/nb/）") < page.index("工作动态（/news/）")
    assert "公布的期限是 2017-03-31" in page

    submitted.post(f"{YEAR}publish", data={"action": "write", "section_id": nb})
    assert (row().state, row().published_on) == (State.SUBMITTED, None)
    number = row().content_id
    assert client.get(f"/nb/{number}.html").status_code == 404
    with cms.unit_of_work() as uow:
        from cms.content import services

        services.publish(uow, cms.types.require("page"), uow.session.get_one(Content, number), actor=MACHINE)
    with cms.unit_of_work() as uow:
        submission.note_publications(uow)

    assert (row().state, row().published_on) == (State.PUBLISHED, date(2017, 1, 12))
    shown = client.get(f"/nb/{number}.html").text
    assert "衡山县民政局2016年政府信息公开工作年度报告" in shown
    assert "政府信息公开情况统计表（2016年度）" in shown
    assert 'href="/reports/2016/"' in shown
    assert "在期限 2017-03-31 之内" in submitted.get(f"{YEAR}publish").text


def test_leader_notes_the_publication(submitted, app, cms, nb, row, drain):
    submitted.post(f"{YEAR}publish", data={"action": "write", "section_id": nb})
    with app.app_context(), cms.unit_of_work() as uow:
        from cms.content import services

        content = uow.session.get_one(Content, row().content_id)
        services.publish(uow, cms.types.require("page"), content, actor=MACHINE)
    assert row().state is State.PUBLISHED
    with cms.reading() as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject_type == "report")).all()
    assert actions[-4:] == ["report.freeze", "report.submit", "report.item", "report.publish"]


def test_item_that_is_there_already_can_be_named(submitted, app, cms, row):
    with app.app_context():
        number = make_published(cms, "page", "2016年年报", at=datetime(2017, 4, 5, tzinfo=UTC))

    wrong = submitted.post(f"{YEAR}publish", data={"action": "link", "content_id": "999"})
    assert wrong.status_code == 422
    assert "没有这条内容，或者它还没有发布。" in wrong.text
    submitted.post(f"{YEAR}publish", data={"action": "link", "content_id": number})

    assert (row().state, row().content_id, row().published_on) == (State.PUBLISHED, number, date(2017, 4, 5))
    late = submitted.get(f"{YEAR}publish").text
    assert "期限是 2017-03-31，逾期 5 天。" in late
    assert "请写明逾期公布的原因。" in submitted.post(f"{YEAR}publish", data={"action": "late", "reason": ""}).text
    submitted.post(f"{YEAR}publish", data={"action": "late", "reason": "门户网站改版"})
    assert "原因：门户网站改版" in submitted.get(f"{YEAR}publish").text


def test_erratum_stands_beside_the_frozen_report(officer, client, cms, row):
    digest = row().digest
    data = {"on": "2017-01-12", "text": "会议次数漏计。", "changes": "S9.1 = 2\nconsultations.onsite 4"}

    assert officer.post(f"{YEAR}errata", data=data).status_code == 302

    page = client.get("/reports/2016/").text
    assert "会议次数漏计。" in page
    assert "（S9.1）：原为 1，更正为 2次。" in page
    assert '<a class="report-figure" href="/reports/2016/figures/consultations.onsite">3</a>' in page
    text = client.get("/reports/2016/report.txt").text
    assert "更正（2017-01-12）" in text
    shown = client.get("/reports/2016/report.json").json
    assert shown["errata"] == [
        {
            "date": "2017-01-12", "text": "会议次数漏计。", "changes": [
                {"code": "S9.1", "label": "（一）召开政府信息公开工作会议或专题会议数", "unit": "次", "old": 1, "new": 2},
                {"code": "consultations.onsite", "label": "现场咨询", "unit": "人次", "old": 3, "new": 4},
            ],
        }
    ]  # fmt: skip
    assert shown["tables"]["T14"]["S9.1"] == 1
    assert row().digest == digest
    with cms.reading() as session:
        assert previous_of(session, 2017).cells["S9.1"] == 2
        assert reports.final(session, formats(), 2016).digest == digest


def test_second_erratum_starts_from_the_first(officer, client):
    officer.post(f"{YEAR}errata", data={"on": "2017-01-12", "text": "一", "changes": "S9.1=2"})
    same = officer.post(f"{YEAR}errata", data={"on": "2017-01-12", "text": "二", "changes": "S9.1=2"})
    assert same.status_code == 422
    assert "S9.1：更正后的数值与原来相同。" in same.text

    officer.post(f"{YEAR}errata", data={"on": "2017-01-12", "text": "二", "changes": "S9.1=3"})
    changes = [one["changes"][0] for one in client.get("/reports/2016/report.json").json["errata"]]
    assert [(one["old"], one["new"]) for one in changes] == [(1, 2), (2, 3)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": " "}, "请写明更正的内容和原因。"),
        ({"on": "2016-12-31"}, "请填写更正日期，应在固化之后"),
        ({"changes": "S99 = 1"}, "S99：报告中没有“S99”这个数。"),
        ({"changes": "S9.1"}, "S9.1：请填写更正后的数值。"),
        ({"changes": "S9.1 = 两"}, "S9.1：请填写数字，例如 12。"),
    ],
)
def test_erratum_that_cannot_be_is_told(officer, client, change, problem):
    page = officer.post(f"{YEAR}errata", data={"on": "2017-01-12", "text": "漏计。", "changes": "S9.1 = 2", **change})

    assert page.status_code == 422
    assert problem in page.text
    assert "errata" not in client.get("/reports/2016/report.json").json


def test_erratum_makes_a_new_version_of_the_item(submitted, app, cms, nb, row, client):
    submitted.post(f"{YEAR}publish", data={"action": "write", "section_id": nb})
    with app.app_context(), cms.unit_of_work() as uow:
        from cms.content import services

        services.publish(uow, cms.types.require("page"), uow.session.get_one(Content, row().content_id), actor=MACHINE)

    submitted.post(f"{YEAR}errata", data={"on": "2017-01-12", "text": "会议<次数>漏计。", "changes": "S9.1 = 2"})

    with cms.reading() as session:
        body = latest_revision(session, session.get_one(Content, row().content_id)).snapshot["body"]
    assert body.startswith("<blockquote><p>更正（2017-01-12）：会议&lt;次数&gt;漏计。</p>")
    assert "漏计" not in client.get(f"/nb/{row().content_id}.html").text


def test_errata_wait_for_the_frozen_report(opened, sign_in):
    officer = sign_in(Role.OFFICER)

    assert officer.post(f"{YEAR}errata", data={"on": "2016-06-01", "text": "漏计。"}).status_code == 403
    assert sign_in(Role.EDITOR).get(f"{YEAR}errata").status_code == 403


def test_due_day_goes_by_the_edition_and_the_kind_of_organ(app, cms):
    from cms_plugins.disclosure_report.settings import ReportSettings, due_on

    def due(year, kind="department"):
        known = formats()
        return due_on(known.edition_of(known.for_year(year)), ReportSettings(organ_kind=kind), year)

    assert due(2024) == date(2025, 1, 31)
    assert due(2024, "government") == date(2025, 3, 31)
    assert due(2016) == due(2016, "government") == date(2017, 3, 31)
