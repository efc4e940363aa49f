"""工作日历 in the desk: the year, the calculator, importing a notice, local holidays."""

import io
import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from cms.accounts.policy import Role
from cms.web.doctor import Level, examine
from cms.workdays.bundled import as_json
from cms.workdays.notice_text import read_notice
from cms.workdays.queries import load_calendar

TEXT = """一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。"""
TYPED = {"year": "2027", "source": "国办发明电〔2026〕9号", "text": TEXT}


@pytest.fixture
def client(sign_in):
    return sign_in(Role.OFFICER)


def months(page):
    """Return the days of a month table as read aloud: number and what follows it."""
    cells = re.findall(r'<span class="month-day [^"]*"[^>]*>(\d+)(.*?)</span></td>', page, re.DOTALL)
    return [(int(number), re.sub(r"<small.*?</small>|<[^>]+>", "", text).strip()) for number, text in cells]


def test_year_says_in_words_what_is_special(client):
    page = client.get("/desk/workdays?year=2016").text

    assert "全年 250 个工作日" in page
    assert (1, "元旦放假") in months(page)
    assert "7日至13日 春节放假" in page
    assert "6日 春节调休上班" in page
    assert len(months(page)) == 366


def test_a_year_that_nobody_arranged_says_so(client):
    page = client.get("/desk/workdays?year=2027").text

    assert "还没有 2027 年的放假安排" in page
    assert "/desk/workdays/notices?year=2027" in page
    assert "全年" not in page


@pytest.mark.parametrize("year", ["1500", "99999", "x", "", "-1"])
def test_an_impossible_year_shows_the_present_one(client, year):
    answer = client.get(f"/desk/workdays?year={year}")

    assert answer.status_code == 200
    assert "<h2>2016 年</h2>" in answer.text


def strip(page):
    found = re.findall(r'<li class="strip-day.*?</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]


def test_the_calculator_explains_its_answer(client):
    page = client.get("/desk/workdays/clock?start=2016-09-28&n=7&unit=workday").text

    assert "2016-10-12 到期" in page
    assert strip(page) == [
        "2016年 9月28日 周三 起算日 当日不计入", "9月29日 周四 第 1 日", "9月30日 周五 第 2 日",
        "10月1日 周六 放假 国庆节", "10月2日 周日 放假 国庆节", "10月3日 周一 放假 国庆节", "10月4日 周二 放假 国庆节",
        "10月5日 周三 放假 国庆节", "10月6日 周四 放假 国庆节", "10月7日 周五 放假 国庆节",
        "10月8日 周六 第 3 日 调休上班", "10月9日 周日 第 4 日 调休上班", "10月10日 周一 第 5 日",
        "10月11日 周二 第 6 日", "10月12日 周三 到期日 第 7 日",
    ]  # fmt: skip


def test_the_strip_names_pauses_with_their_reason_and_the_stop(app, cms):
    from cms.api import Clock, ClockSpec, day_strip

    spec = ClockSpec(code="x", label="x", n=3)
    clock = Clock(
        spec, date(2016, 3, 1), [(date(2016, 3, 2), date(2016, 3, 3), "征求<第三方>意见")], stopped_on=date(2016, 3, 4)
    )
    with cms.reading() as session, app.test_request_context():
        macro = app.jinja_env.get_template("ui/day_strip.html").module.day_strip
        page = str(macro(day_strip(clock, load_calendar(session)), "答复期限"))

    assert 'aria-label="答复期限"' in page
    assert strip(page) == [
        "2016年 3月1日 周二 起算日 当日不计入", "3月2日 周三 第 1 日", "3月3日 周四 暂停 征求&lt;第三方&gt;意见",
        "3月4日 周五 第 2 日 停止计时", "3月5日 周六 周末", "3月6日 周日 周末", "3月7日 周一 到期日 第 3 日",
    ]  # fmt: skip


def test_the_calculator_counts_natural_days_and_marks_estimates(client):
    page = client.get("/desk/workdays/clock?start=2016-09-02&n=30&unit=day").text
    assert strip(page)[-1] == "10月8日 周六 到期日 节假日后顺延"

    page = client.get("/desk/workdays/clock?start=2026-12-20&n=12&unit=workday").text
    assert "计算中用到还没有放假安排的年份" in page
    assert strip(page)[-1] == "1月6日 周三 到期日 第 12 日 预估"


def test_the_calculator_lists_the_limits_of_the_edition_of_that_day(client):
    old = client.get("/desk/workdays/clock?start=2016-09-28&n=7&unit=workday").text
    new = client.get("/desk/workdays/clock?start=2019-05-15&n=7&unit=workday").text

    assert ("国务院令第492号" in old, "补正告知" in old, "15 个工作日" in old) == (True, False, True)
    assert ("国务院令第711号" in new, "补正告知" in new) == (True, True)
    assert "法定期限" not in client.get("/desk/workdays/clock?start=2008-03-01&n=7&unit=workday").text


@pytest.mark.parametrize(
    ("query", "target"),
    [("start=&n=7&unit=workday", "start"), ("start=2016-02-30&n=7&unit=workday", "start"),
     ("start=0001-01-01&n=7&unit=workday", "start"), ("start=9999-12-31&n=7&unit=day", "start"),
     ("start=2016-03-08&n=0&unit=day", "n"), ("start=2016-03-08&n=1e9&unit=day", "n"),
     ("start=2016-03-08&n=99999999999999&unit=day", "n"), ("start=2016-03-08&n=7&unit=week", "unit")],
)  # fmt: skip
def test_the_calculator_says_what_is_wrong_and_keeps_what_was_typed(client, query, target):
    answer = client.get(f"/desk/workdays/clock?{query}")

    assert answer.status_code == 422
    assert f'href="#{target}"' in answer.text
    assert "到期</p>" not in answer.text


def test_a_notice_is_looked_at_before_it_is_imported(client, cms):
    page = client.post("/desk/workdays/notices", data={**TYPED, "step": "preview"}).text

    assert "2027-02-05 至 2027-02-11 春节（7 天）" in page
    assert "2027-02-20 春节" in page
    assert "导入后将重新计算经过 2027 年的期限" in page
    with cms.reading() as session:
        assert not load_calendar(session).knows(2027)

    answer = client.post("/desk/workdays/notices", data={**TYPED, "step": "import"}, follow_redirects=True)
    assert "已导入 2027 年放假安排（第 1 版）" in answer.text
    assert "全年 250 个工作日。依据：国办发明电〔2026〕9号" in answer.text
    with cms.reading() as session:
        assert load_calendar(session).knows(2027)


def test_a_json_file_can_be_imported(client, cms):
    content = as_json(read_notice(TEXT, year="2027", source="文件里的名称")).encode()
    upload = {"year": "", "source": "", "text": "", "file": (io.BytesIO(content), "CN-2027.json"), "step": "preview"}

    page = client.post("/desk/workdays/notices", data=upload).text
    assert 'value="2027"' in page
    assert 'value="文件里的名称"' in page
    assert "&#34;2027-02-20&#34;" in page, "the text of the file stays in the form"

    client.post("/desk/workdays/notices", data={**upload, "file": (io.BytesIO(content), "x.json"), "step": "import"})
    with cms.reading() as session:
        assert load_calendar(session).notice(2027).source == "文件里的名称"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"text": TEXT.replace("1月1日（周五）", "1月1日（周四）")}, "第 1 行：1月1日是星期五，这里写的是星期四"),
        ({"text": TEXT.partition("\n")[0]}, "没有“春节”的安排。"),
        ({"source": ""}, "请写明通知的名称和文号。"),
        ({"year": ""}, "请填写年份，例如 2027。"),
        ({"file": (io.BytesIO(b"\xff\xfe\x00"), "x.json")}, "文件不是 UTF-8 编码的 JSON。"),
    ],
)
def test_a_wrong_notice_is_explained_and_stays_in_the_form(client, cms, typed, problem):
    answer = client.post("/desk/workdays/notices", data={**TYPED, **typed, "step": "import"})

    assert answer.status_code == 422
    assert problem in answer.text
    assert "您填写的内容都还在" in answer.text
    assert "9月26日（周日）、10月9日（周六）上班。" in answer.text or typed.get("text") == TEXT.partition("\n")[0]
    with cms.reading() as session:
        assert not load_calendar(session).knows(2027)


