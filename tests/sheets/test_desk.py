"""补录 in the desk: the grid, pasted lines and files; nothing is kept before it was checked and confirmed."""

import csv
import io
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from cms.accounts.policy import MACHINE, Role
from cms.registers.models import Tally
from cms.sheets.files import read_pasted
from cms.sheets.taking import take_rows

PAGE = "/desk/sheets/tallies"
METRIC = "letters.web_replies"
LEDGER = "来访登记簿第3–9页"
HEAD = "统计事项\t日期\t数量\t依据\n"
GOOD = f"{METRIC}\t2016年3月5日\t３\t来访登记簿第3页\n{METRIC}\t2016.3.6\t0\t来访登记簿第4页\n"
MIXED = f"{HEAD}{METRIC}\t明天\t3\t<b>簿</b>\n{METRIC}\t2016-03-06\t2\t簿\n"


class Form(HTMLParser):
    """The form of a page as a browser without scripts would send it back."""

    def __init__(self, html):
        super().__init__()
        self.fields, self.described, self._select, self._area, self.ids = {}, {}, None, None, set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            self.ids.add(given["id"])
        name = given.get("name")
        if name and "aria-describedby" in given:
            self.described[name] = given["aria-describedby"]
        if tag == "input" and name and given.get("type") not in {"file", "submit", "checkbox"}:
            self.fields[name] = given.get("value") or ""
        elif tag == "select":
            self._select = name
            self.fields.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in given:
            self.fields[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.fields[name] = ""

    def handle_data(self, data):
        if self._area:
            self.fields[self._area] += data

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            # A browser drops the line end that stands right after the tag.
            self.fields[self._area] = self.fields[self._area].removeprefix("\n")
            self._area = None


@pytest.fixture
def editor(sign_in):
    return sign_in(Role.EDITOR)


@pytest.fixture
def lines(cms):
    def lines():
        with cms.reading() as session:
            return list(session.scalars(select(Tally).order_by(Tally.id)))

    return lines


def send(client, answer, step, **changes):
    """Send the form of a page, as a person without scripts would."""
    return client.post(PAGE, data={**Form(answer.text).fields, **changes, "step": step})


def test_rows_are_typed_checked_and_confirmed(editor, lines):
    page = editor.get(PAGE)
    typed = {
        "rows-0-metric": METRIC, "rows-0-occurred_on": "2016-03-05", "rows-0-quantity": "３",
        "rows-3-metric": METRIC, "rows-3-occurred_on": "2016-03-06", "rows-3-quantity": "2", "rows-3-source": "另一本",
    }  # fmt: skip
    checked = send(editor, page, "check", evidence=LEDGER, **typed)

    assert "2 行可以录入，还没有保存" in checked.text
    assert lines() == []
    done = send(editor, checked, "take")
    assert (done.status_code, done.location) == (302, "/desk/sheets/batches/1")
    assert [(one.quantity, one.source) for one in lines()] == [(3, LEDGER), (2, "另一本")]
    batch = editor.get(done.location).text
    assert (LEDGER in batch, "新增 2 条" in batch, "2016-03-05 " in batch) == (True, True, True)


def test_nothing_is_kept_without_a_check_of_just_these_rows(editor, lines):
    at_once = editor.post(PAGE, data={"paste": GOOD, "step": "take"})
    assert "还没有录入" in at_once.text

    checked = editor.post(PAGE, data={"paste": GOOD, "step": "check"})
    changed = send(editor, checked, "take", **{"rows-0-quantity": "4"})
    assert "内容有改动" in changed.text
    assert lines() == []

    assert send(editor, changed, "take").status_code == 302
    assert [one.quantity for one in lines()] == [4, 0]


def test_more_rows_keep_what_was_typed_and_check_nothing(editor, lines):
    page = send(editor, editor.get(PAGE), "more", **{"rows-2-source": "半行 <i>", "evidence": LEDGER})
    fields = Form(page.text).fields

    assert (fields["rows-0-source"], fields["evidence"], "rows-17-source" in fields) == ("半行 <i>", LEDGER, True)
    assert "不能为空" not in page.text


def test_a_mistake_is_shown_at_its_cell_and_in_the_summary(editor):
    page = editor.post(PAGE, data={"paste": MIXED, "step": "check"})
    form = Form(page.text)

    assert page.status_code == 422
    assert '<a href="#rows-0-occurred_on">第 2 行 日期：“明天”不是日期' in unescape(page.text)
    assert form.described == {"rows-0-occurred_on": "rows-0-occurred_on-error", **{
        name: text for name, text in form.described.items() if not name.startswith("rows-")
    }}  # fmt: skip
    assert set(" ".join(form.described.values()).split()) <= form.ids
    assert (form.fields["rows-0-occurred_on"], form.fields["rows-0-source"]) == ("明天", "<b>簿</b>")


def test_good_rows_are_taken_while_bad_ones_stay_on_the_page(editor, lines):
    checked = editor.post(PAGE, data={"paste": MIXED, "evidence": LEDGER, "step": "check"})
    assert "先录入没有错误的 1 行" in checked.text

    kept = send(editor, checked, "take")
    assert (kept.status_code, "已录入 1 行" in kept.text) == (200, True)
    assert Form(kept.text).fields["rows-0-occurred_on"] == "明天"
    assert [one.quantity for one in lines()] == [2]

    again = send(editor, kept, "check", **{"rows-0-occurred_on": "2016-03-05"})
    done = send(editor, again, "take")
    assert [one.quantity for one in lines()] == [2, 3]
    assert 'href="/desk/sheets/batches/1"' in editor.get(done.location).text


def test_words_that_are_no_choice_stay_as_they_were_written(editor):
    page = editor.post(PAGE, data={"paste": f"船票\t2016-03-05\t1\t{LEDGER}\n", "step": "check"})

    assert Form(page.text).fields["rows-0-metric"] == "船票"
    assert "没有“船票”" in page.text


def test_a_long_list_is_checked_as_a_whole_and_only_its_bad_rows_are_shown(editor, lines):
    rows = [[METRIC, "2016-03-05", str(number), LEDGER] for number in range(400)]
    rows[7][1], rows[399][2] = "某日", "许多"
    text = io.StringIO()
    csv.writer(text).writerows([["统计事项", "日期", "数量", "依据"], *rows])
    upload = (io.BytesIO(text.getvalue().encode("gb18030")), "台账.csv")
    page = editor.post(PAGE, data={"file": upload, "step": "check"})
    fields = Form(page.text).fields

    assert "其余 398 行" in page.text
    assert (fields["rows-0-occurred_on"], fields["rows-1-quantity"]) == ("某日", "许多")
    assert "第 401 行 数量" in page.text
    right = send(editor, page, "check", **{"rows-0-occurred_on": "2016-01-08", "rows-1-quantity": "5"})
    assert "400 行可以录入" in right.text
    done = send(editor, right, "take")
    assert (len(lines()), "台账.csv" in editor.get(done.location).text) == (400, True)


def test_the_same_rows_are_taken_in_again_only_when_asked_for(editor, lines):
    checked = editor.post(PAGE, data={"paste": GOOD, "step": "check"})
    send(editor, checked, "take")
    twice = editor.post(PAGE, data={"paste": GOOD, "step": "check"})

    assert ("已经录入过" in twice.text, 'value="take"' in twice.text) == (True, False)
    assert "已经录入过" in send(editor, twice, "take").text
    assert len(lines()) == 2
    asked = send(editor, twice, "check", again="y")
    assert send(editor, asked, "take", again="y").status_code == 302
    assert len(lines()) == 4


@pytest.mark.parametrize(
    ("data", "sentence", "kept"),
    [
        ({}, "表中还没有内容", ""), ({"paste": "\t".join("一" * 12)}, "列数多于 9 列", "一\t一"),
        ({"paste": "日期\n2016-03-05"}, "缺少列：统计事项、数量、依据", "2016-03-05"),
        ({"rest": "[[1"}, "没有完整传回", ""), ({"rest": '[["x", 3]]'}, "没有完整传回", ""),
        ({"evidence": "长" * 201, "paste": GOOD}, "不能超过 200 个字", "长长"),
    ],
    ids=range(6),
)  # fmt: skip
def test_what_will_not_do_is_refused_with_a_sentence_and_stays(editor, lines, data, sentence, kept):
    typed = {"rows-0-note": "手写的备注"} if data else {}
    answer = editor.post(PAGE, data={**data, **typed, "step": "check"})

    assert (answer.status_code, sentence in answer.text, kept in answer.text) == (422, True, True)
    assert not typed or "手写的备注" in answer.text
    assert lines() == []


def test_the_empty_table_can_be_downloaded_from_the_list(editor):
    assert f'href="{PAGE}.xlsx"' in editor.get("/desk/sheets").text
    book = load_workbook(io.BytesIO(editor.get(f"{PAGE}.xlsx").get_data()))

    assert [cell.value for cell in book.worksheets[0][1]][:4] == ["统计事项", "日期", "数量", "依据"]


def test_scans_are_sealed_and_opening_one_leaves_a_trace(editor, site, cms):
    from cms.personal.models import PersonalAccess

    pdf = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    checked = editor.post(PAGE, data={"paste": MIXED, "scans": (io.BytesIO(pdf), "第3页.pdf"), "step": "check"})
    assert "去掉 第3页.pdf" in checked.text
    kept = send(editor, checked, "take")
    batch = editor.get("/desk/sheets/batches/1").text

    assert "已录入 1 行" in kept.text
    address = re.search(r"/desk/sheets/batches/1/scans/\d+", batch)[0]
    opened = editor.post(address)
    assert (opened.data, opened.headers["Cache-Control"]) == (pdf, "no-store")
    assert all(pdf not in path.read_bytes() for path in (site / "sealed").rglob("*") if path.is_file())
    with cms.reading() as session:
        assert session.scalars(select(PersonalAccess.subject_type)).all() == ["sheet_batch"]


def test_a_scan_that_will_not_do_is_refused_and_the_rows_stay(editor):
    answer = editor.post(PAGE, data={"paste": GOOD, "scans": (io.BytesIO(b"MZ\x90"), "a.exe"), "step": "check"})

    assert (answer.status_code, "a.exe：" in answer.text, "来访登记簿第4页" in answer.text) == (422, True, True)


def test_a_batch_is_undone_with_a_reason(editor, lines):
    send(editor, editor.post(PAGE, data={"paste": GOOD, "step": "check"}), "take")
    batch = "/desk/sheets/batches/1"

    assert "请写明撤销的原因" in editor.post(batch, data={}).text
    assert "已撤销整批：冲销 2 条" in editor.post(batch, data={"reason": "年份填错"}, follow_redirects=True).text
    assert sum(one.quantity for one in lines()) == 0
    again = editor.post(batch, data={"reason": "再来"})
    assert (again.status_code, "这一批已经撤销" in again.text) == (422, True)
    assert "已撤销" in editor.get("/desk/sheets/batches").text


def test_each_register_is_filled_by_those_who_may_record_in_it(sign_in, app, cms):
    sheet = cms.contributions.sheets["tallies"]
    with app.app_context(), cms.unit_of_work() as uow:
        take_rows(uow, sheet, read_pasted(GOOD, sheet.headings), actor=MACHINE)
    batch = "/desk/sheets/batches/1"
    for role in Role:
        client = sign_in(role)
        grants = cms.contributions.policy.grants.get(role, frozenset())
        may = "tally.record" in grants
        for method, path in (
            ("GET", PAGE), ("POST", PAGE), ("GET", f"{PAGE}.xlsx"), ("GET", batch), ("POST", batch),
            ("POST", f"{batch}/scans/1"),
        ):  # fmt: skip
            assert (client.open(path, method=method).status_code != 403) == may, (role, method, path)
        assert (f'href="{PAGE}"' in client.get("/desk/sheets").text) == may
        assert (f'href="{batch}"' in client.get("/desk/sheets/batches").text) == may
        may_any = any(one.permission in grants for one in cms.contributions.sheets.values())
        assert ('href="/desk/sheets"' in client.get("/desk/").text) == may_any
        assert client.get("/desk/sheets/nothing").status_code == 404
        assert client.get("/desk/sheets/batches/99").status_code == 404


def test_nobody_comes_in_without_signing_in(client):
    for path in (PAGE, "/desk/sheets", "/desk/sheets/batches", "/desk/sheets/batches/1"):
        assert client.get(path).status_code == 302


def test_the_menu_offers_back_entry_to_those_who_may_use_another_sheet_only(sign_in, cms, monkeypatch):
    sheets = cms.contributions.sheets
    monkeypatch.setitem(sheets, "other", replace(sheets["tallies"], code="other", permission="user.list"))
    admin = sign_in(Role.SECURITY_ADMIN)

    assert 'href="/desk/sheets"' in admin.get("/desk/").text
    listed = admin.get("/desk/sheets").text
    assert ('href="/desk/sheets/other"' in listed, f'href="{PAGE}"' in listed) == (True, False)


def test_entries_made_long_after_the_day_are_marked_in_the_register_with_their_batch(editor, sign_in):
    send(editor, editor.post(PAGE, data={"paste": GOOD.replace("2016.3.6", "2016.5.31"), "step": "check"}), "take")
    page = editor.get("/desk/tallies?year=2016").text

    assert page.count('tag--plain">补录') == 1
    assert page.count('href="/desk/sheets/batches/1"') == 2
    sign_in(Role.OFFICER).post("/desk/settings/registers", data={"late_after": "3650"})
    assert 'tag--plain">补录' not in editor.get("/desk/tallies?year=2016").text