def test_a_notice_can_be_withdrawn_with_a_reason(client, cms):
    client.post("/desk/workdays/notices", data={**TYPED, "step": "import"})
    page = client.get("/desk/workdays/notices").text
    address = re.search(r"/desk/workdays/notices/\d+/withdraw", page)[0]
    assert client.get(address).status_code == 200

    assert client.post(address, data={"reason": ""}).status_code == 422
    answer = client.post(address, data={"reason": "试填"}, follow_redirects=True)

    assert "已撤回，有关期限已重新计算。" in answer.text
    assert "u-officer撤回：试填" in answer.text
    again = client.post(address, data={"reason": "再来"})
    assert (again.status_code, "只能撤回正在使用的安排。" in again.text) == (422, True)
    assert client.get("/desk/workdays/notices/999/withdraw").status_code == 404


def test_local_holidays_are_added_and_removed(client, cms):
    typed = {"day": "2026-04-20", "name": "壮族三月三", "source": "自治区人民政府令"}
    answer = client.post("/desk/workdays/local", data=typed, follow_redirects=True)
    assert "壮族三月三" in answer.text
    assert (20, "壮族三月三（地方假日）") in months(client.get("/desk/workdays?year=2026").text)

    wrong = client.post("/desk/workdays/local", data={"day": "2026-4", "name": "壮", "source": ""})
    assert (wrong.status_code, 'value="2026-4"' in wrong.text, "请填写日期" in wrong.text) == (422, True, True)

    address = re.search(r"/desk/workdays/local/\d+/remove", answer.text)[0]
    assert "没有地方假日" in client.post(address, follow_redirects=True).text
    assert client.post(address).status_code == 404


@pytest.mark.parametrize("path", ["", "/clock", "/notices", "/local"])
def test_pages_are_for_officers_and_system_administrators(sign_in, path):
    assert sign_in(Role.SYSTEM_ADMIN).get(f"/desk/workdays{path}").status_code == 200
    assert sign_in(Role.EDITOR).get(f"/desk/workdays{path}").status_code == 403
    assert "工作日历" in sign_in(Role.OFFICER, username="o2").get("/desk/").text


@pytest.mark.parametrize("path", ["?year=2016", "/clock?start=2016-09-28&n=40&unit=workday", "/notices", "/local"])
def test_queries_are_few(client, cms, path):
    client.get(f"/desk/workdays{path}")
    statements = []
    event.listen(cms.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    client.get(f"/desk/workdays{path}")

    assert sum(statement.startswith("SELECT") for statement in statements) <= 8


@pytest.mark.parametrize(
    ("now", "level"),
    [((2026, 9, 30), Level.OK), ((2026, 10, 1), Level.WARN), ((2027, 1, 1), Level.FAIL), ((2016, 12, 1), Level.OK)],
)
def test_doctor_asks_for_the_next_calendar_from_october_on(cms, clock, now, level):
    clock.at = datetime(*now, 2, tzinfo=UTC)

    assert {check.id: check.level for check in examine(cms)}["calendar"] is level
